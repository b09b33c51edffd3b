"""robots.txt: what a site lets programs read, and how slowly. As RFC 9309 says, with Crawl-delay on top.

Asked for once a day and host, through the ledger; in between it is remembered. A site that has none (4xx) allows
everything; one whose robots.txt fails is left alone for a while.
"""

import asyncio
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin

import httpx2
from protego import Protego

from longlist.errors import Unavailable, Unsafe
from longlist.model.call import Answer
from longlist.model.web import Errand, PageState
from longlist.web.address import checked
from longlist.web.client import PRODUCT
from longlist.web.fetch import REDIRECTS, Fetcher

MOST_HOPS = 5
LARGEST = 500_000  # bytes that are read of it
LONGEST_DELAY = 10.0  # seconds between two requests, however many are wished for
REMEMBERED = 2_000  # hosts
FAILED_FOR = timedelta(minutes=2)  # a site whose robots.txt could not be had is left alone
_AGENT = re.compile(r"^[ \t]*user[ -]?agent[ \t]*:?[ \t]*([^\r\n#]*)", re.IGNORECASE | re.MULTILINE)
_ANOTHER = "User-agent: another"


@dataclass(frozen=True, slots=True)
class Rules:
    """What one host's robots.txt says to us. `state` and `why` are for when nothing may be read at all."""

    parser: Protego | None = None
    state: PageState = "readable"
    why: str = ""

    def refusal(self, url: str) -> tuple[PageState, str] | None:
        """Why the page at this address is not to be read; None when it may be."""
        if self.state != "readable":
            return self.state, self.why
        if self.parser is not None and not self.parser.can_fetch(url, PRODUCT):
            return "forbidden", "The site's robots.txt asks programs not to read this page."
        return None

    @property
    def delay(self) -> float:
        """Seconds between two requests, at most `LONGEST_DELAY`; 0 when nothing is said."""
        delay = self.parser.crawl_delay(PRODUCT) if self.parser is not None else None
        return min(max(delay or 0.0, 0.0), LONGEST_DELAY)


class Robots:
    """The robots.txt files of all hosts."""

    def __init__(self, fetcher: Fetcher, now: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._now = now
        self._rules: OrderedDict[tuple[str, str], Rules] = OrderedDict()
        self._failed: OrderedDict[str, tuple[datetime, Rules]] = OrderedDict()

    async def rules(self, url: httpx2.URL, errand: Errand) -> Rules:
        """The rules of the host of a checked address. Stopped and BudgetSpent as the ledger says."""
        where = url.copy_with(raw_path=b"/robots.txt")
        freshness = f"{errand.freshness} {self._now():%Y-%m-%d}".strip()
        known = self._rules.get((str(where), freshness)) or self._still_failed(str(where))
        if known is None:
            known = await self._ask(where, freshness, errand)
            if known.state == "readable":
                self._rules[str(where), freshness] = known
                if len(self._rules) > REMEMBERED:
                    self._rules.popitem(last=False)
            else:
                self._leave(where, known)
        return known

    def _leave(self, where: httpx2.URL, rules: Rules) -> None:
        """Remember that a robots.txt could not be had."""
        self._failed[str(where)] = self._now() + FAILED_FOR, rules
        if len(self._failed) > REMEMBERED:
            self._failed.popitem(last=False)

    def _still_failed(self, where: str) -> Rules | None:
        """What became of a robots.txt that could not be had a moment ago: the site is not asked again so soon."""
        until, rules = self._failed.get(where, (None, None))
        return rules if until is not None and self._now() < until else None

    async def _ask(self, where: httpx2.URL, freshness: str, errand: Errand) -> Rules:
        at = where
        for _ in range(MOST_HOPS + 1):
            if at != where and (failed := self._still_failed(str(at))):
                return failed
            try:
                answer = await self._fetcher.get(at, "robots", freshness, errand)
                if answer.status not in REDIRECTS or "location" not in answer.headers:
                    return await _parsed(where.host, answer)
                at = checked(urljoin(str(at), answer.headers["location"]))
            except Unsafe as error:
                return Rules(None, "unsafe", str(error)) if at == where else Rules()  # as if there were none
            except Unavailable as error:
                more = " Without its robots.txt a site is not read." if error.status else ""
                failed = Rules(None, "unreachable", f"{error}{more}")
                self._leave(at, failed)
                return failed
        return Rules()


async def _parsed(host: str, answer: Answer) -> Rules:
    status = answer.status or 0
    if 200 <= status < 300:
        text = answer.body[:LARGEST].decode("utf-8-sig", "replace")
        return Rules(await asyncio.to_thread(parse, text) if len(text) > 20_000 else parse(text))
    if status == 429 or status >= 500:
        return Rules(
            None, "unreachable", f"{host} did not give its robots.txt (it answered {status}), so it is not read."
        )
    return Rules()


def parse(text: str) -> Protego:
    """The rules. Groups for others are kept apart under one name, as thousands of names cost minutes."""
    return Protego.parse(_AGENT.sub(_ours, text))


def _ours(match: re.Match[str]) -> str:
    agent = match[1].strip().lower().replace("*", "") if match[1].strip() != "*" else "*"
    return match[0] if agent == "*" or (agent and agent in PRODUCT.lower()) else _ANOTHER
