"""Getting a result to where it was wanted: printed, or in a file. Whether that can work is checked before any search."""

import asyncio
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from longlist.engine.reader import Report
from longlist.errors import InvalidInput, LonglistError
from longlist.model.company import Sighting
from longlist.model.criterion import Criterion
from longlist.serve.options import Shape
from longlist.serve.sheets import sheet, to_csv, to_xlsx
from longlist.serve.table_sheets import each, write_sheet
from longlist.serve.tables import print_company, print_report
from longlist.serve.terminal import out, print_json, say, write_utf8
from longlist.serve.wire import report_json, result_json
from longlist.serve.words import stop_lines
from longlist.store.store import Result

ENDINGS: dict[str, Shape] = {".csv": "csv", ".json": "json", ".xlsx": "xlsx", ".parquet": "parquet"}
PLAIN = ("", ".txt", ".text", ".log", ".md", ".out")  # endings under which a table is written
FILE_WIDTH = 120  # columns of a table that goes to a file


def chosen_shape(shape: Shape | None, output: Path | None, *, as_json: bool) -> Shape:
    """The format asked for, else the one the file's ending names, else a table.

    InvalidInput when the file cannot be written or the format needs one.
    """
    if as_json and shape not in (None, "json"):
        raise InvalidInput(f"--json and --format {shape} cannot both be had.", field="format")
    ending = output.suffix.lower() if output else ""
    if not as_json and shape is None and ending not in {*ENDINGS, *PLAIN}:
        raise InvalidInput(
            f"Files ending in {ending} are not written here: {', '.join(ENDINGS)} are, and a table as .txt. "
            "--format says which to write under another ending.",
            field="output",
        )
    chosen = "json" if as_json else shape or ENDINGS.get(ending, "table")
    if chosen in ("xlsx", "parquet") and output is None:
        kind = "An Excel" if chosen == "xlsx" else "A Parquet"
        raise InvalidInput(f"{kind} file cannot be printed: name one with -o FILE.{chosen}.", field="output")
    if output is not None:
        check_writable(output)
    return chosen


def check_writable(file: Path) -> None:
    """InvalidInput, saying why, when a file cannot be written; what is in it stays, and a new one is not left behind."""
    try:
        if not file.parent.is_dir():
            raise InvalidInput(f"The folder {file.parent} does not exist.", field="output")
        if file.is_dir():
            raise InvalidInput(f"{file} is a folder; name a file in it.", field="output")
        is_new = not file.exists()
        with file.open("ab"):
            pass
        if is_new:
            file.unlink()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise InvalidInput(f"The file {file} cannot be written: {why}.", field="output") from error


def deliver(report: Report, shape: Shape, output: Path | None) -> None:
    """Print the report, or write it to the file. Why the search ended goes to standard error beside data formats."""
    if output is None:
        _print(report, shape)
    else:
        _write(report, shape, output)
        count, near = len(report.results), len(report.near_misses) if shape != "json" else 0
        misses = f", and {near} near {'miss' if near == 1 else 'misses'}, marked as such" if near else ""
        say(f"Wrote {count} {'company' if count == 1 else 'companies'} to {output}{misses}.")
    if shape != "table" or output is not None:
        for line in stop_lines(report):
            say(line)


def write_company(
    result: Result,
    criteria: Sequence[Criterion],
    sightings: Sequence[Sighting],
    shape: Shape,
    output: Path | None,
) -> None:
    """Print one company of a task, or write it to the file."""
    if shape == "json" and output is None:
        print_json(result_json(result))
    elif output is None:
        print_company(out(), result, criteria, sightings)
    elif shape == "json":
        _save_json(result_json(result), output)
    else:
        _save(output, lambda: _as_text(lambda console: print_company(console, result, criteria, sightings)))


def _print(report: Report, shape: Shape) -> None:
    match shape:
        case "json":
            print_json(report_json(report))
        case "csv":
            write_utf8(to_csv(report))  # CSV has no escapes for what a terminal lacks
        case _:
            print_report(out(), report)


def _write(report: Report, shape: Shape, output: Path) -> None:
    match shape:
        case "json":
            _save_json(report_json(report), output)
        case "csv":
            _save(output, lambda: to_csv(report).encode())
        case "xlsx":
            _save(output, lambda: to_xlsx(report))
        case "parquet":
            rows = sheet(report)
            asyncio.run(write_sheet(output, "parquet", rows[0], each(rows[1:])))
        case "table":
            _save(output, lambda: _as_text(lambda console: print_report(console, report)))


def _as_text(show: Callable[[Console], None]) -> bytes:
    written = io.StringIO()
    show(out(written, FILE_WIDTH))
    return written.getvalue().encode()


def _save_json(value: Any, output: Path) -> None:
    _save(output, json.dumps(value, ensure_ascii=False, indent=2).encode)


def _save(output: Path, content: Callable[[], bytes]) -> None:
    try:
        output.write_bytes(content())
    except OSError as error:
        raise LonglistError(
            f"Writing {output} failed: {error.strerror}. The result is kept: `longlist show TASK -o FILE` writes it again."
        ) from error
