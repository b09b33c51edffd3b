"""Conditions on a company's age in years: "older than 100 years", "in business for 30 years", "young", "century-old"."""

import re
from collections.abc import Iterator

from longlist.model.plan import Op
from longlist.plan.clauses import Clauses

Dated = tuple[int, int, list[tuple[Op, int]]]
"""Where a condition on the year of founding stands, and its bounds."""

_OLD = re.compile(
    r"[\s-]*(?:years?|yrs?|year)[\s-]*(?:old|of age)\b|[\s-]*(?P<long>decades?|centur(?:y|ies))[\s-]*old\b"
)
_YEARS = re.compile(
    r"[\s-]*(?:years?|yrs?)\b(?:'|\s+)?(?:\s*(?:of\s+)?(?:in (?:the )?(?:business|operation|existence|market|trade|industry)|history|tradition|heritage|existence|operation|track record|in|being in business))?"
)
_EXPERIENCE = re.compile(r"\s*years?\b'?\s*(?:of\s+)?(?:[a-z]+ )?experience\b")
_LEAST_EXPERIENCE = 10
"""Years of experience from which on a company's own are meant, not those of the people it hires."""
_AGE_BEFORE = re.compile(
    r"(?:\b(?:compan(?:y|ies)|firms?|startups?|business(?:es)?|age|aged|are|is|been|be|existed|around|in business|in operation|operating|in existence|history|brands?|vendors?|makers?|breweries|insurers|banks|manufacturers|providers|that|and|with|for|active|old|has|have|having|of|no)\s*(?:is|are|of|for|for at|must be|should be|:)?\s*|^\s*|[,;:(]\s*)$"
)
_BUSINESS_FOR = re.compile(
    r"(?:in business|in operation|operating|been around|around|existed|in existence|trading|existing|active|been in the market|on the market|operational|running)(?: for)?\s+$"
)
AGE_WORDS = tuple(
    (re.compile(rf"(?<![\w-])(?:{words})(?![\w])"), low, high)
    for words, low, high in (
        (
            r"(?:recently|newly|freshly|just)[- ](?:founded|established|launched|started|formed|created|incorporated|born)|founded (?:very |quite )?recently|(?:launched|started|established) recently",
            0,
            3,
        ),
        (
            r"(?:brand[- ]new|very young|very new|newborn|nascent)(?= (?:[\w-]+ ){0,3}(?:compan|firm|startup|start-up|business|venture|vendor))",
            0,
            3,
        ),
        (
            r"(?:young|younger)(?= (?:[\w&-]+ ){0,3}?(?:compan(?:y|ies)|firms?|startups?|start-ups?|businesses|ventures?|vendors|brands|makers|manufacturers|studios|agencies|banks))",
            0,
            5,
        ),
        (r"new(?= (?:compan(?:y|ies)|firms?|startups?|start-ups?|ventures))", 0, 5),
        (
            r"(?:long|old)[- ]established|long[- ]standing|longstanding|(?:old|centuries-old|venerable)(?= (?:[\w-]+ ){0,2}(?:compan(?:y|ies)|firms|businesses|banks|manufacturers|insurers))",
            20,
            None,
        ),
        (r"century[- ]old|centuries[- ]old|hundred[- ]year[- ]old|centenarian", 100, None),
        (r"half[- ](?:a[- ])?century[- ]old", 50, None),
        (r"decades[- ]old", 20, None),
        (r"decade[- ]old", 10, None),
    )
)
_NUMBERS = {w: n for n, w in enumerate("zero one two three four five six seven eight nine ten".split())} | {"a": 1, "twelve": 12, "fifteen": 15, "twenty": 20, "fifty": 50, "couple of": 2, "few": 3, "several": 5}  # fmt: skip


def span_years(number: str, unit: str) -> int:
    """The years of "three decades", "18 months" (rounded up)."""
    n = int(number) if number.isdigit() else _NUMBERS.get(number, 1)
    if unit.startswith("decade"):
        return n * 10
    if unit.startswith("centur"):
        return n * 100
    return max(1, -(-n // 12)) if unit.startswith("month") else n


def lifetimes(clauses: Clauses) -> Iterator[Dated]:
    """Ages: "older than 100 years", "less than two years old", "in business for more than 30 years"."""
    flat, today = clauses.flat, clauses.today.year
    for amount in clauses.amounts:
        if amount.money or amount.number > 500:
            continue
        phrase = flat[amount.start : amount.end]
        old = _OLD.match(flat, amount.end)
        experience = _EXPERIENCE.match(flat, amount.end) if amount.number >= _LEAST_EXPERIENCE else None
        years = None if old else experience or _YEARS.match(flat, amount.end)
        before = flat[max(0, amount.start - 40) : amount.start]
        if old is None and years is None:
            continue
        if years is not None and not (
            re.match(r"(?:older|younger|no older|not older|no younger)", phrase)
            or _BUSINESS_FOR.search(before)
            or experience
            or re.search(r"\b(?:history|tradition|heritage|track record) (?:of|spanning|going back) (?:the )?$", before)
            or re.search(
                r"\b(?:in business|in operation|in existence|existence|history|tradition|heritage)\b", years.group()
            )
            or re.search(r"\b(?:company|business|firm)?\s?age[ds]?\s*(?:of|is|:)?\s*$", before)
        ):
            continue
        if old is not None and re.search(
            r"\b(?:children|kids|people|women|men|adults|users|buildings|homes|houses|cars|trucks|wine|whisky|whiskey|aged|trees|for|to)\s+(?:\w+\s+)?$",
            before,
        ):
            continue
        scale = 1
        if old is not None and old["long"]:
            scale = 100 if old["long"].startswith("c") else 10
        end = (old or years).end()  # type: ignore[union-attr]
        start = amount.start
        lead = _BUSINESS_FOR.search(before)
        if lead:
            start -= len(before) - lead.start()
        bounds: list[tuple[Op, int]] = []
        exact = amount.rounded() if amount.around else amount
        if amount.bare and old is not None:
            bounds = (
                [("max", today - amount.number * scale)]
                if amount.number * scale >= 20
                else [("min", today - amount.number * scale - 1), ("max", today - amount.number * scale + 1)]
            )
        elif amount.bare:
            bounds = [("max", today - amount.number)]
        else:
            if amount.low is not None:
                bounds.append(
                    ("max", today - (amount.number if exact is amount and amount.high is None else amount.low) * scale)
                )
            if exact.high is not None:
                bounds.append(("min", today - (amount.number if amount.low is None else exact.high) * scale))
        yield start, end, bounds
