"""A source that cannot work here and says why: asking for it is answered, and nothing stands in for it."""

from collections.abc import AsyncIterator

from longlist.discover.source import About, Question
from longlist.errors import Unavailable
from longlist.model.company import Candidate

WITHOUT_PROVIDER = ("web_search", "linkedin", "maps")
"""The sources the wire format knows that have no provider in this version."""

NO_PROVIDER = (
    "No provider for {name} is part of this version of Longlist. The embedded catalogue works without one, and "
    "`longlist catalog import FILE` adds companies of your own."
)


class UnavailableSource:
    """Answers every question with Unavailable and the same reason."""

    def __init__(self, name: str, reason: str) -> None:
        self.about = About(name, name, reason)
        self._reason = reason

    async def search(self, question: Question) -> AsyncIterator[Candidate]:
        """Raises Unavailable, whatever the question."""
        del question
        raise Unavailable(self._reason)
        yield Candidate("", "", "", self.about.name)  # never reached: makes this the generator that the seam asks for
