"""Answers in their forms: what is not in its form is no answer."""

import pytest

from longlist.model.table import NOT_FOUND, Agent
from longlist.tables.forms import Unformed, formed, shown
from longlist.tables.proof import holds
from longlist.tables.schemas import checked_schema, schema_fault

SCHEMA = {
    "type": "object",
    "properties": {
        "ceo": {"type": "string", "description": "Who leads it"},
        "offices": {"type": "array", "items": {"type": "string"}},
        "class": {"enum": ["a", "b"]},
        "size": {"type": ["integer", "null"]},
    },
    "required": ["ceo"],
}
LABELS = ("SaaS", "Agency")


@pytest.mark.parametrize(
    ("form", "given", "wanted"),
    [
        ("text", "  x ", "x"),
        ("text", 12, "12"),
        ("text", "N/A", NOT_FOUND),
        ("text", None, NOT_FOUND),
        ("url", "acme.com/x", "https://acme.com/x"),
        ("email", "mailto:a.b@acme.com", "a.b@acme.com"),
        ("phone", "+43 (316) 12 34-56", "+43 (316) 12 34-56"),
        ("numeric", "1,200", 1200),
        ("numeric", 2.5, 2.5),
        ("numeric", "3 million", 3_000_000),
        ("grade", "4", 4),
        ("money", {"amount": "1,500,000", "currency": "eur"}, {"amount": 1_500_000, "currency": "EUR"}),
        ("money", "$12.5 million", {"amount": 12_500_000, "currency": "USD"}),
        ("date", "2009", "2009"),
        ("date", "2009-02-28T10:00:00Z", "2009-02-28"),
        ("select", " saas ", "SaaS"),
        ("multiselect", ["agency", "SaaS"], ["SaaS", "Agency"]),
        ("multiselect", [], NOT_FOUND),
        ("json", {"ceo": "Ann", "offices": ["Graz"], "class": "a"}, {"ceo": "Ann", "offices": ["Graz"], "class": "a"}),
        ("number", "7", 7),
        ("label", "Agency", "Agency"),
    ],
)
def test_what_is_in_its_form_is_taken_as_it_is_meant(form, given, wanted) -> None:
    agent = Agent(
        "llm", "?", form, LABELS if "select" in form or form == "label" else (), SCHEMA if form == "json" else None
    )
    answer = formed(agent, given)
    assert (answer, type(answer)) == (wanted, type(wanted))


@pytest.mark.parametrize(
    ("form", "given"),
    [
        ("text", ["x"]),
        ("text", "x" * 10_001),
        ("url", "no address"),
        ("email", "a@b"),
        ("phone", "call us"),
        ("phone", "12"),
        ("numeric", "many"),
        ("numeric", True),
        ("numeric", float("nan")),
        ("grade", 6),
        ("grade", 4.5),
        ("money", "12 million"),
        ("money", {"amount": 1, "currency": "XXQ"}),
        ("money", 12),
        ("date", "2009-02-30"),
        ("date", "last year"),
        ("select", "Shop"),
        ("multiselect", ["SaaS", "Shop"]),
        ("multiselect", 1),
        ("json", {"offices": []}),
        ("json", {"ceo": "Ann", "more": 1}),
        ("json", {"ceo": 1}),
        ("json", "x"),
    ],
)
def test_what_is_not_in_its_form_is_no_answer(form, given) -> None:
    agent = Agent("llm", "?", form, LABELS if "select" in form else (), SCHEMA if form == "json" else None)
    with pytest.raises(Unformed):
        formed(agent, given)


@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"type": "object"},
        {"type": "object", "properties": {"a": {"$ref": "#"}}},
        {"type": "object", "properties": {"a": {"type": "tuple"}}},
        {"type": "object", "properties": {"a": {"type": "array"}}},
        {"type": "object", "properties": {"a": {"enum": []}}},
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["b"]},
        {"type": "object", "properties": {f"p{n}": {"type": "string"} for n in range(51)}},
        {"type": "object", "properties": {"": {"type": "string"}}},
        {"type": "object", "properties": {"a": "string"}},
    ],
)
def test_a_schema_that_cannot_be_used_says_why(schema) -> None:
    assert checked_schema(schema).endswith((".", ")"))


def test_any_name_of_a_property_can_be_asked_for() -> None:
    names = ("class", "model_fields", "json", "with space", "größe", "_x", "1st")
    schema = {"type": "object", "properties": {name: {"type": "integer"} for name in names}}
    assert checked_schema(schema) == ""
    assert schema_fault(schema, dict.fromkeys(names, 1)) == ""
    assert schema_fault(schema, {"class": "x"}).startswith("class: ")


def test_five_levels_are_enough() -> None:
    schema: dict[str, object] = {"type": "string"}
    for _ in range(5):
        schema = {"type": "object", "properties": {"a": schema}}
    assert checked_schema(schema) == ""
    assert "5 levels" in checked_schema({"type": "object", "properties": {"a": schema}})


def test_answers_are_shown_as_people_write_them() -> None:
    assert [shown(one) for one in (None, True, 3.0, 2.5, ["a", 1], {"amount": 5.0, "currency": "EUR"}, {"a": None})] == [
        "", "yes", "3", "2.5", "a, 1", "5 EUR", "a: ",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "text", "is_held"),
    [
        (1999, "Founded in 1999.", True),
        (1999, "Founded in 19990.", False),
        (1200, "some 1,200 people", True),
        (12_000_000, "raised 12 million", True),
        ({"amount": 5, "currency": "USD"}, "5 dollars", True),
        ("2009-03-05", "on 5 March 2009", True),
        ("2009", "since 2010", False),
        ("a@b.com", "write to A@B.com", True),
        ("+43 316 1234", "Tel. 0043/316-1234", True),
        ("+43 316 1234", "Tel. +43-316-1234", True),
        ("https://www.acme.com/", "see acme.com", True),
    ],
)
def test_a_figure_counts_only_where_it_stands(answer, text, is_held) -> None:
    assert holds(answer, text) is is_held
