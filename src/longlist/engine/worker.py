"""The worker: runs the tasks that wait for one, several at a time, until it is told to stop.

Nothing is remembered here. Which tasks wait is asked of the store, so a worker that was killed, started again, goes on
with what it was at.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import structlog
from filelock import FileLock, Timeout

from longlist.engine.kit import Kit
from longlist.engine.search import run_task
from longlist.errors import Conflict, LonglistError, NotFound, StoreError
from longlist.store.store import TaskStore

AT_ONCE = 10  # tasks run side by side; the others wait their turn, oldest first
POLL_SECONDS = 0.1  # how long a new task may wait unseen
LOOK_SECONDS = 1.0  # whoever only looks whether there is a worker holds the lock for a moment
RETRY_SECONDS = 5.0  # after the store or the catalogue could not be used

log = structlog.get_logger()


class Role(Protocol):
    """Who is a worker of a database: one process at a time, or several where `silent_seconds` is set: after so long
    without a sign of life the others take over what one had. `worker_id` names this process, and no other one ever.
    """

    worker_id: str
    silent_seconds: float | None

    def take(self) -> None:
        """Become the worker until `leave`, or until the process ends. Conflict when another process is it."""

    def leave(self) -> None:
        """Be the worker no more."""

    def is_held(self) -> bool:
        """Whether this process still is what it took."""

    def is_taken(self) -> bool:
        """Whether some process is the worker now."""


class Work(Protocol):
    """What runs queued tasks until it is told to stop."""

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set."""


class WorkerRole:
    """The role on a machine of its own: known by a lock on `file` that ends with the process."""

    silent_seconds: float | None = None

    def __init__(self, file: Path, worker_id: str = "") -> None:
        self.worker_id = worker_id
        self._file = file
        self._lock = FileLock(file, thread_local=False)

    def take(self) -> None:
        """Become the worker until `leave`, or until the process ends. Conflict when another process is it."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=LOOK_SECONDS)
        except Timeout:
            raise Conflict(
                f"Another Longlist server works on the data in {self._file.parent}. Use that one, stop it first, or set "
                "LONGLIST_HOME to another folder."
            ) from None
        except OSError as error:
            raise StoreError(
                f"The data directory {self._file.parent} cannot be used ({error.strerror}); set LONGLIST_HOME to a "
                "folder that can be written."
            ) from error

    def leave(self) -> None:
        """Be the worker no more."""
        self._lock.release()

    def is_held(self) -> bool:
        """Whether this process still is the worker; a lock on a file is not lost."""
        return self._lock.is_locked

    def is_taken(self) -> bool:
        """Whether some process is the worker now."""
        if not self._file.exists():
            return False
        try:
            self._lock.acquire(timeout=0)
        except (Timeout, OSError):
            return True
        self._lock.release()
        return False


class Worker:
    """Runs queued tasks. `kit` gives the parts, anew for each task, so that a changed catalogue is heeded."""

    def __init__(
        self,
        store: TaskStore,
        kit: Callable[[], Awaitable[Kit]],
        *,
        at_once: int = AT_ONCE,
        is_held: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._kit = kit
        self._at_once = at_once
        self._is_held = is_held  # the role; one that lost it must not work beside the next
        self._runs: dict[str, asyncio.Task[None]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then runs are broken off, which costs what was not yet saved and nothing else.

        StoreError when it is the worker no more.
        """
        try:
            while not stop.is_set():
                if not self._is_held():
                    raise StoreError("This process is the worker no more; another goes on with its work.")
                await self._take_up()
                await self._pause_for(POLL_SECONDS, stop)
        finally:
            runs = list(self._runs.values())
            for run in runs:
                run.cancel()
            await asyncio.gather(*runs, return_exceptions=True)

    async def _take_up(self) -> None:
        """Start what waits, as far as there is room. A task that somebody paused needs no room: it only ends."""
        try:
            for task_id in await self._store.queued(only_stopping=True):
                self._begin(task_id)
            for task_id in await self._store.queued(self._at_once + len(self._runs)):
                if len(self._runs) < self._at_once:
                    self._begin(task_id)
        except StoreError as error:
            log.warning("store_out_of_reach", reason=str(error))
            await asyncio.sleep(RETRY_SECONDS)

    def _begin(self, task_id: str) -> None:
        if task_id not in self._runs:
            self._runs[task_id] = asyncio.create_task(self._run(task_id))

    async def _run(self, task_id: str) -> None:
        try:
            # It may have ended since it was asked what waits.
            await run_task(await self._kit(), task_id, only_unfinished=True)
        except NotFound:
            log.info("run_of_deleted_task_ended", task=task_id)
        except LonglistError as error:  # the task stays queued: what it needs may be back by then
            log.warning("run_broken_off", task=task_id, reason=str(error))
            await asyncio.sleep(RETRY_SECONDS)
        except Exception:  # the edge of a run: one that cannot begin must not end the others
            log.exception("run_broken_off", task=task_id)
            await asyncio.sleep(RETRY_SECONDS)
        finally:
            self._runs.pop(task_id, None)

    async def _pause_for(self, seconds: float, stop: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(stop.wait(), seconds)
        except TimeoutError:
            return
