"""What the words of a pool say about a criterion: one number per profile and ingredient.

The ingredients, and what each was measured to be worth, are those of `docs/grading.md`. All are relative to the
reference: a z-score says how a company compares with the candidates of the first round.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from longlist.grade.pool import Floats, Pool
from longlist.language.embedding import embed
from longlist.language.vocabulary import MODEL_WORDS, MODELS, cues
from longlist.language.words import fold, terms
from longlist.model.plan import Plan, Reading

EMBEDDED_CHARACTERS = 1500  # of a profile's text: what comes later says little about what the company is
Z_RANGE = (-4.0, 6.0)
# A passage is literal proof of a short alternative (up to SHORT words) when it holds this share of its words, weighted
# by rarity, and of a longer one with the smaller share: chosen on queries that the catalogue cannot answer.
PROOF_SHARE, PROOF_SHARE_LONG, SHORT = 0.55, 0.4, 4
MODEL_HINT = 0.5  # what words that speak for a business model are worth, of naming it
CONTRAST_TERMS = 60  # words that tell companies which passed from those that failed
PEAK = 10  # how many of the best passages tell whether anything here matches a criterion at all

# Words that stand in nearly every criterion and tell no company from another.
BOILERPLATE = frozenset(
    terms(
        """
        accept actually allow allows already available area base based big business businesses buy buyer buyers category clear
        clearly clients client companies company core customer customers deal directly enterprise example field firm
        firms focus focused founded group groups handle help helps headquarter headquartered headquarters include
        includes including itself kind large lead line lines location main major maker makers making manufacturer manufacturers market markets mean means need needs
        offer offered offering offerings offers operate operates organisation organisations organization
        organizations part parts party paying position positioned present primarily primary produce producer producers produces product products
        provide provided provider providers provides purpose release run runs say says sell seller sells serve served
        serves service services shows similar small sold solution solutions something startup startups state stated
        status substantial supplier suppliers supplies supply take takes text type types usable user users vendor
        vendors whatever work working works
        """
    )
)

ALTERNATIVES = re.compile(r"[,;:()/]|\b(?:or|and|such as|including|like|for example)\b", re.IGNORECASE)


# What is left of boilerplate when a criterion says nothing else: words that even "small businesses" are specific beside.
BARE = frozenset(
    terms(
        """
        company companies product products service services customer customers sell sells sold offer offered offers
        provide provided provides supply supplies main own kind position positioned
        """
    )
)


def specific(text: str) -> list[str]:
    """The stems of a text that can tell companies apart, the weaker ones ("small businesses") when there are no others."""
    stems = list(dict.fromkeys(terms(text)))
    return [stem for stem in stems if stem not in BOILERPLATE] or [stem for stem in stems if stem not in BARE]


def is_distinctive(text: str) -> bool:
    """Whether a text has more than weak words, so that likeness to companies that hold them means something."""
    return any(stem not in BOILERPLATE for stem in terms(text))


def has_content(text: str) -> bool:
    """Whether a text has words that can tell companies apart."""
    return bool(specific(text))


def models_named(text: str) -> set[str]:
    """The business models whose names a text uses."""
    folded = fold(text)
    return {model for model, pattern in MODEL_WORDS if model in MODELS and re.search(rf"\b(?:{pattern})\b", folded)}


def models_asked(reading: Reading) -> set[str]:
    """The business models that a criterion asks for."""
    return models_named(reading.positive) | {
        str(model)
        for constraint in reading.constraints
        if constraint.field == "business_model" and constraint.op == "in" and isinstance(constraint.value, tuple)
        for model in constraint.value
    }


def content(text: str) -> list[str]:
    """The stems of a criterion that can tell companies apart; all of its stems when there are none such."""
    stems = terms(text)
    return [stem for stem in stems if stem not in BOILERPLATE] or stems


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """Ingredients for one criterion: `columns` by name, one value per profile of the pool.

    `passages` says how much each passage speaks of the criterion; `literal` is true for the profiles that have a
    passage with most words of one of its alternatives.
    """

    columns: Mapping[str, Floats]
    passages: Floats
    literal: NDArray[np.bool_]


class PoolScores:
    """Scores of a pool against a plan, relative to what is usual in the pool."""

    def __init__(self, pool: Pool, plan: Plan) -> None:
        self.pool = pool
        self.plan = plan
        self._tags = [{fold(tag) for tag in profile.tags} for profile in pool.profiles]
        self.context = np.zeros(len(pool.passages))
        self._vectors = embed([_text(p.pages[0].text if p.pages else p.name) for p in pool.profiles])

    def z(self, values: Floats) -> Floats:
        """How many standard deviations above the reference's mean, clipped; zeros where the reference is all equal."""
        usual = values[self.pool.usual]
        spread = float(usual.std()) if len(usual) else 0.0
        return np.clip((values - usual.mean()) / spread, *Z_RANGE) if spread > 1e-9 else np.zeros(len(values))

    def similarity(self, text: str) -> Floats:
        """Cosine of each profile's text with a text; zeros for a text without words."""
        return np.asarray(self._vectors @ embed([text])[0], dtype=np.float64)

    def contrast(self, passed: Sequence[int], failed: Sequence[int]) -> Floats:
        """Per profile, how much more it resembles those that passed than those that failed: words, and half of meaning."""
        words = self.pool.likeness(self.pool.contrast(passed, failed, size=CONTRAST_TERMS))
        middle = self._vectors[list(passed)].mean(axis=0)
        if failed:
            middle = middle - self._vectors[list(failed)].mean(axis=0)
        meaning = np.asarray(self._vectors @ middle, dtype=np.float64)
        return np.asarray(self.z(words) + self.z(meaning) / 2)

    def fusion(self, texts: Sequence[str]) -> Floats:
        """Reciprocal-rank fusion of BM25 and similarity over several texts (Cormack et al., SIGIR 2009; k = 60)."""
        total = np.zeros(len(self.pool))
        for text in texts:
            for scores in (self.pool.bm25(dict.fromkeys(content(text), 1.0)), self.similarity(text)):
                usual = np.sort(scores[self.pool.usual])
                total += 1.0 / (60 + len(usual) - np.searchsorted(usual, scores, side="right"))
        return total

    def query_columns(self, priors: Floats) -> dict[str, Floats]:
        """Evidence for the query as a whole: BM25, fusion, and two rounds of feedback that also heed `priors`.

        Sets `context`: how much each passage says (0-1) about the query as a whole.
        """
        query = self.plan.query.positive or self.plan.query.text
        texts = [query] + [r.positive for r in self.plan.readings if r.positive and not r.constraint_only]
        words = self.z(self.pool.bm25(dict.fromkeys(content(query), 1.0)))
        fused = self.z(self.fusion(texts))
        base = words + fused + priors
        narrow = self.z(self.pool.likeness(self.pool.feedback(base, top=5, size=25)))
        learned = self.pool.feedback(base + narrow, top=20, size=25)
        wide = self.z(self.pool.likeness(learned))
        self.context = (self.pool.coverage(content(query)) + self.pool.passage_likeness(learned)) / 2
        return {"query_words": words, "query_fusion": fused, "feedback_narrow": narrow, "feedback_wide": wide}

    def alternatives(self, text: str) -> Floats:
        """For each passage, how near it is (0-1) to holding one of the criterion's alternatives: of "clinics, hospitals
        or dentists" one is enough. 1 is PROOF_SHARE of the words of a short alternative, less of a long one; and 0
        everywhere when the criterion has no words that could be looked for ("it is sold as a product").
        """
        best = np.zeros(len(self.pool.passages))
        wanted = set(specific(text))
        for part in ALTERNATIVES.split(text):
            if stems := [stem for stem in dict.fromkeys(terms(part)) if stem in wanted]:
                need = PROOF_SHARE if len(stems) <= SHORT else PROOF_SHARE_LONG
                best = np.maximum(best, np.minimum(self.pool.coverage(stems) / need, 1.0))
        return best

    def model_cue(self, reading: Reading) -> Floats:
        """How far words and tags speak for the business models that a criterion names, less those it excludes."""
        asked = models_asked(reading)
        refused = models_named(reading.negative) - asked
        return self._model_share(asked) - self._model_share(refused)

    def model_said(self, models: Collection[str]) -> Floats:
        """Per passage, 1 where it names one of the business models, `MODEL_HINT` where its words speak for one, else 0."""
        said = np.zeros(len(self.pool.passages))
        for known in (cues(model) for model in models):
            for phrases, strength in ((known.for_, MODEL_HINT), (known.tags, 1.0)):
                for phrase in phrases:
                    where = self.pool.holding(phrase)
                    said[where] = np.maximum(said[where], strength)
        return said

    def _model_share(self, models: Collection[str]) -> Floats:
        """(for + 2 tags + 0.3) / (for + 2 tags + against + 1), the mean over models: docs/grading.md."""
        shares = []
        for model in sorted(models):
            known = cues(model)
            tagged = np.array([not own.isdisjoint(known.tags) for own in self._tags], dtype=np.float64)
            speaks, against = self.pool.hits(known.for_), self.pool.hits(known.against)
            shares.append((speaks + 2 * tagged + 0.3) / (speaks + 2 * tagged + against + 1))
        return np.mean(shares, axis=0) if shares else np.zeros(len(self.pool))

    def text_features(self, reading: Reading, name: str) -> TextFeatures:
        """Ingredients for one criterion, read as `reading`, with its positive name."""
        stems, named = content(reading.positive), content(name)
        cover, cover_name = self.pool.coverage(stems), self.pool.coverage(named)
        best, _ = self.pool.best_passage(cover)
        top = self.pool.top_two(cover)
        alternatives = self.alternatives(reading.positive)
        alternative, _ = self.pool.best_passage(alternatives)
        columns = {
            "cover_two": self.z(top),
            "cover_best": self.z(best),
            "words": self.z(self.pool.bm25(dict.fromkeys(stems, 1.0))),
            "vector": self.z(self.similarity(reading.positive)),
            "name_cover": self.z(self.pool.top_two(cover_name)),
            "name_words": self.z(self.pool.bm25(dict.fromkeys(named, 1.0))),
            "name_vector": self.z(self.similarity(name)),
            "alternative": alternative,
            "cover_peak": np.full(
                len(self.pool), float(np.sort(best[self.pool.usual])[-PEAK:].mean()) if len(best) else 0.0
            ),
            "excluded": self.z(self.pool.best_passage(self.pool.coverage(content(reading.negative)))[0])
            if reading.negative
            else np.zeros(len(self.pool)),
            "model_cue": self.z(self.model_cue(reading)),
            "has_excluded": np.full(len(self.pool), float(bool(reading.negative))),
        }
        return TextFeatures(columns, cover + alternatives + cover_name / 2, alternative >= 1.0)


def _text(text: str) -> str:
    return text[:EMBEDDED_CHARACTERS]
