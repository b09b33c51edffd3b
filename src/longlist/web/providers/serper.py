"""Serper, Google's results over an API: web search, and places on its maps. https://serper.dev"""

from collections.abc import Iterator, Mapping
from typing import Any

from longlist.model.web import Spot
from longlist.web.providers.about import About
from longlist.web.providers.maps import MapEngine
from longlist.web.providers.request import Request
from longlist.web.providers.search import Engine, Found
from longlist.web.providers.shapes import items, number, text, web_address

ABOUT = About(
    name="serper",
    title="Serper",
    kinds=("web_search", "maps"),
    url="https://google.serper.dev",
    key_header="X-API-KEY",
    key_prefix="",
    cost_micros=1_000,
    price="$1 per 1,000 credits; a request takes one",
    price_url="https://serper.dev",
    price_date="2026-08",
    policy="50 requests a second on the smallest plan.",
    a_second=20,
    key_faults=("Unauthorized",),
)


def request(query: str, page: int) -> Request:
    """One page of web results; more than ten of them would cost another credit."""
    return Request("/search", json={"q": query, "num": 10, "page": page})


def parse(data: Any) -> Iterator[Found]:
    """Its web results."""
    for item in items(ABOUT, data, "organic"):
        yield Found(item.get("link"), item.get("title"), item.get("snippet"))


def request_places(what: str, where: str, page: int) -> Request:
    """One page of places."""
    query = f"{what} in {where}" if where else what
    return Request("/places", json={"q": query, "page": page}, operation="places")


def parse_places(data: Any) -> Iterator[Spot]:
    """Its places. It gives the address as one text."""
    for item in items(ABOUT, data, "places"):
        yield Spot(
            id=text(item.get("cid") or item.get("placeId")),
            name=text(item.get("title")),
            website=web_address(item.get("website")),
            address=text(item.get("address")),
            city="",
            state="",
            country="",
            kinds=tuple(kind for kind in (text(item.get("category")), text(item.get("type"))) if kind),
            provider=ABOUT.name,
            query="",
            latitude=number(item.get("latitude")),
            longitude=number(item.get("longitude")),
            phone=text(item.get("phoneNumber")),
            url=_on_the_map(item),
        )


def _on_the_map(item: Mapping[str, Any]) -> str:
    cid = text(item.get("cid"))
    return f"https://maps.google.com/?cid={cid}" if cid else ""


ENGINE = Engine(ABOUT, request, parse, page_size=10, pages=10)
MAPS = MapEngine(ABOUT, request_places, parse_places, pages=6)
