"""SQLite: connections, transactions, and opening a file for the first time. The only module that knows it is SQLite.

Python's driver starts transactions late and deferred, so a transaction that reads before it writes fails with
"database is locked" whatever the timeout (cpython issue 124510). We switch that off and say BEGIN ourselves:
IMMEDIATE, which waits for its turn, for every transaction that writes.
"""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Generator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite
from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.util import await_only

from longlist.errors import InvalidInput, StoreError
from longlist.store.revision import newest
from longlist.store.sql import WRITES, Database, sentences, whole
from longlist.store.turns import Pace, Turns

BUSY_SECONDS = 30
SOON_SECONDS = 0.001  # until somebody whom a request waits for looks again whether the file is free
T = TypeVar("T")
_TURNS: dict[Path, Turns] = {}  # by file: all that write to it in this process wait in one line
GLANCE_SECONDS = 1.0  # a single-row read only ever waits while another process repairs or closes the log


def sqlite_path(url: str) -> Path:
    """The file of a `sqlite:///…` URL; InvalidInput for any other."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        shown = "This" if "@" in url else repr(url)  # it may hold a password
        raise InvalidInput(
            f"{shown} is not a database URL; one looks like sqlite:////home/me/longlist/app.db or "
            "postgresql://user:password@host/database.",
            field="database_url",
        ) from None
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise InvalidInput(
            f"The database URL {parsed.render_as_string()} cannot be used: Longlist keeps its data in SQLite files, as in "
            "sqlite:////home/me/longlist/app.db, or in Postgres, as in postgresql://user:password@host/database.",
            field="database_url",
        )
    return Path(parsed.database)


def is_sqlite(url: str) -> bool:
    """Whether a database URL names a file of SQLite; False for a database server's, and for what is no URL."""
    try:
        return make_url(url).get_backend_name() == "sqlite"
    except ArgumentError:
        return False


def sqlite_ping(path: Path) -> None:
    """Read a row of the file as it lies there now; StoreError when that cannot be, as when it was moved away."""
    with sentences(str(path)), contextlib.closing(read_only(path, GLANCE_SECONDS)) as connection:
        connection.execute("SELECT version_num FROM alembic_version").fetchall()


