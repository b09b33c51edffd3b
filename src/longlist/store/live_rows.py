"""What a page that is watched needs, in SQL: the rows that changed since a revision, and how far an owner's tasks are."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from longlist.store.result_rows import ResultRows
from longlist.store.sql import batches
from longlist.store.store import GridGrade, GridRow, Result, TaskChange
from longlist.store.tables import candidate as c
from longlist.store.tables import grade as g
from longlist.store.tables import hand_grade as h
from longlist.store.tables import profile
from longlist.store.tables import task as t
from longlist.store.task_rows import progress_of
from longlist.store.verdicts import reason_of

SHOWN = ("enriched", "evaluated", "failed")  # stages that a grid shows; the rest is only counted


class LiveRows(ResultRows):
    """The part of a TaskStore that tells what is new."""

    async def changes(self, task_id: str, after: int = -1) -> TaskChange:
        async with self._database.reading() as connection:
            task = await self._task(connection, task_id)
            progress = (await progress_of(connection, [task_id]))[task_id]
            times = (await connection.execute(select(t.c.started_at, t.c.ended_at).where(t.c.id == task_id))).one()
            query = (
                select(c, profile.c.data)
                .select_from(c.outerjoin(profile, profile.c.id == c.c.profile_id))
                .where(c.c.task_id == task_id, c.c.rev > after)
                .order_by(c.c.rank_score.desc(), c.c.created_at, c.c.id)
            )
            is_whole = after < 0
            query = query.where(c.c.stage.in_(SHOWN) | (c.c.verdict != "")) if is_whole else query
            rows = (await connection.execute(query)).all()
            shown = [row for row in rows if row.stage in SHOWN or row.verdict]
            keys = [criterion.key for criterion in task.criteria or ()]
            grades = await _grades(connection, [row.id for row in shown], keys)
        return TaskChange(
            task=task,
            progress=progress,
            started_at=times.started_at,
            ended_at=times.ended_at,
            gone=tuple(row.id for row in rows if row.stage not in SHOWN and not row.verdict and row.stage != "found"),
            rows=tuple(
                GridRow(
                    id=row.id,
                    key=row.key,
                    rev=row.rev,
                    stage=row.stage,
                    reason=reason_of(row),
                    verdict=row.verdict,
                    name=(row.data.name if row.data else "") or row.name,
                    domain=row.data.domain if row.data else row.domain,
                    description=row.data.description if row.data else row.snippet,
                    facts=row.data.facts if row.data else None,
                    source=row.source,
                    rank_score=row.rank_score,
                    is_qualified=row.is_qualified and row.stage == "evaluated",
                    created_at=row.created_at,
                    grades=grades.get(row.id, ()),
                )
                for row in shown
            ),
        )

    async def result_with_id(self, task_id: str, result_id: str) -> Result | None:
        query = (
            select(c, profile.c.data)
            .select_from(c.join(profile, profile.c.id == c.c.profile_id))
            .where(c.c.task_id == task_id, c.c.id == result_id)
        )
        async with self._database.reading() as connection:
            task = await self._task(connection, task_id)
            return next(iter(await self._results(connection, task, query, with_texts=True)), None)

    async def revisions(self, owner_id: str, limit: int = 200) -> dict[str, int]:
        newest = select(t.c.id, t.c.revision).where(t.c.owner_id == owner_id).order_by(t.c.created_at.desc(), t.c.id)
        async with self._database.reading() as connection:
            return {row.id: row.revision for row in await connection.execute(newest.limit(limit))}


async def _grades(
    connection: AsyncConnection, ids: Sequence[str], keys: Sequence[str]
) -> dict[str, tuple[GridGrade, ...]]:
    found: dict[str, dict[str, GridGrade]] = {}
    for some in batches(ids):
        graded = (
            select(g.c.candidate_id, g.c.criterion_key, g.c.score, h.c.score.label("by_hand"))
            .select_from(
                g.outerjoin(h, (h.c.candidate_id == g.c.candidate_id) & (h.c.criterion_key == g.c.criterion_key))
            )
            .where(g.c.candidate_id.in_(some))
        )
        for row in await connection.execute(graded):
            one = GridGrade(row.criterion_key, row.score, row.by_hand)
            found.setdefault(row.candidate_id, {})[row.criterion_key] = one
    return {of: tuple(given[key] for key in keys if key in given) for of, given in found.items()}
