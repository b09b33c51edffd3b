"""The measures: what `make eval` prints. Unjudged companies count as wrong in P@10 and are skipped in "(s)" figures."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from labelled import LabelledQuery


@dataclass(frozen=True, slots=True)
class Measures:
    """Of one query: precision of the first 10, nDCG of the first 25 (gain: mean grade of qualified companies, scaled to
    0-1), recall of the first 50 of the final ranking and of the first 200 retrieved; each 0-1. "(s)" skips unjudged.
    """

    precision_10: float
    precision_10_judged: float
    ndcg_25: float
    ndcg_25_judged: float
    recall_50: float
    recall_200: float


def gain(grades: Mapping[str, int]) -> float:
    """0-1: the mean of the grades, 1 being nothing and 5 everything."""
    return sum(grade - 1 for grade in grades.values()) / (4 * len(grades))


def dcg(gains: Sequence[float], depth: int = 25) -> float:
    """Discounted cumulative gain with the usual base-2 logarithm."""
    return sum(value / math.log2(rank + 2) for rank, value in enumerate(gains[:depth]))


def measure(query: LabelledQuery, ranking: Sequence[str], retrieved: Sequence[str]) -> Measures:
    """The measures of one final ranking, and of what was retrieved for it, both of company keys, best first."""
    wanted = {company for company in query.judgments if query.is_qualified(company)}
    judged = [company for company in ranking if company in query.judgments]
    ideal = dcg(sorted((gain(query.judgments[c]) for c in wanted), reverse=True))

    def ndcg(companies: Sequence[str]) -> float:
        gains = [gain(query.judgments[c]) if c in wanted else 0.0 for c in companies]
        return dcg(gains) / ideal if ideal else 1.0

    def share(part: int, whole: int) -> float:
        return part / whole if whole else 1.0

    return Measures(
        precision_10=len(wanted.intersection(ranking[:10])) / 10,
        precision_10_judged=len(wanted.intersection(judged[:10])) / 10,
        ndcg_25=ndcg(ranking),
        ndcg_25_judged=ndcg(judged),
        recall_50=share(len(wanted.intersection(ranking[:50])), len(wanted)),
        recall_200=share(len(wanted.intersection(retrieved[:200])), len(wanted)),
    )


def f1(right: int, returned: int, wanted: int) -> float:
    """The harmonic mean of precision (right of returned) and recall (right of wanted), from counts over all queries."""
    return 2 * right / (returned + wanted) if returned + wanted else 0.0
