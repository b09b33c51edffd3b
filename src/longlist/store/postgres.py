"""Postgres: connections, transactions, and bringing a database up to date. The only module that knows it is Postgres.

Several processes write at once. Reading sees one state for as long as a block lasts (REPEATABLE READ). Writing is READ
COMMITTED: each statement sees what others committed before it, so whoever reads before writing locks the row first.
"""

import contextlib
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.exc import ArgumentError, DisconnectionError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from longlist.errors import InvalidInput, LonglistError, StoreError, Unavailable
from longlist.store.revision import newest
from longlist.store.sql import Clash, Database, whole

SCHEMA = "app"
POOL = 8
"""Connections of one store at the most. `longlist serve` has two stores and a lock; a server takes 100 by default."""

CONNECT_SECONDS = 10
LOCK_SECONDS = 30
STATEMENT_SECONDS = 300
IDLE_SECONDS = 15  # a writer that stands still in the middle is undone before those that wait for it give up
UPGRADE_SECONDS = 3600
UPGRADE_LOCK = 0x4C6F6E676C697374  # "Longlist"; advisory locks are numbers, and each database has its own
NAMES = {"postgres", "postgresql", "postgresql+asyncpg"}

GONE = {"57P01", "57P02", "57P03", "57P05", "25P03"}  # the server ended, or ended the connection
CLASHES = {"40001", "40P01"}


def is_postgres(url: str) -> bool:
    """Whether a URL is one of Postgres, right or wrong."""
    return url.partition(":")[0].lower() in NAMES


