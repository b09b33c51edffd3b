"""Overpass, what OpenStreetMap knows of an area; Nominatim says where that is. https://wiki.openstreetmap.org/wiki/Overpass_API"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from longlist.errors import Unavailable
from longlist.language.local_business import find_kinds, singular
from longlist.model.web import Errand, Spot
from longlist.web.health import Health
from longlist.web.providers import nominatim
from longlist.web.providers.about import About
from longlist.web.providers.maps import once
from longlist.web.providers.provider import Provider
from longlist.web.providers.request import Request
from longlist.web.providers.shapes import items, mapping, number, text, web_address

MOST = 1_000  # places read of one answer
SECONDS = 60  # that the server may take for a query
PAGE = 100
ANY_KEY = ("shop", "craft", "office", "amenity", "leisure", "tourism", "healthcare")
WEBSITE = ("website", "contact:website", "url", "contact:url")
PHONE = ("phone", "contact:phone", "contact:mobile")
KIND_KEYS = (*ANY_KEY, "man_made", "industrial")

ABOUT = About(
    name="overpass",
    title="Overpass",
    kinds=("maps",),
    url="https://overpass-api.de/api/interpreter",
    needs="",
    policy=(
        "Two requests at once and some 10,000 a day at most, an honest User-Agent, answers kept and not asked again: "
        "https://dev.overpass-api.de/overpass-doc/en/preface/commons.html"
    ),
    attribution="© OpenStreetMap contributors, ODbL 1.0",
    a_second=1.0,
    at_once=2,
    timeout_seconds=SECONDS + 15.0,
)


class Overpass:
    """A `longlist.web.seams.Maps`: everything of a kind in an area, asked for once and given a page at a time."""

    name = ABOUT.name

    def __init__(self, provider: Provider, geocoder: Provider) -> None:
        self._provider = provider
        self._geocoder = geocoder

    @property
    def health(self) -> Health:
        """How it is doing; without the geocoder it is of no use either."""
        return self._provider.health if self._geocoder.health.is_ready else self._geocoder.health

    async def find(self, what: str, where: str, page: int, errand: Errand) -> Sequence[Spot]:
        """See `Maps`. Needs a place: what is everywhere is too much."""
        if not where.strip():
            return ()
        area = await nominatim.locate(self._geocoder, where, errand)
        if area is None:
            return ()
        data = mapping(ABOUT, await self._provider.ask(request(what, area), errand))
        spots = once(parse(data, area), what, where)
        return spots[(page - 1) * PAGE : page * PAGE]


def request(what: str, area: nominatim.Area) -> Request:
    """Everything of this kind in the area, or in the box around it where OpenStreetMap has no outline."""
    if area.overpass_id:
        outline, where = f"area(id:{area.overpass_id})->.a;", "(area.a)"
    else:
        outline, where = "", "({:.6f},{:.6f},{:.6f},{:.6f})".format(*area.box)
    selected = "".join(f'nwr{filters}["name"]{where};' for filters in selectors(what))
    query = f"[out:json][timeout:{SECONDS}];{outline}({selected});out center {MOST};"
    return Request(form={"data": query}, operation="places", check=check_remark)


def selectors(what: str) -> tuple[str, ...]:
    """The filters for a kind of business: by the tags it goes by, else by its name as a tag, or in the business's name."""
    known = dict.fromkeys(tag for _, kind in find_kinds(what) for tag in kind.tags)
    if known:
        return tuple(f'["{key}"="{value}"]' for key, value in known)
    words = re.sub(r"[^\w\s'&-]", " ", singular(what)).strip()
    if not words:
        return ()
    tag = re.sub(r"\W+", "_", words)
    named = tuple(f'["{key}"]["name"~"{re.escape(words)}",i]' for key in ANY_KEY)
    return (*(f'["{key}"="{tag}"]' for key in ANY_KEY), *named)


def check_remark(data: Any) -> None:
    """Unavailable when the server gave up half-way: it says so in a 200, beside what it had."""
    remark = text(data.get("remark"), 200) if isinstance(data, dict) else ""
    if "error" in remark.lower():
        raise Unavailable(f"{ABOUT.title} gave up on the query: {remark}")


def parse(data: Any, area: nominatim.Area) -> Iterator[Spot]:
    """Its places. What OpenStreetMap says nothing of is taken from the area that was asked for."""
    seen: set[tuple[str, str, str]] = set()
    for item in items(ABOUT, data, "elements"):
        tags = item["tags"] if isinstance(item.get("tags"), dict) else {}
        name = text(tags.get("name"))
        center = item["center"] if isinstance(item.get("center"), dict) else item
        street = " ".join(filter(None, (text(tags.get("addr:housenumber")), text(tags.get("addr:street")))))
        website = next((url for key in WEBSITE if (url := website_of(tags.get(key)))), "")
        if street and (name, street, website) in seen:  # mapped as a point and as a building
            continue
        seen.add((name, street, website))
        city = text(tags.get("addr:city")) or area.city
        state = text(tags.get("addr:state")) or area.state
        place = f"{item.get('type')}/{item.get('id')}"
        yield Spot(
            id=place if item.get("id") else "",
            name=name,
            website=website,
            address=", ".join(filter(None, (street, city, state, text(tags.get("addr:postcode"))))),
            city=city,
            state=area.state or state,
            country=area.country or text(tags.get("addr:country")),
            kinds=tuple(f"{key}={text(tags[key])}" for key in KIND_KEYS if key in tags),
            provider=ABOUT.name,
            query="",
            latitude=number(center.get("lat")),
            longitude=number(center.get("lon")),
            phone=next((phone for key in PHONE if (phone := text(tags.get(key)))), ""),
            url=f"https://www.openstreetmap.org/{place}",
        )


def website_of(value: Any) -> str:
    """A website as people write it on the map: several with semicolons, or without a scheme."""
    first = text(value).partition(";")[0].strip()
    if first and "://" not in first and "." in first and " " not in first:
        first = f"https://{first}"
    return web_address(first)
