"""Conditions on the year of founding: "founded after 2015", "in the 1990s", "older than 50 years", "recently founded".

An age of N years stands for the founding year `today.year - N`, for "older than" and "younger than" alike: a year of
founding cannot tell months.
"""

import re
from collections.abc import Iterator

from longlist.model.plan import Op
from longlist.plan.clauses import Clauses, Found
from longlist.plan.lifetimes import AGE_WORDS, Dated, lifetimes, span_years
from longlist.plan.nouns import COMPANY

_YEAR = r"(?:1[5-9]\d\d|20[0-4]\d)(?!\d|'?s\b|[,.]\d|\s?(?:employees|people|staff|users|customers|stores|%|k\b|mah|kg))"
_VERB = (
    r"(?:co-?founded|founded|foundd|fouded|foundet|started(?: up| out)?|established|launched|created|incorporated|formed|set up|born|began|begun|registered|est\.?|estd\.?|inception|opened(?: (?:its|their) doors)?|came into being"
    r"|foundation(?: year| date)?|founding(?: year| date)?|year (?:of foundation|founded|of founding|established)|founding year|founded (?:year|in year)|start(?:ed)? operat(?:ing|ions)|came to market|started business|origins?|dating back|dates? back|date(?:s|d)? from)"
)
_ADVERBS = r"(?:\s+(?:only|first|originally|sometime|some time|anytime|back|around|in|on|during|at|to|the year|year|any time|roughly|circa|about|between|is|was|were|date|:|=|approximately|approx\.?|ca\.?|either|or launched|or established|or started|or incorporated|and launched|(?:in|by) [a-z]+(?: [a-z]+)?(?=,? in)))*\s*[:=,]?\s*"
_MONTH = r"(?:(?:early|late|mid|the (?:beginning|end|start|turn) of|january|february|march|april|may|june|july|august|september|october|november|december|jan\.?|feb\.?|mar\.?|apr\.?|jun\.?|jul\.?|aug\.?|sept?\.?|oct\.?|nov\.?|dec\.?|q[1-4])[ -]?(?:of )?|the year |year )?"
_HEAD = rf"(?P<verb>(?<![\w-]){_VERB}(?![\w])|(?:^|[\s,;(]){COMPANY}(?=\s))"
_LATER = r"(?P<later>\s?(?:(?:or|and|&) (?:later|newer|after|onwards?|younger|more recent(?:ly)?|since|above|up)|onwards?|on\b(?! the)|forward|\+|to (?:today|now|present|date|the present)|\s?-\s?(?:now|present|today)))"
_EARLIER = r"(?P<earlier>\s?(?:(?:or|and) (?:earlier|before|older|prior)|at the latest|and previous|latest\b))"
_RANGE = rf"(?:between |from |in |of )?{_MONTH}(?P<low>{_YEAR})\s*(?:-|–|—|\bto\b|\band\b|\bthrough\b|\buntil\b|\btill\b)\s*{_MONTH}(?P<high>(?:{_YEAR}|\d\d(?!\d)))"
_AFTER = r"(?:after|later than|post|since|from|as of|starting(?: in| from)?|beginning(?: in)?|no earlier than|not earlier than|not before|in or after|on or after|more recent(?:ly)? than|newer than|younger than|>=?|≥)"
_BEFORE = r"(?:before|prior to|pre|earlier than|until|till|by|up to|no later than|not later than|not after|in or before|on or before|older than|<=?|≤|at the latest(?: in| by)?|latest)"
_STRICT_AFTER = re.compile(r"after|later than|post|newer|younger|more recent|>$")
_LOOSE_AFTER = re.compile(r"or after|no |not ")
_STRICT_BEFORE = re.compile(r"before|prior|pre|earlier than|older|<$|until|till")
_LOOSE_BEFORE = re.compile(r"or before|no |not ")
_NOT_YEARS = r"(?! (?:census|data|edition|model|standard|cars?|vehicles?|olympics|election|emissions|targets?|goals?))"
_OLDER_SINCE = re.compile(
    r"\b(?:in business|in operation|operating|operational|trading|around|active|existing|in existence|running|serving|going|family[- ](?:owned|run)|been making|making|independent|in the business)\b[^.;]{0,30}$"
)

