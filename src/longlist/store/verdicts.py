"""Why a company does not count: what the machine said, unless somebody set it aside. The machine's words are kept."""

from longlist.store.sql import AnyRow
from longlist.store.store import Verdict

REASONS: dict[Verdict, str] = {"wrong": "Marked by hand as a wrong company.", "excluded": "Set aside by hand."}


def reason_of(row: AnyRow) -> str:
    """The reason to show for a row of `candidate`; "" when there is none."""
    reason: str = REASONS.get(row.verdict, row.reason)
    return reason
