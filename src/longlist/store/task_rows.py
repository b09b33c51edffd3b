"""Tasks in SQL: the spec, the plan, the control, the counters. Candidates and grades build on it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Integer, case, delete, func, insert, select, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.ext.asyncio import AsyncConnection

from longlist.errors import InvalidInput, NotFound, Stopped
from longlist.model.access import LOCAL_OWNER
from longlist.model.plan import Plan
from longlist.model.table import TableLink
from longlist.model.task import WANTED_RANGE, Progress, SourceState, StopReason, Task, TaskSpec
from longlist.store.sql import AnyRow, Database, batches, upsert, whole
from longlist.store.store import Control, Mark
from longlist.store.table_task_rows import put_link
from longlist.store.tables import candidate as c
from longlist.store.tables import round_ as r
from longlist.store.tables import source_state as s
from longlist.store.tables import task as t

_MARK = "SELECT owner_id, revision, orders, status FROM task WHERE id = :id"


class TaskRows:
    """The part of a TaskStore that is about the task itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole
    async def create(
        self,
        spec: TaskSpec,
        *,
        owner_id: str = LOCAL_OWNER,
        is_queued: bool = False,
        table: TableLink | None = None,
    ) -> Task:
        spec = replace(
            spec,
            exclude_domains=tuple(sorted(set(spec.exclude_domains))),
            exclude_keys=tuple(sorted(set(spec.exclude_keys))),
        )
        made = Task(
            str(uuid4()),
            spec,
            "created",
            datetime.now(UTC),
            spec.criteria,
            owner_id=owner_id,
            is_queued=is_queued,
            table_id=None if table is None else table.table_id,
        )
        row = {
            "id": made.id,
            "owner_id": owner_id,
            "created_at": made.created_at,
            "query": spec.query,
            "wanted": spec.wanted,
            "criteria_given": spec.criteria,
            "sources": spec.sources,
            "exclude_domains": spec.exclude_domains,
            "exclude_keys": spec.exclude_keys,
            "caps": spec.caps,
            "status": "created",
            "is_exhausted": False,
            "run_no": 1,
            "rounds_settled": 0,
            "control": "run",
            "orders": 0,
            "is_queued": is_queued,
            "revision": 0,
            "table_id": made.table_id,
        }
        async with self._database.writing() as connection:
            await connection.execute(insert(t), row)
            if table is not None:
                await put_link(connection, made.id, table)
        return made

    async def task(self, task_id: str) -> Task:
        async with self._database.reading() as connection:
            return await self._task(connection, task_id)

    async def tasks(self, offset: int = 0, limit: int = 20, *, owner_id: str | None = None) -> list[Task]:
        newest = select(t).order_by(t.c.created_at.desc(), t.c.id.desc()).offset(offset).limit(limit)
        if owner_id is not None:
            newest = newest.where(t.c.owner_id == owner_id)
        async with self._database.reading() as connection:
            rows = (await connection.execute(newest)).all()
            states = await _states(connection, [row.id for row in rows])
        return [_task(row, states.get(row.id, ())) for row in rows]

    async def task_count(self, owner_id: str) -> int:
        async with self._database.reading() as connection:
            counted = await connection.execute(select(func.count()).where(t.c.owner_id == owner_id))
            return int(counted.scalar_one())

    async def queued(self, limit: int | None = None, *, only_stopping: bool = False) -> list[str]:
        waiting = select(t.c.id).where(t.c.is_queued, t.c.status.in_(["created", "in_progress"]))
        if only_stopping:
            waiting = waiting.where(t.c.control != "run")
        async with self._database.reading() as connection:
            return list((await connection.execute(waiting.order_by(t.c.created_at, t.c.id).limit(limit))).scalars())

    async def progress(self, task_id: str) -> Progress:
        counted = await self.progress_of([task_id])
        if task_id not in counted:
            raise _unknown(task_id)
        return counted[task_id]

    async def progress_of(self, task_ids: Collection[str]) -> dict[str, Progress]:
        async with self._database.reading() as connection:
            return await progress_of(connection, task_ids)

    async def revision(self, task_id: str) -> int:
        return (await self.mark(task_id)).revision

    async def mark(self, task_id: str) -> Mark:
        row = await self._database.point(_MARK, id=task_id)
        if row is None:
            raise _unknown(task_id)
        return Mark(*row)

    @whole
    async def start(self, task_id: str, *, only_unfinished: bool = False) -> Task:
        async with self._database.writing() as connection:
            before = await self._task(connection, task_id, is_locked=True)
            if only_unfinished and before.status in ("done", "failed"):
                return before
            await touch(
                connection,
                task_id,
                status="in_progress",
                started_at=datetime.now(UTC),
                ended_at=None,
                is_exhausted=False,
                stop_reason=None,
                failure_reason=None,
            )
            return await self._task(connection, task_id)

    async def finish(
        self, task_id: str, stop_reason: StopReason, *, is_exhausted: bool, orders: int | None = None
    ) -> Task:
        ending = {"stop_reason": stop_reason, "is_exhausted": is_exhausted, "failure_reason": None}
        return await self._end(task_id, orders, status="done", **ending)

    async def fail(self, task_id: str, reason: str, *, orders: int | None = None) -> Task:
        return await self._end(task_id, orders, status="failed", stop_reason="failed", failure_reason=reason)

    @whole
    async def _end(self, task_id: str, orders: int | None, **values: Any) -> Task:
        async with self._database.writing() as connection:
            before = await self._task(connection, task_id, is_locked=True)
            if orders is not None and before.orders != orders:
                return before
            await touch(connection, task_id, ended_at=datetime.now(UTC), **values)
            return await self._task(connection, task_id)

    async def control(self, task_id: str) -> Control:
        return cast("Control", await self._value(task_id, t.c.control))

    async def set_control(self, task_id: str, control: Control) -> None:
        await self._change(task_id, control=control, orders=t.c.orders + 1)

    async def pause(self, task_id: str) -> Task:
        return await self._order(task_id, "pause")

    async def stop(self, task_id: str) -> Task:
        return await self._order(task_id, "stop")

    @whole
    async def delete(self, task_id: str) -> None:
        async with self._database.writing() as connection:
            if (await connection.execute(delete(t).where(t.c.id == task_id))).rowcount == 0:
                raise _unknown(task_id)

    @whole
    async def _order(self, task_id: str, control: Control) -> Task:
        async with self._database.writing() as connection:
            before = await self._task(connection, task_id, is_locked=True)
            if before.status in ("done", "failed"):
                return before
            ended: dict[str, Any] = {"is_queued": True}  # so that a worker sees to it, should nobody run it
            if before.status == "created":
                ended = {"status": "done", "stop_reason": "paused" if control == "pause" else "stopped"}
            await touch(connection, task_id, control=control, orders=t.c.orders + 1, **ended)
            return await self._task(connection, task_id)

    @whole
    async def raise_target(self, task_id: str, wanted: int, *, is_queued: bool = False) -> Task:
        low, high = WANTED_RANGE
        if not low <= wanted <= high:
            raise InvalidInput(f"A task can want {low} to {high} companies, not {wanted}.", field="wanted")
        rounds = select(func.coalesce(func.max(c.c.round_no), 0)).where(c.c.task_id == task_id).scalar_subquery()
        ended_of_itself = (t.c.status == "done") & t.c.stop_reason.not_in(["paused", "stopped", "budget"])
        async with self._database.writing() as connection:
            await self._task(connection, task_id, is_locked=True)  # so that nobody adds a round while they are counted
            again = update(r).where(r.c.task_id == task_id, ~r.c.is_whole)
            await connection.execute(again.values(is_done=False))
            await touch(
                connection,
                task_id,
                wanted=case((t.c.wanted < wanted, wanted), else_=t.c.wanted),
                rounds_settled=case((ended_of_itself, rounds), else_=t.c.rounds_settled),
                status="in_progress",
                control="run",
                orders=t.c.orders + 1,
                run_no=t.c.run_no + 1,
                is_queued=is_queued,
                is_exhausted=False,
                stop_reason=None,
                failure_reason=None,
                ended_at=None,
            )
            return await self._task(connection, task_id)

    async def put_plan(self, task_id: str, plan: Plan) -> None:
        await self._change(task_id, plan=plan)

    async def plan(self, task_id: str) -> Plan | None:
        return cast("Plan | None", await self._value(task_id, t.c.plan))

    @whole
    async def set_source_state(self, task_id: str, state: SourceState) -> None:
        row = {
            "task_id": task_id,
            "source": state.source,
            "outcome": state.outcome,
            "found": state.found,
            "reason": state.reason,
        }
        async with self._database.writing() as connection:
            await touch_as_run(connection, task_id)
            await upsert(connection, s, [row], ["outcome", "found", "reason"])

    async def source_states(self, task_id: str) -> tuple[SourceState, ...]:
        return (await self.task(task_id)).source_states

    async def _value(self, task_id: str, column: Any) -> Any:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(column).where(t.c.id == task_id))).one_or_none()
        if row is None:
            raise _unknown(task_id)
        return row[0]

    @whole
    async def _change(self, task_id: str, **values: Any) -> Task:
        async with self._database.writing() as connection:
            await touch(connection, task_id, **values)
            return await self._task(connection, task_id)

    async def _task(self, connection: AsyncConnection, task_id: str, *, is_locked: bool = False) -> Task:
        """The task; `is_locked` keeps its row from changing until the transaction ends."""
        query = select(t).where(t.c.id == task_id)
        row = (await connection.execute(query.with_for_update() if is_locked else query)).one_or_none()
        if row is None:
            raise _unknown(task_id)
        return _task(row, (await _states(connection, [task_id])).get(task_id, ()))


