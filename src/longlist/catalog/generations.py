"""Folders that change as a whole: a new generation is built beside the current one, then takes its place in one step.

    folder/CURRENT          the name of the current generation
    folder/LOCK             held by the one process that builds or changes
    folder/<generation>/    the files, with seal.json naming each and its size

A process killed while building leaves the old generation current, and its half-built folder is removed by the next
builder. A process killed while changing the current one leaves an open seal behind: `sealed` is then false.
"""

import json
import os
import shutil
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock

from longlist.errors import CatalogError

_SEAL = "seal.json"
_CHECKSUM_LIMIT = 32_000_000  # bytes; up to this size the content is checked as well, which takes about 20 ms


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Waits until no other process builds or changes, then keeps them out."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "LOCK")
        lock.acquire()
    except OSError as error:
        raise CatalogError(
            f"The index folder {folder} cannot be written ({error.strerror}); choose another home."
        ) from error
    try:
        yield
    finally:
        lock.release()


def current(folder: Path) -> Path | None:
    """The folder of the current generation, if there is one."""
    try:
        name = (folder / "CURRENT").read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    generation = folder / name
    return generation if name.startswith("g") and "/" not in name and generation.is_dir() else None


@contextmanager
def new_generation(folder: Path) -> Iterator[Path]:
    """An empty folder to build in; it becomes the current generation when the block ends without an error.

    The caller holds the lock and has sealed the folder. Other generations are removed.
    """
    before = current(folder)
    number = int(before.name[1:]) + 1 if before and before.name[1:].isdigit() else 1
    generation = folder / f"g{number}"
    for leftover in folder.glob("g*"):
        if leftover != before:
            shutil.rmtree(leftover, ignore_errors=True)
    generation.mkdir()
    try:
        yield generation
    except BaseException:
        shutil.rmtree(generation, ignore_errors=True)
        raise
    _replace(folder / "CURRENT", generation.name)
    if before:
        shutil.rmtree(before, ignore_errors=True)


def seal(generation: Path, about: Mapping[str, Any]) -> None:
    """Writes down what the generation holds and the size of each file, after everything has reached the disk."""
    files = _files(generation)
    for name in files:
        with (generation / name).open("rb") as file:
            os.fsync(file.fileno())
    _replace(generation / _SEAL, json.dumps({"files": files, "sums": _sums(generation, files), "about": dict(about)}))


def unseal(generation: Path) -> None:
    """Says that the files are about to change; until they are sealed again the generation counts as damaged."""
    (generation / _SEAL).unlink(missing_ok=True)


def sealed(generation: Path) -> dict[str, Any] | None:
    """What was said when the generation was sealed; None when it is not sealed or its files are not as they were."""
    try:
        content = json.loads((generation / _SEAL).read_text("utf-8"))
        files, sums, about = content["files"], content["sums"], content["about"]
        if files == _files(generation) and sums == _sums(generation, files) and isinstance(about, dict):
            return about
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None


def stamp(folder: Path) -> tuple[str, int] | None:
    """What changes whenever the current generation of a folder is another or was changed; None while it is neither."""
    generation = current(folder)
    try:
        return (generation.name, (generation / _SEAL).stat().st_mtime_ns) if generation else None
    except OSError:
        return None


def _files(generation: Path) -> dict[str, int]:
    """The files of a generation and their sizes, lock files and the seal left out."""
    found = {}
    for path in sorted(generation.rglob("*")):
        if path.is_file() and path.suffix != ".lock" and path.name != _SEAL:
            found[path.relative_to(generation).as_posix()] = path.stat().st_size
    return found


def _sums(generation: Path, files: Mapping[str, int]) -> dict[str, int]:
    if sum(files.values()) > _CHECKSUM_LIMIT:
        return {}
    return {name: zlib.crc32((generation / name).read_bytes()) for name in files}


def _replace(file: Path, text: str) -> None:
    beside = file.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as written:
        written.write(text)
        written.flush()
        os.fsync(written.fileno())
    beside.replace(file)
