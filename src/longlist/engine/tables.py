"""What a user can do to tables. Cells are only asked for here: making them is the affair of `cells`, wherever it runs."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from longlist.engine.reader import is_task_id
from longlist.engine.table_columns import (
    InsertAfter,
    adding,
    automatic,
    check,
    column_of,
    ordering,
    removing,
    replacing,
    upstream,
)
from longlist.engine.table_values import check_values
from longlist.errors import InvalidInput, NotFound
from longlist.language.domains import own_domain
from longlist.model.access import LOCAL_OWNER
from longlist.model.table import Column, ColumnConfig, NewRow, Row, Run, RunMode, Table, TableKind, TableLink, Tally
from longlist.store.table_store import Narrowing, NewTable, Scope, Summary, TableStore

DEFAULT_NAME = "Untitled Table"
MAX_NAME = 300
COPY_OF = "Copy of "


class Tables:
    """Tables, for one user. `owner_id` as for `Service`: others' are not found; None is whoever may read the data directory."""

    def __init__(self, store: TableStore, owner_id: str | None = None) -> None:
        self._store = store
        self._owner_id = owner_id

    async def create(
        self,
        name: str = DEFAULT_NAME,
        kind: TableKind = "company",
        *,
        description: str | None = None,
        tags: Sequence[str] | None = None,
        columns: Sequence[ColumnConfig] = (),
    ) -> Table:
        """A new table, with the columns of its kind and the given ones."""
        configs = automatic(kind, columns)
        check(kind, configs, None)
        owner = self._owner_id or LOCAL_OWNER
        kept_tags = None if tags is None else tuple(dict.fromkeys(tags))
        return await self._store.create_table(NewTable(owner, kind, name, description, kept_tags, configs))

    async def tables(self, narrowing: Narrowing, offset: int, limit: int) -> tuple[list[Summary], int]:
        """Tables that are nobody's children, and how many there are in all."""
        return await self._store.tables(self._owner_id, narrowing, offset, limit)

    async def table(self, table_id: str) -> Table:
        """One table; NotFound for another owner's too."""
        return await own_table(self._store, table_id, self._owner_id)

    async def tally(self, table_id: str) -> Tally:
        """The counts of a table."""
        return await self._store.tally((await self.table(table_id)).id)

    async def update(
        self,
        table_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        tags: Sequence[str] | None = None,
        columns_order: Sequence[str] | None = None,
    ) -> Table:
        """The table with what is given (not None) changed."""
        table = await self.table(table_id)
        if columns_order is not None:
            await self._store.change_columns(table.id, ordering(columns_order))
        return await self._store.update_table(table.id, name=name, description=description, tags=tags)

    async def delete(self, table_id: str) -> Table:
        """The table, which is gone with its rows and the tables of its people. Tasks and what was learned stay."""
        table = await self.table(table_id)
        await self._store.delete_table(table.id)
        return table

    async def clone(self, table_id: str, *, schema_only: bool = False) -> Table:
        """A copy of the whole hierarchy that a table belongs to; of its structure only when so wanted."""
        table = await self.table(table_id)
        root = table if table.parent_id is None else await self.table(table.parent_id)
        return await self._store.clone_table(root.id, f"{COPY_OF}{root.name}"[:MAX_NAME], schema_only=schema_only)

    async def add_columns(
        self, table_id: str, configs: Sequence[ColumnConfig], insert_after: InsertAfter = True
    ) -> list[Column]:
        """New columns. Nothing is run by adding one."""
        table = await self.table(table_id)
        before = {column.id for column in table.columns}
        change = adding(configs, insert_after, await self._parent(table))
        after = await self._store.change_columns(table.id, change)
        return [column for column in after.columns if column.id not in before]

    async def replace_column(self, table_id: str, column_id: str, config: ColumnConfig) -> Column:
        """The column with another config; its cells stay as they are until they are run again."""
        table = await self.table(table_id)
        column_of(table, column_id)
        change = replacing(column_id, config, await self._parent(table))
        return column_of(await self._store.change_columns(table.id, change), column_id)

    async def delete_column(self, table_id: str, column_id: str) -> Column:
        """The column, which is gone with its cells. Conflict while others need it."""
        table = await self.table(table_id)
        column = column_of(table, column_id)
        await self._store.change_columns(table.id, removing(column_id))
        return column

    async def add_rows(self, table_id: str, rows: Sequence[NewRow], *, run: bool = False) -> list[Row]:
        """New rows at the end; with `run` their cells are asked for before this returns."""
        table = await self.table(table_id)
        made = await self._store.add_rows(
            table.id, [_checked(table, row, number) for number, row in enumerate(rows, 1)]
        )
        return await self._run_for(table, made, run=run)

    async def put_rows(self, table_id: str, rows: Sequence[NewRow], *, run: bool = False) -> list[Row]:
        """Rows changed, and new ones for those without an id."""
        table = await self.table(table_id)
        made = await self._store.put_rows(
            table.id, [_checked(table, row, number) for number, row in enumerate(rows, 1)]
        )
        return await self._run_for(table, made, run=run)

    async def delete_rows(self, table_id: str, row_ids: Sequence[str]) -> list[str]:
        """The ids of the rows that are gone, all of those given or none."""
        table = await self.table(table_id)
        return await self._store.delete_rows(table.id, row_ids)

    async def row(self, table_id: str, row_id: str) -> tuple[Table, Row]:
        """A row, and the table it is in."""
        table = await self.table(table_id)
        if not is_task_id(row_id):
            raise NotFound(f"There is no row {row_id[:100]!r} in this table.")
        return table, await self._store.row(table.id, row_id.lower())

    def rows(self, table: Table, offset: int = 0, limit: int | None = None) -> AsyncIterator[list[Row]]:
        """The rows of a table in order, in batches."""
        return self._store.rows(table.id, offset, limit)

    async def run(
        self,
        table_id: str,
        mode: RunMode = "new",
        *,
        rows: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
    ) -> Run:
        """Ask for cells: those never made (`new`), all, or those that failed; of all rows and columns or of some.

        What an asked cell needs and has no value is asked for as well. InvalidInput for an id that is not the table's.
        """
        table = await self.table(table_id)
        produced = [column.id for column in table.columns if not column.config.is_input]
        if rows is not None:
            known = await self._store.known_rows(table.id, rows)
            if unknown := next((row_id for row_id in rows if row_id not in known), None):
                raise InvalidInput(f"There is no row {unknown[:100]!r} in this table.", field="rows")
        if columns is not None:
            known = {column.id for column in table.columns}
            if unknown := next((column_id for column_id in columns if column_id not in known), None):
                raise InvalidInput(f"There is no column {unknown[:100]!r} in this table.", field="columns")
            produced = [column_id for column_id in produced if column_id in set(columns)]
        scope = Scope(
            mode=mode,
            rows=None if rows is None else tuple(dict.fromkeys(rows)),
            columns=tuple(produced),
            upstream=upstream(table, produced),
            asked_columns=None if columns is None else tuple(dict.fromkeys(columns)),
        )
        return await self._store.request_cells(table.id, scope, None if mode == "all" else _window(datetime.now(UTC)))

    async def check_link(self, link: TableLink) -> TableLink:
        """The link of a task to a table, checked: an own company table (NotFound else), and columns of it (InvalidInput)."""
        table = await self.table(link.table_id)
        if table.kind != "company":
            raise InvalidInput(f"Results go to company tables; this one is of the kind {table.kind}.", field="table")
        known = {column.id for column in table.columns}
        if unknown := next((name for name in link.columns or () if name not in known), None):
            raise InvalidInput(f"There is no column {unknown[:100]!r} in the table.", field="table")
        return replace(link, table_id=table.id)

    async def _run_for(self, table: Table, rows: list[Row], *, run: bool) -> list[Row]:
        if not run or not rows:
            return rows
        await self.run(table.id, "new", rows=[row.id for row in rows])
        found = await self._store.rows_of([row.id for row in rows])
        return [found.get(row.id, row) for row in rows]

    async def _parent(self, table: Table) -> Table | None:
        return None if table.parent_id is None else await self._store.table(table.parent_id)


async def own_table(store: TableStore, table_id: str, owner_id: str | None) -> Table:
    """The table; NotFound when there is none, or it is another owner's."""
    if is_task_id(table_id):
        table = await store.table(table_id.lower())
        if owner_id is None or table.owner_id == owner_id:
            return table
    raise NotFound(f"There is no table {table_id[:100]!r}.")


def company_key(value: Any) -> str:
    """What identifies the company that an input names: its own domain, "" when that is not in it."""
    return own_domain(value) if isinstance(value, str) and "." in value else ""


def _checked(table: Table, row: NewRow, number: int) -> NewRow:
    """A row that can be kept, with the key of its company when its input says it."""
    where = f"Row {number}"
    check_values(row.data, where)
    check_values(row.metadata or {}, where)
    data: Mapping[str, Any] = row.data
    key = company_key(data.get("input") or data.get("company_website")) if table.kind == "company" else ""
    return replace(row, key=row.key or key)


def _window(now: datetime) -> str:
    """Outside answers of one week are not asked for again."""
    return now.strftime("%G-W%V")
