"""How this machine reaches the network: through which proxies, and whose certificates it trusts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Network:
    """The proxies for plain and for encrypted requests, "" for none; who is asked directly; and trusted certificates.

    `no_proxy` is as people write it in NO_PROXY: names (with all below them), addresses and networks, with commas
    between; "*" means everybody. `ca_file` is a file of certificates in PEM, "" for the system's own.
    """

    http_proxy: str = ""
    https_proxy: str = ""
    no_proxy: str = ""
    ca_file: str = ""


DIRECT = Network()
"""No proxy, the system's certificates."""
