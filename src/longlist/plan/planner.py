"""The seam: a query becomes a plan. `rule_planner` needs no model; others may be put in its place."""

from typing import Any, Protocol

from longlist.model.criterion import Criterion
from longlist.model.plan import Constraint, Plan
from longlist.model.web import NO_ERRAND, Errand


class Planner(Protocol):
    """Understands a query."""

    async def plan(self, query: str, criteria: tuple[Criterion, ...] | None, errand: Errand = NO_ERRAND) -> Plan:
        """What to look for and how to judge it; criteria are inferred when None or empty are given."""
        ...


def as_json(plan: Plan) -> dict[str, Any]:
    """A plan as `longlist plan --json` shows it: numbers for `min` and `max`, lists for `in` and `not_in`."""
    readings = (plan.query, *plan.readings) if not plan.inferred else (plan.query,)
    return {
        "query": plan.query.text,
        "criteria": [{"key": c.key, "name": c.name, "criterion": c.text} for c in plan.criteria],
        "criteria_inferred": plan.inferred,
        "constraints": [_constraint(c) for c in plan.constraints],
        "angles": [{"text": a.text, "why": a.why} for a in plan.angles],
        "positive": plan.query.positive,
        "negative": plan.query.negative,
        "not_understood": list(dict.fromkeys(word for reading in readings for word in reading.not_understood)),
    }


def _constraint(constraint: Constraint) -> dict[str, Any]:
    value = constraint.value
    return {
        "field": constraint.field,
        "op": constraint.op,
        "value": list(value) if isinstance(value, tuple) else value,
    }
