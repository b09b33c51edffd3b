"""The JSON schemas that a column may ask for: a small part of JSON Schema, turned into a type that checks answers."""

import functools
import keyword
import operator
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model

MAX_DEPTH = 5
MAX_PROPERTIES = 50
MAX_NAME = 100
KNOWN = frozenset(
    {"type", "properties", "required", "items", "enum", "description", "title", "additionalProperties", "default",
     "examples", "format", "$schema", "minItems", "maxItems", "minimum", "maximum", "minLength", "maxLength"}
)  # fmt: skip
_SIMPLE: Mapping[str, type] = {"string": str, "integer": int, "number": float, "boolean": bool, "null": type(None)}


class _Answer(BaseModel):
    """An object of a schema: nothing that the schema does not name."""

    model_config = ConfigDict(strict=True, extra="forbid")


class _Fault(Exception):
    """What is wrong with a schema."""


def checked_schema(schema: Mapping[str, Any]) -> str:
    """What is wrong with a schema, as a sentence; "" when it can be used."""
    try:
        schema_type(schema)
    except _Fault as fault:
        return str(fault)
    return ""


def schema_type(schema: Mapping[str, Any]) -> type[BaseModel]:
    """The type whose values are what a schema allows. Its root is an object."""
    if not isinstance(schema, Mapping) or schema.get("type") != "object":
        raise _Fault('its type has to be "object".')
    counted = [0]
    made: type[BaseModel] = _object(schema, "Answer", 1, counted)
    return made


def schema_fault(schema: Mapping[str, Any], value: Any) -> str:
    """Why a value is not what a schema allows, as a sentence; "" when it is."""
    try:
        TypeAdapter(schema_type(schema)).validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the answer"
        return f"{place}: {first['msg'][:1].lower()}{first['msg'][1:]}."
    return ""


def _object(schema: Mapping[str, Any], name: str, depth: int, counted: list[int]) -> type[BaseModel]:
    properties = schema.get("properties", {})
    required = schema.get("required", [])
    if not isinstance(properties, Mapping) or not properties:
        raise _Fault("an object needs properties.")
    if not isinstance(required, list | tuple) or not set(map(str, required)) <= set(properties):
        raise _Fault("required lists names of properties.")
    counted[0] += len(properties)
    if depth > MAX_DEPTH or counted[0] > MAX_PROPERTIES:
        raise _Fault(f"it may be {MAX_DEPTH} levels deep and have {MAX_PROPERTIES} properties in all.")
    fields: dict[str, Any] = {}
    for number, (key, inner) in enumerate(properties.items()):
        if not isinstance(key, str) or not key or len(key) > MAX_NAME:
            raise _Fault(f"the name of a property has 1 to {MAX_NAME} characters.")
        kind = _type(inner, f"{name}_{number}", depth + 1, counted)
        is_name = key.isidentifier() and not keyword.iskeyword(key) and not key.startswith(("_", "model_"))
        about = inner.get("description") if isinstance(inner.get("description"), str) else None
        field = f"field_{number}" if not is_name or hasattr(BaseModel, key) else key
        if key in required:
            fields[field] = (kind, Field(alias=key, description=about))
        else:
            fields[field] = (kind | None, Field(None, alias=key, description=about))
    return create_model(name, __base__=_Answer, **fields)


def _type(schema: Any, name: str, depth: int, counted: list[int]) -> Any:
    if not isinstance(schema, Mapping):
        raise _Fault("every property is described by an object.")
    if unknown := next((key for key in schema if key not in KNOWN), None):
        raise _Fault(f"{str(unknown)[:50]!r} is not understood here; {', '.join(sorted(KNOWN - {'$schema'}))} are.")
    if "enum" in schema:
        values = schema["enum"]
        if (
            not isinstance(values, list | tuple)
            or not values
            or not all(isinstance(v, str | int | bool) for v in values)
        ):
            raise _Fault("enum lists texts or whole numbers.")
        return Literal[tuple(values)]
    kinds = schema.get("type")
    if isinstance(kinds, list | tuple) and kinds:
        return functools.reduce(operator.or_, (_type({**schema, "type": kind}, name, depth, counted) for kind in kinds))
    if kinds == "object":
        return _object(schema, name, depth, counted)
    if kinds == "array":
        if "items" not in schema:
            raise _Fault("an array needs items.")
        if depth > MAX_DEPTH:
            raise _Fault(f"it may be {MAX_DEPTH} levels deep.")
        return list[_type(schema["items"], name, depth + 1, counted)]  # type: ignore[misc]
    if isinstance(kinds, str) and kinds in _SIMPLE:
        return _SIMPLE[kinds]
    raise _Fault(f"the type {str(kinds)[:50]!r} is not one of object, array, {', '.join(_SIMPLE)}.")
