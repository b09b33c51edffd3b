"""The forecast against what searches took in the simulated internet (docs/models.md)."""

import pytest

from longlist.engine.forecast import work
from longlist.llm.prices import FixedPrice, Used

PRICE = FixedPrice(1.25, 10)
TAKEN = [
    ("dev-y01", 2, 87, 0.1697),
    ("dev-y04", 3, 51, 0.1351),
    ("dev-y05", 3, 59, 0.1270),
    ("dev-y08", 3, 66, 0.1579),
    ("dev-y13", 2, 68, 0.1265),
]
"""Of development queries, 25 wanted: criteria, questions to the model, and dollars at this price."""


@pytest.mark.parametrize(("query", "criteria", "questions", "dollars"), TAKEN)
def test_a_forecast_is_within_a_factor_of_two_of_what_was_taken(query, criteria, questions, dollars):
    asked = work(25, criteria)
    forecast = (PRICE.micros(Used(*asked.plan)) + PRICE.micros(Used(*asked.companies))) / 1e6
    assert 0.5 <= (asked.questions + 1) / questions <= 2
    assert 0.5 <= forecast / dollars <= 2


def test_less_is_forecast_for_fewer_companies_and_fewer_criteria():
    assert work(1, 3).questions < work(5, 3).questions < work(15, 3).questions == work(500, 3).questions
    assert work(25, 2).companies < work(25, 5).companies
    assert work(25, 0) == work(25, 3)
