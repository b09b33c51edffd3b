"""The sources the wire format knows that have no provider in this version: named, so that asking for one is answered."""

from collections.abc import AsyncIterator

from longlist.discover.source import About, Question
from longlist.errors import Unavailable
from longlist.model.company import Candidate

WITHOUT_PROVIDER = ("web_search", "linkedin", "maps")


class Unconfigured:
    """Says that it cannot work here, and never stands in for another source."""

    def __init__(self, name: str) -> None:
        self.about = About(name, name, f"{name}: no provider in this version")

    async def search(self, question: Question) -> AsyncIterator[Candidate]:
        """Raises Unavailable with what to do instead, whatever the question."""
        del question
        raise Unavailable(
            f"No provider for {self.about.name} is part of this version of Longlist. "
            "The embedded catalogue works without one, and `longlist catalog import FILE` adds companies of your own."
        )
        yield Candidate("", "", "", self.about.name)  # never reached: makes this the generator that the seam asks for
