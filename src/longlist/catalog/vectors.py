"""Nearest vectors over files: exact up to 100,000 companies, beyond that a scan of short vectors and exact rescoring.

The vectors are kept as float16 (512 bytes a company). Short vectors are their 128 principal components as 8-bit
integers. At a million companies made of real sentences the 200 nearest of the exact scan are found to .99 after rescoring
4,000; by sign bits instead (32 bytes a company) only to .84, because neighbours in a dense topic differ in few signs.

Knows nothing of text.
"""

from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, Self

import numpy as np
from numpy.typing import NDArray

from longlist.catalog.hits import NO_HITS, Hits, Mask, Rows, best
from longlist.language.embedding import DIMENSIONS, Vectors

EXACT_LIMIT = 100_000  # companies; a float32 copy of so many takes 100 MB and is scanned in about 15 ms
SHORT = 128  # numbers of a short vector
RESCORED = 4_000  # nearest by short vectors that are scored exactly

_VECTORS, _SHORT, _BASIS = "vectors.f16", "short.i8", "short.npy"
_SINGLE_THREADED = 262_144  # multiplications; OpenBLAS starts threads beyond (SMP_THRESHOLD_MIN times 4)
_FEW = 4_096  # so few allowed rows are scored exactly, one by one
_SAMPLE = 65_536  # rows that the border of the best is estimated from


class VectorWriter:
    """Appends vectors to the files of a folder; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._vectors: BinaryIO = (folder / _VECTORS).open("ab")

    def append(self, vectors: Vectors) -> None:
        """Appends rows of length 1 (or all zeros)."""
        self._vectors.write(np.ascontiguousarray(vectors, np.float16).tobytes())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._vectors.close()


def shorten(folder: Path, count: int) -> None:
    """Writes the short vectors of the rows that have none, once there are too many for the exact scan."""
    if count <= EXACT_LIMIT:
        return
    vectors = _mapped(folder / _VECTORS, np.float16, (count, DIMENSIONS))
    if not (folder / _BASIS).exists():
        np.save(folder / _BASIS, _basis(vectors[:: max(1, count // 20_000)].astype(np.float32)))
    basis: Vectors = np.load(folder / _BASIS)
    with (folder / _SHORT).open("ab") as file:
        for start in range(file.tell() // SHORT, count, 16_384):
            components = vectors[start : start + 16_384].astype(np.float32) @ basis[:DIMENSIONS] - basis[DIMENSIONS]
            file.write(np.clip(np.rint(components), -127, 127).astype(np.int8).tobytes())


def _basis(sample: Vectors) -> Vectors:
    """Scaled principal components, one a column; below them the mean and the squared scales.

    A component is scaled so that four standard deviations fill eight bits.
    """
    mean = sample.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov(sample.T))
    deviations = np.sqrt(np.maximum(variances[::-1][:SHORT], 1e-12))
    scales = 127 / (4 * deviations)
    scaled = axes[:, ::-1][:, :SHORT] * scales
    return np.vstack([scaled, mean @ scaled, scales**2]).astype(np.float32)


class VectorFiles:
    """`count` vectors of a folder, memory-mapped; safe for several threads once opened."""

    def __init__(self, folder: Path, count: int) -> None:
        self._count = count
        self._vectors = _mapped(folder / _VECTORS, np.float16, (count, DIMENSIONS))
        self._basis: Vectors | None = None
        if count and (folder / _BASIS).exists():
            self._basis = np.load(folder / _BASIS)
            self._short = _mapped(folder / _SHORT, np.int8, (count, SHORT))

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _exact(self) -> Vectors:
        return self._vectors.astype(np.float32)

    def nearest(self, queries: Vectors, limit: int, mask: Mask | None = None) -> list[Hits]:
        """For each query of length 1, the rows with the largest cosine; only rows whose `mask` is True.

        A query of zeros (a text without words) finds nothing.
        """
        if not self._count or limit <= 0:
            return [NO_HITS] * len(queries)
        allowed = None if mask is None else np.flatnonzero(mask)
        if allowed is not None and len(allowed) <= _FEW:
            found = [self._rescored(query, allowed, limit) for query in queries]
        elif self._basis is None:
            found = self._by_exact(queries, limit, allowed)
        else:
            found = self._by_short(queries, limit, allowed, self._basis)
        return [hits if query.any() else NO_HITS for query, hits in zip(queries, found, strict=True)]

    def rows(self, rows: Rows) -> Vectors:
        """The vectors of some rows, as stored (half precision)."""
        vectors: Vectors = self._vectors[rows].astype(np.float32)
        return vectors

    def _rescored(self, query: Vectors, rows: Rows, limit: int) -> Hits:
        scores = np.einsum("ij,j->i", self.rows(rows), query)  # without the matrix library and its threads
        return best(rows, scores, limit)

    def _by_exact(self, queries: Vectors, limit: int, allowed: Rows | None) -> list[Hits]:
        scores = _products(self._exact, queries)
        rows = np.arange(self._count) if allowed is None else allowed
        return [best(rows, row if allowed is None else row[allowed], limit) for row in scores]

    def _by_short(self, queries: Vectors, limit: int, allowed: Rows | None, basis: Vectors) -> list[Hits]:
        estimates = _products(self._short, queries @ basis[:DIMENSIONS] / basis[DIMENSIONS + 1])
        found = []
        for query, estimated in zip(queries, estimates, strict=True):
            scores = estimated if allowed is None else estimated[allowed]
            wanted = max(RESCORED, 2 * limit)
            near = np.flatnonzero(scores >= _border(scores, wanted))
            if len(near) > 2 * wanted:  # many alike
                near = best(near, scores[near], 2 * wanted).rows
            found.append(self._rescored(query, near if allowed is None else allowed[near], limit))
        return found


def _products(rows: NDArray[Any], queries: Vectors) -> Vectors:
    """The product of each query with each row, shape (queries, rows).

    In steps that fit the processor's second-level cache and that the matrix library (OpenBLAS) does in the calling thread:
    on a busy machine waiting for threads of its own makes it up to thirty times slower.
    """
    columns = np.ascontiguousarray(queries.T if len(queries) > 1 else np.vstack([queries, queries]).T)  # never a vector
    step = max(16, _SINGLE_THREADED // columns.size)
    products = np.empty((len(queries), len(rows)), np.float32)
    for start in range(0, len(rows), step):
        numbers = rows[start : start + step].astype(np.float32, copy=False)
        products[:, start : start + step] = (numbers @ columns)[:, : len(queries)].T
    return products


def _border(scores: Vectors, wanted: int) -> float:
    """A score that about `wanted` scores reach (rather more), estimated from a sample."""
    step = max(1, len(scores) // _SAMPLE)
    sample = scores[::step]
    rank = min(len(sample), int(1.1 * wanted / step) + 1)
    return float(np.partition(sample, len(sample) - rank)[len(sample) - rank])


def _mapped(file: Path, kind: type[np.generic], shape: tuple[int, int]) -> NDArray[np.generic]:
    return np.asarray(np.memmap(file, kind, "r", shape=shape)) if shape[0] else np.empty(shape, kind)
