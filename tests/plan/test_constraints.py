"""Constraints read from queries and criteria."""

from datetime import date

import phrasings
import phrasings_users
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longlist.model.plan import Constraint
from longlist.plan.constraints import read

TABLES = [
    row
    for name in (
        phrasings.FIRST,
        phrasings.SECOND,
        phrasings.THIRD,
        phrasings.FOURTH,
        phrasings_users.ANALYSTS,
        phrasings_users.BUYERS,
        phrasings_users.CONTROL,
    )
    for row in phrasings.table(name)
]


def names_sorted(constraints: object) -> frozenset[Constraint]:
    """Constraints with the names inside each in one order: the order of alternatives says nothing."""
    return frozenset(
        Constraint(c.field, c.op, tuple(sorted(c.value)) if isinstance(c.value, tuple) else c.value)
        for c in constraints  # type: ignore[attr-defined]
    )


@pytest.mark.parametrize(("query", "expected"), TABLES, ids=[q for q, _ in TABLES])
def test_a_query_is_read_as_a_careful_reader_would(query: str, expected: frozenset[Constraint]) -> None:
    assert names_sorted(read(query, today=phrasings.TODAY).constraints) == names_sorted(expected)


def test_the_tables_are_large_and_hold_many_queries_without_constraints() -> None:
    assert len(TABLES) > 1000
    assert sum(1 for _, expected in TABLES if not expected) > 200


@pytest.mark.parametrize(
    ("text", "positive", "negative"),
    [
        ("freight software, not marketplaces", "freight software", "marketplaces"),
        ("German payroll vendors with 10-50 employees", "payroll vendors", ""),
        ("Find me 20 drone makers in Poland", "drone makers", ""),
        ("CRM software rather than spreadsheets or email", "CRM software", "spreadsheets or email"),
        ("packaging, excluding plastics, in France", "packaging", "plastics"),
        ("meal kits (not restaurants) founded after 2015", "meal kits", "restaurants"),
        ("non-alcoholic beer brands", "non-alcoholic beer brands", ""),
    ],
)
def test_conditions_and_excluded_words_are_taken_out_of_what_is_looked_for(
    text: str, positive: str, negative: str
) -> None:
    reading = read(text, today=phrasings.TODAY)
    assert (reading.positive, reading.negative) == (positive, negative)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The company is headquartered in Germany or Austria.", "country Germany|Austria"),
        ("Headquartered outside North America.", "region !North America"),
        ("Has fewer than 50 employees.", "employees <=49"),
        ("The company employs more than 10,000 people.", "employees >=10001"),
        ("Was founded before 1950.", "founded <=1949"),
        ("The company is still active (not acquired, not shut down).", "status active; status !acquired|closed"),
        ("Is a publicly traded company.", "listed yes"),
        ("Is a European company.", "region Europe"),
        ("The company is based in the United States.", "country United States"),
        ("US-based", "country United States"),
    ],
)
def test_a_criterion_of_nothing_but_conditions_says_so(text: str, expected: str) -> None:
    reading = read(text, today=phrasings.TODAY, role="criterion")
    assert names_sorted(reading.constraints) == names_sorted(phrasings.constraints(expected))
    assert reading.constraint_only


@pytest.mark.parametrize(
    "text",
    [
        "Sells payroll software to German companies.",
        "Provides scheduling software for hospitals in Germany.",
        "Its customers are mainly small businesses.",
        "Serves enterprises with more than 10,000 employees.",
        "Makes hardware stores more efficient.",
        "Offers loans to companies founded after 2015.",
        "Helps public companies report to their shareholders.",
    ],
)
def test_a_criterion_about_customers_constrains_nothing(text: str) -> None:
    reading = read(text, today=phrasings.TODAY, role="criterion")
    assert reading.constraints == ()
    assert not reading.constraint_only


@pytest.mark.parametrize(
    "text",
    [
        "Was founded after 2023 or took part in an accelerator batch of 2024.",
        "Is publicly traded or has more than 10,000 employees.",
    ],
)
def test_alternatives_are_marked_as_such(text: str) -> None:
    assert read(text, today=phrasings.TODAY, role="criterion").either


def test_a_condition_that_is_only_half_of_an_alternative_is_given_up_and_named() -> None:
    reading = read("German companies with more than 500 employees or founded before 1950", today=phrasings.TODAY)
    assert reading.constraints == (Constraint("country", "in", ("Germany",)),)
    assert "more than 500 employees" in reading.not_understood


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("family-owned breweries with revenue over $50M", {"family-owned", "revenue over $50M"}),
        ("profitable ISO 27001 certified data centres", {"profitable", "ISO 27001 certified"}),
        ("venture-backed fintechs with offices in Berlin", {"venture-backed", "with offices in Berlin"}),
        ("revenue forecasting software", set()),
        ("shoe makers", set()),
    ],
)
def test_words_that_look_like_conditions_but_cannot_be_checked_are_listed(text: str, words: set[str]) -> None:
    assert set(read(text, today=phrasings.TODAY).not_understood) == words


def test_ages_are_counted_from_today() -> None:
    old = read("companies founded in the last 3 years", today=date(2020, 1, 1)).constraints
    assert old == (Constraint("founded", "min", 2017),)


@given(st.text(max_size=300), st.sampled_from(["query", "criterion"]))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_the_parser(text: str, role: str) -> None:
    reading = read(text, today=phrasings.TODAY, role=role)  # type: ignore[arg-type]
    assert reading == read(text, today=phrasings.TODAY, role=role)  # type: ignore[arg-type]
    assert reading.text == text


@given(st.lists(st.sampled_from([w for q, _ in TABLES for w in q.split()]), max_size=25))
@settings(max_examples=300, deadline=None)
def test_no_shuffle_of_words_breaks_the_parser(shuffled: list[str]) -> None:
    reading = read(" ".join(shuffled), today=phrasings.TODAY)
    for constraint in reading.constraints:
        assert isinstance(constraint.value, int) == (constraint.op in {"min", "max"})
        assert constraint.value or constraint.value == 0
    assert "\x00" not in reading.positive + reading.negative


@pytest.mark.parametrize("query", [q for q, _ in TABLES[::4] if "sells watches" not in q])
def test_what_is_left_to_look_for_holds_no_more_conditions_of_place_or_size(query: str) -> None:
    again = read(read(query, today=phrasings.TODAY).positive, today=phrasings.TODAY)
    assert not [c for c in again.constraints if c.field in {"country", "employees", "founded"}]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("companies like Shopify", ["like Shopify"]),
        ("competitors of Stripe in Europe", ["competitors of Stripe"]),
        ("alternatives to Google Analytics for small shops", ["alternatives to Google Analytics"]),
        ("Companies like ours that sell paint", []),
        ("brands that customers like", []),
    ],
)
def test_likeness_to_a_company_that_is_named_is_not_understood(text: str, words: list[str]) -> None:
    assert list(read(text, today=phrasings.TODAY).not_understood) == words
