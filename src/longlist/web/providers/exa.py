"""Exa, search by meaning. https://exa.ai/docs/reference/search"""

from collections.abc import Iterator
from typing import Any

from longlist.web.providers.about import About
from longlist.web.providers.operators import without_operators
from longlist.web.providers.request import Request
from longlist.web.providers.search import Engine, Found
from longlist.web.providers.shapes import items, number

ABOUT = About(
    name="exa",
    title="Exa",
    kinds=("web_search",),
    url="https://api.exa.ai",
    key_header="x-api-key",
    key_prefix="",
    cost_micros=17_000,
    price="$7 per 1,000 requests with up to 10 results, $1 per 1,000 further results",
    price_url="https://exa.ai/pricing",
    price_date="2026-09",
    policy="10 requests a second.",
    a_second=8,
    key_faults=("INVALID_API_KEY",),
)


def request(query: str, page: int) -> Request:
    """The results, each with its best sentences; there is one page. Domains go into fields of their own."""
    del page
    words, sites, not_sites = without_operators(query)
    body: dict[str, Any] = {
        "query": words or " ".join(sites),
        "type": "auto",
        "numResults": 20,
        "contents": {"highlights": {"maxCharacters": 600}},
    }
    if sites:
        body["includeDomains"] = list(sites)
    if not_sites:
        body["excludeDomains"] = list(not_sites)
    return Request("/search", json=body, cost=cost)


def cost(data: Any, price: int) -> int | None:
    """What it says a request cost."""
    del price
    dollars = data.get("costDollars") if isinstance(data, dict) else None
    total = number(dollars.get("total")) if isinstance(dollars, dict) else None
    return None if total is None or total < 0 else round(total * 1_000_000)


def parse(data: Any) -> Iterator[Found]:
    """Its results; the snippet is made of what it found most fitting."""
    for item in items(ABOUT, data, "results"):
        highlights = item.get("highlights")
        sentences = [h for h in highlights if isinstance(h, str)] if isinstance(highlights, list) else []
        yield Found(
            item.get("url"), item.get("title"), " … ".join(sentences) or item.get("summary") or item.get("text")
        )


ENGINE = Engine(ABOUT, request, parse, page_size=20, pages=1)
