"""Conditions for people."""

from longlist.model.plan import Constraint

FIELD_NAMES = {
    "country": "country",
    "region": "region",
    "city": "city or state",
    "employees": "people",
    "founded": "founded",
    "status": "status",
    "business_model": "business model",
    "listed": "listed on an exchange",
    "funding_stage": "funding stage",
    "funding_amount": "funding in US dollars",
    "industry": "industry",
}
OPS = {"in": "", "not_in": "not ", "min": "at least ", "max": "at most "}


def condition(constraint: Constraint) -> str:
    """A constraint in words: "country Germany or Austria", "people at most 50"."""
    value = constraint.value
    if isinstance(value, tuple):
        shown = " or ".join({True: "yes", False: "no"}.get(v, str(v)) if isinstance(v, bool) else str(v) for v in value)
    else:
        shown = str(value) if constraint.field == "founded" else f"{value:,}"
    return f"{FIELD_NAMES[constraint.field]} {OPS[constraint.op]}{shown}"
