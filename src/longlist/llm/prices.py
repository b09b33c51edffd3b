"""What a model's tokens cost, and how many a request used."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from genai_prices import Usage, calc_price

from longlist.errors import InvalidInput
from longlist.llm.spec import ModelSpec

BYTES_A_TOKEN = 3  # of a request: English has some 4 letters a token, other languages fewer
OVERHEAD_TOKENS = 50


@dataclass(frozen=True, slots=True)
class Used:
    """The tokens of one request; `cached` of the `read` ones came from the vendor's cache, `stored` went into it."""

    read: int
    written: int
    cached: int = 0
    stored: int = 0

    @property
    def total(self) -> int:
        """All tokens together."""
        return self.read + self.written


class Price(Protocol):
    """What tokens cost."""

    def micros(self, used: Used) -> int:
        """Millionths of a dollar, rounded up."""
        ...


@dataclass(frozen=True, slots=True)
class FixedPrice:
    """Dollars for a million tokens read and written. Cached tokens count as any other, so it is never too little."""

    read: float
    written: float

    def micros(self, used: Used) -> int:
        """See `Price`."""
        return math.ceil(used.read * self.read + used.written * self.written)


@dataclass(frozen=True, slots=True)
class ListPrice:
    """The vendor's public price, as the package genai-prices knows it."""

    vendor: str
    model: str

    def micros(self, used: Used) -> int:
        """See `Price`."""
        tokens = Usage(
            input_tokens=used.read,
            output_tokens=used.written,
            cache_read_tokens=used.cached or None,
            cache_write_tokens=used.stored or None,
        )
        return math.ceil(calc_price(tokens, self.model, provider_id=self.vendor).total_price * 1_000_000)


FREE = FixedPrice(0, 0)
UNKNOWN = FixedPrice(15, 75)
"""What a vendor's model without a known price counts as: more than most cost, so that no cap is passed unseen."""


def price_of(spec: ModelSpec, said: str = "") -> Price:
    """The price that was `said` ("0.15/0.60": dollars per million tokens read and written), else the vendor's; a server
    of one's own costs nothing. InvalidInput for a price that cannot be read.
    """
    if said.strip():
        read, _, written = said.partition("/")
        try:
            fixed = FixedPrice(float(read), float(written or read))
        except ValueError:
            fixed = FixedPrice(-1, -1)
        if not (0 <= fixed.read < 1e6 and 0 <= fixed.written < 1e6):
            raise InvalidInput(
                f"The price {said!r} is to look like 0.15/0.60: dollars per million tokens read and written.",
                field="llm_price",
            )
        return fixed
    if spec.vendor == "server":
        return FREE
    listed = ListPrice(spec.vendor, spec.name)
    try:
        listed.micros(Used(1, 1))
    except LookupError:
        return UNKNOWN
    return listed


def used_by(answer: Mapping[str, Any]) -> Used | None:
    """The tokens that an answer says it used, in the words of any of the wire formats; None when it does not say."""
    usage = answer.get("usage") or answer.get("usageMetadata")
    if not isinstance(usage, Mapping):
        return None
    details = usage.get("prompt_tokens_details")
    cached = _number(details, "cached_tokens") + _number(usage, "cache_read_input_tokens", "cachedContentTokenCount")
    stored = _number(usage, "cache_creation_input_tokens")
    read = _number(usage, "prompt_tokens", "promptTokenCount")
    if "input_tokens" in usage:  # here what came from the cache, or went into it, is counted beside it
        read = _number(usage, "input_tokens") + _number(usage, "cache_read_input_tokens") + stored
    written = _number(usage, "completion_tokens", "output_tokens", "candidatesTokenCount")
    written += _number(usage, "thoughtsTokenCount")
    return Used(read, written, cached, stored) if read + written else None


def _number(usage: object, *names: str) -> int:
    """The first of the figures that is there; 0 when none is."""
    values = [usage.get(name) for name in names] if isinstance(usage, Mapping) else []
    return next((value for value in values if isinstance(value, int) and value > 0), 0)


def most_used(request: bytes, most_tokens: int) -> Used:
    """The most a request can use, near enough: what it says, and the longest answer allowed."""
    return Used(len(request) // BYTES_A_TOKEN + OVERHEAD_TOKENS, most_tokens)
