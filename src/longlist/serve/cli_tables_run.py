"""What `longlist tables` does, files apart. Only `run` needs more than the store."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, get_args

import typer
from rich import box
from rich.table import Table as Grid
from rich.text import Text

from longlist.engine.table_reader import TableProof, find_table, verify_table
from longlist.engine.tables import Tables
from longlist.errors import InvalidInput, LonglistError
from longlist.model.table import (
    AUTOMATIC,
    Agent,
    AgentType,
    Column,
    ColumnConfig,
    NewRow,
    OutputFormat,
    Row,
    Run,
    RunMode,
    Table,
    TableKind,
    Tally,
)
from longlist.serve.bars import live
from longlist.serve.plain import plain, shortened
from longlist.serve.session import go, interrupted
from longlist.serve.table_wire import column_json, row_json, run_json, status_json, summary_json, table_json
from longlist.serve.terminal import out, print_json, say
from longlist.serve.wire import Json
from longlist.settings import load_settings
from longlist.store.open import SqlStore, open_store
from longlist.store.table_store import Narrowing, Summary

LOOK_SECONDS = 0.3
SHOWN = 40  # letters of a cell
NARROWEST, BETWEEN = 14, 2  # letters that a column needs to say something, and those between two
LOCAL: Json = {"id": "local", "email": "local@localhost"}
KEPT = "Interrupted. Cells that were made are kept; the same command goes on."


@contextlib.asynccontextmanager
async def opened() -> AsyncIterator[tuple[SqlStore, Tables]]:
    """The store of the data directory, and what can be done to its tables."""
    async with open_store(load_settings().store_url) as store:
        yield store, Tables(store)


def list_tables(limit: int, *, as_json: bool) -> None:
    """List the newest tables."""

    async def work() -> list[Summary]:
        async with opened() as (_, tables):
            return (await tables.tables(Narrowing(), 0, limit))[0]

    found = go(work())
    if as_json:
        print_json([summary_json(one, LOCAL) for one in found])
        return
    if not found:
        say("No tables yet. `longlist tables create NAME` makes one, `longlist tables import FILE` fills one.")
        return
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name in ("Table", "Created", "Kind", "Rows", "Name"):
        grid.add_column(name, justify="right" if name == "Rows" else "left")
    for one in found:
        created = one.table.created_at.astimezone().strftime("%Y-%m-%d %H:%M")
        grid.add_row(one.table.id[:8], created, one.table.kind, f"{one.rows:,}", Text(plain(one.table.name)))
    out().print(grid)


def create(name: str, kind: TableKind, *, as_json: bool) -> None:
    """Make a table."""

    async def work() -> Table:
        async with opened() as (_, tables):
            return await tables.create(name, kind)

    _tell(go(work()), "Made", as_json=as_json)


def show(which: str, limit: int, *, as_json: bool) -> None:
    """Show the first rows of a table."""

    async def work() -> tuple[Table, Tally, list[Row]]:
        async with opened() as (store, tables):
            table = await find_table(store, which)
            rows = [row async for some in tables.rows(table, 0, limit) for row in some]
            return table, await tables.tally(table.id), rows

    table, tally, rows = go(work())
    if as_json:
        head = table_json(table, LOCAL) | {"status": status_json(table, tally)}
        print_json(head | {"rows": [row_json(table, row, None) for row in rows]})
        return
    state = f"; {tally.waiting:,} cells under way" if tally.waiting else ""
    failed = f"; {tally.failed:,} failed" if tally.failed else ""
    out().print(
        Text(f"{plain(table.name)}: {tally.rows:,} rows, {tally.done:,} cells made{failed}{state}", style="bold")
    )
    cells = {column.id: [_cell(column, row) for row in rows] for column in table.columns}
    least = {column.id: _least(column, cells[column.id]) for column in table.columns}
    shown = _fitting(table, cells, least, out().width)
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for column in shown:
        grid.add_column(plain(column.config.key), no_wrap=True, overflow="ellipsis", min_width=least[column.id])
    for place in range(len(rows)):
        grid.add_row(*(cells[column.id][place] for column in shown))
    out().print(grid)
    if left := [plain(column.config.key) for column in table.columns if column not in shown]:
        out().print(
            f"Not shown here: {', '.join(left)}. `longlist tables export {table.id[:8]}` has all columns.", style="dim"
        )


def _least(column: Column, texts: Sequence[Text]) -> int:
    """How many letters a column is to be wide at least."""
    return min(NARROWEST, max([len(column.config.key), *map(len, texts)]))


def _fitting(table: Table, cells: Mapping[str, Sequence[Text]], least: Mapping[str, int], width: int) -> list[Column]:
    """The columns that fit into so many letters, in order. Those that every table has are left out where they are empty;
    then, from the right, what is given goes before what was asked.
    """
    own = AUTOMATIC[table.kind]
    shown = [one for one in table.columns if one.config.key not in own or any(text.plain for text in cells[one.id])]
    given = [one for one in shown[1:] if one.config.is_input or one.config.key in own]
    can_go = [*(one for one in shown[1:] if one not in given), *given]
    while can_go and sum(least[one.id] + BETWEEN for one in shown) > width:
        shown.remove(can_go.pop())
    return shown


def _cell(column: Column, row: Row) -> Text:
    if column.config.is_input:
        return Text(shortened(str(row.data.get(column.id) or ""), SHOWN))
    cell = row.cells.get(column.id)
    if cell is None:
        return Text("")
    if cell.status == "failed":
        return Text(f"✕ {shortened(cell.error, SHOWN)}", style="red")
    if cell.status != "done" or cell.value is None:
        return Text("…", style="dim")
    return Text(shortened(str(cell.value.answer), SHOWN), style="" if cell.value.is_found else "dim")


def add(which: str, values: Sequence[str], *, as_json: bool) -> None:
    """Add rows by their input."""

    async def work() -> tuple[Table, list[Row]]:
        async with opened() as (store, tables):
            table = await find_table(store, which)
            return table, await tables.add_rows(table.id, [NewRow({"input": value}) for value in values])

    table, made = go(work())
    if as_json:
        print_json([row_json(table, row, None) for row in made])
    else:
        say(f"{len(made):,} rows added to {plain(table.name)}.")


def ask(which: str, key: str, prompt: str, form: str, labels: Sequence[str], agent: str, *, as_json: bool) -> None:
    """Add a column that asks."""
    chosen = next((one for one in get_args(OutputFormat) if one == form), None)
    answers = next((one for one in get_args(AgentType) if one == agent), None)
    if chosen is None:
        raise InvalidInput(f"There is no form {form}; there are {', '.join(get_args(OutputFormat)[:11])}.", field="as")
    if answers is None:
        raise InvalidInput(f"There is no agent {agent}; there are {', '.join(get_args(AgentType)[:4])}.", field="agent")
    config = ColumnConfig("agent", key, key.replace("_", " "), Agent(answers, prompt, chosen, tuple(labels)))

    async def work() -> tuple[Table, Column]:
        async with opened() as (store, tables):
            table = await find_table(store, which)
            return table, (await tables.add_columns(table.id, [config]))[0]

    table, made = go(work())
    if as_json:
        print_json(column_json(made))
    else:
        say(
            f"Column {key} added to {plain(table.name)}. `longlist tables run {table.id[:8]} --column {key}` makes its cells."
        )


def run(which: str, mode: RunMode, keys: Sequence[str], first: int, *, as_json: bool) -> None:
    """Ask for cells and wait for them: made here when no server works on the data, else by that."""

    async def work() -> tuple[Table, Run, Tally]:
        from longlist.wiring.cells import cell_runner
        from longlist.wiring.home import open_home, worker_role

        settings = load_settings()
        async with open_home(settings) as home:
            tables = home.tables_of(None)
            table = await find_table(home.store, which)
            asked = await tables.run(table.id, mode, rows=await _first(tables, table, first), columns=_ids(table, keys))
            with interrupted(lambda: KEPT), live() as bar:
                step = bar.add_task(f"Making {asked.requested:,} cells")
                role = worker_role(settings)
                is_here = not role.is_taken()
                making = asyncio.create_task(cell_runner(home).until_idle()) if is_here else None
                while (tally := await tables.tally(table.id)).waiting and not (making and making.done()):
                    bar.update(step, description=f"{tally.waiting:,} cells to make, {tally.failed:,} failed")
                    await asyncio.sleep(LOOK_SECONDS)
                if making is not None:
                    await making
            return table, asked, await tables.tally(table.id)

    table, asked, tally = go(work())
    if as_json:
        print_json(run_json(asked, "done") | {"table": status_json(table, tally)})
    else:
        failed = (
            f" {tally.failed:,} cells of the table failed; `--mode failed` runs those again." if tally.failed else ""
        )
        say(f"{asked.requested:,} cells made in {plain(table.name)}.{failed}")


async def _first(tables: Tables, table: Table, count: int) -> list[str] | None:
    """The ids of the first rows; None for all."""
    return [row.id async for some in tables.rows(table, 0, count) for row in some] if count else None


def _ids(table: Table, keys: Sequence[str]) -> list[str] | None:
    """The ids of columns by key; None for all."""
    found = {key: table.column(key) for key in keys}
    if unknown := next((key for key, column in found.items() if column is None), None):
        there = ", ".join(column.config.key for column in table.columns)
        raise InvalidInput(f"The table has no column {unknown}; its columns are {there}.", field="column")
    return [column.id for column in found.values() if column is not None] or None


def clone(which: str, *, schema_only: bool, as_json: bool) -> None:
    """Copy a table."""

    async def work() -> Table:
        async with opened() as (store, tables):
            return await tables.clone((await find_table(store, which)).id, schema_only=schema_only)

    _tell(go(work()), "Copied", as_json=as_json)


def verify(which: str, *, as_json: bool) -> bool:
    """Check a table's quotations; whether any is unproven."""

    async def work() -> TableProof:
        async with opened() as (store, _):
            return await verify_table(store, await find_table(store, which))

    found = go(work())
    if as_json:
        print_json(asdict(found))
        return bool(found.failures)
    proven = found.checked - len(found.failures)
    out().print(f"{proven:,} of {found.checked:,} quotations stand in the stored texts.")
    for failure in found.failures:
        out().print(Text(f"Not proven: row {failure.row_id[:8]}, {failure.column}: {failure.reason}", style="red"))
    return bool(found.failures)


def delete(which: str, *, yes: bool, as_json: bool) -> None:
    """Delete a table, after asking."""

    async def find() -> tuple[Table, Tally]:
        async with opened() as (store, tables):
            table = await find_table(store, which)
            return table, await tables.tally(table.id)

    async def work(table_id: str) -> None:
        async with opened() as (_, tables):
            await tables.delete(table_id)

    table, tally = go(find())
    if not yes and not _agreed(f"Delete the table {plain(table.name)} with its {tally.rows:,} rows?"):
        raise LonglistError("Nothing was deleted. --yes deletes without asking.")
    go(work(table.id))
    if as_json:
        print_json({"id": table.id, "deleted": True})
    else:
        say(f"Deleted: {plain(table.name)} with its {tally.rows:,} rows.")


def _agreed(question: str) -> bool:
    try:
        return typer.confirm(question, default=False, err=True)
    except typer.Abort:
        return False


def _tell(table: Table, what: str, *, as_json: bool) -> None:
    if as_json:
        print_json(_shown(table))
    else:
        say(f"{what}: {plain(table.name)}, {table.id[:8]}.")


def _shown(table: Table) -> dict[str, Any]:
    return table_json(table, LOCAL)
