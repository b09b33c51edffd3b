"""Tasks in SQL: the spec, the plan, the control, the counters. Candidates and grades build on it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import Integer, case, func, insert, select, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.ext.asyncio import AsyncConnection

from longlist.errors import InvalidInput, NotFound
from longlist.model.plan import Plan
from longlist.model.task import WANTED_RANGE, Progress, SourceState, StopReason, Task, TaskSpec
from longlist.store.sql import AnyRow, Database, upsert, whole
from longlist.store.store import Control
from longlist.store.tables import candidate as c
from longlist.store.tables import source_state as s
from longlist.store.tables import task as t


class TaskRows:
    """The part of a TaskStore that is about the task itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole
    async def create(self, spec: TaskSpec) -> Task:
        task_id = str(uuid4())
        row = {
            "id": task_id,
            "created_at": datetime.now(UTC),
            "query": spec.query,
            "wanted": spec.wanted,
            "criteria_given": spec.criteria,
            "sources": spec.sources,
            "exclude_domains": tuple(sorted(set(spec.exclude_domains))),
            "exclude_keys": tuple(sorted(set(spec.exclude_keys))),
            "status": "created",
            "is_exhausted": False,
            "run_no": 0,
            "rounds_settled": 0,
            "control": "run",
            "revision": 0,
        }
        async with self._database.writing() as connection:
            await connection.execute(insert(t), row)
            return await self._task(connection, task_id)

    async def task(self, task_id: str) -> Task:
        async with self._database.reading() as connection:
            return await self._task(connection, task_id)

    async def tasks(self, offset: int = 0, limit: int = 20) -> list[Task]:
        async with self._database.reading() as connection:
            newest = select(t).order_by(t.c.created_at.desc(), t.c.id.desc()).offset(offset).limit(limit)
            rows = (await connection.execute(newest)).all()
            states = await _states(connection, [row.id for row in rows])
        return [_task(row, states.get(row.id, ())) for row in rows]

    async def progress(self, task_id: str) -> Progress:
        profiled = c.c.profile_id.is_not(None) & c.c.stage.in_(["enriched", "evaluated", "failed"])
        evaluated = c.c.stage == "evaluated"
        query = (
            select(
                t.c.wanted,
                func.count(c.c.id).label("discovered"),
                count_of(profiled).label("enriched"),
                count_of(evaluated).label("evaluated"),
                count_of(evaluated & c.c.is_qualified).label("qualified"),
            )
            .select_from(t.outerjoin(c, c.c.task_id == t.c.id))
            .where(t.c.id == task_id)
            .group_by(t.c.id, t.c.wanted)
        )
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise _unknown(task_id)
        return Progress(row.discovered, row.enriched, row.evaluated, min(row.qualified, row.wanted))

    async def revision(self, task_id: str) -> int:
        return int(await self._value(task_id, t.c.revision))

    async def start(self, task_id: str) -> Task:
        return await self._change(
            task_id,
            status="in_progress",
            run_no=t.c.run_no + 1,
            is_exhausted=False,
            stop_reason=None,
            failure_reason=None,
        )

    async def finish(self, task_id: str, stop_reason: StopReason, *, is_exhausted: bool) -> Task:
        return await self._change(
            task_id, status="done", stop_reason=stop_reason, is_exhausted=is_exhausted, failure_reason=None
        )

    async def fail(self, task_id: str, reason: str) -> Task:
        return await self._change(task_id, status="failed", stop_reason="failed", failure_reason=reason)

    async def control(self, task_id: str) -> Control:
        return cast("Control", await self._value(task_id, t.c.control))

    async def set_control(self, task_id: str, control: Control) -> None:
        await self._change(task_id, control=control)

    async def raise_target(self, task_id: str, wanted: int) -> Task:
        low, high = WANTED_RANGE
        if not low <= wanted <= high:
            raise InvalidInput(f"A task can want {low} to {high} companies, not {wanted}.", field="wanted")
        rounds = select(func.coalesce(func.max(c.c.round_no), 0)).where(c.c.task_id == task_id).scalar_subquery()
        ended_of_itself = (t.c.status == "done") & t.c.stop_reason.not_in(["paused", "stopped"])
        return await self._change(
            task_id,
            wanted=case((t.c.wanted < wanted, wanted), else_=t.c.wanted),
            rounds_settled=case((ended_of_itself, rounds), else_=t.c.rounds_settled),
            status="in_progress",
            control="run",
            is_exhausted=False,
            stop_reason=None,
            failure_reason=None,
        )

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
            await touch(connection, task_id)
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

    async def _task(self, connection: AsyncConnection, task_id: str) -> Task:
        row = (await connection.execute(select(t).where(t.c.id == task_id))).one_or_none()
        if row is None:
            raise _unknown(task_id)
        return _task(row, (await _states(connection, [task_id])).get(task_id, ()))


async def touch(connection: AsyncConnection, task_id: str, **values: Any) -> None:
    """Count one more change of the task, and set columns of its row; NotFound when there is no such task."""
    change = update(t).where(t.c.id == task_id).values(revision=t.c.revision + 1, **values)
    if (await connection.execute(change)).rowcount == 0:
        raise _unknown(task_id)


def count_of(condition: Any) -> Any:
    """How many rows meet a condition, 0 for none; unlike FILTER on every database."""
    return func.coalesce(func.sum(sql_cast(case((condition, 1), else_=0), Integer)), 0)


def _unknown(task_id: str) -> NotFound:
    return NotFound(f"There is no task {task_id!r}; `longlist tasks` lists those there are.")


async def _states(connection: AsyncConnection, task_ids: Sequence[str]) -> dict[str, tuple[SourceState, ...]]:
    found: dict[str, tuple[SourceState, ...]] = {}
    query = select(s).where(s.c.task_id.in_(task_ids)).order_by(s.c.task_id, s.c.source)
    for row in await connection.execute(query):
        state = SourceState(row.source, row.outcome, row.found, row.reason)
        found[row.task_id] = (*found.get(row.task_id, ()), state)
    return found


def _task(row: AnyRow, states: tuple[SourceState, ...]) -> Task:
    spec = TaskSpec(row.query, row.wanted, row.criteria_given, row.sources, row.exclude_domains, row.exclude_keys)
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
    )
