"""Measures retrieval, ranking and grading on labelled queries; `--floors` makes the figures a gate.

    python evals/run.py            # a line per query, then the means
    python evals/run.py --floors   # exit 1 when a mean is below its floor (FLOORS)
    python evals/run.py --companies FILE --queries FILE --judgments FILE   # other companies and labels, of the same form

Everything fitted is cross-validated: a query is ranked and graded with weights fitted on the repository's other
queries. Companies from outside the repository (`shared_corpus`) are measured where they are present, never fitted on.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from fit import Case, cases, fit, probabilities
from labelled import catalog_corpus, imported_corpus, named_catalog_corpus, read_queries, shared_corpus
from longlist.grade.fitted import Fitted
from longlist.grade.rule_grader import Judged
from longlist.model.criterion import qualifies
from measure import Measures, f1, measure

# The floors of the development set (six catalogue queries and, where present, the fourteen outside the repository).
FLOORS = {
    "precision_10": 0.74,
    "ndcg_25": 0.76,
    "recall_50": 0.84,
    "recall_200": 0.95,
    "f1": 0.58,
    "grade_exact": 0.58,
    "grade_near": 0.72,
    "rules": 0.93,
}
RULE_KINDS = {
    "country": "place",
    "region": "place",
    "city": "place",
    "employees": "size",
    "founded": "age",
    "status": "status",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one query came to."""

    case: Case
    measures: Measures
    right: int
    returned: int
    wanted: int
    exact: Sequence[bool]
    near: Sequence[bool]
    rules: Mapping[str, Sequence[bool]]


def outcome(case: Case, fitted: Fitted) -> Outcome:
    """Rank and grade one query's companies with a fitted model, and compare with the labels."""
    judged = case.judged
    p = probabilities(case, fitted)
    scores = fitted.rank_scores(p, judged.affinity())
    order = [case.keys[i] for i in np.argsort(-scores[: case.retrieved], kind="stable")]
    inside = np.arange(len(case.keys)) < case.retrieved
    known = np.array([key in case.query.judgments for key in case.keys])
    graded = regraded(judged, fitted)
    returned = inside & known & np.array([qualifies(scores) for scores in zip(*graded, strict=True)])
    exact: list[bool] = []
    near: list[bool] = []
    rules: dict[str, list[bool]] = {}
    for number, criterion in enumerate(case.query.criteria):
        labels = case.graded(criterion.key)
        for i in np.flatnonzero(known):
            exact.append(graded[number][i] == labels[i])
            near.append(abs(graded[number][i] - labels[i]) <= 1)
            kinds = {RULE_KINDS[c.field] for c in case.plan.readings[number].constraints if c.field in RULE_KINDS}
            verdict = judged.verdicts[number][i]
            if len(kinds) == 1 and judged.features[number] is None and verdict is not None and verdict.score in (1, 5):
                rules.setdefault(next(iter(kinds)), []).append((verdict.score >= 4) == (labels[i] >= 4))
    return Outcome(
        case=case,
        measures=measure(case.query, order, case.keys[: case.retrieved]),
        right=sum(case.query.is_qualified(key) for key, yes in zip(case.keys, returned, strict=True) if yes),
        returned=int(returned.sum()),
        wanted=sum(case.query.is_qualified(key) for key in case.query.judgments),
        exact=exact,
        near=near,
        rules=rules,
    )


def regraded(judged: Judged, fitted: Fitted) -> list[list[int]]:
    """Scores per criterion and company under a fitted model; no evidence counts as 3, as on the wire."""
    judged.use(fitted)
    rows = [judged.assessment(number).grades for number in range(len(judged.rules[0]))]
    return [[row[c].score or 3 for row in rows] for c in range(len(judged.rules))]


