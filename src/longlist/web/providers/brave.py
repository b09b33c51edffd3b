"""Brave Search, an index of its own. https://api-dashboard.search.brave.com/app/documentation/web-search/query"""

from collections.abc import Iterator
from typing import Any

from longlist.web.providers.about import About
from longlist.web.providers.request import Request
from longlist.web.providers.search import Engine, Found
from longlist.web.providers.shapes import items

MOST_CHARACTERS, MOST_WORDS = 400, 50  # beyond that it refuses a query

ABOUT = About(
    name="brave",
    title="Brave Search",
    kinds=("web_search",),
    url="https://api.search.brave.com/res/v1/web/search",
    key_header="X-Subscription-Token",
    key_prefix="",
    cost_micros=5_000,
    price="$5 per 1,000 requests",
    price_url="https://api-dashboard.search.brave.com/app/plans",
    price_date="2026-09",
    policy="50 requests a second; free credit of $5 a month.",
    a_second=20,
    key_faults=("SUBSCRIPTION_TOKEN_INVALID",),
)


def request(text: str, page: int) -> Request:
    """One page of results; longer queries are cut to what it takes."""
    query = " ".join(text.split()[:MOST_WORDS])[:MOST_CHARACTERS]
    return Request(params={"q": query, "count": "20", "offset": str(page - 1), "text_decorations": "false"})


def parse(data: Any) -> Iterator[Found]:
    """Its results; without any there is no `web`."""
    for item in items(ABOUT, data, "web", "results"):
        yield Found(item.get("url"), item.get("title"), item.get("description"))


ENGINE = Engine(ABOUT, request, parse, page_size=20, pages=10)
