"""One HTTP request to a provider, as its file makes it: without address and key, which are added when it is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Request:
    """`path` is appended to the provider's address. With `json` or `form` it is a POST, else a GET.

    `headers` hold nothing secret. `operation` is what the ledger calls it. `units` is how many times the provider's
    price it may cost at most; `cost` reads off an answer what it did cost, given that price in millionths of a dollar,
    None where it does not say. `empty` are statuses that mean: nothing was found. `check` looks into an answer that came
    as it should, and raises Unavailable when it says that it is none.
    """

    path: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    operation: str = "search"
    units: int = 1
    cost: Callable[[Any, int], int | None] | None = None
    empty: tuple[int, ...] = ()
    check: Callable[[Any], None] | None = None

    @property
    def method(self) -> Literal["GET", "POST"]:
        """The method it is sent with."""
        return "GET" if self.json is None and self.form is None else "POST"

    def identity(self, url: str) -> dict[str, Any]:
        """What makes it the same request for the ledger: everything but the key."""
        return {
            "url": url + self.path,
            "params": dict(self.params),
            "json": self.json,
            "form": None if self.form is None else dict(self.form),
            "headers": dict(self.headers),
        }
