"""All providers, by name, in the order in which they are asked. To add one: write its file, then add its line here."""

from collections.abc import Callable
from dataclasses import dataclass, field

import httpx2

from longlist.model.call import Caller
from longlist.model.network import DIRECT, Network
from longlist.web.providers import (
    brave,
    ddgs_search,
    exa,
    google_places,
    hunter,
    nominatim,
    overpass,
    pdl,
    pdl_people,
    searxng,
    serper,
    tavily,
    wikidata,
)
from longlist.web.providers.about import About, Kind
from longlist.web.providers.maps import HttpMaps
from longlist.web.providers.provider import Provider, usable_key
from longlist.web.providers.search import HttpSearch
from longlist.web.seams import Contacts, Encyclopaedia, Maps, Register, WebSearch


@dataclass(frozen=True, slots=True)
class Config:
    """What was set for a provider: its address and key, "" for none; its price, None for the public one."""

    url: str = ""
    key: str = field(default="", repr=False)
    cost_micros: int | None = None
    is_on: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What providers are made from. Providers of one name share what is known of its health."""

    configs: dict[str, Config]
    calls: Caller
    client: httpx2.AsyncClient
    network: Network = DIRECT
    made: dict[str, Provider] = field(default_factory=dict)

    def config(self, about: About) -> Config:
        """What was set for it."""
        return self.configs.get(about.name, Config())

    def is_set(self, about: About) -> bool:
        """Whether what it needs is there."""
        config = self.config(about)
        return {"key": bool(config.key), "url": bool(config.url), "switch": config.is_on, "": True}[about.needs]

    def provider(self, about: About) -> Provider:
        """The provider, ready to be asked; InvalidInput when its key cannot be sent."""
        if about.name not in self.made:
            config = self.config(about)
            self.made[about.name] = Provider(
                about=about,
                url=config.url or about.url,
                calls=self.calls,
                client=self.client,
                key=usable_key(about, config.key),
                cost_micros=about.cost_micros if config.cost_micros is None else config.cost_micros,
            )
        return self.made[about.name]


SEARCHES: dict[str, tuple[About, Callable[[Desk], WebSearch]]] = {
    "searxng": (searxng.ABOUT, lambda desk: HttpSearch(searxng.ENGINE, desk.provider(searxng.ABOUT))),
    "brave": (brave.ABOUT, lambda desk: HttpSearch(brave.ENGINE, desk.provider(brave.ABOUT))),
    "serper": (serper.ABOUT, lambda desk: HttpSearch(serper.ENGINE, desk.provider(serper.ABOUT))),
    "tavily": (tavily.ABOUT, lambda desk: HttpSearch(tavily.ENGINE, desk.provider(tavily.ABOUT))),
    "exa": (exa.ABOUT, lambda desk: HttpSearch(exa.ENGINE, desk.provider(exa.ABOUT))),
    "ddgs": (ddgs_search.ABOUT, lambda desk: ddgs_search.Ddgs(desk.calls, desk.network)),
}

MAPS: dict[str, tuple[About, Callable[[Desk], Maps]]] = {
    "google_places": (
        google_places.ABOUT,
        lambda desk: google_places.GooglePlaces(desk.provider(google_places.ABOUT)),
    ),
    "serper": (serper.ABOUT, lambda desk: HttpMaps(serper.MAPS, desk.provider(serper.ABOUT))),
    "overpass": (
        overpass.ABOUT,
        lambda desk: overpass.Overpass(desk.provider(overpass.ABOUT), desk.provider(nominatim.ABOUT)),
    ),
}

REGISTERS: dict[str, tuple[About, Callable[[Desk], Register]]] = {
    "pdl": (pdl.ABOUT, lambda desk: pdl.PeopleDataLabs(desk.provider(pdl.ABOUT))),
}

CONTACTS: dict[str, tuple[About, Callable[[Desk], Contacts]]] = {
    "hunter": (hunter.ABOUT, lambda desk: hunter.Hunter(desk.provider(hunter.ABOUT))),
    "pdl_people": (pdl_people.ABOUT, lambda desk: pdl_people.PeopleDataLabsPeople(desk.provider(pdl_people.ABOUT))),
}

ENCYCLOPAEDIAS: dict[str, tuple[About, Callable[[Desk], Encyclopaedia]]] = {
    "wikidata": (wikidata.ABOUT, lambda desk: wikidata.Wikidata(desk.provider(wikidata.ABOUT))),
}

ABOUTS: dict[str, About] = {
    about.name: about
    for about in (
        *(about for about, _ in SEARCHES.values()),
        *(about for about, _ in MAPS.values()),
        nominatim.ABOUT,
        *(about for about, _ in REGISTERS.values()),
        *(about for about, _ in ENCYCLOPAEDIAS.values()),
        *(about for about, _ in CONTACTS.values()),
    )
}
"""Every provider there is, by name."""


@dataclass(frozen=True, slots=True)
class Providers:
    """Those that are set up, in the order in which they are asked."""

    searches: tuple[WebSearch, ...] = ()
    maps: tuple[Maps, ...] = ()
    registers: tuple[Register, ...] = ()
    encyclopaedias: tuple[Encyclopaedia, ...] = ()
    contacts: tuple[Contacts, ...] = ()


NOBODY = Providers()
"""Nobody to ask."""


def open_providers(desk: Desk) -> Providers:
    """All providers that have what they need."""
    return Providers(
        searches=tuple(build(desk) for about, build in SEARCHES.values() if desk.is_set(about)),
        maps=tuple(build(desk) for about, build in MAPS.values() if desk.is_set(about)),
        registers=tuple(build(desk) for about, build in REGISTERS.values() if desk.is_set(about)),
        encyclopaedias=tuple(build(desk) for about, build in ENCYCLOPAEDIAS.values() if desk.is_set(about)),
        contacts=tuple(build(desk) for about, build in CONTACTS.values() if desk.is_set(about)),
    )


def abouts_of(kind: Kind) -> tuple[About, ...]:
    """All providers of a kind."""
    return tuple(about for about in ABOUTS.values() if kind in about.kinds)
