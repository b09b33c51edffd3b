"""What part of a grid is shown, in what order: everything of it stands in the address, so that it can be shared.

`show` all, qualified, near, pending, failed or aside · `sort` a column, with - downwards · `g.KEY` the least grade ·
`q` words · `hide` columns · `open` the company that is open. The scripts of the page follow the same rules (rows.js).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from longlist.language.words import fold

SHOWS = ("all", "qualified", "near", "pending", "failed", "aside")
STAFF = ("1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+")
FIELDS = {
    "name": "company_name",
    "what": "company_description",
    "hq": "hq_country",
    "staff": "employee_count",
    "founded": "founding_year",
    "source": "source",
    "relevance": "rank",
}
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class View:
    """What is asked for; what cannot be understood is left out."""

    show: str = "all"
    sort: str = "-relevance"
    least: Mapping[str, int] = field(default_factory=dict)
    words: str = ""
    hide: tuple[str, ...] = ()

    @property
    def address(self) -> str:
        """The view as the query of an address, "" for the usual one."""
        given = {
            "show": self.show if self.show != "all" else "",
            "sort": self.sort if self.sort != "-relevance" else "",
        }
        given |= {f"g.{key}": str(least) for key, least in self.least.items()}
        given |= {"q": self.words, "hide": ",".join(self.hide)}
        return urlencode({key: value for key, value in given.items() if value})


def view_of(given: Mapping[str, str]) -> View:
    """The view that an address asks for."""
    show, sort = given.get("show", "all"), given.get("sort", "-relevance")
    column = sort.removeprefix("-")
    least = {key[2:]: int(value) for key, value in given.items() if key.startswith("g.") and value in {*"12345"}}
    return View(
        show=show if show in SHOWS else "all",
        sort=sort if column in FIELDS or column.startswith("g.") else "-relevance",
        least=least,
        words=given.get("q", "")[:200],
        hide=tuple(name for name in given.get("hide", "").split(",") if name),
    )


def arranged(rows: Sequence[Row], view: View, needed: int, target: int) -> list[Row]:
    """The rows that a view shows, in its order."""
    ranked = sorted(rows, key=lambda row: (-(row["rank"] or 0.0), row["at"], row["id"]))
    results = {row["id"] for row in [row for row in ranked if row["qualified"]][:target]}
    words = fold(view.words).split()
    kept = [
        row
        for row in ranked
        if stands(row, view.show, needed, results)
        and all((given(row, key) or 0) >= least for key, least in view.least.items())
        and all(word in _said(row) for word in words)
    ]
    return ordered(kept, view.sort)


def counts(rows: Sequence[Row], needed: int, target: int) -> dict[str, int]:
    """How many rows each `show` has."""
    return {show: len(arranged(rows, View(show=show), needed, target)) for show in SHOWS}


def stands(row: Row, show: str, needed: int, results: set[str]) -> bool:
    """Whether a row belongs to a part of the grid."""
    stage: str = row["stage"]
    match show:
        case "qualified":
            return row["id"] in results
        case "near":
            return stage == "evaluated" and not bool(row["qualified"]) and passed(row) == needed - 1
        case "pending":
            return stage == "enriched"
        case "failed":
            return stage == "failed"
        case "aside":
            return bool(row["verdict"])
        case _:
            return stage == "evaluated"


def given(row: Row, key: str) -> int | None:
    """The grade that counts: by hand, else the machine's."""
    grade = row["grades"].get(key)
    if grade is None:
        return None
    by_hand: int | None = grade["by_hand"]
    machine: int | None = grade["grade"]
    return machine if by_hand is None else by_hand


def passed(row: Row) -> int:
    """How many criteria have a 4 or 5."""
    return sum(1 for key in row["grades"] if (given(row, key) or 0) >= 4)


def ordered(rows: Sequence[Row], sort: str) -> list[Row]:
    """Rows by a column, those without a value last; equals keep their order."""
    column, is_down = sort.removeprefix("-"), sort.startswith("-")
    valued = [(row, value) for row in rows if (value := _value(row, column)) is not None]
    without = [row for row in rows if _value(row, column) is None]
    return [row for row, _ in sorted(valued, key=lambda one: one[1], reverse=is_down)] + without


def _value(row: Row, column: str) -> Any:
    if column.startswith("g."):
        return given(row, column[2:])
    value = row[FIELDS[column]]
    if value in {None, ""}:
        return None
    if column == "staff":
        return STAFF.index(value)
    return fold(value) if isinstance(value, str) else value


def _said(row: Row) -> str:
    names = ("company_name", "company_website", "company_description", "hq_country", "hq_city")
    return fold(" ".join(str(row[name] or "") for name in names))
