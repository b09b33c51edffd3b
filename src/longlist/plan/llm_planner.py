"""Plans with a language model on top of the rules: what to judge by, and what to search for, in two languages.

The model says the request in English and in other words; conditions (place, size, age, …) are read off its English by the
same rules as ever, so that a model never invents one that cannot be checked. Without an answer the rules' plan stands.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

import structlog
from pydantic import BaseModel

from longlist.errors import BudgetSpent, Unavailable
from longlist.language.words import terms
from longlist.llm.llm import LLM, Prompt
from longlist.llm.untrusted import one_line
from longlist.model.criterion import KEY_PATTERN, NAME_LENGTH, TEXT_LENGTH, Criterion
from longlist.model.plan import Angle, Plan, Reading
from longlist.model.web import NO_ERRAND, Errand
from longlist.plan.rule_planner import RulePlanner

FEWEST, MOST = 2, 5  # criteria
MOST_ANGLES, LONGEST_ANGLE = 16, 120
SAME = 0.8  # share of words from which two criteria are taken to ask the same
_ADDRESS = re.compile(r"\b(?:-?site:\S+|https?://\S+|www\.\S+)", re.IGNORECASE)

INSTRUCTIONS = """\
You plan a search for companies. From the request, work out
- language: the ISO 639-1 code of the language it is written in
- english: the request in English, complete: every condition on place, size, age, funding, status, and everything it \
excludes ("not marketplaces"); the request itself when it is in English already
- criteria: 2 to 5 statements to judge one company by. Each is about one thing, can be checked on a company's web pages, \
and overlaps with no other; together they say all that is asked. Conditions such as a place or a size are criteria too. \
key: snake_case; name: a few words; criterion: one sentence of 10 to 300 characters in the language of the request that \
says what must hold, and what does not count; english: the same sentence in English
- queries: 8 searches in English that find such companies, each in other words: what they call themselves, what they \
sell, whom they serve, kinds and niches, "list of …", "best …", "alternatives to …" with a well-known company of the kind
- local_queries: 6 such searches in the language of the request, or of the place it asks for; none when that is English
Write no web addresses. When criteria are given, return exactly these, with the same keys and texts, and their English."""

QUESTION = "Request: {request}\n{given}"
GIVEN = "Given criteria:\n{criteria}\n"


class PlannedCriterion(BaseModel):
    """A criterion, as the model words it."""

    key: str
    name: str
    criterion: str
    english: str


class Planned(BaseModel):
    """What the model makes of a request."""

    language: str
    english: str
    criteria: list[PlannedCriterion]
    queries: list[str]
    local_queries: list[str]


class LLMPlanner:
    """A `Planner` over the rules' one."""

    def __init__(self, llm: LLM, rules: RulePlanner) -> None:
        self._llm = llm
        self._rules = rules

    async def plan(self, query: str, criteria: tuple[Criterion, ...] | None, errand: Errand = NO_ERRAND) -> Plan:
        """See `Planner.plan`; the rules' plan when the model does not answer or may not be paid."""
        given = "\n".join(f"- {c.key}: {c.name}: {c.text}" for c in criteria or ())
        text = QUESTION.format(request=one_line(query), given=GIVEN.format(criteria=given) if given else "")
        try:
            planned = await self._llm.ask(Prompt(INSTRUCTIONS, text), Planned, errand)
        except (Unavailable, BudgetSpent) as error:
            structlog.get_logger().warning("planned_by_rules", task=errand.task_id, reason=str(error))
            return self._rules.understand(query, criteria)
        return self._merged(query, criteria, planned)

    def _merged(self, query: str, criteria: tuple[Criterion, ...] | None, planned: Planned) -> Plan:
        is_english = planned.language.strip().lower().startswith("en")
        english = query if is_english or not planned.english.strip() else planned.english.strip()
        own = criteria or _usable(planned.criteria)
        if own is None:
            return _with_angles(self._rules.understand(query, criteria), planned, english)
        said = {one.key: one.english.strip() for one in planned.criteria}
        read = tuple(c if is_english or not said.get(c.key) else replace(c, text=said[c.key]) for c in own)
        plan = self._rules.understand(english, read)
        plan = replace(
            plan,
            query=_in_both(plan.query, query, english),
            criteria=own,
            readings=tuple(_in_both(r, c.text, r.text) for r, c in zip(plan.readings, own, strict=True)),
            inferred=not criteria,
        )
        return _with_angles(plan, planned, english)


def _usable(planned: Sequence[PlannedCriterion]) -> tuple[Criterion, ...] | None:
    """The model's criteria that hold by the contract, no two about the same; None when fewer than two are left."""
    kept: list[Criterion] = []
    words: list[set[str]] = []
    for one in planned:
        key = re.sub(r"\W+", "_", one.key.strip().lower())[:100].strip("_")
        name = " ".join(one.name.split())[: NAME_LENGTH[1]]
        text = " ".join(one.criterion.split())
        own = set(terms(one.english or text))
        if not KEY_PATTERN.fullmatch(key) or not name or not TEXT_LENGTH[0] <= len(text) <= TEXT_LENGTH[1]:
            continue
        if any(key == other.key for other in kept) or any(_likeness(own, other) >= SAME for other in words):
            continue
        kept.append(Criterion(key, name, text))
        words.append(own)
    return tuple(kept[:MOST]) if len(kept) >= FEWEST else None


def _likeness(one: set[str], other: set[str]) -> float:
    """The share of words two texts have in common (Jaccard)."""
    return len(one & other) / len(one | other) if one | other else 1.0


def _in_both(reading: Reading, said: str, english: str) -> Reading:
    """What was read in English, with the words of the request as they were said: pages may be in either language."""
    if said == english:
        return reading
    return replace(reading, text=said, positive=f"{reading.positive} {said}".strip())


def _with_angles(plan: Plan, planned: Planned, english: str) -> Plan:
    """The plan with what the model would search for: its searches by turns with the local ones, then the rules' own."""
    found = [Angle(english, "the request itself")] if english != plan.query.text else []
    for one, local in zip_longest(planned.queries, planned.local_queries):
        found += [Angle(_search(one), "what such companies may call themselves")] if one else []
        found += [Angle(_search(local), "the same in the language of the request")] if local else []
    kept: dict[str, Angle] = {}
    for angle in (*plan.angles[:1], *found, *plan.angles[1:]):
        if angle.text:
            kept.setdefault(angle.text.lower(), angle)
    return replace(plan, angles=tuple(kept.values())[:MOST_ANGLES])


def _search(text: str) -> str:
    """A search as an engine takes it, without any address: those never come from a model."""
    return " ".join(_ADDRESS.sub(" ", text).split())[:LONGEST_ANGLE].strip()
