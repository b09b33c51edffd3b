"""Plans by rules: no model, no network, a millisecond or two a query."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from longlist.model.criterion import Criterion
from longlist.model.plan import Constraint, Plan, Reading
from longlist.model.web import NO_ERRAND, Errand
from longlist.plan.angles import angles
from longlist.plan.constraints import read
from longlist.plan.criteria import TOPIC_KEYS, infer_criteria, plainer


class RulePlanner:
    """A `Planner`. `today` tells the date that ages are counted from."""

    def __init__(self, today: Callable[[], date] = date.today) -> None:
        self._today = today

    async def plan(self, query: str, criteria: tuple[Criterion, ...] | None, errand: Errand = NO_ERRAND) -> Plan:
        """See `Planner.plan`."""
        del errand  # asks nothing of the outside
        return self.understand(query, criteria)

    def understand(self, query: str, criteria: tuple[Criterion, ...] | None = None) -> Plan:
        """The plan, without waiting."""
        today = self._today()
        reading = read(query, today=today, role="query")
        inferred = not criteria
        chosen = criteria or _inferred(reading, today)
        readings = tuple(_reading(c, today) for c in chosen)
        return Plan(
            query=reading,
            criteria=chosen,
            readings=readings,
            constraints=_binding(reading, () if inferred else readings),
            angles=angles(reading, chosen, readings, inferred=inferred),
            inferred=inferred,
        )


def _inferred(reading: Reading, today: date) -> tuple[Criterion, ...]:
    """Criteria for the query that, read again, say no condition that the query does not say."""
    wanted = set(reading.constraints)

    def invents(criterion: Criterion) -> bool:
        said = (c for c in _reading(criterion, today).constraints if c.field != "industry")
        return criterion.key in TOPIC_KEYS and not wanted.issuperset(said)

    chosen = []
    for criterion in infer_criteria(reading):
        frames = (criterion, *plainer(criterion))
        chosen.append(next((c for c in frames if not invents(c)), frames[-1]))
    return tuple(chosen)


def _reading(criterion: Criterion, today: date) -> Reading:
    return replace(read(criterion.text, today=today, role="criterion"), text=criterion.text)


def _binding(query: Reading, readings: Sequence[Reading]) -> tuple[Constraint, ...]:
    """What must hold in any case. Alternatives bind only when they are about one field and say which values."""
    merged: list[Constraint] = []
    for reading in (query, *readings):
        if reading.either:
            continue
        for constraint in reading.constraints:
            if constraint not in merged and not _said(constraint, merged):
                merged.append(constraint)
    return tuple(merged)


def _said(constraint: Constraint, merged: list[Constraint]) -> bool:
    """Whether a numeric bound is already there at least as tight; a looser one in the list is replaced."""
    value = constraint.value
    if not isinstance(value, int):
        return False
    for index, known in enumerate(merged):
        if (known.field, known.op) == (constraint.field, constraint.op) and isinstance(known.value, int):
            tighter = max if constraint.op == "min" else min
            merged[index] = replace(known, value=tighter(known.value, value))
            return True
    return False
