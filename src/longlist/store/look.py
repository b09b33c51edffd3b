"""A look at a SQLite database that changes nothing and makes nothing, whatever state it is in."""

import contextlib
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from longlist.store.backup import as_it_lies, integrity
from longlist.store.sqlite import GLANCE_SECONDS, read_only

UNFINISHED = "status IN ('created', 'in_progress')"


@dataclass(frozen=True, slots=True)
class DatabaseLook:
    """What is in the file. `revision` is "" for a database of another program; `faults` are SQLite's own words.

    `unfinished` counts tasks that did not end, `waiting` those of them that a worker is to run. `server` tells of the
    server, where there is one, and `hindrance` why it cannot be worked with, if so.
    """

    bytes: int
    wal_bytes: int
    revision: str
    faults: tuple[str, ...] = ()
    tasks: int = 0
    unfinished: int = 0
    waiting: int = 0
    tokens: int = 0
    companies: int = 0
    fingerprint: str = ""
    server: str = ""
    hindrance: str = ""


def look_at(path: Path) -> DatabaseLook:
    """What is in the file; sqlite3.Error or OSError when it cannot be read. Where a table is missing its counts are 0."""
    size, log = path.stat().st_size, _size(path.with_name(f"{path.name}-wal"))
    if log:  # what it holds is part of the database
        with contextlib.closing(read_only(path, GLANCE_SECONDS)) as connection:
            return _look(connection, size, log)
    try:
        with contextlib.closing(as_it_lies(path)) as connection:
            return _look(connection, size, 0)
    except sqlite3.DatabaseError:
        if not (log := _size(path.with_name(f"{path.name}-wal"))):
            raise
        with contextlib.closing(read_only(path, GLANCE_SECONDS)) as connection:  # somebody began to write meanwhile
            return _look(connection, size, log)


def _look(connection: sqlite3.Connection, size: int, log: int) -> DatabaseLook:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def one(query: str) -> int:
        try:
            return int(connection.execute(query).fetchone()[0])
        except sqlite3.OperationalError:  # tables of another revision
            return 0

    if "alembic_version" not in tables:
        return DatabaseLook(size, log, "")
    versions = sorted(str(row[0]) for row in connection.execute("SELECT version_num FROM alembic_version"))
    faults = tuple(integrity(connection))
    if faults:
        return DatabaseLook(size, log, ",".join(versions), faults)
    print_of = (
        connection.execute("SELECT value FROM meta WHERE key = 'catalog_fingerprint'") if "meta" in tables else ()
    )
    return DatabaseLook(
        bytes=size,
        wal_bytes=log,
        revision=",".join(versions),
        tasks=one("SELECT count(*) FROM task"),
        unfinished=one(f"SELECT count(*) FROM task WHERE {UNFINISHED}"),  # noqa: S608
        waiting=one(f"SELECT count(*) FROM task WHERE is_queued AND {UNFINISHED}"),  # noqa: S608
        tokens=one(
            "SELECT count(*) FROM token WHERE kind = 'token' AND revoked_at IS NULL "
            "AND (expires_at IS NULL OR expires_at > datetime('now'))"
        ),
        companies=one("SELECT count(DISTINCT company_key) FROM record"),
        fingerprint=next((str(value) for (value,) in print_of), ""),
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
