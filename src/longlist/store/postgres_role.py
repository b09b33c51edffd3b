"""The role of a worker on Postgres: a lock of the session, and a sign of life in table `worker`.

The lock tells whether there is any worker, and keeps an only one from others; the server frees it when the process or its
connection ends. The sign of life, by the server's clock, tells who is silent: after a while others take over what that
one had, and it has to notice by then, so it counts as held only as long as it was heard of not long ago.

The connection lives in a thread with an event loop of its own: a worker that computes for long still lives, and the role
can be taken and left from anywhere.
"""

import asyncio
import contextlib
import threading
import time
from collections.abc import Coroutine, Iterator
from typing import Any, TypeVar

import structlog

from longlist.errors import Conflict, LonglistError, StoreError
from longlist.store.postgres import UPGRADE_SECONDS, Address, bring_postgres_up_to_date

ROLE = 0x776F726B6572  # "worker"
SILENT_SECONDS = 15.0  # without a sign of life: others take over
BEATS = 8  # in that time
HELD = 0.6  # of that time a worker may work on its last sign of life
ANSWER_SECONDS = 30.0
ALONE = "SELECT pg_try_advisory_lock($1)"
SHARED = "SELECT pg_try_advisory_lock_shared($1)"
LOOK = (
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 "
    "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND (classid::bigint << 32) + objid::bigint = $1"
)
NOW = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"
ENTER = f"INSERT INTO worker (id, started_ms, beat_ms) VALUES ($1, {NOW}, {NOW})"  # noqa: S608 - nothing from outside
BEAT = f"UPDATE worker SET beat_ms = {NOW} WHERE id = $1"  # noqa: S608
LEAVE = "UPDATE worker SET beat_ms = 0 WHERE id = $1"  # whoever is there takes over at once, else the next one

T = TypeVar("T")
log = structlog.get_logger()


class PostgresRole:
    """A worker of a database, whatever machine it runs on: one of several with `is_shared`, else the only one.

    `worker_id` names this process, and no other one ever.
    """

    def __init__(
        self, url: str, worker_id: str = "", *, is_shared: bool = False, silent_seconds: float = SILENT_SECONDS
    ) -> None:
        self.worker_id = worker_id
        self.silent_seconds: float | None = silent_seconds if is_shared else None
        self._address = Address(url)
        self._is_shared = is_shared
        self._every = silent_seconds / BEATS
        self._patience = silent_seconds * HELD
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._held: asyncio.Task[None] | None = None
        self._heard = 0.0  # when the server last knew that we live
        self._is_lost = False

    def take(self) -> None:
        """Become a worker until `leave`, or until the process ends. Conflict when another one has to be the only one."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="worker-role", daemon=True)
        self._thread.start()
        try:
            self._done(bring_postgres_up_to_date(self._address), UPGRADE_SECONDS)
            self._done(self._take(), ANSWER_SECONDS)
        except BaseException as error:
            self._end()
            if isinstance(error, TimeoutError):
                raise StoreError(f"The database {self._address.place} did not answer in time. Try again.") from None
            raise

    def leave(self) -> None:
        """Be no worker any more. StoreError when the database does not answer: then it frees the role when it notices."""
        if self._loop is None:
            return
        try:
            self._done(self._leave(), ANSWER_SECONDS)
        except TimeoutError:
            raise StoreError(f"The database {self._address.place} did not answer while a worker left it.") from None
        finally:
            self._end()

    def is_held(self) -> bool:
        """Whether it is still a worker: the server heard of it not long ago, and nobody took over what it has."""
        return not self._is_lost and time.monotonic() - self._heard < self._patience

    def is_taken(self) -> bool:
        """Whether some process is a worker now."""

        async def look() -> bool:
            with self._address.sentences():
                connection = await self._address.connect()
                try:
                    return bool(await connection.fetchval(LOOK, ROLE))
                finally:
                    await connection.close()

        return _elsewhere(look())

    def _done(self, work: Coroutine[Any, Any, object], seconds: float) -> None:
        """Wait until work in the role's own loop is done; TimeoutError when it takes too long."""
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)

    async def _take(self) -> None:
        self._is_lost = False
        connection = await self._locked()
        if connection is None:
            raise Conflict(
                f"Another Longlist server works on the data in {self._address.place}. Use that one, or stop it first."
            )
        with self._address.sentences(), _or_ended(connection):
            await connection.execute(ENTER, self.worker_id)
        self._heard = time.monotonic()
        self._held = asyncio.create_task(self._keep(connection))

    async def _locked(self) -> Any:
        """A connection that holds the lock, None when another holds it."""
        with self._address.sentences():
            connection = await self._address.connect(application_name="longlist worker")
            with _or_ended(connection):
                if await connection.fetchval(SHARED if self._is_shared else ALONE, ROLE):
                    return connection
            await connection.close()
            return None

    async def _keep(self, connection: Any) -> None:
        """Hold the lock and give signs of life; take it again when the connection was lost, unless another took over."""
        try:
            while not self._is_lost:
                await asyncio.sleep(self._every)
                try:
                    if connection is None or connection.is_closed():
                        log.warning("worker_role_lost", database=self._address.place)
                        connection = await self._locked()
                    if connection is None:
                        self._is_lost = True
                        log.error("worker_role_taken_by_another", database=self._address.place)
                        return
                    asked = time.monotonic()
                    with self._address.sentences():
                        done = await connection.execute(BEAT, self.worker_id)
                    self._is_lost = done != "UPDATE 1"
                    self._heard = asked
                except LonglistError as error:
                    log.warning("store_out_of_reach", reason=str(error))
        finally:
            if connection is not None:
                try:
                    await connection.execute(LEAVE, self.worker_id, timeout=2)
                except Exception as error:  # noqa: BLE001 - what is not said now is known when it stays silent
                    log.info("worker_left_in_silence", reason=str(error))
                connection.terminate()

    async def _leave(self) -> None:
        if self._held is not None:
            self._held.cancel()
            await asyncio.gather(self._held, return_exceptions=True)

    def _end(self) -> None:
        if self._loop is not None and self._thread is not None:
            with contextlib.suppress(TimeoutError):
                self._done(_others_ended(), ANSWER_SECONDS)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(ANSWER_SECONDS)
            self._loop.close()
        self._loop = self._thread = self._held = None


@contextlib.contextmanager
def _or_ended(connection: Any) -> Iterator[None]:
    """End the connection, and with it the lock it may hold, unless the block comes to its end."""
    try:
        yield
    except BaseException:
        connection.terminate()
        raise


async def _others_ended() -> None:
    """Cancel what else goes on in this loop, and wait until it has ended: it may hold a connection."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for one in others:
        one.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)  # what was terminated closes its socket in the next turn of the loop


def _elsewhere(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end in a thread and a loop of its own: the caller may be in a loop already."""
    results: list[T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(asyncio.run(work))
        except BaseException as error:  # noqa: BLE001 - raised again below
            errors.append(error)

    thread = threading.Thread(target=run, name="look")
    thread.start()
    thread.join()
    if errors:
        raise errors[0]
    return results[0]