class Address:
    """Where a database is. Its password is in `dsn` and never in `place`, which is for sentences."""

    def __init__(self, url: str) -> None:
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError):
            raise InvalidInput(
                "The database URL cannot be read; one looks like postgresql://user:password@host:5432/database. "
                "Characters such as @ : / % in a password are written %40 %3A %2F %25.",
                field="database_url",
            ) from None
        shown = URL.create("postgresql", None, None, parsed.host, parsed.port, parsed.database)
        self.place = shown.render_as_string()
        self.dsn = "postgresql:" + url.partition(":")[2]

    async def connect(self, *, waits_for_ever: bool = False, **settings: str) -> Any:
        """A connection of the driver. What the address does not say it takes from PGPASSWORD, ~/.pgpass and the like."""
        asyncpg = _driver()
        seconds = UPGRADE_SECONDS if waits_for_ever else LOCK_SECONDS
        try:
            return await asyncpg.connect(
                self.dsn,
                timeout=CONNECT_SECONDS,
                command_timeout=UPGRADE_SECONDS if waits_for_ever else STATEMENT_SECONDS + 10,
                server_settings={
                    "application_name": "longlist",
                    "search_path": SCHEMA,
                    "timezone": "UTC",
                    "jit": "off",  # compiling takes longer than any query of ours
                    "plan_cache_mode": "force_custom_plan",  # a plan for any list compares each row with each item
                    "lock_timeout": f"{seconds}s",
                    "statement_timeout": f"{UPGRADE_SECONDS if waits_for_ever else STATEMENT_SECONDS}s",
                    "idle_in_transaction_session_timeout": f"{UPGRADE_SECONDS if waits_for_ever else IDLE_SECONDS}s",
                    "tcp_keepalives_idle": "30",
                    "tcp_keepalives_interval": "10",
                    "tcp_keepalives_count": "3",
                    **settings,
                },
            )
        except (asyncpg.InternalClientError, asyncpg.ClientConfigurationError, ValueError) as error:
            raise InvalidInput(
                f"The database URL for {self.place} cannot be used: a part of it is not as it should be "
                f"({type(error).__name__}).",
                field="database_url",
            ) from None

    @contextlib.contextmanager
    def sentences(self) -> Iterator[None]:
        """Turn errors of the database into StoreError; our own errors pass, also from inside a binding."""
        asyncpg = _driver()
        try:
            yield
        except LonglistError:
            raise
        except (
            SQLAlchemyError,
            OSError,
            asyncpg.PostgresError,
            asyncpg.InterfaceError,
            asyncpg.InternalClientError,  # asked of a connection that the server is just ending
        ) as error:
            orig = getattr(error, "orig", None)
            if isinstance(orig, LonglistError):
                raise orig from None
            raise self._explained(error) from error

    def _explained(self, error: Exception) -> StoreError:
        cause = _cause(error)
        state = getattr(cause, "sqlstate", None) or ""
        words = str(cause).split("\n", 1)[0].rstrip(".")
        place = f"The database {self.place}"
        if state in CLASHES or type(cause).__name__ == "InvalidCachedStatementError":
            return Clash(f"{place} was busy with other writers ({words}); nothing was changed. Try again.")
        if isinstance(error, NoFreeConnection) or state in {"55P03", "57014"}:
            return StoreError(f"{place} was busy for too long ({words}); nothing was changed. Try again.")
        if state == "3D000":
            return StoreError(f"{place} does not exist. Make it on the server, as with `createdb`, and try again.")
        if state.startswith("28"):
            return StoreError(
                f"The server of {self.place} does not let this user in: the name or the password is wrong, or its "
                "pg_hba.conf forbids it. Check LONGLIST_DATABASE_URL."
            )
        if state == "42501":
            return StoreError(
                f"{place} does not allow this user what Longlist needs ({words}). Make the user its owner, or run there: "
                f"CREATE SCHEMA {SCHEMA} AUTHORIZATION the_user."
            )
        if state == "53300":
            return StoreError(
                f"{place} takes no more connections ({words}). Each Longlist process uses up to {2 * POOL + 1}; raise "
                "max_connections on the server, or run fewer processes."
            )
        if state == "53100":
            return StoreError(f"There is no space left for the database {self.place}. Make room and try again.")
        if state == "25006":
            return StoreError(
                f"{place} can only be read ({words}): it is a standby, or was set so. Use the primary one."
            )
        if state.startswith("23"):
            return StoreError(f"{place} refused a row that breaks its rules ({words}); nothing was changed.")
        if state == "54000":
            return StoreError(f"{place} refused a name or key that is longer than it can look up ({words}).")
        if state in GONE or state.startswith("08") or _is_lost(error, cause):
            return StoreError(
                f"The connection to the database {self.place} was lost ({words}). What was not yet saved is not kept; "
                "try again when the server is back."
            )
        if isinstance(cause, OSError):
            why = cause.strerror or words or "no answer in time"
            return StoreError(
                f"{place} is out of reach ({why}). Start the server, or check LONGLIST_DATABASE_URL, and try again."
            )
        return StoreError(f"{place} cannot be used: {words}. Nothing was changed.")


def _cause(error: Exception) -> Exception:
    """What the driver said."""
    adapted = getattr(error, "orig", None) or error
    cause = getattr(adapted, "driver_exception", None) or adapted.__cause__ or adapted
    return cause if isinstance(cause, Exception) else error


def _is_lost(error: Exception, cause: Exception) -> bool:
    if getattr(error, "connection_invalidated", False) or isinstance(error, DisconnectionError):
        return True
    if type(cause).__name__ == "InternalClientError":
        return True
    return "closed" in str(cause) and type(cause).__name__ in {"InterfaceError", "ConnectionDoesNotExistError"}


def _driver() -> Any:
    try:
        import asyncpg  # noqa: PLC0415 - an extra
    except ImportError:
        raise Unavailable(
            "A database URL of Postgres needs its driver, which is not installed: pip install longlist[postgres]"
        ) from None
    return asyncpg


