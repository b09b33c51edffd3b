"""`longlist catalog`: the companies that searches draw on."""

import asyncio
import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from longlist.catalog.importer import Preview, preview
from longlist.errors import InvalidInput
from longlist.settings import load_settings
from longlist.wiring import open_home

app = typer.Typer(help="The catalogue: build, look into, and add your own lists.", no_args_is_help=True)
err = Console(stderr=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command()
def build(as_json_: AsJson = False) -> None:
    """Build the index anew (it builds itself on first use, and after imports)."""

    async def work() -> tuple[int, float]:
        started = time.monotonic()
        async with open_home(load_settings()) as home:
            with _spinner() as bar:
                step = bar.add_task("Reading the embedded catalogue")
                index = await home.catalogue.rebuild(
                    lambda _, count: bar.update(step, description=f"Indexing: {count:,} companies") if count else None
                )
            return len(index), time.monotonic() - started

    count, seconds = asyncio.run(work())
    if as_json_:
        print(json.dumps({"companies": count, "seconds": round(seconds, 2)}))
    else:
        print(f"{count:,} companies indexed in {seconds:.1f} s.")


@app.command()
def stats(as_json_: AsJson = False) -> None:
    """Say what the catalogue holds."""

    async def work() -> dict[str, object]:
        async with open_home(load_settings()) as home:
            await home.catalogue.open()
            return asdict(await home.store.catalog_stats())

    found = asyncio.run(work())
    if as_json_:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    for name, value in found.items():
        if isinstance(value, int):
            print(f"{name.replace('_', ' '):<12} {value:>9,}")
        else:
            pairs = value.items() if isinstance(value, dict) else value
            print(f"{name.replace('_', ' ')}: " + ", ".join(f"{key} {count:,}" for key, count in pairs))  # type: ignore[attr-defined]


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="A name, a domain, or words.")],
    limit: Annotated[int, typer.Option(help="How many companies to show.", min=1, max=250)] = 10,
    as_json_: AsJson = False,
) -> None:
    """Look companies up by name, domain or words, at once and without grading."""
    if not text.strip():
        raise InvalidInput("The text to look for is empty.", field="text")

    async def work() -> list[dict[str, str]]:
        async with open_home(load_settings()) as home:
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

    found = asyncio.run(work())
    if as_json_:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    table = Table(pad_edge=False)
    for column in ("Company", "Website", "What they do"):
        table.add_column(column)
    for row in found:
        table.add_row(Text(row["name"]), Text(row["domain"]), Text(row["description"][:200]))
    Console().print(table)


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV, TSV, JSONL or a plain list of domains; .gz too; Parquet with the extra.")
    ],
    name: Annotated[str | None, typer.Option("--as", help="The name of this set; default: the file's.")] = None,
    map_: Annotated[
        list[str] | None, typer.Option("--map", help="COLUMN=FIELD, where the guess is wrong. Repeatable.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before saving.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be read, save nothing.")] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Where rejected lines go; default: FILE.rejected.jsonl here.")
    ] = None,
    as_json_: AsJson = False,
) -> None:
    """Add companies of your own. Shows how columns are understood before it saves; lines it cannot use go to a file."""
    mapping = dict(_pair(entry) for entry in map_ or ()) or None
    seen = preview(file, mapping)
    if not as_json_:
        _print_preview(seen)
    if dry_run:
        return
    if not (yes or as_json_):
        typer.confirm("Import it this way?", default=True, abort=True, err=True)
    target = rejects or Path(f"{file.name}.rejected.jsonl")

    async def work() -> dict[str, object]:
        async with open_home(load_settings()) as home:
            with _spinner() as bar:
                step = bar.add_task("Importing")
                done = await home.catalogue.import_file(
                    file,
                    name or _set_name(file),
                    mapping,
                    target,
                    lambda n: bar.update(step, description=f"Importing: {n:,} companies"),
                )
                await home.catalogue.open(lambda _, n: bar.update(step, description=f"Indexing: {n:,} companies"))
            return {
                **asdict(done.count),
                "set": done.set_name,
                "rejected": done.rejected,
                "rejects": str(done.rejects) if done.rejects else None,
            }

    found = asyncio.run(work())
    if as_json_:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    print(
        f"Set {found['set']}: {found['added']:,} added, {found['changed']:,} changed, {found['unchanged']:,} as they were."
    )
    if found["rejected"]:
        print(f"{found['rejected']:,} lines could not be used; {found['rejects']} lists them with the reasons.")


def _pair(entry: str) -> tuple[str, str]:
    column, equals, field = entry.rpartition("=")
    if not (column and equals and field):
        raise InvalidInput(f"--map takes COLUMN=FIELD, not {entry!r}.", field="map")
    return column, field


def _set_name(file: Path) -> str:
    """A set's name from a file's: "My list.csv.gz" becomes "my-list"."""
    stem = file.name.lower()
    for ending in (".gz", ".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".parquet", ".txt"):
        stem = stem.removesuffix(ending)
    return "-".join("".join(c if c.isalnum() else " " for c in stem).split()) or "import"


def _print_preview(seen: Preview) -> None:
    console = Console(stderr=True)
    console.print(f"{seen.path.name}: {seen.format}, {seen.encoding}", highlight=False, markup=False)
    table = Table(title="How the columns are understood", title_justify="left", pad_edge=False)
    for column in ("Column", "Field", "First values"):
        table.add_column(column)
    for column, field in seen.mapping.items():
        values = [row[field] for row in seen.rows if row.get(field)]
        table.add_row(Text(column), field, Text(" | ".join(v[:40] for v in values[:3])))
    console.print(table)
    if seen.unmapped:
        console.print(f"Left out: {', '.join(seen.unmapped)}", highlight=False, markup=False)


def _spinner() -> Progress:
    return Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err, transient=True)
