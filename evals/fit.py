"""Fits the grader's weights and cut points to labelled queries, and writes them into the package.

    python evals/fit.py            # fit on the labels of the repository, write src/longlist/grade/fitted.json
    python evals/fit.py --check    # only say whether the file is what a fit gives today

A logistic model of "graded 4 or 5", strongly regularised, every (query, criterion) weighing the same. Text criteria
only: what facts decide alone needs no fitting.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labelled import Corpus, LabelledQuery, catalog_corpus, plan_of
from longlist.discover.catalog import allowed
from longlist.engine.stages import ROUND_SIZE
from longlist.grade.fitted import Fitted
from longlist.grade.rule_grader import Judged
from longlist.model.company import CompanyProfile
from longlist.model.plan import Plan

TARGET = Path(__file__).parents[1] / "src" / "longlist" / "grade" / "fitted.json"
FEATURES = (
    "cover_two",
    "cover_best",
    "words",
    "vector",
    "name_cover",
    "name_words",
    "name_vector",
    "alternative",
    "cover_peak",
    "excluded",
    "has_excluded",
    "model_cue",
    "query_words",
    "feedback_narrow",
    "feedback_wide",
)
PASS = 0.5  # a criterion passes when it is more likely met than not
NEAR = 0.5  # what a score one off is worth, where a right one is worth 1
RIDGE = 200.0
AFFINITY_WEIGHT = 0.2
UNFITTED = Fitted(0.0, dict.fromkeys(FEATURES, (0.0, 1.0, 0.0)), (0.2, 0.4, 0.5, 0.6), AFFINITY_WEIGHT)
JUDGMENT_WEIGHT = 60.0  # what one (query, criterion) weighs in all

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled query, retrieved and measured: `keys` are the retrieved companies, then the judged ones missed."""

    corpus: str
    query: LabelledQuery
    plan: Plan
    keys: tuple[str, ...]
    retrieved: int
    judged: Judged

    def graded(self, criterion: str) -> Floats:
        """The labels of a criterion over `keys`; NaN where there is none."""
        labels = self.query.judgments
        return np.array([float(labels[k][criterion]) if k in labels else np.nan for k in self.keys])


def cases(corpus: Corpus) -> list[Case]:
    """Every labelled query of a corpus, through planner, retrieval and grader as in a search."""
    return [case(corpus, query) for query in corpus.queries]


def case(corpus: Corpus, query: LabelledQuery) -> Case:
    """One labelled query through planner, retrieval and grader."""
    plan = plan_of(query)
    mask = allowed(corpus.index, plan)
    found = [hit.key for hit in corpus.index.search(plan.search_texts(), limit=ROUND_SIZE, mask=mask)]
    missed = [key for key in query.judgments if key not in set(found)]
    reference: list[CompanyProfile] = [corpus.profiles[key] for key in found]
    others = [corpus.profiles[key] for key in missed]
    judged = Judged(plan, reference, [*reference, *others], corpus.index.idf, UNFITTED)
    return Case(corpus.name, query, plan, (*found, *missed), len(found), judged)


def columns(case: Case, number: int) -> Floats | None:
    """The ingredients of a text criterion as a matrix (companies x FEATURES); None where facts decide alone."""
    features = case.judged.features[number]
    if features is None:
        return None
    known = {**features.columns, **case.judged.query}
    return np.array([known[name] for name in FEATURES]).T


def fit(training: Sequence[Case]) -> Fitted:
    """The model fitted to some cases; cut points included."""
    parts: list[tuple[Floats, Floats, Floats]] = []
    for one in training:
        for number, criterion in enumerate(one.query.criteria):
            matrix = columns(one, number)
            if matrix is None:
                continue
            labels = one.graded(criterion.key)
            known = ~np.isnan(labels)
            weight = np.full(known.sum(), JUDGMENT_WEIGHT / max(1, known.sum()))
            parts.append((matrix[known], (labels[known] >= 4).astype(float), weight))
    x = np.concatenate([p[0] for p in parts])
    y = np.concatenate([p[1] for p in parts])
    w = np.concatenate([p[2] for p in parts])
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    solution = logistic((x - mean) / spread, y, w)
    weights = {
        name: (round(float(m), 4), round(float(s), 4), round(float(b), 4))
        for name, m, s, b in zip(FEATURES, mean, spread, solution[1:], strict=True)
    }
    bare = Fitted(round(float(solution[0]), 4), weights, (0.0, 0.0, 0.0, 0.0), AFFINITY_WEIGHT)
    return Fitted(bare.intercept, weights, cut_points(training, bare), AFFINITY_WEIGHT)


def logistic(x: Floats, y: Floats, weight: Floats, steps: int = 40) -> Floats:
    """Ridge logistic regression by Newton's method; the intercept first, and not penalised."""
    x = np.hstack([np.ones((len(x), 1)), x])
    penalty = np.eye(x.shape[1]) * RIDGE
    penalty[0, 0] = 1e-6
    b = np.zeros(x.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ b))
        gradient = x.T @ (weight * (y - p)) - penalty @ b
        step = np.linalg.solve((x * (weight * p * (1 - p))[:, None]).T @ x + penalty, gradient)
        b += step
        if np.abs(step).max() < 1e-8:
            break
    return b


def probabilities(case: Case, fitted: Fitted) -> list[Floats]:
    """Per criterion, the probability for each of the case's companies."""
    return [
        rule if features is None else rule * fitted.probability({**features.columns, **case.judged.query})
        for rule, features in zip(case.judged.rules, case.judged.features, strict=True)
    ]


def cut_points(training: Sequence[Case], fitted: Fitted) -> tuple[float, float, float, float]:
    """Where a probability becomes a 2, 3, 4, 5: the 4 at PASS, the others where most scores agree with the labels, near
    misses counting NEAR.
    """
    pairs: list[Floats] = []
    for one in training:
        for number, (criterion, values) in enumerate(zip(one.query.criteria, probabilities(one, fitted), strict=True)):
            if one.judged.features[number] is not None:
                labels = one.graded(criterion.key)
                known = ~np.isnan(labels)
                proven = np.where(one.judged.provable(number), values, 0.0)
                pairs.append(np.stack([proven[known], labels[known]]))
    steps = np.round(np.arange(0.05, 0.96, 0.01), 2)
    p, labels = np.concatenate(pairs, axis=1)
    pass_at = PASS
    passed, above = p >= pass_at, labels[p >= pass_at]

    def agreement(given: Floats, truth: Floats) -> float:
        return float(np.mean(given == truth) + NEAR * np.mean(np.abs(given - truth) <= 1))

    five = max((t for t in steps if t >= pass_at), key=lambda t: agreement(np.where(p[passed] >= t, 5, 4), above))
    below, under = p[~passed], labels[~passed]
    low = [(a, b) for a in steps for b in steps if a <= b <= pass_at]
    two, three = max(low, key=lambda cuts: agreement(1.0 + (below >= cuts[0]) + (below >= cuts[1]), under))
    return float(two), float(three), float(pass_at), float(five)


def main() -> int:
    """Fit on the labels of the repository and write, or compare with, the package's file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is out of date")
    arguments = parser.parse_args()
    text = json.dumps(asdict(fit(cases(catalog_corpus()))), indent=1) + "\n"
    if arguments.check:
        same = TARGET.read_text(encoding="utf-8") == text
        print("fitted.json is up to date" if same else "fitted.json is not what evals/fit.py gives; run it again")
        return 0 if same else 1
    TARGET.write_text(text, encoding="utf-8")
    print(f"wrote {TARGET.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
