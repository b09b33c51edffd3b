"""Conditions on head-count: "10-50 employees", "a team of fewer than ten", "mid-sized manufacturers"."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from longlist.language.gazetteer import gazetteer, key
from longlist.language.vocabulary import SIZE_WORDS
from longlist.model.plan import Op
from longlist.plan.amounts import Amount
from longlist.plan.clauses import Clauses, Found
from longlist.plan.nouns import COMPANY

_UNIT = re.compile(
    r"[\s-]*(?:(?:full[- ]time|ft|total|global|permanent|in-house|paid)[ -])?(?:employees?|employes|emplyees?|empoyees?|employess|employeees?|emploees?|employyes"
    r"|peoples?|ppl|persons?|staff(?:ers)?(?: members?)?|workers?|headcount|head count|heads|ftes?|full[- ]time equivalents?|team[ -]members?|personnel|colleagues"
    r"|strong(?= (?:team|company|firm|workforce|business))|man(?= (?:team|shop|company|band)))(?![a-z])(?:[ -](?=compan|firm|business|team))?"
)
_LEAD = re.compile(
    r"(?<![a-z])(?:head ?counts?|(?:employee|staff|people|workforce|team) (?:counts?|numbers?|ranges?|size|strength)|number of (?:employees|staff|people|workers)|company size|size|employees|staff(?:ing)?|workforce|teams?|personnel"
    r"|employing|employs?)(?:\s+(?:is|are|of|at|in the range of|that is|which is|numbering|must be|should be|has to be|ranging|between|somewhere|only))*\s*[:=]?\s*$"
)
_SURE_LEAD = re.compile(
    r"(?:head ?count|count|number|range|workforce|employing|employs?|company size|team size|of|[:=])\s*(?:is|are|of|at|must be|should be)?\s*$"
)
_FIRM_OF = re.compile(
    r"\b(?:firms?|compan(?:y|ies)|teams?|studios?|consultanc(?:y|ies)|practices?|shops?|agenc(?:y|ies)) of\s+$"
)
_EXPERTS = re.compile(r"\s+[a-z]+(?:ers|ors|ists|ants)\b")
"""As in "a firm of twenty to forty engineers"."""
_BEHIND = re.compile(
    r"\s?(?:(?P<more>or (?:more|above|over|up)|and (?:up|above|more)|minimum|min\b|at least|plus\b|\+)|(?P<less>or (?:fewer|less|under)|and (?:under|below|less|fewer)|maximum|max\b|at most|tops))"
)
_NOT_AT_WORK = re.compile(
    r"\s*(?:events?|part(?:y|ies)|tents?|boats?|vans?|per\b|a (?:day|year|month|week)|in need|worldwide|reached|served|helped|living|who (?:use|need|live)|capacity|households?|families|customers?|clients?|search|finder|data)"
)
_PEOPLE_AS_OBJECTS = re.compile(
    r"\b(?:reach(?:ing|es)?|feed(?:ing|s)?|hous(?:e|ing)|seat(?:ing|s)?|carry(?:ing)?|carries|train(?:ed|ing|s)?|host(?:ing|s)?|transport(?:ing|s)?|by|treat(?:ing|s)?|help(?:ed|ing|s)?|serv(?:ed|ing|es|e))\s+$"
)
_OTHER_BEHIND_LEAD = re.compile(
    r"\s*(?:[%$€£]|(?:years?|months?|days?|hours?|locations?|offices?|countries|sites|stores|robots|machines|vehicles|methods|techniques|drivers|cities|states)\b)"
)


def sizes(clauses: Clauses) -> Iterator[Found]:
    """Every condition on the company's own head-count; those on its customers' are passed over."""
    counted = [(a, _span(clauses.flat, a)) for a in clauses.amounts if not a.money]
    found: list[tuple[int, int, Amount]] = []
    for number, (amount, alone) in enumerate(counted):
        span = alone
        if span is None and number + 1 < len(counted):
            following, next_span = counted[number + 1]
            joint = clauses.flat[amount.end : following.start]
            if next_span is not None and not amount.bare and not following.bare and _JOINED.fullmatch(joint):
                span = (amount.start, amount.end, amount)
        if span is not None and _own(clauses, span[0], span[1]):
            found.append((span[0], span[1], span[2].rounded()))
    ranges = [a for _, _, a in found if a.low is not None and a.high is not None]
    if len(ranges) > 1 and len(ranges) == len(found):  # "11-50 and 51-200 employees": everything between
        low, high = min(a.low or 0 for a in ranges), max(a.high or 0 for a in ranges)
        found = [(start, end, replace(a, low=low, high=high)) for start, end, a in found]
    for start, end, amount in found:
        for op, bound in amount.bounds:
            yield Found("employees", cast(Op, op), bound, start, end)
    yield from _vague(clauses)


_JOINED = re.compile(r"\s*(?:,|but|and|or|yet|, but|, and|, or|/)\s*(?:also |is |with |have |has )*")


def _span(flat: str, amount: Amount) -> tuple[int, int, Amount] | None:
    """Where a count of people stands with its unit or what leads up to it, and the amount; None for other numbers."""
    unit = _UNIT.match(flat, amount.end)
    lead = _LEAD.search(flat, max(0, amount.start - 48), amount.start)
    if unit:
        behind = _BEHIND.match(flat, unit.end())
        if behind and amount.bare:
            exact = amount.at_least() if behind["more"] else amount.at_most()
            return (lead.start() if lead else amount.start, behind.end(), exact)
        if _NOT_AT_WORK.match(flat, unit.end()):
            return None
        return (lead.start() if lead else amount.start, unit.end(), amount)
    if _FIRM_OF.search(flat, max(0, amount.start - 24), amount.start) and (experts := _EXPERTS.match(flat, amount.end)):
        return (amount.start, experts.end(), amount)
    if lead is None or _OTHER_BEHIND_LEAD.match(flat, amount.end):
        return None
    sure = _SURE_LEAD.search(lead.group())
    if amount.bare and (not sure or 1900 <= amount.number <= 2040):
        return None
    if (
        not sure
        and re.match(r"\s+[a-z]{3,}", flat[amount.end :])
        and not re.match(
            r"\s+(?:and|or|that|which|in|based|with|founded|selling|making|who|people|building)\b", flat[amount.end :]
        )
    ):
        return None
    return (lead.start(), amount.end, amount)


def _own(clauses: Clauses, start: int, end: int) -> bool:
    if _PEOPLE_AS_OBJECTS.search(clauses.left(start, comma=False)):
        return False
    if re.match(r"\s*(?:customers?|clients?)\b", clauses.flat[end : end + 12]):
        return False
    return not clauses.of_customers(start)


# Between a size word and the noun it describes only words of this kind may stand: "small German software vendors".
_BETWEEN = (
    r"(?:(?:private|privately[- ]held|public|listed|independent|family[- ](?:owned|run)|local|regional|national|established|software|saas|b2b|b2c|tech|technology|it|digital|online|ai|growing|fast-growing|young|new"
    r"|bootstrapped|self-funded|open[- ]source|engineering|consulting|law|accounting|marketing|design|logistics|manufacturing|industrial|insurance|fintech|biotech|pharma|medtech|healthcare|commercial|investment|retail|construction|d2c|dtc|ecommerce"
    r"|e-commerce|hardware|service|services|food|media|advertising|security|cybersecurity|energy|trading|shipping|robotics|gaming|game|web|chemical|packaging|sized|and|or|size)\s+)"
)
_HEAD = re.compile(rf"(?P<between>{_BETWEEN}*)(?P<head>{COMPANY})(?![\w-])")
_ANY_HEAD = re.compile(
    r"(?P<between>(?:[\w&'-]+\s+){0,2}?)(?P<head>compan(?:y|ies)|compnies|firms?|businesses|start-?ups?|enterprises)(?![\w-])"
)
_AFTER_PLACE = re.compile(r"(?P<between>(?:[\w&'-]+\s+){0,2}?)(?P<head>[a-z]{3,}s)(?![\w-])")
_MID_HEAD = re.compile(rf"(?P<between>(?:[\w&'-]+\s+){{0,3}}?)(?P<head>{COMPANY})(?![\w-])")
_TRAP_BETWEEN = re.compile(
    r"\b(?:parts?|animals?|batch|molecules?|appliances?|engines?|format|language|data|talk|arms|claims|business|cap|caps|scale|print|bore|diameter|boat|truck|item|parcel|and|or|for|of|to|in|with|by|office|ticket|loan|dollar|kitchen|electrical|format|wind|hydro|group|animal|pet|equity)\b"
)
_SIZES = tuple((re.compile(rf"(?<![\w-])(?:{words})(?=[\s-])\s+"), low, high) for words, low, high in SIZE_WORDS)
_SMES = re.compile(
    r"(?<![\w-])(?:smes|smbs|small (?:and|&|to|or) (?:mid(?:dle)?|medium)[- ]?(?:sized?)?\s+(?:companies|businesses|enterprises|firms))(?![\w-])"
)
_COMPANIES_ARE = re.compile(
    r"(?:\b(?:compan(?:y|ies)|firms?|business(?:es)?|it|they|must|should|to|that|which)\s+(?:(?:is|are|be|being)\s+)(?:a |an |still |rather |quite |relatively )?)"
    r"(?P<size>small|tiny|large|big|mid-?sized?|medium-sized|medium)(?=\s*(?:$|[.,;)]|(?:company|firm|business|and|in size|enough)\b))"
)
_SOLO = re.compile(
    r"(?<![\w-])(?:solopreneurs?|one[- ](?:man|woman|person)[- ](?:bands?|shops?|compan(?:y|ies)|shows?|business(?:es)?|startups?|operations?|firms?)|single[- ]person (?:companies|businesses))(?![\w-])"
)
_TINY_TEAMS = re.compile(r"(?<![\w-])(?:tiny|very small|micro) teams?\b")


def _vague(clauses: Clauses) -> Iterator[Found]:
    flat = clauses.flat
    taken: list[tuple[int, int]] = []

    def found(start: int, end: int, low: int | None, high: int | None) -> Iterator[Found]:
        if any(a < end and start < b for a, b in taken) or clauses.of_customers(start) or clauses.exemplary(start):
            return
        taken.append((start, end))
        if low is not None:
            yield Found("employees", "min", low, start, end, weak=True)
        if high is not None:
            yield Found("employees", "max", high, start, end, weak=True)

    for match in _SOLO.finditer(flat):
        yield from found(match.start(), match.end(), None, 1)
    for match in _TINY_TEAMS.finditer(flat):
        yield from found(match.start(), match.end(), None, 10)
    for match in _SMES.finditer(flat):
        if not re.match(
            r"\s+(?:lend|bank|loan|financ|insur|software|tool|platform|market|crm|account|credit|segment|invoic|payment)",
            flat[match.end() :],
        ):
            yield from found(match.start(), match.end(), None, 250)
    for pattern, low, high in _SIZES:
        for match in pattern.finditer(flat):
            end = _described(flat, match)
            if end is not None and not re.search(r"\b(?:with|of|from|by|like|than)\s+$", clauses.left(match.start())):
                yield from found(match.start(), match.end(), low, high)
    for match in _COMPANIES_ARE.finditer(flat):
        low, high = next((low, high) for words, low, high in SIZE_WORDS if re.fullmatch(words, match["size"]))
        yield from found(match.start("size"), match.end("size"), low, high)


def _described(flat: str, match: re.Match[str]) -> int | None:
    """The end of the company noun a size word describes, or None when it describes something else."""
    at = match.end()
    places = _place_words(flat, at)
    head = _HEAD.match(flat, places)
    if head is None and places > at:  # a demonym: what follows is a kind of company, whatever it is called
        head = _AFTER_PLACE.match(flat, places)
    if head is None:
        head = _ANY_HEAD.match(flat, places)
        if head is None and match.group().startswith(("mid", "medium")):
            head = _MID_HEAD.match(flat, places)
        if head is None or _TRAP_BETWEEN.search(head["between"]):
            return None
    noun = head["head"]
    behind = flat[head.end() : head.end() + 30]
    if noun in {
        "business",
        "company",
        "team",
        "group",
        "shop",
        "farm",
        "brand",
        "restaurant",
        "hotel",
        "tech",
        "saas",
    } and re.match(
        r"\s+(?!in\b|that\b|which\b|with\b|based\b|from\b|and\b|or\b|founded\b|selling\b|making\b|who\b|$)[a-z]", behind
    ):
        if noun in {"tech", "saas"}:
            return head.end() if re.match(rf"\s+{COMPANY}", behind) and noun == "saas" else None
        return None
    if re.match(
        r"\s+(?:tools?|software|lending|loans?|insurance|owners?|customers?|clients?|account|payroll)\b", behind
    ):
        return None
    return head.end()


def _place_words(flat: str, at: int) -> int:
    """Behind any demonyms and place names that stand at `at`."""
    while True:
        match = re.match(r"((?:us|u\.s\.|uk|[a-z]+(?: [a-z]+)?))(?:-based)?\s+", flat[at : at + 40])
        if match is None:
            return at
        words = match[1].split(" ")
        for size in range(len(words), 0, -1):
            name = " ".join(words[:size])
            if key(name) in gazetteer().index and name not in {"most", "mobile", "of"}:
                at += len(name) + len(re.match(r"(?:-based)?\s*", flat[at + len(name) :]).group())  # type: ignore[union-attr]
                break
        else:
            return at
