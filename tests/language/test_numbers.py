"""Numbers as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlist.language.numbers import dollars, quantities, value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5k", 5_000),
        ("1.2 million", 1_200_000),
        ("five thousand", 5_000),
        ("10 000", 10_000),
        ("10,000", 10_000),
        ("1.5bn", 1_500_000_000),
        ("a dozen", 12),
        ("half a million", 500_000),
        ("twenty-five", 25),
        ("two hundred and fifty", 250),
        ("2,5 million", 2_500_000),
        ("0", 0),
        ("many", None),
        ("", None),
    ],
)
def test_a_number_is_read_however_it_is_written(text: str, number: int | None) -> None:
    assert value(text) == number


@pytest.mark.parametrize(
    ("text", "amount"),
    [("$5M", 5_000_000), ("10 million dollars", 10_000_000), ("€10m", 11_000_000), ("USD 2,000", 2_000), ("$", None)],
)
def test_amounts_are_whole_us_dollars(text: str, amount: int | None) -> None:
    assert dollars(text) == amount


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10-50 people", [(10, 50, False)]),
        ("between 50 and 200", [(50, 200, False)]),
        ("two and three", [(2, 2, False), (3, 3, False)]),
        ("1-5k", [(1_000, 5_000, False)]),
        ("$1-5 million", [(1_000_000, 5_000_000, True)]),
        ("500+", [(500, None, False)]),
        ("double-digit growth", [(10, 99, False)]),
        ("hundreds of users", [(200, None, False)]),
        ("no figures", []),
    ],
)
def test_ranges_amounts_and_vague_counts_are_found(text: str, found: list[tuple[int, int | None, bool]]) -> None:
    assert [(q.low, q.high, q.money) for q in quantities(text)] == found


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    value(text)
    dollars(text)
    assert all(q.high is None or q.low <= q.high for q in quantities(text))
