"""Constraints as sentences about one company; read as criteria they give the same constraints back."""

import re
from collections.abc import Sequence

from longlist.language.vocabulary import FUNDING_STAGES
from longlist.model.plan import Constraint


def names(constraint: Constraint) -> list[str]:
    """The names a constraint lists; none for a bound."""
    return [str(v) for v in constraint.value] if isinstance(constraint.value, tuple) else []


def _or(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def places(constraints: Sequence[Constraint]) -> str:
    """Where the headquarters are, or are not."""
    parts = []
    for c in constraints:
        where = _or([_the(name, c.field) for name in names(c)])
        parts.append(f"is headquartered in {where}" if c.op == "in" else f"is not headquartered in {where}")
    return f"The company {' and '.join(parts)}."


def _the(name: str, field: str) -> str:
    if re.match(
        r"(?:United|Netherlands|Philippines|Bahamas|Maldives|Nordics|Baltics|Balkans|Caribbean|Middle East|European|Gambia|Democratic|Republic|Cayman|Americas|CIS|GCC|Levant|Midwest|Pacific|San Francisco Bay|U\.S\.|US |West Coast|East Coast|Mid-)",
        name,
    ):
        return f"the {name}"
    spelled = {
        ("Georgia", "region"): "the state of Georgia",
        ("Georgia", "country"): "the country of Georgia",
        ("Delhi", "region"): "Delhi NCR",
    }
    return spelled.get((name, field), name)


def _number(constraints: Sequence[Constraint], field: str) -> tuple[int | None, int | None]:
    low = next(
        (int(c.value) for c in constraints if c.field == field and c.op == "min" and isinstance(c.value, int)), None
    )
    high = next(
        (int(c.value) for c in constraints if c.field == field and c.op == "max" and isinstance(c.value, int)), None
    )
    return low, high


def employees(constraints: Sequence[Constraint]) -> str:
    """The head-count."""
    low, high = _number(constraints, "employees")
    if low is not None and high is not None:
        return (
            f"The company has between {low} and {high} employees."
            if low < high
            else f"The company has exactly {low} employees."
        )
    return (
        f"The company has at least {low} employees." if high is None else f"The company has at most {high} employees."
    )


def founded(constraints: Sequence[Constraint]) -> str:
    """The year of founding."""
    low, high = _number(constraints, "founded")
    if low is not None and high is not None:
        return (
            f"The company was founded in {low}."
            if low == high
            else f"The company was founded between {low} and {high}."
        )
    return (
        f"The company was founded in {low} or later."
        if high is None
        else f"The company was founded in {high} or earlier."
    )


def status(constraints: Sequence[Constraint]) -> str:
    """Active, acquired or closed."""
    parts = []
    for c in constraints:
        stated = names(c)
        said = {"active": "is still active", "acquired": "was acquired", "closed": "is closed down"}
        unsaid = {"active": "is not active any more", "acquired": "was not acquired", "closed": "is not closed down"}
        if c.op == "in":
            parts.append(" or ".join(said[n] for n in stated if n in said))
        else:
            parts.extend(unsaid[n] for n in stated if n in unsaid)
    return f"The company {' and '.join(p for p in parts if p)}."


def listed(constraints: Sequence[Constraint]) -> str:
    """Traded on an exchange, or not."""
    return "The company is publicly traded." if constraints[0].value == (True,) else "The company is privately held."


_STAGE = {
    "bootstrapped": "bootstrapped",
    "pre_seed": "pre-seed",
    "seed": "seed-stage",
    "growth": "growth-stage",
    "late_stage": "late-stage",
    "ipo": "post-IPO",
}


def _stages(names: list[str]) -> str:
    said = [_STAGE.get(n, n.replace("_", " ").title()) for n in names]
    if len(names) > 2 and tuple(names) == FUNDING_STAGES[-len(names) :]:
        return f"{said[0]} or later"
    if len(names) > 2 and tuple(names) == FUNDING_STAGES[1 : len(names) + 1] and names[-1].startswith("series"):
        return f"{said[-1]} or earlier"
    return _or(said)


def funding(constraints: Sequence[Constraint]) -> str:
    """The stage of funding and the amount raised."""
    parts = []
    for c in constraints:
        if c.field == "funding_stage":
            said = _stages(names(c))
            verb = "is" if c.op == "in" else "is not"
            parts.append(f"{verb} at this stage of funding: {said}")
    low, high = _number(constraints, "funding_amount")
    if low is not None and high is not None:
        parts.append(f"raised between ${low:,} and ${high:,}")
    elif low is not None:
        parts.append(f"raised at least ${low:,}")
    elif high is not None:
        parts.append(f"raised at most ${high:,}")
    return f"The company {' and '.join(parts)}."


_MODEL = {
    "saas": "a SaaS company",
    "software": "a software company",
    "marketplace": "a marketplace",
    "open_source": "open source",
    "hardware": "a hardware company",
    "services": "a professional services firm",
    "agency": "an agency",
    "consultancy": "a consultancy",
    "b2b": "B2B",
    "b2c": "B2C",
    "d2c": "direct-to-consumer",
    "ecommerce": "an online retailer",
    "subscription": "subscription-based",
    "freemium": "freemium",
    "nonprofit": "a nonprofit",
    "franchise": "a franchise system",
}


def models(constraints: Sequence[Constraint]) -> str:
    """The business models."""
    parts = []
    for c in constraints:
        said = [_MODEL.get(n, n) for n in names(c)]
        parts.append(f"is {' and '.join(said)}" if c.op == "in" else f"is not {_or(said)}")
    return f"The company {' and '.join(parts)}."
