"""Files into tables: what a file's columns become is shown before anything is kept; domains are cleaned, duplicates told.

CSV, JSON lines, JSON, Excel, Parquet (extra), and plain lists of domains.
"""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from longlist.catalog.fields import guess_field
from longlist.catalog.lines import Fault
from longlist.catalog.rows import Row, open_table, rows
from longlist.catalog.workbook import is_workbook, plain, workbook_columns, workbook_rows
from longlist.engine.table_values import MAX_TEXT
from longlist.engine.tables import Tables, company_key
from longlist.errors import InvalidInput
from longlist.language.words import fold
from longlist.model.table import ColumnConfig, NewRow, Table, TableKind
from longlist.store.table_store import TableStore

LEFT_OUT = "ignore"
SHOWN_ROWS = 5
BATCH = 500
INPUT = "input"


NAMES = ("company", "name", "company_name")  # columns that say which company it is where the input is empty


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that was not taken: its number in the file, why, and its input or how it begins."""

    line: int
    reason: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class FileView:
    """What an import would do: `mapping` is column of the file to key in the table, `new` are columns to be added."""

    path: Path
    format: str
    columns: tuple[str, ...]
    mapping: Mapping[str, str]
    new: tuple[ColumnConfig, ...]
    rows: tuple[Mapping[str, Any], ...]

    @property
    def left_out(self) -> tuple[str, ...]:
        """The columns of the file that are not taken."""
        return tuple(column for column in self.columns if column not in self.mapping)


@dataclass(frozen=True, slots=True)
class FileImported:
    """What an import did."""

    table: Table
    added: int
    duplicates: tuple[Skipped, ...]
    rejected: tuple[Skipped, ...]


def view(path: Path, table: Table | None, kind: TableKind, mapping: Mapping[str, str] | None = None) -> FileView:
    """What a file holds and what would become of it; `mapping` (column of the file to key, or "ignore") goes first.

    CatalogError when it cannot be read, InvalidInput for a mapping to what cannot be.
    """
    kind = kind if table is None else table.kind
    shape, columns, content = _open(path)
    chosen, new = _mapping(columns, table, kind, mapping or {})
    shown: list[Mapping[str, Any]] = []
    with contextlib.closing(content):
        for item in content:
            if isinstance(item, Row):
                shown.append(_values(item, chosen))
            if len(shown) == SHOWN_ROWS:
                break
    return FileView(path, shape, columns, chosen, new, tuple(shown))


async def import_file(
    tables: Tables,
    store: TableStore,
    path: Path,
    *,
    table_id: str | None = None,
    name: str = "",
    kind: TableKind = "company",
    mapping: Mapping[str, str] | None = None,
    on_progress: Callable[[int], None] = lambda _: None,
) -> FileImported:
    """Put the rows of a file into a table, or into a new one. A company that is there already is left out, and told.

    What was added before a file breaks off stays (CatalogError says where); importing it again goes on.
    """
    table = None if table_id is None else await tables.table(table_id)
    seen = await asyncio.to_thread(view, path, table, kind, mapping)
    if table is None:
        table = await tables.create(name or path.stem[:300], kind, columns=seen.new)
    elif seen.new:
        await tables.add_columns(table.id, seen.new)
    known = dict.fromkeys(await store.row_keys(table.id), 0)
    duplicates: list[Skipped] = []
    rejected: list[Skipped] = []
    waiting: list[NewRow] = []
    added = 0
    async for item in _read(path):
        if isinstance(item, Fault):
            rejected.append(Skipped(item.number, item.reason, item.excerpt[:200]))
            continue
        values = _values(item, seen.mapping)
        if fault := _fault(values):
            rejected.append(Skipped(item.line, fault))
            continue
        if table.kind == "company" and not values.get(INPUT):
            values[INPUT] = next((values[name] for name in NAMES if values.get(name)), "")
        key = company_key(values.get(INPUT)) if table.kind == "company" else ""
        if table.kind == "company" and not values.get(INPUT):
            rejected.append(Skipped(item.line, "names no company: neither a website nor a name stands in it"))
            continue
        if key in known and key:
            where = f"line {known[key]}" if known[key] else "the table"
            duplicates.append(Skipped(item.line, f"the same company as in {where}", key))
            continue
        if key:
            known[key] = item.line
            values[INPUT] = key
        if not any(value not in (None, "") for value in values.values()):
            rejected.append(Skipped(item.line, "nothing in it is taken"))
            continue
        waiting.append(NewRow(values))
        if len(waiting) == BATCH:
            added += len(await tables.add_rows(table.id, waiting))
            waiting = []
            on_progress(added)
    if waiting:
        added += len(await tables.add_rows(table.id, waiting))
    return FileImported(await tables.table(table.id), added, tuple(duplicates), tuple(rejected))


def _open(path: Path) -> tuple[str, tuple[str, ...], Generator[Row | Fault, None, None]]:
    """What a file is, its columns, and its rows, which are to be closed."""
    if path.is_file() and is_workbook(path):
        return "xlsx", workbook_columns(path), workbook_rows(path)
    found = open_table(path)
    return found.format, found.columns, _each(rows(found))


async def _read(path: Path) -> AsyncIterator[Row | Fault]:
    """The rows of a file, read a piece at a time beside the event loop: a workbook takes seconds."""
    _, _, items = await asyncio.to_thread(_open, path)
    with contextlib.closing(items):
        while piece := await asyncio.to_thread(_piece, items):
            for item in piece:
                yield item


def _piece(items: Iterator[Row | Fault]) -> list[Row | Fault]:
    return list(islice(items, BATCH))


def _each(items: Iterator[Row | Fault]) -> Generator[Row | Fault, None, None]:
    yield from items


def _mapping(
    columns: Sequence[str], table: Table | None, kind: TableKind, given: Mapping[str, str]
) -> tuple[dict[str, str], tuple[ColumnConfig, ...]]:
    """Column of the file to key, and the columns that the table lacks for that."""
    if unknown := next((column for column in given if column not in columns), None):
        raise InvalidInput(
            f"The mapping names the column '{unknown}', which the file does not have; its columns are: "
            f"{', '.join(columns)[:1_000]}.",
            field="mapping",
        )
    there = {one.config.key: one.config for one in table.columns} if table is not None else {}
    chosen: dict[str, str] = {}
    taken: set[str] = set()
    names = {fold(config.name): key for key, config in there.items() if config.is_input}
    for column in columns:
        wanted = given.get(column) or _known_key(column, there, names)
        if wanted and wanted != LEFT_OUT and wanted not in taken:
            chosen[column] = wanted
            taken.add(wanted)
    if kind != "generic" and INPUT not in taken and (main := _main_column(columns, given, chosen)):
        chosen[main] = INPUT
        taken.add(INPUT)
    for column in columns:
        if column not in chosen and given.get(column) != LEFT_OUT:
            chosen[column] = _fresh_key(column, taken | set(there))
            taken.add(chosen[column])
    automatic = {INPUT} if kind != "generic" else set()
    new: list[ColumnConfig] = []
    for column, key in chosen.items():
        if key not in there and key not in automatic:
            new.append(ColumnConfig("input", _checked_key(key), column[:300]))
        elif key in there and not there[key].is_input:
            raise InvalidInput(
                f"The column {key} is produced, so no file can be put into it; map to another.", field="mapping"
            )
    return {column: chosen[column] for column in columns if column in chosen}, tuple(new)


def _known_key(column: str, there: Mapping[str, ColumnConfig], names: Mapping[str, str]) -> str:
    key = _slug(column)
    if column in there and there[column].is_input:
        return column
    if key in there and there[key].is_input:
        return key
    return names.get(fold(column), INPUT if key == INPUT else "")


def _main_column(columns: Sequence[str], given: Mapping[str, str], chosen: Mapping[str, str]) -> str:
    """The column that says which company a line is about: its website, else its name."""
    free = [column for column in columns if column not in chosen and column not in given]
    guesses = {column: guess for column in free if (guess := guess_field(column)) is not None}
    for field in ("website", "name"):
        fitting = sorted((guess[1], column) for column, guess in guesses.items() if guess[0] == field)
        if fitting:
            return fitting[0][1]
    return free[0] if len(columns) == 1 and free else ""


def _slug(column: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", fold(column)).strip("_")


def _fresh_key(column: str, taken: set[str]) -> str:
    base = _slug(column)[:90]
    base = base if re.match(r"[a-z]", base) else f"column_{base}".strip("_")
    key, count = base, 2
    while key in taken:
        key, count = f"{base}_{count}", count + 1
    return key


def _checked_key(key: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{0,99}", key):
        raise InvalidInput(
            f"{key[:100]!r} cannot be the key of a column: letters, digits and underscores.", field="mapping"
        )
    return key


def _values(row: Row, mapping: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column, key in mapping.items():
        value = (
            plain(row.values.get(column)) if not isinstance(row.values.get(column), list | dict) else row.values[column]
        )
        if isinstance(value, str):
            value = value.strip()
        if value not in (None, ""):
            values[key] = value
    return values


def _fault(values: Mapping[str, Any]) -> str:
    for key, value in values.items():
        if isinstance(value, str) and len(value) > MAX_TEXT:
            return f"the value for {key} is longer than {MAX_TEXT:,} characters"
        if isinstance(value, str) and "\0" in value:
            return f"the value for {key} holds a NUL character"
    return ""
