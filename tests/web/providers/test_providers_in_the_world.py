"""Every provider that the simulated internet plays, asked there."""

import pytest

from longlist.errors import Refused
from longlist.language.domains import own_domain
from longlist.model.web import NO_ERRAND
from longlist.testing import FakeCalls
from longlist.web.client import open_client
from longlist.web.providers.registry import ABOUTS, MAPS, SEARCHES, Config, Desk, open_providers

ENGINES = ["searxng", "brave", "serper", "tavily", "exa"]
ATLASES = ["google_places", "serper", "overpass"]


@pytest.fixture
async def desk(world):
    keyed = {name: world["key"] for name, about in ABOUTS.items() if about.needs == "key"}
    urls = {name: world.line.get(name, "") for name in ABOUTS}
    configs = {name: Config(urls[name], keyed.get(name, "")) for name in ABOUTS if urls[name]}
    async with open_client() as client:
        yield Desk(configs, FakeCalls(), client)


@pytest.mark.parametrize("name", ENGINES)
async def test_a_search_engine_gives_hits(desk, name):
    engine = SEARCHES[name][1](desk)
    hits = await engine.search("invoice factoring for small businesses", 1, NO_ERRAND)
    assert len(hits) >= 5
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert all(hit.title and hit.snippet and hit.url.startswith("http") for hit in hits)
    assert not any("<strong>" in hit.snippet for hit in hits)


@pytest.mark.parametrize("name", ["searxng", "brave", "serper"])
async def test_the_next_page_goes_on(desk, name):
    engine = SEARCHES[name][1](desk)
    first = await engine.search("invoice factoring for small businesses", 1, NO_ERRAND)
    second = await engine.search("invoice factoring for small businesses", 2, NO_ERRAND)
    assert second
    assert second[0].rank == engine.page_size + 1
    assert not {hit.url for hit in first} & {hit.url for hit in second}


@pytest.mark.parametrize("name", ENGINES)
async def test_a_search_within_a_site_stays_there(desk, name):
    engine = SEARCHES[name][1](desk)
    hits = await engine.search("payroll software site:linkedin.com/company", 1, NO_ERRAND)
    assert hits
    assert all("linkedin.com/company" in hit.url for hit in hits)


@pytest.mark.parametrize("name", ENGINES)
async def test_a_search_leaves_out_a_site(desk, name):
    engine = SEARCHES[name][1](desk)
    hits = await engine.search("payroll software -site:linkedin.com -site:saasgrid.app", 1, NO_ERRAND)
    assert hits
    assert not any("linkedin.com" in hit.url or "saasgrid.app" in hit.url for hit in hits)


@pytest.mark.parametrize("name", [name for name in ENGINES if ABOUTS[name].needs == "key"])
async def test_a_wrong_key_is_named_and_not_shown(desk, name):
    config = desk.configs[name]
    wrong = Desk({name: Config(config.url, "wrong-key-of-mine")}, FakeCalls(), desk.client)
    with pytest.raises(Refused, match=ABOUTS[name].key_variable) as caught:
        await SEARCHES[name][1](wrong).search("payroll", 1, NO_ERRAND)
    assert caught.value.is_final
    assert "wrong-key-of-mine" not in str(caught.value)


@pytest.mark.parametrize("name", ["google_places", "serper"])
async def test_a_wrong_key_for_a_map_is_named(desk, name):
    wrong = Desk({name: Config(desk.configs[name].url, "wrong-key-of-mine")}, FakeCalls(), desk.client)
    with pytest.raises(Refused, match=ABOUTS[name].key_variable):
        await MAPS[name][1](wrong).find("bakeries", "Lindenport", 1, NO_ERRAND)


@pytest.mark.parametrize("name", ATLASES)
async def test_a_map_gives_each_place_once_over_its_pages(desk, name):
    atlas = MAPS[name][1](desk)
    spots = [s for page in range(1, 8) for s in await atlas.find("bakeries", "Lindenport, Oregon", page, NO_ERRAND)]
    assert len(spots) == len({spot.id for spot in spots}) >= 10
    assert all(spot.name and spot.address and spot.latitude for spot in spots)
    assert any(own_domain(spot.website) for spot in spots)


async def test_what_is_set_up_is_opened_in_order(desk):
    opened = open_providers(desk)
    assert [engine.name for engine in opened.searches] == ENGINES
    assert [atlas.name for atlas in opened.maps] == ATLASES
    assert opened.registers == ()
