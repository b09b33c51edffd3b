"""`longlist backup` and `restore`: the SQLite database of a data directory in one file."""

import time
from dataclasses import asdict
from pathlib import Path

from longlist import __version__
from longlist.engine.building import in_thread
from longlist.errors import InvalidInput
from longlist.serve.session import go, interrupted
from longlist.serve.terminal import print_json, say
from longlist.settings import Settings, load_settings
from longlist.store.backup import Manifest, Restored, back_up
from longlist.store.backup import restore as put_back
from longlist.store.sqlite import is_sqlite, sqlite_path

MEGABYTE = 1_000_000


def backup(file: Path, *, as_json: bool) -> None:
    """Write a backup and say what it holds."""
    database, begun = _database(load_settings()), time.monotonic()

    async def work() -> tuple[Manifest, int]:
        with interrupted(lambda: f"Interrupted. There is no new {file}."):
            return await in_thread(lambda given_up: back_up(database, file, __version__, given_up))

    manifest, size = go(work())
    seconds = time.monotonic() - begun
    if as_json:
        print_json({"file": str(file), "size": size, "seconds": round(seconds, 2), "manifest": asdict(manifest)})
        return
    say(
        f"Saved in {file}: {_held(manifest)}; {size / MEGABYTE:.1f} MB, {manifest.bytes / MEGABYTE:.1f} MB unpacked, "
        f"verified, in {seconds:.1f} s."
    )


def restore(file: Path, *, force: bool, as_json: bool) -> None:
    """Put a backup back and say what there is now."""
    from longlist.wiring.home import worker_role  # takes a while

    settings = load_settings()
    database = _database(settings)

    async def work() -> Restored:
        with interrupted(lambda: "Interrupted. `longlist doctor` says whether the backup is in place."):
            return await in_thread(lambda given_up: put_back(file, database, given_up, force=force))

    role = worker_role(settings)
    role.take()
    try:
        done = go(work())
    finally:
        role.leave()
    if as_json:
        aside = None if done.aside is None else str(done.aside)
        print_json({"database": str(database), "aside": aside, "manifest": asdict(done.manifest)})
        return
    say(f"Restored to {database}, as it was {done.manifest.made_at}: {_held(done.manifest)}.")
    if done.aside is not None:
        say(f"What was there is kept in {done.aside}.")
    say("Tokens that were revoked since then are valid again; `longlist token list` shows them.")


def _database(settings: Settings) -> Path:
    if not is_sqlite(settings.store_url) and "://" in settings.store_url:
        raise InvalidInput(
            "The database is one of a server, not a file: pg_dump saves it, and pg_restore puts it back.",
            field="database_url",
        )
    return sqlite_path(settings.store_url)


def _held(manifest: Manifest) -> str:
    rows = manifest.rows
    return ", ".join(
        f"{rows.get(table, 0):,} {words}"
        for table, words in (("task", "tasks"), ("candidate", "candidates"), ("record", "catalogue records"))
    )
