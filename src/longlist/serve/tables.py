"""Results as tables: for people (Rich), for spreadsheets (CSV, XLSX)."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from rich.console import Console, Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from longlist.engine.reader import Report
from longlist.model.criterion import Criterion, Grade
from longlist.store.store import Result

GRADE_STYLE = {5: "bold green", 4: "green", 3: "yellow", 2: "red", 1: "bold red", None: "dim"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # what spreadsheet programs take for a formula (OWASP, CSV injection)
QUOTE_WIDTH = 160


def results_table(results: Sequence[Result], criteria: Sequence[Criterion], title: str) -> Table:
    """A table of companies with a column per criterion (A, B, …), the sentence that proves most, and where it stands."""
    table = Table(title=title, title_justify="left", title_style="bold", show_lines=False, pad_edge=False, expand=True)
    table.add_column("#", justify="right", style="dim", no_wrap=True)
    table.add_column("Company", ratio=3)
    for letter, _ in lettered(criteria):
        table.add_column(letter, justify="center", no_wrap=True, min_width=1)
    table.add_column("Proof", ratio=7)
    for number, result in enumerate(results, start=1):
        name = Group(
            Text(result.profile.name, style="bold"), Text(result.profile.domain or "no site of its own", style="dim")
        )
        table.add_row(str(number), name, *(grade_text(grade) for grade in result.grades), proof(result))
    return table


def legend(criteria: Sequence[Criterion]) -> Text:
    """What the letters of the grade columns stand for."""
    return Text("\n").join(Text.assemble((f" {letter} ", "bold"), c.text) for letter, c in lettered(criteria))


def lettered(criteria: Sequence[Criterion]) -> list[tuple[str, Criterion]]:
    """Each criterion with its column's letter."""
    return [(chr(ord("A") + number), criterion) for number, criterion in enumerate(criteria)]


def grade_text(grade: Grade) -> Text:
    """A grade as one character; no evidence is a question mark."""
    return Text("?" if grade.score is None else str(grade.score), style=GRADE_STYLE[grade.score])


def proof(result: Result) -> Text:
    """The quotations behind the grades, the best first, each once, with the place where each stands."""
    shown: dict[str, str] = {}
    for grade in sorted(result.grades, key=lambda g: -(g.score or 0)):
        for evidence in grade.evidence:
            shown.setdefault(evidence.quote, evidence.url or evidence.record or "")
    text = Text()
    for number, (quote, where) in enumerate(list(shown.items())[:2]):
        cut = quote if len(quote) <= QUOTE_WIDTH else quote[: QUOTE_WIDTH - 1].rsplit(" ", 1)[0] + "…"
        text.append("\n" if number else "").append(f"“{cut}”").append(f" {where}", style="dim")
    return text or Text("nothing is said about these criteria", style="dim")


HEAD = ("rank", "company_name", "company_website", "relevance", "qualified", "company_description", "hq_country",
        "hq_state_province", "hq_city", "employee_count", "founding_year", "source")  # fmt: skip
PER_CRITERION = ("grade", "explanation", "quote", "where")


def sheet(report: Report) -> list[list[Any]]:
    """Head and rows: results first, then the near misses marked as not qualified; grades are numbers, silence is empty."""
    criteria = report.task.criteria or ()
    rows: list[list[Any]] = [[*HEAD, *(f"{c.key}_{part}" for c in criteria for part in PER_CRITERION)]]
    for rank, result in enumerate((*report.results, *report.near_misses), start=1):
        profile, facts = result.profile, result.profile.facts
        row: list[Any] = [
            rank, profile.name, profile.domain, result.relevance, "yes" if result.is_qualified else "no", profile.description,
            facts.hq.country, facts.hq.state, facts.hq.city, facts.employees.bucket if facts.employees else None,
            facts.founded, result.candidate.source,
        ]  # fmt: skip
        for grade in result.grades:
            first = grade.evidence[0] if grade.evidence else None
            row += [grade.score, grade.why, first and first.quote, first and (first.url or first.record)]
        rows.append(row)
    return rows


def safe(value: Any) -> Any:
    """A cell that no spreadsheet program runs as a formula: such texts get an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def to_csv(report: Report) -> str:
    """The sheet as CSV (RFC 4180)."""
    out = io.StringIO()
    csv.writer(out).writerows([["" if v is None else safe(v) for v in row] for row in sheet(report)])
    return out.getvalue()


def write_xlsx(report: Report, path: Path) -> None:
    """The sheet as an Excel workbook; every text is written as text, never as a formula or a link."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet("Longlist")
        bold = book.add_format({"bold": True})
        for number, row in enumerate(sheet(report)):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(number, column, value[:32_767], bold if number == 0 else None)
                elif value is not None:
                    page.write_number(number, column, value)
        page.freeze_panes(1, 2)
        page.autofilter(0, 0, len(sheet(report)) - 1, len(sheet(report)[0]) - 1)
        page.set_column(0, 0, 6)
        page.set_column(1, 2, 26)


