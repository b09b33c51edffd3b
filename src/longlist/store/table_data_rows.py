"""The rows of tables in SQL, with the values in them."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from longlist.errors import InvalidInput, NotFound
from longlist.model.table import MAX_ROWS, Cell, CellValue, NewRow, Row, Table
from longlist.store.codec import encode
from longlist.store.sql import AnyRow, Database, batches, upsert, whole
from longlist.store.table_rows import read_table, touch_table
from longlist.store.tables import research_table as t
from longlist.store.tables import table_cell as cell
from longlist.store.tables import table_row as r

GIVEN = "Given by the user."
CELL_COLUMNS = ("table_id", "run_id", "status", "owner", "lease_until", "attempts", "value", "error", "updated_at")


class TableDataRows:
    """The part of a TableStore that is about rows."""

    _database: Database

    @whole
    async def add_rows(self, table_id: str, rows: Sequence[NewRow], *, unique: bool = False) -> list[Row]:
        async with self._database.writing() as connection:
            await touch_table(connection, table_id)
            table = await read_table(connection, table_id)
            wanted = await _not_yet_there(connection, table_id, rows) if unique else rows
            ids = await _insert(connection, table, wanted)
            return await _in_order(connection, ids)

    @whole
    async def put_rows(self, table_id: str, rows: Sequence[NewRow]) -> list[Row]:
        async with self._database.writing() as connection:
            await touch_table(connection, table_id)
            table = await read_table(connection, table_id)
            there = await _by_id(connection, table_id, [row.id for row in rows if row.id is not None])
            for row in rows:
                if row.id is not None and row.id not in there:
                    raise _unknown_row(row.id)
            new = iter(await _insert(connection, table, [row for row in rows if row.id is None]))
            await _update(connection, table, [row for row in rows if row.id is not None], there)
            return await _in_order(connection, [next(new) if row.id is None else row.id for row in rows])

    @whole
    async def delete_rows(self, table_id: str, row_ids: Sequence[str]) -> list[str]:
        wanted = list(dict.fromkeys(row_ids))
        async with self._database.writing() as connection:
            await touch_table(connection, table_id)
            there = await _by_id(connection, table_id, wanted)
            for row_id in wanted:
                if row_id not in there:
                    raise _unknown_row(row_id)
            for some in batches(sorted(wanted)):
                await connection.execute(delete(r).where(r.c.id.in_(some)))
        return wanted

    async def row(self, table_id: str, row_id: str) -> Row:
        async with self._database.reading() as connection:
            await read_table(connection, table_id)
            found = (await connection.execute(select(r).where(r.c.id == row_id, r.c.table_id == table_id))).all()
            if not found:
                raise _unknown_row(row_id)
            return (await with_cells(connection, found))[0]

    async def rows_of(self, row_ids: Collection[str]) -> dict[str, Row]:
        found: dict[str, Row] = {}
        async with self._database.reading() as connection:
            for some in batches(dict.fromkeys(row_ids)):
                rows = (await connection.execute(select(r).where(r.c.id.in_(some)))).all()
                found |= {row.id: row for row in await with_cells(connection, rows)}
        return found

    async def rows(
        self, table_id: str, offset: int = 0, limit: int | None = None, *, batch: int = 200
    ) -> AsyncIterator[list[Row]]:
        query = select(r).where(r.c.table_id == table_id).order_by(r.c.seq)
        left = MAX_ROWS if limit is None else limit
        page, after = query.offset(offset), -1
        while left > 0:
            async with self._database.reading() as connection:
                rows = (await connection.execute(page.limit(min(batch, left)))).all()
                made = await with_cells(connection, rows)
            if made:
                yield made
            if len(rows) < batch:
                return
            left, after = left - len(rows), rows[-1].seq
            page = query.where(r.c.seq > after)

    async def known_rows(self, table_id: str, row_ids: Collection[str]) -> set[str]:
        async with self._database.reading() as connection:
            return set(await _by_id(connection, table_id, list(row_ids)))

    async def row_keys(self, table_id: str) -> set[str]:
        async with self._database.reading() as connection:
            query = select(r.c.key).where(r.c.table_id == table_id, r.c.key != "")
            return set((await connection.execute(query)).scalars())


async def with_cells(connection: AsyncConnection, rows: Sequence[AnyRow]) -> list[Row]:
    """The rows, in this order, with their cells."""
    cells: dict[str, dict[str, Cell]] = {row.id: {} for row in rows}
    for some in batches(cells):
        query = select(cell.c.row_id, cell.c.column_id, cell.c.status, cell.c.value, cell.c.error).where(
            cell.c.row_id.in_(some)
        )
        for one in (await connection.execute(query)).all():
            cells[one.row_id][one.column_id] = Cell(one.status, one.value, one.error)
    return [
        Row(
            id=row.id,
            table_id=row.table_id,
            seq=row.seq,
            created_at=row.created_at,
            data=row.data,
            metadata=row.metadata,
            key=row.key,
            profile_id=row.profile_id,
            parent_row_id=row.parent_row_id,
            cells=cells[row.id],
        )
        for row in rows
    ]


async def _in_order(connection: AsyncConnection, ids: Sequence[str]) -> list[Row]:
    found: dict[str, AnyRow] = {}
    for some in batches(ids):
        found |= {row.id: row for row in (await connection.execute(select(r).where(r.c.id.in_(some)))).all()}
    return await with_cells(connection, [found[row_id] for row_id in ids])


async def _by_id(connection: AsyncConnection, table_id: str, row_ids: Sequence[str]) -> dict[str, AnyRow]:
    found: dict[str, AnyRow] = {}
    for some in batches(dict.fromkeys(row_ids)):
        query = select(r.c.id, r.c.data, r.c.metadata).where(r.c.id.in_(some), r.c.table_id == table_id)
        found |= {row.id: row for row in (await connection.execute(query)).all()}
    return found


async def _insert(connection: AsyncConnection, table: Table, rows: Sequence[NewRow]) -> list[str]:
    """Put new rows at the end of a table that is locked; their ids in order."""
    if not rows:
        return []
    taken = update(t).where(t.c.id == table.id).values(next_seq=t.c.next_seq + len(rows)).returning(t.c.next_seq)
    first = (await connection.execute(taken)).scalar_one() - len(rows)
    counted = select(func.count()).where(r.c.table_id == table.id)
    if (await connection.execute(counted)).scalar_one() + len(rows) > MAX_ROWS:
        raise InvalidInput(f"A table has at most {MAX_ROWS:,} rows; nothing was added.", field="rows")
    now, made, cells = datetime.now(UTC), [], []
    for number, row in enumerate(rows):
        row_id = str(uuid4())
        data, given = _parts(table, row.data)
        made.append(
            {
                "id": row_id,
                "table_id": table.id,
                "seq": first + number,
                "created_at": now,
                "parent_row_id": row.parent_row_id,
                "key": row.key,
                "profile_id": row.profile_id,
                "data": data,
                "metadata": row.metadata,
            }
        )
        cells += _given_cells(table.id, row_id, given, now)
    await connection.execute(insert(r), made)
    if cells:
        await connection.execute(insert(cell), cells)
    return [str(row["id"]) for row in made]


async def _update(
    connection: AsyncConnection, table: Table, rows: Sequence[NewRow], there: Mapping[str, AnyRow]
) -> None:
    now = datetime.now(UTC)
    changes: dict[str, dict[str, Any]] = {}
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    before = {row_id: (dict(row.data), row.metadata) for row_id, row in there.items()}
    input_column = table.column("input")
    for row in rows:
        assert row.id is not None
        data, given = _parts(table, row.data)
        old, metadata = before[row.id]
        has_moved = input_column is not None and data.get(input_column.id, old.get(input_column.id)) != old.get(
            input_column.id
        )
        before[row.id] = (old | data, metadata if row.metadata is None else row.metadata)
        change = changes.setdefault(row.id, {"of_id": row.id, "moved": False, "its_key": row.key})
        change |= {"its_data": before[row.id][0], "its_metadata": before[row.id][1]}
        if has_moved:
            change |= {"its_key": row.key, "moved": True}
        cells |= {(row.id, one["column_id"]): one for one in _given_cells(table.id, row.id, given, now)}
    base = update(r).where(r.c.id == bindparam("of_id"))
    kept = base.values(data=bindparam("its_data"), metadata=bindparam("its_metadata"))
    moved = kept.values(key=bindparam("its_key"), profile_id=None)
    for is_moved, statement in ((False, kept), (True, moved)):
        names = ("of_id", "its_data", "its_metadata", *(("its_key",) if is_moved else ()))
        if some := [{name: one[name] for name in names} for one in changes.values() if one["moved"] is is_moved]:
            await connection.execute(statement, some)
    await upsert(connection, cell, list(cells.values()), CELL_COLUMNS)


def _parts(table: Table, data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values by id of the column: those of input columns, and those that stand in for produced ones."""
    given: dict[str, Any] = {}
    produced: dict[str, Any] = {}
    for key, value in data.items():
        column = table.column(key)
        if column is None:
            valid = ", ".join(one.config.key for one in table.columns) or "none"
            raise InvalidInput(f"The table has no column {key[:100]!r}; its columns are {valid[:500]}.", field="rows")
        (given if column.config.is_input else produced)[column.id] = value
    return given, produced


def _given_cells(table_id: str, row_id: str, given: Mapping[str, Any], now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "row_id": row_id,
            "column_id": column_id,
            "table_id": table_id,
            "run_id": None,
            "status": "done",
            "owner": "",
            "lease_until": 0,
            "attempts": 0,
            "value": value if isinstance(value, CellValue) else CellValue(value, GIVEN),
            "error": "",
            "updated_at": now,
        }
        for column_id, value in given.items()
        if value is not None
    ]


async def _not_yet_there(connection: AsyncConnection, table_id: str, rows: Sequence[NewRow]) -> list[NewRow]:
    """Those of the rows that the table does not have, each once."""
    query = select(r.c.key, r.c.parent_row_id).where(r.c.table_id == table_id, r.c.key != "")
    seen = {(row.key, row.parent_row_id) for row in (await connection.execute(query)).all()}
    wanted: list[NewRow] = []
    for row in rows:
        name = (row.key or encode(dict[str, Any], dict(row.data)), row.parent_row_id)
        if name not in seen:
            seen.add(name)
            wanted.append(row)
    return wanted


def _unknown_row(row_id: str) -> NotFound:
    return NotFound(f"There is no row {row_id[:100]!r} in this table.")
