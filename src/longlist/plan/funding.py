"""Conditions on funding: the stage ("Series A", "bootstrapped", "Series B or later") and the amount raised."""

import re
from collections.abc import Iterator

from longlist.language.places import mentions
from longlist.language.vocabulary import FUNDING_STAGES, STAGE_WORDS
from longlist.plan.clauses import Clauses, Found

_EARLY = re.compile(
    r"(?<![\w-])early[- ]stage(?!\s+(?:cancer|disease|detection|investors?|investing|funds?|vcs?|venture|capital|tumou?rs|drug|diagnos))"
)
EARLY_STAGES = ("pre_seed", "seed", "series_a")
"""What "early-stage" stands for."""
_STAGES = tuple((stage, re.compile(rf"(?<![\w-])(?:{words})(?![\w])")) for stage, words in STAGE_WORDS)
_SERIES_LIST = re.compile(
    r"series[- ](?P<first>[a-h])(?:\s*(?:,|/|-|–|or|and|to|through|&)\s*(?:series[- ])?(?P<more>[a-h](?![\w'])))+(?![\w])"
)
_SERIES_PLUS = re.compile(
    r"(?<![\w-])(?P<stage>pre-?seed|seed|series[- _][a-h])(?:[- ](?:stage|round|funded|funding))?\s*(?:(?P<later>\+|plus\b|or (?:later|above|beyond|higher|up)|and (?:later|above|beyond|up)|onwards?)|(?P<earlier>or (?:earlier|below|before|lower|less)|and (?:earlier|below)|max(?:imum)?|at most))"
)
_SERIES_BOUND = re.compile(
    r"(?<![\w-])(?P<side>at least|beyond|past|post|after|before|pre|up to|earlier than|later than|no later than|below|above|minimum)[- ](?:a |their |its |the )?(?P<stage>seed|series[- _]?[a-h])(?![\w])"
)
_PAIR = re.compile(
    r"(?<![\w-])(?P<a>pre-?seed|seed)\s*(?:,|/|or|and|to|through|-|&)\s*(?P<b>pre-?seed|seed|series[- ][a-h])(?:[- ](?:stage|round|funded|funding|startups|companies))?(?![\w])"
)
_SEED_ALONE = re.compile(r"(?:^|[,/(]\s*|(?P<before>[a-z]\s))(?P<seed>seed)(?=\s*(?:$|[,/)]))")
_INVESTING = re.compile(
    r"\b(?:invest(?:s|ing|ors?|ment)?|fund(?:s|ing)?|back(?:s|ing)|lead(?:s|ing)?|vcs?|accelerators?|for|help(?:s|ing)?|serv(?:es|ing)) (?:in |at |of |the )?(?:[\w-]+ ){0,2}$"
)
_MONEY_BEFORE = re.compile(
    r"(?:\b(?:raised|raising|secured|received|rais(?:e|es)|attracted|obtained|closed|landed|got|took in|funding|funded|financing|funds raised|investment|total raised|capital raised|backing|backed)\b(?:\s+(?:a |total|of|is|to date|so far|in total|funding|with|amount|round|rounds?|at|somewhere|from|has been|was|venture|capital|worth|by|over the years|altogether|external|outside|equity|the|sum|seed|series [a-h]|and|had|:))*[\s:]*)$"
)
_MONEY_BEHIND = re.compile(
    r"\s*(?:usd |dollars? |euros? )?(?:\+ ?)?(?:(?:in|of|worth of|total|venture|vc|equity|external|outside|disclosed|seed|growth)\s+){0,4}(?:total\s+)?(?:funding|financing|raised|venture capital|vc (?:money|funding)|capital raised|investments?(?! (?:fund|manag|bank|produc|propert))|backing|funds raised|equity raised|equity funding|venture funding|outside capital|capital)(?!\s+(?:for|to|solutions|provider|platform|search)\b(?! startups?))"
)
_NOT_RAISED = re.compile(
    r"\b(?:revenues?|arr|mrr|sales|turnover|valuation|valued|ebitda|profit|aum|assets|under management|market cap|worth|price[ds]?|cost(?:s|ing)?|loans?|grants?|deals?|tickets?|checks?|cheques?|budgets?|fund size|contracts?|donations?)\b"
)