async def progress_of(connection: AsyncConnection, task_ids: Collection[str]) -> dict[str, Progress]:
    """The counters of tasks by id, unknown ids left out."""
    profiled = c.c.profile_id.is_not(None) & c.c.stage.in_(["enriched", "evaluated", "failed"])
    evaluated = c.c.stage == "evaluated"
    query = (
        select(
            t.c.id,
            t.c.wanted,
            func.count(c.c.id).label("discovered"),
            count_of(profiled).label("enriched"),
            count_of(evaluated).label("evaluated"),
            count_of(evaluated & c.c.is_qualified).label("qualified"),
        )
        .select_from(t.outerjoin(c, c.c.task_id == t.c.id))
        .group_by(t.c.id, t.c.wanted)
    )
    counted: dict[str, Progress] = {}
    for some in batches(dict.fromkeys(task_ids)):
        for row in await connection.execute(query.where(t.c.id.in_(some))):
            qualified = min(row.qualified, row.wanted)
            counted[row.id] = Progress(row.discovered, row.enriched, row.evaluated, qualified)
    return counted


async def touch(connection: AsyncConnection, task_id: str, **values: Any) -> None:
    """Count one more change of the task, and set columns of its row; NotFound when there is no such task."""
    change = update(t).where(t.c.id == task_id).values(revision=t.c.revision + 1, **values)
    if (await connection.execute(change)).rowcount == 0:
        raise _unknown(task_id)


