"""Exports: what a spreadsheet program reads back is what was found, and nothing in it runs."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pytest

from longlist.engine.reader import Report
from longlist.model.company import Candidate, CompanyProfile, Employees, Facts, Page, Place
from longlist.model.criterion import Criterion, Evidence, Grade
from longlist.model.task import Progress, Task, TaskSpec
from longlist.serve.sheets import HEAD, MAX_CELL, safe, to_csv, to_xlsx
from longlist.store.store import Result

NOW = datetime(2026, 1, 2, tzinfo=UTC)
CRITERIA = (Criterion("sells", "Sells", "The company sells."), Criterion("place", "Place", "The company is in Chile."))
FACTS = Facts(founded=1999, employees=Employees(11, 50), hq=Place("Chile", None, "Santiago"))

HOSTILE = [
    '=HYPERLINK("http://evil.example","click")', "+1+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1",
    " =1+1", "＝1+1", "=cmd|' /C calc'!A0",
]  # fmt: skip
ODD = [
    "🍺 Brauerei",
    "مصنع",
    "a\nb",
    'say "hi", he said',
    "semi;colon",
    "0012",
    "1e5",
    "TRUE",
    "x" * 40_000,
]


def result(name: str, *, qualified: bool = True) -> Result:
    page = Page(f"{name}\nWe sell.", NOW, record="catalog:mine:1")
    proof = Evidence("We sell.", page.hash, NOW, record="catalog:mine:1")
    return Result(
        id="r", task_id="t", candidate=Candidate("k", name, "k.cl", "catalog"), profile_id="p",
        profile=CompanyProfile("k", name, "k.cl", name, name, (), FACTS, (page,)),
        grades=(Grade("sells", 5, name, (proof,)), Grade("place", None, "Nothing is said.")),
        rank_score=0.87, is_qualified=qualified, created_at=NOW,
    )  # fmt: skip


def report(*names: str) -> Report:
    task = Task("t", TaskSpec("q", 5, CRITERIA), "done", NOW, CRITERIA)
    results = tuple(result(name) for name in names)
    return Report(task, None, Progress(), results, (result("Miss", qualified=False),), ())


def cells(data: bytes) -> list[list]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert all(cell.data_type in {"s", "n"} for row in book.active.iter_rows() for cell in row)  # "f" is a formula
    book.close()
    return rows


def test_a_row_a_company_with_grades_reasons_quotations_and_places_the_misses_last():
    head, first, miss = csv.reader(io.StringIO(to_csv(report("Acme"))))
    assert head == [*HEAD, "sells_grade", "sells_explanation", "sells_quote", "sells_where", "place_grade",
                    "place_explanation", "place_quote", "place_where"]  # fmt: skip
    assert first == ["1", "Acme", "k.cl", "87", "yes", "Acme", "Chile", "", "Santiago", "11-50", "1999", "catalog",
                     "5", "Acme", "We sell.", "catalog:mine:1", "", "Nothing is said.", "", ""]  # fmt: skip
    assert (miss[0], miss[1], miss[4]) == ("2", "Miss", "no")


def test_numbers_are_numbers_in_a_workbook_and_texts_are_texts():
    _, first, _ = cells(to_xlsx(report("0012")))
    values = dict(zip(HEAD, first, strict=False))
    assert (values["rank"], values["relevance"], values["founding_year"], first[12]) == (1, 87, 1999, 5)
    assert (values["company_name"], values["employee_count"]) == ("0012", "11-50")
    assert first[16] is None  # no evidence is no grade


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_is_run_as_a_formula(text):
    rows = list(csv.reader(io.StringIO(to_csv(report(text)), newline="")))
    assert rows[1][1] == f"'{text}".replace("\r", "")
    assert cells(to_xlsx(report(text)))[1][1] is not None


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_come_back_as_they_were(text):
    assert list(csv.reader(io.StringIO(to_csv(report(text)), newline="")))[1][1] == text
    assert cells(to_xlsx(report(text)))[1][1] == text[:MAX_CELL]


def test_control_characters_are_left_out():
    assert list(csv.reader(io.StringIO(to_csv(report("\x01b\x1b[31mell\x07")))))[1][1] == "b[31mell"
    assert cells(to_xlsx(report("\x01b\x1b[31mell\x07")))[1][1] == "b[31mell"


def test_both_formats_have_the_same_rows():
    wanted = report("Acme", "Brauerei 🍺", "x,y")
    from_csv = list(csv.reader(io.StringIO(to_csv(wanted))))
    from_xlsx = [["" if value is None else str(value) for value in row] for row in cells(to_xlsx(wanted))]
    assert from_csv == from_xlsx


def test_numbers_are_left_as_they_are():
    assert safe(-5) == -5
    assert safe("") == ""
    assert safe("a=b") == "a=b"


def test_a_search_without_criteria_or_results_still_has_a_head():
    empty = replace(report(), near_misses=(), task=Task("t", TaskSpec("q"), "failed", NOW))
    assert to_csv(empty).strip() == ",".join(HEAD)
    assert cells(to_xlsx(empty)) == [list(HEAD)]
