"""Tavily, web search for programs. https://docs.tavily.com/documentation/api-reference/endpoint/search"""

import re
from collections.abc import Iterator
from typing import Any

from longlist.web.providers.about import About
from longlist.web.providers.operators import without_operators
from longlist.web.providers.request import Request
from longlist.web.providers.search import Engine, Found
from longlist.web.providers.shapes import items

MOST_CHARACTERS = 400

ABOUT = About(
    name="tavily",
    title="Tavily",
    kinds=("web_search",),
    url="https://api.tavily.com",
    cost_micros=8_000,
    price="$8 per 1,000 requests (basic search, one credit each)",
    price_url="https://docs.tavily.com/documentation/api-credits",
    price_date="2026-09",
    policy="100 requests a minute with a development key; 1,000 free credits a month.",
    a_second=1.6,
)


def request(query: str, page: int) -> Request:
    """The results; there is one page. Domains go into fields of their own."""
    del page
    words, sites, not_sites = without_operators(query)
    body: dict[str, Any] = {"query": cut(words or " ".join(sites)), "max_results": 20, "search_depth": "basic"}
    if sites:
        body["include_domains"] = list(sites)
    if not_sites:
        body["exclude_domains"] = list(not_sites)
    return Request("/search", json=body)


def cut(words: str) -> str:
    """The words it takes, not cut in the middle of one."""
    return words if len(words) <= MOST_CHARACTERS else re.sub(r"\s+\S*$", "", words[:MOST_CHARACTERS])


def parse(data: Any) -> Iterator[Found]:
    """Its results."""
    for item in items(ABOUT, data, "results"):
        yield Found(item.get("url"), item.get("title"), item.get("content"))


ENGINE = Engine(ABOUT, request, parse, page_size=20, pages=1)
