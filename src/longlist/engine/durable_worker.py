"""The worker over durable runs: sees that every queued task has a run, and takes over what silent workers had."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from longlist.engine.owners import is_gone_here
from longlist.errors import StoreError
from longlist.store.store import WorkerStore

LOOK_SECONDS = 1.0  # between two looks at other workers, and at runs that ended before their task
CLEAR_SECONDS = 3600.0
KEPT = timedelta(days=1)  # what is remembered of workflows that have ended
RETRY_SECONDS = 5.0

log = structlog.get_logger()


class Runs(Protocol):
    """What runs tasks durably: `durable.DurableRuns`."""

    async def begin(self, task_id: str, run_no: int) -> None:
        """See to it that a run is under way, or waits for a worker."""

    async def ended(self, runs: list[tuple[str, int]]) -> list[tuple[str, int]]:
        """Those of the runs that have ended."""

    async def inherit(self, worker_id: str | None) -> int:
        """Let whoever is free go on with what a worker had; None for all workers but this."""

    async def clear(self, before: str) -> int:
        """Forget runs that ended before a time."""


class DurableWorker:
    """A worker among others. `is_held` says whether it still is one; `silent_seconds` is after how long without a sign of
    life another's work is taken over, None where this is the only worker there may be.
    """

    def __init__(
        self,
        store: WorkerStore,
        runs: Callable[[], AbstractAsyncContextManager[Runs]],
        worker_id: str,
        *,
        is_held: Callable[[], bool],
        silent_seconds: float | None,
        poll: float,
    ) -> None:
        self._store = store
        self._runs = runs
        self._worker_id = worker_id
        self._is_held = is_held
        self._silent_seconds = silent_seconds
        self._poll = poll
        self._begun: set[tuple[str, int]] = set()
        self._has_looked = False  # where nobody else may be a worker, once is enough

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set. StoreError when it is a worker no more: another took over what it had."""
        loop = asyncio.get_running_loop()
        looked = cleared = float("-inf")
        async with self._runs() as runs:
            while not stop.is_set():
                if not self._is_held():
                    raise StoreError("This worker gave no sign of life for too long; others go on with its work.")
                try:
                    waiting = await self._store.unfinished_runs()
                    await self._take_up(runs, waiting)
                    if loop.time() - looked > LOOK_SECONDS:
                        await self._look(runs, waiting)
                        looked = loop.time()
                    if loop.time() - cleared > CLEAR_SECONDS:
                        await runs.clear((datetime.now(UTC) - KEPT).isoformat())
                        cleared = loop.time()
                except StoreError as error:
                    log.warning("store_out_of_reach", reason=str(error))
                    await _wait(stop, RETRY_SECONDS)
                await _wait(stop, self._poll)

    async def _take_up(self, runs: Runs, waiting: list[tuple[str, int]]) -> None:
        """Begin the runs that were not begun yet."""
        self._begun &= set(waiting)
        for task_id, run_no in waiting:
            if (task_id, run_no) not in self._begun:
                await runs.begin(task_id, run_no)
                self._begun.add((task_id, run_no))

    async def _look(self, runs: Runs, waiting: list[tuple[str, int]]) -> None:
        """Take over from workers that are gone; run anew what ended before its task did, as after a fault."""
        for task_id, run_no in await runs.ended(waiting):
            if (task_id, run_no) in await self._store.unfinished_runs():  # else the task ended between two questions
                log.info("run_begins_again", task=task_id, run=run_no)
                await self._store.next_run(task_id, run_no)
        if self._silent_seconds is None:
            if not self._has_looked:
                await runs.inherit(None)
                self._has_looked = True
            return
        for worker_id, ago in (await self._store.workers()).items():
            silent = 0.0 if is_gone_here(worker_id) else self._silent_seconds
            if worker_id == self._worker_id or ago < silent:
                continue
            async with self._store.inheriting(worker_id, silent) as is_ours:
                if is_ours:
                    log.info("worker_inherits", worker=worker_id, runs=await runs.inherit(worker_id))


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
