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

OUT_OF_REACH = "The web was out of reach, so its site was not read: what is known comes from the catalogue."
"""A remark on a profile."""

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
    raised, in whole US dollars. `quotes` maps a field name to the verbatim words of the record or page that state it,
    `confidence` to how far it can be trusted (0-1; docs/profiles.md says where the numbers come from).
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
    confidence: Mapping[str, float] = field(default_factory=dict)


Manner = Literal["structured", "table", "embedded", "prose", "address", "record", "wikidata", "model"]
"""How a fact is stated: data a site publishes for machines (JSON-LD), a labelled field, data inside a script, a sentence,
a postal address, a catalogue record, Wikidata, a sentence that only a language model understood.
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one text states about one fact, whether or not it was believed.

    `fact` is a field of Facts, `value` what is stated, as people write it; `quote` the verbatim words, standing in the
    page `url` or the record `record`. `confidence` is that of this statement alone (0-1). `is_used`: the fact of the
    profile agrees with it.
    """

    fact: str
    value: str
    quote: str
    manner: Manner
    confidence: float
    url: str | None = None
    record: str | None = None
    is_used: bool = False


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
    first; only comparable within one search). `found_by` names the angle that found it; `path` is how, step by step and
    for people: the query at a provider, the list page, the link. `apart_from` are keys of companies that a user said it
    is not.
    """

    key: str
    name: str
    domain: str
    source: str
    score: float = 0.0
    url: str | None = None
    snippet: str = ""
    found_by: str = ""
    path: tuple[str, ...] = ()
    apart_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """That a source came up with a company, and how: `found_by` and `path` as of a candidate."""

    source: str
    found_by: str = ""
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SameAs:
    """That a candidate is the company with another `key`: renamed, say, or its address leads there. `reason` is a sentence."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class CompanyProfile:
    """What we know about one company, and the pages that say so.

    `social_profiles` maps a network ("linkedin", "x") to the address of the company's page there; `address` is the
    postal address of the seat. `claims` are all statements the facts were chosen from. `hostile_pages` are the addresses of
    pages that tried to instruct whoever grades them; nothing of theirs was used. `remarks` are sentences for the user
    about such things.
    """

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
    social_profiles: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    claims: tuple[Claim, ...] = ()
    hostile_pages: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
