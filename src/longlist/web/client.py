"""The HTTP client everything uses that asks the outside: providers, models, pages.

It repeats nothing, follows no redirect, keeps no cookie, and looks at no environment: which proxies to use and whose
certificates to trust is handed in, and who is asked directly is decided here. (A client that is given a transport
ignores proxies, so the transport itself chooses among them.)
"""

import ipaddress
import ssl
from collections.abc import Callable
from functools import lru_cache, partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from pathlib import Path
from zlib import crc32

import httpx2

from longlist import __version__
from longlist.errors import InvalidInput
from longlist.model.network import DIRECT, Network

PRODUCT = "Longlist"
"""What robots.txt files know us by."""
CONNECT_SECONDS, READ_SECONDS = 10.0, 60.0
KEPT_OPEN, KEPT_SECONDS = 16, 15.0  # of each shard
SHARDS = 16
LOCAL = ("localhost", "localhost.localdomain")


def user_agent(contact: str = "") -> str:
    """How we present ourselves; `contact` is a page or mailbox of whoever runs this Longlist."""
    who = f"{PRODUCT}/{__version__}"
    plain = "".join(c for c in contact if " " < c <= "~" and c not in "()")
    return f"{who} (+{plain})" if plain else f"{who} (a self-hosted company search)"


def open_client(
    network: Network = DIRECT,
    *,
    contact: str = "",
    direct: httpx2.AsyncBaseTransport | None = None,
    connections: int | None = None,
    connect_seconds: float = CONNECT_SECONDS,
    read_seconds: float = READ_SECONDS,
) -> httpx2.AsyncClient:
    """A client, to be used with `async with`; InvalidInput when a proxy or the certificates cannot be used.

    `direct` sends what goes through no proxy, where that is to be watched (which addresses may be connected to);
    `trusted(network)` gives the certificates for it. `connections` is the most at once, None for no limit: the ledger
    has limits of its own. `read_seconds` is the longest silence of a server, not the longest answer.
    """
    return httpx2.AsyncClient(
        transport=Routes(network, direct, connections),
        headers={"User-Agent": user_agent(contact)},
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
        timeout=httpx2.Timeout(read_seconds, connect=connect_seconds, pool=None),
        follow_redirects=False,
        trust_env=False,
    )


@lru_cache(maxsize=8)
def trusted(network: Network) -> ssl.SSLContext:
    """The certificates to trust: those of the file that was named, else the system's. InvalidInput when it is unusable."""
    if not network.ca_file:
        return httpx2.create_ssl_context(trust_env=False)
    if not Path(network.ca_file).is_file():
        raise InvalidInput(f"SSL_CERT_FILE names {network.ca_file}, which is not a file.", field="SSL_CERT_FILE")
    try:
        return ssl.create_default_context(cafile=network.ca_file)
    except (ssl.SSLError, OSError) as error:
        raise InvalidInput(
            f"SSL_CERT_FILE names {network.ca_file}, which holds no usable certificates: {error}."
        ) from error


async def read_body(response: httpx2.Response, most_bytes: int) -> tuple[bytes, bool]:
    """The body of a response that is being streamed, unpacked, and whether it ends there; at most `most_bytes` of it.

    What is packed is unpacked a piece at a time, so that a small answer cannot fill the memory.
    """
    parts, size = [], 0
    async for part in response.aiter_bytes():
        parts.append(part[: most_bytes - size])
        size += len(parts[-1])
        if len(parts[-1]) < len(part):
            return b"".join(parts), False
    return b"".join(parts), True


class Shards(httpx2.AsyncBaseTransport):
    """Several transports, each for its share of hosts: one alone looks through all its connections at every request, which
    with a hundred hosts takes longer than the rest of it.
    """

    def __init__(self, made: Callable[[], httpx2.AsyncBaseTransport], shards: int = SHARDS) -> None:
        self._shards = [made() for _ in range(shards)]

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it through the transport of its host."""
        shard = self._shards[crc32(request.url.raw_host) % len(self._shards)]
        return await shard.handle_async_request(request)

    async def aclose(self) -> None:
        """Close all connections."""
        for shard in self._shards:
            await shard.aclose()


class Routes(httpx2.AsyncBaseTransport):
    """Sends each request through the proxy for its scheme, or directly where there is none or it is not to be used."""

    def __init__(
        self, network: Network, direct: httpx2.AsyncBaseTransport | None = None, connections: int | None = None
    ) -> None:
        context = trusted(network)
        limits = httpx2.Limits(
            max_connections=connections, max_keepalive_connections=KEPT_OPEN, keepalive_expiry=KEPT_SECONDS
        )
        self._network = network
        self._direct = direct or httpx2.AsyncHTTPTransport(verify=context, trust_env=False, limits=limits)
        self._proxies: dict[str, httpx2.AsyncBaseTransport] = {}
        for variable, url in (("HTTP_PROXY", network.http_proxy), ("HTTPS_PROXY", network.https_proxy)):
            if url and url not in self._proxies:
                self._proxies[url] = Shards(
                    partial(_proxied, variable, url, context, limits), 1 if connections else SHARDS
                )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send it."""
        return await self._for(request.url).handle_async_request(request)

    async def aclose(self) -> None:
        """Close all connections."""
        for transport in (self._direct, *self._proxies.values()):
            await transport.aclose()

    def _for(self, url: httpx2.URL) -> httpx2.AsyncBaseTransport:
        proxy = proxy_of(self._network, url.scheme, url.host, url.port)
        return self._proxies[proxy] if proxy else self._direct


def proxy_of(network: Network, scheme: str, host: str, port: int | None = None) -> str:
    """The proxy that a request goes through, "" when it goes directly. What is on this machine is asked directly."""
    proxy = network.https_proxy if scheme == "https" else network.http_proxy
    return "" if not proxy or _is_exempt(network.no_proxy, host.lower().rstrip("."), port) else proxy


def _is_exempt(no_proxy: str, host: str, port: int | None) -> bool:
    address = _address(host)
    if host in LOCAL or (address and address.is_loopback):
        return True
    for entry in no_proxy.replace(",", " ").lower().split():
        name, _, wanted = entry.rpartition(":") if entry.count(":") == 1 else (entry, "", "")
        if wanted and wanted != str(port):
            continue
        if name == "*":
            return True
        if address is not None:
            if (network := _network(name.strip("[]"))) and address in network:
                return True
            continue
        suffix = name.removeprefix("*").lstrip(".")
        if suffix and (host == suffix or host.endswith(f".{suffix}")):
            return True
    return False


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return None


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


def _proxied(variable: str, url: str, context: ssl.SSLContext, limits: httpx2.Limits) -> httpx2.AsyncBaseTransport:
    try:
        proxy = httpx2.Proxy(url if "://" in url else f"http://{url}")
        return httpx2.AsyncHTTPTransport(verify=context, trust_env=False, limits=limits, proxy=proxy)
    except (ValueError, httpx2.InvalidURL):  # not quoted: it may hold a password
        form = "it is to look like http://host:port"
    except ImportError:
        form = "a SOCKS proxy needs the package socksio"
    raise InvalidInput(f"{variable} names no usable proxy: {form}.", field=variable)
