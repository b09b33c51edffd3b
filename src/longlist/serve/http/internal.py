"""What the web UI needs beyond the wire format: pause, stop and delete a task. No part of the public API.

Callers show the session cookie of a signed-in browser, and then the request must come from a page of this server; or a
token, as for `/v1`.
"""

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from longlist.engine.control import TaskControl
from longlist.engine.reader import is_task_id
from longlist.errors import NotFound
from longlist.model.task import Task
from longlist.serve.http.callers import KEY, bearer, needs
from longlist.serve.http.paging import json_answer
from longlist.serve.http.parts import parts_of
from longlist.serve.http.signin import same_origin, session_of
from longlist.serve.wire import task_json

router = APIRouter(prefix="/internal/tasks", include_in_schema=False)


@router.post("/{task_id}/pause")
async def pause_task(request: Request, task_id: str) -> Response:
    """The task once it is paused; a finished one stays as it is."""
    return await _answer(request, await (await _control(request)).pause(_checked(task_id)))


@router.post("/{task_id}/stop")
async def stop_task(request: Request, task_id: str) -> Response:
    """The task once it is stopped; a finished one stays as it is."""
    return await _answer(request, await (await _control(request)).stop(_checked(task_id)))


@router.delete("/{task_id}")
async def delete_task(request: Request, task_id: str) -> Response:
    """204 once the task is gone, with its candidates and grades."""
    await (await _control(request)).delete(_checked(task_id))
    return Response(status_code=204)


async def _control(request: Request) -> TaskControl:
    """Orders to the caller's tasks: 401 for nobody, Forbidden for another site's page and for tokens that only read."""
    home = parts_of(request).home
    if "authorization" in request.headers:
        secret = bearer(request.scope)
        caller = await home.access.caller(secret, "token", "start") if secret else None
    elif (caller := await session_of(request)) is not None:
        same_origin(request)
    if caller is None:
        raise HTTPException(401, "Sign in first, or send a valid token.", {"WWW-Authenticate": "Bearer"})
    request.scope[KEY] = caller
    return home.control_of(needs(request, "write").owner.id)


async def _answer(request: Request, task: Task) -> Response:
    return json_answer(task_json(task, await parts_of(request).home.store.progress(task.id)))


def _checked(task_id: str) -> str:
    if not is_task_id(task_id):
        raise NotFound(f"There is no task {task_id[:100]!r}.")
    return task_id
