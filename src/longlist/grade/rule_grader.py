"""RuleGrader: grades without a model, from stated facts and from the words of the pages.

A criterion that is all condition ("founded before 1950") is graded by the facts alone. Any other gets the probability,
fitted on labelled companies, that its words are met; conditions it also holds multiply in. `docs/grading.md` tells
what each part is worth.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from longlist.grade.features import PoolScores, TextFeatures, content, has_content, is_distinctive, models_asked
from longlist.grade.fitted import Fitted, load_fitted
from longlist.grade.grader import Assessment
from longlist.grade.holding import SURE, cut_of, held, held_back, is_read
from longlist.grade.pool import Floats, Ints, Passage, Pool
from longlist.grade.rules import Verdict, judge
from longlist.language.words import terms
from longlist.model.company import CompanyProfile, Page
from longlist.model.criterion import PASSING_SCORE, Criterion, Evidence, Grade, passes_needed
from longlist.model.plan import Plan
from longlist.model.web import NO_ERRAND, Errand

# When every criterion's words are held by at least so many companies, what those have in common can stand for the
# query, and a company that only resembles them may pass; else only literal words prove anything.
TRUSTED = 5
SOME, MOST = 0.34, 0.67  # of the words that are excluded, in one sentence: it speaks of them; it says just that
ENOUGH_PASSED = 2  # companies that passed, from which likeness to them tells something

UNREADABLE = "Grading without a model found no words in this criterion that it can read: English, in Latin letters."

# How likely a criterion is met when the rule gives this score: measured on the labelled queries (docs/grading.md).
RULE_PROBABILITY = {5: 0.95, 4: 0.85, None: 0.40, 3: 0.40, 2: 0.15, 1: 0.03}


class RuleGrader:
    """`idf` gives the weight of a stem (nats): how rare it is among the companies at large."""

    def __init__(self, idf: Callable[[str], float], fitted: Fitted | None = None) -> None:
        self._idf = idf
        self._fitted = fitted or load_fitted()
        self._last: tuple[Plan, Sequence[CompanyProfile], Judged] | None = None

    async def grade(
        self,
        plan: Plan,
        reference: Sequence[CompanyProfile],
        profiles: Sequence[CompanyProfile],
        errand: Errand = NO_ERRAND,
    ) -> list[Assessment]:
        """Grades with evidence for each profile; pure computation, about a tenth of a second for 300."""
        del errand  # asks nothing of the outside
        judged = self._judged(plan, reference, profiles)
        return judged.assessments(profiles)

    def _judged(self, plan: Plan, reference: Sequence[CompanyProfile], profiles: Sequence[CompanyProfile]) -> "Judged":
        """What is known about the profiles: that of the last call when it had the same reference, and all are in it."""
        if self._last is not None:
            known_plan, known_reference, known = self._last
            if known_reference is reference and known_plan == plan and known.holds(profiles):
                return known
        judged = Judged(plan, reference, profiles, self._idf, self._fitted)
        self._last = (plan, reference, judged)
        return judged


class Judged:
    """Everything known about the profiles of one call, before it is put into words."""

    def __init__(
        self,
        plan: Plan,
        reference: Sequence[CompanyProfile],
        profiles: Sequence[CompanyProfile],
        idf: Callable[[str], float],
        fitted: Fitted,
    ) -> None:
        reference = reference or profiles
        known = {profile.key: number for number, profile in enumerate(reference)}
        others = [profile for profile in profiles if profile.key not in known]
        known |= {profile.key: len(reference) + number for number, profile in enumerate(others)}
        self._known = known
        self._plan = plan
        self._pool = Pool([*reference, *others], idf, len(reference))
        self._scores = PoolScores(self._pool, plan)
        pooled = self._pool.profiles
        self.verdicts: list[list[Verdict | None]] = [[judge(r, p) for p in pooled] for r in plan.readings]
        self.rules = [_rule_probability(verdicts) for verdicts in self.verdicts]
        self.features: list[TextFeatures | None] = [
            None
            if r.constraint_only and any(v is not None for v in verdicts)
            else self._scores.text_features(r, c.name)
            for r, c, verdicts in zip(plan.readings, plan.criteria, self.verdicts, strict=True)
        ]
        self.query = self._scores.query_columns(self._priors())
        self.best = [None if f is None else self._best(f) for f in self.features]
        self._excluded = [self._pool.coverage(content(r.negative)) if r.negative else None for r in plan.readings]
        self._models = [
            self._scores.model_said(asked) if not has_content(r.positive) and (asked := models_asked(r)) else None
            for r in plan.readings
        ]
        literal = [
            f.literal
            for f, r in zip(self.features, plan.readings, strict=True)
            if f is not None and has_content(r.positive)
        ]
        self.trusted = all(int(words[: len(reference)].sum()) >= TRUSTED for words in literal)
        self._speaks = [self._has_words(index) for index in range(len(plan.criteria))]
        self._provable = [self.provable(index) for index in range(len(plan.criteria))]
        self.use(fitted)

    def provable(self, index: int) -> NDArray[np.bool_]:
        """Per profile, whether its texts can prove a text criterion: by its words, or by being much like those that do; not so
        where one word is all that is asked ("banks"), which whoever is one says.
        """
        features = self.features[index]
        reading = self._plan.readings[index]
        telling = is_distinctive(reading.positive) or has_content(reading.negative)
        is_one_word = len(set(content(reading.positive))) == 1
        if features is None or not has_content(reading.positive) or (self.trusted and telling and not is_one_word):
            return np.ones(len(self._pool), dtype=np.bool_)
        return features.literal

    def _has_words(self, index: int) -> NDArray[np.bool_]:
        """Per profile, whether the passage to quote has any of the criterion's own words."""
        best, positive = self.best[index], self._plan.readings[index].positive
        if best is None or not has_content(positive):
            return np.ones(len(self._pool), dtype=np.bool_)
        cover = self._pool.coverage(content(positive))
        speaks = np.zeros(len(self._pool), dtype=np.bool_)
        speaks[best >= 0] = cover[best[best >= 0]] > 0
        return speaks

    def _best(self, features: TextFeatures) -> Ints:
        """Per profile the passage to quote: it speaks of the criterion, and of the query as a whole."""
        strength, where = self._pool.best_passage(features.passages + self._scores.context / 2)
        return np.where(strength > 0, where, -1)

    def _priors(self) -> Floats:
        """What the criteria say before feedback: it must not learn from companies the facts rule out."""
        total = np.zeros(len(self._pool))
        texts = [f for f in self.features if f is not None]
        for f in texts:
            total += (f.columns["cover_two"] + f.columns["words"] + f.columns["name_cover"]) / (3 * len(texts))
        return total + sum((2 * np.log(rule) for rule in self.rules), np.zeros(len(self._pool)))

    def affinity(self) -> Floats:
        """An unfitted ranking by words alone (docs/grading.md, "Affinity")."""
        texts = [f.columns for f in self.features if f is not None]
        total = (self.query["query_words"] + self.query["query_fusion"]) / 4
        total = total + (self.query["feedback_narrow"] + self.query["feedback_wide"]) / 3
        for f in texts:
            names = ("cover_two", "cover_best", "words", "vector", "name_cover", "name_vector")
            total = total + (np.mean([f[n] for n in names], axis=0) - 0.3 * np.maximum(0, f["excluded"])) / len(texts)
        return np.asarray(total)

    def use(self, fitted: Fitted) -> None:
        """Decide with these weights and cut points from now on."""
        self.fitted = fitted
        self.probabilities = [
            rule if f is None else rule * fitted.probability({**f.columns, **self.query})
            for rule, f in zip(self.rules, self.features, strict=True)
        ]
        self.rank_scores = fitted.rank_scores(self.probabilities, self.affinity())
        self._cut = cut_of(self.rank_scores[self._pool.usual])

    def holds(self, profiles: Sequence[CompanyProfile]) -> bool:
        """Whether it knows all of these profiles, as they are."""
        return all(
            (where := self._known.get(profile.key)) is not None and self._pool.profiles[where] == profile
            for profile in profiles
        )

    def assessments(self, profiles: Sequence[CompanyProfile]) -> list[Assessment]:
        """The grades of these profiles, all of which it knows."""
        return [self.assessment(self._known[profile.key]) for profile in profiles]

    def assessment(self, where: int) -> Assessment:
        """The grades of one profile, by its place in the pool: those of the reference first."""
        grades = [self._grade(index, where) for index in range(len(self._plan.criteria))]
        profile = self._pool.profiles[where]
        if is_read(profile) and self.rank_scores[where] < self._cut:
            words = {c.key for c, f in zip(self._plan.criteria, self.features, strict=True) if f is not None}
            grades = held_back(grades, words)
        if profile.hostile_pages:
            grades = [held(grade) for grade in grades]
        return Assessment(float(self.rank_scores[where]), tuple(grades))

    def place(self, profile: CompanyProfile) -> int:
        """The place in the pool of a profile that it knows."""
        return self._known[profile.key]

    def promise(self, passed: Sequence[int] = (), failed: Sequence[int] = ()) -> Floats:
        """An order for whoever grades next, per profile of the pool, larger first: the unfitted ranking with the rules.

        It keeps more of what qualifies among its first hundred than the fitted one. Where some profiles (by place) are
        known to have passed and others to have failed, likeness to the ones rather than the others counts as much
        (`docs/models.md`).
        """
        rules = sum((np.log(rule) for rule in self.rules), np.zeros(len(self._pool)))
        promise = self._scores.z(self.affinity() + 2 * rules)
        return promise + self._scores.contrast(passed, failed) if len(passed) >= ENOUGH_PASSED else promise

    def can_qualify(self, where: int) -> bool:
        """Whether the facts leave it open that the profile in this place meets enough criteria."""
        verdicts = [of_criterion[where] for of_criterion in self.verdicts]
        ruled_out = sum(1 for v in verdicts if v is not None and v.score == 1)
        return len(verdicts) - ruled_out >= passes_needed(len(verdicts))

    def telling(self, where: int, *, each: int, opening: int) -> tuple[Passage, ...]:
        """The passages a reader needs to judge the profile in this place, in the pages' order: `each` of the best for every criterion,
        what states its facts, and the first `opening` lines of its first page.
        """
        own = self._pool.passages_of(where)
        chosen = set(own[:opening])
        for features, verdicts in zip(self.features, self.verdicts, strict=True):
            if features is not None:
                strength = features.passages + self._scores.context / 2
                best = sorted(own, key=lambda n: (-strength[n], n))[:each]
                chosen.update(n for n in best if strength[n] > 0)
            verdict = verdicts[where]
            quotes = {quote for quote, _ in verdict.proofs} if verdict is not None else set()
            chosen.update(n for n in own if any(quote in self._pool.passages[n].text for quote in quotes))
        return tuple(self._pool.passages[n] for n in sorted(chosen))

    def passages_of(self, where: int) -> tuple[Passage, ...]:
        """All passages of the profile in this place, in order."""
        return tuple(self._pool.passages[n] for n in self._pool.passages_of(where))

    def _grade(self, index: int, where: int) -> Grade:
        criterion = self._plan.criteria[index]
        probability = float(self.probabilities[index][where])
        verdict, features = self.verdicts[index][where], self.features[index]
        if features is None:
            assert verdict is not None
            return _graded(criterion, verdict.score, verdict.why, verdict.proofs, probability)
        return self._text_grade(index, verdict, where, probability)

    def _text_grade(self, index: int, verdict: Verdict | None, where: int, p: float) -> Grade:
        criterion, reading = self._plan.criteria[index], self._plan.readings[index]
        profile = self._pool.profiles[where]
        score = self.fitted.score(p)
        if verdict is not None and verdict.score is not None and verdict.score <= min(2, score):
            return _graded(criterion, verdict.score, verdict.why, verdict.proofs, p)
        condition = f" {verdict.why}" if verdict is not None else ""
        read = ", ".join(filter(None, (page.record or page.url for page in profile.pages)))
        if not any(page.text.strip() for page in profile.pages):
            return Grade(criterion.key, None, "No text about this company is held.", (), p)
        if not has_content(reading.positive):
            # Whatever the words say, a condition beside them is open.
            if verdict is not None and (verdict.score or 0) < PASSING_SCORE:
                return _graded(criterion, verdict.score, verdict.why, verdict.proofs, p)
            if has_content(reading.negative):
                return self._absence(index, where, p)
            if self._models[index] is not None:
                return self._business_model(index, where, p)
            return self._anything(criterion, where, p) if terms(reading.text) else _unread(criterion, p)
        is_unsure = bool(self._cut) and is_read(profile) and p < SURE * float(self.rules[index][where])
        if is_unsure or not self._provable[index][where]:
            score = min(score, 3)
        passage = self._passage(index, where)
        if passage is None:
            return Grade(criterion.key, min(score, 3), f"Read {read}: nothing there speaks of this.{condition}", (), p)
        proofs = [(passage.text, passage.page), *(verdict.proofs if verdict is not None else ())]
        why = _SENTENCES[score] if score < PASSING_SCORE or self._speaks[index][where] else LIKENESS
        return _graded(criterion, score, f"{why}{condition}", list(dict.fromkeys(proofs)), p)

    def _business_model(self, index: int, where: int, p: float) -> Grade:
        """A criterion that asks for a business model and nothing else ("it is a nonprofit") takes a sentence that names it, or
        whose words speak for it; where there is none the texts are silent.
        """
        criterion, said = self._plan.criteria[index], self._models[index]
        assert said is not None
        passages = self._pool.passages_of(where)
        best = max(passages, key=lambda number: said[number])
        if not (strength := float(said[best])):
            silent = RULE_PROBABILITY[None]
            return Grade(
                criterion.key, None, "The texts do not say whether this is its business model.", (), min(p, silent)
            )
        found, score = self._pool.passages[best], 5 if strength == 1 else PASSING_SCORE
        why = "The business model is named." if strength == 1 else "The words speak for this business model."
        return _graded(criterion, score, why, [(found.text, found.page)], max(p, RULE_PROBABILITY[score]))

    def _anything(self, criterion: Criterion, where: int, p: float) -> Grade:
        """A criterion that asks for nothing in particular ("it has a product of its own") is met by saying anything."""
        passages = self._pool.passages_of(where)
        own = self._pool.passages[passages[min(1, len(passages) - 1)]]
        why = "Nothing in particular is asked; this is what it says it is."
        return _graded(criterion, PASSING_SCORE, why, [(own.text, own.page)], p)

    def _absence(self, index: int, where: int, p: float) -> Grade:
        """A criterion that only excludes is decided by words: who says none of it passes, whatever else it is like.

        Shown with the sentence that says what is excluded, or with what the company says it is.
        """
        criterion, cover = self._plan.criteria[index], self._excluded[index]
        assert cover is not None
        passages = self._pool.passages_of(where)
        nearest = max(passages, key=lambda number: cover[number])
        if (share := float(cover[nearest])) >= SOME:
            found = self._pool.passages[nearest]
            score, chance = (1, 0.1) if share >= MOST else (2, 0.3)
            why = "It speaks of what is excluded, in this sentence."
            return _graded(criterion, score, why, [(found.text, found.page)], min(p, chance))
        about = passages[min(1, len(passages) - 1)]
        own = self._pool.passages[about]
        why = "Nothing speaks of what is excluded; this is what it says it is."
        return _graded(criterion, PASSING_SCORE, why, [(own.text, own.page)], max(p, 0.7))

    def _passage(self, index: int, where: int) -> Passage | None:
        best = self.best[index]
        number = -1 if best is None else int(best[where])
        return self._pool.passages[number] if number >= 0 else None


