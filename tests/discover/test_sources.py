"""The registry, one round of discovery, and the catalogue as a source."""

from dataclasses import replace
from pathlib import Path

import pytest

from longlist.catalog.index import CompanyIndex, IndexEntry
from longlist.discover.catalog import CatalogSource
from longlist.discover.discover import discover
from longlist.discover.registry import SOURCES, Resources, check_sources, known_sources, open_sources
from longlist.discover.source import Question
from longlist.errors import InvalidInput, Unavailable
from longlist.model.company import Candidate, Facts, Place
from longlist.plan.rule_planner import RulePlanner
from longlist.testing import FakeReader, FakeSource, FakeWebSearch
from longlist.web.providers.registry import Providers

PLAN = RulePlanner().understand("paint for boats")


@pytest.fixture
def resources(tmp_path: Path) -> Resources:
    entries = [
        IndexEntry(f"c{n}.com", f"C{n}", f"c{n}.com", f"C{n}\nMakes paint for boats number {n}.") for n in range(30)
    ]
    entries.append(IndexEntry("free.org", "Free", "free.org", "Free\nPaint for boats.", kind="project"))
    entries.append(
        IndexEntry("far.cl", "Far", "far.cl", "Far\nPaint for boats.", facts=Facts(hq=Place("Chile", None, None)))
    )
    return Resources(CompanyIndex.build(tmp_path / "index", entries, fingerprint="x"), tmp_path, reader=FakeReader({}))


def company(number: int, source: str = "a") -> Candidate:
    return Candidate(f"c{number}.com", f"C{number}", f"c{number}.com", source, snippet="x")


async def keys(source, **question) -> list[str]:
    plan = question.pop("plan", PLAN)
    return [candidate.key async for candidate in source.search(Question(plan, **question))]


def test_without_names_all_are_opened(resources):
    assert list(open_sources(None, resources)) == list(SOURCES)


def test_names_are_taken_once_and_under_their_other_name(resources):
    assert list(open_sources(["extruct_db", "catalog", "maps", "maps"], resources)) == ["catalog", "maps"]


@pytest.mark.parametrize("names", [["nope"], ["catalog", "nope"], ["CATALOG"], [""], []])
def test_a_name_nobody_has_is_refused_with_the_names_there_are(resources, names):
    with pytest.raises(InvalidInput) as refused:
        open_sources(names, resources)
    assert refused.value.field == "data_sources"
    assert not names or "catalog, linkedin, maps, web_search" in str(refused.value)


def test_checking_starts_nothing():
    check_sources(None)
    check_sources(["catalog", "web_search"])
    assert set(known_sources()) == {"catalog", "linkedin", "maps", "web_search"}


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("web_search", "LONGLIST_SEARXNG_URL, LONGLIST_BRAVE_KEY"),
        ("linkedin", "LONGLIST_PDL_KEY"),
        ("maps", "LONGLIST_WEB"),
    ],
)
async def test_a_source_with_nobody_to_ask_says_so_and_what_to_set(resources, name, what):
    with pytest.raises(Unavailable, match=what):
        await keys(open_sources([name], resources)[name])


async def test_where_nothing_outside_may_be_asked_the_sources_say_that(resources):
    for name in ("web_search", "linkedin", "maps"):
        with pytest.raises(Unavailable, match="LONGLIST_WEB is false"):
            await keys(open_sources([name], replace(resources, reader=None))[name])


async def test_a_search_engine_makes_web_search_and_linkedin_work(resources):
    search = FakeWebSearch({"boats": [("https://acme.com/", "Acme | Paint for boats", "Paint for boats")]})
    able = replace(resources, providers=Providers(searches=(search,)))
    assert await keys(open_sources(["web_search"], able)["web_search"]) == ["acme.com"]
    assert await keys(open_sources(["linkedin"], able)["linkedin"]) == []


async def test_rounds_of_the_catalogue_go_on_where_they_ended_and_always_give_the_same(resources):
    source = CatalogSource(resources.index)
    rounds = [await keys(source, round=number, limit=10) for number in (1, 2, 3, 4, 5)]
    everything = [key for some in rounds for key in some]
    assert len(everything) == len(set(everything)) == 31
    assert rounds[4] == []
    assert rounds == [await keys(source, round=number, limit=10) for number in (1, 2, 3, 4, 5)]


async def test_open_source_projects_and_what_contradicts_a_condition_never_come_up(resources):
    in_chile = RulePlanner().understand("paint for boats, companies in Chile")
    assert "free.org" not in await keys(CatalogSource(resources.index))
    assert "far.cl" in await keys(CatalogSource(resources.index), plan=in_chile)
    in_spain = RulePlanner().understand("paint for boats, companies in Spain")
    assert "far.cl" not in await keys(CatalogSource(resources.index), plan=in_spain)


async def test_sources_take_turns_and_a_company_is_kept_once():
    sources = {
        "a": FakeSource("a", [company(1), company(2), company(3)]),
        "b": FakeSource("b", [company(2, "b"), company(9, "b")]),
    }
    found = await discover(sources, Question(PLAN))
    assert [(c.key, c.source) for c in found.candidates] == [
        ("c1.com", "a"), ("c2.com", "b"), ("c9.com", "b"), ("c3.com", "a")
    ]  # fmt: skip
    assert [(s.source, s.outcome, s.found) for s in found.states] == [("a", "found", 3), ("b", "found", 2)]


async def test_no_more_than_the_limit_is_taken_and_candidates_bear_their_sources_name():
    found = await discover(
        {"mine": FakeSource("other", [company(n, "other") for n in range(50)])}, Question(PLAN, limit=7)
    )
    assert len(found.candidates) == 7
    assert {candidate.source for candidate in found.candidates} == {"mine"}


async def test_a_source_that_finds_nothing_is_told_from_one_that_cannot_look():
    found = await discover({"a": FakeSource("a"), "b": FakeSource("b", fault="No key is set.")}, Question(PLAN))
    assert [(s.outcome, s.reason) for s in found.states] == [("nothing", ""), ("unavailable", "No key is set.")]


async def test_what_came_before_a_source_failed_is_kept():
    class Breaking(FakeSource):
        async def search(self, question):
            yield company(1)
            raise ConnectionError("gone")

    found = await discover({"a": Breaking("a")}, Question(PLAN))
    assert [candidate.key for candidate in found.candidates] == ["c1.com"]
    assert found.states[0].reason == "ConnectionError: gone"
    assert found.states[0].found == 1
