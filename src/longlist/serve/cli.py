"""The command line. Results go to standard output, progress and remarks to standard error.

Exit codes: 0 done; 1 an error of ours; 2 wrong usage or input; 3 not found; 4 not possible in this state; 5 a part is
missing or out of reach; 6 the catalogue; 7 the data directory or database; 8 `verify` found something unproven;
130 interrupted (the task is kept).
"""

import asyncio
import json
import sys
from collections.abc import Coroutine
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from longlist import __version__
from longlist.engine.reader import Report
from longlist.engine.service import Service, checked_criteria, checked_query, criterion_from_text
from longlist.engine.verify import Verification
from longlist.errors import InvalidInput, LonglistError
from longlist.model.criterion import Criterion
from longlist.model.task import Progress as Counters
from longlist.model.task import Task
from longlist.plan.planner import as_json
from longlist.serve import cli_catalog
from longlist.serve.tables import print_company, print_plan, print_report, stop_lines, to_csv, write_xlsx
from longlist.serve.wire import report_json, result_json, task_json
from longlist.settings import load_settings
from longlist.store.store import Result
from longlist.wiring import Home, open_home, rule_planner

COUNTERS = "discovered {discovered} → enriched {enriched} → evaluated {evaluated} → qualified {qualified} of {wanted}"
BUILD_STEPS = {
    "read": "First use: reading the embedded catalogue",
    "index": "First use: indexing, {:,} companies so far",
}
CATALOGUE_SIZE = 8_200  # companies in the embedded catalogue, about: only the bar's end

UNPROVEN = 8
INTERRUPTED = 130

T = TypeVar("T")

app = typer.Typer(
    name="longlist",
    help="Finds companies: from one sentence to a graded, proven longlist.",
    epilog=__doc__.split("\n\n", 1)[1],
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)
app.add_typer(cli_catalog.app, name="catalog")
err = Console(stderr=True)

Format = Literal["table", "json", "csv", "xlsx"]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
TaskId = Annotated[str, typer.Argument(help="The task's id, or the beginning of it.")]


def main() -> None:
    """Run the command line; errors of ours become one sentence and an exit code."""
    try:
        app()
    except LonglistError as error:
        err.print(str(error), style="red", markup=False, highlight=False)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


