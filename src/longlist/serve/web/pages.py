"""The pages: what people open. Each shows what there is without scripts; scripts then keep it fresh."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from longlist.engine.reader import is_task_id, own_task
from longlist.errors import NotFound
from longlist.model.task import DEFAULT_WANTED, WANTED_RANGE, Task
from longlist.serve.http.parts import Parts, parts_of
from longlist.serve.web.assets import answer
from longlist.serve.web.browser import PageRoute, signed_in
from longlist.serve.web.company import company_json
from longlist.serve.web.compare import compared
from longlist.serve.web.grid import listed_json, rows_json, task_event
from longlist.serve.web.shells import html
from longlist.serve.web.views import SHOWS, arranged, counts, view_of
from longlist.serve.web.words import hardest, needed
from longlist.store.store import GridRow, TaskChange
from longlist.wiring.sources import look, sources_of

MOST_ROWS = 500  # in a page; the rest is counted
MOST_TASKS = 200
EXAMPLES = (
    "buy now pay later providers for online shops",
    "donation software for non-profits",
    "listed semiconductor makers outside the United States",
)

router = APIRouter(include_in_schema=False, route_class=PageRoute)


@router.get("/")
async def new_search(request: Request) -> Response:
    """Describe the companies, see what was understood, start."""
    session = await signed_in(request)
    query = request.query_params.get("query", "")[:20_000]
    again = request.query_params.get("from", "")
    given: dict[str, Any] = {"query": query, "criteria": [], "wanted": DEFAULT_WANTED, "exclude": []}
    if again:
        task = await _own(parts_of(request), again, session.owner.id)
        given = {
            "query": task.spec.query,
            "criteria": [{"key": c.key, "name": c.name, "criterion": c.text} for c in task.criteria or ()],
            "wanted": task.spec.wanted,
            "exclude": list(task.spec.exclude_domains),
        }
    return html(request, "new.html", session, given=given, examples=EXAMPLES, most=WANTED_RANGE[1])


@router.get("/tasks")
async def tasks(request: Request) -> Response:
    """All searches, newest first."""
    session = await signed_in(request)
    return html(request, "tasks.html", session, tasks=await task_list(parts_of(request), session.owner.id))


@router.get("/tasks/{task_id}")
async def task(request: Request, task_id: str) -> Response:
    """One search: how far it is, what it found, one company in full."""
    session = await signed_in(request)
    parts = parts_of(request)
    own = await _own(parts, task_id, session.owner.id)
    change = await parts.home.store.changes(own.id)
    rows = await asyncio.to_thread(rows_json, change.rows)
    event = task_event(change, await parts.home.store.spend(own.id), has_worker=parts.has_worker())
    view = view_of(request.query_params)
    shown = arranged(rows, view, event["needed"], event["target"])
    criteria = own.criteria or ()
    asked = request.query_params.get("open", "")
    return html(
        request,
        "task.html",
        session,
        task=event,
        rows=rows,
        shown=shown[:MOST_ROWS],
        left=max(0, len(shown) - MOST_ROWS),
        view=view,
        shows=SHOWS,
        counts=counts(rows, event["needed"], event["target"]),
        company=await open_company(parts, change, asked),
        hardest=hardest(criteria, await parts.home.store.tallies(own.id)) if criteria else "",
        needed=needed(len(criteria)) if criteria else "",
    )


@router.get("/compare")
async def compare(request: Request) -> Response:
    """Two searches side by side: what is new, gone, and graded differently."""
    session = await signed_in(request)
    parts = parts_of(request)
    asked = [request.query_params.get(name, "") for name in ("a", "b")]
    found = None
    if all(asked):
        before, after = [await _own(parts, task_id, session.owner.id) for task_id in asked]
        found = compared(await parts.home.store.changes(before.id), await parts.home.store.changes(after.id))
    listed = await task_list(parts, session.owner.id)
    if not any(asked) and len(listed) > 1:
        asked = [listed[1]["id"], listed[0]["id"]]  # the newest two, to begin with
    return html(request, "compare.html", session, tasks=listed, asked=asked, found=found)


@router.get("/settings")
async def settings(request: Request) -> Response:
    """What this server can reach, and how pages look."""
    session = await signed_in(request)
    parts = parts_of(request)
    stats = await parts.home.store.catalog_stats()
    providers = look(parts.home.settings)
    return html(
        request,
        "settings.html",
        session,
        stats=stats,
        sources=sources_of(providers),
        providers=providers,
        has_worker=parts.has_worker(),
        is_ready=parts.companies.is_ready,
        base=f"{request.url.scheme}://{request.headers.get('host', '')}",
    )


@router.get("/static/{asked}/{path:path}")
async def static(request: Request, asked: str, path: str) -> Response:
    """A script or a style."""
    return answer(request, path, asked)


@router.get("/favicon.ico")
async def favicon() -> Response:
    """The mark in the tab."""
    return RedirectResponse("/static/now/mark.svg", 302)


async def task_list(parts: Parts, owner_id: str) -> list[dict[str, Any]]:
    """The newest tasks with what they cost."""
    found = await parts.home.reader_of(owner_id).tasks(0, MOST_TASKS)
    return [listed_json(task, progress, has_worker=parts.has_worker()) for task, progress in found]


async def open_company(parts: Parts, change: TaskChange, result_id: str) -> dict[str, Any] | None:
    """The company with this id in full; None when the task has none."""
    row: GridRow | None = next((row for row in change.rows if row.id == result_id), None)
    if row is None:
        return None
    result = await parts.home.store.result_with_id(change.task.id, result_id)
    sightings = await parts.home.store.sightings(change.task.id, row.key)
    return company_json(row, result, change.task.criteria or (), sightings)


async def _own(parts: Parts, task_id: str, owner_id: str) -> Task:
    """The task; NotFound for what is none, and for another's."""
    if not is_task_id(task_id):
        raise NotFound(f"There is no task {task_id[:100]!r}.")
    return await own_task(parts.home.store, task_id, owner_id)
