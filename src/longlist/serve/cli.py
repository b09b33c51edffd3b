"""The command line. Results go to standard output, progress and remarks to standard error.

Exit codes: 0 done (also with few or no companies, and when the reader stops early, as `head` does); 1 the search
failed, or a file could not be written; 2 wrong usage or input; 3 no such task or company; 4 not possible in this state,
as more results of a task whose sources have no more; 5 a part is missing or out of reach; 6 the catalogue, or a file
to import; 7 the data directory or database; 8 `verify` found something unproven; 9 `doctor` found something
wrong; 130 interrupted (the task is kept).
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from longlist import __version__
from longlist.errors import LonglistError
from longlist.serve import cli_catalog, cli_tables, cli_token
from longlist.serve.options import AsJson, Output, ShapeOption, TaskId
from longlist.serve.session import Interrupted
from longlist.serve.terminal import NobodyReads, hush, prepare_streams, say, spoken, write

UNPROVEN = 8
ILL = 9
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
app.add_typer(cli_tables.app, name="tables")
app.add_typer(cli_token.app, name="token")


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
    *,
    max_dollars: Annotated[
        float | None, typer.Option("--max-dollars", min=0, help="The most it may spend, in US dollars.")
    ] = None,
    max_calls: Annotated[int | None, typer.Option("--max-calls", min=0, help="The most calls it may make.")] = None,
    max_tokens: Annotated[
        int | None, typer.Option("--max-tokens", min=0, help="The most tokens of language models it may use.")
    ] = None,
    max_minutes: Annotated[
        int | None, typer.Option("--max-minutes", min=1, help="The most minutes in which it may make calls.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what it will cost, about, and search nothing.")
    ] = False,
) -> None:
    """Find companies, grade them, and show the sentences that prove it."""
    if dry_run:
        from longlist.serve import cli_forecast

        cli_forecast.forecast(want, len(criterion or ()), as_json=as_json)
        return
    from longlist.serve import cli_search

    cli_search.search(
        spoken(query),
        want,
        [spoken(text) for text in criterion or ()],
        [spoken(entry) for entry in exclude or ()],
        source,
        shape,
        output,
        caps=cli_search.caps_of(max_dollars, max_calls, max_tokens, max_minutes),
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
def pause(task: TaskId, as_json: AsJson = False) -> None:
    """Pause a task, whoever runs it: no new work starts, what is under way is kept. `resume` goes on."""
    from longlist.serve import cli_control

    cli_control.pause(task, as_json=as_json)


@app.command()
def stop(task: TaskId, as_json: AsJson = False) -> None:
    """Stop a task, whoever runs it: nothing of it changes any more, until it is resumed."""
    from longlist.serve import cli_control

    cli_control.stop(task, as_json=as_json)


@app.command()
def unmerge(
    task: TaskId,
    company: Annotated[str, typer.Argument(help="The company that was merged into another, by domain or name.")],
) -> None:
    """Take a company apart again that was taken for the same as another. `resume` has it graded."""
    from longlist.serve import cli_control

    cli_control.unmerge(task, spoken(company))


@app.command()
def delete(
    task: TaskId,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before deleting.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete a task with its results, after ending its run. What was learned of companies stays."""
    from longlist.serve import cli_control

    cli_control.delete(task, yes=yes, as_json=as_json)


@app.command()
def verify(task: TaskId, as_json: AsJson = False) -> None:
    """Check every quotation of a task against the stored texts, offline."""
    from longlist.serve import cli_tasks

    if cli_tasks.verify(task, as_json=as_json):
        raise typer.Exit(UNPROVEN)


@app.command()
def cost(task: TaskId, as_json: AsJson = False) -> None:
    """Show what a task's outside calls cost, and which may have been paid twice."""
    from longlist.serve import cli_tasks

    cli_tasks.cost(task, as_json=as_json)


@app.command()
def sources(
    check: Annotated[
        bool, typer.Option("--check", help="Ask each provider that is set up something small; some charge for that.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List what is searched, whom each source asks, and what is missing for more. Keys are never shown."""
    from longlist.serve import cli_sources

    cli_sources.sources(is_live=check, as_json=as_json)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Look into everything and say what is wrong and how to mend it. Changes nothing."""
    from longlist.serve import cli_doctor

    if cli_doctor.doctor(as_json=as_json):
        raise typer.Exit(ILL)


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, as in longlist-monday.zip.")],
    as_json: AsJson = False,
) -> None:
    """Save the database into one file, verified; also while a server or a search is at work."""
    from longlist.serve import cli_backup

    cli_backup.backup(file, as_json=as_json)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A file that `longlist backup` wrote.")],
    force: Annotated[
        bool, typer.Option("--force", help="Also where there is data; the database that is there is kept aside.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the database, once everything about it was checked. Stop the server first."""
    from longlist.serve import cli_backup

    cli_backup.restore(file, force=force, as_json=as_json)


Host = Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for all of this machine.")]
Port = Annotated[int, typer.Option(help="The port to listen on; 0 for any that is free.", min=0, max=65535)]


@app.command()
def serve(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the HTTP API, and run its tasks, until Ctrl-C."""
    from longlist.serve import cli_serve

    cli_serve.serve(host, port, runs_tasks=True)


@app.command()
def api(host: Host = "127.0.0.1", port: Port = 8000) -> None:
    """Serve the HTTP API alone, until Ctrl-C; its tasks wait for a `longlist worker`."""
    from longlist.serve import cli_serve

    cli_serve.serve(host, port, runs_tasks=False)


@app.command()
def worker(
    beside_server: Annotated[bool, typer.Option("--beside-server", hidden=True)] = False,
) -> None:
    """Run queued tasks without serving the API, until Ctrl-C. `longlist serve` does both."""
    from longlist.serve import cli_serve

    cli_serve.worker(beside_server=beside_server)


@app.command()
def migrate(as_json: AsJson = False) -> None:
    """Bring the database up to date, and say from which revision to which. Other commands do so by themselves."""
    from longlist.serve import cli_databases

    cli_databases.migrate(as_json=as_json)


@app.command()
def copy(
    from_url: Annotated[str, typer.Argument(help="The database to copy from, as in sqlite:////srv/longlist/app.db.")],
    to_url: Annotated[str, typer.Argument(help="The database to copy into, as in postgresql://user@host/database.")],
    task: Annotated[
        list[str] | None,
        typer.Option("--task", metavar="ID", help="Copy this task only, with what belongs to it. Repeatable."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Copy one database into another: SQLite to Postgres, back, or between two of a kind. Repeating it does no harm."""
    from longlist.serve import cli_databases

    cli_databases.copy(from_url, to_url, task, as_json=as_json)
