import pytest
from hypothesis import given
from hypothesis import strategies as st

from longlist.language.quotes import occurs

TEXT = "Acme sells pay\u00adment\u00a0software.\n\n  Founded in\t2001,  it serves \ufb01ne shops in M\u00fcnchen."


@pytest.mark.parametrize(
    "quote",
    [
        "Founded in 2001, it serves",
        "  Founded   in\n2001, ",
        "\ufb01ne shops",
        "fine shops",
        "M\u00fcnchen",
        "Mu\u0308nchen",
        "\uff12\uff10\uff10\uff11",
    ],
)
def test_white_space_and_compatibility_forms_do_not_matter(quote: str) -> None:
    assert occurs(quote, TEXT)


@pytest.mark.parametrize(
    "quote", ["", "  ", "acme sells", "Founded in 2002", "Foundedin", "Munchen", "Acme ... software"]
)
def test_what_is_not_there_verbatim_does_not_occur(quote: str) -> None:
    assert not occurs(quote, TEXT)


@given(st.text(), st.text(min_size=1), st.text())
def test_every_part_of_a_text_that_is_more_than_space_occurs(before: str, part: str, after: str) -> None:
    assert occurs(part, before + part + after) or not part.strip()
