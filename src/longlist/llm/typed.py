"""Texts of models into typed answers, forgiving what is around them and nothing that is in them."""

import json
import re
from typing import TypeVar

from pydantic import BaseModel, ValidationError

Typed = TypeVar("Typed", bound=BaseModel)
_FENCE = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL)
_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL)
MOST_FAULTS = 5


class Unusable(ValueError):
    """The text is not of the type; `str()` says what is wrong in words the model can mend it by."""


def read(text: str, answer: type[Typed]) -> Typed:
    """The answer in a text: JSON alone, in a fence, or with words around it. Unusable when there is none of the type."""
    text = _THOUGHT.sub("", text).strip()
    if not text:
        raise Unusable("the answer is empty")
    values = [value for part in (text, *_FENCE.findall(text)) if (value := _parsed(part)) is not None]
    if not values:
        raise Unusable("the answer is not one JSON object")
    faults: ValidationError | None = None
    for value in values:
        try:
            return answer.model_validate(value)
        except ValidationError as error:
            faults = faults or error
    assert faults is not None
    said = [f"{'.'.join(str(p) for p in f['loc']) or 'answer'}: {f['msg']}" for f in faults.errors()[:MOST_FAULTS]]
    raise Unusable("; ".join(said))


def _parsed(text: str) -> object:
    """The JSON object in a text, from its first brace to its last; None when there is none."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return None
    try:
        value = json.loads(text[start : end + 1])
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