def summary(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Means over queries; F1 and agreement over all decisions."""
    means = {f.name: float(np.mean([getattr(o.measures, f.name) for o in outcomes])) for f in fields(Measures)}
    rules = [hit for o in outcomes for hits in o.rules.values() for hit in hits]
    return means | {
        "f1": f1(sum(o.right for o in outcomes), sum(o.returned for o in outcomes), sum(o.wanted for o in outcomes)),
        "grade_exact": float(np.mean([hit for o in outcomes for hit in o.exact])),
        "grade_near": float(np.mean([hit for o in outcomes for hit in o.near])),
        "rules": float(np.mean(rules)) if rules else 1.0,
    }


def print_report(outcomes: Sequence[Outcome]) -> None:
    """A line per query, then means per corpus and rule agreement per kind."""
    print(
        f"{'query':9} {'P@10':>5} {'(s)':>5} {'nDCG25':>6} {'(s)':>5} {'R@50':>5} {'R@200':>5} {'F1':>5} {'exact':>5} {'±1':>5}"
    )
    for o in outcomes:
        m = o.measures
        print(
            f"{o.case.query.id:9} {m.precision_10:5.2f} {m.precision_10_judged:5.2f} {m.ndcg_25:6.2f} {m.ndcg_25_judged:5.2f} "
            f"{m.recall_50:5.2f} {m.recall_200:5.2f} {f1(o.right, o.returned, o.wanted):5.2f} {np.mean(o.exact):5.2f} {np.mean(o.near):5.2f}"
        )


def print_means(title: str, outcomes: Sequence[Outcome]) -> dict[str, float]:
    """The means of some queries on one line each."""
    means = summary(outcomes)
    print(f"\n{title} ({len(outcomes)} queries): " + "  ".join(f"{name} {value:.3f}" for name, value in means.items()))
    kinds = sorted({kind for o in outcomes for kind in o.rules})
    for kind in kinds:
        hits = [hit for o in outcomes for hit in o.rules.get(kind, ())]
        print(f"  {kind}: decided right {np.mean(hits):.3f} of {len(hits)} where the record holds the fact")
    return means


def main() -> int:
    """Print the report; with --floors, say which means are too low."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--floors", action="store_true", help="exit 1 when a mean is below its floor")
    parser.add_argument(
        "--companies", type=Path, help="a file that `longlist catalog import` reads; default: the catalogue"
    )
    parser.add_argument("--queries", type=Path, help="labelled queries, instead of ours")
    parser.add_argument("--judgments", type=Path, help="their judgments")
    parser.add_argument("--split", help="only the queries of this split")
    arguments = parser.parse_args()
    own = cases(catalog_corpus())
    if arguments.queries:
        given = read_queries(arguments.queries, arguments.judgments, split=arguments.split)
        other = imported_corpus(arguments.companies, given) if arguments.companies else named_catalog_corpus(given)
        fitted = fit(own)
        outcomes = [outcome(one, fitted) for one in cases(other)]
        print_report(outcomes)
        print_means(other.name, outcomes)
        return 0
    outside = shared_corpus()
    whole = fit(own)
    outcomes = [outcome(one, fit([other for other in own if other is not one])) for one in own]
    if outside is not None:
        outcomes += [outcome(one, whole) for one in cases(outside)]
    print_report(outcomes)
    dev = [o for o in outcomes if o.case.query.id.startswith("dev-")]
    print_means("own queries", [o for o in outcomes if not o.case.query.id.startswith("dev-")]) if len(dev) < len(
        outcomes
    ) else None
    means = print_means("dev queries", dev)
    if outside is None:
        print("The companies outside the repository are not here; floors are checked on the catalogue queries alone.")
    low = {name: floor for name, floor in FLOORS.items() if means[name] < floor}
    for name, floor in low.items() if arguments.floors else ():
        print(f"below the floor: {name} is {means[name]:.3f}, should be at least {floor}", file=sys.stderr)
    return 1 if arguments.floors and low else 0


if __name__ == "__main__":
    sys.exit(main())
