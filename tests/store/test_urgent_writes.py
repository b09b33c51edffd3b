"""A write that a request waits for, beside another process that writes to the same file."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from longlist.errors import StoreError
from longlist.model.access import LOCAL_OWNER
from longlist.model.task import TaskSpec
from longlist.store import open_store
from longlist.store import sqlite as store_sqlite


@contextlib.contextmanager
def held(file: Path) -> Iterator[sqlite3.Connection]:
    """The file, being written to by somebody else."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


async def test_an_urgent_write_gets_in_as_soon_as_another_has_ended(tmp_path):
    async with open_store(f"sqlite:///{tmp_path / 'app.db'}", pace="urgent") as store:
        await store.create(TaskSpec("first"))
        with held(tmp_path / "app.db") as other:
            ended: list[float] = []

            def end() -> None:
                other.execute("COMMIT")
                ended.append(time.monotonic())

            threading.Timer(0.3, end).start()
            await store.create(TaskSpec("second"))
            assert ended  # it had to wait
        assert await store.task_count(LOCAL_OWNER) == 2


async def test_an_urgent_write_that_never_gets_in_says_so_and_the_next_one_works(tmp_path, monkeypatch):
    async with open_store(f"sqlite:///{tmp_path / 'app.db'}", pace="urgent") as store:
        await store.create(TaskSpec("first"))
        monkeypatch.setattr(store_sqlite, "BUSY_SECONDS", 0.05)
        with held(tmp_path / "app.db"), pytest.raises(StoreError):
            await store.create(TaskSpec("second"))
        monkeypatch.undo()
        await store.create(TaskSpec("third"))
        assert await store.task_count(LOCAL_OWNER) == 2
