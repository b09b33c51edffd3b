"""Nearest vectors over files: exact up to 100,000 companies, beyond that sign bits first and exact rescoring.

Two files grow row by row: the vectors as float16 (512 bytes a company) and their signs (32 bytes). Knows nothing of text.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from pathlib import Path
from typing import BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from longlist.catalog.hits import NO_HITS, Hits, Mask, Rows, best
from longlist.language.embedding import DIMENSIONS, Vectors

EXACT_LIMIT = 100_000  # companies; a float32 copy of so many takes 100 MB and a scan about 8 ms
RESCORED = 3_000  # nearest by sign bits that are scored exactly
WORDS = DIMENSIONS // 64

_CHUNK = 32_768  # rows scanned at a time: the buffers of one chunk stay in the processor's second-level cache
_FEW = 4_096  # so few allowed rows are scored exactly, one by one
_FAR = 255  # the distance of a row that may not be found


class VectorWriter:
    """Appends vectors to the files of a folder; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._vectors: BinaryIO = (folder / "vectors.f16").open("ab")
        self._signs: BinaryIO = (folder / "signs.u64").open("ab")

    def append(self, vectors: Vectors) -> None:
        """Appends rows of length 1 (or all zeros)."""
        self._vectors.write(np.ascontiguousarray(vectors, np.float16).tobytes())
        self._signs.write(signs(vectors).tobytes())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._vectors.close()
        self._signs.close()


def signs(vectors: Vectors) -> NDArray[np.uint64]:
    """The sign of each number as one bit, four 64-bit words a vector."""
    return np.packbits(vectors > 0, axis=1).view(np.uint64)


class VectorFiles:
    """`count` vectors of a folder, memory-mapped; safe for several threads once opened."""

    def __init__(self, folder: Path, count: int) -> None:
        self._count = count
        self._vectors: NDArray[np.float16] = np.empty((0, DIMENSIONS), np.float16)
        self._sign_rows: NDArray[np.uint64] = np.empty((0, WORDS), np.uint64)
        if count:
            shape = (count, DIMENSIONS)
            self._vectors = np.asarray(np.memmap(folder / "vectors.f16", np.float16, "r", shape=shape))
            self._sign_rows = np.asarray(np.memmap(folder / "signs.u64", np.uint64, "r", shape=(count, WORDS)))

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _exact(self) -> Vectors:
        return self._vectors.astype(np.float32)

    @cached_property
    def _signs(self) -> NDArray[np.uint64]:
        """The signs by word, so that each of the four is scanned in one straight run."""
        return np.ascontiguousarray(self._sign_rows.T)

    def nearest(self, queries: Vectors, limit: int, mask: Mask | None = None) -> list[Hits]:
        """For each query of length 1, the rows with the largest cosine; only rows whose `mask` is True.

        A query of zeros (a text without words) finds nothing.
        """
        if not self._count or limit <= 0:
            return [NO_HITS] * len(queries)
        allowed = None if mask is None else np.flatnonzero(mask)
        if allowed is not None and len(allowed) <= _FEW:
            found = [self._rescored(query, allowed, limit) for query in queries]
        elif self._count <= EXACT_LIMIT:
            found = self._by_scan(queries, limit, allowed)
        else:
            found = self._by_signs(queries, limit, mask)
        return [hits if query.any() else NO_HITS for query, hits in zip(queries, found, strict=True)]

    def scores(self, query: Vectors, rows: Rows) -> Vectors:
        """The cosine of one query with each of some rows."""
        return self.rows(rows) @ query

    def rows(self, rows: Rows) -> Vectors:
        """The vectors of some rows, as stored (half precision)."""
        vectors: Vectors = self._vectors[rows].astype(np.float32)
        return vectors

    def _rescored(self, query: Vectors, rows: Rows, limit: int) -> Hits:
        return best(rows, self.scores(query, rows), limit)

    def _by_scan(self, queries: Vectors, limit: int, allowed: Rows | None) -> list[Hits]:
        scores = np.ascontiguousarray((self._exact @ queries.T).T)
        rows = np.arange(self._count) if allowed is None else allowed
        return [best(rows, row if allowed is None else row[allowed], limit) for row in scores]

    def _by_signs(self, queries: Vectors, limit: int, mask: Mask | None) -> list[Hits]:
        distances = self._distances(signs(queries), mask)
        wanted = max(RESCORED, 2 * limit)

        def one(query: Vectors, far: NDArray[np.uint8]) -> Hits:
            counts = np.cumsum(np.bincount(far, minlength=_FAR + 1)[:_FAR])
            border = int(np.searchsorted(counts, wanted))
            return self._rescored(query, np.flatnonzero(far <= min(border, _FAR - 1)), limit)

        return list(_threads().map(one, queries, distances))

    def _distances(self, queries: NDArray[np.uint64], mask: Mask | None) -> NDArray[np.uint8]:
        """How many signs differ (at most 254), for each query and row; `_FAR` where the mask is False."""
        distances = np.empty((len(queries), self._count), np.uint8)
        columns = self._signs

        def scan(part: slice) -> None:
            size = part.stop - part.start
            differing = np.empty(size, np.uint64)
            bits = np.empty(size, np.uint8)
            hidden = None if mask is None else np.flatnonzero(~mask[part])
            for query, far in zip(queries, distances[:, part], strict=True):
                np.bitwise_count(np.bitwise_xor(columns[0, part], query[0], out=differing), out=far)
                for word in range(1, WORDS):
                    np.bitwise_count(np.bitwise_xor(columns[word, part], query[word], out=differing), out=bits)
                    if word == WORDS - 1:  # 3 words make 192; the last is cut so that the sum stays below _FAR
                        np.minimum(bits, _FAR - 1 - 64 * word, out=bits)
                    np.add(far, bits, out=far)
                if hidden is not None:
                    far[hidden] = _FAR

        _run(scan, _slices(self._count))
        return distances


def _slices(count: int) -> Iterator[slice]:
    for start in range(0, count, _CHUNK):
        yield slice(start, min(start + _CHUNK, count))


def _run(work: Callable[[slice], None], parts: Iterator[slice]) -> None:
    for _ in _threads().map(work, parts):
        pass


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max(1, min(8, os.cpu_count() or 1)), thread_name_prefix="vectors")
