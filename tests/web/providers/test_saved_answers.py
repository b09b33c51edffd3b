"""What providers answer, as their documentation shows it, read from `saved/`; and what they are asked."""

import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from longlist.errors import Unavailable
from longlist.model.web import Errand, Sought, Spot, Wish
from longlist.testing import FakeCalls
from longlist.web.client import open_client
from longlist.web.providers import hunter, nominatim, overpass, pdl, pdl_people, serper
from longlist.web.providers.registry import ABOUTS, CONTACTS, ENCYCLOPAEDIAS, MAPS, REGISTERS, SEARCHES, Config, Desk
from loopback import Server, reply, serving

SAVED = Path(__file__).parent / "saved"
ERRAND = Errand("task", "discover", "week 1")
KEY = "key-of-mine"


def saved(name: str):
    return json.loads((SAVED / f"{name}.json").read_text(encoding="utf-8"))


def answers(name: str) -> bytes:
    return reply((SAVED / f"{name}.json").read_bytes(), "Content-Type: application/json")


def asked_for(server: Server, number: int = -1) -> dict:
    """What a server was asked: its query or form as one-valued, or its JSON."""
    asked = server.seen[number]
    if asked.body[:1] == b"{":
        return json.loads(asked.body)
    words = asked.body.decode() or urlsplit(asked.target).query
    return {name: values[0] for name, values in parse_qs(words).items()}


def desk(client, url: str, *names: str) -> Desk:
    return Desk({name: Config(url, KEY) for name in names}, FakeCalls(), client)


CASES = {
    "searxng": ("GET", "/search", {"q": "cargo bikes", "format": "json", "pageno": "2", "categories": "general"}),
    "brave": ("GET", "/", {"q": "cargo bikes", "count": "20", "offset": "1", "text_decorations": "false"}),
    "serper": ("POST", "/search", {"q": "cargo bikes", "num": 10, "page": 2}),
}


@pytest.mark.parametrize("name", ["searxng", "brave", "serper", "tavily", "exa"])
async def test_hits_are_read_from_what_an_engine_answers(name):
    async with serving(answers(name)) as server, open_client() as client:
        made = desk(client, server.url, name)
        hits = await SEARCHES[name][1](made).search("cargo bikes", 1, ERRAND)
    [hit] = hits
    assert hit.url == "https://www.example-bikes.com/cargo"
    assert hit.title.startswith("Cargo bikes")
    assert "We build cargo bikes in Utrecht" in hit.snippet
    assert "<" not in hit.snippet
    assert "&amp;" not in hit.title + hit.snippet
    assert (hit.rank, hit.provider, hit.query) == (1, name, "cargo bikes")
    [call] = made.calls.made
    assert (call.provider, call.operation, call.task_id, call.step) == (name, "search", "task", "discover")
    assert call.freshness == "week 1"
    assert call.cost_micros == ABOUTS[name].cost_micros
    assert KEY not in json.dumps(call.request)


@pytest.mark.parametrize("name", CASES)
async def test_a_page_of_a_search_is_asked_for_in_the_engines_own_form(name):
    method, path, wanted = CASES[name]
    async with serving(answers(name)) as server, open_client() as client:
        await SEARCHES[name][1](desk(client, server.url, name)).search("cargo bikes", 2, ERRAND)
    assert server.seen[0].method == method
    assert urlsplit(server.seen[0].target).path == path
    assert asked_for(server) == wanted


@pytest.mark.parametrize(
    ("name", "header", "value"),
    [
        ("brave", "x-subscription-token", KEY),
        ("serper", "x-api-key", KEY),
        ("tavily", "authorization", f"Bearer {KEY}"),
        ("exa", "x-api-key", KEY),
        ("searxng", "authorization", f"Bearer {KEY}"),
    ],
)
async def test_the_key_goes_into_the_header_the_provider_reads(name, header, value):
    async with serving(answers(name)) as server, open_client() as client:
        await SEARCHES[name][1](desk(client, server.url, name)).search("cargo bikes", 1, ERRAND)
    assert server.seen[0].headers[header] == value
    assert KEY not in server.seen[0].target


