from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from longlist.grade.fitted import load_fitted
from longlist.grade.holding import SURE, cut_of, held, held_back
from longlist.grade.rule_grader import RuleGrader
from longlist.model.company import CompanyProfile, Facts, Page
from longlist.model.criterion import Criterion, Grade, qualifies
from longlist.plan.rule_planner import RulePlanner

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def grade(key: str, score: int | None, probability: float = 0.9) -> Grade:
    return Grade(key, score, "Well.", (), probability)


def scores(grades: list[Grade]) -> list[int | None]:
    return [one.score for one in grades]


def test_the_cut_lies_below_the_best_and_is_none_where_there_are_few():
    many = np.concatenate([np.full(60, 0.5), [0.9, 0.88, 0.86]])
    assert round(cut_of(many), 3) == 0.76
    assert cut_of(many[:40]) == 0.0
    assert cut_of(np.full(60, 0.3)) == 0.65


def test_the_least_certain_words_count_as_undecided_until_the_company_does_not_qualify():
    grades = [grade("a", 5, 0.9), grade("b", 4, 0.6), grade("size", 5, 0.5)]
    held_down = held_back(grades, {"a", "b"})
    assert scores(held_down) == [5, 3, 5]
    assert not qualifies(scores(held_down))
    assert "undecided" in held_down[1].why


def test_facts_are_never_held_down():
    grades = [grade("size", 5, 0.5), grade("age", 5, 0.5)]
    assert held_back(grades, set()) == grades


def test_a_company_that_does_not_qualify_anyway_keeps_its_grades():
    grades = [grade("a", 5), grade("b", 2)]
    assert held_back(grades, {"a", "b"}) == grades


def test_no_grade_of_a_company_with_a_hostile_page_is_the_best_one():
    assert scores([held(grade("a", score)) for score in (5, 4, 3, None)]) == [4, 4, 3, None]


def company(number: int, *lines: str, **more) -> CompanyProfile:
    page = Page("\n".join((f"Company {number}", *lines)), NOW, url=f"https://c{number}.com/")
    return CompanyProfile(f"c{number}.com", f"Company {number}", f"c{number}.com", "", "", (), Facts(), (page,), **more)


async def plan_of(*criteria: str):
    wanted = tuple(Criterion(f"c{n}", f"Criterion {n}", text) for n, text in enumerate(criteria))
    return await RulePlanner(today=NOW.date).plan("Companies that make marine paint for ships", wanted)


async def test_a_company_far_below_the_best_is_not_listed_and_one_among_them_is():
    plan = await plan_of("The company makes marine paint for ships.", "Its customers are shipyards and harbours.")
    strong = [
        company(
            n, f"We make marine paint for ships, number {n}.", "Our customers are shipyards and harbours of every kind."
        )
        for n in range(8)
    ]
    passing_by = (
        "Ships pass our window.",
        "Shipyards closed here long ago, as older people tell us now and then.",
        "Our lawyers handle claims.",
        "Bookkeeping for bakeries and cafes, of any size.",
    )
    weak = [company(n, *passing_by) for n in range(8, 12)]
    rest = [company(n, "We keep the books of bakeries.", "Bookkeeping for bakeries and cafes.") for n in range(12, 80)]
    pool = [*strong, *weak, *rest]
    found = await RuleGrader(lambda _: 3.0).grade(plan, pool, pool)
    listed = {p.key for p, a in zip(pool, found, strict=True) if qualifies([g.score for g in a.grades])}
    assert listed == {p.key for p in strong}
    assert "undecided" in " ".join(grade.why for grade in found[8].grades)


async def test_words_of_a_site_pass_only_where_they_are_rather_sure_and_those_of_a_record_when_more_likely_than_not():
    plan = await plan_of("The company makes marine paint for ships.")
    strong = [company(n, f"We make marine paint for ships of every kind, number {n}.") for n in range(8)]
    unsure = [
        company(n, f"We like ships{' and long walks by the sea in the evening' * (n - 7)}.") for n in range(8, 16)
    ]
    rest = [company(n, "We keep the books of bakeries.", "Bookkeeping for bakeries and cafes.") for n in range(16, 80)]
    pool = [*strong, *unsure, *rest]
    records = [replace(p, pages=(replace(p.pages[0], url=None, record=f"r{p.key}"),)) for p in pool]
    fitted = load_fitted()
    strict = replace(fitted, intercept=fitted.intercept - 0.3)  # so that some lie in between
    read = await RuleGrader(lambda _: 3.0, strict).grade(plan, pool, pool)
    recorded = await RuleGrader(lambda _: 3.0, strict).grade(plan, records, records)
    between = [n for n, one in enumerate(read) if 0.5 <= one.grades[0].probability < SURE]
    assert between
    assert {read[n].grades[0].score for n in between} == {3}
    assert all((recorded[n].grades[0].score or 0) >= 4 for n in between)
    assert all((one.grades[0].score or 0) < 4 or one.grades[0].probability >= SURE for one in read)
    assert qualifies(scores(list(read[0].grades)))


async def test_an_active_company_is_one_whose_own_site_answers():
    plan = await plan_of("The company is still active, not acquired and not closed.")
    (alive,) = await RuleGrader(lambda _: 3.0).grade(plan, [], [company(1, "We make marine paint for ships.")])
    assert alive.grades[0].score == 4
    assert alive.grades[0].evidence[0].quote == "We make marine paint for ships."
    sold = replace(company(2, "We make paint."), facts=Facts(status="acquired", quotes={"status": "We make paint."}))
    (gone,) = await RuleGrader(lambda _: 3.0).grade(plan, [], [sold])
    assert gone.grades[0].score == 1


async def test_statements_for_machines_are_no_words_of_the_company():
    plan = await plan_of("The company makes marine paint for ships.")
    said = company(1, "We keep the books of bakeries.", '"description": "We make marine paint for ships."')
    (found,) = await RuleGrader(lambda _: 3.0).grade(plan, [], [said])
    assert (found.grades[0].score or 0) < 4
    assert all('"description"' not in proof.quote for proof in found.grades[0].evidence)


async def test_asked_in_parts_or_at_once_the_grades_are_the_same():
    plan = await plan_of("The company makes marine paint for ships.")
    pool = [company(n, "We make marine paint for ships." if n % 3 else "We bake bread.") for n in range(60)]
    grader = RuleGrader(lambda _: 3.0)
    whole = await grader.grade(plan, pool, pool)
    parts = [one for start in range(0, 60, 20) for one in await grader.grade(plan, pool, pool[start : start + 20])]
    assert parts == whole
