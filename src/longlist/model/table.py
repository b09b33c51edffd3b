"""Table, Column, Row, Cell: companies that are kept, and what is asked about each of them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from longlist.model.criterion import Evidence

TableKind = Literal["generic", "company", "people"]
ColumnKind = Literal[
    "input",
    "agent",
    "company_people_finder",
    "email_finder",
    "phone_finder",
    "reverse_email_lookup",
    "criterion_grade",
    "discovery_scores",
    "company_name",
    "company_website",
    "company_profile",
]
AgentType = Literal["research_pro", "research_reasoning", "llm", "linkedin", "research"]
OutputFormat = Literal[
    "text",
    "url",
    "email",
    "select",
    "multiselect",
    "numeric",
    "money",
    "date",
    "phone",
    "grade",
    "json",
    "number",
    "label",
    "people",
]
CellStatus = Literal["requested", "in_progress", "done", "failed"]
RunMode = Literal["new", "all", "failed"]

OLDER_NAMES: Mapping[str, str] = {"number": "numeric", "label": "select", "people": "text", "research": "research_pro"}
"""Formats and agents as older clients call them, and what each stands for."""

NOT_FOUND = "Not found"
"""The answer of a cell whose question nothing that was read answers."""

MAX_COLUMNS = 100  # of one table
MAX_ROWS = 100_000  # of one table
PROMPT_LENGTH = (1, 20_000)
MAX_LABELS = 100
PEOPLE_RELATION = "company_people"

AUTOMATIC: Mapping[TableKind, tuple[str, ...]] = {
    "company": ("input", "company_profile", "company_name", "company_website"),
    "people": ("input", "full_name", "role", "profile_url"),
    "generic": (),
}
"""The keys of the columns that a new table has by itself, by kind."""

_REFERENCE = re.compile(r"\{([A-Za-z][A-Za-z0-9_]{0,99})\}")


@dataclass(frozen=True, slots=True)
class Agent:
    """What a column asks, who answers, and in which form. `labels` are for select and multiselect, `schema` for json."""

    type: AgentType
    prompt: str
    format: OutputFormat
    labels: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    needs: tuple[str, ...] = ()

    @property
    def answers(self) -> str:
        """The form of the answer, by its present name."""
        return OLDER_NAMES.get(self.format, self.format)

    @property
    def kind(self) -> str:
        """Who answers, by its present name."""
        return OLDER_NAMES.get(self.type, self.type)


@dataclass(frozen=True, slots=True)
class PeopleFinder:
    """Whom to find in each company: people in these roles, `most` of them; `provider` is the caller's wish."""

    roles: tuple[str, ...]
    provider: str | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class ColumnConfig:
    """What a column is. Only one of the parts after `name` is there, the one of its kind."""

    kind: ColumnKind
    key: str
    name: str
    agent: Agent | None = None
    finder: PeopleFinder | None = None
    email_key: str = ""
    criterion: str = ""

    @property
    def is_input(self) -> bool:
        """Whether its cells are written by the user alone."""
        return self.kind == "input"

    @property
    def does_without(self) -> tuple[str, ...]:
        """Of those it needs, the keys whose cells may be missing: a person is known by the name alone as well."""
        return ("profile_url",) if self.kind in ("email_finder", "phone_finder") else ()

    @property
    def needs(self) -> tuple[str, ...]:
        """The keys of the columns whose cells this one's are made from, each once."""
        if self.agent is not None:
            return tuple(dict.fromkeys((*references(self.agent.prompt), *self.agent.needs)))
        if self.kind in ("email_finder", "phone_finder"):
            return ("full_name", "profile_url")
        return (self.email_key,) if self.email_key else ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; `id` never changes, the config may be replaced."""

    id: str
    created_at: datetime
    config: ColumnConfig


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at a company, and where that is said."""

    full_name: str
    role: str
    profile_url: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class CellValue:
    """What a cell came to: `answer` is JSON in the column's format, or NOT_FOUND; `sources` are addresses that were read.

    `context` is what a company's profile says, field by field, in cells of that kind.
    """

    answer: Any
    explanation: str = ""
    sources: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    context: Mapping[str, Any] | None = None

    @property
    def is_found(self) -> bool:
        """Whether there is an answer."""
        return self.answer is not None and self.answer != NOT_FOUND


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a produced cell stands. `value` is what it came to last, also while it is worked on again; `error` a sentence."""

    status: CellStatus
    value: CellValue | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row before it is kept. `data` holds plain values by key of the column; `key` says which company it is."""

    data: Mapping[str, Any]
    metadata: Mapping[str, Any] | None = None
    id: str | None = None
    key: str = ""
    profile_id: str | None = None
    parent_row_id: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row: what the user put in (`data`) and what was produced (`cells`), both by id of the column.

    `key` is the company's own domain, else a record's key, "" when it is not known; `seq` is its place in the table.
    """

    id: str
    table_id: str
    seq: int
    created_at: datetime
    data: Mapping[str, Any]
    metadata: Mapping[str, Any] | None = None
    key: str = ""
    profile_id: str | None = None
    parent_row_id: str | None = None
    cells: Mapping[str, Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its columns in their order. `parent_id` names the company table whose people it holds."""

    id: str
    owner_id: str
    kind: TableKind
    name: str
    created_at: datetime
    updated_at: datetime
    description: str | None = None
    tags: tuple[str, ...] | None = None
    columns: tuple[Column, ...] = ()
    parent_id: str | None = None
    child_ids: tuple[str, ...] = ()

    def column(self, key: str) -> Column | None:
        """The column with a key, None when there is none."""
        return next((column for column in self.columns if column.config.key == key), None)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of a table, from rows. Waiting cells are requested or in progress; input cells are not counted."""

    rows: int = 0
    done: int = 0
    failed: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One request to make cells: which rows and columns (None: all), and how many cells it asked for.

    `freshness` goes into the calls of its cells (see `Call.freshness`).
    """

    id: str
    table_id: str
    created_at: datetime
    mode: RunMode
    rows: tuple[str, ...] | None
    columns: tuple[str, ...] | None
    requested: int
    freshness: str = ""


@dataclass(frozen=True, slots=True)
class TableLink:
    """The table that a task's results go to: as rows when `auto_import`, and then run (these `columns`, None: all)."""

    table_id: str
    auto_import: bool = False
    run: bool = False
    columns: tuple[str, ...] | None = None


def references(prompt: str) -> tuple[str, ...]:
    """The keys that a prompt refers to as `{key}`, each once."""
    return tuple(dict.fromkeys(_REFERENCE.findall(prompt)))


def filled(prompt: str, values: Mapping[str, str]) -> str:
    """The prompt with its references replaced; what has no value stays as it is."""
    return _REFERENCE.sub(lambda match: values.get(match[1], match[0]), prompt)
