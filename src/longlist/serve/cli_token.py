"""`longlist token`: who may call the HTTP API."""

from enum import StrEnum
from typing import Annotated

import typer

from longlist.serve.options import AsJson


class Reach(StrEnum):
    """What a token may do: read, write (start and change tasks), admin (change the installation as well)."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


app = typer.Typer(help="Tokens for the HTTP API.", no_args_is_help=True, rich_markup_mode=None)


@app.command()
def create(
    name: Annotated[
        str,
        typer.Argument(help="Whose token it is. Tokens of one name share their tasks; `local` has the command line's."),
    ],
    scope: Annotated[Reach, typer.Option(help="What it may do.")] = Reach.WRITE,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the token alone.")] = False,
) -> None:
    """Make a token. It is shown once and kept only as a hash."""
    from longlist.serve import cli_token_run

    cli_token_run.create(name, scope.value, quiet=quiet)


@app.command("list")
def list_tokens(as_json: AsJson = False) -> None:
    """List the tokens, not their secrets."""
    from longlist.serve import cli_token_run

    cli_token_run.list_tokens(as_json=as_json)


@app.command()
def revoke(
    token: Annotated[
        str, typer.Argument(help="A token's id or its beginning, or a name: all its tokens and sessions.")
    ],
) -> None:
    """End a token at once."""
    from longlist.serve import cli_token_run

    cli_token_run.revoke(token)


@app.command()
def link(
    base: Annotated[str, typer.Option(help="Where the server is.")] = "http://127.0.0.1:8000",
) -> None:
    """Print a link that signs a browser in: once, within ten minutes."""
    from longlist.serve import cli_token_run

    cli_token_run.link(base)
