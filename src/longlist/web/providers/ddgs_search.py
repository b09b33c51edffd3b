"""ddgs, results scraped from search engines: an extra, off unless it is switched on. https://github.com/deedy5/ddgs

It asks the engines as a browser would, which is not our way; whoever switches it on decides that. It has a client of its
own: one call may be several requests, and the ledger counts it once.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import Any, Protocol

from longlist.errors import NoAnswer, Refused, Unavailable
from longlist.model.call import Answer, Call, Caller
from longlist.model.network import DIRECT, Network
from longlist.model.web import Errand, Hit
from longlist.web.client import proxy_of
from longlist.web.health import Health
from longlist.web.providers.about import About
from longlist.web.providers.shapes import LONGEST_TITLE, items, plain, web_address
from longlist.web.providers.verdicts import read_json, reason

PAGES = 5
SECONDS = 20

ABOUT = About(
    name="ddgs",
    title="ddgs",
    kinds=("web_search",),
    url="",
    needs="switch",
    policy="Scrapes search engines while it passes for a browser, against the terms of some; fails often.",
    a_second=0.5,
    at_once=1,
    timeout_seconds=SECONDS * 3.0,
)


class Scraper(Protocol):
    """What the package gives."""

    def text(self, query: str, **options: Any) -> list[dict[str, Any]]:
        """Results with title, href and body."""
        ...


class Ddgs:
    """A `longlist.web.seams.WebSearch` over the package `ddgs`; `scraper` stands in for it in tests."""

    name = ABOUT.name
    page_size = 10

    def __init__(self, calls: Caller, network: Network = DIRECT, scraper: Scraper | None = None) -> None:
        self.health = Health()
        self._calls = calls
        self._network = network
        self._scraper = scraper

    async def search(self, text: str, page: int, errand: Errand) -> Sequence[Hit]:
        """See `WebSearch`."""
        if page > PAGES or not text.strip():
            return ()
        request = {"query": text, "page": page}
        call = Call(ABOUT.name, "search", request, errand.freshness, task_id=errand.task_id, step=errand.step)
        try:
            answer = await self._calls.call(call, self._send)
            found = items(ABOUT, read_json(ABOUT, answer.body))
        except Unavailable as error:
            self.health.failed(error)
            raise
        self.health.answered()
        hits = [(web_address(item.get("href")), item) for item in found]
        first = (page - 1) * self.page_size + 1
        return tuple(
            Hit(url, plain(item.get("title"), LONGEST_TITLE), plain(item.get("body")), rank, self.name, text)
            for rank, (url, item) in enumerate(hits, first)
            if url
        )

    async def _send(self, call: Call, idempotency_key: str) -> Answer:
        del idempotency_key
        scraper = self._scraper or _package(self._network)
        try:
            found = await asyncio.to_thread(
                scraper.text, call.request["query"], page=call.request["page"], max_results=self.page_size
            )
        except Exception as error:
            if "no results" not in str(error).lower():
                raise _meaning(error) from error
            found = []
        return Answer(json.dumps(found).encode(), status=200)


def is_installed() -> bool:
    """Whether the extra is there."""
    try:
        import ddgs  # noqa: F401, PLC0415 - the extra
    except ImportError:
        return False
    return True


def _package(network: Network) -> Scraper:
    try:
        from ddgs import DDGS  # noqa: PLC0415 - the extra
    except ImportError:
        raise Refused("ddgs is switched on but not installed: pip install longlist[ddgs].", is_final=True) from None
    proxy = proxy_of(network, "https", "duckduckgo.com") or None
    scraper: Scraper = DDGS(proxy=proxy, timeout=SECONDS, verify=network.ca_file or True)
    return scraper


def _meaning(error: Exception) -> Unavailable:
    if isinstance(error, Unavailable):
        return error
    kind = type(error).__name__
    if "ratelimit" in kind.lower():
        return Refused("The engines behind ddgs are asked too often.", retry_after=60.0)
    if "timeout" in kind.lower():
        return NoAnswer("The engines behind ddgs did not answer in time.")
    return Unavailable(f"ddgs got no results from its engines: {reason(error)}.")
