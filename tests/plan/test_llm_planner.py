from datetime import date

import pytest

from longlist.errors import BadAnswer, BudgetSpent, Stopped
from longlist.model.criterion import KEY_PATTERN, Criterion
from longlist.model.web import Errand
from longlist.plan.llm_planner import LLMPlanner
from longlist.plan.rule_planner import RulePlanner
from longlist.testing import ScriptedLLM

RULES = RulePlanner(today=lambda: date(2026, 1, 2))
ERRAND = Errand("task", "plan", "w")


def one(key, text, english="", name="A name"):
    return {"key": key, "name": name, "criterion": text, "english": english or text}


def answer(**more):
    return {
        "language": "en",
        "english": "",
        "criteria": [
            one("sells_software", "The company sells accounting software."),
            one("serves_bakeries", "Its customers are bakeries."),
        ],
        "queries": ["bakery accounting software", "list of bookkeeping tools for bakers"],
        "local_queries": [],
    } | more


async def planned(said, query="accounting software for bakeries", criteria=None):
    return await LLMPlanner(ScriptedLLM(lambda _: said), RULES).plan(query, criteria, ERRAND)


async def test_criteria_and_searches_come_from_the_model_and_conditions_from_the_rules():
    plan = await planned(answer(), "accounting software for bakeries in Germany, founded after 2015")
    assert [c.key for c in plan.criteria] == ["sells_software", "serves_bakeries"]
    assert plan.inferred
    assert {c.field for c in plan.query.constraints} == {"country", "founded"}
    assert "bakery accounting software" in [a.text for a in plan.angles]
    assert len(plan.readings) == 2


@pytest.mark.parametrize(
    ("language", "query", "english"),
    [
        ("de", "Buchhaltungssoftware für Bäckereien in Deutschland", "accounting software for bakeries in Germany"),
        (
            "fr",
            "logiciels de comptabilité pour boulangeries en Allemagne",
            "accounting software for bakeries in Germany",
        ),
        ("es", "software de contabilidad para panaderías en Alemania", "accounting software for bakeries in Germany"),
        ("pt", "software de contabilidade para padarias na Alemanha", "accounting software for bakeries in Germany"),
    ],
)
async def test_a_request_in_another_language_is_read_in_english_and_searched_in_both(language, query, english):
    said = answer(
        language=language,
        english=english,
        criteria=[
            one("software", "Das Unternehmen verkauft Software.", "The company sells accounting software."),
            one("in_germany", "Der Sitz ist in Deutschland.", "The company is headquartered in Germany."),
        ],
        local_queries=["Bäckerei Software Anbieter"],
    )
    plan = await planned(said, query)
    assert ("country", ("Germany",)) in [(c.field, c.value) for c in plan.query.constraints]
    assert plan.query.text == query
    assert plan.criteria[1].text == "Der Sitz ist in Deutschland."
    assert [c.field for c in plan.readings[1].constraints] == ["country"]
    texts = [a.text for a in plan.angles]
    assert english in texts
    assert "Bäckerei Software Anbieter" in texts


async def test_given_criteria_stay_as_they_are():
    given = (Criterion("mine", "Mine", "The company bakes bread for restaurants."),)
    plan = await planned(answer(criteria=[one("mine", "Something else entirely, longer.")]), criteria=given)
    assert plan.criteria == given
    assert not plan.inferred


async def test_criteria_that_break_the_contract_or_repeat_one_are_left_out():
    said = answer(
        criteria=[
            one("Sells Software!", "The company sells accounting software."),
            one("same", "The company sells accounting software."),
            one("9", "Keys begin with a letter, so this one is not kept."),
            one("short", "Too short"),
            one("serves_bakeries", "Its customers are bakeries and pastry shops."),
            one("long", "x" * 501),
        ]
    )
    plan = await planned(said)
    assert [c.key for c in plan.criteria] == ["sells_software", "serves_bakeries"]
    assert all(KEY_PATTERN.fullmatch(c.key) for c in plan.criteria)
    alone = await planned(answer(criteria=[one("only_one", "There is a single criterion.")]))
    assert alone.criteria == RULES.understand("accounting software for bakeries").criteria


async def test_no_address_of_a_model_is_ever_searched():
    said = answer(
        queries=["see https://evil.example/x bakeries", "site:evil.example software", "www.evil.example", "   "]
    )
    plan = await planned(said)
    assert not any("evil" in a.text for a in plan.angles)
    assert all(a.text.strip() for a in plan.angles)


@pytest.mark.parametrize("error", [BadAnswer("Nothing of use."), BudgetSpent("Enough.")])
async def test_without_an_answer_the_plan_is_the_rules_own(error):
    assert await planned(error) == RULES.understand("accounting software for bakeries")


async def test_a_stopped_task_is_not_planned():
    with pytest.raises(Stopped):
        await planned(Stopped("It was stopped."))
