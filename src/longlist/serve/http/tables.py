"""Tables: contract §3. What is in them is streamed, so that a large one costs no more memory than a small one."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic_core import to_json
from starlette.responses import Response, StreamingResponse

from longlist.errors import Conflict
from longlist.model.access import Token
from longlist.model.table import NewRow, Table, TableKind, Tally
from longlist.serve.http.account import user_json
from longlist.serve.http.bodies import read_body
from longlist.serve.http.callers import needs
from longlist.serve.http.models import NO_NUL
from longlist.serve.http.paging import FAR, Limit, Offset, json_answer, page_headers
from longlist.serve.http.parts import Parts, parts_of
from longlist.serve.http.spec import body, paged, problems
from longlist.serve.http.table_models import (
    NewTableBody,
    RunOut,
    RunRequest,
    TableChange,
    TableData,
    TableOut,
    TableSummaryOut,
    TableWithStatus,
    config_of,
)
from longlist.serve.table_wire import data_json, row_json, run_json, status_json, summary_json, table_json
from longlist.serve.wire import Json, task_json
from longlist.store.table_store import Narrowing, Sort

DEFAULT_LIMIT = 50
MAX_LIMIT = 100

router = APIRouter(prefix="/v1/tables", tags=["tables"])


@dataclass(frozen=True, slots=True)
class Wish:
    """Which tables are meant, and in which order. There are no organisations: each scope has one's own tables."""

    kind: TableKind | None = None
    scope: Literal["personal", "organization"] | None = None
    search: Annotated[str | None, Query(pattern=NO_NUL, max_length=1_000)] = None
    tags: Annotated[list[str] | None, Query(max_length=100)] = None
    sort: Sort | None = None


@router.get("", response_model=list[TableSummaryOut], responses=paged(400, 422))
async def list_tables(
    request: Request, wish: Annotated[Wish, Depends()], offset: Offset = None, limit: Limit = None
) -> Response:
    """Your tables, newest first unless `sort` says otherwise; the tables of people stand below theirs and not here."""
    caller = needs(request, "read")
    if limit is not None and limit > MAX_LIMIT:
        raise Conflict(f"At most {MAX_LIMIT} tables are listed at once.")
    first, most = min(offset or 0, FAR), limit or DEFAULT_LIMIT
    narrowing = Narrowing(wish.kind, wish.search or None, tuple(wish.tags or ()), wish.sort or "-created_at")
    found, total = await parts_of(request).home.tables_of(caller.owner.id).tables(narrowing, first, most)
    owner = owner_json(caller)
    return json_answer([summary_json(one, owner) for one in found], page_headers(total, first, most))


@router.post(
    "", response_model=TableOut, responses=problems(403, 413, 422), openapi_extra=body(NewTableBody, required=False)
)
async def create_table(request: Request) -> Response:
    """Make a table, with the columns of its kind and those you give."""
    caller = needs(request, "write")
    tables = parts_of(request).home.tables_of(caller.owner.id)
    asked = await read_body(request, NewTableBody, optional=True)
    made = await tables.create(
        asked.name,
        asked.kind,
        description=asked.description,
        tags=asked.tags,
        columns=[config_of(config) for config in asked.column_configs or ()],
    )
    if asked.num_rows:
        await tables.add_rows(made.id, [NewRow({})] * asked.num_rows)
    return json_answer(table_json(made, owner_json(caller)))


@router.get("/{table_id}", response_model=TableWithStatus, responses=problems(404))
async def get_table(request: Request, table_id: str) -> Response:
    """A table, its columns and its counts; nothing is under way when `run_status` is idle."""
    caller = needs(request, "read")
    tables = parts_of(request).home.tables_of(caller.owner.id)
    table = await tables.table(table_id)
    return json_answer(_whole(table, await tables.tally(table.id), caller))


@router.patch(
    "/{table_id}", response_model=TableOut, responses=problems(403, 404, 413, 422), openapi_extra=body(TableChange)
)
async def update_table(request: Request, table_id: str) -> Response:
    """Change name, description, tags, or the order of the columns."""
    caller = needs(request, "write")
    asked = await read_body(request, TableChange)
    changed = (
        await parts_of(request)
        .home.tables_of(caller.owner.id)
        .update(
            table_id,
            name=asked.name,
            description=asked.description,
            tags=asked.tags,
            columns_order=asked.columns_order,
        )
    )
    return json_answer(table_json(changed, owner_json(caller)))


