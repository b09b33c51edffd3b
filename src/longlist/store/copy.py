"""Copying what one database holds into another: owners, tasks with all their rows, companies, pages, calls, the catalogue.

Rows go over as they are, and going over again changes nothing. What the target has already stays unless the source's is
later: a task with more changes replaces the one of the same id, a record the one that was updated before it. What does
not change once it is there (pages, versions of profiles, answers of calls) is added only.
"""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import Column, MetaData, Select, Table, delete, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import JSON

from longlist.errors import NotFound
from longlist.store import tables
from longlist.store.catalog_rows import CATALOGUE, FINGERPRINT
from longlist.store.columns import Document
from longlist.store.sql import Database, batches, upsert, whole

READ_BATCH = 500
BLOB_BATCH = 50  # answers of calls may be large
NOT_COPIED = frozenset(
    {"rate", "worker", "page_seen"}
)  # of the moment: when to ask again, who is at work, what to save
"""Tables that stay where they are; every other one is copied below, which a test sees to."""

KINDS = ("owners", "tokens", "pages", "profiles", "tables", "rows", "tasks", "candidates", "calls", "records")
Row = dict[str, Any]
OnProgress = Callable[[str, int], None]


def _raw(table: Table) -> Table:
    """The table with its JSON as the text it is stored as."""
    text = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
    columns = [
        Column(c.name, text if isinstance(c.type, Document) else c.type, primary_key=c.primary_key)
        for c in table.columns
    ]
    return Table(table.name, MetaData(), *columns)


(
    owner,
    token,
    task,
    source_state,
    round_,
    sighting,
    page,
    profile,
    candidate,
    grade,
    hand_grade,
    record,
    meta,
    blob,
    call,
    budget,
    research_table,
    table_column,
    table_row,
    table_cell,
    table_run,
    table_task,
) = COPIED = tuple(
    _raw(table)
    for table in (
        tables.owner,
        tables.token,
        tables.task,
        tables.source_state,
        tables.round_,
        tables.sighting,
        tables.page,
        tables.profile,
        tables.candidate,
        tables.grade,
        tables.hand_grade,
        tables.record,
        tables.meta,
        tables.blob,
        tables.call_ledger,
        tables.task_budget,
        tables.research_table,
        tables.table_column,
        tables.table_row,
        tables.table_cell,
        tables.table_run,
        tables.table_task,
    )
)

PARTS = (source_state, round_, sighting)  # of a task, besides its candidates


async def copy(
    source: Database,
    target: Database,
    *,
    task_ids: Collection[str] | None = None,
    on_progress: OnProgress = lambda _name, _count: None,
) -> dict[str, int]:
    """Copy everything, or with `task_ids` these tasks and what belongs to them; returns how many rows were written.

    Every batch is a transaction: a copy that was broken off goes on when it is started again. NotFound for an unknown task.
    """
    return await _Copy(source, target, on_progress).run(task_ids)


