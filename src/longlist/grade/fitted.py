"""The fitted part of the grader: weights, cut points, and where they come from (`evals/fit.py`)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from longlist.grade.pool import Floats


@dataclass(frozen=True, slots=True)
class Fitted:
    """A logistic model of "a reader would grade this criterion 4 or 5" over standardised ingredients.

    `weights` maps an ingredient to (mean, spread, weight); a probability is at least `cuts[i]` for a score of i + 2.
    `affinity_weight` is how much the unfitted ranking adds to the log-probability when results are ordered.
    """

    intercept: float
    weights: Mapping[str, tuple[float, float, float]]
    cuts: tuple[float, float, float, float]
    affinity_weight: float

    def probability(self, columns: Mapping[str, Floats]) -> Floats:
        """The probability (0-1), per profile, that the criterion is met."""
        total: Floats = np.full(len(next(iter(columns.values()))), self.intercept)
        for name, (mean, spread, weight) in self.weights.items():
            total = total + weight * (columns[name] - mean) / spread
        return np.asarray(1.0 / (1.0 + np.exp(-total)))

    def score(self, probability: float) -> int:
        """The score (1-5) for a probability."""
        return 1 + sum(probability >= cut for cut in self.cuts)

    def rank_scores(self, probabilities: Sequence[Floats], affinity: Floats) -> Floats:
        """What orders companies, 0-1: the mean log-probability over criteria with a share of the affinity."""
        logs = np.sum([np.log(p) for p in probabilities], axis=0) + self.affinity_weight * affinity
        return np.asarray(1.0 / (1.0 + np.exp(-logs / len(probabilities) - 1.0)))


def load_fitted() -> Fitted:
    """The model shipped with the package."""
    data = json.loads((files("longlist.grade") / "fitted.json").read_text(encoding="utf-8"))
    return Fitted(
        intercept=data["intercept"],
        weights={name: tuple(values) for name, values in data["weights"].items()},
        cuts=tuple(data["cuts"]),
        affinity_weight=data["affinity_weight"],
    )
