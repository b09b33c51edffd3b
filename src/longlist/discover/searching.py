"""Web search through whatever providers there are: the first that answers; the next in its place when it does not.

When all are having a rest, one that is known to work is waited for, a minute in a round: better late than nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from longlist.errors import Stopped, Unavailable
from longlist.model.web import Errand, Hit
from longlist.together import together
from longlist.web.seams import WebSearch

LONGEST_TEXT, MOST_WORDS = 300, 32  # of what providers take
DEEPEST_PAGE = 10
PATIENCE, LOOK = 65.0, 1.0  # seconds: for a provider in a round, and how often we see whether it is still wanted


class Searching:
    """One round's searches. `first` says with which provider to begin, so that rounds may take turns.

    `is_wanted` says whether the answer is still wanted; `sleep` is for tests.
    """

    def __init__(
        self,
        providers: Sequence[WebSearch],
        errand: Errand,
        *,
        first: int = 0,
        at_once: int = 16,
        is_wanted: Callable[[], Awaitable[bool]] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        turn = first % len(providers) if providers else 0
        self._providers = [*providers[turn:], *providers[:turn]]
        self._errand = errand
        self._slots = asyncio.Semaphore(at_once)
        self._is_wanted = is_wanted
        self._sleep = sleep
        self._waiting = asyncio.Lock()
        self._patience = PATIENCE
        self._faults: dict[str, str] = {}
        self.answered = 0
        self.unanswered = 0

    async def all_of(self, asked: Sequence[tuple[str, int]]) -> list[list[Hit]]:
        """The hits of each text, as many as are wanted of it where there are so many. Texts are asked one by one until the
        first is answered, so that a provider that is down costs few questions. Unavailable when nothing was answered.
        """
        found: list[list[Hit]] = []
        while len(found) < len(asked) and not (found and self.answered):
            found.append(await self.hits(*asked[len(found)]))
        found += await together([self.hits(text, wanted) for text, wanted in asked[len(found) :]])
        if asked and not self.answered:
            raise Unavailable(self.trouble() or "No web search answered.")
        return found

    async def hits(self, text: str, wanted: int, *, deep: bool = True) -> list[Hit]:
        """The hits of one text, best first, of one provider; [] when none answered, which `trouble` tells."""
        asked = _short(text)
        async with self._slots:
            provider, found = await self._first(asked)
            while provider is None and await self._one_is_back():
                provider, found = await self._first(asked)
        if provider is None:
            self.unanswered += 1
            return []
        self.answered += 1
        pages = min(DEEPEST_PAGE, -(-wanted // max(1, provider.page_size)))
        if not deep or pages < 2 or len(found) < min(provider.page_size, 5):
            return _ranked([found])
        more = await together([self._page(provider, asked, page) for page in range(2, pages + 1)])
        return _ranked([found, *more])

    def trouble(self) -> str:
        """What went wrong so far, for the user; "" when nothing did."""
        if not self._faults:
            return ""
        told = " ".join(self._faults.values())
        return f"{self.unanswered} searches were not answered. {told}" if self.unanswered and self.answered else told

    async def _first(self, text: str) -> tuple[WebSearch | None, list[Hit]]:
        """The first page, of the first provider that gives it; None when none does."""
        for provider in self._providers:
            if not provider.health.is_ready:
                self._faults.setdefault(provider.name, provider.health.reason or f"{provider.name} is not ready.")
                continue
            try:
                return provider, list(await provider.search(text, 1, self._errand))
            except Unavailable as error:
                self._faults[provider.name] = _told(provider.name, error)
        return None, []

    async def _one_is_back(self) -> bool:
        """Wait for a provider that answered before, when all rest; whether it is back. Stopped when nobody wants it any more."""
        if self._is_any_ready():
            return False  # it was this question that failed
        async with self._waiting:
            while not self._is_any_ready():
                known = [one.health.seconds_left() for one in self._providers if one.health.is_known]
                if not known or min(known) > self._patience:
                    return False
                if self._is_wanted is not None and not await self._is_wanted():
                    raise Stopped("The task was stopped while a search engine was waited for.")
                await self._sleep(LOOK)
                self._patience -= LOOK
        return True

    def _is_any_ready(self) -> bool:
        return any(provider.health.is_ready for provider in self._providers)

    async def _page(self, provider: WebSearch, text: str, page: int) -> list[Hit]:
        """A further page; that it cannot be had is told, and costs nothing else."""
        try:
            async with self._slots:
                return list(await provider.search(text, page, self._errand))
        except Unavailable as error:
            self._faults.setdefault(provider.name, _told(provider.name, error))
            return []


def _ranked(pages: Sequence[Sequence[Hit]]) -> list[Hit]:
    return [hit for page in pages for hit in page]


def _short(text: str) -> str:
    words = text.split()[:MOST_WORDS]
    while words and len(" ".join(words)) > LONGEST_TEXT:
        words.pop()
    return " ".join(words) or text[:LONGEST_TEXT]


def _told(name: str, error: Unavailable) -> str:
    reason = str(error)
    return reason if name.lower() in reason.lower() else f"{name}: {reason}"
