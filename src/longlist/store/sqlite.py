"""SQLite: connections, transactions, and opening a file for the first time. The only module that knows it is SQLite.

Python's driver starts transactions late and deferred, so a transaction that reads before it writes fails with
"database is locked" whatever the timeout (cpython issue 124510). We switch that off and say BEGIN ourselves:
IMMEDIATE, which waits for its turn, for every transaction that writes.
"""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from longlist.errors import InvalidInput, StoreError
from longlist.store.revision import newest
from longlist.store.sql import WRITES, Database, sentences, whole

BUSY_SECONDS = 30


def sqlite_path(url: str) -> Path:
    """The file of a `sqlite:///…` URL; InvalidInput for any other."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise InvalidInput(
            f"{url!r} is not a database URL; one looks like sqlite:////home/me/longlist/app.db.", field="database_url"
        ) from error
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise InvalidInput(
            f"The database URL {parsed.render_as_string()} cannot be used: only SQLite files are supported, as in "
            "sqlite:////home/me/longlist/app.db.",
            field="database_url",
        )
    return Path(parsed.database)


def sqlite_engine(path: Path, *, for_migration: bool = False) -> AsyncEngine:
    """An engine for the file. `synchronous=FULL`: what was committed survives a loss of power.

    `for_migration` leaves foreign keys unchecked while a table is rebuilt, and keeps no connection open.
    """
    pool: dict[str, Any] = {"poolclass": NullPool} if for_migration else {"pool_size": 4, "max_overflow": 4}
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}",
        connect_args={"timeout": BUSY_SECONDS},
        json_serializer=str,
        json_deserializer=str,
        hide_parameters=True,
        **pool,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute(f"PRAGMA foreign_keys={'OFF' if for_migration else 'ON'}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get(WRITES) else "BEGIN")

    return engine


@contextlib.asynccontextmanager
async def sqlite_database(path: Path) -> AsyncIterator[Database]:
    """The database in the file `path`, made or brought up to date when needed; closed at the end of the block.

    Several processes may open it at once: the first migrates, the others wait for it. StoreError when the file is
    damaged, not ours, not writable, or of a newer version of Longlist; it is left untouched then.
    """
    await _bring_up_to_date(path)
    engine = sqlite_engine(path)
    try:
        yield Database(engine, str(path))
    finally:
        await engine.dispose()


@whole
async def _bring_up_to_date(path: Path) -> None:
    with sentences(str(path)):
        if await asyncio.to_thread(_prepare, path) == newest():
            return
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