@router.delete("/{table_id}", response_model=TableOut, responses=problems(403, 404))
async def delete_table(request: Request, table_id: str) -> Response:
    """Delete a table with its rows, and the tables of its people. Tasks and what was learned of companies stay."""
    caller = needs(request, "write")
    gone = await parts_of(request).home.tables_of(caller.owner.id).delete(table_id)
    return json_answer(table_json(gone, owner_json(caller)))


@router.post("/{table_id}/clone", response_model=TableOut, responses=problems(403, 404, 422))
async def clone_table(
    request: Request,
    table_id: str,
    *,
    schema_only: Annotated[bool, Query(description="Copy the structure alone, without rows.")] = False,
) -> Response:
    """Copy a table and the tables of its people, with what their cells came to."""
    caller = needs(request, "write")
    made = await parts_of(request).home.tables_of(caller.owner.id).clone(table_id, schema_only=schema_only)
    return json_answer(table_json(made, owner_json(caller)))


@router.post(
    "/{table_id}/run",
    response_model=RunOut,
    responses=problems(403, 404, 413, 422),
    openapi_extra=body(RunRequest, required=False),
)
async def run_table(request: Request, table_id: str) -> Response:
    """Make cells: those never made (`new`), `all`, or those that `failed`; of all rows and columns or of some."""
    caller = needs(request, "write")
    asked = await read_body(request, RunRequest, optional=True)
    run = (
        await parts_of(request)
        .home.tables_of(caller.owner.id)
        .run(
            table_id,
            asked.mode,
            rows=None if asked.rows is None else [str(row_id) for row_id in asked.rows],
            columns=None if asked.columns is None else [str(column_id) for column_id in asked.columns],
        )
    )
    return json_answer(run_json(run, "in_progress" if run.requested else "done"))


@router.get("/{table_id}/data", response_model=TableData, responses=paged(404, 422))
async def get_table_data(request: Request, table_id: str, offset: Offset = None, limit: Limit = None) -> Response:
    """A table with its rows in the order in which they came, all of them when no limit is given."""
    caller = needs(request, "read")
    parts = parts_of(request)
    tables = parts.home.tables_of(caller.owner.id)
    table = await tables.table(table_id)
    tally = await tables.tally(table.id)
    first = min(offset or 0, FAR)
    most = None if limit is None else min(limit, FAR)
    head = _whole(table, tally, caller) | {"discovery_tasks": await _tasks(parts, table)}
    rows = tables.rows(table, first, most)
    parent = await parents_of(parts, table)
    headers = page_headers(tally.rows, first, most or max(1, tally.rows))
    return StreamingResponse(_written(head, table, rows, parent), 200, headers, "application/json")


class Parents:
    """The rows above the rows of a table of people, read as they are needed."""

    def __init__(self, parts: Parts, above: Table | None) -> None:
        self._parts = parts
        self._above = above

    async def of(self, row_ids: list[str | None]) -> dict[str, Json]:
        """The cells of these rows, by id of the row."""
        if self._above is None:
            return {}
        found = await self._parts.home.store.rows_of([row_id for row_id in row_ids if row_id is not None])
        return {row_id: data_json(self._above, row) for row_id, row in found.items()}


async def parents_of(parts: Parts, table: Table) -> Parents:
    """The rows above those of a table."""
    return Parents(parts, None if table.parent_id is None else await parts.home.store.table(table.parent_id))


def owner_json(caller: Token) -> Json:
    """The owner of what a caller makes."""
    user = user_json(caller.owner)
    return {"id": user["user_id"], "email": user["email"]}


def _whole(table: Table, tally: Tally, caller: Token) -> Json:
    return table_json(table, owner_json(caller)) | {"status": status_json(table, tally)}


async def _tasks(parts: Parts, table: Table) -> list[Json]:
    ids = await parts.home.store.linked_tasks(table.id)
    counted = await parts.home.store.progress_of(ids)
    return [task_json(await parts.home.store.task(task_id), counted[task_id]) for task_id in ids if task_id in counted]


async def _written(head: Json, table: Table, rows: AsyncIterator[list[Any]], parents: Parents) -> AsyncIterator[bytes]:
    """The answer piece by piece: the head, then a batch of rows at a time."""
    yield to_json(head)[:-1] + b',"rows":['
    is_first = True
    async for batch in rows:
        above = await parents.of([row.parent_row_id for row in batch])
        made = [to_json(row_json(table, row, above.get(row.parent_row_id))) for row in batch]
        yield (b"" if is_first else b",") + b",".join(made)
        is_first = False
    yield b"]}"
