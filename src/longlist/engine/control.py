"""Ending tasks from outside, from any process: pause, stop, delete. Needs the store alone, no index and no model.

An order is a mark on the task's row that its run heeds between two steps, whoever runs it. Where nobody does (the
command was killed, no server is there) the task is ended from here once the run had its time.
"""

import asyncio

from longlist.engine.reader import own_task
from longlist.errors import NotFound
from longlist.language.words import fold
from longlist.model.company import Candidate
from longlist.model.task import StopReason, Task
from longlist.store.store import TaskStore

PATIENCE_SECONDS = 2.0  # a run heeds an order within this time, or there is none
LOOK_SECONDS = 0.05


class TaskControl:
    """Orders to the tasks of one owner, or to all (None) for whoever may read the data directory."""

    def __init__(self, store: TaskStore, owner_id: str | None = None) -> None:
        self._store = store
        self._owner_id = owner_id

    async def pause(self, task_id: str) -> Task:
        """The task, paused: no new work starts, what was under way is kept. A finished one stays as it is."""
        task = await own_task(self._store, task_id, self._owner_id)
        return await self._at_rest(await self._store.pause(task.id), "paused")

    async def stop(self, task_id: str) -> Task:
        """The task, stopped: nothing of it changes any more, until it is resumed. A finished one stays as it is."""
        task = await own_task(self._store, task_id, self._owner_id)
        return await self._at_rest(await self._store.stop(task.id), "stopped")

    async def delete(self, task_id: str) -> None:
        """End the task's run, then remove the task with its candidates and grades. What was learned of companies stays."""
        task = await self.stop(task_id)
        await self._store.delete(task.id)

    async def unmerge(self, task_id: str, company: str) -> Candidate:
        """Take a company apart again from the one it was merged into; by its key, domain or name.

        NotFound when none is called so, Conflict when none of those was merged. To have it graded, go on with the task.
        """
        task = await own_task(self._store, task_id, self._owner_id)
        asked = fold(company).strip()
        states = await self._store.candidates(task.id)
        named = [
            one for one in states if asked in {fold(one.candidate.key), one.candidate.domain, fold(one.candidate.name)}
        ]
        if not named:
            raise NotFound(f"{company} is not among the companies found in this task.")
        found = next((one for one in named if one.stage == "merged"), named[0])
        await self._store.unmerge(task.id, found.candidate.key)
        return found.candidate

    async def _at_rest(self, task: Task, reason: StopReason) -> Task:
        """The task once it has ended, or another order came; ended here when nobody else did in time."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE_SECONDS
        while (mark := await self._store.mark(task.id)).status not in ("done", "failed"):
            if mark.orders != task.orders:
                break
            if loop.time() > end:
                return await self._store.finish(task.id, reason, is_exhausted=False, orders=task.orders)
            await asyncio.sleep(LOOK_SECONDS)
        return await self._store.task(task.id)
