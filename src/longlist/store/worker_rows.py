"""The processes that run tasks, in SQL: who is silent, and who inherits from whom."""

import contextlib
from collections.abc import AsyncIterator

from sqlalchemy import delete, select, update

from longlist.store.ledger_rows import clock_ms
from longlist.store.sql import Database, upsert, whole
from longlist.store.tables import task as t
from longlist.store.tables import worker as w
from longlist.store.task_rows import TaskRows


class WorkerRows(TaskRows):
    """A WorkerStore in SQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole
    async def beat(self, worker_id: str, *, is_new: bool = False) -> bool:
        async with self._database.writing() as connection:
            now = (await connection.execute(select(clock_ms()))).scalar_one()
            if is_new:
                await upsert(connection, w, [{"id": worker_id, "started_ms": now, "beat_ms": now}], ["beat_ms"])
                return True
            beat = update(w).where(w.c.id == worker_id).values(beat_ms=now)
            return (await connection.execute(beat)).rowcount > 0

    async def workers(self) -> dict[str, float]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(w.c.id, clock_ms() - w.c.beat_ms))).all()
        return {name: ago / 1000 for name, ago in rows}

    @contextlib.asynccontextmanager
    async def inheriting(self, worker_id: str, silent_seconds: float) -> AsyncIterator[bool]:
        silent = clock_ms() - w.c.beat_ms >= round(silent_seconds * 1000)
        query = select(w.c.id).where(w.c.id == worker_id, silent).with_for_update(skip_locked=True)
        async with self._database.writing() as connection:
            is_ours = (await connection.execute(query)).one_or_none() is not None
            yield is_ours
            if is_ours:
                await connection.execute(delete(w).where(w.c.id == worker_id))

    @whole
    async def forget_worker(self, worker_id: str) -> None:
        async with self._database.writing() as connection:
            await connection.execute(delete(w).where(w.c.id == worker_id))

    async def unfinished_runs(self, limit: int | None = None) -> list[tuple[str, int]]:
        waiting = select(t.c.id, t.c.run_no).where(t.c.is_queued, t.c.status.in_(["created", "in_progress"]))
        async with self._database.reading() as connection:
            rows = await connection.execute(waiting.order_by(t.c.created_at, t.c.id).limit(limit))
            return [(row.id, row.run_no) for row in rows]

    @whole
    async def next_run(self, task_id: str, run_no: int) -> None:
        change = update(t).where(t.c.id == task_id, t.c.run_no == run_no).values(run_no=run_no + 1)
        async with self._database.writing() as connection:
            await connection.execute(change)