async def touch_as_run(connection: AsyncConnection, task_id: str) -> None:
    """As `touch`, for what a run writes: Stopped when the user stopped the task, so that nothing more is changed."""
    change = update(t).where(t.c.id == task_id, t.c.control != "stop").values(revision=t.c.revision + 1)
    if (await connection.execute(change)).rowcount:
        return
    if (await connection.execute(select(t.c.id).where(t.c.id == task_id))).one_or_none() is None:
        raise _unknown(task_id)
    raise Stopped(f"The task {task_id} was stopped; nothing more is changed in it.")


def count_of(condition: Any) -> Any:
    """How many rows meet a condition, 0 for none; unlike FILTER on every database."""
    return func.coalesce(func.sum(sql_cast(case((condition, 1), else_=0), Integer)), 0)


def _unknown(task_id: str) -> NotFound:
    return NotFound(f"There is no task {task_id!r}.")


async def _states(connection: AsyncConnection, task_ids: Sequence[str]) -> dict[str, tuple[SourceState, ...]]:
    found: dict[str, tuple[SourceState, ...]] = {}
    query = select(s).where(s.c.task_id.in_(task_ids)).order_by(s.c.task_id, s.c.source)
    for row in await connection.execute(query):
        state = SourceState(row.source, row.outcome, row.found, row.reason)
        found[row.task_id] = (*found.get(row.task_id, ()), state)
    return found


def _task(row: AnyRow, states: tuple[SourceState, ...]) -> Task:
    spec = TaskSpec(
        row.query, row.wanted, row.criteria_given, row.sources, row.exclude_domains, row.exclude_keys, row.caps
    )
    return Task(
        id=row.id,
        spec=spec,
        status=row.status,
        created_at=row.created_at,
        criteria=row.plan.criteria if row.plan else row.criteria_given,
        is_exhausted=row.is_exhausted,
        stop_reason=row.stop_reason,
        failure_reason=row.failure_reason,
        source_states=states,
        rounds_settled=row.rounds_settled,
        owner_id=row.owner_id,
        is_queued=row.is_queued,
        orders=row.orders,
        revision=row.revision,
        table_id=row.table_id,
    )