def read_only(path: Path, timeout: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection that can change nothing, nor make the file. sqlite3.Error, at the first question, when it cannot be."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=timeout, isolation_level=None)


def sqlite_engine(
    path: Path, *, for_migration: bool = False, is_inline: bool = False, is_urgent: bool = False
) -> AsyncEngine:
    """An engine for the file. `synchronous=FULL`: what was committed survives a loss of power.

    `for_migration` leaves foreign keys unchecked while a table is rebuilt, and keeps no connection open. `is_inline`
    works in the event loop itself, see `_Inline`. `is_urgent`: a request waits for what it writes.
    """
    pool: dict[str, Any] = {"poolclass": NullPool} if for_migration else {"pool_size": 4, "max_overflow": 4}
    creator = {"async_creator_fn": partial(_inline, path)} if is_inline else {}
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}",
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None, **creator},
        json_serializer=str,
        json_deserializer=str,
        hide_parameters=True,
        **pool,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute(f"PRAGMA foreign_keys={'OFF' if for_migration else 'ON'}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Connection) -> None:
        if not connection.get_execution_options().get(WRITES):
            connection.exec_driver_sql("BEGIN")
        elif is_urgent:
            _begin_soon(connection)
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _begin_soon(connection: Connection) -> None:
    """Begin to write as soon as the file is free. Another process holds it for milliseconds.

    SQLite itself looks again after 1, 2, 5, 10, 15, 20 and 25 ms: creating a task beside ten that run took 38 ms at p95.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            except OperationalError as error:
                if "locked" not in str(error.orig) or time.monotonic() > deadline:
                    raise
                await_only(asyncio.sleep(SOON_SECONDS))
            else:
                return
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


@contextlib.asynccontextmanager
async def sqlite_database(path: Path, *, pace: Pace = "usual") -> AsyncIterator[Database]:
    """The database in the file `path`, made or brought up to date when needed; closed at the end of the block.

    Opened several times in a process, `urgent` writes go before those of the others. `patient` ones, of a loop that has
    nothing to answer, are made in the loop itself: so no other work of that loop gets in between while they hold the
    file (with ten tasks running it did for 70 ms at p95, and others waited).

    Several processes may open it at once: the first migrates, the others wait for it. StoreError when the file is
    damaged, not ours, not writable, or of a newer version of Longlist; it is left untouched then.
    """
    await bring_sqlite_up_to_date(path)
    engine, readers = (
        sqlite_engine(path, is_inline=pace == "patient", is_urgent=pace == "urgent"),
        sqlite_engine(path, is_inline=True),
    )
    glance = _Glance(path)
    database = Database(
        engine,
        str(path),
        readers=readers,
        look=glance.look,
        turns=_turns(path),
        pace=pace,
    )
    try:
        yield database
    finally:
        await database.close()
        glance.close()


class _Inline(aiosqlite.Connection):
    """A connection that works in the event loop itself instead of in a thread of its own.

    Readers of a write-ahead log wait for nobody, and a read takes some hundred microseconds; handing each of its dozen
    steps to a thread and back costs more than that: a task took 1.1 ms with threads and takes 0.4 without, 50 results
    4.8 and 2.7, on an idle machine; while another thread computes, each step waits for Python's lock besides.
    """

    def __await__(self) -> Generator[Any, None, aiosqlite.Connection]:
        return self._connect().__await__()

    async def _connect(self) -> aiosqlite.Connection:
        self._connection = self._connector()
        return self

    async def _execute(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        return fn(*args, **kwargs)

    async def close(self) -> None:
        """Close the connection."""
        self.stop()

    def stop(self) -> None:
        """Close the connection; there is no thread to wait for."""
        self._running = False
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _turns(path: Path) -> Turns:
    """The line in which all that write to a file in this process wait."""
    return _TURNS.setdefault(path.absolute(), Turns())


def _inline(path: Path, *_: Any, **options: Any) -> _Inline:
    return _Inline(lambda: sqlite3.connect(path, **options), iter_chunk_size=64)


class _Glance:
    """A connection that reads single rows in the event loop itself. Readers of a write-ahead log wait for nobody."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    def look(self, sql: str, values: Mapping[str, str]) -> Sequence[Any] | None:
        """The first row of a query, None when there is none."""
        if self._connection is None:
            self._connection = sqlite3.connect(self._path, timeout=GLANCE_SECONDS, isolation_level=None)
        rows: list[Sequence[Any]] = self._connection.execute(sql, values).fetchall()  # to the end: no read stays open
        return rows[0] if rows else None

    def close(self) -> None:
        """Close the connection, if there ever was one."""
        if self._connection is not None:
            self._connection.close()


@whole
async def bring_sqlite_up_to_date(path: Path) -> tuple[str, str]:
    """Make the file, and run the migrations that are lacking; returns the revisions before and after, "" for none."""
    with sentences(str(path)):
        before = await asyncio.to_thread(_prepare, path)
        if before == newest():
            return before, before
        from longlist.store.migrate import is_current, upgrade  # noqa: PLC0415 - Alembic takes 0.3 s, once in a lifetime

        migrating = sqlite_engine(path, for_migration=True)
        try:
            async with migrating.connect() as connection:
                current = await connection.run_sync(is_current, str(path))
            if not current:
                async with migrating.execution_options(**{WRITES: True}).begin() as connection:
                    await connection.run_sync(upgrade, str(path))
        finally:
            await migrating.dispose()
        return before, newest()


def _prepare(path: Path) -> str:
    """Make the folder and an empty file, see that the file is ours, and switch it to write-ahead logging.

    Returns the revision of its tables, "" when there are none yet.

    The switch needs the file alone and does not wait for its turn by itself, hence the loop.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"The data directory {path.parent} cannot be made ({error.strerror}); set LONGLIST_HOME to a folder that can be written."
        ) from error
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            with contextlib.closing(sqlite3.connect(path, timeout=BUSY_SECONDS)) as connection:
                tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
                if tables and "alembic_version" not in tables:
                    raise StoreError(
                        f"{path} is a database of another program; it was left as it is. Set LONGLIST_HOME or "
                        "LONGLIST_DATABASE_URL to a place of its own."
                    )
                connection.execute("PRAGMA journal_mode=WAL")
                found = connection.execute("SELECT version_num FROM alembic_version").fetchall() if tables else []
                return ",".join(sorted(str(version) for (version,) in found))
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise StoreError(
                    f"The database {path} cannot be opened for writing ({error}). Check its folder, owner and permissions."
                ) from error
            time.sleep(0.02)
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"{path} is damaged or is not a Longlist database ({error}); it was left as it is. "
                "Move it away, or restore a copy, and try again."
            ) from error