def fundings(clauses: Clauses) -> Iterator[Found]:
    """Conditions on the company's own funding; what it invests in or whom it funds is passed over."""
    yield from _stages(clauses)
    for amount in clauses.amounts:
        if not amount.money:
            continue
        before = clauses.left(amount.start, comma=False)[-60:]
        behind = clauses.flat[amount.end : amount.end + 60]
        if (
            _NOT_RAISED.search(before[-30:])
            or _NOT_RAISED.match(behind.lstrip(" +"))
            or re.match(r"\s*(?:in |of )?(?:annual |yearly )?(?:revenue|arr|sales|assets|loans)", behind)
        ):
            continue
        lead, tail = _MONEY_BEFORE.search(before), _MONEY_BEHIND.match(behind)
        if not (lead or tail) or clauses.of_customers(amount.start, generic=True):
            continue
        if (
            tail
            and not lead
            and re.search(
                r"\b(?:provid\w+|offer\w*|manag\w+|for|invests?|investing|deploy\w*|lend\w*|up to)\s+$", before
            )
            and not re.search(r"\bwith\s+(?:\w+ )?$", before)
            and amount.bare
        ):
            continue
        start = amount.start - (len(lead.group()) if lead else 0)
        end = amount.end + (tail.end() if tail else 0)
        exact = amount.at_least() if amount.bare else amount.rounded()
        for op, number in exact.bounds:
            yield Found("funding_amount", "min" if op == "min" else "max", number, start, end)


def _own(clauses: Clauses, start: int, end: int) -> bool:
    if clauses.of_customers(start, generic=False) and not re.search(
        r"(?:raised|raising|closed|with) (?:a |an |their )?$", clauses.left(start)
    ):
        return False
    if _INVESTING.search(clauses.left(start)[-40:]):
        return False
    return not re.match(
        r"\s*(?:investors?|investments? (?:fund|firm)|vcs?|funds?\b(?!ed|ing)|venture capital|accelerators?|investing)",
        clauses.flat[end : end + 24],
    )


def _stages(clauses: Clauses) -> Iterator[Found]:
    flat = clauses.flat
    taken: list[tuple[int, int]] = []

    def emit(start: int, end: int, stages: tuple[str, ...]) -> Iterator[Found]:
        if stages and not any(a < end and start < b for a, b in taken) and _own(clauses, start, end):
            taken.append((start, end))
            yield Found("funding_stage", "in", stages, start, end)

    for match in _SERIES_PLUS.finditer(flat):
        at = FUNDING_STAGES.index(_stage(match["stage"]))
        stages = FUNDING_STAGES[at:] if match["later"] else tuple(s for s in FUNDING_STAGES[1 : at + 1])
        yield from emit(match.start(), match.end(), stages)
    for match in _SERIES_BOUND.finditer(flat):
        at = FUNDING_STAGES.index(_stage(match["stage"]))
        side = match["side"]
        if side in {"at least", "minimum"}:
            stages = FUNDING_STAGES[at:]
        elif side in {"beyond", "past", "post", "after", "later than", "above"}:
            stages = FUNDING_STAGES[at + 1 :] if side not in {"post", "after"} else FUNDING_STAGES[at:]
        elif side in {"up to", "no later than"}:
            stages = FUNDING_STAGES[1 : at + 1]
        else:
            if match["stage"] == "seed":
                continue
            stages = FUNDING_STAGES[1:at]
        yield from emit(match.start(), match.end(), stages)
    for match in _PAIR.finditer(flat):
        a, b = _stage(match["a"]), _stage(match["b"])
        through = re.search(r"\bto\b|through|-(?=series)", match.group()[len(match["a"]) :])
        low, high = sorted((FUNDING_STAGES.index(a), FUNDING_STAGES.index(b)))
        yield from emit(
            match.start(), match.end(), FUNDING_STAGES[low : high + 1] if through else tuple(dict.fromkeys((a, b)))
        )
    for match in _SERIES_LIST.finditer(flat):
        letters = re.findall(r"(?<![a-z])[a-h](?![a-z])", match.group())
        if len(letters) == 2 and re.search(
            r"\b(?:to|through)\b|-\s*(?:series[- ])?[a-h]$|–", match.group()[len("series a") :]
        ):
            letters = [chr(c) for c in range(ord(letters[0]), ord(letters[1]) + 1)]
        yield from emit(match.start(), match.end(), tuple(dict.fromkeys(f"series_{x}" for x in letters)))
    for match in _EARLY.finditer(flat):
        yield from emit(match.start(), match.end(), EARLY_STAGES)
    for match in _SEED_ALONE.finditer(flat):
        if match["before"] is None or (
            mentions(clauses.text[: match.start("seed")])[-1:]
            and mentions(clauses.text[: match.start("seed")])[-1].end >= match.start("seed") - 1
        ):
            yield from emit(match.start("seed"), match.end("seed"), ("seed",))
    for stage, pattern in _STAGES:
        for match in pattern.finditer(flat):
            if stage == "bootstrapped" and (
                clauses.negated(match.start()) and re.match(r"not|no|never|without|non", match.group())
            ):
                yield from emit(match.start(), match.end(), (stage,))
            else:
                yield from emit(match.start(), match.end(), (stage,))


def _stage(text: str) -> str:
    bare = text.replace(" ", "_").replace("-", "_")
    if bare.startswith("pre"):
        return "pre_seed"
    return bare if bare == "seed" else f"series_{bare[-1]}"
