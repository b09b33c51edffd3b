"""Pausing, stopping and deleting tasks from outside, whoever runs them and also when nobody does."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from longlist.engine.control import PATIENCE_SECONDS, TaskControl
from longlist.engine.kit import Kit
from longlist.engine.search import run_task
from longlist.engine.service import Service
from longlist.engine.worker import Worker
from longlist.errors import NotFound, Stopped
from longlist.model.criterion import Criterion
from longlist.model.task import SourceState, TaskSpec
from longlist.store.open import SqlStore, open_store
from longlist.testing import FakeSource, made_up, make_kit

CRITERIA = (Criterion("brews", "Brews beer", "The company brews craft beer in its own brewery."),)
BREWERS = [made_up(n, "We brew craft beer in our own brewery in the old town.") for n in range(120)]


@pytest.fixture
async def store(home: Path) -> AsyncIterator[SqlStore]:
    async with open_store(f"sqlite:///{home / 'app.db'}") as opened:
        yield opened


def rows_of(home: Path, task_id: str) -> dict[str, list]:
    """Everything the database holds of a task but the task's own row."""
    with contextlib.closing(sqlite3.connect(home / "app.db")) as database:
        ask = {
            "candidate": "SELECT * FROM candidate WHERE task_id = ?",
            "grade": "SELECT * FROM grade WHERE candidate_id IN (SELECT id FROM candidate WHERE task_id = ?)",
            "source_state": "SELECT * FROM source_state WHERE task_id = ?",
        }
        return {name: database.execute(query, (task_id,)).fetchall() for name, query in ask.items()}


def counts(home: Path) -> dict[str, int]:
    with contextlib.closing(sqlite3.connect(home / "app.db")) as database:
        names = ("task", "candidate", "grade", "source_state", "profile", "page")
        return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


class Held:
    """An enricher that waits in its second batch until it is let go on."""

    def __init__(self, kit: Kit) -> None:
        self._inner = kit.enricher
        self._batches = 0
        self.reached, self.let_go = asyncio.Event(), asyncio.Event()

    async def enrich(self, missing: Sequence, *_: object) -> list:
        self._batches += 1
        found = list(await self._inner.enrich(missing))
        if self._batches == 2:
            self.reached.set()
            await self.let_go.wait()
        return found


@contextlib.asynccontextmanager
async def held_run(store: SqlStore) -> AsyncIterator[tuple[str, asyncio.Task, Held]]:
    """A run that has one batch of profiles and waits in the middle of the next."""
    kit = make_kit(store, FakeSource("fake", BREWERS))
    held = Held(kit)
    task_id = (await store.create(TaskSpec("craft beer breweries", 120, CRITERIA))).id
    run = asyncio.create_task(run_task(Kit(store, kit.planner, kit.sources, held, kit.grader), task_id))
    await asyncio.wait_for(held.reached.wait(), 10)
    yield task_id, run, held
    held.let_go.set()
    await asyncio.gather(run, return_exceptions=True)


async def test_a_pause_keeps_what_was_under_way_and_starts_nothing_more(store, home):
    async with held_run(store) as (task_id, run, held):
        order = asyncio.create_task(TaskControl(store).pause(task_id))
        await asyncio.sleep(0.1)
        held.let_go.set()
        assert (await order).stop_reason == "paused"
        assert (await run).stop_reason == "paused"
        progress = await store.progress(task_id)
        assert (progress.discovered, progress.enriched, progress.evaluated) == (120, 100, 0)


async def test_a_stop_keeps_nothing_of_what_was_under_way(store, home):
    async with held_run(store) as (task_id, run, held):
        before = rows_of(home, task_id)
        order = asyncio.create_task(TaskControl(store).stop(task_id))
        await asyncio.sleep(0.1)
        held.let_go.set()
        assert (await order).stop_reason == "stopped"
        assert (await run).stop_reason == "stopped"
        assert rows_of(home, task_id) == before


async def test_a_stopped_task_goes_on_to_the_end_once_it_is_resumed(store):
    kit = make_kit(store, FakeSource("fake", BREWERS))
    async with held_run(store) as (task_id, run, held):
        order = asyncio.create_task(TaskControl(store).stop(task_id))
        await asyncio.sleep(0.1)
        held.let_go.set()
        await order
        await run
    await Service(store, lambda _: None).resume(task_id, 0)
    ended = await run_task(kit, task_id)
    assert (ended.stop_reason, (await store.progress(task_id)).qualified) == ("target_met", 120)


async def test_a_run_that_does_not_come_round_in_time_is_overtaken_and_changes_nothing_later(store, home):
    loop = asyncio.get_running_loop()
    async with held_run(store) as (task_id, run, held):
        begun = loop.time()
        assert (await TaskControl(store).stop(task_id)).stop_reason == "stopped"
        assert loop.time() - begun < PATIENCE_SECONDS + 1
        before = rows_of(home, task_id)
        held.let_go.set()
        assert (await run).stop_reason == "stopped"
        assert rows_of(home, task_id) == before


@pytest.mark.parametrize(("order", "reason"), [("pause", "paused"), ("stop", "stopped")])
async def test_a_task_that_nobody_runs_is_ended_all_the_same(store, order, reason):
    task = await store.create(TaskSpec("craft beer breweries", 5, CRITERIA))
    await store.start(task.id)  # and then its command was killed
    ended = await getattr(TaskControl(store), order)(task.id)
    assert (ended.status, ended.stop_reason, ended.is_exhausted) == ("done", reason, False)
    assert (await Service(store, lambda _: None).resume(task.id, 0)).status == "in_progress"


