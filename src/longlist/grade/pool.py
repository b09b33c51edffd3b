"""Pool: the texts of the companies graded together, cut into passages and counted once.

A pool knows words, not companies: every score is a vector with one number per profile (or per passage), so that
grading three hundred companies on a criterion is a handful of array operations.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from longlist.language.words import sentences, terms
from longlist.model.company import CompanyProfile, Page

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Okapi BM25 as in Robertson & Zaragoza (2009), "The Probabilistic Relevance Framework", usual constants.
BM25_K1 = 1.2
BM25_B = 0.75
NONE: Ints = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence or line of a page, verbatim."""

    profile: int
    page: Page
    text: str


ADDRESS = re.compile(r"(?:\w+: )?(?:https?://)?[\w.-]+\.\w{2,}(?:/\S*)?$")  # a line that only says where something is


DATA = re.compile(r'"[@\w]+"\s*:')  # a statement for machines: facts are quoted from it, words are not


@lru_cache(maxsize=4096)
def cut(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A page's sentences, each with its stems; the pages of recent searches are remembered."""
    return tuple((sentence, tuple(terms(sentence))) for sentence in sentences(text))


class Pool:
    """`profiles` with their passages; `idf` gives the weight of a stem among companies at large.

    The first `reference` of them are what is usual (all, when not given): averages are theirs, so that the scores of a
    profile do not depend on which others come after them.
    """

    def __init__(
        self, profiles: Sequence[CompanyProfile], idf: Callable[[str], float], reference: int | None = None
    ) -> None:
        self.usual = slice(0, len(profiles) if reference is None else reference)
        self.profiles = tuple(profiles)
        self.passages: list[Passage] = []
        self._vocabulary: dict[str, int] = {}
        owner: list[int] = []
        lengths: list[int] = []
        quotable: list[bool] = []
        term_ids: list[int] = []
        number_of = self._vocabulary.setdefault
        for number, profile in enumerate(self.profiles):
            met: set[str] = set()
            for page in profile.pages:
                for line, (text, stems) in enumerate(cut(page.text)):
                    if DATA.match(text):
                        continue
                    met.add(text)
                    quotable.append(line > 0 and not ADDRESS.match(text))
                    self.passages.append(Passage(number, page, text))
                    owner.append(number)
                    lengths.append(len(stems))
                    term_ids += [number_of(stem, len(self._vocabulary)) for stem in stems]
        n, v = len(self.profiles), max(1, len(self._vocabulary))
        self.owner: Ints = np.array(owner, dtype=np.int64)
        self.idf: Floats = np.array([idf(stem) for stem in self._vocabulary] or [0.0])
        self._idf_of = idf
        self._quotable: Floats = np.array(quotable, dtype=np.float64)
        term_of = np.array(term_ids, dtype=np.int64)
        sentence_of = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
        self._pair_sentence, self._pair_start = _postings(term_of, sentence_of, v, max(1, len(lengths)))[:2]
        self._described = np.unique(self.owner)
        self._first_passage = np.searchsorted(self.owner, self._described)
        documents = self.owner[sentence_of] if len(sentence_of) else sentence_of
        self._cell_document, self._cell_start, counts = _postings(term_of, documents, v, max(1, n))
        self._cell_term = np.repeat(np.arange(v, dtype=np.int64), np.diff(self._cell_start))
        self._pair_term = np.repeat(np.arange(v, dtype=np.int64), np.diff(self._pair_start))
        length = np.bincount(documents, minlength=n).astype(np.float64)
        usual_length = length[self.usual]
        average = max(1.0, float(usual_length.mean())) if len(usual_length) else 1.0
        norm = BM25_K1 * (1 - BM25_B + BM25_B * length[self._cell_document] / average)
        tf_idf = (1 + np.log(counts)) * self.idf[self._cell_term]
        norms = np.sqrt(_sums(self._cell_document, tf_idf**2, n))
        self._cell_tf_idf = tf_idf / np.maximum(norms, 1e-9)[self._cell_document]
        self._cell_bm25 = self.idf[self._cell_term] * counts * (BM25_K1 + 1) / (counts + norm)

    def __len__(self) -> int:
        return len(self.profiles)

    def weight(self, term: str) -> float:
        """The inverse document frequency of a stem, in nats."""
        return self._idf_of(term)

    def _sentences_with(self, stem: str) -> Ints:
        number = self._vocabulary.get(stem)
        if number is None:
            return NONE
        return self._pair_sentence[self._pair_start[number] : self._pair_start[number + 1]]

    def bm25(self, weights: Mapping[str, float]) -> Floats:
        """Okapi BM25 of each profile for weighted stems; 0 where none occurs."""
        total = np.zeros(len(self))
        for stem, weight in weights.items():
            if (number := self._vocabulary.get(stem)) is not None:
                cells = slice(self._cell_start[number], self._cell_start[number + 1])
                total[self._cell_document[cells]] += weight * self._cell_bm25[cells]
        return total

    def coverage(self, stems: Sequence[str]) -> Floats:
        """For each passage, the share (0-1) of the stems' idf weight that it contains; 0 for titles and addresses."""
        weights = {stem: self.weight(stem) for stem in stems}
        total = sum(weights.values())
        cover = np.zeros(len(self.passages))
        for stem, weight in weights.items() if total else ():
            cover[self._sentences_with(stem)] += weight / total
        return cover * self._quotable

    def passages_of(self, profile: int) -> list[int]:
        """The numbers of a profile's passages, in order."""
        first, end = np.searchsorted(self.owner, [profile, profile + 1])
        return list(range(int(first), int(end)))

    def hits(self, phrases: Sequence[str]) -> Floats:
        """Per profile, how many passages hold all words of a phrase, summed over phrases."""
        total = np.zeros(len(self))
        for phrase in phrases:
            if len(found := self.holding(phrase)):
                np.add.at(total, self.owner[found], 1.0)
        return total

    def holding(self, phrase: str) -> Ints:
        """The passages that hold all words of a phrase."""
        first, *others = list(dict.fromkeys(terms(phrase))) or [""]
        found = self._sentences_with(first)
        for stem in others:
            found = np.intersect1d(found, self._sentences_with(stem), assume_unique=True)
        return found

    def best_passage(self, scores: Floats) -> tuple[Floats, Ints]:
        """Per profile the highest passage score and the first passage that has it (-1 when it has no passage)."""
        best, where = np.zeros(len(self)), np.full(len(self), -1, dtype=np.int64)
        if len(scores):
            best[self._described] = np.maximum.reduceat(scores, self._first_passage)
            at_best = np.flatnonzero(scores == best[self.owner])
            owners, first = np.unique(self.owner[at_best], return_index=True)
            where[owners] = at_best[first]
        return best, where

    def top_two(self, scores: Floats) -> Floats:
        """Per profile the mean of its two best passage scores."""
        best, where = self.best_passage(scores)
        rest = scores.copy()
        rest[where[where >= 0]] = 0.0
        second, _ = self.best_passage(rest)
        return (best + second) / 2

    def feedback(self, scores: Floats, *, top: int, size: int) -> Floats:
        """Pseudo-relevance feedback: the weight of each term in what sets the `top` of the usual profiles apart.

        A term's weight is its mean tf-idf in the top minus its mean among the usual (RM3-like; the subtraction removes
        words that are common here); the `size` largest are kept.
        """
        n, v = len(self), len(self.idf)
        size_of_usual = len(range(n)[self.usual])
        if not size_of_usual:
            return np.zeros(v)
        chosen = np.zeros(n)
        chosen[self.usual] = -1.0 / size_of_usual
        chosen[np.argsort(-scores[self.usual], kind="stable")[:top]] += 1.0 / min(top, size_of_usual)
        weights = _sums(self._cell_term, self._cell_tf_idf * chosen[self._cell_document], v)
        if v > size:
            weights[weights < np.partition(weights, v - size)[v - size]] = 0.0
        return np.maximum(weights, 0.0)

    def contrast(self, passed: Sequence[int], failed: Sequence[int], *, size: int) -> Floats:
        """The weight of each term in what sets some profiles (by place) apart from others: the difference of their mean
        tf-idf (Rocchio's, see Manning et al. 2008, 9.1.1, with equal parts); the `size` largest differences are kept.
        """
        v = len(self.idf)
        chosen = np.zeros(len(self))
        chosen[list(passed)] = 1.0 / max(1, len(passed))
        chosen[list(failed)] = -1.0 / max(1, len(failed))
        weights = _sums(self._cell_term, self._cell_tf_idf * chosen[self._cell_document], v)
        if v > size:
            weights[np.abs(weights) < np.partition(np.abs(weights), v - size)[v - size]] = 0.0
        return weights

    def likeness(self, weights: Floats) -> Floats:
        """Per profile, the sum of its tf-idf (length 1) over weighted terms."""
        return _sums(self._cell_document, self._cell_tf_idf * weights[self._cell_term], len(self))

    def passage_likeness(self, weights: Floats) -> Floats:
        """Per quotable passage, the sum of the weights of the terms it holds, over the largest such sum among the usual (0-1)."""
        sums = _sums(self._pair_sentence, weights[self._pair_term], len(self.passages)) * self._quotable
        largest = float(sums[self.owner < self.usual.stop].max(initial=0.0))
        return np.minimum(sums / largest, 1.0) if largest else sums


def _sums(where: Ints, values: Floats, size: int) -> Floats:
    """The values added up by where they belong: an array of `size`."""
    return np.bincount(where, weights=values, minlength=size).astype(np.float64)


def _postings(term_of: Ints, place_of: Ints, terms_in_all: int, places: int) -> tuple[Ints, Ints, Floats]:
    """Places by term: the places of term t, each once and in order, are `found[start[t] : start[t + 1]]`; and how often
    the term stands in each.
    """
    keys, counts = np.unique(term_of * places + place_of, return_counts=True)
    start = np.searchsorted(keys, np.arange(terms_in_all + 1, dtype=np.int64) * places)
    return keys % places, start, counts.astype(np.float64)
