"""Ranked rows of the index, and how several rankings become one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Hits:
    """Rows of the index and their scores, parallel, best first; equal scores in row order."""

    rows: Rows
    scores: Scores

    def __len__(self) -> int:
        return len(self.rows)


NO_HITS = Hits(np.empty(0, np.int64), np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class Hit:
    """One company found: its row (valid for this opened index only), and a score that orders one answer's hits."""

    row: int
    key: str
    name: str
    domain: str
    score: float


def best(rows: Rows, scores: Scores, limit: int) -> Hits:
    """The `limit` best of some rows, in the order of Hits whatever the order they come in."""
    if limit <= 0 or not len(rows):
        return NO_HITS
    if len(rows) > limit:
        border = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        kept = np.flatnonzero(scores >= border)
        rows, scores = rows[kept], scores[kept]
    order = np.lexsort((rows, -scores))[:limit]
    return Hits(rows[order].astype(np.int64), scores[order].astype(np.float32))


def fuse(rankings: Sequence[tuple[Hits, float]], limit: int, k: float) -> Hits:
    """Reciprocal-rank fusion (Cormack et al., SIGIR 2009): a row scores the sum of weight / (k + rank), rank from 1."""
    if not rankings:
        return NO_HITS
    rows = np.concatenate([hits.rows for hits, _ in rankings])
    gains = np.concatenate([weight / (k + 1 + np.arange(len(hits))) for hits, weight in rankings])
    unique, position = np.unique(rows, return_inverse=True)
    return best(unique, np.bincount(position, weights=gains, minlength=len(unique)).astype(np.float32), limit)
