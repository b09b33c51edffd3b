"""Two indexes searched as one: the catalogue, and above it what was learned of companies since.

Rows of the upper index follow those of the lower one. A company of both is found in the upper one alone. Cosines of
both compare as they are; BM25 counts how rare a word is within its own index, so words are weighted until it counts
how rare they are in both together.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from longlist.catalog.columns import FactColumns
from longlist.catalog.hits import NO_HITS, Hit, Hits, Mask, Rows, best, fuse
from longlist.catalog.index import RRF_K, CompanyIndex
from longlist.catalog.threads import threads
from longlist.language.embedding import DIMENSIONS, Vectors
from longlist.language.words import terms

WORD_DEPTH = 1000  # how deep rankings by words are read; those by vectors go further


class Layers:
    """A snapshot of both. `before` is one of the same lower index: what it knows is not worked out again."""

    def __init__(self, base: CompanyIndex, over: CompanyIndex, before: "Layers | None" = None) -> None:
        self.base = base
        self.over = over
        self._parts = ((base, 0), (over, len(base.facts)))
        self._larger = base if len(base) >= len(over) else over
        known = np.flatnonzero(over.facts["alive"] == 1)
        shown = base.facts["alive"] == 1
        if before is not None and before.base is base and before.over.folder == over.folder:
            shown = before.visible[: len(base.facts)].copy()
            known = known[known >= len(before.over.facts)]
        shown[base.rows(over.keys(known.tolist()))] = False
        self.visible: Mask = np.concatenate([shown, over.facts["alive"] == 1])

    def __len__(self) -> int:
        """How many companies can be found."""
        return int(np.count_nonzero(self.visible))

    def judged(self, judge: Callable[[FactColumns], Mask]) -> Mask:
        """What a judge of facts says of each row."""
        return np.concatenate([judge(part.facts) for part, _ in self._parts])

    def companies_with(self, stem: str) -> int:
        """How many companies have a stem, those of both indexes counted twice."""
        return self.base.companies_with(stem) + self.over.companies_with(stem)

    def idf(self, stem: str) -> float:
        """How rare a stem is in both together, as `CompanyIndex.idf` has it."""
        if not len(self.over):
            return self.base.idf(stem)
        known, total = self.companies_with(stem), len(self.base) + len(self.over)
        return math.log1p((total - known + 0.5) / (known + 0.5))

    def ranked(self, texts: Sequence[str], depth: int, mask: Mask) -> Hits:
        """The best companies for several texts together: reciprocal-rank fusion of words and vectors, best first."""
        words = threads().map(lambda text: self.by_words(Counter(terms(text)), min(depth, WORD_DEPTH), mask), texts)
        near = self.by_vectors(self._larger.query_vectors(texts), depth, mask)
        return fuse([(ranking, 1.0) for ranking in (*words, *near)], depth, RRF_K)

    def by_words(self, weights: Mapping[str, float], depth: int, mask: Mask) -> Hits:
        """The best companies by BM25 over weighted stems."""
        found = []
        for part, start in self._parts:
            if len(part):
                own = mask[start : start + len(part.facts)]
                scaled = weights if part is self.base and not len(self.over) else self._scaled(weights, part)
                found.append(_moved(part.text_scores(scaled, limit=depth, mask=own), start))
        return _merged(found, depth)

    def _scaled(self, weights: Mapping[str, float], part: CompanyIndex) -> dict[str, float]:
        return {
            stem: weight * self.idf(stem) / part.idf(stem)
            for stem, weight in weights.items()
            if part.companies_with(stem)
        }

    def by_vectors(self, vectors: Vectors, depth: int, mask: Mask) -> list[Hits]:
        """The best companies by cosine, for each of some vectors of length 1."""
        found: list[list[Hits]] = [[] for _ in vectors]
        for part, start in self._parts:
            if len(part):
                near = part.nearest(vectors, limit=depth, mask=mask[start : start + len(part.facts)])
                for hits, own in zip(found, near, strict=True):
                    hits.append(_moved(own, start))
        return [_merged(hits, depth) for hits in found]

    def query_vector(self, text: str) -> Vectors:
        """The vector of a text to search with."""
        vector: Vectors = self._larger.query_vectors([text])[0]
        return vector

    def vectors(self, rows: Rows) -> Vectors:
        """The vectors of some rows."""
        split = len(self.base.facts)
        below, above = rows < split, rows >= split
        vectors = np.zeros((len(rows), DIMENSIONS), np.float32)
        if below.any():
            vectors[below] = self.base.vectors(rows[below])
        if above.any():
            vectors[above] = self.over.vectors(rows[above] - split)
        return vectors

    def vector(self, row: int) -> Vectors:
        """The vector of one row."""
        vector: Vectors = self.vectors(np.array([row], np.int64))[0]
        return vector

    def named(self, name: str, limit: int, mask: Mask) -> Hits:
        """The companies whose names are most like a name; 1 is an exact match. See `CompanyIndex.lookup`."""
        found = [
            _moved(part.named(name, limit, mask[start : start + len(part.facts)]), start) for part, start in self._parts
        ]
        return _merged(found, limit)

    def called(self, identifier: str) -> list[int]:
        """The visible rows whose key, id, domain or alias is exactly this, those whose own it is first."""
        return self._each(lambda part: part.called(identifier))

    def with_domain(self, domain: str) -> list[int]:
        """The visible rows of a domain, as their own or as an alias."""
        return self._each(lambda part: part.with_domain(domain))

    def with_alias(self, alias: str) -> list[int]:
        """The visible rows that have a record's key among their aliases."""
        return self._each(lambda part: part.with_alias(alias))

    def _each(self, find: Callable[[CompanyIndex], list[int]]) -> list[int]:
        rows = [start + row for part, start in reversed(self._parts) for row in find(part)]
        return [row for row in rows if self.visible[row]]

    def head(self, row: int) -> Hit:
        """Key, name and domain of a row."""
        split = len(self.base.facts)
        return self.base.head(row) if row < split else self.over.head(row - split)

    def is_learned(self, row: int) -> bool:
        """Whether a row belongs to the upper index."""
        return row >= len(self.base.facts)


def _moved(hits: Hits, start: int) -> Hits:
    return Hits(hits.rows + start, hits.scores) if start else hits


def _merged(found: Sequence[Hits], limit: int) -> Hits:
    if not found:
        return NO_HITS
    return best(np.concatenate([h.rows for h in found]), np.concatenate([h.scores for h in found]), limit)