async def test_a_finished_task_stays_as_it_is(store):
    task = await run_task(
        make_kit(store, FakeSource("fake", BREWERS)),
        (await store.create(TaskSpec("craft beer breweries", 5, CRITERIA))).id,
    )
    assert await TaskControl(store).pause(task.id) == task
    assert await TaskControl(store).stop(task.id) == task


async def test_an_order_gives_way_to_a_later_one(store):
    task = await store.create(TaskSpec("craft beer breweries", 5, CRITERIA))
    await store.start(task.id)
    order = asyncio.create_task(TaskControl(store).stop(task.id))
    await asyncio.sleep(0.1)
    await Service(store, lambda _: None).resume(task.id, 0)
    after = await order
    assert (after.status, after.stop_reason) == ("in_progress", None)


async def test_what_a_run_may_not_do_to_a_stopped_task_is_said(store):
    task = await store.create(TaskSpec("q", 5, CRITERIA))
    await store.stop(task.id)
    for put in (
        store.put_candidates(task.id, BREWERS),
        store.put_failures(task.id, [("a", "why")]),
        store.set_source_state(task.id, SourceState("fake", "found", 1)),
    ):
        with pytest.raises(Stopped):
            await put
    assert (await store.progress(task.id)).discovered == 0


async def test_a_task_is_deleted_with_all_its_rows_and_what_was_learned_stays(store, home):
    kit = make_kit(store, FakeSource("fake", BREWERS))
    kept, gone = [(await store.create(TaskSpec("craft beer breweries", 5, CRITERIA))).id for _ in range(2)]
    await run_task(kit, kept)
    alone = counts(home)
    await run_task(kit, gone)
    assert counts(home)["grade"] > alone["grade"]
    await TaskControl(store).delete(gone)
    assert counts(home) == alone | {"task": 1}
    assert counts(home)["profile"] > 0
    with pytest.raises(NotFound):
        await store.task(gone)
    with pytest.raises(NotFound):
        await TaskControl(store).delete(gone)
    assert await store.results(kept)


async def test_a_run_whose_task_is_deleted_ends_quietly_and_leaves_nothing(store, home):
    with capture_logs() as logs:
        async with held_run(store) as (task_id, run, held):
            await TaskControl(store).delete(task_id)
            held.let_go.set()
            with pytest.raises(NotFound):
                await run
    assert logs == []
    left = counts(home)
    assert (left["task"], left["candidate"], left["grade"], left["source_state"]) == (0, 0, 0, 0)


async def test_a_fault_that_follows_from_deleting_is_not_logged_as_one(store):
    kit = make_kit(store, FakeSource("fake", BREWERS))

    class Deleting:
        async def grade(self, *_: object) -> list:
            await store.delete(task_id)
            raise KeyError("what was there")

    task_id = (await store.create(TaskSpec("craft beer breweries", 5, CRITERIA))).id
    with capture_logs() as logs, pytest.raises(NotFound):
        await run_task(Kit(store, kit.planner, kit.sources, kit.enricher, Deleting()), task_id)
    assert logs == []


async def test_a_worker_whose_task_is_deleted_goes_on_with_the_others(store, home):
    kit = make_kit(store, FakeSource("fake", BREWERS))
    held = Held(kit)
    runs = Kit(store, kit.planner, kit.sources, held, kit.grader)
    stop = asyncio.Event()

    async def give() -> Kit:
        return runs

    gone = (await store.create(TaskSpec("craft beer breweries", 120, CRITERIA), is_queued=True)).id
    with capture_logs() as logs:
        working = asyncio.create_task(Worker(store, give).run(stop))
        await asyncio.wait_for(held.reached.wait(), 10)
        await TaskControl(store).delete(gone)
        held.let_go.set()
        other = (await store.create(TaskSpec("craft beer breweries", 5, CRITERIA), is_queued=True)).id
        async with asyncio.timeout(10):
            while (await store.task(other)).status != "done":  # noqa: ASYNC110 - a test may look again
                await asyncio.sleep(0.01)
        stop.set()
        await working
    assert [entry["log_level"] for entry in logs] == ["info"]
    assert not any(rows_of(home, gone).values())


async def test_a_task_deleted_between_two_looks_of_the_worker_ends_no_worker(store, monkeypatch):
    async def listed(*_: object, **__: object) -> list[str]:
        return [first.id]

    async def kit() -> Kit:
        return make_kit(store, FakeSource("fake", BREWERS))

    first = await store.create(TaskSpec("a"), is_queued=True)
    monkeypatch.setattr(store, "queued", listed)
    await store.delete(first.id)
    worker = Worker(store, kit)
    with capture_logs() as logs:
        await worker._take_up()
        await asyncio.gather(*worker._runs.values())
    assert [entry["event"] for entry in logs] == ["run_of_deleted_task_ended"]
    assert worker._runs == {}


async def test_orders_reach_ones_own_tasks_only(store):
    mine = await store.create(TaskSpec("q"), owner_id=(await store.owner("anna")).id)
    other = TaskControl(store, (await store.owner("ben")).id)
    for order in (other.pause, other.stop, other.delete):
        with pytest.raises(NotFound):
            await order(mine.id)
    assert await store.control(mine.id) == "run"