_DATED = re.compile(
    rf"{_HEAD}{_ADVERBS}(?:{_RANGE}|(?:(?P<not>not )?(?:(?P<after>{_AFTER})|(?P<before>{_BEFORE}))[\s-]*(?:(?:in|the) )?)?{_MONTH}(?P<year>{_YEAR})(?:{_LATER}|{_EARLIER})?){_NOT_YEARS}"
)
_SINCE = re.compile(rf"(?P<since>(?<![\w-])since)\s+(?:at least |about |around |before )?{_MONTH}(?P<year>{_YEAR})")
_SINCE_OF = re.compile(
    rf"(?:^|[,;(]\s*|\b(?:{_VERB}|{COMPANY}|only|and|but|active|operating|trading|in business|business|around|operation|existence|running|operational|family[- ](?:owned|run)|[a-z]+ing)\s+(?:\w+ )?)$"
)
_LONE = re.compile(rf"(?:^|[,;(:]\s*|\s+)(?:from )?(?P<year>{_YEAR})(?:{_LATER}|{_EARLIER})(?=\s*(?:$|[,;.):]))")
_BATCH = re.compile(
    rf"(?<![\w-])(?:(?:its|the|their|an?) )?(?:accelerator |yc |y combinator )?batch(?:es)?(?:\s+(?:is|are|of|from|in|was|must be|should be|:))*\s*(?:(?:winter|spring|summer|fall|autumn)\s+)?(?P<year>{_YEAR})(?:{_LATER}|{_EARLIER})"
)
"""An accelerator's batch and its year: the year a company began, as far as a record tells."""
_PREFIX = re.compile(rf"(?<![\w-])(?P<side>pre|post)-(?P<year>{_YEAR})(?=\s+(?:[\w-]+\s+){{0,3}}?{COMPANY})")
_BARE_SIDE = re.compile(rf"(?<![\w-])from (?P<side>before|after) (?P<year>{_YEAR})")
_FOUNDED_ADJECTIVE = re.compile(rf"(?<!\d)(?P<year>{_YEAR})-(?:founded|born|established|vintage)")
_DECADE = re.compile(
    rf"(?P<verb>(?<![\w-]){_VERB}(?![\w])|{COMPANY}(?= (?:from|of|born|since|before|after) the)){_ADVERBS}(?:(?P<after>after|since|from|post)|(?P<before>before|prior to|pre|until|by))?\s*(?:of\s+)?(?:the\s+)?(?P<part>early|late|mid)?[\s-]?(?P<decade>(?:1[5-9]|20)\d0|'?[2-9]0)'?s\b(?:\s*(?:-|to|and|or|through)\s*(?:the )?(?:early |late |mid-?)?(?P<decade2>(?:1[5-9]|20)\d0|'?[2-9]0)'?s\b)?(?P<earlier> or (?:earlier|before))?(?P<later> or (?:later|after))?"
)
_CENTURY = re.compile(
    rf"(?P<verb>(?<![\w-]){_VERB}(?![\w])|{COMPANY}(?= (?:from|of|born|before) the)){_ADVERBS}(?:(?P<before>before|prior to)|(?P<since>since|after))?\s*(?:of\s+)?(?:the\s+)?(?P<part>early |late |mid-?)?(?P<number>1[6-9]|2[01]|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|twenty-first|this|the last|last)(?:th|st)?[ -]century(?P<earlier> or (?:earlier|before))?"
)
_CENTURIES = {"sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "twenty-first": 21, "this": 21, "last": 20, "the last": 20}  # fmt: skip
_UNITS = r"(?P<unit>years?|yrs?|decades?|centur(?:y|ies)|months?)"
_RECENT = re.compile(
    rf"(?P<verb>(?<![\w-]){_VERB}|{COMPANY})\s+(?:only |sometime |not )?(?:in|within|during|over|inside)?\s*(?:the\s+|these\s+)?(?:last|past|previous|most recent|recent)\s+(?P<n>\d{{1,3}}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|couple of|few|several)?\s*(?:or so )?{_UNITS}"
)
_AGO = re.compile(
    rf"{_VERB}\s+(?P<bound>less than|fewer than|under|within|at most|no more than|not more than|up to|more than|over|at least|longer than|about|around|roughly)?\s*(?P<n>\d{{1,3}}|a|one|two|three|four|five|six|seven|eight|nine|ten|twenty|fifty)\s+{_UNITS}\s+ago"
)
_OLDER_THAN = re.compile(r"(?<![a-z])(?P<side>older|younger) than (?:a|one) (?P<unit>decade|century)")
_THIS_YEAR = re.compile(
    rf"{_VERB}\s+(?:in\s+|within\s+|during\s+)?(?P<when>this year|last year|this decade|this century|this millennium|after the turn of the (?:century|millennium)|since the turn of the (?:century|millennium))"
)


def ages(clauses: Clauses) -> Iterator[Found]:
    """Every condition on the company's year of founding."""
    taken: list[tuple[int, int]] = []
    op: Op
    for found in _all(clauses):
        span = (found[0], found[1])
        if any(a < span[1] and span[0] < b for a, b in taken):
            continue
        if clauses.of_customers(found[0], generic=True) or _dated_otherwise(clauses.flat, found[0]):
            continue
        taken.append(span)
        for op, year in found[2]:
            yield Found("founded", op, year, *span)
    today = clauses.today.year
    for pattern, low, high in AGE_WORDS:
        for match in pattern.finditer(clauses.flat):
            if not clauses.of_customers(match.start()) and not any(
                a < match.end() and match.start() < b for a, b in taken
            ):
                op, year = ("min", today - high) if high is not None else ("max", today - low)
                yield Found("founded", op, year, match.start(), match.end(), weak=True)


def _dated_otherwise(flat: str, at: int) -> bool:
    """As in "products launched after 2020", "stores opened in 2015": something other than the company began."""
    if re.match(r"(?:founded|established|incorporated|est\b)", flat[at:]):
        return False
    return bool(
        re.search(
            r"\b(?:products?|stores?|cars|vehicles|buildings|homes|houses|films?|movies|songs|albums|games|apps|models|features|wines?|books|people|children|kids|patients|baby|born|loans|mortgages|contracts|policies|projects|funds? raised|accounts|museums? about|archives|clubs)\s+(?:that (?:were |was )?|which (?:were |was )?|were |was )?$",
            flat[max(0, at - 40) : at],
        )
    )


def _all(clauses: Clauses) -> Iterator[Dated]:
    flat, year = clauses.flat, clauses.today.year
    if not re.search(r"\d|centur|decade|recent|new|young|old|long|ago|last|past|this|year", flat):
        return
    for match in _DATED.finditer(flat):
        yield from _dated(clauses, match)
    for match in _DECADE.finditer(flat):
        yield from _decade(match)
    for match in _CENTURY.finditer(flat):
        yield from _century(match)
    for match in _RECENT.finditer(flat):
        start = _own_start(match)
        yield start, match.end(), [("min", year - span_years(match["n"] or "one", match["unit"]))]
    for match in _AGO.finditer(flat):
        years = span_years(match["n"], match["unit"])
        bound = match["bound"] or "about"
        if re.match(r"less|fewer|under|within|at most|no more|not more|up to", bound):
            yield match.start(), match.end(), [("min", year - years)]
        elif re.match(r"more|over|at least|longer", bound):
            yield match.start(), match.end(), [("max", year - years)]
        else:
            yield match.start(), match.end(), [("min", year - years - 2), ("max", year - years + 2)]
    for match in _OLDER_THAN.finditer(flat):
        since = year - span_years("1", match["unit"])
        yield match.start(), match.end(), [("max" if match["side"] == "older" else "min", since)]
    for match in _THIS_YEAR.finditer(flat):
        when = match["when"]
        first = (
            year
            if when == "this year"
            else year - 1
            if when == "last year"
            else year // 10 * 10
            if "decade" in when
            else 2000
        )
        yield match.start(), match.end(), [("min", first), ("max", first)] if "year" in when else [("min", first)]
    for match in _BATCH.finditer(flat):
        yield match.start(), match.end(), [("min" if match["later"] else "max", int(match["year"]))]
    for match in _PREFIX.finditer(flat):
        given = int(match["year"])
        yield match.start(), match.end(), [("max", given - 1)] if match["side"] == "pre" else [("min", given + 1)]
    for match in _BARE_SIDE.finditer(flat):
        given = int(match["year"])
        yield match.start(), match.end(), [("max", given - 1)] if match["side"] == "before" else [("min", given + 1)]
    for match in _FOUNDED_ADJECTIVE.finditer(flat):
        yield match.start(), match.end(), [("min", int(match["year"])), ("max", int(match["year"]))]
    for match in _SINCE.finditer(flat):
        if not _SINCE_OF.search(clauses.left(match.start(), comma=False)):
            continue
        older = _OLDER_SINCE.search(clauses.left(match.start(), comma=False)) or re.match(
            r"[^.;]{0,12}\bin business", flat[match.end() :]
        )
        yield match.start(), match.end(), [("max" if older else "min", int(match["year"]))]
    for match in _LONE.finditer(flat):
        yield match.start("year"), match.end(), [("min" if match["later"] else "max", int(match["year"]))]
    yield from lifetimes(clauses)


def _own_start(match: re.Match[str]) -> int:
    """Where the condition begins: with its verb, but behind a company noun."""
    verb = match["verb"]
    return match.start() if re.fullmatch(_VERB, verb) else match.start() + len(verb)


def _dated(clauses: Clauses, match: re.Match[str]) -> Iterator[Dated]:
    verbless = not re.fullmatch(_VERB, match["verb"])
    start = _own_start(match)
    if match["low"]:
        if verbless and not re.search(r"between|from|-|–", match.group()[len(match["verb"]) :]):
            return
        low = int(match["low"])
        high = int(match["high"]) if len(match["high"]) == 4 else low // 100 * 100 + int(match["high"])
        if low <= high:
            yield start, match.end(), [("min", low), ("max", high)]
        return
    year = int(match["year"])
    after, before = match["after"] or "", match["before"] or ""
    if match["not"]:
        after, before = ("or after" if before else ""), ("or before" if after else "")
    if verbless and not (
        after or before or match["later"] or match["earlier"] or re.search(r"\bfrom\s+\d{4}", match.group())
    ):
        return
    text = match.group()[len(match["verb"]) :]
    if match["later"] and not after.startswith("post"):
        yield start, match.end(), [("min", year)]
    elif match["earlier"] or (
        after == "since"
        and _OLDER_SINCE.search(clauses.left(match.start() + len(match["verb"]) + 1, comma=False))
        and verbless
    ):
        yield start, match.end(), [("max", year)]
    elif after == "from" and not re.search(r"onwards?|on\b", text):
        if verbless:
            yield start, match.end(), [("min", year), ("max", year)]
        else:
            yield start, match.end(), [("min", year)]
    elif after:
        strict = _STRICT_AFTER.search(after) and not _LOOSE_AFTER.search(after)
        yield start, match.end(), [("min", year + 1 if strict else year)]
    elif before:
        strict = _STRICT_BEFORE.search(before) and not _LOOSE_BEFORE.search(before)
        yield start, match.end(), [("max", year - 1 if strict else year)]
    elif re.search(r"\b(?:around|circa|about|roughly|approximately|approx\.?|ca\.?)\s", text):
        yield start, match.end(), [("min", year - 2), ("max", year + 2)]
    else:
        yield start, match.end(), [("min", year), ("max", year)]


def _decade_years(text: str) -> int:
    bare = text.strip("'")
    return int(bare) if len(bare) == 4 else (1900 if int(bare) >= 30 else 2000) + int(bare)


def _decade(match: re.Match[str]) -> Iterator[Dated]:
    start = _own_start(match)
    first = _decade_years(match["decade"])
    last = _decade_years(match["decade2"]) + 9 if match["decade2"] else first + 9
    part = match["part"]
    if part and not match["decade2"]:
        low, high = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}[part]
        first, last = first + low, first + high
    if match["before"]:
        yield start, match.end(), [("max", first - 1)]
    elif match["earlier"]:
        yield start, match.end(), [("max", last)]
    elif match["after"] in {"after", "post"}:
        yield start, match.end(), [("min", last + 1)]
    elif (
        match["later"]
        or match["after"] == "since"
        or (match["after"] == "from" and re.match(r"\s*(?:on\b|onwards?)", match.string[match.end() :]))
    ):
        yield start, match.end(), [("min", first)]
    else:
        yield start, match.end(), [("min", first), ("max", last)]


def _century(match: re.Match[str]) -> Iterator[Dated]:
    name = match["number"]
    number = _CENTURIES.get(name) or int(name)
    first, last = (number - 1) * 100 + 1, number * 100
    start = _own_start(match)
    if match["part"] and match["part"].strip(" -") != "mid":
        first, last = (first, first + 33) if match["part"].startswith("early") else (last - 34, last)
    if match["before"]:
        yield start, match.end(), [("max", first - 1)]
    elif match["since"]:
        yield start, match.end(), [("min", first)]
    elif match["earlier"]:
        yield start, match.end(), [("max", last)]
    else:
        yield start, match.end(), [("min", first), ("max", last)]