@pytest.mark.parametrize(
    ("name", "inside", "outside"),
    [("tavily", "include_domains", "exclude_domains"), ("exa", "includeDomains", "excludeDomains")],
)
async def test_engines_without_operators_get_sites_in_fields_and_have_one_page(name, inside, outside):
    query = "cargo bikes site:linkedin.com/company -site:example.org"
    async with serving(answers(name)) as server, open_client() as client:
        engine = SEARCHES[name][1](desk(client, server.url, name))
        await engine.search(query, 1, ERRAND)
        assert await engine.search(query, 2, ERRAND) == ()
    assert len(server.seen) == 1
    body = asked_for(server)
    assert (body["query"], body[inside], body[outside]) == ("cargo bikes", ["linkedin.com/company"], ["example.org"])


async def test_a_query_longer_than_brave_takes_is_cut():
    async with serving(answers("brave")) as server, open_client() as client:
        await SEARCHES["brave"][1](desk(client, server.url, "brave")).search("cargo " * 300, 1, ERRAND)
    query = asked_for(server)["q"]
    assert len(query) <= 400
    assert len(query.split()) <= 50


async def test_what_exa_says_it_cost_is_what_it_cost():
    calls = []

    class Ledger(FakeCalls):
        async def call(self, call, send):
            calls.append(await send(call, ""))
            return calls[-1]

    async with serving(answers("exa")) as server, open_client() as client:
        made = Desk({"exa": Config(server.url, KEY)}, Ledger(), client)
        await SEARCHES["exa"][1](made).search("cargo bikes", 1, ERRAND)
    assert calls[0].cost_micros == 7_000


async def test_a_set_price_counts_in_place_of_the_public_one():
    async with serving(answers("brave")) as server, open_client() as client:
        made = Desk({"brave": Config(server.url, KEY, cost_micros=3_000)}, FakeCalls(), client)
        await SEARCHES["brave"][1](made).search("cargo bikes", 1, ERRAND)
    assert made.calls.made[0].cost_micros == 3_000


async def test_the_same_page_is_asked_for_once():
    async with serving(answers("brave")) as server, open_client() as client:
        engine = SEARCHES["brave"][1](desk(client, server.url, "brave"))
        first = await engine.search("cargo bikes", 1, ERRAND)
        assert await engine.search("cargo bikes", 1, ERRAND) == first
        await engine.search("cargo bikes", 1, Errand(freshness="week 2"))
    assert len(server.seen) == 2


def test_places_are_read_from_what_serper_answers():
    first, second, nameless = serper.parse_places(saved("serper_places"))
    assert (first.id, first.name, first.website) == (
        "1234567890",
        "Bäckerei Muster",
        "https://www.baeckerei-muster.at/",
    )
    assert (first.latitude, first.phone, first.kinds) == (47.07, "+43 316 000000", ("Bakery",))
    assert (second.website, nameless.id) == ("", "")


