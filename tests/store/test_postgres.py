"""What only holds of Postgres: opening, what cannot be reached, several processes at once, a server that goes away."""

import asyncio
import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

import postgres
from longlist.errors import InvalidInput, LonglistError, StoreError, Unavailable
from longlist.model.access import LOCAL_OWNER
from longlist.model.company import Candidate, Record
from longlist.model.criterion import Criterion
from longlist.model.task import TaskSpec
from longlist.store import open_store
from longlist.store import postgres as ours
from longlist.store.migrate import config
from longlist.store.open import bring_up_to_date
from longlist.store.postgres import POOL, Address, is_postgres, postgres_database, postgres_engine
from longlist.store.revision import newest
from longlist.store.sql import Clash, upsert, whole
from longlist.store.tables import meta, metadata

WRITER = Path(__file__).parent / "writer.py"
BREWS = Criterion("brews", "Brews", "The company brews beer.")


@pytest.fixture
def empty(cluster: postgres.Cluster) -> Iterator[str]:
    """The URL of a database in which nothing is."""
    url = cluster.empty()
    yield url
    cluster.drop(url)


@pytest.fixture
def url(cluster: postgres.Cluster) -> Iterator[str]:
    """The URL of a database that has our tables."""
    made = cluster.ready(lambda new: asyncio.run(bring_up_to_date(new)))
    yield made
    cluster.drop(made)


def database_of(url: str) -> str:
    return url.rpartition("/")[2]


def writer(url: str, task_id: str, prefix: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(WRITER), url, task_id, prefix, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


async def new_task(url: str) -> str:
    async with open_store(url) as store:
        return (await store.create(TaskSpec("shops", criteria=(BREWS,)))).id


class TestUrl:
    def test_all_ways_of_writing_it_mean_the_same(self) -> None:
        for scheme in ("postgres", "postgresql", "postgresql+asyncpg", "PostgreSQL"):
            address = Address(f"{scheme}://me:secret@host:5433/data?sslmode=require")
            assert is_postgres(f"{scheme}://host")
            assert address.place == "postgresql://host:5433/data"
            assert address.dsn == "postgresql://me:secret@host:5433/data?sslmode=require"
        assert not is_postgres("sqlite:///app.db")

    @pytest.mark.parametrize(
        "wrong",
        [
            "postgresql://me:secret@host:port/data",
            "postgresql:secret",
            "postgresql://me:sec/ret@host/data",
            "postgresql://me:secret@host/data?sslmode=perhaps",
        ],
    )
    async def test_one_that_cannot_be_read_is_refused_without_its_password(self, wrong: str) -> None:
        with pytest.raises(LonglistError) as caught:
            async with open_store(wrong):
                pass
        for part in ("secret", "sec/ret"):
            assert part not in str(caught.value)
        assert isinstance(caught.value, InvalidInput | StoreError)

    async def test_without_the_driver_it_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "asyncpg", None)
        with pytest.raises(Unavailable, match=r"pip install longlist\[postgres\]"):
            async with open_store("postgresql://host/data"):
                pass


