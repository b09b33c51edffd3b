"""What the web gives: hits of a search, places on a map, pages that were read; and on whose errand they were asked for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

PageState = Literal[
    "readable",
    "parked",
    "closed",
    "login_wall",
    "bot_wall",
    "script_only",
    "missing",
    "forbidden",
    "unsafe",
    "unreachable",
    "unsuited",
]
"""What a page turned out to be. Only a `readable` one may be quoted.

`parked`: nobody's yet or any more. `closed`: says that the company is no more. `login_wall`, `bot_wall`: something stands
before it. `script_only`: nothing to read without running its scripts. `missing`: 404 or 410. `forbidden`: robots.txt says no.
`unsafe`: an address that must not be asked (private, another scheme, a loop of redirects). `unreachable`: no answer, or
a server's error. `unsuited`: not text, or too large to be read.
"""


@dataclass(frozen=True, slots=True)
class Errand:
    """On whose behalf the outside is asked: which task pays, in which step, and how fresh answers must be.

    `freshness` goes into the key of every call (see `Call.freshness`): the engine chooses it once for each round, and
    keeps it, so that a step done again asks the same calls. `company` and `criteria` say what a question is about, for
    the books: the key of the company, and those of the criteria.
    """

    task_id: str | None = None
    step: str = ""
    freshness: str = ""
    company: str = ""
    criteria: tuple[str, ...] = ()


NO_ERRAND = Errand()
"""Nobody's in particular: for tests, and for parts that ask nothing of the outside."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One result of a web search: an address with what the engine says of it. `rank` counts from 1."""

    url: str
    title: str
    snippet: str
    rank: int
    provider: str
    query: str


@dataclass(frozen=True, slots=True)
class Spot:
    """One place on a map. `website` is "" when the map knows none; `kinds` are the provider's own words for what it is.

    `latitude` and `longitude` are in degrees. `id` is the provider's own name for the place.
    """

    id: str
    name: str
    website: str
    address: str
    city: str
    state: str
    country: str
    kinds: tuple[str, ...]
    provider: str
    query: str
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """A company as a register or an encyclopaedia lists it; "" or None where it does not say.

    `id` is the register's own name for it, `url` where it can be looked at there. `founded` is a year; `employees_low`
    and `employees_high` are people, `employees_high` None means "or more". `country` is an English name. `is_closed`
    says that the company is no more. `text` is what the register says of it in words.
    """

    id: str
    name: str
    provider: str
    website: str = ""
    url: str = ""
    linkedin: str = ""
    text: str = ""
    industry: str = ""
    tags: tuple[str, ...] = ()
    country: str = ""
    state: str = ""
    city: str = ""
    founded: int | None = None
    employees_low: int | None = None
    employees_high: int | None = None
    is_closed: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What to look for in a register of companies: words, and conditions on facts; empty or None where there are none.

    `countries`, `states` and `cities` are English names, any of which will do. `founded_*` are years, `employees_*`
    people, both inclusive.
    """

    words: str
    countries: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    founded_min: int | None = None
    founded_max: int | None = None
    employees_min: int | None = None
    employees_max: int | None = None


ContactPart = Literal["email", "phone", "person"]
"""What may be wanted of a person: the address at work, a telephone number, who they are."""


@dataclass(frozen=True, slots=True)
class Sought:
    """Whom to look for: by profile, by e-mail address, or by name and company; "" where it is not known.

    `domain` is the company's own.
    """

    full_name: str = ""
    domain: str = ""
    company: str = ""
    profile_url: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """What a provider knows of a person; "" where it does not say.

    `domain` is the company's website as the provider has it. `note` says how sure it is, `seen_on` are pages where the
    address stands, `lines` is what else it says, a line each.
    """

    provider: str
    full_name: str = ""
    role: str = ""
    company: str = ""
    domain: str = ""
    profile_url: str = ""
    email: str = ""
    phone: str = ""
    note: str = ""
    seen_on: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page that was read, or why it was not.

    `asked` is the address that was asked for, `url` the one that answered after redirects (`hops`, in order, without
    the first). `text` is what a reader sees, and what evidence quotes from; `html` is the page as it came, decoded, at
    most 2 MB. Both are "" unless `state` is `readable`, except that walls and parked pages keep what they say. `why` is a
    sentence for the user when it cannot be used.
    """

    asked: str
    url: str
    state: PageState
    read_at: datetime
    status: int | None = None
    hops: tuple[str, ...] = ()
    title: str = ""
    text: str = ""
    html: str = ""
    language: str = ""
    why: str = ""

    @property
    def is_readable(self) -> bool:
        """Whether it can be quoted."""
        return self.state == "readable"
