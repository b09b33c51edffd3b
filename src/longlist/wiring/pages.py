"""Settings -> the reader of pages, and how much of the web it may ask at once."""

import asyncio
import contextlib
import importlib.util
from typing import Self

from longlist.engine.gates import Limits
from longlist.errors import Unavailable
from longlist.model.call import Caller
from longlist.model.web import Errand, WebPage
from longlist.settings import Settings, load_network
from longlist.web.fetch import PROVIDER, WHOLE_SECONDS, Memory
from longlist.web.reader import open_reader
from longlist.web.seams import PageReader
from longlist.wiring.clock import now

HOST_AT_ONCE = 2
HOST_GAP_SECONDS = 0.25  # between two requests to a host
ATTEMPTS = 2  # of a request that failed in passing


def page_limits(settings: Settings) -> dict[str, Limits]:
    """How much of the web is asked at once: as much as may be asked at all, but little of each host."""
    return {
        PROVIDER: Limits(
            at_once=settings.calls_at_once,
            timeout_seconds=WHOLE_SECONDS + 10.0,
            host_at_once=HOST_AT_ONCE,
            host_gap_seconds=HOST_GAP_SECONDS,
            attempts=ATTEMPTS,
        )
    }


class Pages:
    """A `PageReader` that is opened when the first page is read, as most commands read none; to be opened and closed."""

    def __init__(self, settings: Settings, calls: Caller, memory: Memory | None = None) -> None:
        self._settings = settings
        self._calls = calls
        self._memory = memory
        self._opening = asyncio.Lock()
        self._reader: PageReader | None = None
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._stack.aclose()

    async def read(self, url: str, errand: Errand) -> WebPage:
        """See `longlist.web.seams.PageReader`."""
        if self._reader is None:
            async with self._opening:
                self._reader = self._reader or await self._open()
        return await self._reader.read(url, errand)

    async def _open(self) -> PageReader:
        if self._settings.browser and importlib.util.find_spec("playwright") is None:
            raise Unavailable('The setting browser needs the extra of that name: pip install "longlist[browser]".')
        opened = open_reader(
            self._calls,
            now,
            load_network(),
            contact=self._settings.contact,
            memory=self._memory,
            chromium=self._settings.browser,
        )
        return await self._stack.enter_async_context(opened)
