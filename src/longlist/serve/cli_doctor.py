"""`longlist doctor`: what is fine, worth knowing or wrong, and how to mend it."""

from dataclasses import asdict

from rich import box
from rich.table import Table
from rich.text import Text

from longlist.serve.plain import plain
from longlist.serve.terminal import out, print_json, say
from longlist.wiring.doctor import Check, State, examine

MARKS: dict[State, tuple[str, str]] = {
    "fine": ("fine", "green"),
    "note": ("note", "yellow"),
    "wrong": ("WRONG", "bold red"),
}


def doctor(*, as_json: bool) -> bool:
    """Show every check; returns whether something is wrong."""
    checks = examine()
    wrong = [check for check in checks if check.state == "wrong"]
    if as_json:
        state: State = "wrong" if wrong else "note" if any(check.state == "note" for check in checks) else "fine"
        print_json({"state": state, "checks": [asdict(check) for check in checks]})
        return bool(wrong)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for name, width in (("", 5), ("Part", 14), ("What was found, and what to do", None)):
        table.add_column(name, min_width=width)
    before = ""
    for check in checks:
        mark, style = MARKS[check.state]
        table.add_row(Text(mark, style=style), "" if check.part == before else check.part, _text(check))
        before = check.part
    out().print(table)
    say(f"{len(wrong)} {'thing is' if len(wrong) == 1 else 'things are'} wrong." if wrong else "Nothing is wrong.")
    return bool(wrong)


def _text(check: Check) -> Text:
    text = Text(plain(check.found))
    if check.mend:
        text.append(f"\n→ {plain(check.mend)}", style="bold")
    return text
