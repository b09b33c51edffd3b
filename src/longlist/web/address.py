"""Which addresses of the web may be asked: public ones, over http or https, written plainly.

`checked` goes by how an address is written; where names are looked up here, `guard` goes by what they resolve to as well.
"""

import ipaddress
import re

import httpx2

from longlist.errors import Unsafe

LONGEST = 4_000  # characters
LOCAL_NAMES = re.compile(
    r"(?:^|\.)(?:localhost|localdomain|local|internal|intranet|lan|home|corp|private|onion|i2p|home\.arpa|in-addr\.arpa|ip6\.arpa)$"
)
LOW_PORTS = {80, 443}  # below 1024 is where services of another kind live

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_AUTHORITY = re.compile(r"[a-z][a-z0-9+.-]*:/*([^/?#]*)", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_RELAYS = tuple(map(ipaddress.ip_network, ("192.88.99.0/24", "64:ff9b:1::/48", "2001::/23", "2002::/16", "3fff::/20")))
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # IPv4 through NAT64
_GLOBAL = ipaddress.ip_network("2000::/3")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def checked(url: str) -> httpx2.URL:
    """The address, made regular (lower-case host, no fragment, no needless port); Unsafe, with a sentence, when it must
    not be asked.
    """
    shown = _shown(url)
    if len(url) > LONGEST:
        raise Unsafe(f"The address {shown} is too long.")
    if _CONTROL.search(url):
        raise Unsafe(f"The address {shown} holds control characters.")
    authority = _AUTHORITY.match(url)
    if authority is None or "\\" in authority[1] or "%" in authority[1] or " " in authority[1]:
        raise Unsafe(f"{shown} is no address of the web.")
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise Unsafe(f"{shown} is no address of the web: {error}.") from error
    if parsed.scheme not in {"http", "https"}:
        raise Unsafe(f"Only http and https are read, not {parsed.scheme or 'addresses without a scheme'}.")
    if parsed.userinfo or "@" in authority[1]:
        raise Unsafe(f"The address {shown} holds a user name, which pages do not need.")
    host = parsed.raw_host.decode("ascii").lower().removesuffix(".")
    check_host(host, shown)
    if parsed.port is not None and parsed.port < 1024 and parsed.port not in LOW_PORTS:
        raise Unsafe(f"The address {shown} names a port that is not the web's.")
    return parsed.copy_with(host=host, fragment=None, raw_path=parsed.raw_path)


def check_host(host: str, shown: str) -> None:
    """Unsafe when a host, in ASCII, is a name of this machine or its network, an address in disguise, or not public."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        address = None
    if address is not None:
        if not is_public(address):
            raise Unsafe(f"The address {shown} is not public, so it is not asked.")
        return
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        raise Unsafe(f"The address {shown} is a number in disguise, so it is not asked.")
    if len(labels) < 2 or LOCAL_NAMES.search(host):
        raise Unsafe(f"The address {shown} names something in a private network, so it is not asked.")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise Unsafe(f"{shown} is no address of the web.")


def is_public(address: IPAddress) -> bool:
    """Whether anybody on the Internet may be meant by it: nothing private, loopback, link-local, multicast or reserved,
    and no IPv6 address that carries such an IPv4 one, or may carry any.
    """
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address in _TRANSLATED:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if address not in _GLOBAL or address.scope_id:
            return False
    if any(address.version == relay.version and address in relay for relay in _RELAYS):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_private)


def _shown(url: str) -> str:
    """An address as it may be repeated: short, printable, without what may be a password."""
    plain = "".join(character if character.isprintable() else "?" for character in url[:200])
    return re.sub(r"//[^/?#]*@", "//…@", plain)
