"""The guard: connects to public addresses only, and to the very address that was checked.

A name is looked up once, what it resolves to is checked, and one of those addresses is connected to: a name that
resolves to something else the next time (DNS rebinding) gains nothing. Host header, server name and certificate stay
those of the name. Only for requests that go through no proxy; a proxy looks names up itself.
"""

import asyncio
import ipaddress
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpcore2
import httpx2

from longlist.errors import Unsafe
from longlist.web.address import IPAddress, is_public

MOST_TRIED = 3  # addresses of a name

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Looks a name up: the addresses behind it. OSError when there are none."""


async def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses of a host as the system knows them."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=1)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Opens connections to public addresses only; Unsafe for a name that has none."""

    def __init__(self, resolve: Resolve = resolved, is_allowed: Callable[[IPAddress], bool] = is_public) -> None:
        self._inner = httpcore2.AnyIOBackend()
        self._resolve = resolve
        self._is_allowed = is_allowed

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is the library's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to one of the host's addresses; `timeout` in seconds is for looking up and for each attempt."""
        try:
            async with asyncio.timeout(timeout):
                found = await self._resolve(host, port)
        except TimeoutError as error:
            raise httpcore2.ConnectTimeout(f"{host} was not found in time") from error
        except OSError as error:
            raise httpcore2.ConnectError(f"{host} was not found") from error
        allowed = [address for address in found if self._may(address)]
        if not allowed:
            raise Unsafe(f"{host} leads to an address that is not public, so it is not asked.")
        failure: Exception = httpcore2.ConnectError(f"{host} cannot be connected to")
        for address in allowed[:MOST_TRIED]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)

    def _may(self, address: str) -> bool:
        try:
            return self._is_allowed(ipaddress.ip_address(address))
        except ValueError:
            return False


class GuardedTransport(httpx2.AsyncHTTPTransport):
    """Sends requests over guarded connections."""

    def __init__(self, context: ssl.SSLContext, backend: GuardedBackend, kept_seconds: float = 15.0) -> None:
        super().__init__(verify=context, trust_env=False)
        assert isinstance(self._pool, httpcore2.AsyncConnectionPool)  # else the guard would guard nothing
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=16,
            keepalive_expiry=kept_seconds,
            network_backend=backend,
        )
