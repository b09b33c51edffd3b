"""SearXNG, a metasearch engine people host themselves. https://docs.searxng.org/dev/search_api.html"""

from collections.abc import Iterator
from typing import Any

from longlist.errors import Unavailable
from longlist.web.providers.about import About
from longlist.web.providers.request import Request
from longlist.web.providers.search import Engine, Found
from longlist.web.providers.shapes import items, text

ABOUT = About(
    name="searxng",
    title="SearXNG",
    kinds=("web_search",),
    url="",
    needs="url",
    price="free: your own instance",
    policy="Your own instance, with `json` among `search.formats` in its settings.yml; public instances forbid this use.",
    at_once=4,
    hints={403: "does not answer in JSON: add `json` to `search.formats` in its settings.yml."},
)


def request(query: str, page: int) -> Request:
    """One page of results."""
    params = {"q": query, "format": "json", "pageno": str(page), "categories": "general"}
    return Request("/search", params, check=answered)


def answered(data: Any) -> None:
    """Unavailable when there are no results because none of its engines answered."""
    if not isinstance(data, dict) or data.get("results"):
        return
    silent = data.get("unresponsive_engines")
    named = (
        [f"{text(one[0])} ({text(one[1])})" for one in silent if isinstance(one, list) and len(one) > 1]
        if isinstance(silent, list)
        else []
    )
    if named:
        raise Unavailable(f"{ABOUT.title} got no results, since its engines did not answer: {', '.join(named[:5])}.")


def parse(data: Any) -> Iterator[Found]:
    """Its results."""
    for item in items(ABOUT, data, "results"):
        yield Found(item.get("url"), item.get("title"), item.get("content"))


ENGINE = Engine(ABOUT, request, parse, page_size=10, pages=5)
