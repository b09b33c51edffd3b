"""What the scripts of pages ask and write: streams, companies, suggestions, grades by hand, exports. No part of the API."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response, StreamingResponse

from longlist.engine.checks import checked_query
from longlist.engine.reader import is_task_id, own_task
from longlist.errors import NotFound
from longlist.model.task import DEFAULT_WANTED, Task
from longlist.plan.planner import as_json as plan_json
from longlist.serve.conditions import condition
from longlist.serve.http.bodies import read_body
from longlist.serve.http.paging import json_answer
from longlist.serve.http.parts import Parts, parts_of
from longlist.serve.http.signin import session_of
from longlist.serve.plain import plain
from longlist.serve.sheets import to_csv, to_xlsx
from longlist.serve.web.browser import JsonRoute, signed_in, writes
from longlist.serve.web.grid import cost_json, listed_json, rows_json, task_event
from longlist.serve.web.live import (
    LIST_SECONDS,
    LOOK_SECONDS,
    Live,
    Look,
    as_long_as,
    look_at_task,
    look_at_tasks,
)
from longlist.serve.web.pages import open_company
from longlist.serve.web.views import arranged, view_of
from longlist.serve.web.words import forecast_sentence
from longlist.serve.wire import report_json
from longlist.store.store import Verdict
from longlist.wiring.planning import rule_planner
from longlist.wiring.sources import check

MOST_SUGGESTED = 8
NOTE = 500
STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

router = APIRouter(prefix="/ui", include_in_schema=False, route_class=JsonRoute)


class Strict(BaseModel):
    """A body that holds nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Described(Strict):
    """A query to be understood."""

    query: str = Field(max_length=20_000)


class ByHand(Strict):
    """A grade by hand; null takes it back."""

    criterion: str = Field(max_length=100)
    grade: int | None = Field(ge=1, le=5)
    note: str = Field(default="", max_length=NOTE)


class Said(Strict):
    """What is said of a company as a whole; null takes it back."""

    verdict: Verdict | None


@router.post("/suggest")
async def suggest(request: Request) -> Response:
    """The criteria that a query asks for, and what was understood of it."""
    await writes(request)
    query = checked_query((await read_body(request, Described)).query)
    plan = await rule_planner().plan(query, None)
    told = plan_json(plan)
    return json_answer(
        {
            "criteria": told["criteria"][:MOST_SUGGESTED],
            "conditions": list(dict.fromkeys(plain(condition(one)) for one in plan.constraints)),
            "negative": plain(plan.query.negative),
            "not_understood": [plain(word) for word in told["not_understood"]],
            "angles": [plain(angle["text"]) for angle in told["angles"]],
        }
    )


@router.post("/sources/check")
async def check_sources(request: Request) -> Response:
    """How the providers that are set up do, asked now."""
    await writes(request)
    found = await check(parts_of(request).home.settings)
    return json_answer([{"title": one.title, "state": one.state, "note": plain(one.note)} for one in found])


@router.get("/forecast")
async def forecast(request: Request, wanted: int = DEFAULT_WANTED) -> Response:
    """What a search for so many will take, by what the newest finished ones took."""
    session = await signed_in(request)
    home = parts_of(request).home
    done = [task for task, _ in await home.reader_of(session.owner.id).tasks(0, 20) if task.stop_reason == "target_met"]
    took = [(await home.store.changes(task.id, task.revision), await home.store.spend(task.id)) for task in done[:5]]
    return json_answer({"sentence": forecast_sentence([(one, spend) for one, spend in took], max(1, min(wanted, 250)))})


@router.get("/tasks/events")
async def tasks_events(request: Request) -> Response:
    """The list of tasks, kept fresh."""
    session = await signed_in(request)
    parts, owner_id = parts_of(request), session.owner.id

    async def told(changed: Sequence[str]) -> list[Any]:
        return await _listed(parts, owner_id, changed)

    look = look_at_tasks(parts.home, owner_id, told)
    return stream(request, "tasks", owner_id, -1, look, LIST_SECONDS)