async def test_places_are_read_from_what_google_answers_and_closed_ones_left_out():
    pages = [answers("google_places"), reply(b"{}")]
    async with serving(lambda asked: pages[1 if b"pageToken" in asked.body else 0]) as server, open_client() as client:
        atlas = MAPS["google_places"][1](desk(client, server.url, "google_places"))
        [spot] = await atlas.find("bakeries", "Graz", 1, ERRAND)
        assert await atlas.find("bakeries", "Graz", 2, ERRAND) == ()
    assert spot == Spot(
        id="ChIJ1",
        name="Bäckerei Muster",
        website="https://www.baeckerei-muster.at/",
        address="Herrengasse 1, 8010 Graz, Austria",
        city="Graz",
        state="Styria",
        country="Austria",
        kinds=("Bakery", "bakery", "food", "point_of_interest", "establishment"),
        provider="google_places",
        query="bakeries in Graz",
        latitude=47.07,
        longitude=15.44,
        phone="0316 000000",
        url="https://maps.google.com/?cid=1",
    )
    assert len(server.seen) == 2  # the first page was not asked for again
    assert server.seen[0].target == "/v1/places:searchText"
    assert "places.websiteUri" in server.seen[0].headers["x-goog-fieldmask"]
    assert server.seen[0].headers["x-goog-api-key"] == KEY
    assert asked_for(server, 0) == {"textQuery": "bakeries in Graz", "pageSize": 20}
    assert asked_for(server, 1)["pageToken"] == "AeCrKXsZ"


def test_the_town_is_taken_before_a_restaurant_of_that_name():
    area = nominatim.parse(saved("nominatim"))
    assert area is not None
    assert (area.name, area.state, area.country) == ("Graz", "Styria", "Austria")
    assert area.overpass_id == 3_600_034_719
    assert area.box == (47.012289, 15.345968, 47.134451, 15.535917)


async def test_places_are_read_from_openstreetmap_within_the_outline_of_the_town():
    async with (
        serving(answers("nominatim")) as where,
        serving(answers("overpass")) as what,
        open_client(contact="me@example.org") as client,
    ):
        made = Desk({"overpass": Config(what.url), "nominatim": Config(where.url)}, FakeCalls(), client)
        spots = await MAPS["overpass"][1](made).find("bakeries", "Graz", 1, ERRAND)
    query = asked_for(what)["data"]
    assert "area(id:3600034719)->.a;" in query
    assert 'nwr["shop"="bakery"]["name"](area.a);' in query
    assert [spot.name for spot in spots] == ["Bäckerei Muster", "Brot & Co"]  # mapped twice: once
    assert spots[0].website == "https://www.baeckerei-muster.at"
    assert (spots[0].address, spots[0].state, spots[0].country) == (
        "1 Herrengasse, Graz, Styria, 8010",
        "Styria",
        "Austria",
    )
    assert spots[0].url == "https://www.openstreetmap.org/node/11"
    assert (spots[1].website, spots[1].latitude) == ("https://www.facebook.com/brotundco", 47.08)
    assert "+me@example.org" in where.seen[0].headers["user-agent"]
    assert asked_for(where) == {
        "q": "Graz",
        "format": "jsonv2",
        "limit": "5",
        "addressdetails": "1",
        "accept-language": "en",
    }


def test_an_area_without_an_outline_is_asked_for_by_the_box_around_it():
    area = nominatim.Area("Graz", 0, (47.0, 15.3, 47.1, 15.5))
    assert "(47.000000,15.300000,47.100000,15.500000);" in overpass.request("bakeries", area).form["data"]


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("dentists", '["amenity"="dentist"]'),
        ("coworking spaces", '["office"="coworking"]'),
        ("kite shops", '["shop"="kite_shop"]'),
        ('evil"];out;', '["shop"="evil_out"]'),
    ],
)
def test_kinds_of_business_become_tags(what, expected):
    selected = overpass.selectors(what)
    assert expected in selected
    assert not any(";" in one for one in selected)


def test_overpass_that_gave_up_half_way_is_no_answer():
    with pytest.raises(Unavailable, match="timed out"):
        overpass.check_remark({"elements": [], "remark": 'runtime error: Query timed out in "query" at line 4'})


