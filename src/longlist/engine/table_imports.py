"""Results of tasks become rows of tables, while the tasks run: a company that a table has already does not.

Done again it changes nothing: what was imported is told by the rows.
"""

from typing import Protocol

import structlog

from longlist.engine.table_cells import scores_cell
from longlist.engine.table_columns import upstream
from longlist.errors import NotFound
from longlist.model.table import NewRow, Row, Table
from longlist.store.store import Result, TaskStore
from longlist.store.table_store import Import, Scope, TableStore

log = structlog.get_logger()


class ImportStore(TableStore, TaskStore, Protocol):
    """What importing asks of the store."""


async def import_results(store: ImportStore) -> int:
    """Bring all tables up to date whose tasks have changed; how many rows are new."""
    count = 0
    for one in await store.imports():
        try:
            count += len(await _import(store, one))
        except NotFound:
            log.info("import_of_deleted_task_ended", task=one.task_id)
            continue
        await store.note_import(one.task_id, one.revision)
    return count


async def _import(store: ImportStore, one: Import) -> list[Row]:
    results = await store.results(one.task_id, with_texts=False)
    if not results:
        return []
    table = await store.table(one.link.table_id)
    known = await store.row_keys(table.id)
    fresh = [result for result in results if _key(result) not in known]
    rows = await store.add_rows(table.id, [_row(table, result) for result in fresh], unique=True)
    if rows and one.link.run:
        await _run(store, table, rows, one.link.columns)
    return rows


async def _run(store: ImportStore, table: Table, rows: list[Row], columns: tuple[str, ...] | None) -> None:
    wanted = [
        column.id
        for column in table.columns
        if not column.config.is_input and (columns is None or column.id in columns)
    ]
    freshness = f"{rows[0].created_at:%G-W%V}"
    ids = tuple(row.id for row in rows)
    await store.request_cells(table.id, Scope("new", ids, tuple(wanted), upstream(table, wanted), columns), freshness)


def _row(table: Table, result: Result) -> NewRow:
    """A result as a row; what the task knows of scores and name is put in at once."""
    profile = result.profile
    data: dict[str, object] = {}
    if table.column("input") is not None:
        data["input"] = profile.domain or profile.name
    for column in table.columns:
        if column.config.kind == "discovery_scores":
            data[column.config.key] = scores_cell(result)
    metadata = {"task_id": result.task_id, "result_id": result.id, "relevance": result.relevance}
    return NewRow(data, metadata, key=_key(result), profile_id=result.profile_id)


def _key(result: Result) -> str:
    return result.profile.domain or result.profile.key
