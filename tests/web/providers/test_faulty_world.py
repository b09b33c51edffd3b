"""Providers in a world where requests fail in every way: through the real ledger, all are answered in the end."""

import asyncio

import pytest

from longlist.engine.calls import Calls, Retries
from longlist.engine.ledger import Ledger
from longlist.errors import Unavailable
from longlist.model.call import Call
from longlist.model.web import Errand
from longlist.settings import Settings
from longlist.store.open import open_store
from longlist.testing import FakeProvider
from longlist.web.client import open_client
from longlist.web.providers.registry import ABOUTS, MAPS, SEARCHES, Config, Desk
from longlist.wiring.providers import limits

RATES = {"429": 0.06, "500": 0.04, "503": 0.03, "reset": 0.03, "truncated": 0.03, "bad_json": 0.03}  # as in nasty
QUERIES = [f"payroll software for {who}" for who in ("cafes", "schools", "clinics", "farms", "hotels", "shops")]


@pytest.fixture
def faulty(world):
    world.post("/__faults", {"rates": RATES, "rps": 0})
    yield world
    world.post("/__faults", {"faults": "none"})
    world.post("/__reset")


async def test_every_provider_answers_in_the_end_and_what_failed_is_in_the_ledger(faulty, tmp_path):
    configs = {name: Config(faulty.line.get(name, ""), faulty["key"]) for name in ABOUTS if faulty.line.get(name)}
    settings = Settings(**{f"{name}_url": config.url for name, config in configs.items()})
    async with (
        open_store(f"sqlite:///{tmp_path}/app.db") as store,
        open_client() as client,
        Calls(
            Ledger(store), store.control, providers=limits(settings), sleep=lambda seconds: asyncio.sleep(seconds / 20)
        ) as calls,
    ):
        desk = Desk(configs, calls, client)
        task = Errand(step="discover", freshness="x")
        engines = [SEARCHES[name][1](desk) for name in ("searxng", "brave", "serper", "tavily", "exa")]
        asked = [engine.search(query, 1, task) for engine in engines for query in QUERIES]
        asked += [
            MAPS[name][1](desk).find(kind, "Lindenport", 1, task) for name in MAPS for kind in ("bakeries", "gyms")
        ]
        answers = await asyncio.gather(*asked)
    assert all(answers)
    assert all(engine.health.is_ready for engine in engines)
    assert sum(faulty.get("/__stats")["faults_served"].values()) > 5


async def test_wikidata_which_only_adds_to_what_is_known_is_not_waited_for_as_long_as_others(tmp_path):
    providers = {name: FakeProvider(faults=[Unavailable("no")] * 9) for name in ("wikidata", "brave")}
    soon = Retries(first_seconds=0.001)
    async with (
        open_store(f"sqlite:///{tmp_path}/app.db") as store,
        Calls(Ledger(store), store.control, providers=limits(Settings()), retries=soon) as calls,
    ):
        for name, provider in providers.items():
            with pytest.raises(Unavailable):
                await calls.call(Call(name, "search", "q"), provider.send)
    counts = {name: len(provider.seen) for name, provider in providers.items()}
    assert counts == {"wikidata": 2, "brave": 4}
