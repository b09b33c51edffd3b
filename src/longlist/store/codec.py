"""Values to JSON text and back, exactly: tuples stay tuples, times keep their zone, unions keep their branch.

Fields that hold their default are left out, so a field added to a model later reads as its default from old rows.
Changing the default of a stored field changes what old rows mean and needs a migration.
"""

import re
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError

from longlist.errors import InvalidInput, StoreError

_NUL_IN_JSON = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def check_text(text: str) -> str:
    """The text unchanged; InvalidInput when it holds what no database keeps: a NUL or half a character."""
    if "\0" in text:
        raise InvalidInput(f"The text {_shown(text)} holds a NUL character, which cannot be stored; remove it.")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise InvalidInput(
                f"The text {_shown(text)} holds half a character (a lone surrogate), which cannot be stored; "
                "it was probably read in the wrong encoding."
            ) from error
    return text


def encode(shape: Any, value: Any) -> str:
    """JSON text of a `value` of type `shape`; InvalidInput when a text in it cannot be stored."""
    try:
        raw = _adapter(shape).dump_json(value, exclude_defaults=True, warnings=False)
    except PydanticSerializationError as error:
        raise InvalidInput(f"This cannot be stored: {error}. A text in it was probably read wrongly.") from error
    if b"\\u0000" in raw and _NUL_IN_JSON.search(raw):
        raise InvalidInput("A text holds a NUL character, which cannot be stored; remove it.")
    return raw.decode()


def decode(shape: Any, text: str | bytes) -> Any:
    """The value of type `shape` behind the JSON `text`; StoreError when the text is not one."""
    try:
        return _adapter(shape).validate_json(text)
    except ValidationError as error:
        raise StoreError(
            f"A stored value cannot be read ({error.error_count()} faults in what should be {shape}): the database "
            "was changed by something else or by another version of Longlist. Nothing was altered."
        ) from error


def _shown(text: str) -> str:
    return ascii(text if len(text) <= 60 else text[:57] + "...")
