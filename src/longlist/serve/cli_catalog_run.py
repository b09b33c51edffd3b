"""What `longlist catalog` does: needs the catalogue, its index, and the importer."""

import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from longlist.catalog.importer import Preview, preview
from longlist.engine.catalogue import Imported, set_name_of
from longlist.errors import InvalidInput, LonglistError
from longlist.serve.agreeing import agreed, pair
from longlist.serve.bars import live
from longlist.serve.delivery import check_writable
from longlist.serve.plain import plain
from longlist.serve.session import go, interrupted
from longlist.serve.terminal import err, out, print_json, say, tell
from longlist.settings import load_settings
from longlist.wiring.home import open_home

KEPT = "Interrupted. What was imported so far is kept; the same command goes on."


def build(*, as_json: bool) -> None:
    """Build the index anew."""

    async def work() -> tuple[int, float]:
        started = time.monotonic()
        async with open_home(load_settings()) as home:
            with interrupted(lambda: "Interrupted; the index is as it was."), live() as bar:
                step = bar.add_task("Reading the embedded catalogue")
                index = await home.catalogue.rebuild(
                    lambda _, count: bar.update(step, description=f"Indexing: {count:,} companies") if count else None
                )
            return len(index), time.monotonic() - started

    count, seconds = go(work())
    if as_json:
        print_json({"companies": count, "seconds": round(seconds, 2)})
    else:
        tell(f"{count:,} companies indexed in {seconds:.1f} s.")


def stats(*, as_json: bool) -> None:
    """Say what the catalogue holds."""

    async def work() -> dict[str, Any]:
        async with open_home(load_settings()) as home:
            with live() as bar:
                bar.add_task("Opening the catalogue")
                await home.catalogue.open()
            return asdict(await home.store.catalog_stats())

    found = go(work())
    if as_json:
        print_json(found)
        return
    for name, value in found.items():
        label = name.replace("_", " ")
        if isinstance(value, int):
            tell(f"{label}: {value:,}")
        else:
            pairs = value.items() if isinstance(value, dict) else value
            tell(f"{label}: " + ", ".join(f"{str(key).replace('_', ' ')} {count:,}" for key, count in pairs if count))


def search(text: str, limit: int, *, as_json: bool) -> None:
    """Look companies up."""
    if not text.strip():
        raise InvalidInput("The text to look for is empty.", field="text")

    async def work() -> list[dict[str, str]]:
        async with open_home(load_settings()) as home:
            with live() as bar:
                bar.add_task("Opening the catalogue")
                index = await home.catalogue.open()
            hits = index.lookup(text, limit)
            known = {hit.key for hit in hits}
            hits += [hit for hit in index.search([text], limit=limit) if hit.key not in known]
            hits = hits[:limit]
            profiles = await home.catalogue.profiles([hit.key for hit in hits])
            return [
                {"name": p.name, "domain": p.domain, "description": p.description, "key": p.key}
                for hit in hits
                if (p := profiles.get(hit.key)) is not None
            ]

    found = go(work())
    if as_json:
        print_json(found)
        return
    if not found:
        say("Nothing in the catalogue comes close to this.")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("Company", "Website", "What they do"):
        table.add_column(column, overflow="fold")
    for row in found:
        table.add_row(Text(plain(row["name"])), Text(row["domain"]), Text(plain(row["description"])[:200]))
    out().print(table)


def import_file(
    file: Path,
    name: str | None,
    pairs: Sequence[str],
    rejects: Path | None,
    *,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show how a file is understood, ask, import it, bring the index up to date."""
    mapping = dict(pair(entry, "FIELD") for entry in pairs) or None
    seen = preview(file, mapping)
    target = rejects or Path(f"{file.name}.rejected.jsonl")
    if dry_run and as_json:
        print_json(_preview_json(seen))
        return
    if not as_json:
        _print_preview(seen)
    if dry_run:
        return
    check_writable(target)
    if not (yes or as_json) and not agreed():
        raise LonglistError("Nothing was imported. --yes imports without asking, --map COLUMN=FIELD corrects a column.")

    async def work() -> Imported:
        async with open_home(load_settings()) as home:
            with interrupted(lambda: KEPT), live() as bar:
                step = bar.add_task("Importing")
                done = await home.catalogue.import_file(
                    file,
                    name or set_name_of(file.name),
                    mapping,
                    target,
                    on_progress=lambda n: bar.update(step, description=f"Importing: {n:,} companies"),
                    on_note=say,
                )
                await home.catalogue.open(lambda _, n: bar.update(step, description=f"Indexing: {n:,} companies"))
            return done

    done = go(work())
    if as_json:
        where = str(done.rejects) if done.rejects else None
        print_json({"set": done.set_name, **asdict(done.count), "rejected": done.rejected, "rejects": where})
        return
    count = done.count
    tell(f"Set {done.set_name}: {count.added:,} added, {count.changed:,} changed, {count.unchanged:,} as they were.")
    if done.rejected:
        tell(f"{done.rejected:,} lines could not be used; {done.rejects} lists them with the reasons.")


def remove(name: str, *, as_json: bool) -> None:
    """Take an imported set out of the catalogue."""

    async def work() -> int:
        async with open_home(load_settings()) as home:
            return await home.catalogue.remove(name)

    removed = go(work())
    if as_json:
        print_json({"set": name, "removed": removed})
    else:
        tell(f"Set {name}: {removed:,} records removed.")


def _preview_json(seen: Preview) -> dict[str, Any]:
    return {
        "file": str(seen.path),
        "format": seen.format,
        "encoding": seen.encoding,
        "mapping": dict(seen.mapping),
        "unmapped": list(seen.unmapped),
        "rows": [dict(row) for row in seen.rows],
    }


def _print_preview(seen: Preview) -> None:
    say(f"{seen.path.name}: {seen.format}, {seen.encoding}")
    table = Table(title="How the columns are understood", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("Column", "Field", "First values"):
        table.add_column(column, overflow="fold")
    for column, field in seen.mapping.items():
        values = [row[field] for row in seen.rows if row.get(field)]
        table.add_row(Text(plain(column)), field, Text(plain(" | ".join(v[:40] for v in values[:3]))))
    err.print(table)
    if seen.unmapped:
        say(f"Left out: {', '.join(map(plain, seen.unmapped))}")