async def test_companies_are_read_from_what_people_data_labs_answers():
    wish = Wish("cargo bikes", countries=("Netherlands",), founded_min=2010, employees_max=50)
    calls = []

    class Ledger(FakeCalls):
        async def call(self, call, send):
            calls.append((call, await send(call, "")))
            return calls[-1][1]

    async with serving(answers("pdl")) as server, open_client() as client:
        register = REGISTERS["pdl"][1](Desk({"pdl": Config(server.url, KEY)}, Ledger(), client))
        first, second = await register.find(wish, 2, ERRAND)
    body = asked_for(server)
    assert (body["size"], body["from"]) == (10, 10)
    must = body["query"]["bool"]["must"]
    assert {"terms": {"location.country": ["netherlands"]}} in must
    assert {"range": {"founded": {"gte": 2010}}} in must
    assert {"range": {"employee_count": {"lte": 50}}} in must
    assert server.seen[0].headers["x-api-key"] == KEY
    assert (first.name, first.website, first.founded) == ("Example Bikes", "example-bikes.com", 2011)
    assert (first.employees_low, first.employees_high, first.country, first.city) == (11, 50, "Netherlands", "Utrecht")
    assert first.linkedin == "linkedin.com/company/example-bikes"
    assert (second.name, second.country) == ("Bakfiets of the North", "United Kingdom")
    assert (second.employees_low, second.employees_high, second.founded, second.tags) == (10001, None, None, ())
    [(call, answer)] = calls
    assert (call.cost_micros, answer.cost_micros) == (1_000_000, 200_000)  # ten at most, two were given


async def test_nothing_found_at_people_data_labs_costs_nothing():
    none = reply(b'{"status": 404, "error": {"type": "not_found", "message": "No records"}}', status="404 Not Found")
    async with serving(none) as server, open_client() as client:
        assert await REGISTERS["pdl"][1](desk(client, server.url, "pdl")).find(Wish("x y"), 1, ERRAND) == ()


def test_a_search_of_a_register_holds_to_its_conditions_alone_when_there_are_no_words_but_filler():
    assert pdl.request(Wish("companies in the", cities=("Graz",)), 1).json["query"]["bool"]["must"] == [
        {"terms": {"location.locality": ["graz"]}},
        {"exists": {"field": "website"}},
    ]


async def test_facts_are_read_from_wikidata_by_domain():
    async with serving(answers("wikidata")) as server, open_client(contact="me@example.org") as client:
        known = await ENCYCLOPAEDIAS["wikidata"][1](desk(client, server.url, "wikidata")).look_up(
            ["example-bikes.com", "unknown.example", "not a domain>"], ERRAND
        )
    [listing] = known.values()
    assert (listing.id, listing.name, listing.founded) == ("Q1001", "Example Bikes", 2011)
    assert (listing.employees_low, listing.city, listing.country) == (34, "Utrecht", "Netherlands")  # the latest count
    assert (listing.industry, listing.linkedin) == ("bicycle industry", "linkedin.com/company/example-bikes")
    assert not listing.is_closed
    query = asked_for(server)["query"]
    assert "<https://www.example-bikes.com/>" in query
    assert "not a domain" not in query
    assert server.seen[0].headers["accept"].startswith("application/")


async def test_companies_are_found_on_wikidata_by_name():
    async with serving(answers("wikidata")) as server, open_client() as client:
        found = await ENCYCLOPAEDIAS["wikidata"][1](desk(client, server.url, "wikidata")).by_name('Bak"fiets\\', ERRAND)
    assert [listing.name for listing in found] == ["Example Bikes", "Bakfiets"]
    assert found[1].is_closed
    assert 'mwapi:search "Bak fiets"' in asked_for(server)["query"]


@pytest.mark.parametrize("name", [*SEARCHES][:5])
@pytest.mark.parametrize("body", [b"{}", b'{"web": null, "results": null, "organic": null}'])
async def test_no_results_are_no_hits(name, body):
    async with serving(reply(body)) as server, open_client() as client:
        assert await SEARCHES[name][1](desk(client, server.url, name)).search("x", 1, ERRAND) == ()


JANE = Sought("Jane Doe", "example-bikes.com", "Example Bikes")


