"""Tasks whose results go to tables, in SQL."""

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from longlist.model.table import TableLink
from longlist.store.sql import Database, whole
from longlist.store.table_store import Import
from longlist.store.tables import table_task as link
from longlist.store.tables import task


class TableTaskRows:
    """The part of a TableStore that is about tasks."""

    _database: Database

    async def imports(self) -> list[Import]:
        query = (
            select(link, task.c.revision)
            .join(task, task.c.id == link.c.task_id)
            .where(link.c.auto_import, link.c.seen_revision < task.c.revision)
            .order_by(task.c.created_at, task.c.id)
        )
        async with self._database.reading() as connection:
            return [
                Import(
                    row.task_id,
                    TableLink(row.table_id, row.auto_import, row.is_run, row.column_ids),
                    row.seen_revision,
                    row.revision,
                )
                for row in (await connection.execute(query)).all()
            ]

    @whole
    async def note_import(self, task_id: str, revision: int) -> None:
        later = (link.c.task_id == task_id) & (link.c.seen_revision < revision)
        async with self._database.writing() as connection:
            await connection.execute(update(link).where(later).values(seen_revision=revision))

    async def linked_tasks(self, table_id: str) -> list[str]:
        query = select(task.c.id).where(task.c.table_id == table_id).order_by(task.c.created_at, task.c.id)
        async with self._database.reading() as connection:
            return list((await connection.execute(query)).scalars())


async def put_link(connection: AsyncConnection, task_id: str, given: TableLink) -> None:
    """Keep where the results of a new task go."""
    row = {
        "task_id": task_id,
        "table_id": given.table_id,
        "auto_import": given.auto_import,
        "is_run": given.run,
        "column_ids": given.columns,
        "seen_revision": -1,
    }
    await connection.execute(insert(link), row)
