"""`longlist tasks`, `show` and `verify`: reading tasks needs the store alone, no index and no model."""

from dataclasses import asdict
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from longlist.engine.reader import Report
from longlist.engine.verify import Verification
from longlist.errors import InvalidInput
from longlist.model.task import Progress, Task
from longlist.serve.delivery import chosen_shape, deliver, write_company
from longlist.serve.options import Shape
from longlist.serve.plain import plain
from longlist.serve.session import go
from longlist.serve.terminal import out, print_json, say
from longlist.serve.wire import task_json
from longlist.settings import load_settings
from longlist.store.store import Result
from longlist.wiring.reading import open_reader

STATES = {
    "target_met": "done",
    "exhausted": "exhausted",
    "budget": "budget spent",
    "paused": "paused",
    "stopped": "stopped",
    "failed": "failed",
    None: "not finished",
}


def tasks(limit: int, *, as_json: bool) -> None:
    """List the newest tasks."""

    async def work() -> list[tuple[Task, Progress]]:
        async with open_reader(load_settings()) as reader:
            return await reader.tasks(0, limit)

    found = go(work())
    if as_json:
        print_json([task_json(task, progress) for task, progress in found])
        return
    if not found:
        say('No tasks yet. `longlist search "…"` makes one.')
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), expand=True)
    for column in ("Task", "Created", "State", "Found", "Query"):
        table.add_column(column, no_wrap=True, overflow="ellipsis", ratio=1 if column == "Query" else None)
    for task, progress in found:
        created = task.created_at.astimezone().strftime("%Y-%m-%d %H:%M")
        counted = f"{progress.qualified} of {task.spec.wanted}"
        query = Text(" ".join(plain(task.spec.query[:200]).split()))
        table.add_row(task.id[:8], created, STATES[task.stop_reason], counted, query)
    out().print(table)
    if any(task.stop_reason is None for task, _ in found):
        say("What is not finished runs elsewhere or was interrupted; `longlist resume TASK` goes on.")


def show(task: str, company: str | None, shape: Shape | None, output: Path | None, *, as_json: bool) -> None:
    """Show a task's report, or all about one of its companies."""
    chosen = chosen_shape(shape, output, as_json=as_json)
    if company is not None and chosen in ("csv", "xlsx"):
        raise InvalidInput(f"One company cannot be shown as {chosen}; leave the company out, or use --json.")

    async def work() -> tuple[Report, Result | None]:
        async with open_reader(load_settings()) as reader:
            found = await reader.find(task)
            result = None if company is None else await reader.company(found.id, company)
            return await reader.report(found.id), result

    report, result = go(work())
    if result is None:
        deliver(report, chosen, output)
    else:
        write_company(result, report.task.criteria or (), chosen, output)


def verify(task: str, *, as_json: bool) -> bool:
    """Check all quotations of a task; returns whether any is unproven."""

    async def work() -> Verification:
        async with open_reader(load_settings()) as reader:
            return await reader.verify((await reader.find(task)).id)

    found = go(work())
    if as_json:
        print_json(asdict(found))
        return bool(found.failures)
    console = out()
    console.print(f"{found.proven:,} of {found.checked:,} quotations stand in the stored texts.")
    for failure in found.failures:
        quote = f" “{failure.quote}”" if failure.quote else ""
        console.print(Text(f"Not proven: {failure.company}, {failure.criterion}: {failure.reason}{quote}", style="red"))
    return bool(found.failures)