LIKENESS = "It is much like companies whose texts say this; of its own texts this sentence comes nearest."
_SENTENCES = {
    5: "The wording matches closely.",
    4: "The wording matches well.",
    3: "The wording touches on this without settling it.",
    2: "Only a weak match was found, in this sentence.",
    1: "What is said is about something else; this sentence comes nearest.",
}


def _unread(criterion: Criterion, probability: float) -> Grade:
    return Grade(criterion.key, None, UNREADABLE, (), probability)


def _graded(
    criterion: Criterion, score: int | None, why: str, proofs: Sequence[tuple[str, Page]], probability: float
) -> Grade:
    """A grade with its evidence; without a quotation that stands in a page no score passes."""
    if proofs:
        evidence = tuple(Evidence(q, page.hash, page.read_at, url=page.url, record=page.record) for q, page in proofs)
        return Grade(criterion.key, score, why, evidence, probability)
    if score is not None and score >= PASSING_SCORE:
        return Grade(criterion.key, 3, f"{why} No sentence proves it, so it counts as undecided.", (), probability)
    return Grade(criterion.key, score, why, (), probability)


def _rule_probability(verdicts: Sequence[Verdict | None]) -> Floats:
    return np.array([1.0 if v is None else RULE_PROBABILITY[v.score] for v in verdicts])
