"""Sheets of any size to files, a line at a time: CSV, Excel, JSON lines of objects, Parquet (extra)."""

import csv
import importlib
import io
import json
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, TextIO

import xlsxwriter

from longlist.errors import InvalidInput, Unavailable
from longlist.serve.sheets import MAX_CELL, printable, safe

FORMATS = ("csv", "xlsx", "json", "parquet")
PARQUET_BATCH = 1_000

Lines = AsyncIterator[Sequence[Any]]


async def write_sheet(file: Path, shape: str, head: Sequence[str], lines: Lines) -> int:
    """Write a sheet to a file in a format; how many lines it has. Unavailable when Parquet's library is not installed."""
    match shape:
        case "csv":
            with file.open("w", encoding="utf-8-sig", newline="") as opened:  # so that Excel reads it as what it is
                return await write_csv(opened, head, lines)
        case "json":
            with file.open("w", encoding="utf-8") as opened:
                return await write_json(opened, head, lines)
        case "xlsx":
            return await _write_xlsx(file, head, lines)
        case "parquet":
            return await _write_parquet(file, head, lines)
        case _:
            raise InvalidInput(f"There is no format {shape}; there are {', '.join(FORMATS)}.", field="format")


async def write_csv(file: TextIO, head: Sequence[str], lines: Lines) -> int:
    """As CSV (RFC 4180); texts that a spreadsheet program would run as formulas get an apostrophe in front."""
    count = 0
    writer = csv.writer(file)
    writer.writerow([safe(name) for name in head])
    async for line in lines:
        writer.writerow(["" if value is None else safe(printable(value)) for value in line])
        count += 1
    return count


async def write_json(file: TextIO, head: Sequence[str], lines: Lines) -> int:
    """As a JSON array of objects, one a line."""
    count = 0
    file.write("[")
    async for line in lines:
        file.write(",\n" if count else "\n")
        file.write(json.dumps(dict(zip(head, line, strict=True)), ensure_ascii=False))
        count += 1
    file.write("\n]\n")
    return count


async def _write_xlsx(file: Path, head: Sequence[str], lines: Lines) -> int:
    """As an Excel workbook, written out as it is made; every text is a text, never a formula or a link."""
    count = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(file), options) as book:
        page = book.add_worksheet("Longlist")
        bold = book.add_format({"bold": True})
        for column, name in enumerate(head):
            page.write_string(0, column, name[:MAX_CELL], bold)
        page.freeze_panes(1, 1)
        async for line in lines:
            count += 1
            for column, value in enumerate(line):
                if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300:
                    page.write_number(count, column, value)
                elif value is not None:
                    page.write_string(count, column, printable(str(value))[:MAX_CELL])
    return count


async def _write_parquet(file: Path, head: Sequence[str], lines: Lines) -> int:
    """As Parquet: a column is numbers when all its values are, else texts."""
    try:
        arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise Unavailable("Writing Parquet needs the extra 'parquet': pip install 'longlist[parquet]'.") from error
    kept = [list(line) async for line in lines]
    columns = {}
    for number, name in enumerate(head):
        values = [line[number] for line in kept]
        is_number = all(v is None or (isinstance(v, int | float) and not isinstance(v, bool)) for v in values)
        is_whole = is_number and all(v is None or (isinstance(v, int) and abs(v) < 2**63) for v in values)
        if is_number and any(v is not None for v in values):
            kind = arrow.int64() if is_whole else arrow.float64()
            columns[name] = arrow.array(values, kind)
        else:
            columns[name] = arrow.array([None if v is None else str(v) for v in values], arrow.string())
    parquet.write_table(arrow.table(columns), str(file))
    return len(kept)


async def each(lines: Sequence[Sequence[Any]]) -> Lines:
    """Lines that are there already, as if they were read."""
    for line in lines:
        yield line


async def csv_text(head: Sequence[str], lines: Lines) -> str:
    """The sheet as the text of a CSV file."""
    written = io.StringIO()
    await write_csv(written, head, lines)
    return written.getvalue()
