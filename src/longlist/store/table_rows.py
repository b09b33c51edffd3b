"""Tables in SQL: the table itself, its columns, its copies. Rows and cells build on it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from longlist.errors import NotFound
from longlist.language.words import fold
from longlist.model.table import Column, Run, Table, Tally
from longlist.store.sql import AnyRow, Database, batches, upsert, whole
from longlist.store.table_store import Narrowing, NewTable, Summary
from longlist.store.tables import research_table as t
from longlist.store.tables import table_cell as cell
from longlist.store.tables import table_column as c
from longlist.store.tables import table_row as r
from longlist.store.tables import table_run as run
from longlist.store.tables import task

CELL_STATES = ("requested", "in_progress", "done", "failed")
COPY_BATCH = 500
_RUN = "SELECT 1 FROM table_run WHERE id = :id"
_REVISION = "SELECT revision FROM research_table WHERE id = :id"


class TableRows:
    """The part of a TableStore that is about the table itself."""

    _database: Database

    @whole
    async def create_table(self, new: NewTable) -> Table:
        async with self._database.writing() as connection:
            return await _create(connection, new)

    @whole
    async def people_table(self, new: NewTable) -> Table:
        assert new.parent_id is not None
        async with self._database.writing() as connection:
            await touch_table(connection, new.parent_id)  # so that no other is made meanwhile
            for table_id in (await _children(connection, [new.parent_id])).get(new.parent_id, ()):
                if (there := await read_table(connection, table_id)).kind == "people":
                    return there
            return await _create(connection, new)

    async def table(self, table_id: str) -> Table:
        async with self._database.reading() as connection:
            return await read_table(connection, table_id)

    async def tables(
        self, owner_id: str | None, narrowing: Narrowing, offset: int, limit: int
    ) -> tuple[list[Summary], int]:
        counted = select(func.count()).where(r.c.table_id == t.c.id).scalar_subquery().label("num_rows")
        query = select(t, counted).where(t.c.parent_id.is_(None))
        if owner_id is not None:
            query = query.where(t.c.owner_id == owner_id)
        if narrowing.kind is not None:
            query = query.where(t.c.kind == narrowing.kind)
        name = narrowing.sort.removeprefix("-")
        order = {"created_at": t.c.created_at, "name": func.lower(t.c.name), "num_rows": counted}[name]
        is_down = narrowing.sort.startswith("-")
        query = query.order_by(order.desc() if is_down else order, t.c.created_at.desc(), t.c.id)
        async with self._database.reading() as connection:
            rows = [row for row in (await connection.execute(query)).all() if _is_meant(row, narrowing)]
        return [Summary(_table(row, ()), row.num_rows) for row in rows[offset : offset + limit]], len(rows)

    @whole
    async def update_table(
        self,
        table_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> Table:
        given: dict[str, Any] = {
            "name": name,
            "description": description,
            "tags": None if tags is None else tuple(tags),
        }
        async with self._database.writing() as connection:
            await touch_table(connection, table_id, **{key: value for key, value in given.items() if value is not None})
            return await read_table(connection, table_id)

    @whole
    async def change_columns(self, table_id: str, change: Callable[[Table], Sequence[Column]]) -> Table:
        async with self._database.writing() as connection:
            await touch_table(connection, table_id)
            before = await read_table(connection, table_id)
            after = list(change(before))
            kept = {column.id for column in after}
            if gone := [column.id for column in before.columns if column.id not in kept]:
                await connection.execute(delete(cell).where(cell.c.table_id == table_id, cell.c.column_id.in_(gone)))
                await connection.execute(delete(c).where(c.c.id.in_(gone)))
            await upsert(connection, c, _column_rows(table_id, after), ["position", "key", "config"])
            return await read_table(connection, table_id)

    @whole
    async def delete_table(self, table_id: str) -> None:
        async with self._database.writing() as connection:
            below = [table_id, *(await _children(connection, [table_id])).get(table_id, ())]
            await connection.execute(
                update(task).where(task.c.table_id.in_(below)).values(table_id=None, revision=task.c.revision + 1)
            )
            if (await connection.execute(delete(t).where(t.c.id == table_id))).rowcount == 0:
                raise unknown_table(table_id)

    async def table_revision(self, table_id: str) -> int:
        row = await self._database.point(_REVISION, id=table_id)
        if row is None:
            raise unknown_table(table_id)
        return int(row[0])

    async def has_run(self, run_id: str) -> bool:
        """Whether there is a run with this id, of any table."""
        return await self._database.point(_RUN, id=run_id) is not None

    async def tally(self, table_id: str) -> Tally:
        async with self._database.reading() as connection:
            return await read_tally(connection, table_id)

    async def runs(self, table_id: str, limit: int = 20) -> list[Run]:
        query = select(run).where(run.c.table_id == table_id).order_by(run.c.created_at.desc(), run.c.id).limit(limit)
        async with self._database.reading() as connection:
            return [run_of(row) for row in await connection.execute(query)]

    @whole
    async def clone_table(self, table_id: str, name: str, *, schema_only: bool) -> Table:
        async with self._database.writing() as connection:
            source = await read_table(connection, table_id)
            whole_tree = [source, *[await read_table(connection, child) for child in source.child_ids]]
            now = datetime.now(UTC)
            names = UUID(str(uuid4()))  # every id of the copy is made of this one and the original's
            for original in whole_tree:
                await touch_table(connection, original.id)  # so that nobody changes it meanwhile
                is_root = original.id == source.id
                await connection.execute(
                    insert(t),
                    {
                        "id": _copied(names, original.id),
                        "owner_id": original.owner_id,
                        "parent_id": None if is_root else _copied(names, source.id),
                        "kind": original.kind,
                        "name": name if is_root else original.name,
                        "description": original.description,
                        "tags": original.tags,
                        "created_at": now,
                        "updated_at": now,
                        "next_seq": 0,
                        "revision": 0,
                    },
                )
                columns = [Column(_copied(names, one.id), now, one.config) for one in original.columns]
                if columns:
                    await connection.execute(insert(c), _column_rows(_copied(names, original.id), columns))
                if not schema_only:
                    await _copy_rows(connection, original, names, now)
            return await read_table(connection, _copied(names, source.id))


async def _create(connection: AsyncConnection, new: NewTable) -> Table:
    now, table_id = datetime.now(UTC), str(uuid4())
    row = {
        "id": table_id,
        "owner_id": new.owner_id,
        "parent_id": new.parent_id,
        "kind": new.kind,
        "name": new.name,
        "description": new.description,
        "tags": new.tags,
        "created_at": now,
        "updated_at": now,
        "next_seq": 0,
        "revision": 0,
    }
    await connection.execute(insert(t), row)
    columns = [Column(str(uuid4()), now, config) for config in new.configs]
    if columns:
        await connection.execute(insert(c), _column_rows(table_id, columns))
    return await read_table(connection, table_id)


async def _copy_rows(connection: AsyncConnection, original: Table, names: UUID, now: datetime) -> None:
    """The rows of a table into its copy, with what their cells came to; those that wait are empty there."""
    column_ids = {column.id: _copied(names, column.id) for column in original.columns}
    copied_to, after, count = _copied(names, original.id), -1, 0
    while True:
        query = select(r).where(r.c.table_id == original.id, r.c.seq > after).order_by(r.c.seq).limit(COPY_BATCH)
        rows = (await connection.execute(query)).all()
        if not rows:
            break
        made = [
            {
                "id": _copied(names, row.id),
                "table_id": copied_to,
                "seq": row.seq,
                "created_at": now,
                "parent_row_id": _copied(names, row.parent_row_id) if row.parent_row_id else None,
                "key": row.key,
                "profile_id": row.profile_id,
                "data": {column_ids[key]: value for key, value in row.data.items() if key in column_ids},
                "metadata": row.metadata,
            }
            for row in rows
        ]
        await connection.execute(insert(r), made)
        theirs = select(cell).where(cell.c.row_id.in_([row.id for row in rows]))
        cells = [
            {
                "row_id": _copied(names, row.row_id),
                "column_id": column_ids[row.column_id],
                "table_id": copied_to,
                "run_id": None,
                "status": row.status if row.status == "failed" else "done",
                "owner": "",
                "lease_until": 0,
                "attempts": row.attempts,
                "value": row.value,
                "error": row.error,
                "updated_at": row.updated_at,
            }
            for row in (await connection.execute(theirs)).all()
            if row.column_id in column_ids and (row.value is not None or row.status == "failed")
        ]
        if cells:
            await connection.execute(insert(cell), cells)
        after, count = rows[-1].seq, count + len(rows)
    await connection.execute(update(t).where(t.c.id == copied_to).values(next_seq=after + 1))


def _copied(names: UUID, name: str) -> str:
    return str(uuid5(names, name))


def _column_rows(table_id: str, columns: Sequence[Column]) -> list[dict[str, Any]]:
    return [
        {
            "id": column.id,
            "table_id": table_id,
            "position": number,
            "key": column.config.key,
            "config": column.config,
            "created_at": column.created_at,
        }
        for number, column in enumerate(columns)
    ]


async def read_table(connection: AsyncConnection, table_id: str) -> Table:
    """The table with its columns; NotFound when there is none."""
    row = (await connection.execute(select(t).where(t.c.id == table_id))).one_or_none()
    if row is None:
        raise unknown_table(table_id)
    columns = await connection.execute(select(c).where(c.c.table_id == table_id).order_by(c.c.position, c.c.id))
    made = tuple(Column(one.id, one.created_at, one.config) for one in columns)
    return _table(row, made, (await _children(connection, [table_id])).get(table_id, ()))


async def read_tally(connection: AsyncConnection, table_id: str) -> Tally:
    """The counts of a table."""
    rows = (await connection.execute(select(func.count()).where(r.c.table_id == table_id))).scalar_one()
    query = (
        select(cell.c.status, func.count())
        .where(cell.c.table_id == table_id, cell.c.status.in_(CELL_STATES))
        .group_by(cell.c.status)
    )
    counted = {row[0]: int(row[1]) for row in await connection.execute(query)}
    waiting = counted.get("requested", 0) + counted.get("in_progress", 0)
    return Tally(rows, counted.get("done", 0), counted.get("failed", 0), waiting)


async def touch_table(connection: AsyncConnection, table_id: str, **values: Any) -> None:
    """Count one more change of a table by a user; NotFound when there is none. Its row is locked until the transaction ends."""
    change = (
        update(t).where(t.c.id == table_id).values(revision=t.c.revision + 1, updated_at=datetime.now(UTC), **values)
    )
    if (await connection.execute(change)).rowcount == 0:
        raise unknown_table(table_id)


async def note_cells(connection: AsyncConnection, table_ids: Sequence[str]) -> None:
    """Count a change of some tables that a worker made."""
    for some in batches(sorted(set(table_ids))):
        await connection.execute(update(t).where(t.c.id.in_(some)).values(revision=t.c.revision + 1))


async def _children(connection: AsyncConnection, table_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    query = select(t.c.id, t.c.parent_id).where(t.c.parent_id.in_(table_ids)).order_by(t.c.created_at, t.c.id)
    found: dict[str, tuple[str, ...]] = {}
    for row in await connection.execute(query):
        found[row.parent_id] = (*found.get(row.parent_id, ()), row.id)
    return found


def unknown_table(table_id: str) -> NotFound:
    """That there is no such table."""
    return NotFound(f"There is no table {table_id[:100]!r}.")


def run_of(row: AnyRow) -> Run:
    """The run behind a row that has all its columns."""
    return Run(
        row.id, row.table_id, row.created_at, row.mode, row.row_ids, row.column_ids, row.requested, row.freshness
    )


def _is_meant(row: AnyRow, narrowing: Narrowing) -> bool:
    if narrowing.search and fold(narrowing.search) not in fold(f"{row.name}\n{row.description or ''}"):
        return False
    return not narrowing.tags or not set(narrowing.tags).isdisjoint(row.tags or ())


def _table(row: AnyRow, columns: tuple[Column, ...], child_ids: tuple[str, ...] = ()) -> Table:
    return Table(
        id=row.id,
        owner_id=row.owner_id,
        kind=row.kind,
        name=row.name,
        created_at=row.created_at,
        updated_at=row.updated_at,
        description=row.description,
        tags=row.tags,
        columns=columns,
        parent_id=row.parent_id,
        child_ids=child_ids,
    )
