from collections.abc import Mapping, Sequence

import pytest

from longlist.discover.discover import discover
from longlist.discover.maps import MapsSource, as_candidate, asked, other_names
from longlist.discover.source import Question
from longlist.errors import BudgetSpent, Refused, Unavailable
from longlist.model.web import Errand, Spot
from longlist.plan.rule_planner import RulePlanner
from longlist.web.health import Health

QUERY = "bakeries in Graz, Austria"


def spot(number: int, name: str = "", website: str = "", address: str = "", provider: str = "one") -> Spot:
    return Spot(
        id=str(number),
        name=name or f"Bakery {number}",
        website=website,
        address=address,
        city="Graz",
        state="Styria",
        country="Austria",
        kinds=("shop=bakery",),
        provider=provider,
        query="bakeries in Graz",
        latitude=47.0,
        longitude=15.0 + number / 100,
        phone="1",
    )


class AMap:
    """A map with these places, `a_page` on each page; raises the fault from request number `after` on."""

    def __init__(self, places: Mapping[str, Sequence[Spot]], *, a_page=2, name="one", fault=None, after=0) -> None:
        self.name, self.health, self.asked = name, Health(), []
        self._places, self._a_page, self._fault, self._after = places, a_page, fault, after

    async def find(self, what: str, where: str, page: int, errand: Errand) -> Sequence[Spot]:
        self.asked.append((what, where, page))
        if self._fault and len(self.asked) > self._after:
            raise self._fault
        return self._places.get(what, ())[(page - 1) * self._a_page : page * self._a_page]


async def found(source: MapsSource, query: str = QUERY, **question):
    return [c async for c in source.search(Question(RulePlanner().understand(query), **question))]


async def test_all_pages_are_asked_for_and_rounds_go_on_where_they_ended():
    places = [spot(number) for number in range(15)]
    one = AMap({"bakeries": places})
    assert [c.name for c in await found(MapsSource([one]))] == [place.name for place in places]
    assert one.asked[-1] == ("bakeries", "Graz, Austria", 9)
    assert [c.name for c in await found(MapsSource([one]), round=2, limit=10)] == [p.name for p in places[10:]]
    assert await found(MapsSource([one]), round=3, limit=10) == []


async def test_a_business_counts_once_however_often_it_is_on_the_map():
    places = [
        spot(1, "Muster", "https://www.muster.at/", "Herrengasse 1"),
        spot(2, "Muster (Nord)", "http://muster.at/nord", "Nordstraße 9"),
        spot(3, "Café Blau", "", "Hauptplatz 2, Graz"),
        spot(4, "Cafe Blau", "https://facebook.com/blau", "Hauptplatz 2"),
        spot(5, "Rot"),
        spot(6, "Rot"),
    ]
    got = await found(MapsSource([AMap({"bakeries": places})]))
    assert [c.key for c in got] == ["muster.at", "maps:one:3", "maps:one:5", "maps:one:6"]
    assert [c.domain for c in got] == ["muster.at", "", "", ""]


def test_a_candidate_says_what_the_map_says_and_how_it_was_found():
    candidate = as_candidate(spot(1, "Muster", "https://muster.at/", "Herrengasse 1, Graz"))
    assert candidate.snippet.split("\n") == [
        "Muster: bakery in Graz, Styria, Austria.",
        "Address: Herrengasse 1, Graz.",
        "Phone: 1.",
    ]
    assert candidate.path == ("one: “bakeries in Graz”", "on the map: Muster, Herrengasse 1, Graz")
    assert (candidate.found_by, candidate.url, candidate.source) == (
        "one: “bakeries in Graz”",
        "https://muster.at/",
        "maps",
    )


async def test_the_next_map_takes_over_and_the_state_says_so():
    down = AMap({}, name="down", fault=Refused("Down refused the key.", is_final=True, status=401))
    two = AMap({"bakeries": [spot(1)]}, name="two")
    finding = await discover({"maps": MapsSource([down, two])}, Question(RulePlanner().understand(QUERY)))
    assert len(finding.candidates) == 1
    assert (finding.states[0].outcome, finding.states[0].reason) == ("found", "Down refused the key.")


async def test_nobody_who_answers_makes_the_source_unavailable_with_the_reasons():
    down = AMap({}, name="down", fault=Unavailable("Down is down."))
    with pytest.raises(Unavailable, match=r"Down is down\."):
        await found(MapsSource([down]))


async def test_what_was_found_before_the_budget_ended_is_given():
    spent = AMap({"bakeries": [spot(n) for n in range(9)]}, fault=BudgetSpent("Spent."), after=2)
    finding = await discover({"maps": MapsSource([spent])}, Question(RulePlanner().understand(QUERY)))
    assert [c.name for c in finding.candidates] == ["Bakery 0", "Bakery 1", "Bakery 2", "Bakery 3"]
    assert isinstance(finding.end, BudgetSpent)


async def test_little_found_is_looked_for_in_other_words():
    one = AMap({"flower shops": [spot(1)], "florist": [spot(1), spot(2)]})
    assert len(await found(MapsSource([one]), "flower shops in Graz")) == 2
    assert other_names("flower shops") == ("florist", "floral studio")
    assert other_names("widget makers") == ()


@pytest.mark.parametrize(("query", "missing"), [("bakeries", "a place"), ("in Graz, Austria", "a kind of business")])
async def test_without_a_place_or_a_kind_the_user_is_told_what_to_write(query, missing):
    with pytest.raises(Unavailable, match=missing):
        await found(MapsSource([AMap({})]), query)


def test_asked_by_name_maps_take_what_the_query_looks_for():
    assert asked(RulePlanner().understand("kite makers in Graz, Austria")) == (("kite makers",), "Graz, Austria")
