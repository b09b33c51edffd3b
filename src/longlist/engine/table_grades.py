"""Grades in tables: a criterion, graded as tasks grade theirs, measured against the first companies of the table."""

import contextlib
from collections.abc import Sequence

from longlist.engine.table_kit import TableKit
from longlist.engine.table_subjects import RowWork
from longlist.grade.grader import Assessment
from longlist.model.company import CompanyProfile
from longlist.model.criterion import TEXT_LENGTH, Criterion, Grade
from longlist.model.plan import Plan
from longlist.model.table import NOT_FOUND, CellValue, Column, Table, filled
from longlist.model.web import Errand
from longlist.store.table_store import TableStore

REFERENCE = 100  # companies that a grade is measured against


async def grade_cells(
    store: TableStore, kit: TableKit, table: Table, column: Column, works: Sequence[RowWork], errand: Errand
) -> list[CellValue | str]:
    """The grade of each row's company; a text is why it has none. Raises as a grader does."""
    reference = await store.reference_profiles(table.id, REFERENCE)
    by_text: dict[str, list[int]] = {}
    values: list[CellValue | str] = [CellValue(NOT_FOUND, work.subject.why_unknown) for work in works]
    for number, work in enumerate(works):
        if work.subject.profile is not None:
            by_text.setdefault(_criterion(column, work), []).append(number)
    for text, numbers in by_text.items():
        criterion = Criterion(column.config.key, column.config.name[:100], text)
        plan = await kit.planner.plan(text, (criterion,), errand)
        profiles = [profile for number in numbers if (profile := works[number].subject.profile) is not None]
        graded = await _assessed(kit, plan, reference or profiles, profiles, errand)
        for number, assessment in zip(numbers, graded, strict=True):
            values[number] = _value(assessment.grades[0])
    return values


async def _assessed(
    kit: TableKit, plan: Plan, reference: Sequence[CompanyProfile], profiles: Sequence[CompanyProfile], errand: Errand
) -> list[Assessment]:
    """Grades by a model where there is one, by rules for those it did not reach."""
    graded: dict[int, Assessment] = {}
    if kit.cascade is not None:
        async with contextlib.aclosing(kit.cascade.grades(plan, reference, profiles, len(profiles), errand)) as some:
            async for few in some:
                graded |= dict(few)
    lacking = [number for number in range(len(profiles)) if number not in graded]
    if lacking:
        by_rules = await kit.grader.grade(plan, reference, [profiles[number] for number in lacking], errand)
        graded |= dict(zip(lacking, by_rules, strict=True))
    return [graded[number] for number in range(len(profiles))]


def _criterion(column: Column, work: RowWork) -> str:
    agent = column.config.agent
    text = column.config.criterion if agent is None else filled(agent.prompt, work.values)
    text = " ".join(text.split())
    least, most = TEXT_LENGTH
    return (text if len(text) >= least else f"The company: {text}")[:most]


def _value(grade: Grade) -> CellValue:
    sources = tuple(dict.fromkeys(proof.url for proof in grade.evidence if proof.url))
    answer = NOT_FOUND if grade.score is None else grade.score
    return CellValue(answer, grade.why, sources, grade.evidence)
