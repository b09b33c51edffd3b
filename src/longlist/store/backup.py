"""Backups of a SQLite database that is in use, and putting one back.

A backup is a zip file of `app.db`, one consistent moment of the database, and `manifest.json`, which says what must be
found in it. `VACUUM INTO` reads in one transaction: in a write-ahead log it waits for no writer, and none waits for it.
Nothing half-made ever has a final name.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import stat
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from longlist.errors import Conflict, InvalidInput, StoreError
from longlist.store.revision import known
from longlist.store.sql import sentences
from longlist.store.sqlite import read_only

FORMAT = 1
DATABASE, MANIFEST = "app.db", "manifest.json"
CHUNK = 2**20
LEVEL = 6  # of deflate: 9 takes twice as long for 1 % less
LEFT_OVER_SECONDS = 3600.0  # after which the unfinished file of a backup that was killed is cleared away
ALONE_SECONDS = 2.0  # how long a restore waits for other commands to close the database
LOOK_STEPS = 10_000  # of SQLite's machine, between two looks whether to give up
MAX_MANIFEST = 2**20  # bytes


class GivenUp(Exception):
    """The user broke it off; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: of which version, and how many rows of each table."""

    format: int
    longlist: str
    revision: str
    made_at: str
    bytes: int
    sha256: str
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did; `aside` is where the database that was there lies now, None when it held nothing."""

    manifest: Manifest
    aside: Path | None


def back_up(database: Path, file: Path, version: str, given_up: threading.Event) -> tuple[Manifest, int]:
    """Write the database into `file`, verified, in one step; returns the manifest and the file's size.

    A backup of that name is replaced; InvalidInput for any other file. StoreError when there is no database, when it is
    damaged, or the file cannot be written.
    """
    if not database.is_file():
        raise StoreError(f"There is no database {database} to back up.")
    _check_target(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        _clear(file)
        with _beside(file, ".db") as copy, _beside(file, ".part") as packed:
            with sentences(str(database)):
                _snapshot(database, copy, given_up)
            manifest = _manifest(copy, version, given_up)
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
                archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=2))
                with copy.open("rb") as source, archive.open(DATABASE, "w", force_zip64=True) as target:
                    _pump(source, target.write, given_up)
            _read_back(packed, lambda _: None, given_up)
            _sync(packed)
            packed.replace(file)
            _sync(file.parent)
    except OSError as error:
        raise StoreError(
            f"The backup {file} cannot be written: {error.strerror or error}. Nothing was kept."
        ) from error
    return manifest, file.stat().st_size


def restore(file: Path, database: Path, given_up: threading.Event, *, force: bool) -> Restored:
    """Put a backup in the database's place, once everything about it was checked.

    The caller is the worker of the database, so that no other is. InvalidInput when the file is no sound backup;
    StoreError when a newer version made it; Conflict when the database is in use, or holds something and not `force`.
    """
    before = _contents(database)
    if before != "nothing" and not force:
        holds = "is damaged or not ours" if before == "unknown" else "holds tasks, tokens or imported companies"
        raise Conflict(
            f"The database {database} {holds}; it was left as it is. `--force` puts the backup in its place and keeps it "
            "aside."
        )
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        with _beside(database, ".restoring") as copy:
            with copy.open("wb") as target:
                manifest = _read_back(file, target.write, given_up)
            _check_restored(file, copy, manifest, given_up)
            _own_like(copy, database)
            _sync(copy)
            aside = _set_aside(database) if database.exists() else None
            copy.replace(database)
            _sync(database.parent)
    except OSError as error:
        raise StoreError(f"The database {database} cannot be written: {error.strerror or error}.") from error
    if aside is not None and before == "nothing":
        aside.unlink(missing_ok=True)
        aside = None
    return Restored(manifest, aside)


def read_manifest(file: Path) -> Manifest:
    """What a backup says of itself; InvalidInput when it is none."""
    return _opened_manifest(file, None)


def integrity(connection: sqlite3.Connection) -> list[str]:
    """What is wrong with a database, in SQLite's words; nothing when it is sound."""
    found = [str(line) for (line,) in connection.execute("PRAGMA integrity_check(5)")]
    found = [] if found == ["ok"] else found
    return found + [f"{row[0]} refers to a missing row of {row[2]}" for row in _first(connection, 5)]


