"""How companies are ranked for a text, or by likeness to one of them: names, words and meaning, then the local grader.

Pure computation over an opened index; knows neither store nor event loop.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from longlist.catalog.columns import KINDS
from longlist.catalog.hits import NO_HITS, Hits, Mask, Rows, Scores, fuse
from longlist.catalog.index import RRF_K
from longlist.catalog.layers import Layers
from longlist.catalog.lookup import flat
from longlist.discover.catalog import PROJECT, wants_projects
from longlist.grade.fitted import Fitted, load_fitted
from longlist.grade.rule_grader import Judged
from longlist.language.domains import own_domain
from longlist.language.embedding import Vectors
from longlist.language.words import terms, words
from longlist.model.company import CompanyProfile
from longlist.model.plan import Plan

MAX_DEPTH = 2000  # companies of one answer, however many pages it is read in
MAX_TEXT = 1000  # letters of a text that count
RERANKED = 300  # the first so many are put in order by the grader
GRADED_TEXT = 1200  # letters of a company's texts that the grader reads here

RETRIEVAL_SHARE = LIKENESS_SHARE = 1 / 3
"""What the order of retrieval, and likeness to the first of the graded order, count beside the grader's 1.

On the 38 labelled queries that have an answer, the text alone given: P@10 .66 by the grader alone, .69 with both. From a
quarter to a half the difference is noise.
"""
MEANING_SHARE = 0.5
"""What the cosine with the text counts beside them from rank HEAD on: recall@100 .89 to .90, and .92 to .94 on the 20 of the
development set. Among the first it costs precision (P@10 .69 to .66)."""
HEAD = 20
SILENCE = 0.9
"""What a company's grade is multiplied by for each condition of the text that it says nothing about: those that state it
come first. From .7 to .9 the difference is noise."""

_LIKE = 10  # the first so many of RERANKED are what others are compared with
_OWN_NAMED, _BEST_NAMED = 0.994, 0.984  # exactly the company's own name, or another name of its
_MOST_NAMED = 20  # companies that may have one name
_NAME_WORDS, _NAME_LENGTH = 8, 100  # longer texts are no misspelt names
_LIKE_WORD, _LIKE_WORDS = 0.75, 0.8  # how like a name one word, or several, must be to name it
_LIKE_RARE_WORD, _LIKE_COMMON = 0.9, 0.93  # the same for a word that is used now and then, and for everyday words
_SYMBOL = 4  # letters
_NAME_GAP, _NEAR_NAMED = 0.08, 5  # how much less like than the likest, and how many
_COMMON, _VERY_COMMON = 0.001, 0.01  # the share of companies beyond which a word is a common one
_COMMON_COUNT = 3


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a text: companies of that name, and those that fit by words and meaning, best first."""

    plan: Plan
    named: Hits
    fitting: Hits

    @property
    def graded(self) -> Rows:
        """The rows that the grader is to put in order."""
        return self.fitting.rows[:RERANKED]


def find(layers: Layers, understand: Callable[[str], Plan], text: str, mask: Mask) -> Found:
    """Companies for a text, among the rows whose `mask` is True."""
    short = text.strip()[:MAX_TEXT]
    if not any(map(str.isalnum, short)):
        short = ""
    plan = understand(short)
    allowed = mask & layers.judged(lambda columns: columns.mask(plan.must_hold()))
    if not wants_projects(plan):
        allowed &= layers.judged(lambda columns: columns["kind"] != PROJECT)
    texts = plan.search_texts()
    fitting = layers.ranked(texts, MAX_DEPTH, allowed) if short else NO_HITS
    if not len(fitting) and plan.must_hold():  # what was read as a condition may have been none
        fitting = layers.ranked((short,), MAX_DEPTH, mask)
    return Found(plan, named(layers, short, plan.query.positive, mask), fitting)


