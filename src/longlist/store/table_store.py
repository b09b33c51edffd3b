"""The seam to tables: what may be asked of whoever keeps them, and what goes in and out.

As for tasks, every put may be repeated without harm, what cannot be stored is InvalidInput, what is not there NotFound.
"""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from longlist.model.company import CompanyProfile, Page
from longlist.model.table import (
    CellStatus,
    CellValue,
    Column,
    ColumnConfig,
    NewRow,
    Row,
    Run,
    RunMode,
    Table,
    TableKind,
    TableLink,
    Tally,
)
from longlist.store.store import Result

Sort = Literal["-created_at", "created_at", "name", "-name", "num_rows", "-num_rows"]


@dataclass(frozen=True, slots=True)
class NewTable:
    """A table before it is kept; its columns in order."""

    owner_id: str
    kind: TableKind
    name: str
    description: str | None = None
    tags: tuple[str, ...] | None = None
    configs: tuple[ColumnConfig, ...] = ()
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which tables are meant, and in which order: of a kind, with a text in name or description, with any of some tags."""

    kind: TableKind | None = None
    search: str | None = None
    tags: tuple[str, ...] = ()
    sort: Sort = "-created_at"


@dataclass(frozen=True, slots=True)
class Summary:
    """A table without its columns, and how many rows it has."""

    table: Table
    rows: int


@dataclass(frozen=True, slots=True)
class Scope:
    """The cells of a run: `columns` of these rows (None: of all), and what they need first (`upstream`) where it is lacking."""

    mode: RunMode
    rows: tuple[str, ...] | None
    columns: tuple[str, ...]
    upstream: tuple[str, ...] = ()
    asked_columns: tuple[str, ...] | None = None  # as the user gave them


@dataclass(frozen=True, slots=True)
class ClaimedCell:
    """A cell that whoever claimed it is to make; `attempts` counts this one, `freshness` is its run's."""

    table_id: str
    row_id: str
    column_id: str
    run_id: str
    freshness: str
    attempts: int


@dataclass(frozen=True, slots=True)
class CellEnd:
    """How a claimed cell ended. Without a value the earlier one stays. `pages` hold what the evidence quotes from."""

    row_id: str
    column_id: str
    status: CellStatus
    value: CellValue | None = None
    error: str = ""
    pages: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True)
class RowKnown:
    """What was found out about the company of a row: its key, and its profile."""

    row_id: str
    key: str
    profile: CompanyProfile


@dataclass(frozen=True, slots=True)
class Import:
    """A task whose results are to be rows, and how far they are: the task's revision that was seen last."""

    task_id: str
    link: TableLink
    seen: int
    revision: int


