"""`longlist sources`: whom each source asks, whether that is set up, and, asked live, whether it answers."""

from dataclasses import asdict
from datetime import datetime

from rich import box
from rich.table import Table
from rich.text import Text

from longlist.serve.plain import plain
from longlist.serve.session import go
from longlist.serve.terminal import out, print_json, say
from longlist.settings import load_settings
from longlist.wiring.sources import ProviderLook, SourceLook, check, look, sources_of

STYLES = {"ready": "green", "limited": "yellow", "refused": "bold red", "unreachable": "red"}


def sources(*, is_live: bool, as_json: bool) -> None:
    """Show every source and provider; those that are set up are asked when `is_live`."""
    settings = load_settings()
    providers = go(check(settings)) if is_live else look(settings)
    found = sources_of(providers)
    if as_json:
        print_json({"sources": [asdict(one) for one in found], "providers": [_json(one) for one in providers]})
        return
    _show(found, providers)
    ready = sum(one.state == "ready" for one in providers)
    is_are = "is" if ready == 1 else "are"
    done = "answered." if is_live else f"{is_are} set up; `longlist sources --check` asks them."
    say(f"{ready} of {len(providers)} providers {done}")


def _show(found: list[SourceLook], providers: list[ProviderLook]) -> None:
    table = _table("Source", "State", "Whom it asks")
    titles = {one.name: one.title for one in providers}
    for source in found:
        asked = ", ".join(titles[name] for name in source.asks) or source.note
        table.add_row(source.name, Text(source.state, STYLES.get(source.state, "dim")), asked)
    out().print(table)
    table = _table("Provider", "For", "State", "Price, and what is to do")
    for one in providers:
        says = ". ".join(part.rstrip(".") for part in (one.price, one.note) if part)
        table.add_row(one.title, ", ".join(one.sources), Text(_state(one), STYLES.get(one.state, "dim")), plain(says))
    out().print(table)


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for column in columns:
        table.add_column(column)
    return table


def _state(one: ProviderLook) -> str:
    if one.until is not None:
        return f"{one.state} until {_clock(one.until)}"
    return "answers" if one.is_checked and one.state == "ready" else one.state


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S")


def _json(one: ProviderLook) -> dict[str, object]:
    return {
        "name": one.name,
        "title": one.title,
        "sources": list(one.sources),
        "state": one.state,
        "is_checked": one.is_checked,
        "until": one.until.isoformat() if one.until else None,
        "price": one.price,
        "note": one.note,
    }
