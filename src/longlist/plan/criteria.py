"""Criteria from a query when none are given: two to five statements, each checkable, that do not overlap.

One says what the company does, one whom it serves when that is said, one each for what facts can decide (place, size,
age, status, listing, funding), one for the business model, one for what is excluded. Their wording is such that
reading them as criteria gives back the constraints of the query.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from longlist.language.vocabulary import FUNDING_STAGES
from longlist.model.criterion import TEXT_LENGTH, Criterion
from longlist.model.plan import Constraint, Reading

MOST_CRITERIA = 5
_ROOM = 360
"""Characters of the query's own words a criterion may take, so that the frame around them fits into 500."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A criterion before it is numbered; `of` are the constraints it says again, `weight` orders what is merged last."""

    key: str
    name: str
    text: str
    of: tuple[Constraint, ...] = ()


def infer_criteria(reading: Reading) -> tuple[Criterion, ...]:
    """Two to five criteria for a query; valid whatever the query is, even empty."""
    drafts = [*_topic(reading), *_facts(reading), *_excluded(reading)]
    while len(drafts) > MOST_CRITERIA:
        drafts = _joined(drafts)
    if len(drafts) < 2:
        drafts.append(_main(reading))
    if len(drafts) < 2:
        drafts.append(_Draft("own_offer", "Own offer", "The company has a product or service of its own."))
    return tuple(Criterion(d.key, _cut(d.name, 100), _fit(d.text)) for d in _unique(drafts))


def _main(reading: Reading) -> _Draft:
    topic = _cut(_split(_clean(reading.positive))[0].strip(" ,;:."), _ROOM)
    if not re.search(r"[^\W\d_]{2,}", topic) or reading.constraint_only:
        return _Draft("company", "A company", "This is a company, known by its own name and website.")
    return _Draft("main_business", "Main business", f"Its main product or service is: {topic}.")


_CUSTOMERS = re.compile(
    r"\s(?P<cue>for|to|used by|aimed at|targeting|serving|that (?:serve|help|target)s?|helping|which help|selling (?:\w+ ){0,2}to|sold to)\s(?P<who>[^,;.]{3,90})$",
    re.IGNORECASE,
)
_COMPANIES_THAT = re.compile(
    r"^(?:(?:all |any |the )?(?:compan(?:y|ies)|firms?|businesses|startups?|vendors?|providers?|players|organi[sz]ations?|ones?)\s+(?:that|which|who|are|is|to)\s+)(?P<does>.+)$",
    re.IGNORECASE | re.DOTALL,
)
_MAKING = re.compile(
    r"^(?:companies|firms|startups|vendors|providers|businesses)\s+(?P<does>(?:making|selling|building|offering|providing|developing|running|operating|producing|helping|doing|manufacturing|working|using|focused|specializing|specialising)\b.+)$",
    re.IGNORECASE | re.DOTALL,
)
_NOT_WHO = re.compile(
    r"^(?:be|make|sell|help|build|get|do|use|the|a|an|reduce|improve|manage|increase|save|find|create|track|automate|buy|keep|run)\b",
    re.IGNORECASE,
)


def _split(positive: str) -> tuple[str, str]:
    """What is offered, and to whom, "" when that is not said."""
    match = _CUSTOMERS.search(positive)
    if match is None or _NOT_WHO.match(match["who"]) or len(positive[: match.start()].split()) < 1:
        return positive, ""
    return positive[: match.start()], match["who"].strip()


def _topic(reading: Reading) -> list[_Draft]:
    positive = _clean(reading.positive)
    if not re.search(r"[^\W\d_]{2,}", positive) or (reading.constraint_only and reading.constraints):
        return []
    topic, who = _split(positive)
    topic = _cut(topic.strip(" ,;:."), _ROOM)
    if not re.search(r"[^\W\d_]{2,}", topic):
        return []
    does = _COMPANIES_THAT.match(topic) or _MAKING.match(topic)
    text = f"The company's business is: {does['does'].strip()}." if does else f"The company's business is: {topic}."
    drafts = [_Draft("offering", _title(does["does"] if does else topic), text)]
    if who:
        drafts.append(_Draft("customers", _title(f"For {who}"), f"Its customers are mainly {_cut(who, _ROOM)}."))
    return drafts


_PLACES = ("country", "region", "city")


def _facts(reading: Reading) -> list[_Draft]:
    if reading.either and len({c.field for c in reading.constraints}) > 1:
        return [_either(reading)]
    drafts: list[_Draft] = []
    groups: tuple[tuple[str, str, tuple[str, ...], Callable[[Sequence[Constraint]], str]], ...] = (
        ("location", "Location", _PLACES, _places),
        ("size", "Company size", ("employees",), _employees),
        ("founded", "Year of founding", ("founded",), _founded),
        ("status", "Status", ("status",), _status),
        ("listed", "Listing", ("listed",), _listed),
        ("funding", "Funding", ("funding_stage", "funding_amount"), _funding),
        ("business_model", "Business model", ("business_model",), _models),
    )
    for key, name, fields, say in groups:
        chosen = tuple(c for c in reading.constraints if c.field in fields)
        if chosen:
            drafts.append(_Draft(key, name, say(chosen), chosen))
    return drafts


def _either(reading: Reading) -> _Draft:
    parts = [
        _facts(Reading(reading.text, "", constraints=(c,)))[0].text.removeprefix("The company ").rstrip(".")
        for c in reading.constraints
        if c.field != "industry"
    ]
    return _Draft("either", "One of these", f"The company {' or '.join(parts)}.", reading.constraints)


