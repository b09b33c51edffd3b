"""Grades without a model: proof, silence, and independence of company from company."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longlist.grade.fitted import load_fitted
from longlist.grade.rule_grader import RuleGrader
from longlist.language.quotes import occurs
from longlist.model.company import CompanyProfile, Employees, Facts, Page
from longlist.model.criterion import Criterion
from longlist.plan.rule_planner import RulePlanner

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PLANNER = RulePlanner(today=lambda: date(2026, 1, 2))
GRADER = RuleGrader(lambda _: 3.0)
BREWS = Criterion("brews", "Brews beer", "The company brews craft beer in its own brewery.")
SMALL = Criterion("small", "At most 50 people", "The company has at most 50 employees.")
DRY = Criterion("dry", "No spirits", "It is not a distillery or a maker of spirits.")


def company(number: int, text: str, facts: Facts | None = None) -> CompanyProfile:
    page = Page(f"Company {number}\n{text}", NOW, record=f"catalog:test:{number}")
    return CompanyProfile(f"c{number}", f"Company {number}", "", text, text, (), facts or Facts(), (page,))


POOL = [
    *(company(n, f"It brews craft beer number {n} in its own brewery.") for n in range(10)),
    *(company(n, f"It makes paint number {n} for wooden boats.") for n in range(10, 40)),
    *(company(n, "A distillery. It makes spirits such as gin.") for n in range(40, 45)),
]


async def graded(
    criteria: list[Criterion], profiles: list[CompanyProfile], reference: list[CompanyProfile] | None = None
):
    plan = await PLANNER.plan("craft beer breweries", tuple(criteria))
    return await GRADER.grade(plan, reference or POOL, profiles)


async def test_what_the_words_say_is_graded_high_and_quoted():
    for assessment in await graded([BREWS], POOL[:10]):
        grade = assessment.grades[0]
        assert grade.score >= 4
        assert "brews craft beer" in grade.evidence[0].quote


async def test_what_the_words_do_not_say_is_graded_low_and_says_what_was_read():
    for assessment in await graded([BREWS], POOL[10:20]):
        grade = assessment.grades[0]
        assert grade.score <= 3
        assert grade.why


async def test_companies_that_qualify_rank_above_those_that_do_not():
    scores = [assessment.rank_score for assessment in await graded([BREWS], POOL)]
    assert min(scores[:10]) > max(scores[10:])
    assert all(0 <= score <= 1 for score in scores)


async def test_a_condition_alone_is_graded_by_the_stated_fact():
    facts = Facts(employees=Employees(20, 20), quotes={"employees": "Team: 20 people"})
    stated = company(90, "Team: 20 people", facts)
    (known,), (silent,) = [
        a.grades for a in await graded([SMALL], [stated, company(91, "It makes paint.")], [*POOL, stated])
    ]
    assert (known.score, known.evidence[0].quote) == (5, "Team: 20 people")
    assert silent.score is None
    assert silent.evidence == ()


async def test_a_criterion_that_only_excludes_is_met_by_what_is_something_else():
    brewer, distiller = (a.grades[0] for a in await graded([DRY], [POOL[0], POOL[40]]))
    assert brewer.score > distiller.score
    assert brewer.evidence


async def test_who_says_nothing_of_what_is_excluded_is_not_graded_low_for_it():
    alike = [company(n, f"Firm {n} makes passwordless login for banks and online shops.") for n in range(60, 90)]
    agency = company(90, "We are a consultancy for banks and online shops.")
    no_advice = Criterion("own", "Own", "The company is not a consultancy.")
    *others, last = (a.grades[0] for a in await graded([no_advice], [*alike, agency], [*POOL, *alike, agency]))
    assert {one.score for one in others} == {4}
    assert (last.score, last.evidence[0].quote) == (1, "We are a consultancy for banks and online shops.")


@pytest.mark.parametrize(
    "text",
    [
        "Компания варит крафтовое пиво.",
        "クラフトビールを醸造している会社です。",
        "Η εταιρεία παράγει μπύρα.",
        "?????????????",
    ],
)
async def test_a_criterion_without_words_to_look_for_is_no_evidence_for_anybody(text: str):
    odd = Criterion("odd", "Odd", text)
    for assessment in await graded([odd], POOL):
        assert assessment.grades[0].score is None
        assert assessment.grades[0].evidence == ()


async def test_a_criterion_that_asks_for_nothing_in_particular_stands_in_nobodys_way():
    for assessment in await graded([Criterion("any", "Any", "The company sells products to its customers.")], POOL[:3]):
        assert assessment.grades[0].score == 4
        assert "Nothing in particular" in assessment.grades[0].why
        assert assessment.grades[0].evidence


async def test_weak_words_are_looked_for_when_a_criterion_has_no_others():
    small = company(80, "It makes till software for small businesses.")
    other = company(81, "It makes till software for airports.")
    criterion = Criterion("small", "Small businesses", "Its customers are mainly small businesses.")
    said, unsaid = (a.grades[0] for a in await graded([criterion], [small, other], [*POOL, small, other]))
    assert said.score > unsaid.score
    assert unsaid.score is None or unsaid.score <= 3


async def test_grading_works_without_a_reference():
    plan = await PLANNER.plan("craft beer breweries", (BREWS,))
    assert len(await GRADER.grade(plan, [], POOL[:3])) == 3


async def test_a_company_is_graded_the_same_whoever_is_graded_with_it():
    together = await graded([BREWS, DRY], POOL)
    for number in (0, 12, 41):
        assert (await graded([BREWS, DRY], [POOL[number]]))[0] == together[number]


async def test_a_company_outside_the_reference_does_not_change_the_others():
    asked = [POOL[0], POOL[12], POOL[29]]
    stranger = company(99, "Beer, beer and beer. " + "An own brewery brews craft beer. " * 50)
    before = await graded([BREWS, DRY], asked, POOL[:30])
    after = await graded([BREWS, DRY], [*asked, stranger], POOL[:30])
    assert [a.grades for a in after[:3]] == [a.grades for a in before]


async def test_nothing_to_grade_gives_nothing():
    assert await graded([BREWS], []) == []


TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=300)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=6), TEXTS.filter(lambda t: 10 <= len(t) <= 300))
async def test_every_grade_of_four_or_five_quotes_its_page_whatever_the_texts(texts: list[str], criterion: str):
    profiles = [company(n, text) for n, text in enumerate(texts)]
    plan = await PLANNER.plan("beer", (Criterion("odd", "Odd", criterion), BREWS))
    for profile, assessment in zip(profiles, await GRADER.grade(plan, profiles, profiles), strict=True):
        for grade in assessment.grades:
            assert grade.score in {None, 1, 2, 3, 4, 5}
            assert 0 <= grade.probability <= 1
            if grade.score is not None and grade.score >= 4:
                assert grade.evidence
            for evidence in grade.evidence:
                assert evidence.hash == profile.pages[0].hash
                assert occurs(evidence.quote, profile.pages[0].text)


def test_scores_rise_with_probability():
    fitted = load_fitted()
    scores = [fitted.score(p / 100) for p in range(101)]
    assert scores == sorted(scores)
    assert (scores[0], scores[-1]) == (1, 5)


@pytest.mark.parametrize("text", ["", " ", "\n\n", "👍" * 500, "a" * 100_000])
async def test_odd_pages_are_graded_without_trouble(text: str):
    odd = company(7, text)
    assert len(await graded([BREWS, SMALL, DRY], [odd], [*POOL, odd])) == 1


async def test_where_one_word_is_asked_for_likeness_to_those_that_say_it_is_no_proof():
    listed = "Swedish and listed: deposits, mortgages, cards, lending and savings in Sweden, listed in Stockholm."
    banks = [company(n, f"{listed}\nA Swedish bank.") for n in range(10)]
    alike = [company(n, listed) for n in range(10, 20)]
    others = [company(n, f"It makes paint number {n} for wooden boats.") for n in range(20, 60)]
    pool = [*banks, *alike, *others]
    wanted = Criterion("banks", "Banks", "It is one of these: banks.")
    plan = await PLANNER.plan("Swedish listed banks", (wanted,))
    found = [one.grades[0].score or 0 for one in await GRADER.grade(plan, pool, pool)]
    assert min(found[:10]) >= 4
    assert max(found[10:]) <= 3


@pytest.mark.parametrize(
    ("text", "score", "quote"),
    [
        ("A charity. It runs clinics in many towns.", 5, "A charity."),
        ("It runs clinics for cats and dogs.", None, ""),
    ],
)
async def test_a_business_model_takes_a_sentence_that_names_it(text, score, quote):
    wanted = Criterion("model", "Business model", "The company is a nonprofit.")
    plan = await PLANNER.plan("non-profit clinics", (wanted,))
    pool = [company(0, text), *(company(n, f"It makes paint number {n} for wooden boats.") for n in range(1, 60))]
    (grade,) = (await GRADER.grade(plan, pool, pool[:1]))[0].grades
    assert grade.score == score
    assert "".join(proof.quote for proof in grade.evidence) == quote


@pytest.mark.parametrize("text", ["The company is a nonprofit in Norway.", "In Norway, not an agency."])
async def test_what_the_words_say_does_not_settle_a_condition_that_is_open(text):
    plan = await PLANNER.plan("clinics", (Criterion("both", "Both", text),))
    assert plan.readings[0].constraints
    pool = [company(n, f"A charity. It runs clinics for cats, number {n}.") for n in range(60)]
    (grade,) = (await GRADER.grade(plan, pool, pool[:1]))[0].grades
    assert grade.score is None
    assert "where the company is" in grade.why
