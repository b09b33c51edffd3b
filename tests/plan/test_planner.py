"""Plans: criteria, binding constraints, angles, JSON."""

import asyncio
import json
from datetime import date

import phrasings
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_constraints import TABLES, names_sorted

from longlist.model.criterion import KEY_PATTERN, NAME_LENGTH, TEXT_LENGTH, Criterion
from longlist.model.plan import Constraint, Plan
from longlist.plan.constraints import read
from longlist.plan.planner import Planner, as_json
from longlist.plan.rule_planner import RulePlanner

HOSTILE = [
    "",
    " ",
    "\n\t",
    "?",
    "🎉🎉🎉",
    "a",
    "not",
    "not in Germany",
    "not marketplaces",
    "Germany",
    "with 10-50 employees",
    "日本のソフトウェア会社",
    "компании из Германии",
    "'; DROP TABLE tasks; --",
    "<script>alert(1)</script>",
    "def f(x): return x or y",
    "companies " * 3000,
    "(" * 5000,
    "not " * 3000,
    "a, b, c or d, " * 1000,
    "in Germany or " * 1000,
    "10-50 " * 2000,
    "x" * 20_000,
    "\x00\x01 banks in France \x02",
]


@pytest.fixture
def planner() -> RulePlanner:
    return RulePlanner(lambda: phrasings.TODAY)


def assert_valid(plan: Plan) -> None:
    assert 2 <= len(plan.criteria) <= 5
    assert len({c.key for c in plan.criteria}) == len(plan.criteria)
    for criterion in plan.criteria:
        assert KEY_PATTERN.fullmatch(criterion.key)
        assert NAME_LENGTH[0] <= len(criterion.name) <= NAME_LENGTH[1]
        assert TEXT_LENGTH[0] <= len(criterion.text) <= TEXT_LENGTH[1]
    assert len(plan.readings) == len(plan.criteria)
    assert 1 <= len(plan.angles) <= 8
    assert all(angle.text and angle.why for angle in plan.angles)


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_still_give_valid_criteria(planner: RulePlanner, query: str) -> None:
    plan = planner.understand(query)
    assert_valid(plan)
    json.dumps(as_json(plan))


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_query_gives_valid_criteria(query: str) -> None:
    assert_valid(RulePlanner(lambda: phrasings.TODAY).understand(query))


@pytest.mark.parametrize("query", [q for q, _ in TABLES])
def test_inferred_criteria_read_as_criteria_give_back_the_constraints(planner: RulePlanner, query: str) -> None:
    plan = planner.understand(query)
    assert_valid(plan)
    said = {c for reading in plan.readings for c in names_sorted(reading.constraints)}
    wanted = {c for c in names_sorted(plan.query.constraints) if c.field != "industry"}
    if not plan.query.either:
        assert {c for c in said if c.field not in {"industry", "business_model"}} == {
            c for c in wanted if c.field != "business_model"
        }
        assert {c for c in said if c.field == "business_model"} == {c for c in wanted if c.field == "business_model"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "email marketing software for online shops",
            [
                "The product is about email marketing.",
                "The product is software: a platform, app, tool or API.",
                "Its customers are mainly online shops.",
            ],
        ),
        ("drone makers", ["Its products are of this kind: drone.", "This is its main line of business: drone."]),
        (
            "craft breweries",
            ["It is one of these: craft breweries.", "This is its main line of business: craft breweries."],
        ),
        (
            "Platforms that charities use to raise money online, not auction houses",
            [
                "The product is used to raise money online.",
                "Its customers are mainly charities.",
                "The company is not this: auction houses.",
            ],
        ),
        (
            "Cybersecurity vendors that protect websites from bots",
            ["Its business is to protect websites from bots.", "Its field is cybersecurity."],
        ),
        ("B2B SaaS for dentists", ["Its customers are mainly dentists.", "The company is B2B and is a SaaS company."]),
        (
            "digital marketing agencies in London",
            ["Its field is digital marketing.", "The company is headquartered in London.", "The company is an agency."],
        ),
    ],
)
def test_inferred_criteria_say_different_things(planner: RulePlanner, query: str, expected: list[str]) -> None:
    assert [c.text for c in planner.understand(query).criteria] == expected


@pytest.mark.parametrize("query", [q for q, _ in TABLES[::3]])
def test_inferred_criteria_are_named_in_a_few_words(planner: RulePlanner, query: str) -> None:
    criteria = planner.understand(query).criteria
    assert len({c.text for c in criteria}) == len(criteria)
    assert all(1 <= len(c.name.split()) <= 6 for c in criteria)


def test_the_planner_is_a_planner_and_waits_for_nothing(planner: RulePlanner) -> None:
    seam: Planner = planner
    plan = asyncio.run(seam.plan("german banks", None))
    assert plan.inferred
    assert plan.constraints == (Constraint("country", "in", ("Germany",)),)


def test_given_criteria_are_used_as_they_are_and_their_constraints_bind(planner: RulePlanner) -> None:
    criteria = (
        Criterion("core", "Core", "Sells crop insurance to farmers."),
        Criterion("size", "Size", "Has fewer than 200 employees."),
        Criterion("age", "Age", "Was founded after 2023 or took part in a batch of 2024."),
    )
    plan = planner.understand("agricultural insurers in Kenya", criteria)
    assert plan.criteria == criteria
    assert not plan.inferred
    assert set(plan.constraints) == {
        Constraint("country", "in", ("Kenya",)),
        Constraint("employees", "max", 199),
    }
    assert plan.readings[2].either


def test_of_two_bounds_the_tighter_one_binds(planner: RulePlanner) -> None:
    criteria = (
        Criterion("size", "Size", "Has at most 100 employees."),
        Criterion("core", "Core", "Makes organ pipes."),
    )
    plan = planner.understand("organ builders with fewer than 500 employees", criteria)
    assert plan.constraints == (Constraint("employees", "max", 100),)


def test_a_list_of_kinds_is_asked_for_one_by_one(planner: RulePlanner) -> None:
    texts = [a.text for a in planner.understand("booking software for restaurants, cafes and bars").angles]
    assert "booking software for cafes" in texts
    assert "booking software for bars" in texts


def test_angles_differ_and_leave_out_what_is_excluded(planner: RulePlanner) -> None:
    plan = planner.understand("freight software, not marketplaces, in Germany")
    assert len({a.text for a in plan.angles}) == len(plan.angles) >= 3
    assert not any("marketplace" in a.text for a in plan.angles)


def test_the_json_of_a_plan_shows_fields_operations_and_values(planner: RulePlanner) -> None:
    shown = as_json(planner.understand("German banks with more than 500 employees, not Sparkassen, profitable"))
    assert {"field": "country", "op": "in", "value": ["Germany"]} in shown["constraints"]
    assert {"field": "employees", "op": "min", "value": 501} in shown["constraints"]
    assert shown["negative"] == "Sparkassen"
    assert shown["not_understood"] == ["profitable"]
    assert {"key", "name", "criterion"} == set(shown["criteria"][0])


def test_the_reading_of_a_query_does_not_depend_on_when_it_is_read_unless_ages_are_asked() -> None:
    early = read("German banks", today=date(2001, 1, 1))
    assert early == read("German banks", today=date(2030, 1, 1))
