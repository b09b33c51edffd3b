"""`longlist tables import` and `export`."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table as Grid
from rich.text import Text

from longlist.engine.table_files import FileImported, FileView, view
from longlist.engine.table_files import import_file as take_in
from longlist.engine.table_reader import find_table, sheet_head, sheet_lines
from longlist.errors import InvalidInput, LonglistError
from longlist.model.table import Table, TableKind
from longlist.serve.agreeing import agreed, pair
from longlist.serve.bars import live
from longlist.serve.cli_tables_run import opened
from longlist.serve.delivery import check_writable
from longlist.serve.plain import plain
from longlist.serve.session import go, interrupted
from longlist.serve.table_sheets import FORMATS, csv_text, write_sheet
from longlist.serve.terminal import err, print_json, say, tell, write_utf8

TOLD = 10  # duplicates and rejected lines that are named
KEPT = "Interrupted. Rows that were imported are kept; the same command goes on."


def import_file(
    file: Path,
    table: str | None,
    name: str | None,
    kind: TableKind,
    pairs: Sequence[str],
    *,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Show what becomes of a file, ask, import it."""
    mapping = dict(pair(entry, "KEY") for entry in pairs)

    async def look() -> tuple[FileView, Table | None]:
        async with opened() as (store, _):
            found = None if table is None else await find_table(store, table)
            return view(file, found, kind, mapping), found

    seen, found = go(look())
    if dry_run and as_json:
        print_json(_view_json(seen))
        return
    if not as_json:
        _print_view(seen)
    if dry_run:
        return
    if not (yes or as_json) and not agreed():
        raise LonglistError("Nothing was imported. --yes imports without asking, --map COLUMN=KEY corrects a column.")

    async def work() -> FileImported:
        async with opened() as (store, tables):
            with interrupted(lambda: KEPT), live() as bar:
                step = bar.add_task("Importing")
                return await take_in(
                    tables,
                    store,
                    file,
                    table_id=None if found is None else found.id,
                    name=name or "",
                    kind=kind,
                    mapping=mapping,
                    on_progress=lambda count: bar.update(step, description=f"Importing: {count:,} rows"),
                )

    done = go(work())
    if as_json:
        parts = {
            "duplicates": [asdict(one) for one in done.duplicates],
            "rejected": [asdict(one) for one in done.rejected],
        }
        print_json({"table_id": done.table.id, "added": done.added, **parts})
        return
    tell(f"{done.added:,} rows added to {plain(done.table.name)} ({done.table.id[:8]}).")
    for what, lines in (("were there already", done.duplicates), ("could not be used", done.rejected)):
        if lines:
            say(f"{len(lines):,} lines {what}:")
            for one in lines[:TOLD]:
                say(f"  line {one.line}: {plain(one.value)} {plain(one.reason)}".rstrip())
            if len(lines) > TOLD:
                say(f"  and {len(lines) - TOLD:,} more; --json lists them all")


def export(which: str, shape: str | None, output: Path | None) -> None:
    """Write a table's sheet, or print it as CSV."""
    ending = output.suffix.lower().removeprefix(".") if output is not None else ""
    chosen = shape or (ending if ending in FORMATS else "csv")
    if output is not None:
        check_writable(output)
    elif chosen in ("xlsx", "parquet"):
        raise InvalidInput(
            f"A file of the format {chosen} cannot be printed: name one with -o FILE.{chosen}.", field="output"
        )

    async def work() -> tuple[Table, int]:
        async with opened() as (store, _):
            table = await find_table(store, which)
            lines, head = sheet_lines(store, table), sheet_head(table)
            if output is not None:
                return table, await write_sheet(output, chosen, head, lines)
            if chosen == "json":
                print_json([dict(zip(head, line, strict=True)) async for line in lines])
            else:
                write_utf8(await csv_text(head, lines))
            return table, -1

    table, count = go(work())
    if output is not None:
        say(f"Wrote {count:,} rows of {plain(table.name)} to {output}.")


def _view_json(seen: FileView) -> dict[str, Any]:
    return {
        "file": str(seen.path),
        "format": seen.format,
        "mapping": dict(seen.mapping),
        "new_columns": [config.key for config in seen.new],
        "left_out": list(seen.left_out),
        "rows": [dict(row) for row in seen.rows],
    }


def _print_view(seen: FileView) -> None:
    say(f"{seen.path.name}: {seen.format}")
    grid = Grid(title="What becomes of the columns", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("Column", "Goes to", "First values"):
        grid.add_column(column, overflow="fold")
    new = {config.key for config in seen.new}
    for column, key in seen.mapping.items():
        values = [str(row[key]) for row in seen.rows if key in row]
        where = f"{key} (new)" if key in new else key
        grid.add_row(Text(plain(column)), where, Text(plain(" | ".join(value[:40] for value in values[:3]))))
    err.print(grid)
    if seen.left_out:
        say(f"Left out: {', '.join(map(plain, seen.left_out))}")
