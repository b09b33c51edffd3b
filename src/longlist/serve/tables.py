"""Results for people, in a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from longlist.engine.reader import Report
from longlist.model.company import Sighting
from longlist.model.criterion import PASSING_SCORE, Criterion, Evidence, Grade
from longlist.serve.conditions import condition
from longlist.serve.plain import plain, shortened
from longlist.serve.words import claim_lines, known_facts, next_lines, readable, stop_lines, where
from longlist.store.store import Result

GRADE_STYLE = {5: "bold green", 4: "green", 3: "yellow", 2: "red", 1: "bold red", None: "dim"}
QUOTE_LENGTH = 170  # characters of a quotation shown in a table; `longlist show` has the whole
UNMET = 2  # a grade of so much or less says that a criterion is not met
QUOTES = 2  # quotations a row of the table
ONE_COLUMN = 8  # so many grades stand side by side; more are wrapped
WIDE = 110  # columns from which there is room for facts


def letter(number: int) -> str:
    """The letter of a criterion: A for the first."""
    return chr(ord("A") + number)


def results_table(results: Sequence[Result], criteria: Sequence[Criterion], width: int, *, misses: bool) -> Table:
    """Companies, their grades, and the sentences that prove them; for `misses` what speaks against them instead."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True, padding=(0, 1, 0, 0), leading=1)
    table.add_column("#", justify="right", style="dim", no_wrap=True)
    longest = max((max(len(r.profile.domain), *map(len, r.profile.name.split())) for r in results), default=0)
    table.add_column("Company", min_width=min(longest, width // 4), max_width=width // 4, overflow="fold")
    letters = [letter(number) for number in range(len(criteria))]
    table.add_column(" ".join(letters) if len(letters) <= ONE_COLUMN else "Grades", no_wrap=True)
    facts = width >= WIDE and any(known_facts(result.profile.facts) for result in results)
    if facts:
        table.add_column("Known", ratio=2, style="dim")
    table.add_column("Why not" if misses else "Proof", ratio=7)
    for number, result in enumerate(results, start=1):
        company = Group(
            Text(plain(result.profile.name), style="bold"),
            Text(result.profile.domain or "no site of its own", style="dim"),
        )
        known = [Text(" · ".join(known_facts(result.profile.facts)))] if facts else []
        reason = (objections if misses else proof)(result, criteria)
        table.add_row(str(number), company, grades_text(result.grades), *known, reason)
    return table


def grades_text(grades: Sequence[Grade]) -> Text:
    """All grades of a company: under the letters in the head, or each after its letter where they are many."""
    if len(grades) <= ONE_COLUMN:
        return Text(" ").join(grade_text(grade) for grade in grades)
    text = Text()
    for number, grade in enumerate(grades):
        text.append("\n" if number and number % 4 == 0 else " " if number else "").append(letter(number))
        text.append_text(grade_text(grade))
    return text


def grade_text(grade: Grade) -> Text:
    """A grade as one character; no evidence is a question mark."""
    return Text("?" if grade.score is None else str(grade.score), style=GRADE_STYLE[grade.score])


@dataclass(slots=True)
class _Quoted:
    """A quotation, the letters of the criteria it proves, and what they ask."""

    evidence: Evidence
    letters: list[str]
    about: list[str]


def proof(result: Result, criteria: Sequence[Criterion]) -> Text:
    """The quotations behind the grades that pass, each once, those that prove most first, and where they stand."""
    quoted: dict[str, _Quoted] = {}
    for number, (grade, criterion) in enumerate(zip(result.grades, criteria, strict=False)):
        if grade.score is not None and grade.score >= PASSING_SCORE:
            for evidence in grade.evidence[:1]:
                one = quoted.setdefault(evidence.quote, _Quoted(evidence, [], []))
                one.letters.append(letter(number))
                one.about.append(criterion.text)
    shown = sorted(quoted.values(), key=lambda one: -len(one.letters))
    places = [where(one.evidence, result.profile.pages) for one in shown[:QUOTES]]
    text = Text()
    for number, (one, place) in enumerate(zip(shown, places, strict=False)):
        text.append("\n" if number else "").append(" ".join(one.letters), style="bold")
        text.append(f" “{shortened(one.evidence.quote, QUOTE_LENGTH, ' '.join(one.about))}”")
        if place not in places[number + 1 :]:
            text.append(f" {place}", style="dim")
    if len(shown) > QUOTES:
        text.append(f" and {len(shown) - QUOTES} more", style="dim")
    text = text or Text("nothing is quoted", style="dim")
    unmet = [letter(number) for number, grade in enumerate(result.grades) if (grade.score or PASSING_SCORE) <= UNMET]
    return text.append(f"\nnot met: {' '.join(unmet)}", style=GRADE_STYLE[2]) if unmet else text


def objections(result: Result, criteria: Sequence[Criterion]) -> Text:
    """The lowest grades of a company that does not qualify, and why they were given."""
    pages = result.profile.pages
    failed = [(n, g) for n, g in enumerate(result.grades) if g.score is None or g.score < PASSING_SCORE]
    failed.sort(key=lambda pair: (pair[1].score or 3, pair[0]))
    text = Text()
    for number, (index, grade) in enumerate(failed[:QUOTES]):
        text.append("\n" if number else "").append(letter(index), style="bold")
        text.append(f" {shortened(readable(grade.why, pages), QUOTE_LENGTH)}")
        for evidence in grade.evidence[:1]:
            text.append(f" “{shortened(evidence.quote, QUOTE_LENGTH, criteria[index].text)}”")
            text.append(f" {where(evidence, pages)}", style="dim")
    return text or Text("nothing speaks against it", style="dim")


def print_report(console: Console, report: Report) -> None:
    """The report for a terminal."""
    criteria = report.task.criteria or ()
    console.print(Text(plain(report.task.spec.query), style="bold"))
    for number, criterion in enumerate(criteria):
        console.print(Text.assemble((f"{letter(number)} ", "bold"), plain(criterion.text)))
    if report.plan is not None and report.plan.constraints:
        console.print(Text(f"Conditions: {plain('; '.join(map(condition, report.plan.constraints)))}", style="dim"))
    console.print()
    if report.results:
        console.print(results_table(report.results, criteria, console.width, misses=False))
    if report.near_misses and len(report.results) < report.task.spec.wanted:
        console.print(Text("Nearest misses (they do not qualify)", style="bold"))
        console.print(results_table(report.near_misses, criteria, console.width, misses=True))
    for line in (*stop_lines(report), *next_lines(report)):
        console.print(plain(line))


def _paragraphs(text: str) -> str:
    return "\n".join(plain(line) for line in text.splitlines())


def print_company(
    console: Console, result: Result, criteria: Sequence[Criterion], sightings: Sequence[Sighting] = ()
) -> None:
    """Everything about one company of a task: facts, grades with reasons and quotations, how each source found it."""
    profile = result.profile
    console.print(Text.assemble((plain(profile.name), "bold"), f"  {profile.domain or 'no site of its own'}"))
    console.print(Text(_paragraphs(profile.full_description or profile.description) or "Nothing describes it."))
    if known := [*known_facts(profile.facts), *profile.facts.business_models]:
        console.print(Text(" · ".join(known), style="dim"))
    for line in claim_lines(profile.claims, profile.facts.confidence):
        console.print(Text(line, style="dim"))
    for network, address in profile.social_profiles.items():
        console.print(Text(f"{network}: {plain(address)}", style="dim"))
    for remark in profile.remarks:
        console.print(Text(plain(remark), style="yellow"))
    passed = sum(1 for grade in result.grades if grade.score is not None and grade.score >= PASSING_SCORE)
    verdict = "Qualifies" if result.is_qualified else "Does not qualify"
    console.print(f"\n{verdict}: {passed} of {len(result.grades)} criteria met. Relevance {result.relevance} of 100.\n")
    by_key = {grade.criterion_key: grade for grade in result.grades}
    for number, criterion in enumerate(criteria):
        grade = by_key.get(criterion.key)
        if grade is None:
            continue
        console.print(Text.assemble((letter(number), "bold"), " [", grade_text(grade), f"] {plain(criterion.text)}"))
        lines = [Text(plain(readable(grade.why, profile.pages)))]
        for evidence in grade.evidence:
            lines.append(Text(f"“{plain(evidence.quote)}”"))
            lines.append(Text(f"{where(evidence, profile.pages)}, read {evidence.read_at:%Y-%m-%d}", style="dim"))
        console.print(Padding(Group(*lines), (0, 0, 1, 6)))
    found = result.candidate
    for seen in sightings or (Sighting(found.source, found.found_by),):
        asked = f", asked for: {shortened(seen.found_by, QUOTE_LENGTH)}" if seen.found_by else ""
        console.print(Text(f"Found by the source {plain(seen.source)}{asked}", style="dim"))
        for step in seen.path:
            console.print(Text(f"  → {shortened(step, QUOTE_LENGTH)}", style="dim"))
    if len(profile.aliases) > 1:
        console.print(Text(f"One company, {len(profile.aliases)} records: {', '.join(profile.aliases)}", style="dim"))
