"""Stated facts against constraints: what they decide, what they leave open, and the words that prove it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from longlist.grade.rules import judge
from longlist.model.company import CompanyProfile, Employees, Facts, Page, Place
from longlist.model.plan import Constraint, Reading

NOW = datetime(2026, 1, 2, tzinfo=UTC)
TEXT = (
    "Acme GmbH\nAcme builds presses.\nFounded: 1921\nEmployees: 4,800 (2024)\nHeadquarters: Ulm, Germany\nType: Public"
)
STATED = Facts(
    founded=1921,
    employees=Employees(4800, 4800),
    hq=Place("Germany", "Baden-Württemberg", "Ulm"),
    listed=True,
    quotes={
        "founded": "Founded: 1921",
        "employees": "Employees: 4,800 (2024)",
        "hq": "Headquarters: Ulm, Germany",
        "listed": "Type: Public",
    },
)


def profile(facts: Facts = STATED, text: str = TEXT, domain: str = "acme.example") -> CompanyProfile:
    page = Page(text, NOW, record="catalog:test:acme")
    return CompanyProfile("acme", "Acme GmbH", domain, "", "", (), facts, (page,))


def reading(*constraints: Constraint, either: bool = False) -> Reading:
    return Reading("", "", constraints=constraints, either=either, constraint_only=True)


@pytest.mark.parametrize(
    ("constraint", "score"),
    [
        (Constraint("country", "in", ("Germany",)), 5),
        (Constraint("country", "in", ("France", "Germany")), 5),
        (Constraint("country", "in", ("France",)), 1),
        (Constraint("country", "not_in", ("France",)), 5),
        (Constraint("country", "not_in", ("Germany",)), 1),
        (Constraint("region", "in", ("DACH",)), 5),
        (Constraint("region", "not_in", ("Western Europe",)), 1),
        (Constraint("city", "in", ("Ulm",)), 5),
        (Constraint("employees", "min", 4800), 5),
        (Constraint("employees", "min", 4801), 1),
        (Constraint("employees", "max", 4800), 5),
        (Constraint("employees", "max", 4799), 1),
        (Constraint("founded", "max", 1949), 5),
        (Constraint("founded", "min", 1922), 1),
        (Constraint("listed", "in", (True,)), 5),
        (Constraint("listed", "in", (False,)), 1),
        (Constraint("status", "in", ("active",)), 5),
    ],
)
def test_a_stated_fact_decides_and_is_quoted(constraint: Constraint, score: int):
    verdict = judge(reading(constraint), profile())
    assert verdict is not None
    assert verdict.score == score
    assert verdict.quote
    assert all(quote in page.text for quote, page in verdict.proofs)


@pytest.mark.parametrize(
    "constraint",
    [
        Constraint("employees", "min", 10),
        Constraint("founded", "max", 1949),
        Constraint("status", "in", ("active",)),
        Constraint("listed", "in", (True,)),
        Constraint("funding_stage", "in", ("seed",)),
        Constraint("funding_amount", "min", 1_000_000),
        Constraint("country", "in", ("Germany",)),
    ],
)
def test_silence_is_no_evidence_and_not_a_low_grade(constraint: Constraint):
    verdict = judge(reading(constraint), profile(Facts(), "Acme\nAcme builds presses."))
    assert verdict is not None
    assert verdict.score is None
    assert verdict.why


def test_a_range_that_straddles_the_bound_stays_open():
    facts = replace(STATED, employees=Employees(11, 50))
    verdict = judge(reading(Constraint("employees", "min", 20)), profile(facts))
    assert verdict is not None
    assert verdict.score == 3


def test_an_open_range_meets_a_minimum_but_never_a_maximum():
    facts = replace(STATED, employees=Employees(10_001, None))
    assert judge(reading(Constraint("employees", "min", 5000)), profile(facts)).score == 5
    assert judge(reading(Constraint("employees", "max", 20_000)), profile(facts)).score == 3


def test_all_constraints_must_hold_unless_they_are_alternatives():
    old, french = Constraint("founded", "max", 1949), Constraint("country", "in", ("France",))
    assert judge(reading(old, french), profile()).score == 1
    assert judge(reading(old, french, either=True), profile()).score == 5


def test_when_all_constraints_hold_each_one_is_proven():
    verdict = judge(reading(Constraint("founded", "max", 1949), Constraint("country", "in", ("Germany",))), profile())
    assert verdict.score == 5
    assert [quote for quote, _ in verdict.proofs] == ["Founded: 1921", "Headquarters: Ulm, Germany"]


def test_a_silent_fact_beside_a_met_one_leaves_the_criterion_open():
    stage, old = Constraint("funding_stage", "in", ("seed",)), Constraint("founded", "max", 1949)
    assert judge(reading(old, stage), profile()).score is None


def test_without_a_seat_a_place_named_in_the_text_counts_for_less():
    verdict = judge(
        reading(Constraint("country", "in", ("Brazil",))), profile(Facts(), "Acme\nPayments for shops in Brazil.")
    )
    assert verdict.score == 4
    assert "Brazil" in verdict.quote


@pytest.mark.parametrize(
    ("text", "constraint", "score"),
    [
        ("We deliver parcels throughout Germany as well as in the United States.", ("country", "United States"), 3),
        ("We deliver parcels throughout Germany as well as in the United States.", ("country", "Japan"), 2),
        ("We deliver in Germany and France. Our office is in the United States.", ("country", "United States"), 4),
        ("Come and see us in Berlin, Germany.", ("city", "Berlin"), 4),
        ("We work from Munich, Germany, and ship to Austria and Switzerland.", ("country", "Germany"), 4),
        ("Visit us in Paris, Texas, United States.", ("country", "United States"), 4),
        ("We deliver throughout Europe as well as in the United States.", ("region", "Europe"), 3),
    ],
)
def test_a_sentence_that_names_places_inside_and_outside_settles_nothing(text, constraint, score):
    field, name = constraint
    verdict = judge(reading(Constraint(field, "in", (name,))), profile(Facts(), text, "acme.com"))
    assert verdict is not None
    assert verdict.score == score


def test_where_a_sentence_settles_nothing_the_web_address_counts():
    text = "We ship to Germany, Austria and Switzerland. Write to us at info@acme.de."
    verdict = judge(reading(Constraint("country", "in", ("Germany",))), profile(Facts(), text, "acme.de"))
    assert verdict is not None
    assert (verdict.score, verdict.quote) == (4, "Write to us at info@acme.de.")


def test_without_a_seat_the_country_of_the_web_address_counts_for_less():
    text = "Acme\nPayments for shops.\nWebsite: https://acme.com.br"
    verdict = judge(reading(Constraint("region", "in", ("Latin America",))), profile(Facts(), text, "acme.com.br"))
    assert (verdict.score, verdict.quote) == (4, "Website: https://acme.com.br")
    worldwide = judge(reading(Constraint("country", "in", ("Colombia",))), profile(Facts(), "Acme", "acme.co"))
    assert worldwide.score is None


def test_what_facts_cannot_decide_is_left_to_the_words():
    assert judge(reading(Constraint("business_model", "in", ("saas",))), profile()) is None
    assert judge(reading(), profile()) is None