def _first(connection: sqlite3.Connection, most: int) -> list[tuple[str, int, str]]:
    return connection.execute("PRAGMA foreign_key_check").fetchmany(most)


def _snapshot(database: Path, copy: Path, given_up: threading.Event) -> None:
    with contextlib.closing(read_only(database)) as connection:
        connection.set_progress_handler(given_up.is_set, LOOK_STEPS)
        if not _is_ours(connection):
            raise StoreError(f"{database} is a database of another program; it was not backed up.")
        try:
            connection.execute("VACUUM INTO ?", (str(copy),))
        except sqlite3.OperationalError:
            if given_up.is_set():
                raise GivenUp from None
            raise


def _is_ours(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchall())


def _manifest(copy: Path, version: str, given_up: threading.Event) -> Manifest:
    digest = hashlib.sha256()
    with copy.open("rb") as source:
        size = _pump(source, digest.update, given_up)
    with sentences(str(copy)), contextlib.closing(as_it_lies(copy)) as connection:
        if faults := integrity(connection):
            raise StoreError(f"The database is damaged ({faults[0]}); no backup was made. `longlist doctor` says more.")
        return Manifest(
            format=FORMAT,
            longlist=version,
            revision=_revision(connection),
            made_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            bytes=size,
            sha256=digest.hexdigest(),
            rows=_counts(connection),
        )


