"""A source that cannot work here and says why: asking for it is answered, and nothing stands in for it."""

from collections.abc import AsyncIterator, Iterable

from longlist.discover.source import About, Question
from longlist.errors import Unavailable
from longlist.model.company import Candidate
from longlist.web.providers.about import Kind
from longlist.web.providers.registry import abouts_of

NOTHING_OUTSIDE = "Nothing outside is asked, since LONGLIST_WEB is false."


def nobody_set_up(what: str, kinds: Iterable[Kind]) -> str:
    """That a source has nobody to ask, and what to set so that it has; `what` is who is missing."""
    wanted = dict.fromkeys(about.wanted for kind in kinds for about in abouts_of(kind) if about.wanted)
    *most, last = wanted or ("",)
    return f"No {what} is set up: set {', '.join(most)}{' or ' if most else ''}{last}. `longlist sources` lists them."


class UnavailableSource:
    """Stands where the source that `about` describes would, and answers every question with Unavailable and `reason`."""

    def __init__(self, about: About, reason: str) -> None:
        self.about = about
        self.reason = reason

    async def search(self, question: Question) -> AsyncIterator[Candidate]:
        """Raises Unavailable, whatever the question."""
        del question
        raise Unavailable(self.reason)
        yield Candidate("", "", "", self.about.name)  # never reached: makes this the generator that the seam asks for
