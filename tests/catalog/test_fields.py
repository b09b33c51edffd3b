import pytest

from longlist.catalog.fields import guess_field, mapping_for
from longlist.catalog.statements import Statements, clean


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Name", "name"),
        ("Company Name", "name"),
        ("companyName", "name"),
        ("organisation", "name"),
        ("Website URL", "website"),
        ("Domain", "website"),
        ("one_liner", "description"),
        ("Long Description", "description"),
        ("About", "description"),
        ("# Employees", "employees"),
        ("size range", "employees"),
        ("Headcount", "employees"),
        ("current employee estimate", "employees"),
        ("year founded", "founded"),
        ("Founding Year", "founded"),
        ("batch", "batch"),
        ("HQ Country", "country"),
        ("location.country", "country"),
        ("all_locations", "location"),
        ("Locality", "location"),
        ("subindustry", "industry"),
        ("Total Funding (USD)", "funding_amount"),
        ("slug", "id"),
        ("former_names", "former_names"),
    ],
)
def test_column_names_are_understood(column, field):
    guess = guess_field(column)
    assert guess is not None
    assert guess[0] == field


@pytest.mark.parametrize("column", ["linkedin url", "launched_at", "total employee estimate", "", "x", "notes"])
def test_columns_that_mean_nothing_to_us_are_left_alone(column):
    assert guess_field(column) is None


def test_the_best_source_of_a_field_comes_first_whatever_the_order_of_columns():
    mapping = mapping_for(["current employee estimate", "size range", "employees"])
    assert list(mapping) == ["employees", "size range", "current employee estimate"]


def test_a_column_can_be_left_out():
    assert mapping_for(["name", "website"], {"website": "ignore"}) == {"name": "name"}


def test_lines_are_storable_and_stated_once():
    said = Statements()
    said.say("A\x00cme\ud800  \u2028 Ropes")
    said.label("Founded", "1806", "founded")
    said.label("Founded", "1806", "founded")
    said.label("Nothing", "  ")
    assert said.text == "Acme Ropes\nFounded: 1806"
    assert said.quotes == {"founded": "Founded: 1806"}
    assert clean(" a \n b ") == "a b"
