"""Web search over HTTP: what a search engine's file says, asked through `Provider`. A `longlist.web.seams.WebSearch`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from longlist.model.web import Errand, Hit
from longlist.web.health import Health
from longlist.web.providers.about import About
from longlist.web.providers.provider import Provider
from longlist.web.providers.request import Request
from longlist.web.providers.shapes import LONGEST_TITLE, plain, web_address


@dataclass(frozen=True, slots=True)
class Found:
    """One result as the engine gives it, before it is made a Hit."""

    url: Any
    title: Any
    snippet: Any


@dataclass(frozen=True, slots=True)
class Engine:
    """A search engine: `request` makes the request for a text and a page (from 1), `parse` reads what comes back.

    `pages` is how many pages it gives at most.
    """

    about: About
    request: Callable[[str, int], Request]
    parse: Callable[[Any], Iterator[Found]]
    page_size: int
    pages: int


class HttpSearch:
    """Asks one engine."""

    def __init__(self, engine: Engine, provider: Provider) -> None:
        self.name = engine.about.name
        self.page_size = engine.page_size
        self._engine = engine
        self._provider = provider

    @property
    def health(self) -> Health:
        """How the engine is doing."""
        return self._provider.health

    async def search(self, text: str, page: int, errand: Errand) -> Sequence[Hit]:
        """See `WebSearch`. What is no address of the web is left out; an address that comes twice counts once."""
        if page > self._engine.pages or not text.strip():
            return ()
        found = self._engine.parse(await self._provider.ask(self._engine.request(text, page), errand))
        hits: dict[str, Hit] = {}
        first = (page - 1) * self.page_size
        for rank, result in enumerate(found, first + 1):
            if (url := web_address(result.url)) and url not in hits:
                title, snippet = plain(result.title, LONGEST_TITLE), plain(result.snippet)
                hits[url] = Hit(url, title, snippet, rank, self.name, text)
        return tuple(hits.values())
