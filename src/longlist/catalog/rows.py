"""Rows of a company list: CSV in any dialect, JSON lines, a JSON array, Parquet, or a plain list of domains.

A row is a mapping from column to value; what cannot be read is a Fault in its place.
"""

import csv
import importlib
import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from longlist.catalog.lines import MAX_LINE, Fault, Line, Source, chunks, inspect, read_lines
from longlist.errors import CatalogError, Unavailable
from longlist.language.domains import registered_domain

Format = Literal["csv", "jsonl", "json", "parquet", "domains"]
MAX_FIELD_LINES = 1_000
"""Lines one quoted CSV field may span; a quotation mark open for longer is taken for a stray one."""

_MAX_FIELD = 2**17  # the csv module's own limit for one field
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `line` is the physical line it starts on (the row number in Parquet)."""

    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Table:
    """A list that can be read: what it is, and its columns (for JSON: those of the first rows)."""

    path: Path
    format: Format
    columns: tuple[str, ...]
    encoding: str = ""
    delimiter: str = ""
    source: Source | None = None


def open_table(path: Path) -> Table:
    """Find out what a file is. CatalogError when it is none of the formats; Unavailable for Parquet without pyarrow."""
    if path.is_file() and path.stat().st_size >= 4 and _starts_with(path, b"PAR1"):
        return Table(path, "parquet", tuple(_parquet(path).schema_arrow.names))
    source = inspect(path)
    start = source.sample.lstrip()
    if start.startswith("["):
        return Table(path, "json", _json_columns(_json_rows(source)), source.encoding, source=source)
    if start.startswith("{"):
        table = Table(path, "jsonl", (), source.encoding, source=source)
        return Table(path, "jsonl", _json_columns(rows(table)), source.encoding, source=source)
    header = next((line for line in re.split(r"\r\n|\n|\r", source.sample) if line.strip()), "")
    if _is_domain_list(source.sample):
        return Table(path, "domains", ("domain",), source.encoding, source=source)
    delimiter = _delimiter(header)
    first = next((item for item in _csv_items(source, delimiter, None) if isinstance(item, tuple)), None)
    if first is None:
        raise CatalogError(f"'{path}' has no readable header line, so its columns are unknown.")
    return Table(path, "csv", _column_names(first[1]), source.encoding, delimiter, source)


def rows(table: Table, on_note: Callable[[str], None] | None = None) -> Iterator[Row | Fault]:
    """The rows of a table, in file order; CatalogError when the file as a whole turns out to be damaged."""
    if table.source is None:
        yield from _parquet_rows(table.path)
    elif table.format == "json":
        yield from _json_rows(table.source)
    elif table.format == "jsonl":
        yield from (
            item if isinstance(item, Fault) else _json_row(item)
            for item in read_lines(table.source, on_note)
            if isinstance(item, Fault) or item.text.strip()
        )
    elif table.format == "domains":
        for item in read_lines(table.source, on_note):
            if isinstance(item, Fault):
                yield item
            elif item.text.strip() and not item.text.lstrip().startswith("#"):
                yield Row(item.number, {"domain": item.text.strip()})
    else:
        yield from _csv_rows(table, on_note)


def _starts_with(path: Path, magic: bytes) -> bool:
    try:
        with path.open("rb") as raw:
            return raw.read(len(magic)) == magic
    except OSError as error:
        raise CatalogError(f"'{path}' cannot be opened: {error.strerror or error}.") from error


# --- CSV -------------------------------------------------------------------------------------------------------------


def _is_domain_list(sample: str) -> bool:
    lines = [line.strip() for line in re.split(r"\r\n|\n|\r", sample)[:200]]
    lines = [line for line in lines if line and not line.startswith("#")]
    if len(sample) > 60_000:
        lines = lines[:-1]
    hits = sum(1 for line in lines if registered_domain(line))
    return bool(lines) and bool(registered_domain(lines[0])) and hits * 2 >= len(lines)


def _delimiter(header: str) -> str:
    bare = re.sub(r'"[^"]*"', "", header)
    return max(_DELIMITERS, key=lambda mark: (bare.count(mark), -_DELIMITERS.index(mark)))


def _column_names(header: list[str]) -> tuple[str, ...]:
    """Unique names: empty ones are numbered, repeated ones get "(2)"."""
    names: list[str] = []
    for number, raw in enumerate(header, start=1):
        name = base = raw.strip() or f"column {number}"
        count = 2
        while name in names:
            name, count = f"{base} ({count})", count + 1
        names.append(name)
    while len(names) > 1 and re.fullmatch(r"column \d+", names[-1]) and not header[len(names) - 1].strip():
        names.pop()
    return tuple(names)


def _csv_rows(table: Table, on_note: Callable[[str], None] | None) -> Iterator[Row | Fault]:
    assert table.source is not None
    columns, header_seen = table.columns, False
    for item in _csv_items(table.source, table.delimiter, on_note, width=len(columns)):
        if isinstance(item, Fault):
            yield item
        elif not header_seen:
            header_seen = True
        else:
            line, values = item
            extra = [value for value in values[len(columns) :] if value.strip()]
            if extra:
                yield Fault(line, f"has {len(values)} fields where the header names {len(columns)}", _cut(values))
            elif any(value.strip() for value in values):
                yield Row(line, dict(zip(columns, values, strict=False)))


def _cut(values: list[str]) -> str:
    return " | ".join(value[:80] for value in values[:6])[:200]


def _csv_items(
    source: Source, delimiter: str, on_note: Callable[[str], None] | None, width: int = 0
) -> Iterator[tuple[int, list[str]] | Fault]:
    """(line, fields) per record. A quoted field may hold line breaks; a quotation mark that is never closed costs
    its own line only, because the lines after it are read again without it.
    """
    incoming = read_lines(source, on_note)
    waiting: deque[Line | Fault] = deque()

    def following() -> Line | Fault | None:
        return waiting.popleft() if waiting else next(incoming, None)

    while (item := following()) is not None:
        if isinstance(item, Fault):
            yield item
            continue
        if not item.text.strip():
            continue
        fields = _parse(item.text, delimiter, strict=True)
        if fields is None and not _opens(item.text, delimiter):
            fields = _parse(item.text, delimiter, strict=False)
        if fields is not None:
            yield item.number, fields
            continue
        taken: list[Line | Fault] = []
        joined, size = [item.text], len(item.text)
        while fields is None and len(taken) < MAX_FIELD_LINES and size < MAX_LINE and (more := following()) is not None:
            taken.append(more)
            if isinstance(more, Fault):
                break
            joined.append(more.text)
            size += len(more.text)
            if '"' not in more.text.replace('""', ""):
                continue
            text = "\n".join(joined)
            fields = _parse(text, delimiter, strict=True)
            if fields is None and not _opens(text, delimiter):
                break
        if fields is not None and (not width or len(fields) == width):
            yield item.number, fields
            continue
        waiting.extendleft(reversed(taken))
        yield Fault(item.number, "a quotation mark is opened and not closed", item.text[:200])


def _parse(text: str, delimiter: str, *, strict: bool) -> list[str] | None:
    try:
        return next(
            csv.reader(
                [text] if "\n" not in text else text.splitlines(keepends=True), delimiter=delimiter, strict=strict
            ),
            [],
        )
    except csv.Error:
        return None


def _opens(text: str, delimiter: str) -> bool:
    """Whether a quoted field is still open at the end of `text`."""
    try:
        next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True), None)
    except csv.Error as error:
        return "unexpected end of data" in str(error)
    return False


# --- JSON ------------------------------------------------------------------------------------------------------------


def _json_columns(items: Iterator[Row | Fault]) -> tuple[str, ...]:
    """The columns of the first hundred rows, in order of appearance."""
    columns: dict[str, None] = {}
    try:
        for seen, item in enumerate(items):
            if seen >= 100:
                break
            if isinstance(item, Row):
                columns |= dict.fromkeys(item.values)
    except CatalogError:
        if not columns:
            raise
    return tuple(columns)


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= 18 else None


def _not_a_number(_: str) -> None:
    return None


def _json_row(line: Line) -> Row | Fault:
    text = line.text.strip().removesuffix(",")
    try:
        loaded = json.loads(text, parse_int=_integer, parse_constant=_not_a_number)
    except json.JSONDecodeError as error:
        return Fault(line.number, f"is not valid JSON: {error.msg} at character {error.colno}", text[:200])
    except RecursionError:
        return Fault(line.number, "is JSON nested too deeply", text[:200])
    except ValueError as error:
        return Fault(line.number, f"is JSON with a value that cannot be read: {error}", text[:200])
    if not isinstance(loaded, dict):
        return Fault(line.number, f"is a JSON {type(loaded).__name__} where an object is expected", text[:200])
    return Row(line.number, _flat(loaded))


def _flat(loaded: Mapping[str, Any]) -> dict[str, Any]:
    """Nested objects become columns of their own, one level deep: {"hq": {"city": …}} is "hq.city"."""
    flat: dict[str, Any] = {}
    for key, value in loaded.items():
        if isinstance(value, dict):
            flat |= {f"{key}.{inner}": deeper for inner, deeper in value.items() if not isinstance(deeper, dict)}
        else:
            flat[key] = value
    return flat


_STRUCTURE = re.compile(r'["{}\[\]\n]')
_STRING_END = re.compile(r'(?:[^"\\]|\\.)*"', re.DOTALL)


def _json_rows(source: Source) -> Iterator[Row | Fault]:
    """The objects of a JSON array, one at a time, without holding the array."""
    for number, text in _json_values(source):
        yield Fault(number, f"longer than {MAX_LINE // 2**20} MB") if text is None else _json_row(Line(number, text))


def _json_values(source: Source) -> Iterator[tuple[int, str | None]]:
    """(line, text) of each object directly inside the outer array; CatalogError when brackets do not match."""
    line = began = 1
    depth, in_string, escaped = 0, False, False
    value: list[str] | None = None
    size = 0
    for text in _decoded(source):
        start = position = 0
        while position < len(text):
            if in_string:
                position, in_string, escaped = _through_string(text, position, escaped)
                continue
            match = _STRUCTURE.search(text, position)
            if match is None:
                break
            mark, position = match.group(), match.end()
            if mark == "\n":
                line += 1
            elif mark == '"':
                in_string = True
            elif mark in "{[":
                depth += 1
                if depth == 2:
                    value, size, start, began = [], 0, match.start(), line
            else:
                depth -= 1
                if depth < 0:
                    raise CatalogError(
                        f"'{source.path}': a bracket too many is closed on line {line}; reading stopped there."
                    )
                if depth == 1 and value is not None:
                    value.append(text[start:position])
                    size += position - start
                    yield began, "".join(value) if size <= MAX_LINE else None
                    value = None
        if value is not None:
            size += len(text) - start
            if size > MAX_LINE * 16:
                raise CatalogError(
                    f"'{source.path}': the entry that begins on line {began} does not end; reading stopped there."
                )
            value = [*value, text[start:]] if size <= MAX_LINE else []
    if depth or in_string:
        raise CatalogError(f"'{source.path}' ends inside its JSON array; the entries before the end were read.")


def _through_string(text: str, position: int, escaped: bool) -> tuple[int, bool, bool]:
    """Go on inside a string: (new position, still inside, whether the text ended on a backslash)."""
    if escaped:
        position += 1
    match = _STRING_END.match(text, position)
    if match is not None:
        return match.end(), False, False
    trailing = len(text) - len(text.rstrip("\\"))
    return len(text), True, trailing % 2 == 1 and len(text) - trailing >= position - 1


def _decoded(source: Source) -> Iterator[str]:
    encoding = "cp1252" if source.encoding == "cp1252" else "utf-8"
    held = b""
    for chunk in chunks(source):
        data = held + chunk
        cut = len(data)
        if encoding == "utf-8":  # never cut inside a character
            while cut > max(0, len(data) - 4) and data[cut - 1] & 0xC0 == 0x80:
                cut -= 1
            cut = cut - 1 if cut and data[cut - 1] >= 0xC0 else len(data)
        held = data[cut:]
        yield data[:cut].decode(encoding, errors="replace")
    if held:
        yield held.decode(encoding, errors="replace")


# --- Parquet ---------------------------------------------------------------------------------------------------------


def _parquet(path: Path) -> Any:
    try:
        parquet = importlib.import_module("pyarrow.parquet")
        arrow = importlib.import_module("pyarrow")
    except ImportError as error:
        raise Unavailable(
            f"'{path}' is a Parquet file; reading it needs the extra 'parquet': pip install 'longlist[parquet]'."
        ) from error
    try:
        return parquet.ParquetFile(path)
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise CatalogError(f"The Parquet file '{path}' cannot be read: {error}.") from error


def _parquet_rows(path: Path) -> Iterator[Row | Fault]:
    arrow = importlib.import_module("pyarrow")
    number = 0
    try:
        for batch in _parquet(path).iter_batches(batch_size=1_000):
            for row in batch.to_pylist():
                number += 1
                yield Row(number, _flat(row))
    except (arrow.ArrowException, OSError, ValueError) as error:
        raise CatalogError(
            f"The Parquet file '{path}' is damaged after row {number} ({error}); the rows before that were read."
        ) from error
