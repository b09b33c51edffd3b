"""What the scripts of tables' pages ask: streams of cells, how many cells a run has, companies from tasks, files."""

import asyncio
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from longlist.engine.reader import is_task_id, own_task
from longlist.errors import InvalidInput, NotFound
from longlist.model.table import NewRow, Row, Table
from longlist.serve.http.bodies import read_body
from longlist.serve.http.paging import json_answer
from longlist.serve.http.parts import Parts, parts_of
from longlist.serve.web.actions import stream
from longlist.serve.web.browser import JsonRoute, signed_in, writes
from longlist.serve.web.grid import rows_json, task_event
from longlist.serve.web.live import Batch, Look, event
from longlist.serve.web.table_pages import head_json
from longlist.serve.web.table_view import TableView, cells_json, column_json, page_of, table_view_of
from longlist.serve.web.views import arranged, view_of
from longlist.serve.web.words import cap_sentence
from longlist.store.ledger import Spend
from longlist.wiring.home import caps_of

LOOK_SECONDS = 0.5
FIRST = 10  # cells of the first offer: a whole column is never run by accident

router = APIRouter(prefix="/ui/tables", include_in_schema=False, route_class=JsonRoute)
from_tasks = APIRouter(prefix="/ui/tasks", include_in_schema=False, route_class=JsonRoute)


class ToTable(BaseModel):
    """Rows of a task for a table, an own one or a new one of this name: those with `ids`, else those that a view shows."""

    model_config = ConfigDict(extra="forbid", strict=True)

    table_id: str | None = None
    name: str = Field(default="", max_length=300)
    view: str = Field(default="", max_length=4_000)
    ids: list[str] = Field(default_factory=list, max_length=500)


@router.get("/{table_id}/events")
async def table_events(request: Request, table_id: str) -> Response:
    """A page of a table, kept fresh."""
    parts, found = await _own(request, table_id)
    view = table_view_of(request.query_params, found)
    return stream(request, "table", f"{found.id} {view}", -1, look_at_table(parts, found.id, view), LOOK_SECONDS)


@router.get("/{table_id}/cells")
async def cells(
    request: Request,
    table_id: str,
    column: str,
    mode: Literal["first", "new", "failed", "all"] = "first",
    most: Annotated[int, Query(ge=1, le=FIRST)] = FIRST,
) -> Response:
    """How many cells a run of a column would make, and of which rows; `most` of them are the first. Asks for nothing."""
    parts, found = await _own(request, table_id)
    known = next((one for one in found.columns if one.id == column), None)
    if known is None or known.config.is_input:
        raise InvalidInput("This column has no cells that could be run.", field="column")
    rows: list[str] = []
    async for some in parts.home.store.rows(found.id):
        rows += [row.id for row in some if _is_meant(row, column, mode)]
        if mode == "first" and len(rows) >= most:
            break
    rows = rows[:most] if mode == "first" else rows
    waiting = [one.config.name for one in found.columns if one.config.key in known.config.needs]
    return json_answer(
        {
            "count": len(rows),
            "rows": rows if mode == "first" else None,
            "needs": waiting,
            "estimate": await _estimate(parts, found, len(rows)),
        }
    )


@from_tasks.post("/{task_id}/to-table")
async def to_table(request: Request, task_id: str) -> Response:
    """Put companies of a task into a table; those it has already are left out."""
    session = await writes(request)
    said = await read_body(request, ToTable)
    home = parts_of(request).home
    if not is_task_id(task_id):
        raise NotFound(f"There is no task {task_id[:100]!r}.")
    own = await own_task(home.store, task_id, session.owner.id)
    tables = home.tables_of(session.owner.id)
    if said.table_id:
        table = await tables.table(said.table_id)
        if table.kind != "company":
            raise InvalidInput("Companies go to tables of companies; this one is of another kind.", field="table_id")
    else:
        table = await tables.create(said.name.strip() or own.spec.query[:100])
    change = await home.store.changes(own.id)
    found = {row.id: row for row in change.rows}
    if said.ids:
        shown = [one for one in said.ids if one in found]
    else:
        head = task_event(change, Spend(), has_worker=True)
        view = view_of(dict(parse_qsl(said.view)))
        rows = await asyncio.to_thread(rows_json, change.rows)
        shown = [row["id"] for row in arranged(rows, view, head["needed"], head["target"])]
    new = [
        NewRow(
            {"input": row.domain or row.name},
            {"task_id": own.id, "result_id": row.id},
            key=row.domain or row.key,
        )
        for row in (found[one] for one in shown)
    ]
    added = await home.store.add_rows(table.id, new, unique=True)
    if added:
        columns = [
            c.id for c in table.columns if c.config.kind in {"company_name", "company_website", "company_profile"}
        ]
        await tables.run(table.id, "new", rows=[row.id for row in added], columns=columns)
    return json_answer(
        {"table_id": table.id, "name": table.name, "added": len(added), "left_out": len(new) - len(added)}
    )


def look_at_table(parts: Parts, table_id: str, view: TableView) -> Look:
    """Looks at a page of a table: which of its cells changed."""
    known: dict[str, Any] = {}
    columns: list[Any] = []

    async def look(rev: int) -> Batch | None:
        nonlocal known, columns
        store = parts.home.store
        now = await store.table_revision(table_id)
        if now == rev:
            return None
        table = await store.table(table_id)
        rows, count = await page_of(store, table, view)
        shown = {row["id"]: row["cells"] for row in await asyncio.to_thread(cells_json, table, rows)}
        sent = [event("table", await head_json(parts, table, now) | {"count": count})]
        described = [column_json(column) for column in table.columns]
        if described != columns:
            sent.append(event("columns", {"rev": now, "columns": described}))
        changed = [
            {"row": row_id, "column": column_id, **cell}
            for row_id, cells in shown.items()
            for column_id, cell in cells.items()
            if known.get(row_id, {}).get(column_id) != cell
        ]
        gone = [row_id for row_id in known if row_id not in shown]
        known, columns = shown, described
        sent.append(event("cells", {"rev": now, "cells": changed, "gone": gone, "order": list(shown)}, now))
        return Batch(now, b"".join(sent))

    return look


def _is_meant(row: Row, column_id: str, mode: str) -> bool:
    cell = row.cells.get(column_id)
    status = cell.status if cell else None
    if status in {"requested", "in_progress"}:
        return False
    return mode == "all" or (status == "failed" if mode == "failed" else status is None)


async def _own(request: Request, table_id: str) -> tuple[Parts, Table]:
    session = await signed_in(request)
    parts = parts_of(request)
    return parts, await parts.home.tables_of(session.owner.id).table(table_id)


async def _estimate(parts: Parts, table: Table, count: int) -> str:
    """What so many cells will cost, by what the cells of this table's last runs did, and what a run may spend at most."""
    return f"{await _likely(parts, table, count)} {cap_sentence(caps_of(parts.home.settings))}"


async def _likely(parts: Parts, table: Table, count: int) -> str:
    store, asked, micros, calls = parts.home.store, 0, 0, 0
    for run in await store.runs(table.id):
        spend = await store.spend(run.id)
        asked, micros, calls = asked + run.requested, micros + spend.micros, calls + spend.calls
    if not asked:
        return "What a cell costs is known after the first ten."
    if not calls:
        return "The cells of this table needed no paid calls so far."
    money = f", ~${micros / asked * count / 1e6:,.2f}" if micros else ""
    return f"By this table's last runs: some {calls / asked * count:,.0f} calls{money}."
