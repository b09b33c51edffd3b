"""Company nouns: facts, pages, catalogue records, candidates, profiles."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

EMPLOYEE_BUCKETS: tuple[tuple[int, int | None, str], ...] = (
    (1, 10, "1-10"),
    (11, 50, "11-50"),
    (51, 200, "51-200"),
    (201, 500, "201-500"),
    (501, 1000, "501-1000"),
    (1001, 5000, "1001-5000"),
    (5001, 10000, "5001-10000"),
    (10001, None, "10001+"),
)

Status = Literal["active", "acquired", "closed"]
RecordKind = Literal["company", "product", "project"]


@dataclass(frozen=True, slots=True)
class Employees:
    """A head-count: `low` to `high` people, both inclusive; `high` None means "or more"."""

    low: int
    high: int | None

    @property
    def bucket(self) -> str:
        """The wire's size bucket that holds the count (its middle, where a range spans several)."""
        middle = self.low if self.high is None else (self.low + self.high) // 2
        return next(name for low, high, name in EMPLOYEE_BUCKETS if high is None or middle <= high)


@dataclass(frozen=True, slots=True)
class Place:
    """A place; country by its English name ("United States"), each part None when not stated."""

    country: str | None = None
    state: str | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a company beyond prose; None or empty means not stated.

    `founded` is a year. `business_models` are words of `longlist.language.vocabulary`. `funding_amount` is the total
    raised, in whole US dollars. `quotes` maps a field name to the verbatim words of the record or page that state it.
    """

    founded: int | None = None
    employees: Employees | None = None
    hq: Place = Place()
    status: Status | None = None
    listed: bool | None = None
    business_models: tuple[str, ...] = ()
    funding_stage: str | None = None
    funding_amount: int | None = None
    quotes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """A stored text that can be cited: a web page (`url`) or a catalogue record (`record`), exactly one of them."""

    text: str
    read_at: datetime
    url: str | None = None
    record: str | None = None

    @property
    def hash(self) -> str:
        """SHA-256 of the text, in hex."""
        return text_hash(self.text)


def text_hash(text: str) -> str:
    """SHA-256 of a stored text, in hex; lone surrogates cannot occur in stored text."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Record:
    """One entry of a catalogue: the citable page a company has there.

    `key` is "catalog:<set>:<id>". `domain` is the company's own registered domain, or "" when it has none (a host
    that carries other companies is never an identity). `kind` marks what is a product page or an open-source
    project rather than a company. `text` is what evidence quotes from: one statement a line.
    """

    key: str
    name: str
    domain: str
    description: str
    text: str
    tags: tuple[str, ...] = ()
    facts: Facts = Facts()
    kind: RecordKind = "company"
    website: str = ""

    @property
    def company_key(self) -> str:
        """What identifies the company: its own domain, else this record's key. Records that share it are merged."""
        return self.domain or self.key


@dataclass(frozen=True, slots=True)
class Candidate:
    """A company a source came up with, before anything about it was checked.

    `key` is its own domain, or the record key when it has none. `score` orders candidates of one source (higher
    first; only comparable within one search). `found_by` names the angle that found it.
    """

    key: str
    name: str
    domain: str
    source: str
    score: float = 0.0
    url: str | None = None
    snippet: str = ""
    found_by: str = ""


@dataclass(frozen=True, slots=True)
class CompanyProfile:
    """What we know about one company, and the pages that say so."""

    key: str
    name: str
    domain: str
    description: str
    full_description: str
    tags: tuple[str, ...]
    facts: Facts
    pages: tuple[Page, ...]
    kind: RecordKind = "company"
    aliases: tuple[str, ...] = ()
