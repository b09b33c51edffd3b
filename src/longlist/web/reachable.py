"""Whether the web can be reached at all: behind a proxy it is taken to be, else when a well-known name can be looked up."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

from longlist.model.network import Network

NAMES = ("www.wikidata.org", "www.openstreetmap.org", "www.iana.org")
PATIENCE_SECONDS = 3.0
REMEMBERED_SECONDS = 60.0

LookUp = Callable[[str], Awaitable[object]]
"""Looks a name up; OSError when it cannot."""


class Reachability:
    """What was last found out, for a minute. Nothing is sent but the question for an address."""

    def __init__(self, network: Network, look_up: LookUp | None = None, names: Sequence[str] = NAMES) -> None:
        self._has_proxy = bool(network.http_proxy or network.https_proxy)
        self._look_up = look_up or _look_up
        self._names = names
        self._known: tuple[float, bool] | None = None
        self._asking = asyncio.Lock()

    async def __call__(self) -> bool:
        """Whether the web can be reached now."""
        if self._has_proxy:
            return True
        async with self._asking:
            now = time.monotonic()
            if self._known is None or now - self._known[0] > REMEMBERED_SECONDS:
                self._known = now, await self._ask()
            return self._known[1]

    async def _ask(self) -> bool:
        for name in self._names:
            try:
                await asyncio.wait_for(self._look_up(name), PATIENCE_SECONDS)
            except (OSError, TimeoutError):
                continue
            return True
        return False


async def _look_up(name: str) -> object:
    return await asyncio.get_running_loop().getaddrinfo(name, 443)
