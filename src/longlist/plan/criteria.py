"""Criteria from a query when none are given: two to five statements, each checkable, that do not overlap.

One says what the company does, one whom it serves when that is said, one each for what facts can decide (place, size,
age, status, listing, funding), one for the business model, one for what is excluded. Their wording is such that
reading them as criteria gives back the constraints of the query.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from longlist.language.vocabulary import MODEL_WORDS
from longlist.model.criterion import TEXT_LENGTH, Criterion
from longlist.model.plan import Constraint, Reading
from longlist.plan import statements
from longlist.plan.topics import Topic, topic

MOST_CRITERIA = 5
ENOUGH = 3
"""With more criteria than this one may fail, and it might be the subject: facts are joined into one criterion then."""
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
    about = _about(reading)
    drafts = [*_topic(about), *_facts(reading), *_excluded(reading)]
    if len(drafts) > ENOUGH and drafts[1].key == "field":
        drafts[:2] = [_with(drafts[0], drafts[1])]
    while len(drafts) > ENOUGH and len(_joinable(drafts)) > 1:
        drafts = _joined(drafts)
    if len(drafts) > ENOUGH and drafts[-1].key == "excluded":
        drafts = [_with(drafts[0], drafts[-1]), *drafts[1:-1]]
    drafts = drafts[:MOST_CRITERIA]
    if len(drafts) < ENOUGH and about.kind in _KINDS and not any(d.key == "business_model" for d in drafts):
        drafts.insert(1, _KINDS[about.kind])
    if len(drafts) < 2:
        drafts.append(_main(about))
    if len(drafts) < 2:
        drafts.append(_Draft("own_offer", "Own offer", "The company has a product or service of its own."))
    return tuple(Criterion(d.key, _cut(d.name, 100), _fit(d.text)) for d in _unique(drafts))


TOPIC_KEYS = frozenset({"offering", "field", "customers", "main_business"})
"""Criteria in the query's own words: no facts can decide them."""
_FRAME = re.compile(
    r"^(?:Its (?:field|business) is (?:to )?|It is one of these: |The product is about |Its products are of this kind: )"
)


def plainer(criterion: Criterion) -> tuple[Criterion, ...]:
    """The same criterion in plainer frames, for words that a frame gives another sense ("is listed building work")."""
    bare = _FRAME.sub("", criterion.text).strip(" .")
    own = Criterion(criterion.key, criterion.name, "The company has a product or service of its own.")
    return (Criterion(criterion.key, criterion.name, _fit(f"What it does: {bare}.")), own)


_KINDS = {
    "software": _Draft("kind", "Software product", "The product is software: a platform, app, tool or API."),
}


def _with(first: _Draft, second: _Draft) -> _Draft:
    return _Draft(first.key, first.name, f"{first.text} {second.text}", (*first.of, *second.of))


def _about(reading: Reading) -> Topic:
    positive = _clean(reading.positive)
    if not re.search(r"[^\W\d_]{2,}", positive) or (reading.constraint_only and reading.constraints):
        return Topic()
    models = {
        m for c in reading.constraints if c.field == "business_model" and c.op == "in" for m in statements.names(c)
    }
    return topic(_cut(positive, 2 * _ROOM), models)


def _main(about: Topic) -> _Draft:
    said = _cut(about.subject or about.does or about.purpose, _ROOM)
    if not said:
        return _Draft("company", "A company", "This is a company, known by its own name and website.")
    to = "" if about.subject or re.match(r"\w+ing\b|its\b|\w+[^s]s\b", said) else "to "
    return _Draft("main_business", "Main business", f"This is its main line of business: {to}{said}.")


