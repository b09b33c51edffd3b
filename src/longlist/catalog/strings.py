"""A column of short texts in two files: the bytes, and where each text ends. Memory-mapped, so a million cost no memory."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

_SEPARATOR = "\x1f"


class StringWriter:
    """Appends rows of texts to the files of a folder; a context manager."""

    def __init__(self, folder: Path, size: int) -> None:
        """`size` is how many bytes the texts already there take."""
        self._bytes: BinaryIO = (folder / "names.utf8").open("ab")
        self._ends: BinaryIO = (folder / "names.end").open("ab")
        self._size = size

    def append(self, rows: Iterable[Sequence[str]]) -> None:
        """Appends rows; what UTF-8 cannot hold becomes "?", control characters become spaces."""
        ends = []
        for row in rows:
            text = _SEPARATOR.join(part.replace(_SEPARATOR, " ") for part in row).encode(errors="replace")
            self._bytes.write(text)
            self._size += len(text)
            ends.append(self._size)
        self._ends.write(np.array(ends, np.int64).tobytes())

    @property
    def size(self) -> int:
        """How many bytes all texts take."""
        return self._size

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bytes.close()
        self._ends.close()


class StringColumn:
    """`count` rows of texts."""

    def __init__(self, folder: Path, count: int) -> None:
        self._bytes: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._ends: NDArray[np.int64] = np.empty(0, np.int64)
        if count:
            self._bytes = np.asarray(np.memmap(folder / "names.utf8", np.uint8, "r"))
            self._ends = np.asarray(np.memmap(folder / "names.end", np.int64, "r", shape=(count,)))

    def __getitem__(self, row: int) -> list[str]:
        start = int(self._ends[row - 1]) if row else 0
        return self._bytes[start : int(self._ends[row])].tobytes().decode().split(_SEPARATOR)

    @property
    def size(self) -> int:
        """How many bytes the texts take."""
        return int(self._ends[-1]) if len(self._ends) else 0
