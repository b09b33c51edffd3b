"""Cells in SQL: asked for, claimed, made. A claim takes whole rows, so that what a cell needs is made before it."""

import random
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, bindparam, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from longlist.model.company import CompanyProfile
from longlist.model.table import CellValue, Run
from longlist.store.ledger_rows import clock_ms
from longlist.store.profile_rows import put_pages, put_versions
from longlist.store.result_rows import with_pages
from longlist.store.sql import Database, batches, whole
from longlist.store.table_rows import note_cells, run_of, touch_table
from longlist.store.table_store import CellEnd, ClaimedCell, RowKnown, Scope
from longlist.store.tables import profile, table_run
from longlist.store.tables import table_cell as cell
from longlist.store.tables import table_column as column
from longlist.store.tables import table_row as r

_WAITS = "SELECT 1 FROM table_cell WHERE status IN ('requested', 'in_progress') LIMIT 1"
WAITING = ("requested", "in_progress")
RESET: dict[str, Any] = {"status": "requested", "owner": "", "lease_until": 0, "attempts": 0, "error": ""}


class CellRows:
    """The part of a TableStore that is about cells and who makes them."""

    _database: Database

    @whole
    async def request_cells(self, table_id: str, scope: Scope, freshness: str | None = None) -> Run:
        run_id, now = str(uuid4()), datetime.now(UTC)
        row = {
            "id": run_id,
            "table_id": table_id,
            "created_at": now,
            "mode": scope.mode,
            "row_ids": scope.rows,
            "column_ids": scope.asked_columns,
            "requested": 0,
            "freshness": run_id if freshness is None else freshness,
        }
        async with self._database.writing() as connection:
            await touch_table(connection, table_id)
            await connection.execute(insert(table_run), row)
            asking = _Asking(connection, table_id, run_id, now)
            for some in [None] if scope.rows is None else batches(sorted(scope.rows)):
                await asking.ask(scope, some)
            query = update(table_run).where(table_run.c.id == run_id).values(requested=asking.count)
            return run_of((await connection.execute(query.returning(*table_run.c))).one())

    async def has_waiting_cells(self) -> bool:
        return await self._database.point(_WAITS) is not None

    @whole
    async def claim_cells(
        self, owner: str, lease_ms: int, rows: int, is_gone: Callable[[str], bool] = lambda _: False
    ) -> list[ClaimedCell]:
        async with self._database.reading() as connection:  # mostly there is nothing
            if not (tables := await _waiting_tables(connection)):
                return []
        claimed: list[ClaimedCell] = []
        async with self._database.writing() as connection:
            await _free(connection, is_gone)
            random.shuffle(tables)
            for table_id in tables[:rows]:
                claimed += await _claim(connection, table_id, owner, lease_ms, max(1, rows // len(tables)))
        return claimed

    async def renew_cells(self, owner: str, lease_ms: int) -> None:
        await self._hold(owner, {"lease_until": clock_ms() + lease_ms})

    async def release_cells(self, owner: str) -> None:
        given_up = {"status": "requested", "owner": "", "lease_until": 0, "attempts": cell.c.attempts - 1}
        await self._hold(owner, given_up)

    @whole
    async def put_cells(self, owner: str, ends: Sequence[CellEnd]) -> None:
        if not ends:
            return
        now = datetime.now(UTC)
        base = update(cell).where(
            cell.c.row_id == bindparam("of_row"),
            cell.c.column_id == bindparam("of_column"),
            cell.c.owner == owner,
            cell.c.status == "in_progress",
        )
        base = base.values(status=bindparam("its_status"), error=bindparam("its_error"))
        base = base.values(owner="", lease_until=0, updated_at=now)
        async with self._database.writing() as connection:
            await put_pages(connection, [page for end in ends for page in end.pages])
            for has_value, statement in ((True, base.values(value=bindparam("its_value"))), (False, base)):
                rows = [_end(end) for end in ends if (end.value is not None) is has_value]
                if not has_value:
                    rows = [{name: value for name, value in row.items() if name != "its_value"} for row in rows]
                if rows:
                    await connection.execute(statement, rows)
            for some in batches(sorted({end.row_id for end in ends})):
                found = await connection.execute(select(r.c.table_id).where(r.c.id.in_(some)).distinct())
                await note_cells(connection, list(found.scalars()))

    @whole
    async def put_known(self, known: Sequence[RowKnown]) -> None:
        if not known:
            return
        link = update(r).where(r.c.id == bindparam("of_id"))
        link = link.values(key=bindparam("its_key"), profile_id=bindparam("its_profile"))
        async with self._database.writing() as connection:
            versions = await put_versions(connection, [one.profile for one in known])
            rows = [
                {"of_id": one.row_id, "its_key": one.key, "its_profile": version}
                for one, version in zip(known, versions, strict=True)
            ]
            await connection.execute(link, sorted(rows, key=lambda row: str(row["of_id"])))

    async def profiles_with_ids(self, profile_ids: Collection[str]) -> dict[str, CompanyProfile]:
        found: dict[str, CompanyProfile] = {}
        async with self._database.reading() as connection:
            for some in batches(dict.fromkeys(profile_ids)):
                rows = (
                    await connection.execute(select(profile.c.id, profile.c.data).where(profile.c.id.in_(some)))
                ).all()
                found |= {row.id: row.data for row in rows}
            whole_ones = await with_pages(connection, list(found.values()))
        return dict(zip(found, whole_ones, strict=True))

    async def reference_profiles(self, table_id: str, limit: int) -> list[CompanyProfile]:
        query = select(r.c.profile_id).where(r.c.table_id == table_id, r.c.profile_id.is_not(None))
        async with self._database.reading() as connection:
            named = (await connection.execute(query.order_by(r.c.seq).limit(limit))).scalars().all()
        found = await self.profiles_with_ids(named)
        return [found[name] for name in dict.fromkeys(named) if name in found]

    @whole
    async def _hold(self, owner: str, values: Mapping[str, Any]) -> None:
        held = (cell.c.status == "in_progress") & (cell.c.owner == owner)
        async with self._database.writing() as connection:
            await connection.execute(update(cell).where(held).values(dict(values)))


class _Asking:
    """One run being asked for; `count` is how many cells it asked for so far."""

    def __init__(self, connection: AsyncConnection, table_id: str, run_id: str, now: datetime) -> None:
        self._connection = connection
        self._table_id = table_id
        self._run_id = run_id
        self._now = now
        self.count = 0

    async def ask(self, scope: Scope, rows: Sequence[str] | None) -> None:
        """Ask for the cells of a scope in some rows (None: all)."""
        in_rows: Select[Any] = select(r.c.id).where(r.c.table_id == self._table_id)
        if rows is not None:
            in_rows = in_rows.where(r.c.id.in_(rows))
        if scope.mode in ("new", "all"):
            await self._add(scope.columns, in_rows)
        if scope.mode in ("all", "failed"):
            await self._again(scope.columns, in_rows, ["failed"] if scope.mode == "failed" else ["done", "failed"])
        if scope.upstream:
            asked = select(cell.c.row_id).where(cell.c.run_id == self._run_id, cell.c.row_id == r.c.id)
            needing = in_rows.where(asked.exists())
            await self._again(scope.upstream, needing, ["failed"])
            await self._add(scope.upstream, needing)

    async def _add(self, columns: Sequence[str], in_rows: Select[Any]) -> None:
        """Cells that were never asked for."""
        pairs = in_rows.with_only_columns(
            r.c.id,
            column.c.id,
            *(literal(value) for value in (self._table_id, self._run_id, "requested", "", 0, 0, "")),
            literal(self._now, cell.c.updated_at.type),
        )
        pairs = pairs.join_from(r, column, column.c.table_id == r.c.table_id).where(column.c.id.in_(columns))
        pairs = pairs.order_by(r.c.seq, column.c.position)
        names = ["row_id", "column_id", "table_id", "run_id", "status", "owner", "lease_until", "attempts", "error"]
        kind = sqlite_insert if self._connection.dialect.name == "sqlite" else postgresql_insert
        statement = kind(cell).from_select([*names, "updated_at"], pairs).on_conflict_do_nothing()
        self.count += (await self._connection.execute(statement)).rowcount

    async def _again(self, columns: Sequence[str], in_rows: Select[Any], states: Sequence[str]) -> None:
        """Cells that came to their end."""
        these = cell.c.row_id.in_(in_rows) & cell.c.column_id.in_(columns) & cell.c.status.in_(states)
        these &= (cell.c.table_id == self._table_id) & (func.coalesce(cell.c.run_id, "") != self._run_id)
        change = update(cell).where(these).values(**RESET, run_id=self._run_id, updated_at=self._now)
        self.count += (await self._connection.execute(change)).rowcount


def _end(end: CellEnd) -> dict[str, Any]:
    value: CellValue | None = end.value
    return {
        "of_row": end.row_id,
        "of_column": end.column_id,
        "its_status": end.status,
        "its_error": end.error,
        "its_value": value,
    }


async def _waiting_tables(connection: AsyncConnection) -> list[str]:
    """Tables in which a cell may be claimed now, whoever holds it: those of gone owners too."""
    query = select(cell.c.table_id).where(cell.c.status.in_(WAITING)).distinct()
    return list((await connection.execute(query)).scalars())


async def _free(connection: AsyncConnection, is_gone: Callable[[str], bool]) -> None:
    """Cells whose owner is gone wait again, before its lease ends."""
    owners = select(cell.c.owner).where(cell.c.status == "in_progress").distinct()
    gone = [owner for owner in (await connection.execute(owners)).scalars() if is_gone(owner)]
    if gone:
        held = (cell.c.status == "in_progress") & cell.c.owner.in_(gone)
        await connection.execute(update(cell).where(held).values(status="requested", owner="", lease_until=0))


async def _claim(connection: AsyncConnection, table_id: str, owner: str, lease_ms: int, rows: int) -> list[ClaimedCell]:
    """Claim the waiting cells of so many rows of a table."""
    lapsed = (cell.c.status == "in_progress") & (cell.c.lease_until < clock_ms())
    free = (cell.c.status == "requested") | lapsed
    held = (cell.c.status == "in_progress") & (cell.c.lease_until >= clock_ms())
    other = cell.alias()
    is_at = (other.c.row_id == cell.c.row_id) & (other.c.status == "in_progress") & (other.c.lease_until >= clock_ms())
    query = select(cell.c.row_id).where(cell.c.table_id == table_id, cell.c.status.in_(WAITING), free)
    query = query.where(~select(other.c.row_id).where(is_at).exists()).distinct().limit(rows)
    found = list((await connection.execute(query)).scalars())
    if not found:
        return []
    lock = select(r.c.id).where(r.c.id.in_(found)).order_by(r.c.id).with_for_update(skip_locked=True)
    locked = list((await connection.execute(lock)).scalars())
    busy = select(cell.c.row_id).where(cell.c.row_id.in_(locked), held).distinct()
    theirs = sorted(set(locked) - set((await connection.execute(busy)).scalars()))
    take = update(cell).where(cell.c.row_id.in_(theirs), free)
    take = take.values(
        status="in_progress", owner=owner, lease_until=clock_ms() + lease_ms, attempts=cell.c.attempts + 1
    )
    columns = (cell.c.row_id, cell.c.column_id, cell.c.run_id, cell.c.attempts)
    taken = (await connection.execute(take.returning(*columns))).all()
    named = select(table_run.c.id, table_run.c.freshness).where(table_run.c.id.in_({row.run_id for row in taken}))
    freshness = {row.id: row.freshness for row in (await connection.execute(named)).all()}
    return [
        ClaimedCell(table_id, row.row_id, row.column_id, row.run_id, freshness.get(row.run_id, ""), row.attempts)
        for row in taken
    ]
