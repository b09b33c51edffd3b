"""Criterion, Grade, Evidence: what is judged, the judgement, and the sentence that proves it."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

KEY_PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}")
NAME_LENGTH = (1, 100)
TEXT_LENGTH = (10, 500)
MAX_CRITERIA = 20
PASS_SHARE = 0.75
PASSING_SCORE = 4


@dataclass(frozen=True, slots=True)
class Criterion:
    """One statement a company is graded on.

    `key` starts with a letter and has letters, digits and underscores (at most 100); `name` has 1-100
    characters; `text` is the statement, 10-500 characters (on the wire: `criterion`).
    """

    key: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A verbatim quotation and where it stands.

    Exactly one of `url` (a page that was read) and `record` (a catalogue record such as
    "catalog:wappalyzer:Shopify") is set. `hash` is the SHA-256, in hex, of the stored text that holds the quote.
    """

    quote: str
    hash: str
    read_at: datetime
    url: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """How well one company meets one criterion.

    `score` is 1 (clearly not met) to 5 (clearly met, with evidence), or None when the texts we hold say nothing
    about the criterion: "no evidence" is not a low grade. `probability` is the grader's own estimate that the
    criterion is met, 0-1. A score of 4 or 5 always carries at least one Evidence.
    """

    criterion_key: str
    score: int | None
    why: str
    evidence: tuple[Evidence, ...] = ()
    probability: float = 0.5


@dataclass(frozen=True, slots=True)
class HandGrade:
    """A grade of 1 to 5 that a person gave beside the machine's. It counts before the machine's, and replaces nothing."""

    criterion_key: str
    score: int
    note: str
    given_at: datetime


def passes_needed(criteria: int) -> int:
    """How many of `criteria` must be graded 4 or 5 for a company to qualify: ceil(0.75 n)."""
    return math.ceil(PASS_SHARE * criteria)


def qualifies(scores: Sequence[int | None]) -> bool:
    """Whether a company with these scores, one per criterion, qualifies. No criteria: never."""
    passed = sum(1 for score in scores if score is not None and score >= PASSING_SCORE)
    return bool(scores) and passed >= passes_needed(len(scores))
