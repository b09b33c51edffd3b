"""Physical lines of a file that may be anything: bounded, numbered, decoded; what cannot be read is a Fault.

Knows nothing of columns. Memory stays bounded whatever the file holds.
"""

import codecs
import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from longlist.errors import CatalogError

MAX_LINE = 4 * 2**20
"""Bytes of one line (or one JSON value); longer ones are rejected without being held in memory."""

SAMPLE = 2**16
_CHUNK = 2**18
_BOMB_RATIO = 200  # repetitive company lists compress up to about 50:1, gzip's limit is about 1000:1
_BOMB_FLOOR = 2**28
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook: save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file: save the sheet as CSV"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "an SQLite database: export the table as CSV"),
    (b"BZh", "a bzip2 archive: unpack it, or compress it with gzip"),
    (b"\xfd7zXZ", "an xz archive: unpack it, or compress it with gzip"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive: unpack it, or compress it with gzip"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A decoded line without its end; `number` counts physical lines from 1."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that cannot be used, and why."""

    number: int
    reason: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A readable text file: how it is packed and encoded, its first bytes (decoded) as a sample."""

    path: Path
    gzipped: bool
    encoding: str
    sample: str


def inspect(path: Path) -> Source:
    """Look at the first bytes of a file; CatalogError when it is missing, no file, empty, binary or unreadable."""
    if not path.exists():
        raise CatalogError(f"There is no file at '{path}'.")
    if not path.is_file():
        raise CatalogError(f"'{path}' is not a file; give the path of one CSV, JSONL or text file.")
    try:
        with path.open("rb") as raw:
            head = raw.read(4)
    except OSError as error:
        raise CatalogError(f"'{path}' cannot be opened: {error.strerror or error}.") from error
    gzipped = head[:2] == b"\x1f\x8b"
    sample = b""
    with _open(path, gzipped) as stream:
        try:
            while len(sample) < SAMPLE and (more := _read(stream, SAMPLE, path)):
                sample += more
        except CatalogError:
            if not sample:
                raise
    if not sample.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise CatalogError(f"'{path}' is empty{' or holds nothing but blanks' if sample else ''}.")
    for magic, what in _MAGIC:
        if sample.startswith(magic):
            raise CatalogError(f"'{path}' is {what}.")
    encoding = _encoding(sample)
    text = sample.decode(encoding, errors="replace")
    odd = sum(1 for c in text if (ord(c) < 32 and c not in "\t\r\n\f\v\x1a") or c == "\ufffd" or ord(c) == 127)
    if odd > len(text) * 0.05 + 8:
        raise CatalogError(f"'{path}' does not look like text: it may be a binary file, or damaged.")
    return Source(path, gzipped, encoding, text.removeprefix("\ufeff"))


def _encoding(sample: bytes) -> str:
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return name
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) > len(sample) * 0.2 and min(even, odd) < max(even, odd) * 0.1:
        return "utf-16-be" if even > odd else "utf-16-le"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=False)
    except UnicodeDecodeError as error:
        invalid = sum(1 for byte in sample if byte >= 0x80)
        # A stray bad line in good UTF-8 is a bad line; text that is wrong wherever it is not ASCII has another encoding.
        good = len(sample.decode("utf-8", errors="ignore").encode()) - (len(sample) - invalid)
        if good * 2 > invalid and error.reason:
            return "utf-8"
        return "cp1252"
    return "utf-8"


def _open(path: Path, gzipped: bool) -> gzip.GzipFile | io.BufferedReader:
    try:
        return gzip.GzipFile(path, "rb") if gzipped else path.open("rb")
    except OSError as error:
        raise CatalogError(f"'{path}' cannot be opened: {error.strerror or error}.") from error


def _read(stream: gzip.GzipFile | io.BufferedReader, size: int, path: Path) -> bytes:
    try:
        return stream.read1(size)
    except EOFError as error:
        raise CatalogError(
            f"'{path}' is cut off: its gzip data ends in the middle. What was read before that is kept."
        ) from error
    except (zlib.error, gzip.BadGzipFile) as error:
        raise CatalogError(
            f"The gzip data of '{path}' is damaged ({error}). What was read before that is kept."
        ) from error
    except OSError as error:
        raise CatalogError(
            f"Reading '{path}' failed: {error.strerror or error}. What was read before is kept."
        ) from error


def chunks(source: Source) -> Iterator[bytes]:
    """The bytes of a source, unpacked, in UTF-8 where its encoding was UTF-16 or -32, else as they are."""
    wide = source.encoding.startswith(("utf-16", "utf-32"))
    decoder = codecs.getincrementaldecoder(source.encoding)(errors="replace") if wide else None
    packed = source.path.stat().st_size
    total = 0
    with _open(source.path, source.gzipped) as stream:
        first = True
        while chunk := _read(stream, _CHUNK, source.path):
            total += len(chunk)
            if source.gzipped and total > _BOMB_FLOOR and total > packed * _BOMB_RATIO:
                raise CatalogError(
                    f"'{source.path}' unpacks to more than {_BOMB_RATIO} times its size, which no company list does; "
                    "reading stopped. What was read before that is kept. Unpack it yourself if it is genuine."
                )
            if decoder is not None:
                chunk = decoder.decode(chunk).encode("utf-8", errors="replace")
            if first:
                chunk = chunk.removeprefix(codecs.BOM_UTF8)
                first = False
            if chunk:
                yield chunk


def read_lines(source: Source, on_note: Callable[[str], None] | None = None) -> Iterator[Line | Fault]:
    """The lines of a source, or a Fault in place of each that is too long or holds NUL bytes.

    A line that is not valid UTF-8 in a file that is, is read as Windows-1252; the first of them is noted.
    """
    noted = False
    for number, raw in _split(source):
        if raw is None:
            yield Fault(number, f"longer than {MAX_LINE // 2**20} MB")
            continue
        if b"\x00" in raw:
            yield Fault(number, "holds NUL bytes", raw[:200].decode("utf-8", errors="replace"))
            continue
        if source.encoding == "cp1252":
            yield Line(number, _windows(raw))
            continue
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = _windows(raw)
            if not noted and on_note is not None:
                on_note(f"Line {number} is not valid UTF-8; it and others like it were read as Windows-1252.")
            noted = True
        yield Line(number, text)


def _windows(raw: bytes) -> str:
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _split(source: Source) -> Iterator[tuple[int, bytes | None]]:
    """(number, bytes) per line, None for one that is too long. Lone carriage returns end lines only in files
    whose first lines have no line feed at all.
    """
    end = b"\r" if "\n" not in source.sample and "\r" in source.sample else b"\n"
    number, held, size, skipping = 1, io.BytesIO(), 0, False
    for chunk in chunks(source):
        start = 0
        while (at := chunk.find(end, start)) >= 0:
            part = chunk[start:at]
            if skipping or size + len(part) > MAX_LINE:
                yield number, None
            else:
                held.write(part)
                yield number, held.getvalue().rstrip(b"\r")
            number, size, skipping, start = number + 1, 0, False, at + 1
            held = io.BytesIO()
        rest = chunk[start:]
        size += len(rest)
        if size > MAX_LINE:
            skipping, held = True, io.BytesIO()
        elif rest:
            held.write(rest)
    if skipping:
        yield number, None
    elif size:
        yield number, held.getvalue().rstrip(b"\r\x1a")
