"""A dozen queries for kinds of local business in the simulated city, through each map: who is found, how often, how."""

from collections import Counter
from dataclasses import dataclass

import pytest

from longlist.discover.discover import discover
from longlist.discover.maps import MapsSource
from longlist.discover.source import Question
from longlist.plan.rule_planner import RulePlanner
from longlist.testing import FakeCalls
from longlist.web.client import open_client
from longlist.web.providers.registry import ABOUTS, MAPS, Config, Desk

QUERIES = {
    "dentists in Lindenport, Oregon": "dentist",
    "coffee shops in Lindenport": "cafe",
    "bakeries in Lindenport, Oregon": "bakery",
    "gyms and fitness studios in Lindenport": "gym",
    "law firms in Lindenport, OR": "lawyer",
    "accountants in Lindenport, Oregon": "accountant",
    "plumbers in Lindenport": "plumber",
    "veterinary clinics in Lindenport, Oregon": "veterinary",
    "flower shops in Lindenport": "florist",
    "hotels in Lindenport, Oregon": "hotel",
    "coworking spaces in Lindenport": "coworking",
    "auto repair shops in Lindenport, Oregon": "car_repair",
    "craft breweries in Lindenport": "brewery",
    "machine shops in Lindenport, Oregon": "machine_shop",
}
FOUND = 0.9


@dataclass
class Score:
    """Of one query: true places, those found, those with a site, those given with it; keys that came twice."""

    true: int
    found: int
    with_site: int
    site_given: int
    twice: int


async def score(world, name: str, query: str, kind: str, calls: FakeCalls) -> Score:
    configs = {about: Config(world.line.get(about, ""), world["key"]) for about in ABOUTS}
    async with open_client() as client:
        source = MapsSource([MAPS[name][1](Desk(configs, calls, client))])
        found = await discover({"maps": source}, Question(RulePlanner().understand(query)))
    assert found.states[0].outcome == "found", found.states
    true = [place for place in world.get("/__places") if place["kind"] == kind and not place["closed"]]
    given = Counter(candidate.key for candidate in found.candidates)
    domains = {candidate.domain for candidate in found.candidates}
    names = {candidate.name for candidate in found.candidates}
    hosts = [place["host"].removeprefix("www.") for place in true if place["host"]]
    hits = [p for p in true if p["name"] in names or (p["host"] and p["host"].removeprefix("www.") in domains)]
    return Score(
        len(true),
        len(hits),
        len(hosts),
        sum(host in domains for host in hosts),
        sum(n > 1 for n in given.values()),
    )


@pytest.mark.parametrize(("name", "sites"), [("google_places", 1.0), ("serper", 1.0), ("overpass", 0.55)])
async def test_a_map_gives_nine_of_ten_true_places_each_once_with_its_site(world, name, sites):
    """Overpass gives the sites that are on the map: in this city, seven of ten."""
    scores = [await score(world, name, query, kind, FakeCalls()) for query, kind in QUERIES.items()]
    found = sum(s.found for s in scores) / sum(s.true for s in scores)
    given = sum(s.site_given for s in scores) / sum(s.with_site for s in scores)
    assert found >= FOUND, [(s.found, s.true) for s in scores]
    assert given >= sites * 0.97
    assert sum(s.twice for s in scores) == 0