def _topic(about: Topic) -> list[_Draft]:
    """What the company does, in which field or of which kind it is, and whom it serves."""
    drafts = []
    subject, does = _cut(about.subject, _ROOM // 2), _cut(about.does or about.purpose, _ROOM)
    if does:
        drafts.append(_Draft("offering", _name(does), _doing(about, does)))
    if subject:
        key = "field" if does else "offering"
        drafts.append(_Draft(key, _name(subject), _offering(about, subject)))
    if about.customers:
        who = _cut(about.customers, _ROOM)
        drafts.append(_Draft("customers", _name(f"For {who}"), f"Its customers are mainly {who}."))
    return drafts


def _doing(about: Topic, does: str) -> str:
    if not about.does:
        return f"The product is used to {does}."
    if does.startswith("its "):
        return f"{does[:1].upper()}{does[1:]}."
    if re.match(r"\w+ing\b", does):
        return f"Its business is {does}."
    return f"It {does}." if re.match(r"\w+(?:[^s]s|ed)\b", does) else f"Its business is to {does}."


def _offering(about: Topic, subject: str) -> str:
    if about.kind == "software":
        return f"The product is about {subject}."
    if about.kind == "maker":
        return f"Its products are of this kind: {subject}."
    return f"Its field is {subject}." if about.field else f"It is one of these: {subject}."


_PLACES = ("country", "region", "city")


def _facts(reading: Reading) -> list[_Draft]:
    if reading.either and len({c.field for c in reading.constraints}) > 1:
        return [_either(reading)]
    drafts: list[_Draft] = []
    groups: tuple[tuple[str, str, tuple[str, ...], Callable[[Sequence[Constraint]], str]], ...] = (
        ("location", "Location", _PLACES, statements.places),
        ("size", "Company size", ("employees",), statements.employees),
        ("founded", "Year of founding", ("founded",), statements.founded),
        ("status", "Status", ("status",), statements.status),
        ("listed", "Listing", ("listed",), statements.listed),
        ("funding", "Funding", ("funding_stage", "funding_amount"), statements.funding),
        ("business_model", "Business model", ("business_model",), statements.models),
    )
    for key, name, fields, say in groups:
        chosen = tuple(c for c in reading.constraints if c.field in fields and not _said_as_excluded(c, reading))
        if chosen:
            drafts.append(_Draft(key, name, say(chosen), chosen))
    return drafts


def _said_as_excluded(constraint: Constraint, reading: Reading) -> bool:
    """Whether a model is refused in the words of the excluded part, which is a criterion of its own."""
    if constraint.field != "business_model" or constraint.op != "not_in" or not _excluded(reading):
        return False
    patterns = [pattern for model, pattern in MODEL_WORDS if model in statements.names(constraint)]
    return all(re.search(rf"(?<![\w-])(?:{p})(?![\w])", reading.negative, re.IGNORECASE) for p in patterns)


def _either(reading: Reading) -> _Draft:
    parts = [
        _facts(Reading(reading.text, "", constraints=(c,)))[0].text.removeprefix("The company ").rstrip(".")
        for c in reading.constraints
        if c.field != "industry"
    ]
    return _Draft("either", "One of these", f"The company {' or '.join(parts)}.", reading.constraints)


def _excluded(reading: Reading) -> list[_Draft]:
    negative = _cut(_clean(reading.negative), _ROOM)
    if not re.search(r"[^\W\d_]{3,}", negative) or all(
        w in {"companies", "company", "firms", "ones", "based", "startups", "those", "businesses"}
        for w in negative.lower().split()
    ):
        return []
    said = {m for c in reading.constraints if c.op == "not_in" for m in statements.names(c)}
    bare = re.sub(r"[\s-]+", "_", negative.lower().rstrip("s"))
    if bare in said or negative.lower() in {n.replace("_", " ") for n in said}:
        return []
    if len(negative.split()) <= 2 and any(
        c.field == "business_model" and c.op == "not_in" for c in reading.constraints
    ):
        return []
    return [_Draft("excluded", _name(f"Not {negative}"), f"The company is not this: {negative}.")]


_ORDER = ("listed", "status", "funding", "founded", "size", "business_model", "customers")


def _joinable(drafts: list[_Draft]) -> list[_Draft]:
    """The drafts that facts decide and that stay clear beside others; a business model is judged by words."""
    return [
        d
        for d in drafts
        if d.of and d.key not in {"business_model", "either"} and not (d.key == "funding" and " or " in d.text)
    ]


def _joined(drafts: list[_Draft]) -> list[_Draft]:
    """One fewer: the two least telling facts become one statement, both of which must hold."""
    ranked = sorted(_joinable(drafts), key=lambda d: _ORDER.index(d.key) if d.key in _ORDER else len(_ORDER))
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


def _name(text: str) -> str:
    """The first words, up to four, without a joining word at the end."""
    short = re.sub(
        r"(?:\s+(?:and|or|of|for|in|the|to|with|a|an|their|its|&)|[,;:.(])+$",
        "",
        " ".join(re.split(r"[:;(]", text)[0].split()[:4]),
    )
    return _title(short)


def _title(text: str) -> str:
    short = _cut(" ".join(text.split()), 60).strip(" ,;:.")
    return short[:1].upper() + short[1:] if short else "What it does"


def _fit(text: str) -> str:
    text = _cut(text, TEXT_LENGTH[1])
    return text if len(text) >= TEXT_LENGTH[0] else f"{text} (as stated)"