class TestOpening:
    async def test_an_empty_database_gets_the_tables_in_a_schema_of_their_own(
        self, cluster: postgres.Cluster, empty: str
    ) -> None:
        assert await bring_up_to_date(empty) == ("", newest())
        assert await bring_up_to_date(empty) == (newest(), newest())
        found = cluster.sql("SELECT DISTINCT schemaname FROM pg_tables WHERE tablename = 'task'", database_of(empty))
        assert found == "app"

    async def test_what_the_migrations_make_is_what_the_code_expects(self, url: str) -> None:
        def differences(connection: Connection) -> list[object]:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return list(compare_metadata(context, metadata))

        engine = postgres_engine(Address(url), for_migration=True)
        async with engine.connect() as connection:
            assert await connection.run_sync(differences) == []
        await engine.dispose()

    async def test_every_text_orders_byte_by_byte_as_on_sqlite(self, cluster: postgres.Cluster, url: str) -> None:
        """A migration that adds a text column says so: its TEXT is the one of the first migration."""
        others = cluster.sql(
            "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'app' AND "
            "data_type LIKE 'text%' AND collation_name IS DISTINCT FROM 'C'",
            database_of(url),
        )
        assert others == ""
        by_language = cluster.sql("SELECT string_agg(x, '' ORDER BY x) FROM unnest(ARRAY['a','B','c']) x")
        assert by_language == "aBc"  # the database itself would order otherwise

    async def test_tasks_of_the_first_version_belong_to_the_local_owner_and_are_whole(
        self, cluster: postgres.Cluster, empty: str
    ) -> None:
        def first_version(connection: Connection) -> None:
            settings = config()
            settings.attributes["connection"] = connection
            command.upgrade(settings, "0001")

        engine = postgres_engine(Address(empty), for_migration=True)
        async with engine.begin() as connection:
            await connection.execute(text("CREATE SCHEMA app"))
            await connection.run_sync(first_version)
        await engine.dispose()
        cluster.sql(
            "INSERT INTO app.task (id, created_at, query, wanted, exclude_domains, exclude_keys, status, is_exhausted, run_no,"
            " rounds_settled, control, revision) VALUES ('t', '2026-01-01 00:00:00Z', 'breweries', 7, '[]', '[]',"
            " 'in_progress', false, 1, 0, 'run', 5)",
            database_of(empty),
        )
        assert await bring_up_to_date(empty) == ("0001", newest())
        async with open_store(empty) as store:
            (task,) = await store.tasks(owner_id=LOCAL_OWNER)
            assert (task.id, task.spec.wanted, task.status, task.revision) == ("t", 7, "in_progress", 5)
            await store.create(TaskSpec("another"))

    async def test_a_database_of_a_newer_version_is_refused(self, cluster: postgres.Cluster, url: str) -> None:
        cluster.sql("UPDATE app.alembic_version SET version_num = '9999'", database_of(url))
        with pytest.raises(StoreError, match=r"newer version of Longlist.*9999"):
            await new_task(url)

    async def test_a_schema_of_another_program_is_refused(self, cluster: postgres.Cluster, empty: str) -> None:
        cluster.sql("CREATE SCHEMA app CREATE TABLE task (id text)", database_of(empty))
        with pytest.raises(StoreError, match="another program"):
            await new_task(empty)

    def test_many_opening_an_empty_database_at_once_all_succeed(self, empty: str) -> None:
        running = [writer(empty, "-", f"p{number}", 1) for number in range(3)]
        for process in running:
            _, errors = process.communicate(timeout=60)
            assert process.returncode == 0, errors


