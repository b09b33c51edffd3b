"""`longlist search` and `resume`: what runs tasks."""

import asyncio
import contextlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.progress import Progress

from longlist.engine.checks import criteria_from_texts
from longlist.engine.kit import Kit
from longlist.engine.reader import Report
from longlist.engine.search import run_task
from longlist.errors import LonglistError, NotFound
from longlist.model.call import Caps
from longlist.model.task import Progress as Counters
from longlist.model.task import Task
from longlist.serve.bars import live
from longlist.serve.delivery import chosen_shape, deliver
from longlist.serve.logs import log_plainly
from longlist.serve.options import Shape
from longlist.serve.session import go, interrupted
from longlist.serve.terminal import say
from longlist.settings import load_settings
from longlist.wiring.home import Home, open_home, worker_role

COUNTERS = "discovered {discovered} → enriched {enriched} → evaluated {evaluated} → qualified {qualified} of {wanted}"
BUILD_STEPS = {"read": "First use: reading the embedded catalogue", "index": "Indexing the catalogue: {:,} companies"}
CATALOGUE_SIZE = 8_200  # companies in the embedded catalogue, about: only the bar's end
LOOK_SECONDS = 0.2  # between two looks at a task that the server runs
ID_BEGINNING = re.compile(r"[0-9a-f]{8}[0-9a-f-]{0,28}")


def search(
    query: str,
    want: int,
    criteria: Sequence[str],
    exclude: Sequence[str],
    sources: Sequence[str] | None,
    shape: Shape | None,
    output: Path | None,
    *,
    caps: Caps | None = None,
    as_json: bool,
) -> None:
    """Make a task, run it, deliver its report."""
    chosen = chosen_shape(shape, output, as_json=as_json)

    async def work() -> Report:
        async with open_home(load_settings()) as home:
            task = await home.service.create(
                query,
                wanted=want,
                criteria=criteria_from_texts(criteria),
                sources=sources,
                exclude=[entry for entry in exclude if not _names_task(entry)],
                exclude_tasks=[(await home.reader.find(entry)).id for entry in exclude if _names_task(entry)],
                caps=caps,
            )
            return await _run(home, task)

    _finish(go(work()), chosen, output)


def caps_of(
    max_dollars: float | None, max_calls: int | None, max_tokens: int | None, max_minutes: int | None
) -> Caps | None:
    """What a task may spend by its flags; None when there are none, and the settings decide."""
    if max_dollars is None and max_calls is None and max_tokens is None and max_minutes is None:
        return None
    micros = None if max_dollars is None else int(max_dollars * 1_000_000)
    return Caps(micros, max_calls, max_tokens, max_minutes)


def resume(task: str, more: int, shape: Shape | None, output: Path | None, *, as_json: bool) -> None:
    """Go on with a task, or show it again when there is nothing left to do and no more was asked for."""
    chosen = chosen_shape(shape, output, as_json=as_json)

    async def work() -> Report:
        async with open_home(load_settings()) as home:
            found = await home.reader.find(task) if task else await home.reader.unfinished()
            if more == 0 and found.stop_reason in ("target_met", "exhausted"):
                return await home.reader.report(found.id)
            return await _run(home, await home.service.resume(found.id, more))

    _finish(go(work()), chosen, output)


def _names_task(entry: str) -> bool:
    """Whether an entry to exclude is the id of a task, or its beginning."""
    return ID_BEGINNING.fullmatch(entry.lower()) is not None


async def _run(home: Home, task: Task) -> Report:
    """Run a task with live counters, then report. Its id is said first, so that it is known whatever happens."""
    log_plainly()
    name = task.id[:8]
    say(f"Task {name}", style="dim")
    if task.is_queued:
        return await _follow(home, task)
    kept = f"Interrupted. Everything found so far is kept; `longlist resume {name}` goes on."
    with interrupted(lambda: kept):
        kit = await _ready_kit(home)
        with live() as bar, _unless_deleted(name):
            await run_task(kit, task.id, _counting(bar, task))
            return await home.reader.report(task.id)


async def _follow(home: Home, task: Task) -> Report:
    """Watch a task that the server's worker runs. Should the server end before the task does, it is run here."""
    name = task.id[:8]
    kept = f"The server goes on with task {name}; `longlist show {name}` shows what it finds."
    with interrupted(lambda: kept):
        role = worker_role(home.settings)
        with live() as bar, _unless_deleted(name):
            on_progress = _counting(bar, task)
            while (task := await home.store.task(task.id)).status not in ("done", "failed"):
                on_progress(await home.store.progress(task.id))
                if not role.is_taken():
                    break
                await asyncio.sleep(LOOK_SECONDS)
        if task.status in ("done", "failed"):
            return await home.reader.report(task.id)
    say("The server has ended; going on here.")
    return await _run(home, await home.service.take_over(task.id))


@contextlib.contextmanager
def _unless_deleted(name: str) -> Iterator[None]:
    """Says so when the task is deleted while it runs."""
    try:
        yield
    except NotFound as error:
        raise NotFound(f"Task {name} was deleted while it ran; nothing of it is left.") from error


def _counting(bar: Progress, task: Task) -> Callable[[Counters], None]:
    """A line of the bar that shows the counters."""
    line = bar.add_task("Starting")

    def on_progress(counters: Counters) -> None:
        bar.update(line, description=COUNTERS.format(**asdict(counters), wanted=task.spec.wanted))

    return on_progress


async def _ready_kit(home: Home) -> Kit:
    """What runs tasks; on first use with a bar that shows the catalogue being read and indexed."""
    with live(with_bar=True) as bar:
        step = bar.add_task("Opening the catalogue", total=None)

        def on_progress(name: str, count: int) -> None:
            bar.update(step, description=BUILD_STEPS[name].format(count), total=CATALOGUE_SIZE, completed=count)

        return await home.ready_kit(on_progress)


def _finish(report: Report, shape: Shape, output: Path | None) -> None:
    """Deliver the report; that of a failed task too, but then the exit code is 1."""
    deliver(report, shape, output)
    if report.task.status == "failed":
        raise LonglistError("The search failed; the reason stands above.")