@router.get("/tasks/{task_id}/events")
async def task_events(request: Request, task_id: str, after: int = -1) -> Response:
    """One task, kept fresh."""
    parts = parts_of(request)
    own = await _own(request, task_id)
    last = request.headers.get("last-event-id", "")
    known = int(last) if last.isdecimal() and len(last) < 10 else after
    look = look_at_task(
        parts.home,
        own.id,
        lambda change, spend: task_event(change, spend, has_worker=parts.has_worker()),
        rows_json,
    )
    return stream(request, "task", own.id, known, look, LOOK_SECONDS)


@router.get("/tasks/{task_id}/results/{result_id}")
async def company(request: Request, task_id: str, result_id: str) -> Response:
    """One company in full."""
    return json_answer(await _company(request, await _own(request, task_id), result_id))


@router.put("/tasks/{task_id}/results/{result_id}/grade")
async def grade_by_hand(request: Request, task_id: str, result_id: str) -> Response:
    """Put a grade beside the machine's, or take it back."""
    await writes(request)
    said = await read_body(request, ByHand)
    own = await _own(request, task_id)
    await parts_of(request).home.store.put_hand_grade(
        own.id, result_id, said.criterion, said.grade, " ".join(said.note.split())
    )
    return json_answer(await _company(request, own, result_id))


@router.put("/tasks/{task_id}/results/{result_id}/verdict")
async def verdict(request: Request, task_id: str, result_id: str) -> Response:
    """Set a company aside, or take it back."""
    await writes(request)
    said = await read_body(request, Said)
    own = await _own(request, task_id)
    await parts_of(request).home.store.put_verdict(own.id, result_id, said.verdict)
    return json_answer(await _company(request, own, result_id))


@router.get("/tasks/{task_id}/export.{shape}")
async def export(request: Request, task_id: str, shape: str) -> Response:
    """The rows that a view shows, in its order, as a file."""
    own = await _own(request, task_id)
    home = parts_of(request).home
    change = await home.store.changes(own.id)
    rows = await asyncio.to_thread(rows_json, change.rows)
    event = task_event(change, await home.store.spend(own.id), has_worker=True)
    shown = arranged(rows, view_of(request.query_params), event["needed"], event["target"])
    found = {result.id: result for result in await home.store.results(own.id, qualified_only=False)}
    report = await home.reader_of(own.owner_id).report(own.id, near_misses=0)
    report = replace(report, results=tuple(found[row["id"]] for row in shown if row["id"] in found), near_misses=())
    name = f"longlist-{own.id[:8]}"
    match shape:
        case "csv":
            content, kind = (await asyncio.to_thread(to_csv, report)).encode("utf-8-sig"), "text/csv; charset=utf-8"
        case "xlsx":
            content, kind = await asyncio.to_thread(to_xlsx, report), XLSX
        case "json":
            answer = json_answer(report_json(report))
            answer.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
            return answer
        case _:
            raise NotFound("Files are made as csv, xlsx or json.")
    return Response(content, 200, {"Content-Disposition": f'attachment; filename="{name}.{shape}"'}, kind)


async def _company(request: Request, own: Task, result_id: str) -> Any:
    parts = parts_of(request)
    found = await open_company(parts, await parts.home.store.changes(own.id), result_id)
    if found is None:
        raise NotFound("There is no such company in this task.")
    return found


async def _own(request: Request, task_id: str) -> Task:
    session = await signed_in(request)
    if not is_task_id(task_id):
        raise NotFound(f"There is no task {task_id[:100]!r}.")
    return await own_task(parts_of(request).home.store, task_id, session.owner.id)


async def _listed(parts: Parts, owner_id: str, changed: Sequence[str]) -> list[Any]:
    wanted = set(changed)
    found = await parts.home.reader_of(owner_id).tasks(0, 200) if wanted else []
    return [
        listed_json(task, progress, has_worker=parts.has_worker())
        | {"cost": cost_json(await parts.home.store.spend(task.id))}
        for task, progress in found
        if task.id in wanted
    ]


def stream(request: Request, kind: str, of: str, after: int, look: Look, every: float) -> Response:
    """An answer that goes on: the events of one thing, as long as the session lasts that asks."""
    live: Live = request.app.state.live

    async def is_signed_in() -> bool:
        return await session_of(request) is not None

    events = as_long_as(is_signed_in, live.stream(kind, of, after, look, every))
    return StreamingResponse(events, 200, STREAM, "text/event-stream")
