"""Rows of an Excel workbook (.xlsx), read as they are asked for; what is packed too tightly is refused unread."""

import contextlib
import zipfile
from collections.abc import Generator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from longlist.catalog.lines import Fault
from longlist.catalog.rows import Row
from longlist.errors import CatalogError

MOST_UNPACKED = 200 * 2**20  # bytes; a workbook of 100,000 rows and 30 columns has some 150 MB
MOST_RATIO = 200  # unpacked to packed, from which on a part is taken for a bomb
FROM_RATIO = 2**20  # bytes below which the ratio tells nothing
MOST_PARTS = 2_000
MOST_COLUMNS = 200
MOST_TEXT = 100_000  # characters of a cell


def is_workbook(path: Path) -> bool:
    """Whether a file is a workbook, by how it begins."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError as error:
        raise CatalogError(f"'{path}' cannot be opened: {error.strerror or error}.") from error


def workbook_columns(path: Path) -> tuple[str, ...]:
    """The columns of the first sheet, named by its first row. CatalogError when it cannot be read."""
    with contextlib.closing(_raw_rows(path)) as rows:
        head = next(rows, None)
    if head is None or not any(_text(value) for value in head):
        raise CatalogError(f"The first sheet of '{path}' has no row that names its columns.")
    if len(head) > MOST_COLUMNS and _text(head[MOST_COLUMNS]):
        raise CatalogError(f"'{path}' has more than {MOST_COLUMNS} columns, the most that are read.")
    names: list[str] = []
    for number, value in enumerate(head[:MOST_COLUMNS], start=1):
        name = base = _text(value)[:200] or f"column {number}"
        count = 2
        while name in names:
            name, count = f"{base} ({count})", count + 1
        names.append(name)
    while names and not _text(head[len(names) - 1]):
        names.pop()
    return tuple(names)


def workbook_rows(path: Path) -> Generator[Row | Fault, None, None]:
    """The rows below the first; CatalogError when the workbook turns out to be damaged."""
    names = workbook_columns(path)
    for number, row in enumerate(_raw_rows(path), start=1):
        values = {name: plain(value) for name, value in zip(names, row, strict=False)}
        if number > 1 and any(value not in (None, "") for value in values.values()):
            yield Row(number, values)


def _raw_rows(path: Path) -> Generator[tuple[Any, ...], None, None]:
    """The first sheet as it is, closed when it is read or given up."""
    _check(path)
    try:
        with path.open("rb") as file:
            book = load_workbook(file, read_only=True, data_only=True)
            try:
                if book.worksheets:
                    yield from book.worksheets[0].iter_rows(values_only=True, max_col=MOST_COLUMNS + 1)
            finally:
                book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, IndexError) as error:
        raise _damaged(path, error) from error


def plain(value: Any) -> Any:
    """A cell's value as JSON has it: numbers and texts as they are, dates as ISO 8601."""
    match value:
        case None | bool() | int() | float():
            return value
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat()
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)[:MOST_TEXT]


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _check(path: Path) -> None:
    """CatalogError for what is no zip file, or one that would unpack to more than any list."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise _damaged(path, error) from error
    size = sum(part.file_size for part in parts)
    bombs = [p for p in parts if p.file_size > FROM_RATIO and p.file_size > MOST_RATIO * max(1, p.compress_size)]
    if size > MOST_UNPACKED or bombs or len(parts) > MOST_PARTS:
        raise CatalogError(
            f"'{path}' would unpack to {size / 2**20:,.0f} MB, far more than a list of companies; it was not opened. Save it "
            "as CSV if it is one."
        )


def _damaged(path: Path, error: Exception) -> CatalogError:
    return CatalogError(f"'{path}' cannot be read as an Excel workbook ({type(error).__name__}: {error}).")
