"""The command line. Results go to standard output, progress and remarks to standard error.

Exit codes: 0 done (also with few or no companies, and when the reader stops early, as `head` does); 1 the search
failed, or a file could not be written; 2 wrong usage or input; 3 no such task or company; 4 not possible in this state,
as more results of a task whose sources have no more; 5 a part is missing or out of reach; 6 the catalogue, or a file
to import; 7 the data directory or database; 8 `verify` found something unproven; 130 interrupted (the task is kept).
"""

import sys
from typing import Annotated

import typer

from longlist import __version__
from longlist.errors import LonglistError
from longlist.serve import cli_catalog
from longlist.serve.options import AsJson, Output, ShapeOption, TaskId
from longlist.serve.session import Interrupted
from longlist.serve.terminal import NobodyReads, hush, prepare_streams, say, spoken, write

UNPROVEN = 8
Criteria = Annotated[
    list[str] | None,
    typer.Option(
        "--criterion",
        "-c",
        metavar="TEXT",
        help="What to grade (10-500 characters). Repeatable; without it, criteria are made from the query.",
    ),
]

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


def main() -> None:
    """Run the command line; errors of ours become one sentence and an exit code."""
    prepare_streams()
    try:
        try:
            app(prog_name="longlist")
        finally:
            sys.stdout.flush()
    except LonglistError as error:
        say(str(error), style="" if isinstance(error, Interrupted) else "red")
        sys.exit(error.exit_code)
    except (NobodyReads, BrokenPipeError):
        hush(sys.stdout)
        sys.exit(0)
    except OSError as error:
        hush(sys.stdout)
        what = error.filename or "The result could not be written"
        say(f"{what}: {error.strerror or error}.", style="red")
        sys.exit(1)


@app.callback(invoke_without_command=True)
def root(*, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        write(f"{__version__}\n")
        raise typer.Exit


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="A sentence describing the companies you look for.")],
    want: Annotated[int, typer.Option("--want", "-n", help="How many results you want, 1-250.")] = 25,
    criterion: Criteria = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude", "-x", metavar="ENTRY", help="A domain, a web address, or a finished task's id. Repeatable."
        ),
    ] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source", "-s", metavar="NAME", help="Use this source only. Repeatable; without it, all that work here."
        ),
    ] = None,
    shape: ShapeOption = None,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """Find companies, grade them, and show the sentences that prove it."""
    from longlist.serve import cli_search

    cli_search.search(
        spoken(query),
        want,
        [spoken(text) for text in criterion or ()],
        [spoken(entry) for entry in exclude or ()],
        source,
        shape,
        output,
        as_json=as_json,
    )


@app.command()
def plan(
    query: Annotated[
        str, typer.Argument(help="The query. With - one query a line is read, and one JSON object a line printed.")
    ],
    criterion: Criteria = None,
    as_json: AsJson = False,
) -> None:
    """Show what is understood of a query, without searching."""
    from longlist.serve import cli_plan

    cli_plan.plan(spoken(query), [spoken(text) for text in criterion or ()], as_json=as_json)


@app.command()
def tasks(
    limit: Annotated[int, typer.Option(help="How many to list, newest first.", min=1, max=10_000)] = 20,
    as_json: AsJson = False,
) -> None:
    """List the tasks, newest first."""
    from longlist.serve import cli_tasks

    cli_tasks.tasks(limit, as_json=as_json)


@app.command()
def show(
    task: TaskId,
    company: Annotated[
        str | None, typer.Argument(help="A company of the task, by domain or name: all about it.")
    ] = None,
    shape: ShapeOption = None,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """Show a task's results, or everything about one of its companies."""
    from longlist.serve import cli_tasks

    cli_tasks.show(task, None if company is None else spoken(company), shape, output, as_json=as_json)


@app.command()
def resume(
    task: Annotated[
        str, typer.Argument(help="The task's id, or the beginning of it; without it, the newest unfinished one.")
    ] = "",
    more: Annotated[
        int, typer.Option("--more", help="Further results to look for, 0-250; 0 only goes on with unfinished work.")
    ] = 0,
    shape: ShapeOption = None,
    output: Output = None,
    as_json: AsJson = False,
) -> None:
    """Go on with a task that was interrupted, or look for more results."""
    from longlist.serve import cli_search

    cli_search.resume(task, more, shape, output, as_json=as_json)


@app.command()
def verify(task: TaskId, as_json: AsJson = False) -> None:
    """Check every quotation of a task against the stored texts, offline."""
    from longlist.serve import cli_tasks

    if cli_tasks.verify(task, as_json=as_json):
        raise typer.Exit(UNPROVEN)
