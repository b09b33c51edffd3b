"""A browser for pages that are nothing without their scripts. It runs them, but asks nothing of the network itself.

Every request of a page is caught and sent by the reader's own hands, so that the same addresses are refused, robots.txt
is obeyed, limits are kept and each request is a call in the ledger. What cannot be caught leads nowhere: the browser's
proxy is a closed door. Needs the extra `browser`, and a Chromium.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

import httpx2

from longlist.errors import BudgetSpent, LonglistError, Stopped, Unavailable, Unsafe
from longlist.model.call import Answer
from longlist.model.web import Errand
from longlist.web.address import checked
from longlist.web.client import user_agent
from longlist.web.fetch import READ_AT, REDIRECTS, Fetcher
from longlist.web.page import LARGEST_PAGE
from longlist.web.robots import Robots

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Playwright, Route, WebSocketRoute

OWN = "playwright"  # the setting that means the browser that playwright installed
AT_ONCE = 2
SECONDS = 30.0  # for a page
QUIET_SECONDS = 6.0  # to wait for its requests to end
MOST_REQUESTS = 40
MOST_HOPS = 5
NEEDED = frozenset(("document", "script", "xhr", "fetch"))  # no images, fonts, films, styles
ARGUMENTS = (
    "--proxy-server=http://127.0.0.1:9",  # nobody is there
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--disable-gpu",
)


@dataclass(slots=True)
class _Visit:
    """What one page may still ask for, and what ended it, if the task may not go on."""

    errand: Errand
    left: int = MOST_REQUESTS
    ended: Stopped | BudgetSpent | None = None


class ScriptRunner:
    """A `longlist.web.reader.Browser`; to be opened. The browser starts with the first page.

    `chromium` is the path of one, or `OWN`.
    """

    def __init__(self, fetcher: Fetcher, robots: Robots, now: Callable[[], datetime], chromium: str) -> None:
        self._fetcher = fetcher
        self._robots = robots
        self._now = now
        self._chromium = chromium
        self._room = asyncio.Semaphore(AT_ONCE)
        self._starting = asyncio.Lock()
        self._driver: Playwright | None = None
        self._browser: Browser | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        """Close the browser."""
        if self._browser is not None:
            await self._browser.close()
        if self._driver is not None:
            await self._driver.stop()

    async def rendered(self, url: httpx2.URL, errand: Errand) -> Answer:
        """The page once its scripts ran. Unavailable when there is no browser or nothing comes of it."""
        from playwright.async_api import Error  # noqa: PLC0415 - of an extra; `_started` says when it is not there

        async with self._room:
            browser = await self._started()
            visit = _Visit(errand)
            try:
                async with asyncio.timeout(SECONDS):
                    html, ended_at = await self._visit(browser, str(url), visit)
            except (Error, TimeoutError) as error:
                if visit.ended is not None:
                    raise visit.ended from error
                raise Unavailable(f"Running its scripts led to nothing: {_said(error)}.") from error
        if visit.ended is not None:
            raise visit.ended
        if urlsplit(ended_at).hostname != url.host:
            raise Unavailable("Its scripts lead to another site.")
        body = html.encode("utf-8", "replace")[:LARGEST_PAGE]
        headers = {"content-type": "text/html; charset=utf-8", READ_AT: self._now().isoformat()}
        return Answer(body, status=200, headers=headers)

    async def _visit(self, browser: "Browser", url: str, visit: _Visit) -> tuple[str, str]:
        from playwright.async_api import TimeoutError as Late  # noqa: PLC0415 - of an extra

        context: BrowserContext = await browser.new_context(
            user_agent=user_agent(), service_workers="block", accept_downloads=False
        )
        try:

            async def serve(route: "Route") -> None:
                await self._serve(route, visit)

            async def refuse(socket: "WebSocketRoute") -> None:
                await socket.close()

            await context.route("**/*", serve)
            await context.route_web_socket("**/*", refuse)
            page = await context.new_page()
            await page.goto(url, wait_until="domcontentloaded", timeout=SECONDS * 1000)
            with contextlib.suppress(Late):
                await page.wait_for_load_state("networkidle", timeout=QUIET_SECONDS * 1000)
            return await page.content(), page.url
        finally:
            await context.unroute_all(behavior="ignoreErrors")
            await context.close()

    async def _serve(self, route: "Route", visit: _Visit) -> None:
        """Answer one request of a page, or refuse it."""
        from playwright.async_api import Error  # noqa: PLC0415 - of an extra

        request = route.request
        visit.left -= 1
        answer: Answer | None = None
        if request.method == "GET" and request.resource_type in NEEDED and visit.left >= 0 and visit.ended is None:
            try:
                operation = "page" if request.resource_type == "document" else "part"
                answer = await self._asked(request.url, operation, visit.errand)
            except (Stopped, BudgetSpent) as error:
                visit.ended = error
            except LonglistError:
                answer = None  # refused, or nothing came back: as for any browser without a network
        with contextlib.suppress(Error):  # the page may be gone by now
            if answer is None:
                await route.abort()
                return
            kind = answer.headers.get("content-type", "text/plain")
            headers = {"content-type": kind, "access-control-allow-origin": "*"}
            await route.fulfill(status=answer.status or 200, headers=headers, body=answer.body)

    async def _asked(self, url: str, operation: str, errand: Errand) -> Answer:
        """What an address answers, redirects followed; Unsafe or Unavailable when it may not be asked or does not."""
        at = url
        for _ in range(MOST_HOPS + 1):
            target = checked(at)
            rules = await self._robots.rules(target, errand)
            if refusal := rules.refusal(str(target)):
                raise Unavailable(refusal[1])
            answer = await self._fetcher.get(target, operation, errand.freshness, errand)
            if answer.status not in REDIRECTS or "location" not in answer.headers:
                return answer
            at = urljoin(str(target), answer.headers["location"])
        raise Unsafe("It redirects too often.")

    async def _started(self) -> "Browser":
        from playwright.async_api import Error, async_playwright  # noqa: PLC0415 - of an extra

        async with self._starting:
            if self._browser is not None and self._browser.is_connected():
                return self._browser
            if self._driver is None:
                self._driver = await async_playwright().start()
            path = None if self._chromium == OWN else self._chromium
            is_root = hasattr(os, "geteuid") and os.geteuid() == 0  # for whom Chromium has no sandbox
            try:
                self._browser = await self._driver.chromium.launch(
                    executable_path=path, args=[*ARGUMENTS], chromium_sandbox=not is_root
                )
            except Error as error:
                raise Unavailable(f"The browser did not start: {_said(error)}.") from error
            return self._browser


def _said(error: Exception) -> str:
    first = (str(error).strip().splitlines() or [""])[0]
    return first[:200].rstrip(".") or "it took too long"
