"""A call under way that several may wait for, and what users want of tasks, known for half a second at most."""

import asyncio
from collections.abc import Awaitable, Callable

from longlist.errors import Stopped
from longlist.model.call import Answer
from longlist.store.store import Control

LOOK_SECONDS = 0.5  # how long a control that was read is taken to hold
MOST_SEEN = 10_000  # tasks whose control is remembered


class Abandoned(Exception):
    """Nobody waited for a call that had not left, so it was given up; whoever came too late asks again."""


class Flight:
    """One call under way. Whoever asks the same joins it; when nobody waits any more and it has not left, it is off."""

    work: "asyncio.Task[Answer]"

    def __init__(self, task_id: str | None) -> None:
        self.task_id = task_id
        self.has_left = False
        self._waiting = 0

    async def joined(self) -> Answer:
        """The answer, once it is recorded. Being cancelled does not break off what has left."""
        self._waiting += 1
        try:
            return await asyncio.shield(self.work)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self.work.cancelled() and task is not None and not task.cancelling():
                raise Abandoned from None
            raise
        finally:
            self._waiting -= 1
            if not self._waiting and not self.has_left and not self.work.done():
                self.work.cancel()


class Orders:
    """What users want of tasks, asked of the store at most twice a second for each task, however many calls it makes."""

    def __init__(self, control: Callable[[str], Awaitable[Control]], clock: Callable[[], float]) -> None:
        self._control = control
        self._clock = clock
        self._seen: dict[str, tuple[float, Control]] = {}
        self._looks: dict[str, asyncio.Task[Control]] = {}

    async def heed(self, task_id: str) -> None:
        """Raise Stopped when the user wants the task to pause or stop."""
        at, control = self._seen.get(task_id, (float("-inf"), "run"))
        if self._clock() - at >= LOOK_SECONDS:
            control = await self._look(task_id)
        if control != "run":
            raise Stopped(f"The task was {'paused' if control == 'pause' else 'stopped'}, so no new call leaves.")

    async def _look(self, task_id: str) -> Control:
        look = self._looks.get(task_id)
        if look is None:
            look = self._looks[task_id] = asyncio.create_task(self._ask(task_id))
        return await asyncio.shield(look)

    async def _ask(self, task_id: str) -> Control:
        at = self._clock()
        try:
            control = await self._control(task_id)
        finally:
            del self._looks[task_id]
        if len(self._seen) >= MOST_SEEN:
            self._seen.clear()
        self._seen[task_id] = (at, control)
        return control
