"""Results for spreadsheet programs: CSV and XLSX."""

import csv
import io
import re
from typing import Any

import xlsxwriter

from longlist.engine.reader import Report

HEAD = ("rank", "company_name", "company_website", "relevance", "qualified", "company_description", "hq_country",
        "hq_state_province", "hq_city", "employee_count", "founding_year", "source")  # fmt: skip
PER_CRITERION = ("grade", "explanation", "quote", "where")
BY_HAND = ("grade_by_hand", "note_by_hand")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What spreadsheet programs take for the beginning of a formula: OWASP, "CSV Injection"."""

MAX_CELL = 32_767
"""Characters an Excel cell holds: Microsoft, "Excel specifications and limits". Longer texts are cut."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def sheet(report: Report) -> list[list[Any]]:
    """Head and rows: results first, then the near misses marked as not qualified; grades are numbers, silence is empty.

    Criteria on which somebody gave a grade by hand have two more columns at the end: the machine's grade stays as it is.
    """
    criteria = report.task.criteria or ()
    shown = (*report.results, *report.near_misses)
    corrected = [c.key for c in criteria if any(c.key == said.criterion_key for r in shown for said in r.by_hand)]
    rows: list[list[Any]] = [
        [
            *HEAD,
            *(f"{c.key}_{part}" for c in criteria for part in PER_CRITERION),
            *(f"{key}_{part}" for key in corrected for part in BY_HAND),
        ]
    ]
    for rank, result in enumerate(shown, start=1):
        profile, facts = result.profile, result.profile.facts
        row: list[Any] = [
            rank, profile.name, profile.domain, result.relevance, "yes" if result.is_qualified else "no", profile.description,
            facts.hq.country, facts.hq.state, facts.hq.city, facts.employees.bucket if facts.employees else None,
            facts.founded, result.candidate.source,
        ]  # fmt: skip
        for grade in result.grades:
            first = grade.evidence[0] if grade.evidence else None
            row += [grade.score, grade.why, first and first.quote, first and (first.url or first.record)]
        said = {one.criterion_key: one for one in result.by_hand}
        for key in corrected:
            row += [said[key].score, said[key].note or None] if key in said else [None, None]
        rows.append([printable(value) for value in row])
    return rows


def printable(value: Any) -> Any:
    """A value without the control characters that no sheet takes."""
    return _UNPRINTABLE.sub("", value) if isinstance(value, str) else value


def safe(value: Any) -> Any:
    """A cell that no spreadsheet program runs as a formula: such texts get an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS) else value


def to_csv(report: Report) -> str:
    """The sheet as CSV (RFC 4180)."""
    written = io.StringIO()
    csv.writer(written).writerows([["" if v is None else safe(v) for v in row] for row in sheet(report)])
    return written.getvalue()


def to_xlsx(report: Report) -> bytes:
    """The sheet as an Excel workbook; every text is written as text, never as a formula or a link."""
    rows, written = sheet(report), io.BytesIO()
    with xlsxwriter.Workbook(
        written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        page = book.add_worksheet("Longlist")
        bold = book.add_format({"bold": True})
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(number, column, value[:MAX_CELL], bold if number == 0 else None)
                elif value is not None:
                    page.write_number(number, column, value)
        page.freeze_panes(1, 2)
        page.autofilter(0, 0, len(rows) - 1, len(rows[0]) - 1)
        page.set_column(0, 0, 6)
        page.set_column(1, 2, 26)
    return written.getvalue()
