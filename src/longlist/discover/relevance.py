"""How well what is said of a company fits what is looked for, before anything of it was read: cheap, to spend well.

Half meaning (static word vectors), half words (how much of the question's weight the text holds). The numbers order what
to look at first; they decide nothing else.
"""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from longlist.language.embedding import embed
from longlist.language.words import terms
from longlist.model.plan import Plan

_FRAME = frozenset(
    terms(
        "company companies startup startups vendor vendors business businesses firm firms provider providers product products service services offer offers offering sell sells selling sold build builds building make"
        " makes making help helps customer customers client clients user users main mainly paying core platform platforms tool tools solution solutions technology tech software people world leading best top new"
    )
)
_FRAME_WEIGHT = 0.25  # words that most companies say of themselves count for less


class Relevance:
    """What a plan looks for, ready to be compared with many short texts."""

    def __init__(self, plan: Plan) -> None:
        self._texts = plan.search_texts()
        self._questions = [Counter(terms(text)) for text in self._texts]
        self._vectors = embed(self._texts)
        self._weights = np.array([1.5, *([1.0] * (len(self._texts) - 1))])

    def of(self, texts: Sequence[str]) -> list[float]:
        """For each text 0-1; 0 for one without words. Rare words among these texts weigh more: give many at once."""
        if not texts:
            return []
        stems = [frozenset(terms(text)) for text in texts]
        held = Counter(stem for found in stems for stem in found)
        meaning = np.clip(embed(texts) @ self._vectors.T, 0.0, 1.0) @ self._weights / self._weights.sum()
        total = len(texts)

        def weight(stem: str) -> float:
            idf = math.log(1 + (total + 50) / (held[stem] + 1))
            return idf * (_FRAME_WEIGHT if stem in _FRAME else 1.0)

        words = np.zeros(total)
        for question, share in zip(self._questions, self._weights, strict=True):
            weights = {stem: weight(stem) for stem in question}
            whole = sum(sorted(weights.values(), reverse=True)[:6]) or 1.0  # nobody says all of it in a line
            for number, found in enumerate(stems):
                words[number] += share * min(1.0, sum(weights[stem] for stem in weights.keys() & found) / whole)
        words /= self._weights.sum()
        return [float(score) for score in 0.5 * meaning + 0.5 * words]
