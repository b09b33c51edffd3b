"""Discovery tasks: contract §2."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from longlist.engine.reader import is_task_id
from longlist.engine.tables import MAX_NAME, Tables
from longlist.errors import InvalidInput, LonglistError, NotFound
from longlist.model.criterion import Criterion
from longlist.model.table import TableLink as Link
from longlist.model.task import Progress, Task
from longlist.serve.http.answers import Made
from longlist.serve.http.bodies import read_body
from longlist.serve.http.callers import needs
from longlist.serve.http.models import NewTask, Nothing, Resume, TableLink, TaskOut, TaskWithResults
from longlist.serve.http.paging import FAR, Limit, Offset, json_answer, page_headers
from longlist.serve.http.parts import Parts, parts_of
from longlist.serve.http.spec import body, paged, problems
from longlist.serve.wire import result_json, task_json
from longlist.store.store import Mark, mark_of

DEFAULT_LIMIT = 50
MAX_LIMIT = 250  # tasks in one list

router = APIRouter(prefix="/v1/discovery_tasks", tags=["company-discovery"])


@router.post("", response_model=TaskOut, responses=problems(403, 404, 413, 422), openapi_extra=body(NewTask))
async def create_discovery_task(request: Request) -> Response:
    """Start a search. The task is answered at once, as it begins; follow it by reading it."""
    caller = needs(request, "write")
    parts = parts_of(request)
    asked = await read_body(request, NewTask)
    if not asked.auto_data_sources and not asked.data_sources:
        raise InvalidInput(
            "Without auto_data_sources, data_sources must name at least one source.", field="data_sources"
        )
    tables = parts.home.tables_of(caller.owner.id)
    table, made_for_it = await _linked(tables, asked.table, asked.query)
    try:
        task = await parts.home.service_of(caller.owner.id).create(
            asked.query,
            wanted=asked.desired_num_results,
            criteria=[Criterion(given.key, given.name, given.criterion) for given in asked.criteria or ()],
            sources=None if asked.auto_data_sources else _sources(asked.data_sources or ()),
            exclude=asked.exclude_domains or (),
            exclude_tasks=[str(task_id) for task_id in asked.exclude_task_ids or ()],
            table=table,
            caps=None if asked.budget is None else asked.budget.caps(),
        )
    except LonglistError:
        if made_for_it is not None:  # a task that cannot be leaves no table behind
            await tables.delete(made_for_it)
        raise
    return json_answer(task_json(task, Progress()))


@router.get("", response_model=list[TaskOut], responses=paged(422))
async def list_discovery_tasks(request: Request, offset: Offset = None, limit: Limit = None) -> Response:
    """Your tasks, newest first; 50 when no limit is given, 250 at the most."""
    caller = needs(request, "read")
    home = parts_of(request).home
    first, most = min(offset or 0, FAR), min(limit or DEFAULT_LIMIT, MAX_LIMIT)
    found = await home.reader_of(caller.owner.id).tasks(first, most)
    total = await home.store.task_count(caller.owner.id)
    return json_answer([task_json(task, progress) for task, progress in found], page_headers(total, first, most))


@router.get("/{task_id}", response_model=TaskOut, responses=problems(404))
async def get_discovery_task(request: Request, task_id: str) -> Response:
    """A task and its counters. It is over when its status is `done` or `failed`."""
    caller = needs(request, "read")
    parts = parts_of(request)
    task_id = _whole_id(task_id)

    async def make() -> Made:
        view = await parts.home.store.view(task_id, limit=0)
        return mark_of(view.task), json_answer(task_json(view.task, view.progress))

    return await parts.answers.get(("task", task_id), await _own_mark(parts, task_id, caller.owner.id), make)


@router.get("/{task_id}/results", response_model=TaskWithResults, responses=paged(404, 422))
async def get_discovery_task_results(
    request: Request, task_id: str, offset: Offset = None, limit: Limit = None
) -> Response:
    """A task and its results, best first, all of them when no limit is given; readable while it runs."""
    caller = needs(request, "read")
    parts = parts_of(request)
    task_id = _whole_id(task_id)
    first, most = min(offset or 0, FAR), None if limit is None else min(limit, MAX_LIMIT)

    async def make() -> Made:
        view = await parts.home.store.view(task_id, first, most)
        headers = page_headers(view.progress.qualified, first, most or view.progress.qualified)
        answer = task_json(view.task, view.progress) | {"results": [result_json(result) for result in view.results]}
        return mark_of(view.task), json_answer(answer, headers)

    asked = ("results", task_id, first, most)
    return await parts.answers.get(asked, await _own_mark(parts, task_id, caller.owner.id), make)


@router.post(
    "/{task_id}/resume",
    response_model=TaskOut,
    responses=problems(400, 403, 404, 413, 422),
    openapi_extra=body(Resume, required=False),
)
async def resume_discovery_task(request: Request, task_id: str) -> Response:
    """Look for more results, 25 when no number is given, or go on with a task that was paused or failed."""
    caller = needs(request, "write")
    parts = parts_of(request)
    asked = await read_body(request, Resume, optional=True)
    task = await parts.home.service_of(caller.owner.id).resume(_whole_id(task_id), asked.desired_new_results)
    return await _answer(parts, task)


@router.post(
    "/{task_id}/pause",
    response_model=TaskOut,
    responses=problems(403, 404, 413, 422),
    openapi_extra=body(Nothing, required=False),
)
async def pause_discovery_task(request: Request, task_id: str) -> Response:
    """Stop new work and keep what there is; the task is done then, and can be resumed. A finished one stays as it is."""
    caller = needs(request, "write")
    parts = parts_of(request)
    await read_body(request, Nothing, optional=True)
    return await _answer(parts, await parts.home.control_of(caller.owner.id).pause(_whole_id(task_id)))


async def _answer(parts: Parts, task: Task) -> Response:
    return json_answer(task_json(task, await parts.home.store.progress(task.id)))


async def _own_mark(parts: Parts, task_id: str, owner_id: str) -> Mark:
    """How far one's own task is; NotFound for any other."""
    mark = await parts.home.store.mark(task_id)
    if mark.owner_id != owner_id:
        raise NotFound(f"There is no task {task_id!r}.")
    return mark


def _whole_id(task_id: str) -> str:
    """An id in the form it is kept in. Whatever is no UUID names nothing: 404, as the contract has it."""
    if not is_task_id(task_id):
        raise NotFound(f"There is no task {task_id[:100]!r}.")
    return task_id.lower()


async def _linked(tables: Tables, asked: TableLink | None, query: str) -> tuple[Link | None, str | None]:
    """The link of a new task to a table, and the id of the table when it was made for it."""
    if asked is None:
        return None, None
    if asked.id is None and asked.columns:
        raise InvalidInput("A new table has none of these columns yet; name the table they are of.", field="table")
    made = None if asked.id is not None else await tables.create(" ".join(query.split())[:MAX_NAME])
    columns = None if asked.columns is None else tuple(str(column_id) for column_id in asked.columns)
    link = Link(str(asked.id) if made is None else made.id, asked.auto_import, asked.run, columns)
    return await tables.check_link(link), None if made is None else made.id


def _sources(names: Sequence[str]) -> list[str]:
    """The sources by our names, each once."""
    return list(dict.fromkeys("catalog" if name == "extruct_db" else name for name in names))
