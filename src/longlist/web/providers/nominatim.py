"""Nominatim, from the name of a place to its outline on OpenStreetMap. https://nominatim.org/release-docs/latest/api/Search/"""

from dataclasses import dataclass
from typing import Any

from longlist.model.web import Errand
from longlist.web.providers.about import About
from longlist.web.providers.provider import Provider
from longlist.web.providers.request import Request
from longlist.web.providers.shapes import items, number, text

RELATION_AREA, WAY_AREA = 3_600_000_000, 2_400_000_000  # what Overpass adds to the ids of outlines
SETTLED = ("boundary", "place")

ABOUT = About(
    name="nominatim",
    title="Nominatim",
    kinds=("maps",),
    url="https://nominatim.openstreetmap.org",
    needs="",
    policy=(
        "At most one request a second from all processes together, an honest User-Agent, answers kept and not asked again: "
        "https://operations.osmfoundation.org/policies/nominatim/"
    ),
    attribution="© OpenStreetMap contributors, ODbL 1.0",
    a_second=1.0,
    at_once=1,
)


@dataclass(frozen=True, slots=True)
class Area:
    """A place and its outline: `overpass_id` is 0 where only the box around it is known (south, west, north, east)."""

    name: str
    overpass_id: int
    box: tuple[float, float, float, float]
    city: str = ""
    state: str = ""
    country: str = ""


async def locate(provider: Provider, where: str, errand: Errand) -> Area | None:
    """The place of that name that is best known; None when there is none."""
    return parse(await provider.ask(request(where), errand))


def request(where: str) -> Request:
    """A look-up by name, answered in English."""
    params = {"q": where, "format": "jsonv2", "limit": "5", "addressdetails": "1", "accept-language": "en"}
    return Request("/search", params)


def parse(data: Any) -> Area | None:
    """The best of what was found: towns and regions before shops and streets of that name."""
    found = [area for item in items(ABOUT, data) if (area := _area(item))]
    best = [area for is_settled, area in found if is_settled] or [area for _, area in found]
    return best[0] if best else None


def _area(item: dict[str, Any]) -> tuple[bool, Area] | None:
    box = item.get("boundingbox")
    sides = [number(side) for side in box] if isinstance(box, list) and len(box) == 4 else []
    if len(sides) != 4 or any(side is None for side in sides):
        return None
    south, north, west, east = (float(side) for side in sides if side is not None)
    if "osm_type" in item and sides[1] is not None and south > north:
        return None
    kind, number_of = item.get("osm_type"), item.get("osm_id")
    offset = {"relation": RELATION_AREA, "way": WAY_AREA}.get(kind) if isinstance(kind, str) else None
    address = item["address"] if isinstance(item.get("address"), dict) else {}
    name = text(item.get("name")) or text(item.get("display_name")).partition(",")[0]
    area = Area(
        name=name,
        overpass_id=offset + number_of if offset and isinstance(number_of, int) else 0,
        box=(south, west, north, east),
        city=next((text(address[k]) for k in ("city", "town", "village", "municipality") if k in address), ""),
        state=text(address.get("state")),
        country=text(address.get("country")),
    )
    return (item.get("category") or item.get("class")) in SETTLED, area
