"""What `longlist token` does: needs the store alone."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from rich import box
from rich.table import Table

from longlist.engine.access import Access
from longlist.model.access import Scope, Token
from longlist.serve.plain import plain
from longlist.serve.session import go
from longlist.serve.terminal import out, print_json, say, write
from longlist.serve.wire import Json, timestamp
from longlist.settings import load_settings
from longlist.wiring.reading import open_access

T = TypeVar("T")


def create(name: str, scope: Scope, *, quiet: bool) -> None:
    """Make a token and show it, this once."""
    token, secret = _with_access(lambda access: access.create(name, scope))
    write(f"{secret}\n")
    if not quiet:
        say(f"A token for {plain(token.owner.name)} that may {scope}. It is not shown again; its id is {token.id[:8]}.")


def list_tokens(*, as_json: bool) -> None:
    """List all tokens, revoked ones too."""
    tokens = _with_access(lambda access: access.tokens())
    if as_json:
        print_json([_token_json(token) for token in tokens])
        return
    if not tokens:
        say("No tokens yet. `longlist token create NAME` makes one.")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for column in ("Token", "Name", "Scope", "Created", "Last used", "State"):
        table.add_column(column)
    for token in tokens:
        state = "valid" if token.is_valid(datetime.now(UTC)) else "revoked"
        times = (_day(token.created_at), _day(token.used_at))
        table.add_row(token.id[:8], plain(token.owner.name), token.scope, *times, state)
    out().print(table)


def revoke(which: str) -> None:
    """End tokens, and say which."""
    ended = _with_access(lambda access: access.revoke(which))
    if not ended:
        say("It was revoked already.")
    for token in ended:
        say(f"Revoked: the {token.kind} {token.id[:8]} of {plain(token.owner.name)}.")


def link(base: str) -> None:
    """Print a sign-in link."""
    code = _with_access(lambda access: access.sign_in_link())
    write(f"{base.rstrip('/')}/sign-in?code={code}\n")
    say("It works once, within ten minutes, on the server at that address; --base names another.")


def _with_access(work: Callable[[Access], Awaitable[T]]) -> T:
    async def run() -> T:
        async with open_access(load_settings()) as access:
            return await work(access)

    return go(run())


def _day(moment: datetime | None) -> str:
    return "never" if moment is None else moment.astimezone().strftime("%Y-%m-%d %H:%M")


def _token_json(token: Token) -> Json:
    return {
        "id": token.id,
        "name": token.owner.name,
        "scope": token.scope,
        "created_at": timestamp(token.created_at),
        "used_at": None if token.used_at is None else timestamp(token.used_at),
        "revoked_at": None if token.revoked_at is None else timestamp(token.revoked_at),
    }
