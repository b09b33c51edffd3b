"""What a provider is: its address, what it asks of us, what it costs. Constants only; nothing is asked here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["web_search", "maps", "linkedin", "facts", "contacts"]
Needs = Literal["key", "url", "switch", ""]


@dataclass(frozen=True, slots=True)
class About:
    """One provider. `name` is the middle of its settings: LONGLIST_<NAME>_URL and LONGLIST_<NAME>_KEY.

    `url` is its public address, "" when everybody has their own. `needs` says what must be set before it is asked: a
    key, an address, a switch, or nothing. `key_header` carries the key, after `key_prefix`. `cost_micros` is the most a
    request costs by its public price list (`price_url`, as of `price_date`), in millionths of a dollar. `a_second` and
    `at_once` are how much it bears; `timeout_seconds` how long it may take; `attempts` how often a request
    that failed in passing is sent in all, where that is not as usual. `hints` are sentences for what a status
    means with this provider; `too_often` are those that mean it was asked too often, beside 429; `key_faults` are words in an error that mean a wrong key whatever its status.
    """

    name: str
    title: str
    kinds: tuple[Kind, ...]
    url: str
    needs: Needs = "key"
    key_header: str = "Authorization"
    key_prefix: str = "Bearer "
    cost_micros: int = 0
    price: str = "free"
    price_url: str = ""
    price_date: str = ""
    policy: str = ""
    attribution: str = ""
    a_second: float | None = None
    at_once: int = 10
    timeout_seconds: float = 30.0
    attempts: int | None = None
    hints: Mapping[int, str] = field(default_factory=dict)
    too_often: tuple[int, ...] = ()
    key_faults: tuple[str, ...] = ()

    @property
    def key_variable(self) -> str:
        """The setting that holds its key."""
        return f"LONGLIST_{self.name.upper()}_KEY"

    @property
    def url_variable(self) -> str:
        """The setting that holds its address."""
        return f"LONGLIST_{self.name.upper()}_URL"

    @property
    def wanted(self) -> str:
        """What to set before it can be asked, "" when nothing is needed."""
        switch = f"LONGLIST_{self.name.upper()}=true"
        return {"key": self.key_variable, "url": self.url_variable, "switch": switch, "": ""}[self.needs]
