"""What commands that import files ask and take: whether it is right this way, and which column is what."""

import typer

from longlist.errors import InvalidInput


def agreed() -> bool:
    """Whether the user says yes; nobody there to ask is a no."""
    try:
        return typer.confirm("Import it this way?", default=True, err=True)
    except typer.Abort:
        return False


def pair(entry: str, what: str) -> tuple[str, str]:
    """The two sides of `--map COLUMN=…`; `what` names the right one. InvalidInput when a side is lacking."""
    column, equals, other = entry.rpartition("=")
    if not (column and equals and other):
        raise InvalidInput(f"--map takes COLUMN={what}, not {entry!r}.", field="map")
    return column, other
