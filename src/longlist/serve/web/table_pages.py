"""The pages of tables: all of them, and one with its cells."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from longlist.model.table import Table, Tally
from longlist.serve.http.parts import Parts, parts_of
from longlist.serve.plain import plain
from longlist.serve.web.browser import PageRoute, signed_in
from longlist.serve.web.grid import cost_json
from longlist.serve.web.shells import html
from longlist.serve.web.table_view import PAGE, STATES, TableView, cells_json, column_json, page_of, table_view_of
from longlist.serve.wire import timestamp
from longlist.store.ledger import Spend
from longlist.store.table_store import Narrowing

MOST = 100
RUNS = 20  # of a table, whose costs are summed up

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/tables")
async def tables(request: Request) -> Response:
    """All tables, newest first."""
    session = await signed_in(request)
    words = request.query_params.get("q", "")[:200]
    narrowing = Narrowing(None, words or None, (), "-created_at")
    found, total = await parts_of(request).home.tables_of(session.owner.id).tables(narrowing, 0, MOST)
    shown = [table_json(one.table) | {"rows": one.rows} for one in found]
    return html(request, "tables.html", session, tables=shown, total=total, words=words)


@router.get("/tables/{table_id}")
async def table(request: Request, table_id: str) -> Response:
    """One table: its rows, what its cells came to, what can be asked."""
    session = await signed_in(request)
    parts = parts_of(request)
    found = await parts.home.tables_of(session.owner.id).table(table_id)
    view = table_view_of(request.query_params, found)
    rev = await parts.home.store.table_revision(found.id)
    rows, count = await page_of(parts.home.store, found, view)
    columns = [column_json(column) for column in found.columns]
    cells = await asyncio.to_thread(cells_json, found, rows)
    return html(
        request,
        "table.html",
        session,
        table=await head_json(parts, found, rev),
        columns=columns,
        rows=cells,
        count=count,
        view=view,
        chips=_chips(found, view),
        pages=max(1, -(-count // PAGE)),
        parent=found.parent_id,
        children=list(found.child_ids),
    )


def _chips(table: Table, view: TableView) -> list[dict[str, str]]:
    """What columns are filtered by, each with the view that is without it."""
    names = {column.config.key: plain(column.config.name)[:60] for column in table.columns}
    return [
        {"name": names[key], "said": STATES.get(said, said), "address": view.address(page=1, **{f"f.{key}": ""})}
        for key, said in view.filters
    ]


def table_json(table: Table) -> dict[str, Any]:
    """A table in a list."""
    return {
        "id": table.id,
        "name": plain(table.name),
        "kind": table.kind,
        "description": plain(table.description or ""),
        "created_at": timestamp(table.created_at),
        "updated_at": timestamp(table.updated_at),
    }


async def head_json(parts: Parts, table: Table, rev: int) -> dict[str, Any]:
    """The head of a table's page: counts, and what its last runs cost."""
    store = parts.home.store
    tally: Tally = await store.tally(table.id)
    micros = calls = tokens = 0
    for run in await store.runs(table.id, RUNS):
        spend = await store.spend(run.id)
        micros, calls, tokens = micros + spend.micros, calls + spend.calls, tokens + spend.tokens
    return table_json(table) | {
        "rev": rev,
        "num_rows": tally.rows,
        "done": tally.done,
        "failed": tally.failed,
        "waiting": tally.waiting,
        "cost": cost_json(Spend(micros, calls, tokens)),
        "has_worker": parts.has_worker(),
    }
