"""Rows of tables: contract §3.5."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from longlist.model.table import Row
from longlist.serve.http.bodies import read_body
from longlist.serve.http.callers import needs
from longlist.serve.http.paging import json_answer
from longlist.serve.http.parts import Parts, parts_of
from longlist.serve.http.spec import body, problems
from longlist.serve.http.table_models import NewRows, RowChanges, RowOut, RowsToDelete, RowWithColumns
from longlist.serve.http.tables import parents_of
from longlist.serve.table_wire import column_json, row_json, row_status

router = APIRouter(prefix="/v1/tables/{table_id}/rows", tags=["tables"])


@router.post("", response_model=list[RowOut], responses=problems(403, 404, 413, 422), openapi_extra=body(NewRows))
async def add_rows(request: Request, table_id: str) -> Response:
    """Add rows at the end. With `run` their cells are under way when this is answered."""
    caller = needs(request, "write")
    parts = parts_of(request)
    asked = await read_body(request, NewRows)
    tables = parts.home.tables_of(caller.owner.id)
    made = await tables.add_rows(table_id, [row.row() for row in asked.rows], run=asked.run)
    return await _rows(parts, table_id, made)


@router.patch("", response_model=list[RowOut], responses=problems(403, 404, 413, 422), openapi_extra=body(RowChanges))
async def change_rows(request: Request, table_id: str) -> Response:
    """Change values of rows, or add rows that have no id. Values that are not given stay."""
    caller = needs(request, "write")
    parts = parts_of(request)
    asked = await read_body(request, RowChanges)
    tables = parts.home.tables_of(caller.owner.id)
    made = await tables.put_rows(table_id, [row.row() for row in asked.rows], run=asked.run)
    return await _rows(parts, table_id, made)


@router.delete("", response_model=list[str], responses=problems(403, 404, 413, 422), openapi_extra=body(RowsToDelete))
async def delete_rows(request: Request, table_id: str) -> Response:
    """Delete rows, all of those named or none; their ids are answered."""
    caller = needs(request, "write")
    asked = await read_body(request, RowsToDelete)
    tables = parts_of(request).home.tables_of(caller.owner.id)
    return json_answer(await tables.delete_rows(table_id, [str(row_id) for row_id in asked.rows]))


@router.get("/{row_id}", response_model=RowWithColumns, responses=problems(404))
async def get_row(request: Request, table_id: str, row_id: str) -> Response:
    """A row, whether its cells are being made, and the columns of its table."""
    caller = needs(request, "read")
    parts = parts_of(request)
    table, row = await parts.home.tables_of(caller.owner.id).row(table_id, row_id)
    above = await (await parents_of(parts, table)).of([row.parent_row_id])
    shown = row_json(table, row, above.get(row.parent_row_id or ""))
    columns = [column_json(column) for column in table.columns]
    return json_answer(shown | {"status": row_status(row), "columns": columns})


async def _rows(parts: Parts, table_id: str, rows: Sequence[Row]) -> Response:
    table = await parts.home.store.table(table_id.lower())
    above = await (await parents_of(parts, table)).of([row.parent_row_id for row in rows])
    return json_answer([row_json(table, row, above.get(row.parent_row_id or "")) for row in rows])
