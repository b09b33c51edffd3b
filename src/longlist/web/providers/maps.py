"""Maps over HTTP: what a map's file says, asked through `Provider`. A `longlist.web.seams.Maps`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from longlist.model.web import Errand, Spot
from longlist.web.health import Health
from longlist.web.providers.about import About
from longlist.web.providers.provider import Provider
from longlist.web.providers.request import Request


@dataclass(frozen=True, slots=True)
class MapEngine:
    """A map that takes words: `request` makes the request for what, where and page, `parse` reads what comes back."""

    about: About
    request: Callable[[str, str, int], Request]
    parse: Callable[[Any], Iterator[Spot]]
    pages: int


class HttpMaps:
    """Asks one map."""

    def __init__(self, engine: MapEngine, provider: Provider) -> None:
        self.name = engine.about.name
        self._engine = engine
        self._provider = provider

    @property
    def health(self) -> Health:
        """How the map is doing."""
        return self._provider.health

    async def find(self, what: str, where: str, page: int, errand: Errand) -> Sequence[Spot]:
        """See `Maps`."""
        if page > self._engine.pages:
            return ()
        data = await self._provider.ask(self._engine.request(what, where, page), errand)
        return once(self._engine.parse(data), what, where)


def once(spots: Iterator[Spot], what: str, where: str) -> tuple[Spot, ...]:
    """The places that have a name and an id, each once, with what they were asked for."""
    query = f"{what} in {where}" if where else what
    kept = {spot.id: replace(spot, query=query) for spot in spots if spot.id and spot.name}
    return tuple(kept.values())
