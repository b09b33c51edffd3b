"""Opening a store by its URL: SQLite or Postgres. A third database gets its line here."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from longlist.errors import NotFound
from longlist.store.access_rows import SqlAccessStore
from longlist.store.candidate_rows import CandidateRows
from longlist.store.catalog_rows import SqlCatalogStore
from longlist.store.cell_rows import CellRows
from longlist.store.company_rows import CompanyRows
from longlist.store.hand_rows import HandRows
from longlist.store.ledger_rows import LedgerRows
from longlist.store.live_rows import LiveRows
from longlist.store.postgres import Address, bring_postgres_up_to_date, is_postgres, postgres_database
from longlist.store.seen_rows import SeenRows
from longlist.store.sql import Database
from longlist.store.sqlite import bring_sqlite_up_to_date, sqlite_database, sqlite_path, sqlite_ping
from longlist.store.store import Control
from longlist.store.table_data_rows import TableDataRows
from longlist.store.table_rows import TableRows
from longlist.store.table_task_rows import TableTaskRows
from longlist.store.turns import Pace
from longlist.store.worker_rows import WorkerRows


class SqlStore(
    CandidateRows,
    LiveRows,
    HandRows,
    TableRows,
    TableDataRows,
    CellRows,
    TableTaskRows,
    CompanyRows,
    SqlCatalogStore,
    SqlAccessStore,
    LedgerRows,
    WorkerRows,
    SeenRows,
):
    """All stores in one database: tasks, tables, companies, the catalogue, access, the ledger, workers, pages seen."""

    def __init__(self, database: Database) -> None:
        CandidateRows.__init__(self, database)
        SqlCatalogStore.__init__(self, database)

    async def control(self, task_id: str) -> Control:
        """What the user wants of a task; the run of a table goes on for as long as its table is there."""
        try:
            return await super().control(task_id)
        except NotFound:
            if await self.has_run(task_id):
                return "run"
            raise


async def ping(database_url: str) -> None:
    """Ask the database behind a URL anything, over a connection of its own; StoreError when it does not answer."""
    if not is_postgres(database_url):
        await asyncio.to_thread(sqlite_ping, sqlite_path(database_url))
        return
    async with open_database(database_url) as database:
        await database.point("SELECT 1")


@contextlib.asynccontextmanager
async def open_store(database_url: str, *, pace: Pace = "usual") -> AsyncIterator[SqlStore]:
    """The store behind a URL such as sqlite:////home/me/longlist/app.db, made and brought up to date when needed.

    `pace` is for several stores over one SQLite file in a process: see `sqlite_database`.
    InvalidInput for a URL that no store serves; StoreError when the database cannot be used; Unavailable when its
    driver is not installed.
    """
    async with open_database(database_url, pace=pace) as database:
        yield SqlStore(database)


def open_database(database_url: str, *, pace: Pace = "usual") -> contextlib.AbstractAsyncContextManager[Database]:
    """The database under a store, for what looks at rows; else as `open_store`."""
    if is_postgres(database_url):
        return postgres_database(database_url)
    return sqlite_database(sqlite_path(database_url), pace=pace)


async def bring_up_to_date(database_url: str) -> tuple[str, str]:
    """Run the migrations that a database lacks; returns its revisions before and after, "" for none. As `open_store`."""
    if is_postgres(database_url):
        return await bring_postgres_up_to_date(Address(database_url))
    return await bring_sqlite_up_to_date(sqlite_path(database_url))
