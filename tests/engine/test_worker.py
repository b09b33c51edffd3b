# ruff: noqa: ASYNC110 - a test may look again and again
"""The worker: which tasks it takes up, how it stops, and that there is one of it."""

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from longlist.engine.kit import Kit
from longlist.engine.search import run_task
from longlist.engine.service import Service
from longlist.engine.worker import Worker
from longlist.errors import Conflict, StoreError, Unavailable
from longlist.model.criterion import Criterion
from longlist.model.task import Task, TaskSpec
from longlist.settings import Settings
from longlist.store.open import SqlStore
from longlist.store.postgres_role import PostgresRole
from longlist.testing import FakeSource, made_up, make_kit
from longlist.wiring.home import worker_role

CRITERIA = (Criterion("brews", "Brews beer", "The company brews craft beer in its own brewery."),)
BREWERS = [made_up(n, "We brew craft beer in our own brewery in the old town.") for n in range(12)]


@pytest.fixture
def kit(store: SqlStore) -> Kit:
    return make_kit(store, FakeSource("fake", BREWERS))


@contextlib.asynccontextmanager
async def working(worker: Worker) -> AsyncIterator[None]:
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(stop))
    yield
    stop.set()
    await asyncio.wait_for(running, 60)


def of(kit: Kit):
    async def give() -> Kit:
        return kit

    return give


async def queued(store: SqlStore, wanted: int = 5) -> str:
    return (await store.create(TaskSpec("craft beer breweries", wanted, CRITERIA), is_queued=True)).id


async def ended(store: SqlStore, task_id: str) -> Task:
    async with asyncio.timeout(60):
        while (task := await store.task(task_id)).status not in ("done", "failed"):
            await asyncio.sleep(0.01)
    return task


async def test_queued_tasks_are_run_and_others_are_left_to_whoever_made_them(store: SqlStore, kit: Kit):
    left = await store.create(TaskSpec("craft beer breweries", 5, CRITERIA))
    async with working(Worker(store, of(kit))):
        tasks = [await queued(store) for _ in range(3)]
        for task_id in tasks:
            assert (await ended(store, task_id)).stop_reason == "target_met"
    assert (await store.task(left.id)).status == "created"


async def test_a_worker_that_starts_goes_on_with_what_another_began(store: SqlStore, kit: Kit):
    task_id = await queued(store)
    await store.start(task_id)  # and then the other one was killed
    async with working(Worker(store, of(kit))):
        assert (await ended(store, task_id)).stop_reason == "target_met"


async def test_a_task_that_ended_since_it_was_asked_what_waits_is_not_run_again(store: SqlStore, kit: Kit):
    task_id = await queued(store)
    done = await run_task(kit, task_id)

    class Late:
        """A store that tells once of a task that has ended meanwhile."""

        told = False

        async def queued(self, *_: object, **__: object) -> list[str]:
            before, self.told = self.told, True
            return [] if before else [task_id]

    worker = Worker(Late(), of(kit))
    await worker._take_up()
    await asyncio.gather(*worker._runs.values())
    assert await store.task(task_id) == done


async def test_stopping_breaks_runs_off_and_leaves_their_tasks_waiting(store: SqlStore, kit: Kit):
    class Endless:
        async def enrich(self, missing: Sequence, *_: object) -> list:
            await asyncio.sleep(3600)
            return []

    endless = Kit(store, kit.planner, kit.sources, Endless(), kit.grader)
    task_id = await queued(store)
    async with working(Worker(store, of(endless))):
        async with asyncio.timeout(60):
            while (await store.progress(task_id)).discovered < len(BREWERS):
                await asyncio.sleep(0.01)
    assert (await store.task(task_id)).status == "in_progress"
    assert await store.queued() == [task_id]
    async with working(Worker(store, of(kit))):
        assert (await ended(store, task_id)).stop_reason == "target_met"


async def test_a_task_that_waits_for_its_turn_is_paused_at_once(store: SqlStore, kit: Kit):
    class Endless:
        async def enrich(self, missing: Sequence, *_: object) -> list:
            await asyncio.sleep(3600)
            return []

    endless = Kit(store, kit.planner, kit.sources, Endless(), kit.grader)
    service = Service(store, lambda _: None, is_queued=True)
    first = await queued(store)
    async with working(Worker(store, of(endless), at_once=1)):
        async with asyncio.timeout(60):
            while (await store.task(first)).status == "created":
                await asyncio.sleep(0.01)
        second = await queued(store)
        await service.pause(second)
        assert (await ended(store, second)).stop_reason == "paused"
        assert (await store.task(first)).status == "in_progress"


async def test_an_interrupted_task_of_the_command_line_can_be_paused(store: SqlStore, kit: Kit):
    task = await store.create(TaskSpec("craft beer breweries", 5, CRITERIA))
    await store.start(task.id)
    async with working(Worker(store, of(kit))):
        await Service(store, lambda _: None).pause(task.id)
        assert (await ended(store, task.id)).stop_reason == "paused"