class TableStore(Protocol):
    """Tables, their columns, rows and cells."""

    async def create_table(self, new: NewTable) -> Table:
        """A new table with its columns."""

    async def people_table(self, new: NewTable) -> Table:
        """The people table below a table (`parent_id`), made as given when there is none yet."""

    async def table(self, table_id: str) -> Table:
        """The table with its columns in order."""

    async def tables(
        self, owner_id: str | None, narrowing: Narrowing, offset: int, limit: int
    ) -> tuple[list[Summary], int]:
        """Tables of an owner (None: of all) that have no parent, and how many there are in all."""

    async def update_table(
        self,
        table_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> Table:
        """The table with what is given (not None) replaced."""

    async def change_columns(self, table_id: str, change: Callable[[Table], Sequence[Column]]) -> Table:
        """The table with the columns that `change` makes of it, in their order. What it raises leaves all as it was.

        Columns that are no longer among them are removed with their cells.
        """

    async def delete_table(self, table_id: str) -> None:
        """Remove a table with its rows and cells, and the tables of its people. Tasks stay."""

    async def clone_table(self, table_id: str, name: str, *, schema_only: bool) -> Table:
        """A copy of a table and of the tables below it: columns, and unless `schema_only` rows with what their cells came to."""

    async def tally(self, table_id: str) -> Tally:
        """The counts of a table."""

    async def table_revision(self, table_id: str) -> int:
        """A number that grows with every change to a table."""

    async def add_rows(self, table_id: str, rows: Sequence[NewRow], *, unique: bool = False) -> list[Row]:
        """New rows, in this order, at the end. Values for produced columns (a CellValue, or plain) become done cells.

        With `unique` rows whose key (or, without one, parent row and values) the table has already are left out.
        InvalidInput for more rows than a table may have.
        """

    async def put_rows(self, table_id: str, rows: Sequence[NewRow]) -> list[Row]:
        """Rows with the values that are given replaced, and new ones for those without an id; NotFound for an unknown id."""

    async def delete_rows(self, table_id: str, row_ids: Sequence[str]) -> list[str]:
        """Remove rows with their cells; returns the ids that there were. NotFound, and nothing removed, for an unknown one."""

    async def row(self, table_id: str, row_id: str) -> Row:
        """One row with its cells."""

    async def rows_of(self, row_ids: Collection[str]) -> dict[str, Row]:
        """Rows by id with their cells; unknown ones are left out."""

    def rows(
        self, table_id: str, offset: int = 0, limit: int | None = None, *, batch: int = 200
    ) -> AsyncIterator[list[Row]]:
        """Rows with their cells in order, in batches of bounded size; each batch is of one moment."""

    async def known_rows(self, table_id: str, row_ids: Collection[str]) -> set[str]:
        """Those of these ids that are rows of the table."""

    async def row_keys(self, table_id: str) -> set[str]:
        """The keys of the companies that a table has."""

    async def request_cells(self, table_id: str, scope: Scope, freshness: str | None = None) -> Run:
        """Ask for cells; those under way are left as they are. `freshness` None: the run's own id."""

    async def runs(self, table_id: str, limit: int = 20) -> list[Run]:
        """The runs of a table, newest first."""

    async def has_waiting_cells(self) -> bool:
        """Whether any cell waits or is under way, in any table."""

    async def claim_cells(
        self, owner: str, lease_ms: int, rows: int, is_gone: Callable[[str], bool] = lambda _: False
    ) -> list[ClaimedCell]:
        """All waiting cells of some rows, theirs alone for `lease_ms`; tables take turns.

        Waiting are requested cells, and those whose owner's lease ended or `is_gone`. A row that somebody is at is
        passed over, so that the cells of a row are made in the order of what they need.
        """

    async def renew_cells(self, owner: str, lease_ms: int) -> None:
        """What an owner has claimed stays its own for so long from now on."""

    async def release_cells(self, owner: str) -> None:
        """What an owner has claimed waits again."""

    async def put_cells(self, owner: str, ends: Sequence[CellEnd]) -> None:
        """How claimed cells ended. Those that meanwhile are another's, or gone, are left as they are."""

    async def put_known(self, known: Sequence[RowKnown]) -> None:
        """Keep profiles and link rows to them."""

    async def profiles_with_ids(self, profile_ids: Collection[str]) -> dict[str, CompanyProfile]:
        """Profiles by the id of their version, with pages; unknown ones are left out."""

    async def reference_profiles(self, table_id: str, limit: int) -> list[CompanyProfile]:
        """The profiles of the first rows that have one, with pages: what cells of the table are graded against."""

    async def results_with_ids(self, task_id: str, result_ids: Collection[str]) -> dict[str, Result]:
        """Results of a task by id, without texts; unknown ones are left out."""

    async def imports(self) -> list[Import]:
        """Tasks whose results go to a table by themselves and that changed since they were looked at."""

    async def note_import(self, task_id: str, revision: int) -> None:
        """The results of a task up to this revision of it are in its table."""

    async def linked_tasks(self, table_id: str) -> list[str]:
        """The ids of the tasks that are linked to a table, oldest first."""