def stop_lines(report: Report) -> list[str]:
    """Why the search ended and what was missing, in sentences."""
    task, progress, wanted = report.task, report.progress, report.task.spec.wanted
    found = f"{progress.qualified} of {wanted} wanted"
    reasons = {
        "target_met": f"Done: target met, {progress.qualified} companies qualify.",
        "exhausted": f"Done: the sources have no more, {found} qualify.",
        "budget": f"Done: the budget is spent, {found} qualify.",
        "paused": f"Paused: {found} qualify so far. `longlist resume {task.id[:8]}` goes on.",
        "stopped": f"Stopped on request: {found} qualify.",
        "failed": f"Failed: {task.failure_reason} What was found is kept; `longlist resume {task.id[:8]}` tries again.",
    }
    lines = [
        reasons.get(
            task.stop_reason or "", f"Not finished: {found} qualify so far. `longlist resume {task.id[:8]}` goes on."
        )
    ]
    lines += [f"Source {s.source} gave nothing: {s.reason}" for s in task.source_states if s.outcome == "unavailable"]
    if progress.qualified < wanted and task.stop_reason == "exhausted":
        lines += _missing(report)
    return lines


def _missing(report: Report) -> list[str]:
    lines: list[str] = []
    tallies = [t for t in report.tallies if t.evaluated]
    if tallies:
        hardest = min(tallies, key=lambda t: t.passed)
        silent = f", and {hardest.silent} do not say" if hardest.silent else ""
        lines.append(
            f"Missing: of {hardest.evaluated} companies graded, {hardest.passed} pass “{hardest.criterion.name}”{silent}."
        )
    if report.plan is not None and report.plan.query.not_understood:
        lines.append(f"Not understood, so not checked: {', '.join(report.plan.query.not_understood)}.")
    lines.append(
        "To see more: the embedded catalogue knows vendors of web software and listed companies; "
        "`longlist catalog import FILE` adds your own lists. Live web sources come with a later version."
    )
    return lines


def print_report(console: Console, report: Report) -> None:
    """The report for a terminal."""
    criteria = report.task.criteria or ()
    console.print(f"\n[bold]{escape(report.task.spec.query)}[/bold]")
    if criteria:
        console.print(legend(criteria))
    if report.results:
        console.print(results_table(report.results, criteria, "\nQualified companies"))
    if report.near_misses and len(report.results) < report.task.spec.wanted:
        console.print(results_table(report.near_misses, criteria, "\nNearest misses (not qualified)"))
    console.print()
    for line in stop_lines(report):
        console.print(line, markup=False, highlight=False)


def print_company(console: Console, result: Result, criteria: Sequence[Criterion]) -> None:
    """Everything about one company of a task: facts, grades with reasons and quotations, how it was found."""
    profile, facts = result.profile, result.profile.facts
    seat = ", ".join(part for part in (facts.hq.city, facts.hq.state, facts.hq.country) if part)
    staff = f"{facts.employees.bucket} people" if facts.employees else ""
    known = [
        seat,
        f"founded {facts.founded}" if facts.founded else "",
        staff,
        facts.status or "",
        ", ".join(facts.business_models),
    ]
    console.print(Text.assemble((profile.name, "bold"), f"  {profile.domain}"))
    console.print(Text(profile.full_description or profile.description))
    console.print(Text(" · ".join(part for part in known if part), style="dim"))
    verdict = "qualifies" if result.is_qualified else "does not qualify"
    console.print(Text(f"Relevance {result.relevance} of 100, {verdict}.\n"))
    by_key = {grade.criterion_key: grade for grade in result.grades}
    for criterion in criteria:
        grade = by_key.get(criterion.key)
        if grade is None:
            continue
        console.print(Text.assemble("[", grade_text(grade), f"] {criterion.text}"))
        console.print(Text(f"    {grade.why}"))
        for evidence in grade.evidence:
            where = evidence.url or evidence.record or ""
            console.print(
                Text.assemble(f"    “{evidence.quote}” ", (f"{where}, read {evidence.read_at:%Y-%m-%d}", "dim"))
            )
    found = result.candidate
    console.print(Text(f"\nFound by {found.source}, asked for: {found.found_by or 'this company'}", style="dim"))
    if len(profile.aliases) > 1:
        console.print(Text(f"Merged, one web address: {', '.join(profile.aliases)}", style="dim"))


def print_plan(console: Console, plan: dict[str, Any]) -> None:
    """A plan (as `longlist plan --json` has it) for a terminal."""
    console.print(Text("Look for: ").append(plan["positive"] or "-", style="bold"))
    if plan["negative"]:
        console.print(Text("Leave out: ").append(plan["negative"], style="bold"))
    for constraint in plan["constraints"]:
        value = constraint["value"]
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        console.print(
            Text(f"Condition: {constraint['field']} {constraint['op'].replace('_', ' ')} ").append(shown, style="bold")
        )
    console.print("Criteria:")
    for criterion in plan["criteria"]:
        console.print(Text.assemble(("  " + criterion["name"], "bold"), f": {criterion['criterion']}"))
    console.print("Angles:")
    for angle in plan["angles"]:
        console.print(Text.assemble(f"  {angle['text']}", (f"  ({angle['why']})", "dim")))
    if plan["not_understood"]:
        console.print(Text(f"Not understood, so not checked: {', '.join(plan['not_understood'])}", style="yellow"))