@app.callback(invoke_without_command=True)
def root(*, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        print(__version__)
        raise typer.Exit


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="A sentence describing the companies you look for.")],
    want: Annotated[int, typer.Option("--want", "-n", help="How many results you want, 1-250.")] = 25,
    criterion: Annotated[
        list[str] | None,
        typer.Option(
            "--criterion",
            "-c",
            help="What to grade (10-500 characters). Repeatable; without it, criteria are made from the query.",
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", "-x", help="A domain, a web address, or a finished task's id. Repeatable."),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option("--source", "-s", help="Use this source only. Repeatable; without it, all that work here."),
    ] = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to print the result.")] = "table",  # noqa: A002
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the result to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Find companies, grade them, and show the sentences that prove it."""
    shape: Format = "json" if as_json else format
    _check_output(shape, output)
    criteria: list[Criterion] = []
    for text in criterion or ():
        criteria.append(criterion_from_text(text, [c.key for c in criteria]))

    async def work() -> Report:
        async with open_home(load_settings()) as home:
            service = await _service(home)
            task = await service.create(query, wanted=want, criteria=criteria, sources=source, exclude=exclude or ())
            return await _run(home, service, task)

    _deliver(_go(work()), shape, output)


@app.command()
def plan(
    query: Annotated[str, typer.Argument(help="The query; - reads one query a line from standard input.")],
    criterion: Annotated[
        list[str] | None, typer.Option("--criterion", "-c", help="A criterion of your own. Repeatable.")
    ] = None,
    as_json_: AsJson = False,
) -> None:
    """Show what is understood of a query, without searching."""
    criteria = [criterion_from_text(text) for text in criterion or ()]

    async def read(text: str) -> dict[str, Any]:
        return as_json(await rule_planner().plan(checked_query(text), checked_criteria(criteria)))

    if query == "-":
        for line in sys.stdin:
            if line.strip():
                print(json.dumps(asyncio.run(read(line.strip())), ensure_ascii=False), flush=True)
        return
    found = asyncio.run(read(query))
    if as_json_:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        print_plan(Console(), found)


@app.command()
def tasks(
    limit: Annotated[int, typer.Option(help="How many to list, newest first.", min=1)] = 20,
    as_json_: AsJson = False,
) -> None:
    """List the tasks, newest first."""

    async def work() -> list[tuple[Task, Counters]]:
        async with open_home(load_settings()) as home:
            return await home.reader.tasks(0, limit)

    found = _go(work())
    if as_json_:
        print(json.dumps([task_json(task, progress) for task, progress in found], ensure_ascii=False, indent=2))
        return
    table = Table(pad_edge=False)
    for column in ("Task", "Created", "State", "Qualified", "Query"):
        table.add_column(column, no_wrap=column != "Query")
    for task, progress in found:
        state = task.status if task.stop_reason is None else f"{task.status}: {task.stop_reason}"
        created = task.created_at.astimezone().strftime("%Y-%m-%d %H:%M")
        table.add_row(task.id[:8], created, state, f"{progress.qualified}/{task.spec.wanted}", Text(task.spec.query))
    Console().print(table)


@app.command()
def show(
    task: TaskId,
    company: Annotated[
        str | None, typer.Argument(help="A company of the task, by domain or name: all about it.")
    ] = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to print the result.")] = "table",  # noqa: A002
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the result to this file.")] = None,
    as_json_: AsJson = False,
) -> None:
    """Show a task's results, or everything about one of its companies."""
    shape: Format = "json" if as_json_ else format
    _check_output(shape, output)

    async def work() -> tuple[Report, Result | None]:
        async with open_home(load_settings()) as home:
            found = await home.reader.find(task)
            return await home.reader.report(found.id), await home.reader.company(found.id, company) if company else None

    report, result = _go(work())
    if result is None:
        _deliver(report, shape, output)
    elif shape == "json":
        _write(json.dumps(result_json(result), ensure_ascii=False, indent=2), output)
    else:
        print_company(Console(), result, report.task.criteria or ())


@app.command()
def resume(
    task: TaskId,
    more: Annotated[
        int, typer.Option("--more", help="Further results to look for; 0 only goes on with unfinished work.")
    ] = 0,
    format: Annotated[Format, typer.Option("--format", "-f", help="How to print the result.")] = "table",  # noqa: A002
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write the result to this file.")] = None,
    as_json_: AsJson = False,
) -> None:
    """Go on with a task that was interrupted, or look for more results."""
    shape: Format = "json" if as_json_ else format
    _check_output(shape, output)

    async def work() -> Report:
        async with open_home(load_settings()) as home:
            found = await home.reader.find(task)
            if found.status == "done" and not more and found.stop_reason in ("target_met", "exhausted"):
                return await home.reader.report(found.id)
            service = await _service(home)
            return await _run(home, service, await service.resume(found.id, more))

    _deliver(_go(work()), shape, output)


@app.command()
def verify(task: TaskId, as_json_: AsJson = False) -> None:
    """Check every quotation of a task against the stored texts, offline."""

    async def work() -> Verification:
        async with open_home(load_settings()) as home:
            return await home.reader.verify((await home.reader.find(task)).id)

    found = _go(work())
    if as_json_:
        print(json.dumps(asdict(found), ensure_ascii=False, indent=2))
    else:
        print(f"{found.proven} of {found.checked} quotations stand in the stored texts.")
        for failure in found.failures:
            print(f"not proven: {failure.company}, {failure.criterion}: {failure.reason} “{failure.quote}”")
    if found.failures:
        raise typer.Exit(UNPROVEN)


def _go(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end; Ctrl-C and SIGTERM leave saved rows that `resume` goes on from."""
    return asyncio.run(work)


async def _service(home: Home) -> Service:
    """The service; on first use with a bar that shows the catalogue being read and indexed."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=err, transient=True
    ) as bar:
        step = bar.add_task("Opening the catalogue", total=None)

        def on_progress(name: str, count: int) -> None:
            bar.update(step, description=BUILD_STEPS[name].format(count), total=CATALOGUE_SIZE, completed=count)

        return await home.ready_service(on_progress)


async def _run(home: Home, service: Service, task: Task) -> Report:
    """Run a task with live counters, then report. Interrupted, it says how to go on."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err, transient=True
    ) as bar:
        line = bar.add_task("Starting")

        def on_progress(counters: Counters) -> None:
            bar.update(line, description=COUNTERS.format(**asdict(counters), wanted=task.spec.wanted))

        try:
            await service.run(task.id, on_progress)
        except asyncio.CancelledError:
            bar.stop()
            err.print(
                f"Interrupted. Everything found so far is kept; `longlist resume {task.id[:8]}` goes on.",
                highlight=False,
            )
            raise
    return await home.reader.report(task.id)


def _check_output(shape: Format, output: Path | None) -> None:
    if shape == "xlsx" and output is None:
        raise InvalidInput("An Excel file cannot be printed: name one with -o FILE.xlsx.", field="output")
    if output is not None and not output.parent.is_dir():
        raise InvalidInput(f"The folder {output.parent} does not exist.", field="output")


def _deliver(report: Report, shape: Format, output: Path | None) -> None:
    """Print the report or write it to a file; a failed task is still delivered, then the exit code is 1."""
    match shape:
        case "table":
            if output is None:
                print_report(Console(), report)
            else:
                with output.open("w", encoding="utf-8") as file:
                    print_report(Console(file=file, width=160), report)
        case "json":
            _write(json.dumps(report_json(report), ensure_ascii=False, indent=2) + "\n", output)
        case "csv":
            _write(to_csv(report), output)
        case "xlsx":
            assert output is not None
            write_xlsx(report, output)
    if output is not None:
        err.print(f"Wrote {len(report.results)} companies to {output}.", markup=False, highlight=False)
    if shape != "table":
        for line in stop_lines(report):
            err.print(line, markup=False, highlight=False)
    if report.task.status == "failed":
        raise typer.Exit(1)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8", newline="")
