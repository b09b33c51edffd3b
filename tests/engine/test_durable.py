"""Durable runs: the flow as workflows, on either database, to the same end as plain coroutines over the same rows."""

import asyncio

import pytest
from flow_parts import CRITERIA, flow_kit, outside, role_on, worker_on

from longlist.engine.durable import DurableRuns, file_of
from longlist.engine.durable_worker import DurableWorker
from longlist.engine.kit import Kit
from longlist.engine.search import run_task
from longlist.model.task import Task, TaskSpec
from longlist.store.open import SqlStore
from longlist.store.postgres import is_postgres
from longlist.store.sqlite import sqlite_path
from processes import answering

pytestmark = pytest.mark.slow
COMPANIES = 60


async def outcome(store: SqlStore, task_id: str) -> list:
    return [(r.candidate.key, r.rank_score, r.grades) for r in await store.results(task_id, qualified_only=False)]


async def settled(store: SqlStore, task_id: str, seconds: float = 240) -> Task:
    async with asyncio.timeout(seconds):
        while (await store.mark(task_id)).status not in ("done", "failed"):  # noqa: ASYNC110 - the database is asked
            await asyncio.sleep(0.05)
    return await store.task(task_id)


async def test_a_durable_run_ends_as_a_direct_one(url: str, tmp_path):
    with answering(tmp_path / "log", 0.01) as port:
        role = role_on(url, "dbos", 15)
        await asyncio.to_thread(role.take)
        async with outside(url, 3) as (store, calls):
            kit = flow_kit(store, calls, port, COMPANIES)
            spec = TaskSpec("craft beer breweries", wanted=50, criteria=CRITERIA)
            direct = await run_task(kit, (await store.create(spec)).id)
            queued = await store.create(spec, is_queued=True)
            stop = asyncio.Event()
            work = asyncio.create_task(worker_on(url, "dbos", role, store, kit).run(stop))
            ended = await settled(store, queued.id)
            assert (ended.status, ended.stop_reason, ended.is_exhausted) == ("done", "exhausted", True)
            assert direct.stop_reason == ended.stop_reason
            assert await outcome(store, queued.id) == await outcome(store, direct.id)
            await store.raise_target(queued.id, 60, is_queued=True)
            assert (await settled(store, queued.id)).stop_reason == "exhausted"
            stop.set()
            await work
        await asyncio.to_thread(role.leave)


async def test_runs_of_an_earlier_version_are_begun_anew_and_finished(url: str, tmp_path):
    """As after an upgrade whose workflows look otherwise: what is kept is in the rows."""
    with answering(tmp_path / "log", 0.05) as port:
        role = role_on(url, "dbos", 15)
        await asyncio.to_thread(role.take)
        async with outside(url, 3) as (store, calls):
            kit = flow_kit(store, calls, port, COMPANIES)

            async def ready() -> Kit:
                return kit

            def worker(version: str) -> DurableWorker:
                place = url if is_postgres(url) else file_of(sqlite_path(url))
                return DurableWorker(
                    store,
                    lambda: DurableRuns(
                        place, f"{role.worker_id} {version}", ready, poll=0.1, at_once=4, version=version
                    ),
                    role.worker_id,
                    is_held=role.is_held,
                    silent_seconds=role.silent_seconds,
                    poll=0.1,
                )

            spec = TaskSpec("craft beer breweries", wanted=50, criteria=CRITERIA)
            direct = await run_task(kit, (await store.create(spec)).id)
            queued = await store.create(spec, is_queued=True)
            stop = asyncio.Event()
            earlier = asyncio.create_task(worker("flow-0").run(stop))
            while (await store.progress(queued.id)).enriched == 0:  # noqa: ASYNC110 - the database is asked
                await asyncio.sleep(0.02)
            stop.set()
            await earlier
            assert (await store.mark(queued.id)).status == "in_progress"
            stop = asyncio.Event()
            later = asyncio.create_task(worker("flow-1").run(stop))
            assert (await settled(store, queued.id)).stop_reason == direct.stop_reason
            stop.set()
            await later
            assert [key for key, *_ in await outcome(store, queued.id)] == [
                key for key, *_ in await outcome(store, direct.id)
            ]
        await asyncio.to_thread(role.leave)