class TestOutOfReach:
    async def test_each_way_is_a_sentence_without_the_password(
        self, cluster: postgres.Cluster, url: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        user = f"guest{database_of(url)}"
        cluster.sql(f"CREATE ROLE {user} LOGIN PASSWORD '{postgres.PASSWORD}'")
        guest = cluster.url().replace("longlist:", f"{user}:")
        for wrong, sentence in (
            (cluster.url("nowhere"), "does not exist"),
            (cluster.url(password="wrong-secret"), "name or the password is wrong"),
            (url.replace(f":{cluster.port}/", ":1/"), "out of reach"),
            (guest, "does not allow this user"),
        ):
            with pytest.raises(StoreError, match=sentence) as caught:
                await new_task(wrong)
            shown = f"{caught.value!s} {caught.value!r} {caplog.text}"
            assert postgres.PASSWORD not in shown
            assert "se%40cret" not in shown
            assert "wrong-secret" not in shown
            assert "\n" not in str(caught.value)

    async def test_a_full_server_is_a_sentence(self, cluster: postgres.Cluster, url: str) -> None:
        database = database_of(url)
        cluster.sql(f"CREATE ROLE guest{database} LOGIN PASSWORD '{postgres.PASSWORD}' CONNECTION LIMIT 0")
        with pytest.raises(StoreError, match="takes no more connections"):
            await new_task(url.replace("longlist:", f"guest{database}:"))

    async def test_a_standby_is_a_sentence(self, cluster: postgres.Cluster, url: str) -> None:
        cluster.sql(f"ALTER DATABASE {database_of(url)} SET default_transaction_read_only = on")
        with pytest.raises(StoreError, match="can only be read"):
            await new_task(url)

    async def test_a_key_that_no_index_holds_is_a_sentence(self, url: str) -> None:
        task_id = await new_task(url)
        key = "".join(chr(0x4E00 + number) for number in range(9000))
        async with open_store(url) as store:
            with pytest.raises(StoreError, match="longer than it can look up"):
                await store.put_candidates(task_id, [Candidate(key, "", "", "x")])
            assert await store.put_candidates(task_id, [Candidate("a.com", "", "", "x")]) == 1

    async def test_a_server_that_goes_away_is_a_sentence_and_its_return_is_noticed(self) -> None:
        with postgres.running() as own:
            url = own.empty()
            task_id = await new_task(url)
            async with open_store(url) as store:
                await asyncio.gather(*(store.task(task_id) for _ in range(POOL)))
                own.stop()
                for ask in (store.task, store.mark, store.start, store.mark):
                    with pytest.raises(StoreError, match=r"was lost|out of reach") as caught:
                        await ask(task_id)
                    assert "\n" not in str(caught.value)
                own.start()
                tasks = await asyncio.gather(*(store.task(task_id) for _ in range(2 * POOL)))
                assert {task.id for task in tasks} == {task_id}
                assert (await store.start(task_id)).status == "in_progress"

    def test_a_connection_that_is_just_being_ended_is_a_lost_one(self, url: str) -> None:
        """The driver calls it a fault of its own: the server's farewell was read, and its end was not."""
        with pytest.raises(StoreError, match="was lost"), Address(url).sentences():
            raise asyncpg.InternalClientError("cannot switch to state 11; another operation (2) is in progress")

    async def test_a_connection_lost_in_the_middle_leaves_nothing_half_done(
        self, cluster: postgres.Cluster, url: str
    ) -> None:
        async with postgres_database(url) as database:

            async def write() -> None:
                async with database.writing() as connection:
                    await upsert(connection, meta, [{"key": "a", "value": "1"}], ["value"])
                    cluster.sql(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        f"WHERE datname = '{database_of(url)}' AND state LIKE 'idle in transaction%'"
                    )
                    await upsert(connection, meta, [{"key": "b", "value": "1"}], ["value"])

            with pytest.raises(StoreError, match="was lost"):
                await write()
            async with database.reading() as connection:
                assert (await connection.execute(text("SELECT count(*) FROM meta"))).scalar_one() == 0


class TestProcesses:
    async def test_three_writing_at_once_lose_nothing(self, url: str) -> None:
        task_id = await new_task(url)
        running = [writer(url, task_id, prefix, 30) for prefix in ("one", "two")]
        async with open_store(url) as store:
            for number in range(10):
                await store.put_candidates(task_id, [Candidate(f"own{number}.com", "", "", "catalog")])
            for process in running:
                _, errors = await asyncio.to_thread(process.communicate, timeout=60)
                assert process.returncode == 0, errors
            states = await store.candidates(task_id)
            assert len({state.candidate.key for state in states}) == len(states) == 2 * 30 * 5 + 10
            assert (await store.catalog_stats()).by_set == {"one": 150, "two": 150}

    async def test_a_process_killed_while_writing_leaves_whole_batches(self, url: str) -> None:
        task_id = await new_task(url)
        committed = 0
        for run, batches in enumerate((1, 6)):
            process = writer(url, task_id, f"run{run}-", 10_000)
            assert process.stdout is not None
            for _ in range(batches):
                assert process.stdout.readline()
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=60)
            committed += batches
            async with open_store(url) as store:
                async with asyncio.timeout(10):
                    await store.set_control(task_id, "run")  # what the killed one held is free
                found = (await store.progress(task_id)).discovered
                records = (await store.catalog_stats()).records
            assert found % 5 == 0
            assert found >= committed * 5
            assert found - records in (0, 5)


