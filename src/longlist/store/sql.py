"""What all SQL stores share: transactions, errors as sentences, upserts. Knows no table."""

import asyncio
import contextlib
import functools
import random
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, ParamSpec, TypeAlias, TypeVar

from sqlalchemy import Row, Table, text
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import QueuePool

from longlist.errors import LonglistError, StoreError
from longlist.store.turns import Pace, Turns

WRITES = "longlist_writes"
"""Execution option of connections that write; SQLite takes the write lock at once for them."""

BATCH = 500
"""Values in one IN list; every database takes more, and none gains by it."""

TRIES = 5
"""How often a write is done anew that the database undid because two writers stood in each other's way."""

CLOSE_SECONDS, LOOK_SECONDS = 5.0, 0.002
"""How long closing waits for what is under way, and how often it looks."""

P = ParamSpec("P")
T = TypeVar("T")
AnyRow: TypeAlias = "Row[*tuple[Any, ...]]"
Look: TypeAlias = Callable[[str, Mapping[str, str]], Sequence[Any] | None]


class Clash(StoreError):
    """Two writers stood in each other's way and the database undid this one, wholly; doing it again helps."""


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
    if connection.dialect.name == "postgresql":  # writers that meet the same rows meet them in the same order
        rows = sorted(rows, key=lambda row: [row[column.name] for column in table.primary_key])
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
    exception that tells of it refers to it. A write that met a Clash is done again.
    """

    async def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        for number in range(1, TRIES):
            try:
                return await method(*args, **kwargs)
            except Clash:
                await asyncio.sleep(random.uniform(0, 0.02 * 2**number))  # noqa: S311 - no secret, only out of step
        return await method(*args, **kwargs)

    @functools.wraps(method)
    async def run(*args: P.args, **kwargs: P.kwargs) -> T:
        work = asyncio.ensure_future(tried(*args, **kwargs))
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
    except (SQLAlchemyError, OSError, sqlite3.Error) as error:
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

    def __init__(
        self,
        engine: AsyncEngine,
        place: str,
        *,
        readers: AsyncEngine | None = None,
        look: Look | None = None,
        turns: Turns | None = None,
        pace: Pace = "usual",
    ) -> None:
        """`readers` is for reading, where that is not `engine` as well. `look` reads one row at once, without waiting
        for anything; None where a database has no such way. `turns` is shared by all that write to the same database
        in this process, `pace` says who goes first.
        """
        self.engine = engine
        self.place = place
        self._readers = readers or engine
        self._look = look
        self._writers = engine.execution_options(**{WRITES: True})
        self._own_turn = asyncio.Lock()  # among the coroutines of this loop; then among all loops
        self._turns = turns or Turns()
        self._pace = pace
        self._blocks = 0  # of reading and writing, that have begun and not ended

    async def close(self) -> None:
        """Close all connections, after waiting some seconds for what is under way.

        A write goes on after whoever asked for it was cancelled, and so does the return of a connection to its pool; a
        connection that comes back too late would stay open.
        """
        engines = {self.engine, self._readers}
        await asyncio.sleep(0)  # what was just asked for begins
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                while self._blocks or any(map(_in_use, engines)):  # noqa: ASYNC110 - a pool tells nobody
                    await asyncio.sleep(LOOK_SECONDS)
        for engine in engines:
            await engine.dispose()

    @contextlib.contextmanager
    def _under_way(self) -> Iterator[None]:
        self._blocks += 1
        try:
            yield
        finally:
            self._blocks -= 1

    async def point(self, sql: str, **values: str) -> Sequence[Any] | None:
        """One row found by a unique key, None when there is none: for what is asked with every request.

        `sql` names its values as in `WHERE id = :id`. On SQLite this takes some ten microseconds; a connection of the
        pool takes fifty times that, all of it in handing the question to a thread and back.
        """
        with self._under_way(), sentences(self.place):
            if self._look is not None:
                return self._look(sql, values)
            async with self._readers.connect() as connection:
                row = (await connection.execute(text(sql), values)).one_or_none()
                return None if row is None else tuple(row)

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one consistent state."""
        with self._under_way(), sentences(self.place):
            async with self._readers.connect() as connection:
                yield connection

    @contextlib.asynccontextmanager
    async def writing(self, *, alone: str = "") -> AsyncIterator[AsyncConnection]:  # noqa: ARG002 - one writer is alone
        """A writing transaction: committed at the end of the block, or wholly undone.

        What is read in it may change before it ends where a database has several writers: lock the row first
        (`touch`, FOR UPDATE), or write `alone`: one at a time of those that give the same name.
        """
        with self._under_way(), sentences(self.place):
            async with self._own_turn, self._turns.turn(self._pace), self._writers.begin() as connection:
                yield connection


def _in_use(engine: AsyncEngine) -> int:
    """How many connections of an engine are in use."""
    return engine.pool.checkedout() if isinstance(engine.pool, QueuePool) else 0
