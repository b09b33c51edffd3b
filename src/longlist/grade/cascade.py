"""The cascade: rules first, then the model for whatever may still qualify, the most promising first.

    rules ──► contradicted by facts ──► graded by rules, for nothing
       └────► the rest, in order ─────► the model, until enough qualify or it is no longer worth it
                                          └─ once fewer than half qualify: four in one question first (`llm_sifter`),
                                             and those that it finds hopeful one by one

Companies that were not reached stay ungraded: another round, or a wish for more, may reach them. Pages that give orders
are set apart before anything reads them. Where the model fails, rules grade, and the grades say so.
"""

import asyncio
import math
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import structlog

from longlist.errors import BadAnswer, BudgetSpent, LonglistError, Stopped, TooLong, Unavailable
from longlist.grade.fitted import Fitted, load_fitted
from longlist.grade.grader import Assessment
from longlist.grade.holding import held
from longlist.grade.hostile import Safe, with_note, without_hostile_pages
from longlist.grade.llm_grader import LLMGrader, Sheet
from longlist.grade.llm_sifter import LLMSifter
from longlist.grade.pool import Passage
from longlist.grade.rule_grader import Judged
from longlist.grade.sanity import CREDULOUS, is_credulous
from longlist.language.tongues import is_foreign
from longlist.model.company import CompanyProfile
from longlist.model.criterion import PASSING_SCORE, Grade, qualifies
from longlist.model.plan import Plan
from longlist.model.web import NO_ERRAND, Errand

PATIENCE = 40  # companies in a row that do not qualify end a round; docs/models.md has what each number costs and loses
LATER_PATIENCE = 12  # in rounds after the first, whose best candidates are seldom better than what was left of it
TOGETHER = 4  # companies of one sifting question
RECENT, WORTH = 8, 0.5  # companies are sifted first once less than this share of the last ones qualified
AT_ONCE = 12  # companies under way, and so what may be asked in vain as a round ends
FEWEST_SHOWN = 4  # passages below which it is no use to shorten a question
FAILURES = 3  # questions in a row without an answer, after which the model is asked no more in this step
LEARNING = 5  # answers, after which what they teach decides who is next
TIE_BREAK = 0.01  # what the rules' order counts between companies that the model graded the same

BY_RULES = "Graded by rules: {reason}"
SIFTED = "Beside others, the model found it unlikely to meet the criteria, so it was not graded further."


@dataclass(frozen=True, slots=True)
class View:
    """How much is shown of a company: passages for each criterion and of the beginning, passages at the most, characters of one."""

    each: int
    opening: int
    most: int
    longest: int


TO_GRADE, TO_SIFT = View(4, 3, 18, 420), View(2, 2, 7, 240)
UNDECIDED = 0.3  # the probability of a criterion, at the most, when a company was sifted out
Graded = tuple[int, Assessment]
Outcome = tuple[Grade, ...] | str | BaseException | None
"""Of a company: the model's grades, why there are none, what broke the question off; None when it was sifted out."""

log = structlog.get_logger()


@dataclass(slots=True)
class _Round:
    """Where grading stands. `trouble` says why the model is asked no more; "" while it is."""

    wanted: int
    patience: int
    qualified: int = 0
    barren: int = 0
    failures: int = 0
    passed: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)
    recent: deque[bool] = field(default_factory=lambda: deque(maxlen=RECENT))
    trouble: str = ""
    end: LonglistError | None = None

    @property
    def is_over(self) -> bool:
        """Whether no further question is to be asked."""
        spent = self.qualified >= self.wanted or self.barren >= self.patience
        return spent or bool(self.trouble) or self.end is not None

    @property
    def worth(self) -> int:
        """How many more questions may have to be asked before the round can be over."""
        return max(1, min(self.patience - self.barren, self.wanted - self.qualified))

    @property
    def is_sparse(self) -> bool:
        """Whether so few qualify that it is cheaper to sift first."""
        return len(self.recent) == RECENT and sum(self.recent) < WORTH * RECENT

    def count(self, place: int, *, is_qualified: bool) -> None:
        """Take in what the model made of the company in this place."""
        self.failures = 0
        self.recent.append(is_qualified)
        if is_qualified:
            self.qualified += 1
            self.barren = 0
            self.passed.append(place)
        else:
            self.barren += 1
            self.failed.append(place)


