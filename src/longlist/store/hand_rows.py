"""What people say beside the machine, in SQL: grades by hand, and companies set aside.

Nothing the machine wrote is changed by it but whether a company qualifies: a grade by hand counts before the machine's.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from longlist.errors import InvalidInput, NotFound
from longlist.model.criterion import qualifies
from longlist.store.sql import AnyRow, upsert, whole
from longlist.store.store import Verdict
from longlist.store.tables import candidate as c
from longlist.store.tables import grade as g
from longlist.store.tables import hand_grade as h
from longlist.store.tables import task as t
from longlist.store.task_rows import TaskRows, touch
from longlist.store.verdicts import REASONS


class HandRows(TaskRows):
    """The part of a TaskStore that keeps what people say."""

    @whole
    async def put_hand_grade(
        self, task_id: str, result_id: str, criterion_key: str, score: int | None, note: str = ""
    ) -> None:
        async with self._database.writing() as connection:
            await touch(connection, task_id)
            await _one(connection, task_id, result_id)
            task = await self._task(connection, task_id)
            wanted = [criterion.key for criterion in task.criteria or ()]
            if criterion_key not in wanted:
                raise NotFound(f"The task has no criterion {criterion_key[:100]!r}.")
            if score is None:
                gone = delete(h).where(h.c.candidate_id == result_id, h.c.criterion_key == criterion_key)
                await connection.execute(gone)
            elif 1 <= score <= 5:
                row = {
                    "candidate_id": result_id,
                    "criterion_key": criterion_key,
                    "score": score,
                    "note": note,
                    "given_at": datetime.now(UTC),
                }
                await upsert(connection, h, [row], ["score", "note", "given_at"])
            else:
                raise InvalidInput(f"A grade is 1 to 5, not {score}.", field="grade")
            scores: dict[str, int | None] = {}
            for table in (g, h):
                graded = select(table.c.criterion_key, table.c.score).where(table.c.candidate_id == result_id)
                scores.update((row.criterion_key, row.score) for row in await connection.execute(graded))
            await _change(connection, result_id, is_qualified=qualifies([scores.get(key) for key in wanted]))

    @whole
    async def put_verdict(self, task_id: str, result_id: str, verdict: Verdict | None) -> None:
        async with self._database.writing() as connection:
            await touch(connection, task_id)
            row = await _one(connection, task_id, result_id)
            if verdict is None:
                if row.verdict:
                    mine = row.reason in REASONS.values()  # written over the machine's in earlier databases
                    kept = {"reason": ""} if mine else {}
                    await _change(connection, result_id, verdict="", stage=row.stage_before, stage_before=None, **kept)
            elif row.verdict or row.stage != "excluded":
                before = row.stage_before if row.verdict else row.stage
                await _change(connection, result_id, verdict=verdict, stage="excluded", stage_before=before)
            else:
                raise InvalidInput("The task excludes this company already.", field="verdict")


async def _one(connection: AsyncConnection, task_id: str, result_id: str) -> AnyRow:
    query = select(c).where(c.c.task_id == task_id, c.c.id == result_id)
    row = (await connection.execute(query.with_for_update())).one_or_none()
    if row is None:
        raise NotFound("There is no such company in this task.")
    return row


async def _change(connection: AsyncConnection, result_id: str, **values: Any) -> None:
    revision = select(t.c.revision).where(t.c.id == c.c.task_id).scalar_subquery()
    await connection.execute(update(c).where(c.c.id == result_id).values(rev=revision, **values))