async def test_what_a_run_needs_may_be_away_for_a_while(store: SqlStore, kit: Kit, monkeypatch):
    monkeypatch.setattr("longlist.engine.worker.RETRY_SECONDS", 0.01)
    tries = 0

    async def give() -> Kit:
        nonlocal tries
        tries += 1
        if tries < 3:
            raise Unavailable("The catalogue is away.")
        return kit

    async with working(Worker(store, give)):
        assert (await ended(store, await queued(store))).stop_reason == "target_met"
    assert tries >= 3


class TestRole:
    """The role on each database, as `longlist serve` takes it."""

    def test_there_is_one_worker_and_the_next_may_follow(self, url: str, home: Path):
        first, second = (worker_role(Settings(home=home, database_url=url, engine="direct")) for _ in range(2))
        assert not second.is_taken()
        first.take()
        assert second.is_taken()
        with pytest.raises(Conflict, match="Another Longlist server"):
            second.take()
        first.leave()
        assert not second.is_taken()
        second.take()
        second.leave()
        second.leave()

    async def test_it_can_be_looked_at_from_within_a_loop(self, url: str, home: Path):
        role, other = (worker_role(Settings(home=home, database_url=url)) for _ in range(2))
        assert not other.is_taken()
        role.take()
        assert other.is_taken()
        role.leave()
        assert not other.is_taken()

    def test_the_role_ends_with_the_process(self, url: str, home: Path):
        program = (
            "import sys, time; from longlist.settings import Settings; from longlist.wiring.home import worker_role\n"
            "role = worker_role(Settings(database_url=sys.argv[1])); role.take(); print('taken', flush=True); time.sleep(60)"
        )
        process = subprocess.Popen([sys.executable, "-c", program, url], stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline() == b"taken\n"
        role = worker_role(Settings(home=home, database_url=url))
        assert role.is_taken()
        process.kill()
        process.communicate()
        end = time.monotonic() + 60
        while role.is_taken():
            assert time.monotonic() < end
            time.sleep(0.05)
        role.take()
        role.leave()

    @pytest.mark.parametrize("url", ["postgres"], indirect=True)
    def test_several_may_be_workers_where_runs_are_durable_but_none_beside_an_only_one(self, url: str, home: Path):
        first, second = (worker_role(Settings(home=home, database_url=url)) for _ in range(2))
        only = worker_role(Settings(home=home, database_url=url, engine="direct"))
        first.take()
        second.take()
        assert first.is_held()
        assert second.is_held()
        with pytest.raises(Conflict, match="Another Longlist server"):
            only.take()
        first.leave()
        assert only.is_taken()
        second.leave()
        assert not only.is_taken()

    @pytest.mark.parametrize("url", ["postgres"], indirect=True)
    async def test_a_worker_whose_work_another_took_over_holds_its_role_no_more(self, store, home: Path, url: str):
        role = worker_role(Settings(home=home, database_url=url, takeover_seconds=1))
        await asyncio.to_thread(role.take)
        assert role.is_held()
        assert set(await store.workers()) == {role.worker_id}
        async with store.inheriting(role.worker_id, 0) as is_ours:
            assert is_ours
        end = time.monotonic() + 60
        while role.is_held():
            assert time.monotonic() < end
            await asyncio.sleep(0.02)
        await asyncio.to_thread(role.leave)

    @pytest.mark.parametrize("url", ["postgres"], indirect=True)
    def test_a_role_that_could_not_be_taken_leaves_no_lock_behind(self, url: str):
        first, same = (PostgresRole(url, "a name for one only") for _ in range(2))
        first.take()
        first.leave()
        with pytest.raises(StoreError, match="breaks its rules"):
            same.take()
        assert not same.is_taken()
        other = PostgresRole(url, "another")
        other.take()
        other.leave()

    @pytest.mark.parametrize("url", ["postgres"], indirect=True)
    def test_a_role_whose_connection_was_lost_is_taken_again(self, cluster, url: str, home: Path):
        settings = Settings(home=home, database_url=url, engine="direct", takeover_seconds=1)
        role, other = (worker_role(settings) for _ in range(2))
        role.take()
        held = "FROM pg_stat_activity WHERE application_name = 'longlist worker' AND pid <> pg_backend_pid()"
        before = cluster.sql(f"SELECT pid {held}")
        cluster.sql(f"SELECT pg_terminate_backend(pid) {held}")
        end = time.monotonic() + 60
        while cluster.sql(f"SELECT pid {held}") in {"", before} or not other.is_taken():
            assert time.monotonic() < end
            time.sleep(0.05)
        with pytest.raises(Conflict, match="Another Longlist server"):
            other.take()
        role.leave()
        assert not other.is_taken()