def as_it_lies(path: Path) -> sqlite3.Connection:
    """A connection to a file that nobody changes; nothing is made beside it."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)


def _revision(connection: sqlite3.Connection) -> str:
    return ",".join(sorted(str(row[0]) for row in connection.execute("SELECT version_num FROM alembic_version")))


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    names = [
        name
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        if not name.startswith("sqlite_")
    ]
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608


def _opened_manifest(file: Path, archive: zipfile.ZipFile | None) -> Manifest:
    if archive is None:
        with _archive(file) as opened:
            return _opened_manifest(file, opened)
    with archive.open(MANIFEST) as entry:
        fields = json.loads(entry.read(MAX_MANIFEST))
    if fields.get("format") != FORMAT:
        raise StoreError(
            f"{file} was made by a newer version of Longlist ({fields.get('longlist')}), which this one cannot read. "
            "Install that version."
        )
    return Manifest(**fields)


@contextlib.contextmanager
def _archive(file: Path) -> Iterator[zipfile.ZipFile]:
    """The backup, open; whatever is wrong with it becomes one sentence."""
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except FileNotFoundError:
        raise InvalidInput(f"There is no backup {file}.", field="file") from None
    except (
        zipfile.BadZipFile,
        EOFError,
        KeyError,
        ValueError,
        TypeError,
        AttributeError,
        NotImplementedError,
    ) as error:
        raise _unsound(file, str(error).strip("'\"") or type(error).__name__) from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise _unsound(file, str(error)) from error
        raise


def _unsound(file: Path, why: str) -> InvalidInput:
    return InvalidInput(f"{file} is no Longlist backup, or a damaged one ({why}); nothing was changed.", field="file")


def _read_back(file: Path, put: Callable[[bytes], object], given_up: threading.Event) -> Manifest:
    """Unpack a backup and compare it with what its manifest says."""
    digest = hashlib.sha256()

    def both(block: bytes) -> None:
        digest.update(block)
        put(block)

    with _archive(file) as archive:
        manifest = _opened_manifest(file, archive)
        if archive.getinfo(DATABASE).file_size != manifest.bytes:
            raise _unsound(file, "the database in it has another size than it should")
        with archive.open(DATABASE) as source:
            _pump(source, both, given_up)
    if digest.hexdigest() != manifest.sha256:
        raise _unsound(file, "the database in it is not the one that was saved")
    return manifest


def _check_restored(file: Path, copy: Path, manifest: Manifest, given_up: threading.Event) -> None:
    try:
        with contextlib.closing(as_it_lies(copy)) as connection:
            connection.set_progress_handler(given_up.is_set, LOOK_STEPS)
            revision = _revision(connection)
            if unknown := sorted(set(revision.split(",")) - known()):
                raise StoreError(
                    f"{file} was made by a newer version of Longlist ({manifest.longlist}; its tables are "
                    f"{', '.join(unknown)}, this version knows up to {max(known())}); nothing was changed. Install that "
                    "version."
                )
            if faults := integrity(connection):
                raise _unsound(file, faults[0])
            if revision != manifest.revision or _counts(connection) != manifest.rows:
                raise _unsound(file, "the database in it holds something else than it says")
    except sqlite3.Error as error:
        if given_up.is_set():
            raise GivenUp from None
        raise _unsound(file, str(error)) from error


def _contents(database: Path) -> str:
    """What would be lost: "nothing", "something", or "unknown" when the file cannot be read."""
    if not database.exists() or not database.stat().st_size:
        return "nothing"
    try:
        with contextlib.closing(read_only(database, ALONE_SECONDS)) as connection:
            if not _is_ours(connection):
                return "unknown"
            held = (
                "SELECT 1 FROM task",
                "SELECT 1 FROM record WHERE set_name NOT IN ('wappalyzer', 'listed')",
                "SELECT 1 FROM token WHERE kind = 'token'",
            )
            tables = set(_counts(connection))
            asked = [query for query in held if query.split()[3] in tables]
            return "something" if any(connection.execute(f"{q} LIMIT 1").fetchall() for q in asked) else "nothing"
    except sqlite3.Error:
        return "unknown"


def _set_aside(database: Path) -> Path:
    """Give the database a second name, with everything in it that its log held; Conflict when somebody has it open.

    A log left behind would be taken for one of the new database, so it goes first.
    """
    aside = _unused(database.with_name(f"{database.name}.{time.strftime('%Y%m%d-%H%M%S')}.old"))
    try:
        with contextlib.closing(sqlite3.connect(database, timeout=ALONE_SECONDS, isolation_level=None)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE").fetchall()  # only for whoever is alone with the file
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise Conflict(
                f"Another command works with the database {database}; wait for it, or end it, and restore then. Nothing "
                "was changed."
            ) from error
    except sqlite3.DatabaseError:
        pass  # damaged: kept as it is
    for ending in ("-wal", "-shm"):
        beside = database.with_name(database.name + ending)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + ending))
    try:
        aside.hardlink_to(database)
    except OSError:  # a file system without links
        shutil.copy2(database, aside)
    return aside


def _own_like(copy: Path, database: Path) -> None:
    """Give a file the owner and the rights of the database it replaces, or the owner of the folder; as far as one may."""
    model = (database if database.exists() else database.parent).stat()
    with contextlib.suppress(OSError, AttributeError):  # no chown on Windows
        os.chown(copy, model.st_uid, model.st_gid)
    if database.exists():
        copy.chmod(stat.S_IMODE(model.st_mode))


def _unused(path: Path) -> Path:
    number = 1
    found = path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}.{number}")
    return found


def _check_target(file: Path) -> None:
    if not file.exists():
        return
    try:
        read_manifest(file)
    except (InvalidInput, StoreError, OSError) as error:
        raise InvalidInput(
            f"{file} is there already and is no Longlist backup; it was left as it is. Choose another name.",
            field="file",
        ) from error


@contextlib.contextmanager
def _beside(file: Path, ending: str) -> Iterator[Path]:
    """An empty file beside `file` that only its owner can read; gone after the block, unless it was renamed."""
    handle, name = tempfile.mkstemp(ending, f".{file.name}.", file.parent)
    os.close(handle)
    path = Path(name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)


def _clear(file: Path) -> None:
    """Remove what backups to this name left behind when they were killed."""
    for ending in ("db", "part"):
        for left in file.parent.glob(f".{file.name}.*.{ending}"):
            with contextlib.suppress(OSError):
                if time.time() - left.stat().st_mtime > LEFT_OVER_SECONDS:
                    left.unlink()


def _pump(source: IO[bytes], put: Callable[[bytes], object], given_up: threading.Event) -> int:
    size = 0
    while block := source.read(CHUNK):
        if given_up.is_set():
            raise GivenUp
        put(block)
        size += len(block)
    return size


def _sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except PermissionError:  # folders cannot be opened on Windows
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
