"""Conditions for people."""

from longlist.model.plan import Constraint

NAMES = {
    "country": "in",
    "region": "in",
    "city": "in",
    "status": "status",
    "business_model": "business model",
    "funding_stage": "funding stage",
    "industry": "industry",
}
BOUNDS = {
    "employees": ("at least {:,} people", "at most {:,} people"),
    "founded": ("founded {} or later", "founded {} or earlier"),
    "funding_amount": ("at least ${:,} raised", "at most ${:,} raised"),
}


def condition(constraint: Constraint) -> str:
    """A constraint in words: "in Germany or Austria", "at most 50 people", "not listed on an exchange"."""
    field, value, wanted = constraint.field, constraint.value, constraint.op != "not_in"
    if isinstance(value, int):
        least, most = BOUNDS.get(field, (f"{field} at least {{:,}}", f"{field} at most {{:,}}"))
        return (least if constraint.op == "min" else most).format(value)
    if field == "listed":
        return "listed on an exchange" if (True in value) is wanted else "not listed on an exchange"
    names = " or ".join(str(name).replace("_", " ") for name in value)
    if wanted:
        return f"{NAMES[field]} {names}"
    return f"not in {names}" if NAMES[field] == "in" else f"{NAMES[field]} not {names}"
