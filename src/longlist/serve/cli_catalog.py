"""`longlist catalog`: the companies that searches draw on."""

from pathlib import Path
from typing import Annotated

import typer

from longlist.serve.options import AsJson
from longlist.serve.terminal import spoken

app = typer.Typer(help="The catalogue: build, look into, and add your own lists.", no_args_is_help=True)


@app.command()
def build(as_json: AsJson = False) -> None:
    """Build the index anew (it builds itself on first use, and after imports)."""
    from longlist.serve import cli_catalog_run

    cli_catalog_run.build(as_json=as_json)


@app.command()
def stats(as_json: AsJson = False) -> None:
    """Say what the catalogue holds."""
    from longlist.serve import cli_catalog_run

    cli_catalog_run.stats(as_json=as_json)


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="A name, a domain, or words.")],
    limit: Annotated[int, typer.Option(help="How many companies to show.", min=1, max=250)] = 10,
    as_json: AsJson = False,
) -> None:
    """Look companies up by name, domain or words, at once and without grading."""
    from longlist.serve import cli_catalog_run

    cli_catalog_run.search(spoken(text), limit, as_json=as_json)


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(help="CSV, TSV, JSONL or a plain list of domains; .gz too; Parquet with the extra.")
    ],
    name: Annotated[str | None, typer.Option("--as", help="The name of this set; default: the file's.")] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="COLUMN=FIELD", help="What a column is, where the guess is wrong. Repeatable."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before saving.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be read, save nothing.")] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where rejected lines go; default: FILE.rejected.jsonl in this folder."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Add companies of your own.

    Shows how columns are understood before it saves; lines it cannot use go to a file, with the reasons. With --json
    nothing is asked.
    """
    from longlist.serve import cli_catalog_run

    cli_catalog_run.import_file(file, name, map_ or [], rejects, yes=yes, dry_run=dry_run, as_json=as_json)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="The name of a set you imported; `catalog stats` lists them.")],
    as_json: AsJson = False,
) -> None:
    """Take a set you imported out of the catalogue. Tasks and their results stay."""
    from longlist.serve import cli_catalog_run

    cli_catalog_run.remove(name, as_json=as_json)
