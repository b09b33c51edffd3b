"""`longlist tasks`, `show`, `verify` and `cost`: reading tasks needs the store alone, no index and no model."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich import box
from rich.table import Table
from rich.text import Text

from longlist.engine.costs import Share, TaskCost
from longlist.engine.reader import Report
from longlist.engine.verify import Verification
from longlist.errors import InvalidInput
from longlist.model.company import Sighting
from longlist.model.task import Progress, Task
from longlist.serve.delivery import chosen_shape, deliver, write_company
from longlist.serve.options import Shape
from longlist.serve.plain import plain
from longlist.serve.session import go
from longlist.serve.terminal import out, print_json, say
from longlist.serve.wire import task_json
from longlist.settings import load_settings
from longlist.store.ledger import CallTotal
from longlist.store.ledger_states import dollars
from longlist.store.store import Result
from longlist.wiring.reading import open_costs, open_reader

MOST_SHARES = 12  # lines of a table of shares

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
    if company is not None and chosen in ("csv", "xlsx", "parquet"):
        raise InvalidInput(f"One company cannot be shown as {chosen}; leave the company out, or use --json.")

    async def work() -> tuple[Report, Result | None, tuple[Sighting, ...]]:
        async with open_reader(load_settings()) as reader:
            found = await reader.find(task)
            result = None if company is None else await reader.company(found.id, company)
            sightings = () if result is None else await reader.sightings(result)
            return await reader.report(found.id), result, sightings

    report, result, sightings = go(work())
    if result is None:
        deliver(report, chosen, output)
    else:
        write_company(result, report.task.criteria or (), sightings, chosen, output)


def cost(task: str, *, as_json: bool) -> None:
    """Show what a task's outside calls cost."""

    async def work() -> TaskCost:
        async with open_costs(load_settings()) as costs:
            return await costs.of(task)

    found = go(work())
    if as_json:
        print_json(_cost_json(found))
        return
    if not found.lines:
        say("No outside calls: nothing was spent.")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_footer=True)
    table.add_column("Step", "All")
    for column in ("Provider", "Call", "State"):
        table.add_column(column)
    total = found.total
    for column, sum_of_all in zip(("Calls", "Requests", "Tokens", "Cost", "Unsure"), _figures(total), strict=True):
        table.add_column(column, sum_of_all, justify="right")
    for line in found.lines:
        words = (plain(word) or "–" for word in (line.step, line.provider, line.operation))
        table.add_row(*words, line.state, *_figures(line))
    out().print(table)
    _print_shares("Criterion", found.by_criterion())
    _print_shares("Company", found.by_company())
    if total.reserved_micros:
        say(f"{dollars(total.reserved_micros)} more are reserved for calls under way.")
    if total.paid_twice:
        say(f"{total.paid_twice:,} calls were sent again after a crash or a time-out, and may have been paid twice.")


def _print_shares(what: str, shares: Sequence[Share]) -> None:
    """What was spent on each, the dearest first."""
    if not shares:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(what)
    for column in ("Calls", "Tokens", "Cost"):
        table.add_column(column, justify="right")
    for share in shares[:MOST_SHARES]:
        table.add_row(plain(share.name), f"{share.calls:,}", f"{share.tokens:,}", dollars(share.cost_micros))
    out().print(table)
    if len(shares) > MOST_SHARES:
        say(f"{len(shares) - MOST_SHARES:,} more; --json lists them all.", style="dim")


def _figures(line: CallTotal) -> tuple[str, ...]:
    counts = (f"{count:,}" for count in (line.calls, line.attempts, line.tokens))
    return (*counts, dollars(line.cost_micros), dollars(line.doubtful_micros))


def _cost_json(found: TaskCost) -> dict[str, object]:
    names = ("calls", "attempts", "cost_micros", "doubtful_micros", "reserved_micros", "tokens", "paid_twice")
    return {
        "task_id": found.task_id,
        **{name: getattr(found.total, name) for name in names},
        "lines": [asdict(line) for line in found.lines],
        "companies": [asdict(share) for share in found.by_company()],
        "criteria": [asdict(share) for share in found.by_criterion()],
    }


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