class _Copy:
    """One copy, and its counts by kind of row."""

    def __init__(self, source: Database, target: Database, on_progress: OnProgress) -> None:
        self._source = source
        self._target = target
        self._on_progress = on_progress
        self._written = dict.fromkeys(KINDS, 0)
        self._owners: dict[str, str] = {}  # the target's id of each owner of the source: people are known by name

    async def run(self, task_ids: Collection[str] | None) -> dict[str, int]:
        some = None if task_ids is None else await self._known(task_ids)
        await self._copy_owners(some)
        if some is None:
            for table, name in ((page, "pages"), (profile, "profiles")):
                async for rows in self._rows(table):
                    await self._add(name, table, rows)
            await self._copy_tables()
            some = [row["id"] async for rows in self._rows(task) for row in rows]
        for task_id in some:
            await self._copy_task(task_id, has_all=task_ids is None)
        if task_ids is None:
            await self._add("", table_task, await self._all(select(table_task)))
        await self._copy_calls(None if task_ids is None else some)
        if task_ids is None:
            await self._copy_tokens()
            async for rows in self._rows(record):
                await self._put_records(rows)
            await self._copy_notes()
        return self._written

    async def _known(self, task_ids: Collection[str]) -> list[str]:
        wanted = list(dict.fromkeys(task_ids))
        found = await self._all(select(task.c.id).where(task.c.id.in_(wanted)))
        if unknown := set(wanted) - {row["id"] for row in found}:
            raise NotFound(f"There is no task {min(unknown)!r} in {self._source.place}; nothing was copied.")
        return wanted

    async def _copy_owners(self, task_ids: list[str] | None) -> None:
        query = select(owner)
        if task_ids is not None:
            query = query.where(owner.c.id.in_(select(task.c.owner_id).where(task.c.id.in_(task_ids))))
        rows = await self._all(query)
        await self._add("owners", owner, rows)
        async with self._target.reading() as connection:
            there = {row.name: row.id for row in await connection.execute(select(owner))}
        self._owners = {row["id"]: there[row["name"]] for row in rows}

    async def _copy_tokens(self) -> None:
        rows = await self._all(select(token).where(token.c.kind == "token"))
        await self._add("tokens", token, [row | {"owner_id": self._owners[row["owner_id"]]} for row in rows])

    async def _copy_tables(self) -> None:
        """Tables with all that is in them; those of people after the tables they stand below."""
        parents_first = (research_table.c.parent_id.is_not(None), research_table.c.created_at, research_table.c.id)
        renewed: set[str] = set()
        for row in await self._all(select(research_table).order_by(*parents_first)):
            there = select(research_table.c.revision).where(research_table.c.id == row["id"])
            async with self._target.reading() as connection:
                before = (await connection.execute(there)).scalar_one_or_none()
            if before is None or before < row["revision"] or row["parent_id"] in renewed:
                self._count("rows", await self._copy_table(row | {"owner_id": self._owners[row["owner_id"]]}))
                self._count("tables", 1)
                renewed.add(row["id"])

    @whole
    async def _copy_table(self, row: Row) -> int:
        """Put a table in the place of an earlier state of it, a batch at a time; returns how many rows it has."""
        table_id, (_, *columns) = row["id"], [column.name for column in research_table.columns]
        count = 0
        async with self._source.reading() as source, self._target.writing() as target:
            await upsert(target, research_table, [row], columns)
            for part in (table_run, table_column, table_row):
                await target.execute(delete(part).where(part.c.table_id == table_id))  # cells go with their rows
            for part in (table_column, table_run):
                await upsert(target, part, await _maps(source, select(part).where(part.c.table_id == table_id)), [])
            after = -1
            while True:
                query = select(table_row).where(table_row.c.table_id == table_id, table_row.c.seq > after)
                if not (rows := await _maps(source, query.order_by(table_row.c.seq).limit(READ_BATCH))):
                    break
                after = rows[-1]["seq"]
                cells = select(table_cell).where(table_cell.c.row_id.in_([one["id"] for one in rows]))
                await upsert(target, table_row, rows, [])
                await upsert(target, table_cell, await _maps(source, cells), [])
                count += len(rows)
        return count

    async def _copy_task(self, task_id: str, *, has_all: bool) -> None:
        """One task as it is at one moment; skipped when the target's is as far or farther."""
        async with self._target.reading() as connection:
            there = (await connection.execute(select(task.c.revision).where(task.c.id == task_id))).scalar_one_or_none()
        async with self._source.reading() as connection:
            (row,) = await _maps(connection, select(task).where(task.c.id == task_id))
            if there is not None and there >= row["revision"]:
                return
            parts = [(one, await _maps(connection, select(one).where(one.c.task_id == task_id))) for one in PARTS]
            found = await _maps(connection, select(candidate).where(candidate.c.task_id == task_id))
            grades: list[Row] = []
            by_hand: list[Row] = []
            for ids in batches([one["id"] for one in found]):
                grades += await _maps(connection, select(grade).where(grade.c.candidate_id.in_(ids)))
                by_hand += await _maps(connection, select(hand_grade).where(hand_grade.c.candidate_id.in_(ids)))
            profiles: list[Row] = []
            for ids in batches(dict.fromkeys(one["profile_id"] for one in found if one["profile_id"])):
                profiles += await _maps(connection, select(profile).where(profile.c.id.in_(ids)))
            pages = [] if has_all else await self._pages_of(connection, [one["id"] for one in profiles])
        row["owner_id"] = self._owners.get(row["owner_id"], row["owner_id"])
        row["table_id"] = row["table_id"] if has_all else None  # one task goes over without its table
        await self._add("pages", page, pages)
        await self._add("profiles", profile, profiles)
        if await self._put_task(row, parts, found, grades, by_hand):
            self._count("tasks", 1)
            self._count("candidates", len(found))

    @whole
    async def _put_task(
        self, row: Row, parts: list[tuple[Table, list[Row]]], found: list[Row], grades: list[Row], by_hand: list[Row]
    ) -> bool:
        """Put a task in the place of an earlier state of it; False when there is a later one by now."""
        async with self._target.writing() as connection:
            before = select(task.c.revision).where(task.c.id == row["id"]).with_for_update()
            there = (await connection.execute(before)).scalar_one_or_none()
            if there is not None and there >= row["revision"]:
                return False
            await upsert(connection, task, [row], [name for name in row if name != "id"])
            await connection.execute(delete(candidate).where(candidate.c.task_id == row["id"]))  # and their grades
            for table, rows in parts:
                await connection.execute(delete(table).where(table.c.task_id == row["id"]))
                await upsert(connection, table, rows, [])
            await upsert(connection, candidate, found, [])
            await upsert(connection, grade, grades, [])
            await upsert(connection, hand_grade, by_hand, [])
        return True

    async def _pages_of(self, connection: AsyncConnection, profile_ids: Sequence[str]) -> list[Row]:
        """The pages that profiles refer to: in a stored profile a page's text is the hash of its text."""
        hashes: dict[str, None] = {}
        for ids in batches(profile_ids):
            query = select(tables.profile.c.data).where(tables.profile.c.id.in_(ids))
            for row in await connection.execute(query):
                hashes |= dict.fromkeys(read.text for read in row.data.pages)
        pages: list[Row] = []
        for some in batches(hashes):
            pages += await _maps(connection, select(page).where(page.c.hash.in_(some)))
        return pages

    async def _copy_calls(self, task_ids: list[str] | None) -> None:
        """Calls with their answers, and what tasks have spent; of all tasks and of none, or of some."""
        for table, put in ((call, self._put_calls), (budget, self._put_budgets)):
            if task_ids is None:
                async for rows in self._rows(table):
                    await put(rows)
            else:
                for ids in batches(task_ids):
                    await put(await self._all(select(table).where(table.c.task_id.in_(ids))))

    async def _put_calls(self, rows: list[Row]) -> None:
        for hashes in batches(dict.fromkeys(row["answer_hash"] for row in rows if row["answer_hash"]), BLOB_BATCH):
            await self._add_batch(blob, await self._all(select(blob).where(blob.c.hash.in_(hashes))))
        self._count("calls", await self._put_later(call, rows, lambda row: (row["state"] == "done", row["attempts"])))

    async def _put_budgets(self, rows: list[Row]) -> None:
        await self._put_later(budget, rows, lambda row: (row["seen_ms"], row["used_calls"]))

    @whole
    async def _put_later(self, table: Table, rows: list[Row], age: Callable[[Row], Any]) -> int:
        """Put the rows that the target lacks or has of an earlier age; returns how many."""
        (key,) = table.primary_key
        async with self._target.writing() as connection:
            there: dict[str, Row] = {}
            for keys in batches(sorted(row[key.name] for row in rows)):
                query = select(table).where(key.in_(keys)).order_by(key).with_for_update()
                there |= {row[key.name]: row for row in await _maps(connection, query)}
            later = [row for row in rows if row[key.name] not in there or age(there[row[key.name]]) < age(row)]
            await upsert(connection, table, later, [column.name for column in table.columns if column is not key])
        return len(later)

    @whole
    async def _put_records(self, rows: list[Row]) -> None:
        columns = [column.name for column in record.columns if column.name != "key"]
        async with self._target.writing(alone=CATALOGUE) as connection:
            there: dict[str, Any] = {}
            for keys in batches([row["key"] for row in rows]):
                query = select(record.c.key, record.c.updated_at).where(record.c.key.in_(keys))
                there |= {found.key: found.updated_at for found in await connection.execute(query)}
            later = [row for row in rows if row["key"] not in there or there[row["key"]] < row["updated_at"]]
            if later:
                await upsert(connection, record, later, columns)
                await upsert(connection, meta, [{"key": FINGERPRINT, "value": uuid4().hex}], ["value"])
        self._count("records", len(later))

    async def _copy_notes(self) -> None:
        """Notes beside the catalogue, where the target has none of the name; a fingerprint is a database's own."""
        rows = await self._all(select(meta).where(meta.c.key != FINGERPRINT))
        await self._add("", meta, rows)

    async def _add(self, name: str, table: Table, rows: list[Row]) -> None:
        """Add the rows that the target lacks."""
        added = await self._add_batch(table, rows)
        if name:
            self._count(name, added)

    @whole
    async def _add_batch(self, table: Table, rows: list[Row]) -> int:
        (key,) = table.primary_key
        async with self._target.writing() as connection:
            there: set[str] = set()
            for keys in batches([row[key.name] for row in rows]):
                there |= set((await connection.execute(select(key).where(key.in_(keys)))).scalars())
            lacking = [row for row in rows if row[key.name] not in there]
            await upsert(connection, table, lacking, [])
        return len(lacking)

    def _count(self, name: str, more: int) -> None:
        self._written[name] += more
        self._on_progress(name, self._written[name])

    async def _all(self, query: Select[Any]) -> list[Row]:
        async with self._source.reading() as connection:
            return await _maps(connection, query)

    async def _rows(self, table: Table) -> AsyncIterator[list[Row]]:
        """All rows of a table by key, in batches."""
        key = list(table.primary_key)
        query = select(table).order_by(*key).limit(READ_BATCH)
        after: list[Any] = []
        while True:
            rows = await self._all(query.where(tuple_(*key) > tuple_(*after)) if after else query)
            if rows:
                yield rows
            if len(rows) < READ_BATCH:
                return
            after = [rows[-1][column.name] for column in key]


async def _maps(connection: AsyncConnection, query: Select[Any]) -> list[Row]:
    return [dict(row) for row in (await connection.execute(query)).mappings()]
