"""Reads a query or a criterion: conditions that facts can decide, what is excluded, and the words left to look for."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from longlist.model.plan import Constraint, Op, Reading
from longlist.plan.age import ages
from longlist.plan.clauses import Clauses, Found, Role
from longlist.plan.funding import fundings
from longlist.plan.leftovers import content, rest
from longlist.plan.models import industries, models
from longlist.plan.size import sizes
from longlist.plan.standing import standings
from longlist.plan.unchecked import unchecked
from longlist.plan.where import places

READ_CHARACTERS = 4000
"""How much of a text is read for conditions; what comes later is only looked for."""

_NUMERIC = frozenset({"employees", "founded", "funding_amount"})


def read(text: str, *, today: date, role: Role = "query") -> Reading:
    """Understand one text. Never raises; what is not understood stays among the words to look for.

    `today` is what ages are counted from. A query has an opening ("find me 50 …") that says nothing about companies; a
    criterion is a statement about one company.
    """
    head, tail = text[:READ_CHARACTERS], text[READ_CHARACTERS:]
    clauses = Clauses(head, today, role)
    found = _turned(clauses, _found(clauses))
    found, either, doubtful = _alternatives(clauses, found)
    positive, negative = rest(clauses, found)
    if tail:
        positive = f"{positive} {' '.join(tail.split())}".strip()
    constraints = _merged(found, either=either)
    said = content(positive, head, constraints, role)
    only = bool(constraints) and not said and not any(f.keep for f in found)
    if only or not said:
        positive = ""
    return Reading(
        text=text,
        positive=positive,
        negative=negative,
        constraints=constraints,
        either=either,
        constraint_only=only,
        not_understood=tuple(dict.fromkeys((*unchecked(clauses, found), *doubtful))),
    )


def _found(clauses: Clauses) -> list[Found]:
    readers = (places, sizes, ages, standings, fundings, models, industries)
    found = [f for reader in readers for f in reader(clauses) if not clauses.about_customers(f.start)]
    ended = [(f.start, f.end) for f in found if f.field == "status"]  # "acquired since 2020" is no year of founding
    kept = [
        f
        for f in found
        if f.end > clauses.opening and not (f.field == "founded" and any(a <= f.start < b for a, b in ended))
    ]
    return sorted(kept, key=lambda f: (f.start, f.end))


def _turned(clauses: Clauses, found: Iterable[Found]) -> list[Found]:
    """Conditions in an excluded part, turned round: "not founded before 2010" is 2010 and later."""
    turned: list[Found] = []
    for f in found:
        if not any(
            span.start <= f.start < span.end
            and (f.start >= span.inner or f.end > span.inner)
            and not _own_negation(clauses, f, span.start)
            for span in clauses.excluded
        ):
            turned.append(f)
        elif isinstance(f.value, int):
            op: Op = "max" if f.op == "min" else "min"
            bound = f.value - 1 if f.op == "min" else f.value + 1
            turned.append(replace(f, op=op, value=max(0, bound)))
        elif f.field == "listed":
            wanted = (f.value == (True,)) if f.op == "in" else (f.value != (True,))
            already = f.op == "not_in"
            turned.append(replace(f, op="in", value=((False,) if already else (not wanted,))))
        elif (
            f.field == "funding_stage"
            and f.value == ("bootstrapped",)
            and re.match(r"(?:vc|venture|outside|external)", clauses.flat[f.start : f.end])
        ):
            turned.append(f)
        else:
            turned.append(replace(f, op="not_in"))
    return [replace(f, op="in", value=(False,)) if f.field == "listed" and f.op == "not_in" else f for f in turned]


def _own_negation(clauses: Clauses, found: Found, start: int) -> bool:
    """Whether the negation belongs to the words of the condition itself ("no outside funding", "not active any more")."""
    text = clauses.flat[found.start : found.end]
    return (
        found.start <= start
        and bool(re.match(r"(?:no|not|never|without|non|un|doesn|don|haven|has|have)", text))
        and found.field in {"funding_stage", "status"}
        and found.op == "in"
    )


_OR = re.compile(
    r"^\W*(?:or|and/or|or else|or are|or is|or have|or has|or with|or that are|alternatively)\b(?! (?:so|similar|more|less|fewer|later|earlier|equivalent|related|like)\b)[^.;]*$"
)
_ONLY_OR = re.compile(
    r"^\W*(?:or|and/or)\b(?:\s+(?:is|are|has|have|with|that|which|were|was|be|in|at|been|the|a|an|it|they|companies|based|who|either|employs?|employing|already|being|still))*\s*$"
)


def _alternatives(clauses: Clauses, found: list[Found]) -> tuple[list[Found], bool, tuple[str, ...]]:
    """Whether the conditions are alternatives; conditions that are so only in part are given up, and named."""
    spans = sorted({(f.start, f.end) for f in found})
    joined: list[tuple[tuple[int, int], tuple[int, int]]] = []
    for a, b in itertools.pairwise(spans):
        gap = clauses.flat[a[1] : b[0]]
        if b[0] >= a[1] and _ONLY_OR.match(gap) and not clauses.negated(b[0]):
            joined.append((a, b))
    loose = [s for s in spans if _loose_or(clauses, s) and not clauses.noted(s[0])]
    if not joined and not loose:
        return found, False, ()
    involved = {s for pair in joined for s in pair} | set(loose)
    same = {f.field for f in found if (f.start, f.end) in involved and isinstance(f.value, tuple) and f.op == "in"}
    if joined and not loose and len(same) == 1 and all(f.field in same for f in found if (f.start, f.end) in involved):
        return _united(found, involved), False, ()
    if involved == set(spans):
        return found, True, ()
    given_up = tuple(clauses.text[a:b].strip() for a, b in sorted(involved))
    return [f for f in found if (f.start, f.end) not in involved], False, given_up


def _united(found: list[Found], involved: set[tuple[int, int]]) -> list[Found]:
    """Alternatives of one field as one condition: "acquired or closed"."""
    first = next(f for f in found if (f.start, f.end) in involved)
    values = [v for f in found if (f.start, f.end) in involved and isinstance(f.value, tuple) for v in f.value]
    united = replace(first, value=tuple(dict.fromkeys(values)))  # type: ignore[arg-type]
    rest = [replace(f, value=united.value) for f in found if (f.start, f.end) in involved and f is not first]
    return [united if f is first else f for f in found if f is first or (f.start, f.end) not in involved] + rest


_HALF_BEFORE = re.compile(
    r"\w[\w ]*,?\s+or\s+(?:(?:it|the company|they|that|which|who|was|were|is|are|has been|have been|has|have|with|otherwise|at least|else) )+$"
)
_OTHER_HALF = re.compile(
    r"\s*,?\s*or\s+(?!so\b|similar|more\b|less\b|fewer\b|later|earlier|equivalent|related|like\b|above|below)\w"
)


def _loose_or(clauses: Clauses, span: tuple[int, int]) -> bool:
    """As in "founded after 2023 or part of a batch of 2024": the other alternative is no condition we can read."""
    if clauses.role == "query" or clauses.negated(span[0]):
        return False
    behind = clauses.flat[span[1] : span[1] + 80]
    if _HALF_BEFORE.search(clauses.left(span[0], comma=False)):
        return True
    match = _OTHER_HALF.match(behind)
    return bool(match)


def _merged(found: Sequence[Found], *, either: bool) -> tuple[Constraint, ...]:
    """One constraint a field and operation; of numbers the first counts (all of them where one is enough). Wanted business
    models must all hold: one each.
    """
    firm = {f.field for f in found if not f.weak}
    numbers: dict[tuple[str, Op], Constraint] = {}
    names: dict[tuple[str, Op], Constraint] = {}
    result: list[Constraint] = []
    for f in found:
        if f.weak and f.field in firm:
            continue
        slot = (f.field, f.op)
        if isinstance(f.value, int):
            known = numbers.get(slot)
            if known is None or (either and known.value != f.value):
                numbers[slot] = Constraint(f.field, f.op, f.value)
                result.append(numbers[slot])
            continue
        known = names.get(slot)
        if known is not None and f.field == "business_model" and f.op == "in":
            known = next((c for c in result if c.field == f.field and c.op == f.op and c.value == f.value), None)
            if known is not None:
                continue
        if known is None:
            names[slot] = Constraint(f.field, f.op, f.value)
            result.append(names[slot])
            continue
        assert isinstance(known.value, tuple)
        if f.field == "funding_stage" and f.op == "in" and set(f.value) != set(known.value):
            both = tuple(v for v in known.value if v in f.value) or (*known.value, *f.value)
        else:
            both = tuple(dict.fromkeys((*known.value, *f.value)))
        if f.field == "listed" and len(set(both)) > 1:
            continue
        merged = Constraint(f.field, f.op, both)  # type: ignore[arg-type]
        result[result.index(known)] = merged
        names[slot] = merged
    return tuple(c for c in result if either or not _contradicted(c, result))


def _contradicted(constraint: Constraint, others: Sequence[Constraint]) -> bool:
    """A range whose ends cross was misread: neither end is kept."""
    if constraint.field not in _NUMERIC or not isinstance(constraint.value, int):
        return False
    for other in others:
        if other.field == constraint.field and other.op != constraint.op and isinstance(other.value, int):
            low, high = (constraint.value, other.value) if constraint.op == "min" else (other.value, constraint.value)
            if low > high:
                return True
    return False
