"""Values that users put into tables: plain JSON of bounded size. What they mean is the columns' affair."""

import math
from collections.abc import Mapping
from typing import Any

from longlist.errors import InvalidInput

MAX_TEXT = 100_000  # characters of one value
MAX_ITEMS = 1_000  # values inside one value
MAX_DEPTH = 10


def check_values(data: Mapping[str, Any], where: str) -> None:
    """InvalidInput for a value that is too large, too deep, or no number; `where` says which row it is in."""
    for key, value in data.items():
        if fault := _fault(value):
            raise InvalidInput(f"{where}, column {key[:100]!r}: {fault}", field="rows")


def _fault(value: Any) -> str:
    items = [(value, 1)]
    count = text = 0
    while items:
        one, depth = items.pop()
        count += 1
        if count > MAX_ITEMS or depth > MAX_DEPTH:
            return f"a value holds at most {MAX_ITEMS:,} others, {MAX_DEPTH} levels deep."
        if isinstance(one, float) and not math.isfinite(one):
            return "a number has to be finite."
        if isinstance(one, int) and abs(one) >= 2**256:
            return "a number has at most 77 digits."
        if isinstance(one, str):
            text += len(one)
        elif isinstance(one, Mapping):
            text += sum(len(str(key)) for key in one)
            items += [(inner, depth + 1) for inner in one.values()]
        elif isinstance(one, list | tuple):
            items += [(inner, depth + 1) for inner in one]
    return f"a value has at most {MAX_TEXT:,} characters." if text > MAX_TEXT else ""