def named(layers: Layers, text: str, bare: str, mask: Mask) -> Hits:
    """The companies that a text names: exactly; else almost, where the text reads as a name.

    `bare` is the text without its conditions: "Siemens in Germany" names Siemens.
    """
    is_address = "." in text and len(text.split()) == 1
    addressed = [row for row in layers.with_domain(own_domain(text)) if mask[row]] if is_address else []
    if len(text) > _NAME_LENGTH:
        return _with(addressed, NO_HITS)
    common = _is_common(layers, text, _COMMON)
    # A short word may be the ticker symbol of a company that it does not mean: "cms" is no energy supplier.
    exactly = _BEST_NAMED if not common or len(flat(text)) > _SYMBOL else _OWN_NAMED
    found = _with(addressed, layers.named(text, _MOST_NAMED, mask))
    if len(exact := _scoring(found, exactly)):
        return exact
    if bare and bare != text and len(almost := _scoring(layers.named(bare, _MOST_NAMED, mask), _OWN_NAMED)):
        return almost
    if len(words(text)) > _NAME_WORDS:
        return NO_HITS
    near = _scoring(found, _likeness_needed(layers, text, common=common), _BEST_NAMED)
    near = _scoring(near, float(near.scores.max(initial=0.0)) - _NAME_GAP)
    return Hits(near.rows[:_NEAR_NAMED], near.scores[:_NEAR_NAMED])


def _likeness_needed(layers: Layers, text: str, *, common: bool) -> float:
    is_one_word = len(words(text)) <= 1
    if common:
        return _LIKE_RARE_WORD if is_one_word and not _is_common(layers, text, _VERY_COMMON) else _LIKE_COMMON
    return _LIKE_WORD if is_one_word else _LIKE_WORDS


def _with(rows: Sequence[int], hits: Hits) -> Hits:
    others = ~np.isin(hits.rows, rows)
    return Hits(
        np.concatenate([np.array(rows, np.int64), hits.rows[others]]),
        np.concatenate([np.ones(len(rows), np.float32), hits.scores[others]]),
    )


def _scoring(hits: Hits, least: float, most: float = 2.0) -> Hits:
    """The hits that score at least so much, and less than `most`."""
    kept = (hits.scores >= least - 1e-6) & (hits.scores < most - 1e-6)
    return Hits(hits.rows[kept], hits.scores[kept])


def _is_common(layers: Layers, text: str, share: float) -> bool:
    """Whether all words of a text are common among the companies: then it rather describes than names one."""
    stems = terms(text)
    return bool(stems) and min(map(layers.companies_with, stems)) > max(_COMMON_COUNT, share * len(layers))


def rerank(layers: Layers, found: Found, profiles: Sequence[CompanyProfile]) -> Hits:
    """The whole answer in order, scores from 1 downwards; `profiles` are those of `found.graded`, with their texts."""
    rows = found.graded
    scores: Scores = np.empty(0, np.float32)
    if len(rows):
        query = layers.query_vector(found.plan.query.positive or found.plan.query.text)
        order, scores = _fused(_graded(layers, found, profiles), layers.vectors(rows), query)
        rows = rows[order]
    rest = found.fitting.rows[RERANKED:]
    behind = RRF_K / (RRF_K + RERANKED + np.arange(len(rest)))
    return _answer(found.named, np.concatenate([rows, rest]), np.concatenate([scores, behind]))


def _graded(layers: Layers, found: Found, profiles: Sequence[CompanyProfile]) -> NDArray[np.float64]:
    plan = found.plan
    if not plan.criteria:
        return -np.arange(len(profiles), dtype=np.float64)
    short = [shortened(profile) for profile in profiles]
    grades = Judged(plan, short, short, layers.idf, _fitted()).rank_scores
    silent = np.zeros(len(profiles))
    for constraint in plan.must_hold():
        silent += ~layers.judged(lambda columns, c=constraint: columns.known(c))[found.graded]  # type: ignore[misc]
    return np.asarray(np.log(np.maximum(grades, 1e-9)) + silent * np.log(SILENCE))


@lru_cache(maxsize=1)
def _fitted() -> Fitted:
    return load_fitted()


