"""`longlist search --dry-run`: what a search will cost, about."""

from dataclasses import asdict

from rich import box
from rich.table import Table

from longlist.serve.plain import plain
from longlist.serve.terminal import out, print_json, say
from longlist.settings import load_settings
from longlist.store.ledger_states import dollars
from longlist.wiring.forecasts import forecast as lines_of

ABOUT = "A forecast: half as much or twice as much is usual. --max-dollars sets a limit that is kept."


def forecast(want: int, criteria: int, *, as_json: bool) -> None:
    """Print the forecast of a search for so many companies by so many criteria."""
    lines = lines_of(load_settings(), want, criteria)
    total = sum(line.cost_micros for line in lines)
    if as_json:
        print_json({"lines": [asdict(line) for line in lines], "cost_micros": total})
        return
    if not lines:
        say("It costs nothing: no search engine and no model is set up.")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), show_footer=True)
    table.add_column("What", "All")
    table.add_column("Calls", f"{sum(line.calls for line in lines):,}", justify="right")
    table.add_column("Tokens", f"{sum(line.tokens for line in lines):,}", justify="right")
    table.add_column("Cost", dollars(total), justify="right")
    for line in lines:
        table.add_row(plain(line.what), f"{line.calls:,}", f"{line.tokens:,}", dollars(line.cost_micros))
    out().print(table)
    say(ABOUT)
