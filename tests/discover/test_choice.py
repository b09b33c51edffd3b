import pytest

from longlist.discover.choice import LEAVABLE, automatic
from longlist.discover.source import About
from longlist.discover.unavailable import UnavailableSource
from longlist.language.local_business import find_kinds, local_question, singular
from longlist.model.company import Candidate
from longlist.model.task import SourceState
from longlist.plan.rule_planner import RulePlanner
from longlist.testing import FakeSource


def kinds_of(**kinds: str) -> dict:
    sources = {name: FakeSource(name, [Candidate("a.com", "A", "a.com", name)]) for name in kinds}
    for name, kind in kinds.items():
        sources[name].about = About(name, kind, "")
    return sources


SOURCES = kinds_of(catalog="catalog", web_search="web_search", maps="maps", mine="mine")


def chosen(query: str, sources=SOURCES):
    return automatic(RulePlanner().understand(query), sources)


def test_maps_are_asked_for_local_business_in_a_place_and_the_choice_says_why():
    choice = chosen("dentists in Lindenport, Oregon")
    assert set(choice.sources) == {"catalog", "web_search", "maps", "mine"}
    assert choice.why == {"maps": "Asked since the query names dentists in Lindenport, Oregon."}
    assert choice.states((SourceState("maps", "found", 3),))[0].reason == choice.why["maps"]


def test_maps_are_left_out_of_any_other_query_with_the_reason():
    choice = chosen("payroll software for restaurants")
    assert set(choice.sources) == {"catalog", "web_search", "mine"}
    [state] = choice.states(())
    assert (state.source, state.outcome) == ("maps", "left_out")
    assert "kind of local business" in state.reason


@pytest.mark.parametrize("kind", LEAVABLE)
def test_a_source_with_nobody_to_ask_is_left_out_with_what_to_set(kind):
    absent = UnavailableSource(About(kind, kind, ""), "Set a key.")
    choice = chosen("dentists in Graz", {"catalog": SOURCES["catalog"], kind: absent})
    assert set(choice.sources) == {"catalog"}
    assert choice.left_out == {kind: "Set a key."}


def test_a_package_that_could_not_be_started_is_asked_so_that_it_is_reported():
    absent = UnavailableSource(About("mine", "mine", ""), "It is broken.")
    assert set(chosen("dentists", {"mine": absent}).sources) == {"mine"}


@pytest.mark.parametrize(
    ("query", "kinds", "where"),
    [
        ("bakeries in Lindenport", ("bakeries",), "Lindenport"),
        ("coffee shops and bakeries in Graz, Austria", ("coffee shops", "bakeries"), "Graz, Austria"),
        ("hotels Lindenport Oregon", ("hotels",), "Lindenport Oregon"),
        ("bakeries in lindenport oregon that are open", ("bakeries",), "lindenport oregon"),
        ("tattoo parlors in San Pedro de Atacama", ("tattoo parlors",), "San Pedro de Atacama"),
        ("hair salons in St. Louis, Missouri", ("hair salons",), "St. Louis, Missouri"),
        ("independent bookshops near Porto with a café", ("bookshops",), "Porto"),
        ("Cafés in Berlin", ("Cafés",), "Berlin"),
    ],
)
def test_a_question_about_local_business_is_understood(query, kinds, where):
    found = local_question(query)
    assert found is not None
    assert (found.kinds[: len(kinds)], found.where) == (kinds, where)


@pytest.mark.parametrize(
    "query",
    [
        "software for dentists in Germany",
        "bakery management software in Paris",
        "restaurant booking platforms in London",
        "companies that sell POS systems to cafes in Rome",
        "gyms near me",
        "dentist",
        "fintech companies in Berlin",
        "",
    ],
)
def test_a_question_about_anything_else_is_none(query):
    assert local_question(query) is None


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("bakeries", "bakery"),
        ("coffee shops", "coffee shop"),
        ("churches", "church"),
        ("gas", "gas"),
        ("boutiques", "boutique"),
        ("machine works", "machine work"),
        ("Law Firms", "law firm"),
    ],
)
def test_a_kind_is_brought_into_the_singular(many, one):
    assert singular(many) == one


def test_kinds_are_found_by_any_of_their_names_each_once():
    assert [kind.name for _, kind in find_kinds("Dental clinics, dentists and craft breweries")] == [
        "dentist",
        "brewery",
    ]
