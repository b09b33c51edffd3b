"""`longlist tables`: companies that are kept, and what is asked about each of them."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from longlist.serve.options import AsJson, Output
from longlist.serve.terminal import spoken

app = typer.Typer(help="Tables: keep companies, ask anything about each of them.", no_args_is_help=True)

TableName = Annotated[
    str, typer.Argument(help="The table's id, or the beginning of it, or its name; `last` is the newest table.")
]
Kind = Literal["company", "people", "generic"]
SheetFormat = Annotated[
    Literal["csv", "xlsx", "json", "parquet"] | None,
    typer.Option("--format", "-f", help="The format; by default as the file's ending says, else CSV."),
]


@app.command("list")
def list_tables(
    limit: Annotated[int, typer.Option(help="How many to list, newest first.", min=1, max=1_000)] = 20,
    as_json: AsJson = False,
) -> None:
    """List the tables, newest first."""
    from longlist.serve import cli_tables_run

    cli_tables_run.list_tables(limit, as_json=as_json)


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What it is called.")],
    kind: Annotated[Kind, typer.Option(help="What its rows are.")] = "company",
    as_json: AsJson = False,
) -> None:
    """Make an empty table."""
    from longlist.serve import cli_tables_run

    cli_tables_run.create(spoken(name), kind, as_json=as_json)


@app.command()
def show(
    table: TableName,
    limit: Annotated[int, typer.Option(help="How many rows to show.", min=1, max=100_000)] = 20,
    as_json: AsJson = False,
) -> None:
    """Show a table: its columns, and the first rows."""
    from longlist.serve import cli_tables_run

    cli_tables_run.show(spoken(table), limit, as_json=as_json)


@app.command()
def add(
    table: TableName,
    values: Annotated[list[str], typer.Argument(help="Domains, addresses or names: one row each.")],
    as_json: AsJson = False,
) -> None:
    """Add rows. Nothing is run by that."""
    from longlist.serve import cli_tables_run

    cli_tables_run.add(spoken(table), [spoken(value) for value in values], as_json=as_json)


@app.command()
def ask(
    table: TableName,
    key: Annotated[str, typer.Argument(help="Names the new column: letters, digits, underscores.")],
    prompt: Annotated[str, typer.Argument(help="What is asked about each row; {key} stands for another column.")],
    form: Annotated[str, typer.Option("--as", help="The form of the answer: text, numeric, select, …")] = "text",
    label: Annotated[list[str] | None, typer.Option(help="What to choose from, for select. Repeatable.")] = None,
    agent: Annotated[str, typer.Option(help="Who answers: research_pro, research_reasoning, llm.")] = "research_pro",
    as_json: AsJson = False,
) -> None:
    """Add a column that asks something about each row. Nothing is run by that."""
    from longlist.serve import cli_tables_run

    cli_tables_run.ask(
        spoken(table), key, spoken(prompt), form, [spoken(one) for one in label or ()], agent, as_json=as_json
    )


@app.command()
def run(
    table: TableName,
    mode: Annotated[
        Literal["new", "failed", "all"], typer.Option(help="Which cells: never made, failed ones, or all.")
    ] = "new",
    column: Annotated[list[str] | None, typer.Option(help="This column only, by key. Repeatable.")] = None,
    first: Annotated[int, typer.Option(help="The first so many rows only; 0 for all.", min=0)] = 0,
    as_json: AsJson = False,
) -> None:
    """Make cells, here or by the server that is running, and wait until they are made."""
    from longlist.serve import cli_tables_run

    cli_tables_run.run(spoken(table), mode, column or [], first, as_json=as_json)


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV, Excel, JSON lines, JSON, a list of domains; Parquet with the extra.")
    ],
    table: Annotated[str | None, typer.Option(help="The table to add to; without it a new one is made.")] = None,
    name: Annotated[str | None, typer.Option("--as", help="The name of the new table; default: the file's.")] = None,
    kind: Annotated[Kind, typer.Option(help="What the rows of a new table are.")] = "company",
    map_: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="COLUMN=KEY", help="Where a column goes; KEY `ignore` leaves it out. Repeatable."
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before saving.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be read, save nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put the rows of a file into a table. Shows first what becomes of its columns; companies that are there are left out."""
    from longlist.serve import cli_tables_files

    cli_tables_files.import_file(file, table, name, kind, map_ or [], yes=yes, dry_run=dry_run, as_json=as_json)


@app.command()
def export(table: TableName, shape: SheetFormat = None, output: Output = None) -> None:
    """Write a table to a file, or print it as CSV: answers with their reasons, quotations and addresses beside them."""
    from longlist.serve import cli_tables_files

    cli_tables_files.export(spoken(table), shape, output)


@app.command()
def clone(
    table: TableName,
    schema_only: Annotated[bool, typer.Option("--schema-only", help="Copy the columns alone, without rows.")] = False,
    as_json: AsJson = False,
) -> None:
    """Copy a table and the tables of its people."""
    from longlist.serve import cli_tables_run

    cli_tables_run.clone(spoken(table), schema_only=schema_only, as_json=as_json)


@app.command()
def verify(table: TableName, as_json: AsJson = False) -> None:
    """Check every quotation of a table against the stored texts, offline."""
    from longlist.serve import cli_tables_run

    if cli_tables_run.verify(spoken(table), as_json=as_json):
        raise typer.Exit(8)


@app.command()
def delete(
    table: TableName,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before deleting.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete a table with its rows, and the tables of its people. Tasks and what was learned of companies stay."""
    from longlist.serve import cli_tables_run

    cli_tables_run.delete(spoken(table), yes=yes, as_json=as_json)
