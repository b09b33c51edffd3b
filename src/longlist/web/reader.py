"""The page reader: one address in, one page out, with manners and without danger.

    checked address ──► robots.txt ──► request ──► redirect? checked again, at most five ──► read apart ──► page

Every request goes through the ledger, which also keeps the limits (so many at once in all, two for a host, a pause
between them). What a page or its server does is never an error, but the state of the page, with a sentence.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Protocol
from urllib.parse import urljoin

import httpx2

from longlist.errors import Refused, Unavailable, Unsafe
from longlist.model.call import Answer, Caller
from longlist.model.network import DIRECT, Network
from longlist.model.web import Errand, PageState, WebPage
from longlist.web.address import checked
from longlist.web.apart import Apart
from longlist.web.browser import ScriptRunner
from longlist.web.client import Shards, open_client, trusted
from longlist.web.fetch import READ_AT, REDIRECTS, Fetcher, Memory, reply_of
from longlist.web.guard import GuardedBackend, GuardedTransport
from longlist.web.page import Reading, Reply, page_of
from longlist.web.robots import Robots

MOST_HOPS = 5
LONGEST_WAIT = 60.0  # seconds; a host that wants to be left alone for longer is not waited for
REMEMBERED = 10_000  # hosts


class Browser(Protocol):
    """Runs a page's scripts."""

    async def rendered(self, url: httpx2.URL, errand: Errand) -> Answer:
        """The page as it is once its scripts ran. Unavailable when that does not succeed."""
        ...


class Reads(Protocol):
    """Makes readings of replies."""

    async def read(self, reply: Reply) -> Reading:
        """What the reply is and says."""
        ...