def _names(constraint: Constraint) -> list[str]:
    return [str(v) for v in constraint.value] if isinstance(constraint.value, tuple) else []


def _or(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _places(constraints: Sequence[Constraint]) -> str:
    parts = []
    for c in constraints:
        where = _or([_the(name, c.field) for name in _names(c)])
        parts.append(f"is headquartered in {where}" if c.op == "in" else f"is not headquartered in {where}")
    return f"The company {' and '.join(parts)}."


def _the(name: str, field: str) -> str:
    if re.match(
        r"(?:United|Netherlands|Philippines|Bahamas|Maldives|Nordics|Baltics|Balkans|Caribbean|Middle East|European|Gambia|Democratic|Republic|Cayman|Americas|CIS|GCC|Levant|Midwest|Pacific|San Francisco Bay|U\.S\.|US |West Coast|East Coast|Mid-)",
        name,
    ):
        return f"the {name}"
    spelled = {"Georgia": "the state of Georgia" if field == "region" else "the country of Georgia"}
    return spelled.get(name, name)


def _number(constraints: Sequence[Constraint], field: str) -> tuple[int | None, int | None]:
    low = next(
        (int(c.value) for c in constraints if c.field == field and c.op == "min" and isinstance(c.value, int)), None
    )
    high = next(
        (int(c.value) for c in constraints if c.field == field and c.op == "max" and isinstance(c.value, int)), None
    )
    return low, high


def _employees(constraints: Sequence[Constraint]) -> str:
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


def _founded(constraints: Sequence[Constraint]) -> str:
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


_STATUS = {"active": "active", "acquired": "acquired", "closed": "closed"}


def _status(constraints: Sequence[Constraint]) -> str:
    parts = []
    for c in constraints:
        names = _names(c)
        said = {"active": "is still active", "acquired": "was acquired", "closed": "is closed down"}
        unsaid = {"active": "is not active any more", "acquired": "was not acquired", "closed": "is not closed down"}
        if c.op == "in":
            parts.append(" or ".join(said[n] for n in names if n in said))
        else:
            parts.extend(unsaid[n] for n in names if n in unsaid)
    return f"The company {' and '.join(p for p in parts if p)}."


def _listed(constraints: Sequence[Constraint]) -> str:
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


def _funding(constraints: Sequence[Constraint]) -> str:
    parts = []
    for c in constraints:
        if c.field == "funding_stage":
            said = _stages(_names(c))
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


def _models(constraints: Sequence[Constraint]) -> str:
    parts = []
    for c in constraints:
        said = [_MODEL.get(n, n) for n in _names(c)]
        parts.append(f"is {' and '.join(said)}" if c.op == "in" else f"is not {_or(said)}")
    return f"The company {' and '.join(parts)}."


def _excluded(reading: Reading) -> list[_Draft]:
    negative = _cut(_clean(reading.negative), _ROOM)
    if not re.search(r"[^\W\d_]{3,}", negative) or all(
        w in {"companies", "company", "firms", "ones", "based", "startups", "those", "businesses"}
        for w in negative.lower().split()
    ):
        return []
    said = {m for c in reading.constraints if c.op == "not_in" for m in _names(c)}
    bare = re.sub(r"[\s-]+", "_", negative.lower().rstrip("s"))
    if bare in said or negative.lower() in {n.replace("_", " ") for n in said}:
        return []
    if len(negative.split()) <= 2 and any(
        c.field == "business_model" and c.op == "not_in" for c in reading.constraints
    ):
        return []
    return [_Draft("excluded", _title(f"Not {negative}"), f"The company is not this: {negative}.")]


_ORDER = ("listed", "status", "funding", "founded", "size", "business_model", "customers")


def _joined(drafts: list[_Draft]) -> list[_Draft]:
    """One fewer: the two least telling facts become one statement, both of which must hold."""
    facts = [d for d in drafts if d.of]
    if len(facts) < 2:
        return drafts[:MOST_CRITERIA]
    ranked = sorted(facts, key=lambda d: _ORDER.index(d.key) if d.key in _ORDER else len(_ORDER))
    a, b = (d for d in drafts if d in ranked[:2])
    text = f"{a.text} {b.text}"
    joined = _Draft(a.key, f"{a.name}, {b.name[:1].lower()}{b.name[1:]}", text, (*a.of, *b.of))
    return [joined if d is a else d for d in drafts if d is not b]


def _unique(drafts: Sequence[_Draft]) -> list[_Draft]:
    seen: dict[str, int] = {}
    result = []
    for draft in drafts:
        seen[draft.key] = seen.get(draft.key, 0) + 1
        number = seen[draft.key]
        result.append(draft if number == 1 else _Draft(f"{draft.key}_{number}", draft.name, draft.text, draft.of))
    return result


def _clean(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.encode("utf-8", "ignore").decode().split())


def _cut(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    cut = text[: most - 1].rsplit(" ", 1)[0]
    return f"{(cut if len(cut) > most // 2 else text[: most - 1]).rstrip(' ,;:')}…"


def _title(text: str) -> str:
    short = _cut(" ".join(text.split()), 60).strip(" ,;:.")
    return short[:1].upper() + short[1:] if short else "What it does"


def _fit(text: str) -> str:
    text = _cut(text, TEXT_LENGTH[1])
    return text if len(text) >= TEXT_LENGTH[0] else f"{text} (as stated)"
