"""Runs as workflows of DBOS, shared by all workers of a database: one for each run of a task, one for each batch.

    run of a task ──► begin ──► ask a round ──► open batches ──► batch, batch, … ──► decide ──► finish
                                     ▲                                                  │
                                     └──────────────────── another round ◄──────────────┘

A step is a stage of the flow, "do what is not yet done for these rows", so what DBOS remembers is only what comes next: a
step that is done again reads rows, and a run begun anew (`run_no + 1`) goes on where rows end. Many calls are gathered
inside a step, never in a workflow: there their results would swap on replay. Only workers load this module.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

from dbos import DBOS, DBOSConfig, SetEnqueueOptions, SetWorkflowID, WorkflowHandleAsync
from dbos import DBOSPortableJSONSerializer as Json

from longlist.engine.durable_steps import STAGES, Row, Stage, Step, Steps, row
from longlist.engine.kit import Kit
from longlist.engine.stages import OUTSIDE_AT_ONCE
from longlist.store.postgres import IDLE_SECONDS

VERSION = "flow-2"
"""What workflows look like; a later one, in the order of letters, only when those under way could not go on. A release
does not change it."""

TASKS, BATCHES = "longlist tasks", "longlist batches"  # queues
QUEUES = {"task": TASKS, "batch": BATCHES}  # where workflows of a name go on that were begun without one
TASKS_AT_ONCE = 50  # in a worker; they mostly wait for batches
LEAVE_SECONDS = 10.0


def file_of(database: Path) -> Path:
    """Where DBOS keeps its rows beside a SQLite database."""
    return database.with_name(f"{database.name}.engine")


class DurableRuns:
    """Workflows over a database, taken up by this worker too while it is open. One at a time in a process.

    `place` is the file of `file_of`, where this is the only worker, or the URL of a Postgres, where batches are shared
    with others. `kit` gives the parts, `poll` is how often a free worker looks for work, in seconds. A worker begins its own
    tasks' batches at once while it has less than `at_once` under way, and has as many as that from the queue at most.
    """

    def __init__(
        self,
        place: Path | str,
        worker_id: str,
        kit: Callable[[], Awaitable[Kit]],
        *,
        poll: float,
        at_once: int,
        version: str = VERSION,
    ) -> None:
        self._place = place
        self._worker_id = worker_id
        self._is_alone = isinstance(place, Path)
        self._steps = Steps(kit, is_alone=self._is_alone)
        self._poll = poll
        self._at_once = at_once
        self._version = version
        self._under_way: set[asyncio.Task[Any]] = set()
        self._here: set[str] = set()  # batches under way in this worker
        self._run: Any = None

    async def __aenter__(self) -> Self:
        """Begin to take up what waits. Its tables are made in a thread: done in the loop, it waited for itself."""
        url = await asyncio.to_thread(self._prepared)
        self._register()
        DBOS(
            config=DBOSConfig(
                name="longlist",
                system_database_url=url,
                application_version=self._version,
                executor_id=self._worker_id,
                serializer=Json(),
                run_migrations=False,
                sys_db_pool_size=8,
                log_level="CRITICAL",  # what breaks a run off is told by its step, in a line
                use_listen_notify=False,  # we wait by polling, and a pooler in between may not forward it
                sys_db_idle_transaction_timeout_sec=IDLE_SECONDS,
            )
        )
        DBOS.launch()
        limits = {TASKS: TASKS_AT_ONCE} if self._is_alone else {TASKS: TASKS_AT_ONCE, BATCHES: self._at_once}
        for queue, at_once in limits.items():
            await DBOS.register_queue_async(
                queue, worker_concurrency=at_once, polling_interval_sec=self._poll, on_conflict="always_update"
            )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Break off what is under way: it stays to be done, by whoever inherits it."""
        for work in self._under_way:
            work.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LEAVE_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LEAVE_SECONDS):
                await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        # DBOS gave the loop its own threads, and ended them.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(thread_name_prefix="asyncio"))

    async def begin(self, task_id: str, run_no: int) -> None:
        """See to it that a run is under way or waits for a worker; nothing when it is, or has ended."""
        with SetWorkflowID(name_of(task_id, run_no)):
            await DBOS.enqueue_workflow_async(TASKS, self._run, task_id, run_no)

    async def ended(self, runs: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
        """Those of the runs whose workflow has ended, or is of an earlier version, which nobody may go on with."""
        names = {name_of(task_id, run_no): (task_id, run_no) for task_id, run_no in runs}
        if not names:
            return []
        found = await DBOS.list_workflows_async(workflow_ids=list(names), load_input=False, load_output=False)
        return [
            names[one.workflow_id]
            for one in found
            if one.status not in ("ENQUEUED", "PENDING", "DELAYED") or (one.app_version or "") < self._version
        ]

    async def inherit(self, worker_id: str | None) -> int:
        """Let whoever is free go on with what a worker had; None for all workers but this. Returns how much it was."""
        theirs = await DBOS.list_workflows_async(
            status=["PENDING"], executor_id=worker_id, load_input=False, load_output=False
        )
        left = [one for one in theirs if one.executor_id != self._worker_id]
        for one in left:
            await DBOS.resume_workflow_async(one.workflow_id, queue_name=one.queue_name or QUEUES[one.name])
        return len(left)

    async def clear(self, before: str) -> int:
        """Remove what DBOS remembers of workflows that ended before a time (ISO 8601); tasks keep all of theirs."""
        ended = await DBOS.list_workflows_async(
            status=["SUCCESS", "ERROR", "CANCELLED"],
            completed_before=before,
            limit=1000,
            load_input=False,
            load_output=False,
        )
        await DBOS.delete_workflows_async([one.workflow_id for one in ended])
        return len(ended)

    def _prepared(self) -> str:
        """Make DBOS's own tables, and switch a file to write-ahead logging, which it does not do; returns its URL."""
        url = f"sqlite:///{self._place}"
        if isinstance(self._place, Path):
            with contextlib.closing(sqlite3.connect(self._place, timeout=30)) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
        else:
            url = "postgresql:" + self._place.partition(":")[2]
        DBOS.migrate(url)
        return url

    def _register(self) -> None:
        """Make the workflows known to DBOS, under names that stay."""
        steps = self._steps

        def step(name: str, stage: Stage) -> Step:
            return DBOS.step(name=name)(steps.guarded(name, stage))

        begin, ask, opened = step("begin", steps.begin), step("ask", steps.ask), step("open", steps.open)
        decide, finish = step("decide", steps.decide), step("finish", steps.finish)
        work = steps.guarded("work", steps.work)  # the whole of its workflow, whose outcome is kept: no step besides
        poll, watched = self._poll, self._watched

        async def run_batch(task_id: str, stage: str, number: int, batch: str, keys: list[str]) -> Row:
            name = str(DBOS.workflow_id)
            self._here.add(name)
            try:
                with watched():
                    return await work(task_id, stage, number, batch, keys)
            finally:
                self._here.discard(name)

        batch_workflow = DBOS.workflow(name="batch")(run_batch)

        async def batches(name: str, task_id: str, stage: str, number: int, parts: list[list[str]]) -> list[Row]:
            handles: list[WorkflowHandleAsync[Row]] = []
            names = [f"{name}:{place}" for place in range(1, len(parts) + 1)]
            try:
                for place, keys in enumerate(parts, 1):
                    batch = (task_id, stage, number, name, keys)
                    with SetWorkflowID(names[place - 1]):
                        # What a free worker may begin at once waits for nobody to look into the queue.
                        if len(self._here) < self._at_once:
                            self._here.add(names[place - 1])
                            handles.append(await DBOS.start_workflow_async(batch_workflow, *batch))
                            continue
                        # Earlier batches first, whatever task they are of: a large one does not keep a small one waiting.
                        with SetEnqueueOptions(priority=place):
                            handles.append(await DBOS.enqueue_workflow_async(BATCHES, batch_workflow, *batch))
                return [await handle.get_result(polling_interval_sec=poll) for handle in handles]
            finally:
                self._here.difference_update(names)  # those that were done elsewhere, after a takeover

        async def stage_of(name: str, task_id: str, stage: str, number: int) -> Row:
            turn = 0
            while True:
                turn += 1
                found = await opened(task_id, stage, number)
                if found["end"] or found["spent"] or not found["parts"]:
                    return found
                outcomes = await batches(f"{name}:{turn}", task_id, stage, number, found["parts"])
                end = next((one["end"] for one in outcomes if one["end"]), None)
                if end or any(one["spent"] for one in outcomes):
                    return row(end=end, spent=any(one["spent"] for one in outcomes))

        async def rounds(name: str, task_id: str) -> Row:
            number = 0
            while True:
                number += 1
                done = await ask(task_id, number)
                is_spent = done["spent"]
                for stage in STAGES:
                    if not done["end"]:
                        done = await stage_of(f"{name}:{number}:{stage}", task_id, stage, number)
                        is_spent = is_spent or done["spent"]
                end = done["end"] or (await decide(task_id, number, is_spent))["end"]
                if end:
                    return row(end=end)

        async def run_task(task_id: str, run_no: int) -> str:
            with watched():
                turn = 0
                while True:  # an order that came while a run was ending begins the next
                    turn += 1
                    begun = await begin(task_id)
                    end = begun["end"] or (await rounds(f"{name_of(task_id, run_no)}:{turn}", task_id))["end"]
                    if (await finish(task_id, begun["orders"], end)).get("is_ended", True):
                        return str(end["reason"])

        self._run = DBOS.workflow(name="task")(run_task)

    @contextlib.contextmanager
    def _watched(self) -> Any:
        """Know what is under way, to break it off at the end."""
        task = asyncio.current_task()
        assert task is not None
        self._under_way.add(task)
        try:
            yield
        finally:
            self._under_way.discard(task)


def name_of(task_id: str, run_no: int) -> str:
    """The workflow of a run."""
    return f"task:{task_id}:run:{run_no}"


def at_once_for(calls: int) -> int:
    """How many batches a worker has under way that may have so many calls under way."""
    return max(2, min(2 * OUTSIDE_AT_ONCE, calls // 20))