@dataclass(slots=True)
class _Pace:
    """When a host may be asked again, on the clock of the loop."""

    free_at: float = 0.0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class HttpReader:
    """A `longlist.web.seams.PageReader` over HTTP. `browser` is asked for pages that are nothing without scripts."""

    def __init__(
        self,
        fetcher: Fetcher,
        robots: Robots,
        reads: Reads,
        now: Callable[[], datetime],
        browser: Browser | None = None,
    ) -> None:
        self._fetcher = fetcher
        self._robots = robots
        self._reads = reads
        self._now = now
        self._browser = browser
        self._paces: dict[str, _Pace] = {}
        self._left_alone: dict[str, float] = {}  # until when, on the clock of the loop

    async def read(self, url: str, errand: Errand) -> WebPage:
        """See `longlist.web.seams.PageReader`."""
        hops: list[str] = []
        seen: set[str] = set()
        at = url
        while True:
            try:
                target = checked(at)
                at = str(target)
                if at in seen:
                    return self._unread(url, at, "unsafe", "The page redirects in a circle.", hops)
                seen.add(at)
                answer = await self._answer(target, errand)
            except _NotAllowed as error:
                return self._unread(url, at, error.state, error.why, hops)
            except Unsafe as error:
                return self._unread(url, at, "unsafe", str(error), hops)
            except Unavailable as error:
                return self._unread(url, at, "unreachable", str(error), hops, error.status)
            if answer.status in REDIRECTS and (location := answer.headers.get("location")):
                following = location
            else:
                page, following = await self._page(reply_of(url, at, answer), answer, hops)
                if not following:
                    return await self._rendered(page, target, errand) if page.state == "script_only" else page
            if len(hops) == MOST_HOPS:
                return self._unread(url, at, "unsafe", f"The page redirects more than {MOST_HOPS} times.", hops)
            try:
                at = str(checked(urljoin(at, following)))
            except (Unsafe, ValueError) as error:
                why = f"The page redirects to where nothing may be asked. {error}"
                return self._unread(url, at, "unsafe", why, hops, answer.status)
            hops.append(at)

    async def _answer(self, target: httpx2.URL, errand: Errand) -> Answer:
        """The answer of a checked address, if robots.txt lets us; waits where it wants us to be slow."""
        self._heed_wish(target.host)
        rules = await self._robots.rules(target, errand)
        if refusal := rules.refusal(str(target)):
            raise _NotAllowed(*refusal)
        try:
            if not rules.delay:
                return await self._fetcher.get(target, "page", errand.freshness, errand)
            return await self._slowly(target, rules.delay, errand)
        except Refused as error:
            if error.retry_after is not None and error.retry_after > LONGEST_WAIT:
                self._leave_alone(target.host, error.retry_after)
            raise

    async def _slowly(self, target: httpx2.URL, delay: float, errand: Errand) -> Answer:
        """Ask a host one request at a time, with its delay in between; recorded answers do not count."""
        clock = asyncio.get_running_loop().time
        pace = self._paces.setdefault(target.host, _Pace())
        async with pace.turn:
            if (wait := pace.free_at - clock()) > 0:
                await asyncio.sleep(wait)
            start = self._now()
            answer = await self._fetcher.get(target, "page", errand.freshness, errand)
            if datetime.fromisoformat(answer.headers.get(READ_AT, start.isoformat())) >= start:
                pace.free_at = clock() + delay
        if len(self._paces) > REMEMBERED:
            for host in [host for host, one in self._paces.items() if one.free_at < clock() and not one.turn.locked()]:
                del self._paces[host]
        return answer

    def _heed_wish(self, host: str) -> None:
        left = self._left_alone.get(host, 0.0) - asyncio.get_running_loop().time()
        if left > 0:
            raise Unavailable(f"{host} asks to be left alone for another {left:.0f} seconds.", status=429)

    def _leave_alone(self, host: str, seconds: float) -> None:
        clock = asyncio.get_running_loop().time()
        if len(self._left_alone) > REMEMBERED:
            self._left_alone = {host: until for host, until in self._left_alone.items() if until > clock}
        self._left_alone[host] = clock + min(seconds, 86_400.0)

    async def _page(self, reply: Reply, answer: Answer, hops: list[str]) -> tuple[WebPage, str]:
        """The page, and where it sends its readers itself."""
        reading = await self._reads.read(reply)
        return page_of(reply, reading, self._read_at(answer), tuple(hops)), reading.moved_to

    async def _rendered(self, page: WebPage, target: httpx2.URL, errand: Errand) -> WebPage:
        """The page after its scripts ran, where there is a browser and it helps."""
        if self._browser is None:
            return page
        try:
            answer = await self._browser.rendered(target, errand)
        except Unavailable as error:
            return replace(page, why=f"{page.why} {error}")
        return (await self._page(reply_of(page.asked, page.url, answer), answer, list(page.hops)))[0]

    def _read_at(self, answer: Answer) -> datetime:
        at = answer.headers.get(READ_AT)
        return datetime.fromisoformat(at) if at else self._now()

    def _unread(
        self, asked: str, url: str, state: PageState, why: str, hops: list[str], status: int | None = None
    ) -> WebPage:
        return WebPage(asked, url, state, self._now(), status, tuple(hops), why=why)


class _NotAllowed(Exception):
    """robots.txt does not let us, or could not be had."""

    def __init__(self, state: PageState, why: str) -> None:
        super().__init__(why)
        self.state = state
        self.why = why


@contextlib.asynccontextmanager
async def open_reader(
    calls: Caller,
    now: Callable[[], datetime],
    network: Network = DIRECT,
    *,
    contact: str = "",
    memory: Memory | None = None,
    backend: GuardedBackend | None = None,
    reads: Reads | None = None,
    chromium: str = "",
) -> AsyncIterator[HttpReader]:
    """A reader. InvalidInput when the network's proxies or certificates cannot be used.

    `memory` is where the last answer of an address is kept, to ask only for what changed. `backend` decides what may be
    connected to. `reads` makes readings of replies; without it, two processes of their own, started for the first page.
    `chromium` runs the scripts of pages that are nothing without: the path of one, "playwright" for the one it installed.
    """
    direct = Shards(partial(GuardedTransport, trusted(network), backend or GuardedBackend()))
    async with open_client(network, contact=contact, direct=direct) as client, Apart() as apart:
        fetcher = Fetcher(calls, client, now, memory)
        robots = Robots(fetcher, now)
        if not chromium:
            yield HttpReader(fetcher, robots, reads or apart, now)
            return
        async with ScriptRunner(fetcher, robots, now, chromium) as browser:
            yield HttpReader(fetcher, robots, reads or apart, now, browser)
