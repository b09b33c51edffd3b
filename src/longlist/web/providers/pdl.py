"""People Data Labs, company search. https://docs.peopledatalabs.com/docs/reference-company-search-api"""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from longlist.model.web import Errand, Listing, Wish
from longlist.web.health import Health
from longlist.web.providers.about import About
from longlist.web.providers.provider import Provider
from longlist.web.providers.request import Request
from longlist.web.providers.shapes import items, mapping, number, text

PAGE = 10  # each record is paid for
PAGES = 10
WORD_FIELDS = ("summary", "headline", "tags", "industry", "name")
STOP = frozenset(
    "a an and are as at by for from in is it of on or that the their to which with companies company".split()
)

ABOUT = About(
    name="pdl",
    title="People Data Labs",
    kinds=("linkedin",),
    url="https://api.peopledatalabs.com",
    key_header="X-Api-Key",
    key_prefix="",
    cost_micros=100_000,
    price="$0.10 per company that is found; nothing found costs nothing",
    price_url="https://www.peopledatalabs.com/pricing/company",
    price_date="2026-09",
    policy="10 requests a minute.",
    a_second=10 / 60,
    at_once=2,
    hints={402: "has no credit left for this key."},
)


class PeopleDataLabs:
    """A `longlist.web.seams.Register`."""

    name = ABOUT.name
    page_size = PAGE

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    @property
    def health(self) -> Health:
        """How it is doing."""
        return self._provider.health

    async def find(self, wish: Wish, page: int, errand: Errand) -> Sequence[Listing]:
        """See `Register`."""
        if page > PAGES or not _words(wish.words):
            return ()
        data = await self._provider.ask(request(wish, page), errand)
        return () if data is None else tuple(parse(data))


def request(wish: Wish, page: int) -> Request:
    """One page of companies that fit the words and meet the conditions. Answers 404 when there are none."""
    words = _words(wish.words)
    must: list[dict[str, Any]] = [
        {"bool": {"should": [{"match": {field: word}} for field in WORD_FIELDS]}} for word in words[:3]
    ]
    should = [{"match": {field: word}} for field in WORD_FIELDS for word in words[3:12]]
    for field, names in (
        ("location.country", wish.countries),
        ("location.region", wish.states),
        ("location.locality", wish.cities),
    ):
        if names:
            must.append({"terms": {field: [name.lower() for name in names]}})
    for field, low, high in (
        ("founded", wish.founded_min, wish.founded_max),
        ("employee_count", wish.employees_min, wish.employees_max),
    ):
        bounds = {name: bound for name, bound in (("gte", low), ("lte", high)) if bound is not None}
        if bounds:
            must.append({"range": {field: bounds}})
    bool_query: dict[str, Any] = {"must": [*must, {"exists": {"field": "website"}}]}
    if should:
        bool_query["should"] = should
    body = {"query": {"bool": bool_query}, "size": PAGE, "from": (page - 1) * PAGE}
    return Request("/v5/company/search", json=body, units=PAGE, cost=cost, empty=(404,))


def cost(data: Any, price: int) -> int | None:
    """It charges for each record."""
    found = data.get("data") if isinstance(data, dict) else None
    return len(found) * price if isinstance(found, list) else None


def parse(data: Any) -> Iterator[Listing]:
    """Its companies."""
    for item in items(ABOUT, mapping(ABOUT, data), "data"):
        location = item["location"] if isinstance(item.get("location"), dict) else {}
        size = re.match(r"(\d+)(?:-(\d+)|\+)", text(item.get("size")))
        founded = number(item.get("founded"))
        tags = item.get("tags")
        linkedin = text(item.get("linkedin_url"))
        yield Listing(
            id=text(item.get("id")) or linkedin,
            name=_named(item),
            provider=ABOUT.name,
            website=text(item.get("website")),
            url=f"https://{linkedin}" if linkedin and "://" not in linkedin else linkedin,
            linkedin=linkedin,
            text=" ".join(filter(None, (text(item.get("headline")), text(item.get("summary"))))),
            industry=text(item.get("industry")),
            tags=tuple(text(tag) for tag in tags if text(tag)) if isinstance(tags, list) else (),
            country=_title(text(location.get("country"))),
            state=_title(text(location.get("region"))),
            city=_title(text(location.get("locality"))),
            founded=int(founded) if founded and 1000 < founded < 2200 else None,
            employees_low=int(size[1]) if size else None,
            employees_high=int(size[2]) if size and size[2] else None,
        )


def _named(item: dict[str, Any]) -> str:
    shown = text(item.get("display_name"))
    return shown or _title(text(item.get("name")))


def _title(name: str) -> str:
    """It writes everything in lower case."""
    small = {"of", "and", "the", "de", "del", "la", "du"}
    words = name.split()
    return (
        " ".join(w if w in small and n else w[:1].upper() + w[1:] for n, w in enumerate(words))
        if name.islower()
        else name
    )


def _words(words: str) -> list[str]:
    found = (word.lower() for word in re.findall(r"\w[\w&+-]*", words))
    return list(dict.fromkeys(word for word in found if word not in STOP and len(word) > 1))
