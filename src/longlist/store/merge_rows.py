"""Candidates that turned out to be the same company, in SQL: merged with the reason, both kept, and taken apart again."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from longlist.errors import Conflict, NotFound
from longlist.language.domains import own_domain
from longlist.model.company import SameAs
from longlist.store.sql import AnyRow, upsert, whole
from longlist.store.tables import candidate as c
from longlist.store.tables import sighting as s
from longlist.store.tables import task as t
from longlist.store.task_rows import TaskRows, touch, touch_as_run

_REVISION = select(t.c.revision).where(t.c.id == c.c.task_id).scalar_subquery()


class MergeRows(TaskRows):
    """The part of a TaskStore that holds which candidates are one company."""

    @whole
    async def put_merges(self, task_id: str, merges: Sequence[tuple[str, SameAs]]) -> None:
        if not merges:
            return
        async with self._database.writing() as connection:
            await touch_as_run(connection, task_id)
            for key, same in merges:
                await _merge(connection, task_id, key, same)

    @whole
    async def unmerge(self, task_id: str, key: str) -> None:
        async with self._database.writing() as connection:
            await touch(connection, task_id)
            row = await _row(connection, task_id, key)
            if row is None:
                raise NotFound(f"The task has no candidate {key!r}.")
            if row.stage != "merged":
                raise Conflict(f"{key} was not merged into another company.")
            apart = tuple(dict.fromkeys((*(row.apart_from or ()), row.merged_into)))
            stage = "found" if row.profile_id is None else "enriched"
            values = {"stage": stage, "reason": "", "merged_into": None, "apart_from": apart}
            await _set(connection, row, values)


async def _merge(connection: AsyncConnection, task_id: str, key: str, same: SameAs) -> None:
    row = await _row(connection, task_id, key)
    if row is None:
        raise NotFound(f"The task has no candidate {key!r}; nothing of this batch was kept.")
    if row.stage in {"excluded", "evaluated", "merged"}:
        return
    if same.key in (row.apart_from or ()):
        await _fail(connection, row, f"You said that it is not {same.key}, but: {same.reason}")
        return
    target = await _final(connection, task_id, same.key)
    if target is not None and target.key in (row.apart_from or ()):
        await _fail(connection, row, f"You said that it is not {target.key}, but: {same.reason}")
        return
    if target is not None and target.id == row.id:
        await _fail(connection, row, f"It is said to be {same.key}, which is said to be this one: {same.reason}")
        return
    into = same.key if target is None else target.key
    if target is None:
        await _enter(connection, task_id, row, same)
    values = {"stage": "merged", "reason": same.reason, "merged_into": into}
    await _set(connection, row, values)
    seen = (await connection.execute(select(s).where(s.c.task_id == task_id, s.c.key == row.key))).all()
    step = f"{row.key}: {same.reason}"
    names = [column.name for column in s.columns]
    copies = [dict(zip(names, one, strict=True)) | {"key": into, "path": (*one.path, step)} for one in seen]
    await upsert(connection, s, copies, [])


async def _final(connection: AsyncConnection, task_id: str, key: str) -> "AnyRow | None":
    """The candidate that a key stands for by now, None when the task has none of it."""
    met: set[str] = set()
    row = await _row(connection, task_id, key)
    while row is not None and row.stage == "merged" and row.key not in met:
        met.add(row.key)
        row = await _row(connection, task_id, row.merged_into)
    return row


async def _enter(connection: AsyncConnection, task_id: str, row: AnyRow, same: SameAs) -> None:
    """Add the company that a candidate turned out to be, found as that one was."""
    domain = own_domain(same.key)
    exclusions = select(t.c.exclude_domains, t.c.exclude_keys, t.c.revision).where(t.c.id == task_id)
    domains, keys, revision = (await connection.execute(exclusions)).one()
    is_out = same.key in keys or any(domain == one or domain.endswith(f".{one}") for one in domains)
    last = (await connection.execute(select(func.max(c.c.seq)).where(c.c.task_id == task_id))).scalar_one()
    values: dict[str, Any] = {
        **{name: getattr(row, name) for name in ("name", "source", "score", "found_by", "round_no", "snippet")},
        "id": str(uuid4()),
        "task_id": task_id,
        "key": same.key,
        "domain": domain,
        "url": f"https://{domain}/" if domain else row.url,
        "seq": last + 1,
        "stage": "excluded" if is_out else "found",
        "reason": f"The task excludes {same.key}." if is_out else "",
        "is_qualified": False,
        "rev": revision,
        "created_at": datetime.now(UTC),
    }
    await connection.execute(insert(c), values)


async def _fail(connection: AsyncConnection, row: AnyRow, reason: str) -> None:
    await _set(connection, row, {"stage": "failed", "reason": reason})


async def _set(connection: AsyncConnection, row: AnyRow, values: dict[str, Any]) -> None:
    await connection.execute(update(c).where(c.c.id == row.id).values(**values, rev=_REVISION))


async def _row(connection: AsyncConnection, task_id: str, key: str) -> "AnyRow | None":
    query = select(c).where(c.c.task_id == task_id, c.c.key == key).with_for_update()
    return (await connection.execute(query)).one_or_none()