class Cascade:
    """Grades in an order of its own, and hands over what is done. `idf` as for RuleGrader; without a `sifter` all are graded
    one by one.
    """

    def __init__(
        self,
        idf: Callable[[str], float],
        grader: LLMGrader,
        fitted: Fitted | None = None,
        *,
        sifter: LLMSifter | None = None,
        patience: int = PATIENCE,
        later_patience: int = LATER_PATIENCE,
        at_once: int = AT_ONCE,
    ) -> None:
        self._idf = idf
        self._grader = grader
        self._sifter = sifter
        self._fitted = fitted or load_fitted()
        self._patience = patience
        self._later_patience = later_patience
        self._at_once = at_once

    def one_by_one(self) -> "Cascade":
        """The same without sifting: every company is graded by itself, whoever else is asked about."""
        return Cascade(
            self._idf,
            self._grader,
            self._fitted,
            patience=self._patience,
            later_patience=self._later_patience,
            at_once=self._at_once,
        )

    async def grades(
        self,
        plan: Plan,
        reference: Sequence[CompanyProfile],
        profiles: Sequence[CompanyProfile],
        wanted: int,
        errand: Errand = NO_ERRAND,
        *,
        is_later: bool = False,
    ) -> AsyncGenerator[list[Graded], None]:
        """(number among `profiles`, assessment) as they are done, until `wanted` of them qualify, or it is no longer worth it;
        `is_later` says that this is a round after the first.

        BudgetSpent or Stopped, after all that was done has been handed over, when no more can be asked.
        """
        safe, judged = await asyncio.to_thread(self._prepared, plan, reference, profiles)
        places = [judged.place(one.profile) for one in safe]
        open_ones = [n for n, one in enumerate(safe) if one.profile.pages and judged.can_qualify(places[n])]
        if closed := sorted(set(range(len(safe))) - set(open_ones)):
            yield [(n, _noted(judged.assessment(places[n]), safe[n].note)) for n in closed]

        def ordered(numbers: Iterable[int]) -> deque[int]:
            promise = judged.promise(now.passed, now.failed)
            return deque(sorted(numbers, key=lambda n: (-promise[places[n]], safe[n].profile.key)))

        now = _Round(wanted, self._later_patience if is_later else self._patience)
        order = ordered(open_ones)
        learned = 0
        if order and wanted > 0:
            await self._check(plan, now, errand)
        under_way: deque[tuple[list[int], asyncio.Task[list[Outcome]]]] = deque()
        try:
            while under_way or (order and not now.is_over):
                while order and (room := min(self._at_once, now.worth) - _companies(under_way)) > 0 and not now.is_over:
                    numbers = _next(order, safe, min(room, TOGETHER if is_later or now.is_sparse else 1))
                    asked = self._outcomes(plan, judged, [safe[number].profile for number in numbers], errand)
                    under_way.append((numbers, asyncio.create_task(asked)))
                some: list[Graded] = []
                while under_way and (
                    not some or under_way[0][1].done()
                ):  # in order, so that the end does not depend on speed
                    numbers, question = under_way.popleft()
                    outcomes = await question
                    for number, outcome in zip(numbers, outcomes, strict=True):
                        if (one := _settled(outcome, judged, safe[number], now)) is not None:
                            some.append((number, one))
                yield some
                if (answers := len(now.passed) + len(now.failed)) >= learned + LEARNING:
                    learned, order = answers, ordered(order)
        finally:
            for _, question in under_way:
                question.cancel()
            await asyncio.gather(*(question for _, question in under_way), return_exceptions=True)
        if now.end is not None:
            raise now.end
        if now.trouble:
            log.warning("model_not_used", task=errand.task_id, reason=now.trouble)
            note = BY_RULES.format(reason=now.trouble)
            yield [(n, _noted(judged.assessment(places[n]), f"{safe[n].note} {note}".strip())) for n in order]

    def _prepared(
        self, plan: Plan, reference: Sequence[CompanyProfile], profiles: Sequence[CompanyProfile]
    ) -> tuple[list[Safe], Judged]:
        safe = [without_hostile_pages(profile) for profile in profiles]
        usual = [without_hostile_pages(profile).profile for profile in reference]
        return safe, Judged(plan, usual, [one.profile for one in safe], self._idf, self._fitted)

    async def _check(self, plan: Plan, now: _Round, errand: Errand) -> None:
        """Whether the model is to be asked at all."""
        try:
            if await is_credulous(self._grader, plan, errand):
                now.trouble = CREDULOUS
        except (BudgetSpent, Stopped) as error:
            now.end = error
        except BadAnswer:
            now.failures += 1
        except Unavailable as error:
            now.trouble = str(error)

    async def _outcomes(
        self, plan: Plan, judged: Judged, profiles: Sequence[CompanyProfile], errand: Errand
    ) -> list[Outcome]:
        """What the model makes of some companies: several are sifted first, and the hopeful ones graded one by one."""
        hopeful = [True] * len(profiles)
        if self._sifter is not None and len(profiles) > 1:
            try:
                hopeful = await self._sifter.hopeful(plan, [glimpse_of(judged, one) for one in profiles], errand)
            except (BudgetSpent, Stopped) as error:
                return [error] * len(profiles)
            except Unavailable as error:  # then each is graded, as if there were no sifting
                log.warning("not_sifted", task=errand.task_id, reason=str(error))
        chosen = [one for one, is_hopeful in zip(profiles, hopeful, strict=True) if is_hopeful]
        asked = [self._asked(plan, judged, one, errand) for one in chosen]
        answers = iter(await asyncio.gather(*asked, return_exceptions=True))
        return [next(answers) if is_hopeful else None for is_hopeful in hopeful]

    async def _asked(
        self, plan: Plan, judged: Judged, profile: CompanyProfile, errand: Errand
    ) -> tuple[Grade, ...] | str:
        """The model's grades; or why there are none."""
        shown = sheet_of(judged, profile).shown
        while True:
            try:
                return await self._grader.grade(plan, Sheet(profile, shown, profile.pages), errand)
            except TooLong as error:
                if len(shown) <= FEWEST_SHOWN:
                    return str(error)
                shown = shown[: len(shown) // 2]
            except BadAnswer as error:
                return str(error)


def _companies(under_way: Iterable[tuple[list[int], object]]) -> int:
    """How many companies are under way."""
    return sum(len(numbers) for numbers, _ in under_way)


def _next(order: deque[int], safe: Sequence[Safe], most: int) -> list[int]:
    """The next companies, at most so many; one of whose pages some give orders is asked about alone."""
    numbers = [order.popleft()]
    while order and len(numbers) < most and not any(_is_marked(safe[number]) for number in (*numbers, order[0])):
        numbers.append(order.popleft())
    return numbers


def _is_marked(safe: Safe) -> bool:
    """Whether some of its pages gave orders."""
    return bool(safe.note or safe.profile.hostile_pages)


def _settled(grades: Outcome, judged: Judged, safe: Safe, now: _Round) -> Assessment | None:
    """What a question brought: the assessment, by rules where the model failed; None when nothing more could be asked."""
    place = judged.place(safe.profile)
    local = judged.assessment(place)
    if grades is None:
        now.count(place, is_qualified=False)
        undecided = _undecided(local.grades, [features is None for features in judged.features])
        return _noted(Assessment(_rank_score(undecided, local.rank_score), undecided), SIFTED)
    if isinstance(grades, BudgetSpent | Stopped):
        now.end = now.end or grades
        return None
    if isinstance(grades, Unavailable):
        grades = str(grades)
    if isinstance(grades, BaseException):
        raise grades
    if isinstance(grades, str):
        now.failures += 1
        if now.failures >= FAILURES:
            now.trouble = grades
        return _noted(local, f"{safe.note} {BY_RULES.format(reason=grades)}".strip())
    facts = [features is None for features in judged.features]  # criteria that facts alone decide
    proven = tuple(
        rule if is_fact and _is_open(one) and _is_proven(rule) else one
        for one, rule, is_fact in zip(grades, local.grades, facts, strict=True)
    )
    if safe.profile.hostile_pages:
        proven = tuple(held(grade) for grade in proven)
    now.count(place, is_qualified=qualifies([grade.score for grade in proven]))
    return _noted(Assessment(_rank_score(proven, local.rank_score), proven), safe.note)


def _is_open(given: Grade) -> bool:
    """Whether the model found nothing to decide by."""
    return not given.evidence and given.score in {None, 3}


def _is_proven(grade: Grade) -> bool:
    return grade.score is not None and grade.score >= PASSING_SCORE and bool(grade.evidence)


def _rank_score(grades: Sequence[Grade], local: float) -> float:
    """What orders companies, 0-1: the mean log-probability over criteria, as the rules' own; ties by the rules' order."""
    mean = sum(math.log(grade.probability) for grade in grades) / max(1, len(grades))
    return (1 - TIE_BREAK) / (1 + math.exp(-mean - 1)) + TIE_BREAK * local


def _undecided(grades: Sequence[Grade], are_facts: Sequence[bool]) -> tuple[Grade, ...]:
    """Grades by rules that say nothing good of a company which the model found unlikely, but for what facts prove."""
    kept = tuple(
        grade if is_fact and _is_proven(grade) else _lowered(grade)
        for grade, is_fact in zip(grades, are_facts, strict=True)
    )
    return tuple(map(_lowered, grades)) if qualifies([grade.score for grade in kept]) else kept


def _lowered(grade: Grade) -> Grade:
    if grade.score is None or grade.score < PASSING_SCORE:
        return grade
    chance = min(grade.probability, UNDECIDED)
    return replace(grade, score=PASSING_SCORE - 1, evidence=(), why="Not decided.", probability=chance)


def _noted(assessment: Assessment, note: str) -> Assessment:
    return replace(assessment, grades=tuple(with_note(grade, note) for grade in assessment.grades))


def sheet_of(judged: Judged, profile: CompanyProfile) -> Sheet:
    """What a model is shown of a company that is among those judged, to grade it: what tells most, and where quotations may
    stand.
    """
    return _sheet(judged, profile, TO_GRADE)


def glimpse_of(judged: Judged, profile: CompanyProfile) -> Sheet:
    """The same to sift it: less."""
    return _sheet(judged, profile, TO_SIFT)


def _sheet(judged: Judged, profile: CompanyProfile, view: View) -> Sheet:
    """In other languages than English rules cannot tell what tells most, so pages are shown from their beginning."""
    where = judged.place(profile)
    if is_foreign("\n".join(page.text for page in profile.pages)):
        return Sheet(profile, _shortened(judged.passages_of(where), view), profile.pages)
    telling = judged.telling(where, each=view.each, opening=view.opening)
    return Sheet(profile, _shortened(telling, view), profile.pages)


def _shortened(passages: Sequence[Passage], view: View) -> tuple[Passage, ...]:
    """At most so many passages, each cut at a word where it is long: what is left is still verbatim."""
    longest = view.longest
    return tuple(
        p if len(p.text) <= longest else replace(p, text=p.text[:longest].rpartition(" ")[0] or p.text[:longest])
        for p in passages[: view.most]
    )
