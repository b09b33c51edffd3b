# ruff: noqa: ASYNC240 - a test may wait for a small file
import asyncio
import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, StaticPool, create_engine, text

from longlist.errors import InvalidInput, StoreError
from longlist.model.access import LOCAL_OWNER
from longlist.model.company import Candidate
from longlist.model.task import TaskSpec
from longlist.store import open_store
from longlist.store.migrate import config
from longlist.store.sqlite import sqlite_database, sqlite_path
from longlist.store.tables import metadata

WRITER = Path(__file__).parent / "writer.py"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "app.db"


def writer(path: Path, task_id: str, prefix: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, str(WRITER), f"sqlite:///{path}", task_id, prefix, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


async def new_task(path: Path) -> str:
    async with open_store(f"sqlite:///{path}") as store:
        return (await store.create(TaskSpec("shops"))).id


def seal(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class TestOpening:
    async def test_the_folder_is_made_and_the_file_reopened(self, tmp_path: Path) -> None:
        path = tmp_path / "new" / "folder" / "app.db"
        task_id = await new_task(path)
        async with open_store(f"sqlite:///{path}") as store:
            assert (await store.task(task_id)).spec.query == "shops"

    async def test_the_pragmas_hold_on_every_connection(self, path: Path) -> None:
        async with sqlite_database(path) as database:
            for opened in (database.reading, database.writing):
                async with opened() as connection:
                    found = [
                        (await connection.execute(text(f"PRAGMA {name}"))).scalar_one()
                        for name in ("journal_mode", "busy_timeout", "foreign_keys", "synchronous")
                    ]
                assert found == ["wal", 30_000, 1, 2]

    async def test_what_the_migrations_make_is_what_the_code_expects(self, path: Path) -> None:
        def differences(connection: Connection) -> list[object]:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            return list(compare_metadata(context, metadata))

        async with sqlite_database(path) as database, database.reading() as connection:
            assert await connection.run_sync(differences) == []

    async def test_a_rule_of_the_tables_is_in_the_migrations_too(self, path: Path) -> None:
        async with sqlite_database(path) as database, database.reading() as connection:
            made = (await connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'grade'"))).scalar_one()
            assert "score BETWEEN 1 AND 5" in made
            assert "ON DELETE CASCADE" in made

    async def test_tasks_of_the_first_version_belong_to_the_local_owner_and_are_whole(self, path: Path) -> None:
        with sqlite3.connect(path) as connection:
            engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
            with engine.begin() as opened:
                settings = config()
                settings.attributes["connection"] = opened
                command.upgrade(settings, "0001")
            connection.execute(
                "INSERT INTO task (id, created_at, query, wanted, exclude_domains, exclude_keys, status, is_exhausted, run_no,"
                " rounds_settled, control, revision) VALUES ('t', '2026-01-01 00:00:00.000000', 'breweries', 7, '[]', '[]',"
                " 'in_progress', 0, 1, 0, 'run', 5)"
            )
            connection.execute(
                "INSERT INTO candidate (id, task_id, key, name, domain, source, snippet, score, found_by, round_no, seq, stage,"
                " reason, is_qualified, created_at) VALUES ('c', 't', 'a.com', 'A', 'a.com', 'x', '', 0, '', 1, 0, 'found', '',"
                " 0, '2026-01-01 00:00:00.000000')"
            )
        connection.close()
        async with open_store(f"sqlite:///{path}") as store:
            (task,) = await store.tasks(owner_id=LOCAL_OWNER)
            assert (task.id, task.spec.wanted, task.status, task.revision) == ("t", 7, "in_progress", 5)
            assert (task.is_queued, task.orders) == (False, 0)
            assert [found.key for found in await store.unprofiled("t")] == ["a.com"]
            assert await store.queued() == []
            await store.create(TaskSpec("another"))

    async def test_a_database_of_a_newer_version_is_refused_and_left_alone(self, path: Path) -> None:
        await new_task(path)
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.close()
        before = seal(path)
        with pytest.raises(StoreError, match=r"newer version of Longlist.*9999"):
            await new_task(path)
        assert seal(path) == before

    async def test_a_database_of_another_program_is_refused_and_left_alone(self, path: Path) -> None:
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE task (id TEXT)")
        connection.close()
        before = seal(path)
        with pytest.raises(StoreError, match="another program"):
            await new_task(path)
        assert seal(path) == before

    @pytest.mark.parametrize("content", [b"not a database at all, but long enough to be looked at" * 40, b"short"])
    async def test_a_file_that_is_no_database_is_refused_and_left_alone(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        with pytest.raises(StoreError, match="left as it is") as caught:
            await new_task(path)
        assert path.read_bytes() == content
        assert "\n" not in str(caught.value)

    async def test_a_database_with_damaged_pages_is_a_sentence(self, path: Path) -> None:
        await new_task(path)
        content = bytearray(path.read_bytes())
        content[4096:] = os.urandom(len(content) - 4096)
        path.write_bytes(content)
        with pytest.raises(StoreError, match=r"damaged|cannot be used"):
            await new_task(path)

    async def test_a_folder_in_the_place_of_the_file_is_a_sentence(self, path: Path) -> None:
        path.mkdir()
        with pytest.raises(StoreError, match="cannot be opened"):
            await new_task(path)

    async def test_a_file_in_the_place_of_the_folder_is_a_sentence(self, path: Path) -> None:
        path.touch()
        with pytest.raises(StoreError, match="data directory"):
            await new_task(path / "app.db")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
    async def test_a_file_that_cannot_be_written_is_a_sentence(self, path: Path) -> None:
        await new_task(path)
        path.chmod(0o400)
        with pytest.raises(StoreError, match="cannot be opened for writing"):
            await new_task(path)

    async def test_odd_characters_in_the_path_are_no_trouble(self, tmp_path: Path) -> None:
        await new_task(tmp_path / "50% ünïcode & spaces" / "app.db")

    @pytest.mark.parametrize(
        "url", ["postgresql://user:secret@host/db", "sqlite://", "sqlite:///:memory:", "nonsense", ""]
    )
    def test_a_url_that_no_store_serves_is_refused_without_its_password(self, url: str) -> None:
        with pytest.raises(InvalidInput) as caught:
            sqlite_path(url)
        assert "secret" not in str(caught.value)


class TestProcesses:
    def test_many_opening_a_new_home_at_once_all_succeed(self, path: Path) -> None:
        running = [writer(path, "-", f"p{number}", 1) for number in range(4)]
        for process in running:
            _, errors = process.communicate(timeout=60)
            assert process.returncode == 0, errors

    async def test_two_writing_at_once_lose_nothing(self, path: Path) -> None:
        task_id = await new_task(path)
        running = [writer(path, task_id, prefix, 30) for prefix in ("one", "two")]
        async with open_store(f"sqlite:///{path}") as store:
            for number in range(10):  # and this process makes three
                await store.put_candidates(task_id, [Candidate(f"own{number}.com", "", "", "catalog")])
            for process in running:
                _, errors = await asyncio.to_thread(process.communicate, timeout=60)
                assert process.returncode == 0, errors
            states = await store.candidates(task_id)
            assert len({state.candidate.key for state in states}) == len(states) == 2 * 30 * 5 + 10
            assert (await store.catalog_stats()).by_set == {"one": 150, "two": 150}

    async def test_a_process_killed_while_writing_leaves_whole_batches(self, path: Path) -> None:
        task_id = await new_task(path)
        committed = 0
        for run, batches in enumerate((1, 3, 6, 9)):
            process = writer(path, task_id, f"run{run}-", 10_000)
            assert process.stdout is not None
            for _ in range(batches):
                assert process.stdout.readline()
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=60)
            committed += batches
            async with open_store(f"sqlite:///{path}") as store:
                found = (await store.progress(task_id)).discovered
                records = (await store.catalog_stats()).records
            assert found % 5 == 0
            assert found >= committed * 5
            assert found - records in (0, 5)
            with sqlite3.connect(path) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            connection.close()


class TestTransactions:
    async def test_a_writer_waits_for_another_instead_of_failing(self, path: Path) -> None:
        task_id = await new_task(path)
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        async with open_store(f"sqlite:///{path}") as store:
            waiting = asyncio.create_task(store.set_control(task_id, "pause"))
            await asyncio.sleep(0.3)
            assert not waiting.done()
            assert await store.control(task_id) == "run"  # readers do not wait
            other.execute("COMMIT")
            other.close()
            await waiting
            assert await store.control(task_id) == "pause"

    async def test_many_coroutines_writing_at_once_all_succeed(self, path: Path) -> None:
        task_id = await new_task(path)
        async with open_store(f"sqlite:///{path}") as store:
            puts = [store.put_candidates(task_id, [Candidate(f"c{n}.com", "", "", "x")]) for n in range(40)]
            assert await asyncio.gather(*puts) == [1] * 40
            assert (await store.progress(task_id)).discovered == 40

    async def test_a_cancelled_write_is_whole_and_the_next_one_does_not_wait_for_it(self, path: Path) -> None:
        task_id = await new_task(path)
        many = [Candidate(f"c{number}.com", "", "", "catalog") for number in range(2000)]
        kept = []
        async with open_store(f"sqlite:///{path}") as store:
            for delay in (0, 0.001, 0.003, 0.005, 0.01, 0.02, 0.04):
                writing = asyncio.create_task(store.put_candidates(task_id, many))
                await asyncio.sleep(delay)
                writing.cancel()
                try:
                    await writing
                except asyncio.CancelledError as cancelled:
                    kept.append(cancelled)  # its traceback keeps everything alive that was cut off
                async with asyncio.timeout(5):
                    await store.set_control(task_id, "pause")
                assert (await store.progress(task_id)).discovered in (0, 2000)
            assert kept
