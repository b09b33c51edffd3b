"""Rounds in SQL: what was asked, what it yielded, and how each source came upon each company."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from longlist.model.company import Candidate, Sighting
from longlist.model.round import Round, Yield
from longlist.store.sql import upsert, whole
from longlist.store.tables import candidate as c
from longlist.store.tables import round_ as r
from longlist.store.tables import sighting as s
from longlist.store.task_rows import TaskRows, count_of, touch_as_run


class RoundRows(TaskRows):
    """The part of a TaskStore that is about rounds."""

    async def rounds(self, task_id: str) -> tuple[Round, ...]:
        await self.task(task_id)
        query = select(r).where(r.c.task_id == task_id).order_by(r.c.number)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(Round(row.number, row.freshness, row.angles, row.is_done, row.is_whole) for row in rows)

    @whole
    async def put_round(self, task_id: str, asked: Round) -> None:
        row = {
            "task_id": task_id,
            "number": asked.number,
            "freshness": asked.freshness,
            "angles": asked.angles,
            "is_done": asked.is_done,
            "is_whole": asked.is_whole,
        }
        async with self._database.writing() as connection:
            await touch_as_run(connection, task_id)
            await upsert(connection, r, [row], ["freshness", "angles", "is_done", "is_whole"])

    async def found_in_round(self, task_id: str, number: int) -> frozenset[str]:
        query = select(c.c.key).where(c.c.task_id == task_id, c.c.round_no == number)
        async with self._database.reading() as connection:
            return frozenset((await connection.execute(query)).scalars())

    async def yields(self, task_id: str) -> tuple[Yield, ...]:
        qualified = count_of((c.c.stage == "evaluated") & c.c.is_qualified)
        query = (
            select(c.c.round_no, c.c.found_by, func.count(), qualified)
            .where(c.c.task_id == task_id)
            .group_by(c.c.round_no, c.c.found_by)
            .order_by(c.c.round_no, c.c.found_by)
        )
        async with self._database.reading() as connection:
            return tuple(Yield(*row) for row in await connection.execute(query))

    async def sightings(self, task_id: str, key: str) -> tuple[Sighting, ...]:
        query = select(s).where(s.c.task_id == task_id, s.c.key == key).order_by(s.c.source)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(Sighting(row.source, row.found_by, row.path) for row in rows)


async def put_sightings(connection: AsyncConnection, task_id: str, candidates: Sequence[Candidate]) -> None:
    """Keep how sources came upon companies; what a source said first of a company stays."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for found in candidates:
        row = {
            "task_id": task_id,
            "key": found.key,
            "source": found.source,
            "found_by": found.found_by,
            "path": found.path,
        }
        rows.setdefault((found.key, found.source), row)
    await upsert(connection, s, list(rows.values()), [])