class Costs(FakeCalls):
    """Keeps what each request came to cost."""

    def __init__(self) -> None:
        super().__init__()
        self.paid: list[int] = []

    async def call(self, call, send):
        answer = await super().call(call, send)
        self.paid.append(answer.cost_micros)
        return answer


async def test_an_address_is_read_from_what_hunter_answers_with_how_sure_it_is():
    calls = Costs()
    async with serving(answers("hunter")) as server, open_client() as client:
        made = Desk({"hunter": Config(server.url, KEY)}, calls, client)
        found = await CONTACTS["hunter"][1](made).find(JANE, ERRAND)
    assert found is not None
    assert (found.email, found.full_name, found.role) == ("jane@example-bikes.com", "Jane Doe", "Head of Sales")
    assert found.note == "sure of it by 97 of 100, checked on 2026-09-30: accept all"
    assert found.seen_on == ("https://www.example-bikes.com/team",)
    assert urlsplit(server.seen[0].target).path == "/email-finder"
    assert asked_for(server) == {"domain": "example-bikes.com", "full_name": "Jane Doe"}
    assert server.seen[0].headers["x-api-key"] == KEY
    assert KEY not in server.seen[0].target
    assert calls.paid == [24_500]


async def test_an_address_that_hunter_does_not_know_costs_nothing():
    calls = Costs()
    unknown = reply(b'{"data": {"first_name": "Jane", "email": null, "score": null, "sources": []}, "meta": {}}')
    for answer in (unknown, reply(b'{"errors":[{"id":"claimed_email","code":451}]}', status="451 X")):
        async with serving(answer) as server, open_client() as client:
            made = Desk({"hunter": Config(server.url, KEY)}, calls, client)
            assert await CONTACTS["hunter"][1](made).find(JANE, Errand(freshness=server.url)) is None
    assert calls.paid == [0, 0]


async def test_a_person_is_read_from_what_people_data_labs_answers_without_what_the_plan_hides():
    calls = Costs()
    async with serving(answers("pdl_people")) as server, open_client() as client:
        people = CONTACTS["pdl_people"][1](Desk({"pdl_people": Config(server.url, KEY)}, calls, client))
        found = await people.find(JANE, ERRAND)
    assert found is not None
    assert (found.email, found.phone) == ("jane@example-bikes.com", "+31 30 1234567")
    assert (found.role, found.domain, found.profile_url) == (
        "Head of Sales",
        "example-bikes.com",
        "https://linkedin.com/in/janedoe",
    )
    assert "Worked at Bakfiets of the North: Sales Manager, 2017-05 to 2021-02" in found.lines
    assert "Studied at Utrecht University: masters, 2012 to 2016" in found.lines
    assert "True" not in " ".join(found.lines)
    asked = asked_for(server)
    assert (asked["name"], asked["company"], asked["min_likelihood"]) == ("Jane Doe", "example-bikes.com", "6")
    assert calls.paid == [280_000]


async def test_a_person_whom_people_data_labs_does_not_know_costs_nothing():
    calls = Costs()
    body = b'{"status": 404, "error": {"type": "not_found", "message": "No records were found."}}'
    async with serving(reply(body, status="404 Not Found")) as server, open_client() as client:
        people = CONTACTS["pdl_people"][1](Desk({"pdl_people": Config(server.url, KEY)}, calls, client))
        assert await people.find(JANE, ERRAND) is None
    assert calls.paid == [0]


def test_nobody_is_asked_about_a_person_of_whom_too_little_is_known():
    assert pdl_people.request(Sought("Jane Doe")) is None
    profile = pdl_people.request(Sought("Jane Doe", "a.com", profile_url="https://linkedin.com/in/janedoe"))
    assert profile is not None
    assert profile.params["profile"] == "https://linkedin.com/in/janedoe"
    assert "name" not in profile.params
    assert hunter.request(Sought("Jane Doe", company="Acme")).params["company"] == "Acme"
