"""What `longlist doctor` looks into: every part that may be wrong, and how to mend it. Changes nothing.

Each check stands alone: one that cannot be made says so, and the others are made all the same.
"""

import asyncio
import http.client
import json
import os
import platform
import shutil
import socket
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Literal

from longlist import __version__
from longlist.errors import LonglistError
from longlist.settings import Settings, describe, load_settings, settings_file, unknown_variables
from longlist.store.look import DatabaseLook, look_at
from longlist.store.postgres import Address, is_postgres
from longlist.store.revision import known, newest
from longlist.store.sqlite import is_sqlite, sqlite_path

State = Literal["fine", "note", "wrong"]
PORT = 8000  # where `longlist serve` listens unless told otherwise
MEGABYTE = 1_000_000
SPACE_WANTED, SPACE_NEEDED = 1000 * MEGABYTE, 100 * MEGABYTE
BIG_LOG = 256 * MEGABYTE  # of writes not yet in the main file
RESTORE = "Move it away and put a backup back: `longlist restore FILE`."


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: "fine", worth knowing ("note") or "wrong"; `mend` says what to do about it."""

    part: str
    state: State
    found: str
    mend: str = ""


Checks = Iterator[Check]


def examine() -> list[Check]:
    """All checks, in order."""
    found = [Check("version", "fine", f"Longlist {__version__}, Python {platform.python_version()}")]
    try:
        settings = load_settings()
    except LonglistError as error:
        return [*found, Check("settings", "wrong", str(error), "Mend it first; nothing else was looked at.")]
    database = _Database.of(settings)
    parts: dict[str, Callable[[], Checks]] = {
        "settings": lambda: _settings(settings),
        "data directory": lambda: _data_directory(settings),
        "database": lambda: _database(settings, database),
        "tasks": lambda: _tasks(database),
        "tokens": lambda: _tokens(database),
        "data packages": lambda: _packages(settings),
        "index": lambda: _index(settings, database),
        "sources": lambda: _sources(settings),
        "port": lambda: _port(database),
    }
    for part, check in parts.items():
        found += _guarded(part, check)
    return found


def _guarded(part: str, check: Callable[[], Checks]) -> list[Check]:
    made: list[Check] = []
    try:
        made.extend(check())
    except Exception as error:  # noqa: BLE001 - whatever is broken, the other checks are made
        made.append(Check(part, "wrong", f"It could not be looked into: {type(error).__name__}: {error}"))
    return made


@dataclass(frozen=True, slots=True)
class _Database:
    """The database as far as it could be read: None for `look` when it is not there, or not readable (then `fault`)."""

    path: Path | None
    look: DatabaseLook | None = None
    fault: str = ""
    has_server: bool = False
    place: str = ""  # of a Postgres, without its password

    @classmethod
    def of(cls, settings: Settings) -> "_Database":
        if is_postgres(settings.store_url):
            return cls._on_postgres(settings.store_url)
        if not is_sqlite(settings.store_url):
            return cls(None)
        try:
            path = sqlite_path(settings.store_url)
        except LonglistError as error:
            return cls(None, fault=str(error))
        try:
            return cls(path, look_at(path) if path.exists() else None, has_server=_has_server(path))
        except (sqlite3.Error, OSError) as error:
            return cls(path, None, str(error) or type(error).__name__, _has_server(path))

    @classmethod
    def _on_postgres(cls, url: str) -> "_Database":
        from longlist.store.look_postgres import look_at_postgres  # noqa: PLC0415 - a fault in it is one check's
        from longlist.store.postgres_role import PostgresRole  # noqa: PLC0415

        try:
            place = Address(url).place
        except LonglistError as error:
            return cls(None, fault=str(error))
        try:
            look = asyncio.run(look_at_postgres(url))
            return cls(None, look, has_server=PostgresRole(url).is_taken(), place=place)
        except LonglistError as error:
            return cls(None, fault=str(error), place=place)

    @property
    def sound(self) -> DatabaseLook | None:
        """What is in it, when that can be relied on."""
        return self.look if self.look and self.look.revision and not self.look.faults else None


def _has_server(database: Path) -> bool:
    from longlist.engine.worker import WorkerRole  # noqa: PLC0415 - loads the steps, which may be what is broken

    lock = Path(f"{database}.worker")
    return lock.exists() and os.access(lock, os.W_OK) and WorkerRole(lock).is_taken()


def _settings(settings: Settings) -> Checks:
    file = settings_file()
    given = [doc for doc in describe() if doc.name in settings.model_fields_set]
    values = "; ".join(f"{doc.name} = {_shown(settings, doc.name, is_secret=doc.is_secret)}" for doc in given)
    where = f"from {file} and the environment" if file else "from the environment; there is no settings file"
    yield Check("settings", "fine", f"{where}: {values}" if values else f"all as they come, {where}")
    if unknown := unknown_variables():
        mend = f"Known are {', '.join(doc.variable for doc in describe())}."
        yield Check("settings", "note", f"{', '.join(unknown)} in the environment is no setting and does nothing", mend)


def _shown(settings: Settings, name: str, *, is_secret: bool) -> str:
    if name == "database_url":  # worth seeing, but for the password in it
        scheme, _, rest = settings.store_url.partition("://")
        return f"{scheme}://…@{rest.rpartition('@')[2]}" if "@" in rest else settings.store_url
    value = "set, not shown" if is_secret else str(getattr(settings, name))
    scheme, there, rest = value.partition("://")  # an address may hold a password
    return f"{scheme}{there}…@{rest.rpartition('@')[2]}" if there and "@" in rest else value


def _data_directory(settings: Settings) -> Checks:
    part, home = "data directory", settings.home
    elsewhere = "Set LONGLIST_HOME to a folder that can be written."
    existing = next((folder for folder in (home, *home.parents) if folder.exists()), None)
    if existing is None or not existing.is_dir():
        yield Check(part, "wrong", f"{existing or home} is no folder", elsewhere)
        return
    if not os.access(existing, os.W_OK | os.X_OK):
        yield Check(part, "wrong", f"{existing} cannot be written", f"Give its owner the right to, or: {elsewhere}")
        return
    free = shutil.disk_usage(existing).free
    space = f"{free / MEGABYTE:,.0f} MB free"
    if free < SPACE_NEEDED:
        yield Check(part, "wrong", f"{home}: only {space}", f"Make room, at least {SPACE_WANTED // MEGABYTE} MB.")
    elif free < SPACE_WANTED:
        yield Check(part, "note", f"{home}: only {space}", f"Make room, at least {SPACE_WANTED // MEGABYTE} MB.")
    elif existing != home:
        yield Check(part, "note", f"{home} is not there yet, {space}", "The first command makes it.")
    else:
        yield Check(part, "fine", f"{home}, can be written, {space}")


def _database(settings: Settings, database: _Database) -> Checks:
    part, path = "database", database.path
    if database.place and database.fault:
        yield Check(part, "wrong", database.fault)
    elif database.place:
        yield from _reached(database.place, database.look)
    elif path is None:
        yield Check(part, "wrong", database.fault or f"{settings.store_url!r} is no database URL", "Set another.")
    elif database.fault:
        yield Check(part, "wrong", f"{path} is damaged, cannot be read, or is no database ({database.fault})", RESTORE)
    elif database.look is None:
        yield Check(part, "note", f"{path} is not there yet", "The first command makes it.")
    else:
        yield from _opened(path, database.look)


def _reached(place: str, look: DatabaseLook | None) -> Checks:
    part = "database"
    if look is None:
        yield Check(part, "note", f"{place} is empty", "The first command makes the tables, or `longlist migrate` now.")
        return
    if look.hindrance:
        mend = "`longlist serve` and its like need a primary server, an owner of the schema, and connections."
        yield Check(part, "wrong", f"{place}: {look.hindrance} ({look.server})", mend)
    if look.revision:
        yield from _revision(place, look, "`longlist migrate` brings them up to date; make a copy with pg_dump first.")
        if not look.hindrance:
            size = f"{look.bytes / MEGABYTE:,.1f} MB"
            yield Check(part, "fine", f"{place}, {look.server}, tables {look.revision}, {size}")
    elif not look.hindrance:
        mend = "Set LONGLIST_DATABASE_URL to a database of its own."
        yield Check(part, "wrong", f"the schema app of {place} is another program's", mend)


def _revision(place: object, look: DatabaseLook, mend: str) -> Checks:
    part = "database"
    if unknown := sorted(set(look.revision.split(",")) - known()):
        found = f"{place} was made by a newer Longlist (its tables are {', '.join(unknown)}, this one's {newest()})"
        yield Check(part, "wrong", found, "Install the newer version.")
    elif look.revision != newest():
        yield Check(part, "note", f"its tables are {look.revision}, this version's {newest()}", mend)


def _opened(path: Path, look: DatabaseLook) -> Checks:
    part = "database"
    if not look.revision:
        yield Check(part, "wrong", f"{path} is a database of another program", "Set LONGLIST_HOME to another folder.")
        return
    yield from _revision(path, look, "The next command brings them up to date; `longlist backup FILE` first.")
    if look.faults:
        yield Check(part, "wrong", f"{path} is damaged: {'; '.join(look.faults)[:300]}", RESTORE)
        return
    if not os.access(path, os.W_OK):
        yield Check(part, "wrong", f"{path} cannot be written", "Give its owner the right to.")
        return
    sizes = f"{look.bytes / MEGABYTE:,.1f} MB, log {look.wal_bytes / MEGABYTE:,.1f} MB"
    if look.wal_bytes > BIG_LOG:
        yield Check(
            part, "note", f"{path}: the log is large ({sizes})", "It shrinks when nothing has it open any more."
        )
    else:
        yield Check(part, "fine", f"{path}, sound, tables {look.revision}, {sizes}")


def _tasks(database: _Database) -> Checks:
    if not (look := database.sound):
        return
    left = look.unfinished - look.waiting
    server = "a server works on them" if database.has_server else "no server works here now"
    found = (
        f"{look.tasks:,} in all, {look.unfinished:,} unfinished, {look.waiting:,} of them a server's to run; {server}"
    )
    if look.waiting and not database.has_server:
        yield Check("tasks", "note", found, "`longlist serve` goes on with those that wait.")
    elif left:
        mend = "Unless a command is at work on it now, `longlist resume TASK` goes on."
        yield Check("tasks", "note", found, mend)
    else:
        yield Check("tasks", "fine", found)


def _tokens(database: _Database) -> Checks:
    if not (look := database.sound):
        return
    if look.tokens:
        yield Check("tokens", "fine", f"{look.tokens} valid")
    else:
        yield Check("tokens", "note", "none yet", "For the HTTP API: `longlist token create NAME`.")


def _packages(settings: Settings) -> Checks:
    from longlist.catalog import listed, packages, wappalyzer  # noqa: PLC0415 - so that a fault in them is one check's

    for name in (wappalyzer.PACKAGE, listed.PACKAGE):
        version = packages.version(name)
        if not settings.embedded_catalog:
            yield Check("data packages", "fine", f"{name} {version}, not used (embedded_catalog is off)")
        elif version == "absent":
            mend = "`make setup` installs it; or set LONGLIST_EMBEDDED_CATALOG=false."
            yield Check("data packages", "wrong", f"{name} is not installed", mend)
        else:
            try:
                packages.installed(name)
                if name == wappalyzer.PACKAGE:
                    packages.package_json(name, "wappalyzer/data/technologies.json")
            except LonglistError as error:
                yield Check("data packages", "wrong", str(error))
            else:
                yield Check("data packages", "fine", f"{name} {version}")


def _index(settings: Settings, database: _Database) -> Checks:
    from longlist.catalog import generations  # noqa: PLC0415
    from longlist.catalog.index import FORMAT  # noqa: PLC0415

    folder = settings.home / "index"
    by_itself = "The next search builds it anew, in some seconds; `longlist catalog build` does so now."
    if folder.exists() and not os.access(folder, os.W_OK | os.X_OK):
        yield Check("index", "wrong", f"{folder} cannot be written", "Give its owner the right to.")
        return
    generation = generations.current(folder)
    if generation is None:
        yield Check("index", "note", "there is none yet", by_itself)
        return
    about = generations.sealed(generation)
    if about is None:
        yield Check("index", "note", f"{generation} is damaged or being changed", by_itself)
    elif about.get("format") != FORMAT:
        yield Check("index", "note", "it was built by another version", by_itself)
    elif database.sound and about.get("fingerprint") != database.sound.fingerprint:
        yield Check("index", "note", "the catalogue has changed since it was built", by_itself)
    else:
        count = f"{database.sound.companies:,} companies" if database.sound else f"{about.get('rows', 0):,} rows"
        yield Check("index", "fine", f"sound, up to date, {count}" if database.sound else f"sound, {count}")


def _sources(settings: Settings) -> Checks:
    from longlist.catalog.index import CompanyIndex  # noqa: PLC0415
    from longlist.discover.registry import GROUP, SOURCES, Resources, known_sources  # noqa: PLC0415
    from longlist.discover.unavailable import UnavailableSource  # noqa: PLC0415
    from longlist.wiring.sources import KINDS, look  # noqa: PLC0415

    strangers = {entry.name for entry in entry_points(group=GROUP)} - SOURCES.keys()
    index = CompanyIndex.glance(settings.home / "index")
    providers = look(settings)
    for name, build in known_sources().items():
        if name in KINDS and name not in strangers:
            ready = [one.title for one in providers if name in one.sources and one.state == "ready"]
            missing = [one.note for one in providers if name in one.sources and one.state != "ready"]
            if ready:
                yield Check(
                    "sources", "fine", f"{name}: set up: {', '.join(ready)}; `longlist sources --check` asks them"
                )
            else:
                yield Check("sources", "note", f"{name}: no provider is set up", " Or: ".join(dict.fromkeys(missing)))
        elif index is None and name in strangers:
            yield Check("sources", "note", f"{name}: cannot be told before there is an index")
        elif index is None:
            yield Check("sources", "fine", f"{name}: ready once the index is built")
        elif isinstance(source := build(Resources(index, settings.home)), UnavailableSource):
            yield Check("sources", "wrong", f"{name}: {source.reason}", "Mend or remove the package.")
        else:
            yield Check("sources", "fine", f"{name}: ready")


def _port(database: _Database) -> Checks:
    with socket.socket() as asked:
        asked.settimeout(0.5)
        is_used = asked.connect_ex(("127.0.0.1", PORT)) == 0
    if not is_used:
        yield Check(
            "port", "fine", f"{PORT} is free" + (" (the server listens elsewhere)" if database.has_server else "")
        )
    elif _is_longlist():
        whose = "and a server works on this data directory" if database.has_server else "with another data directory"
        mend = "" if database.has_server else f"`longlist serve --port {PORT + 1}` takes another port."
        yield Check("port", "fine" if database.has_server else "note", f"{PORT}: Longlist answers, {whose}", mend)
    else:
        mend = f"`longlist serve --port {PORT + 1}` takes another."
        yield Check("port", "note", f"{PORT} is used by another program", mend)


def _is_longlist() -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=1)
    try:
        connection.request("GET", "/readyz")
        answer = json.loads(connection.getresponse().read(10_000))
    except (OSError, ValueError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return isinstance(answer, dict) and "catalogue" in (answer.get("parts") or {})
