"""`longlist pause`, `stop` and `delete`: orders to a task, whichever process runs it. Needs the store alone."""

from collections.abc import Awaitable, Callable

import typer

from longlist.engine.control import TaskControl
from longlist.engine.reader import Report
from longlist.errors import LonglistError
from longlist.model.company import Candidate
from longlist.model.task import Task
from longlist.serve.plain import shortened
from longlist.serve.session import go
from longlist.serve.terminal import print_json, say
from longlist.serve.wire import task_json
from longlist.serve.words import stop_lines
from longlist.settings import load_settings
from longlist.wiring.reading import open_tasks

QUERY_SHOWN = 60  # letters


def pause(task: str, *, as_json: bool) -> None:
    """Pause a task and say where it stands."""
    _order(task, lambda control, task_id: control.pause(task_id), as_json=as_json)


def stop(task: str, *, as_json: bool) -> None:
    """Stop a task and say where it stands."""
    _order(task, lambda control, task_id: control.stop(task_id), as_json=as_json)


def delete(task: str, *, yes: bool, as_json: bool) -> None:
    """Delete a task, after asking."""

    async def find() -> Report:
        async with open_tasks(load_settings()) as (reader, _):
            return await reader.report((await reader.find(task)).id)

    async def work(task_id: str) -> None:
        async with open_tasks(load_settings()) as (_, control):
            await control.delete(task_id)

    found = go(find())
    name, results = found.task.id[:8], found.progress.qualified
    if not yes and not _agreed(f"Delete task {name} “{_query(found.task)}” with its {results} results?"):
        raise LonglistError("Nothing was deleted. --yes deletes without asking.")
    go(work(found.task.id))
    if as_json:
        print_json({"id": found.task.id, "deleted": True})
    else:
        say(f"Deleted: task {name} “{_query(found.task)}” with its {results} results.")


def unmerge(task: str, company: str) -> None:
    """Take two companies of a task apart again."""

    async def work() -> tuple[Task, Candidate]:
        async with open_tasks(load_settings()) as (reader, control):
            found = await reader.find(task)
            return found, await control.unmerge(found.id, company)

    found, candidate = go(work())
    say(f"{candidate.name} is a company of its own again. `longlist resume {found.id[:8]}` has it graded.")


def _order(task: str, give: Callable[[TaskControl, str], Awaitable[Task]], *, as_json: bool) -> None:
    async def work() -> Report:
        async with open_tasks(load_settings()) as (reader, control):
            given = await give(control, (await reader.find(task)).id)
            return await reader.report(given.id)

    report = go(work())
    if as_json:
        print_json(task_json(report.task, report.progress))
    else:
        say(stop_lines(report)[0])


def _query(task: Task) -> str:
    return shortened(task.spec.query, QUERY_SHOWN)


def _agreed(question: str) -> bool:
    """The user's answer; no when nobody can be asked."""
    try:
        return typer.confirm(question, default=False, err=True)
    except typer.Abort:
        return False
