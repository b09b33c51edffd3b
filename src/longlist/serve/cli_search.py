"""`longlist search` and `resume`: what runs tasks."""

import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import structlog

from longlist.engine.checks import criteria_from_texts
from longlist.engine.reader import Report
from longlist.engine.search import Kit, run_task
from longlist.errors import LonglistError
from longlist.model.task import Progress as Counters
from longlist.model.task import Task
from longlist.serve.bars import live
from longlist.serve.delivery import chosen_shape, deliver
from longlist.serve.options import Shape
from longlist.serve.session import go, interrupted
from longlist.serve.terminal import say
from longlist.settings import load_settings
from longlist.wiring.home import Home, open_home

COUNTERS = "discovered {discovered} → enriched {enriched} → evaluated {evaluated} → qualified {qualified} of {wanted}"
BUILD_STEPS = {"read": "First use: reading the embedded catalogue", "index": "Indexing the catalogue: {:,} companies"}
CATALOGUE_SIZE = 8_200  # companies in the embedded catalogue, about: only the bar's end
ID_BEGINNING = re.compile(r"[0-9a-f]{8}[0-9a-f-]{0,27}")


def search(
    query: str,
    want: int,
    criteria: Sequence[str],
    exclude: Sequence[str],
    sources: Sequence[str] | None,
    shape: Shape | None,
    output: Path | None,
    *,
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
                exclude=[await _whole_id(home, entry) for entry in exclude],
            )
            return await _run(home, task)

    _finish(go(work()), chosen, output)


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


async def _whole_id(home: Home, entry: str) -> str:
    """An entry to exclude; the beginning of a task's id becomes the whole."""
    return (await home.reader.find(entry)).id if ID_BEGINNING.fullmatch(entry) else entry


async def _run(home: Home, task: Task) -> Report:
    """Run a task with live counters, then report. Its id is said first, so that it is known whatever happens."""
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))  # whatever it is by then
    name = task.id[:8]
    say(f"Task {name}", style="dim")
    kept = f"Interrupted. Everything found so far is kept; `longlist resume {name}` goes on."
    with interrupted(lambda: kept):
        kit = await _ready_kit(home)
        with live() as bar:
            line = bar.add_task("Starting")

            def on_progress(counters: Counters) -> None:
                bar.update(line, description=COUNTERS.format(**asdict(counters), wanted=task.spec.wanted))

            await run_task(kit, task.id, on_progress)
        return await home.reader.report(task.id)


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
