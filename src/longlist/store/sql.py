"""What all SQL stores share: transactions, errors as sentences, upserts. Knows no table."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, ParamSpec, TypeAlias, TypeVar

from sqlalchemy import Row, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from longlist.errors import LonglistError, StoreError

WRITES = "longlist_writes"
"""Execution option of connections that write; SQLite takes the write lock at once for them."""

BATCH = 500
"""Values in one IN list; every database takes more, and none gains by it."""

P = ParamSpec("P")
T = TypeVar("T")
AnyRow: TypeAlias = "Row[*tuple[Any, ...]]"


def batches(values: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The values in lists of at most `size`."""
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some


async def upsert(
    connection: AsyncConnection, table: Table, rows: Sequence[dict[str, Any]], update: Sequence[str]
) -> None:
    """Insert rows; where the primary key is there already set the columns in `update`.

    Without such columns a row that any unique key of the table has already is left as it is.
    """
    if not rows:
        return
    insert = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}[connection.dialect.name]
    statement: Any = insert(table)
    if update:
        statement = statement.on_conflict_do_update(
            index_elements=[column.name for column in table.primary_key],
            set_={name: getattr(statement.excluded, name) for name in update},
        )
    else:
        statement = statement.on_conflict_do_nothing()
    await connection.execute(statement, list(rows))


def whole(method: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """A write that, once begun, is finished even when its caller is cancelled meanwhile; the caller then is cancelled.

    A statement cut off half-way keeps SQLite's write lock until its cursor is collected, which may be never: the
    exception that tells of it refers to it.
    """

    @functools.wraps(method)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        work = asyncio.ensure_future(method(*args, **kwargs))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            await asyncio.wait([work])
            if not work.cancelled():
                work.exception()  # the caller hears of its cancellation, not of this
            raise

    return run


@contextlib.contextmanager
def sentences(place: str) -> Iterator[None]:
    """Turn errors of the database at `place` into StoreError; our own errors pass, also from inside a binding."""
    try:
        yield
    except StatementError as error:
        if isinstance(error.orig, LonglistError):
            raise error.orig from None
        raise StoreError(_sentence(place, error)) from error
    except (SQLAlchemyError, OSError) as error:
        raise StoreError(_sentence(place, error)) from error


def _sentence(place: str, error: Exception) -> str:
    cause = error.orig if isinstance(error, StatementError) and error.orig else error
    words = str(cause).lower()
    if "locked" in words or "busy" in words:
        return f"The database {place} was busy with another process for 30 seconds; nothing was changed. Try again."
    if "full" in words:
        return f"There is no space left for the database {place}; nothing was changed. Make room and try again."
    if "not a database" in words or "malformed" in words:
        return (
            f"{place} is damaged or is not a Longlist database ({cause}); it was left as it is. "
            "Move it away, or restore a copy, and try again."
        )
    if "readonly" in words or "unable to open" in words or isinstance(cause, PermissionError):
        return f"The database {place} cannot be opened for writing ({cause}). Check its folder, owner and permissions."
    if isinstance(error, IntegrityError):
        return f"The database {place} refused a row that breaks its rules ({cause}); nothing was changed."
    return f"The database {place} cannot be used: {cause}. Nothing was changed."


class Database:
    """An engine with one writer at a time in this process; readers never wait for it."""

    def __init__(self, engine: AsyncEngine, place: str) -> None:
        self.engine = engine
        self.place = place
        self._writers = engine.execution_options(**{WRITES: True})
        self._one_writer = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one consistent state."""
        with sentences(self.place):
            async with self.engine.connect() as connection:
                yield connection

    @contextlib.asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A writing transaction: committed at the end of the block, or wholly undone."""
        with sentences(self.place):
            async with self._one_writer, self._writers.begin() as connection:
                yield connection