def postgres_engine(address: Address, *, for_migration: bool = False) -> AsyncEngine:
    """An engine for the database. JSON goes to and from the driver as text, see `columns.Document`.

    `for_migration` reads JSON as SQLAlchemy does, which looks at tables by it, waits for ever, and keeps no connection.
    """
    _driver()
    kind: dict[str, Any] = {"poolclass": NullPool}
    if not for_migration:
        kind = {"pool_size": POOL, "max_overflow": 0, "json_serializer": str, "json_deserializer": str}

    async def connect() -> Any:
        return await address.connect(waits_for_ever=for_migration)

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        hide_parameters=True,
        **kind,
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def checked_out(connection: Any, _record: Any, _proxy: Any) -> None:
        if connection.driver_connection.is_closed():  # by the server, meanwhile: the pool makes a new one
            raise DisconnectionError

    return engine


class PostgresDatabase(Database):
    """A database with many writers, in this process and in others."""

    def __init__(self, engine: AsyncEngine, address: Address) -> None:
        super().__init__(engine, address.place)
        self._address = address
        self._snapshots = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._single = engine.execution_options(isolation_level="AUTOCOMMIT")

    async def point(self, sql: str, **values: str) -> Sequence[Any] | None:
        """One row found by a unique key, None when there is none: one question, one answer."""
        with self._under_way(), self._address.sentences():
            async with self._single.connect() as connection:
                row = (await connection.execute(text(sql), values)).one_or_none()
                return None if row is None else tuple(row)

    @contextlib.asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that sees one consistent state."""
        with self._under_way(), self._address.sentences():
            async with self._snapshots.connect() as connection:
                yield connection

    @contextlib.asynccontextmanager
    async def writing(self, *, alone: str = "") -> AsyncIterator[AsyncConnection]:
        """A writing transaction, see `Database.writing`; Clash when it met another one in such a way that both waited."""
        with self._under_way(), self._address.sentences():
            async with self.engine.begin() as connection:
                if alone:
                    await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": alone})
                yield connection


@contextlib.asynccontextmanager
async def postgres_database(url: str) -> AsyncIterator[Database]:
    """The database behind a URL, brought up to date when needed; its connections are closed at the end of the block.

    StoreError when it is out of reach, not ours, or of a newer version of Longlist; it is left untouched then.
    """
    address = Address(url)
    await bring_postgres_up_to_date(address)
    engine = postgres_engine(address)
    database = PostgresDatabase(engine, address)
    try:
        yield database
    finally:
        await database.close()


@whole
async def bring_postgres_up_to_date(address: Address) -> tuple[str, str]:
    """Run the migrations that are lacking, one process at a time; returns the revisions before and after, "" for none."""
    engine = postgres_engine(address, for_migration=True)
    try:
        with address.sentences():
            async with engine.connect() as connection:
                found = await _revision(connection, address.place)
            if found == newest():
                return found, found
            async with engine.begin() as connection:
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})"))
                if (await connection.execute(text(f"SELECT to_regnamespace('{SCHEMA}')"))).scalar_one() is None:
                    await connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
                before = await _revision(connection, address.place)
                await connection.run_sync(_upgrade, address.place)
                return before, await _revision(connection, address.place)
    finally:
        await engine.dispose()


async def _revision(connection: AsyncConnection, place: str) -> str:
    """The revision of the tables, "" when there are none; StoreError when they are another program's."""
    listed = text("SELECT tablename FROM pg_tables WHERE schemaname = :schema")
    tables = set((await connection.execute(listed, {"schema": SCHEMA})).scalars())
    if not tables:
        return ""
    if "alembic_version" not in tables:
        raise StoreError(
            f"The schema {SCHEMA} of the database {place} holds tables of another program; it was left as it is. Set "
            "LONGLIST_DATABASE_URL to a database of its own."
        )
    found = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalars()
    return ",".join(sorted(found))


def _upgrade(connection: Connection, place: str) -> None:
    from longlist.store.migrate import upgrade  # noqa: PLC0415 - Alembic takes 0.3 s, once in a lifetime

    upgrade(connection, place)
