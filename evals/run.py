"""Measures retrieval, ranking and grading on labelled queries; `--floors` makes the figures a gate.

    python evals/run.py            # a line per query, then the means
    python evals/run.py --floors   # exit 1 when a mean is below its floor
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
from numpy.typing import NDArray

from fit import Case, cases, fit, probabilities
from labelled import catalog_corpus, imported_corpus, named_catalog_corpus, read_queries, shared_corpus
from longlist.grade.fitted import Fitted
from longlist.grade.pool import Floats
from longlist.grade.rule_grader import Judged
from longlist.model.criterion import passes_needed, qualifies
from measure import Measures, f1, measure

# Floors of the development set: the repository's six queries and the fourteen outside it, where those are present.
DEV_FLOORS = {
    "precision_10": 0.74,
    "ndcg_25": 0.76,
    "recall_50": 0.84,
    "recall_200": 0.95,
    "f1": 0.58,
    "grade_exact": 0.58,
    "grade_near": 0.72,
    "rules": 0.93,
}
# Floors of all queries of the repository, a little below what they reach.
OWN_FLOORS = {
    "precision_10": 0.73,
    "ndcg_25": 0.79,
    "recall_50": 0.85,
    "recall_200": 0.92,
    "f1": 0.63,
    "grade_exact": 0.59,
    "grade_near": 0.73,
    "rules": 0.95,
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
    likely: Floats
    qualified: NDArray[np.bool_]
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
        likely=decisive(p)[inside & known],
        qualified=np.array([case.query.is_qualified(key) for key in case.keys])[inside & known],
        exact=exact,
        near=near,
        rules=rules,
    )


def regraded(judged: Judged, fitted: Fitted) -> list[list[int]]:
    """Scores per criterion and company under a fitted model; no evidence counts as 3, as on the wire."""
    judged.use(fitted)
    rows = [judged.assessment(number).grades for number in range(len(judged.rules[0]))]
    return [[row[c].score or 3 for row in rows] for c in range(len(judged.rules))]


def decisive(probability: Sequence[Floats]) -> Floats:
    """What decides whether a company qualifies: the lowest probability that it must reach, 75 % of criteria counting."""
    ordered = np.sort(np.array(probability), axis=0)[::-1]
    return np.asarray(ordered[passes_needed(len(probability)) - 1])


def f1_by_threshold(outcomes: Sequence[Outcome]) -> float:
    """F1 of the companies above one threshold of probability for all queries, chosen on the other queries each time: how
    well probabilities decide, proof aside. The product's own decisions, which also need proof, are `f1`.
    """
    steps = np.arange(0.05, 0.96, 0.01)

    def counts(some: Sequence[Outcome], threshold: float) -> tuple[int, int, int]:
        return (
            sum(int((o.qualified & (o.likely >= threshold)).sum()) for o in some),
            sum(int((o.likely >= threshold).sum()) for o in some),
            sum(o.wanted for o in some),
        )

    totals = np.zeros(3)
    for one in outcomes:
        others = [o for o in outcomes if o is not one] or [one]
        best = max(steps, key=lambda t: f1(*counts(others, t)))
        totals += counts([one], best)
    return f1(*(int(t) for t in totals))


def summary(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Means over queries that have something to find; F1 and agreement over all decisions."""
    ranked = [o for o in outcomes if o.wanted]
    means = {f.name: float(np.mean([getattr(o.measures, f.name) for o in ranked])) for f in fields(Measures)}
    rules = [hit for o in outcomes for hits in o.rules.values() for hit in hits]
    return means | {
        "f1": f1(sum(o.right for o in outcomes), sum(o.returned for o in outcomes), sum(o.wanted for o in outcomes)),
        "f1_by_threshold": f1_by_threshold(outcomes),
        "grade_exact": float(np.mean([hit for o in outcomes for hit in o.exact])),
        "grade_near": float(np.mean([hit for o in outcomes for hit in o.near])),
        "rules": float(np.mean(rules)) if rules else 1.0,
    }


def print_report(outcomes: Sequence[Outcome]) -> None:
    """A line per query, then means per corpus and rule agreement per kind."""
    print(
        f"{'query':9} {'P@10':>5} {'(s)':>5} {'nDCG25':>6} {'(s)':>5} {'R@50':>5} {'R@200':>5} {'F1':>5} {'exact':>5} {'±1':>5} right/returned/wanted"
    )
    for o in outcomes:
        m = o.measures
        print(
            f"{o.case.query.id:9} {m.precision_10:5.2f} {m.precision_10_judged:5.2f} {m.ndcg_25:6.2f} {m.ndcg_25_judged:5.2f} "
            f"{m.recall_50:5.2f} {m.recall_200:5.2f} {f1(o.right, o.returned, o.wanted):5.2f} {np.mean(o.exact):5.2f} {np.mean(o.near):5.2f} {o.right}/{o.returned}/{o.wanted}"
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
    found = shared_corpus()
    outside = cases(found) if found is not None else []
    whole = fit(own)
    outcomes = [outcome(one, fit([other for other in own if other is not one])) for one in own]
    print_report(outcomes + [outcome(one, whole) for one in outside])
    low = below(print_means("queries of the repository", outcomes), OWN_FLOORS)
    if outside:
        dev = [o for o in outcomes if is_dev(o.case)] + [outcome(one, whole) for one in outside]
        low += below(print_means("development set, fitted on the repository's labels", dev), DEV_FLOORS)
        every = own + outside
        crossed = [outcome(one, fit([c for c in every if c is not one])) for one in every if is_dev(one)]
        print_means("development set, fitted on all labels but the query's own", crossed)
    else:
        print("The companies outside the repository are not here: the development set was not measured.")
    for line in low if arguments.floors else ():
        print(line, file=sys.stderr)
    return 1 if arguments.floors and low else 0


def is_dev(case: Case) -> bool:
    """Whether a query belongs to the development set."""
    return case.query.id.startswith("dev-")


def below(means: Mapping[str, float], floors: Mapping[str, float]) -> list[str]:
    """A sentence for each mean that is below its floor."""
    return [
        f"below the floor: {name} is {means[name]:.3f}, should be at least {floor}"
        for name, floor in floors.items()
        if means[name] < floor
    ]


if __name__ == "__main__":
    sys.exit(main())
