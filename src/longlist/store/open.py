"""Opening a store by its URL. A second database gets its line here."""

import contextlib
from collections.abc import AsyncIterator

from longlist.store.candidate_rows import CandidateRows
from longlist.store.catalog_rows import SqlCatalogStore
from longlist.store.result_rows import ResultRows
from longlist.store.sql import Database
from longlist.store.sqlite import sqlite_database, sqlite_path


class SqlStore(CandidateRows, ResultRows, SqlCatalogStore):
    """A TaskStore and a CatalogStore in one database."""

    def __init__(self, database: Database) -> None:
        CandidateRows.__init__(self, database)
        SqlCatalogStore.__init__(self, database)


@contextlib.asynccontextmanager
async def open_store(database_url: str) -> AsyncIterator[SqlStore]:
    """The store behind a URL such as sqlite:////home/me/longlist/app.db, made and brought up to date when needed.

    InvalidInput for a URL that no store serves; StoreError when the database cannot be used.
    """
    async with sqlite_database(sqlite_path(database_url)) as database:
        yield SqlStore(database)