class TestTransactions:
    async def test_a_block_that_reads_sees_one_state(self, url: str) -> None:
        task_id = await new_task(url)
        async with open_store(url) as store, postgres_database(url) as database, database.reading() as connection:
            asked = text("SELECT control FROM task WHERE id = :id")
            assert (await connection.execute(asked, {"id": task_id})).scalar_one() == "run"
            await store.set_control(task_id, "pause")
            assert (await connection.execute(asked, {"id": task_id})).scalar_one() == "run"

    async def test_whoever_reads_cannot_write(self, url: str) -> None:
        async with postgres_database(url) as database:
            with pytest.raises(StoreError, match="can only be read"):
                async with database.reading() as connection:
                    await upsert(connection, meta, [{"key": "a", "value": "1"}], ["value"])

    async def test_writers_that_block_one_another_both_come_through(self, url: str) -> None:
        async with postgres_database(url) as database:
            met = 0

            @whole
            async def write(first: str, second: str) -> None:
                nonlocal met
                try:
                    async with database.writing() as connection:
                        await upsert(connection, meta, [{"key": first, "value": first}], ["value"])
                        await asyncio.sleep(0.1)
                        await upsert(connection, meta, [{"key": second, "value": first}], ["value"])
                except Clash:
                    met += 1
                    raise

            async with asyncio.timeout(20):
                await asyncio.gather(write("a", "b"), write("b", "a"))
            assert met >= 1

    async def test_a_lock_that_is_never_given_back_is_a_sentence(
        self, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ours, "LOCK_SECONDS", 1)
        task_id = await new_task(url)
        async with postgres_database(url) as database, open_store(url) as store:
            async with database.writing() as connection:
                await connection.execute(text("SELECT 1 FROM task FOR UPDATE"))
                with pytest.raises(StoreError, match="busy for too long"):
                    await store.start(task_id)
                assert (await store.task(task_id)).status == "created"  # whoever reads does not wait
            assert (await store.start(task_id)).status == "in_progress"

    async def test_a_cancelled_write_is_whole_and_its_connection_of_use(self, url: str) -> None:
        task_id = await new_task(url)
        many = [Candidate(f"c{number}.com", "", "", "catalog") for number in range(500)]
        async with open_store(url) as store:
            for delay in (0, 0.001, 0.003, 0.01, 0.03):
                writing = asyncio.create_task(store.put_candidates(task_id, many))
                await asyncio.sleep(delay)
                writing.cancel()
                await asyncio.gather(writing, return_exceptions=True)
                assert (await store.progress(task_id)).discovered in (0, 500)
            for delay in (0, 0.001, 0.002):
                reading = asyncio.create_task(store.candidates(task_id))
                await asyncio.sleep(delay)
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)
            assert await store.put_candidates(task_id, many) == 0


async def test_long_lists_are_no_trouble(url: str) -> None:
    task_id = await new_task(url)
    keys = [f"c{number}.com" for number in range(40_000)]
    async with open_store(url) as store:
        assert await store.put_candidates(task_id, [Candidate(key, "", "", "x") for key in keys]) == 40_000
        assert await store.put_candidates(task_id, [Candidate(key, "", "", "x") for key in keys]) == 0
        records = [Record(f"catalog:x:{key}", key, key, "", key) for key in keys[:100]]
        await store.put_records("x", records)
        assert len(await store.records_of(keys)) == 100
