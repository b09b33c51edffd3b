"""Columns of tables: contract §3.4."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from longlist.serve.http.bodies import read_body
from longlist.serve.http.callers import needs
from longlist.serve.http.paging import json_answer
from longlist.serve.http.parts import parts_of
from longlist.serve.http.spec import body, problems
from longlist.serve.http.table_models import ColumnChange, ColumnOut, NewColumns, config_of
from longlist.serve.table_wire import column_json

router = APIRouter(prefix="/v1/tables/{table_id}/columns", tags=["tables"])


@router.post("", response_model=list[ColumnOut], responses=problems(403, 404, 413, 422), openapi_extra=body(NewColumns))
async def add_columns(request: Request, table_id: str) -> Response:
    """Add columns. Nothing is run by that."""
    caller = needs(request, "write")
    asked = await read_body(request, NewColumns)
    after = asked.insert_after if isinstance(asked.insert_after, bool) else asked.insert_after.lower()
    tables = parts_of(request).home.tables_of(caller.owner.id)
    made = await tables.add_columns(table_id, [config_of(config) for config in asked.column_configs], after)
    return json_answer([column_json(column) for column in made])


@router.patch(
    "/{column_id}", response_model=ColumnOut, responses=problems(403, 404, 413, 422), openapi_extra=body(ColumnChange)
)
async def replace_column(request: Request, table_id: str, column_id: str) -> Response:
    """Give a column another config, of the same kind. Its cells stay as they are until they are run again."""
    caller = needs(request, "write")
    asked = await read_body(request, ColumnChange)
    tables = parts_of(request).home.tables_of(caller.owner.id)
    changed = await tables.replace_column(table_id, column_id.lower(), config_of(asked.root))
    return json_answer(column_json(changed))


@router.delete("/{column_id}", response_model=ColumnOut, responses=problems(400, 403, 404))
async def delete_column(request: Request, table_id: str, column_id: str) -> Response:
    """Delete a column with its cells. Refused while other columns need it."""
    caller = needs(request, "write")
    tables = parts_of(request).home.tables_of(caller.owner.id)
    return json_answer(column_json(await tables.delete_column(table_id, column_id.lower())))
