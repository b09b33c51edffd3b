"""Column types that keep the store's promises on every database: clean text, UTC times, finite numbers, values."""

import math
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Float, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

from longlist.errors import InvalidInput
from longlist.store.codec import check_text, decode, encode


class CleanText(TypeDecorator[str]):
    """Text without NUL characters or lone surrogates; binding any other is InvalidInput."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else check_text(value)


class UtcDateTime(TypeDecorator[datetime]):
    """A point in time, kept in UTC to the microsecond and read back aware; binding a naive one is InvalidInput."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvalidInput(f"The time {value.isoformat()} has no time zone and cannot be stored.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class FiniteFloat(TypeDecorator[float]):
    """A number; NaN and infinities are InvalidInput, since they do not order."""

    impl = Float
    cache_ok = True

    def process_bind_param(self, value: float | None, _dialect: Dialect) -> float | None:
        if value is not None and not math.isfinite(value):
            raise InvalidInput(f"{value} is not a finite number and cannot be stored.")
        return value


class Document(TypeDecorator[Any]):
    """A frozen value of the type `shape` as JSON.

    Text goes to and from the driver as it is, encoded and decoded once, by `codec`: the engine must be made with
    `json_serializer=str, json_deserializer=str`.
    """

    impl = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.shape = shape

    def process_bind_param(self, value: Any, _dialect: Dialect) -> str | None:
        return None if value is None else encode(self.shape, value)

    def process_result_value(self, value: Any, _dialect: Dialect) -> Any:
        return None if value is None else decode(self.shape, value)


class binary(FunctionElement[str]):  # noqa: N801 - reads as a function of SQL
    """A text that orders byte by byte on every database: for texts made in a query; those of columns do of themselves."""

    inherit_cache = True
    type = Text()


@compiles(binary)
def _binary(element: binary, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(binary, "postgresql")
def _binary_on_postgres(element: binary, compiler: SQLCompiler, **options: Any) -> str:
    return f'{compiler.process(element.clauses, **options)} COLLATE "C"'