def shortened(profile: CompanyProfile) -> CompanyProfile:
    """A profile with as much of its texts as the grader reads here."""
    left, pages = GRADED_TEXT, []
    for page in profile.pages:
        if left > 0:
            pages.append(replace(page, text=page.text[:left]) if len(page.text) > left else page)
            left -= len(page.text)
    return replace(profile, pages=tuple(pages))


def _fused(graded: NDArray[np.float64], vectors: Vectors, query: Vectors) -> tuple[NDArray[np.int64], Scores]:
    """The order of the graded, and scores for it, 1 being the most: reciprocal-rank fusion of their grades, the order
    retrieved, and likeness to the first of both; further down of the cosine with the query as well.
    """
    total = 1 / (RRF_K + _ranks(graded)) + RETRIEVAL_SHARE / (RRF_K + np.arange(len(graded)))
    first = np.argsort(-total, kind="stable")[: max(1, len(graded) * _LIKE // RERANKED)]
    total += LIKENESS_SHARE / (RRF_K + _ranks(vectors @ vectors[first].mean(axis=0)))
    wider = total + MEANING_SHARE / (RRF_K + _ranks(vectors @ query))
    shares = 1 + RETRIEVAL_SHARE + LIKENESS_SHARE
    head, rest = np.argsort(-total, kind="stable")[:HEAD], np.argsort(-wider, kind="stable")
    rest = rest[~np.isin(rest, head)]
    scores = np.concatenate([total[head] / shares, wider[rest] / (shares + MEANING_SHARE)])
    return np.concatenate([head, rest]), np.asarray(RRF_K * scores, np.float32)


def _ranks(scores: NDArray[np.floating]) -> NDArray[np.float64]:
    ranks = np.empty(len(scores))
    ranks[np.argsort(-scores, kind="stable")] = np.arange(len(scores))
    return ranks


def _answer(named: Hits, rows: Rows, scores: NDArray[np.floating]) -> Hits:
    """Names first, then the rest, each company once; scores never rise."""
    others = ~np.isin(rows, named.rows)
    rows = np.concatenate([named.rows, rows[others]])[:MAX_DEPTH]
    falling = (
        np.minimum.accumulate(np.concatenate([named.scores, 0.95 * scores[others]])[:MAX_DEPTH])
        if len(rows)
        else scores
    )
    return Hits(rows.astype(np.int64), np.asarray(falling, np.float32))


def alike(layers: Layers, seed: CompanyProfile, row: int | None, mask: Mask) -> Hits:
    """The companies most like one: by its vector, and by the words it is described in, its own name left out."""
    allowed = mask.copy()
    allowed[_rows_of(layers, seed, row)] = False
    if seed.kind != "project":
        allowed &= layers.judged(lambda columns: columns["kind"] != KINDS.index("project"))
    text = "\n".join((*seed.tags, seed.full_description or seed.description)).strip()[: 2 * MAX_TEXT] or seed.name
    own = set(terms(seed.name))
    stems = Counter(stem for stem in terms(text) if stem not in own) or Counter(terms(seed.name))
    vectors = [layers.query_vector(text)] if row is None else [layers.query_vector(text), layers.vector(row)]
    rankings = [layers.by_words(stems, MAX_DEPTH, allowed), *layers.by_vectors(np.array(vectors), MAX_DEPTH, allowed)]
    hits = fuse([(ranking, 1.0) for ranking in rankings], MAX_DEPTH, RRF_K)
    return Hits(hits.rows, np.asarray(hits.scores * (RRF_K + 1) / len(rankings), np.float32))


def _rows_of(layers: Layers, seed: CompanyProfile, row: int | None) -> list[int]:
    """Every row that may be the seed itself: its own, those of its domain, those that share a record."""
    rows = [] if row is None else [row]
    rows += layers.called(seed.key)
    rows += layers.with_domain(seed.domain) if seed.domain else []
    for alias in seed.aliases:
        rows += layers.with_alias(alias)
    return rows
