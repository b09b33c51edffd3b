import asyncio
import threading
from collections.abc import Iterator

import pytest

from longlist.web.providers.registry import ABOUTS
from loopback import reply, serving

HITS = b'{"results": []}'
KEY = "key-of-mine"


@pytest.fixture(autouse=True)
def web(monkeypatch) -> None:
    """Outside may be asked, as far as a test lets it."""
    monkeypatch.delenv("LONGLIST_WEB")


@pytest.fixture
def engine() -> Iterator[str]:
    """The address of a search engine beside this test: fine below /fine, and as the rest of the path says else."""
    answers = {
        "/fine": reply(HITS),
        "/limited": reply(b"{}", "Retry-After: 120", status="429 X"),
        "/refused": reply(b'{"error": "no such key"}', status="401 X"),
        "/down": reply(b"", status="500 X"),
    }
    begun, done, address = threading.Event(), threading.Event(), []

    async def serve() -> None:
        async with serving(lambda asked: next(a for path, a in answers.items() if path in asked.target)) as server:
            address.append(server.url)
            begun.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert begun.wait(10)
    yield address[0]
    done.set()
    thread.join()


@pytest.fixture
def alone(monkeypatch) -> None:
    """Nobody outside this machine is asked: the free providers are pointed at a port where nobody listens."""
    for name in ("OVERPASS", "NOMINATIM", "WIKIDATA"):
        monkeypatch.setenv(f"LONGLIST_{name}_URL", "http://127.0.0.1:9")


def states(answer) -> dict[str, str]:
    return {one["name"]: one["state"] for one in answer.json["providers"]}


def test_without_settings_the_free_ones_are_ready_and_the_rest_say_what_to_set(cli):
    answer = cli("sources", "--json")
    assert states(answer) == {
        "searxng": "no address",
        "brave": "no key",
        "serper": "no key",
        "tavily": "no key",
        "exa": "no key",
        "ddgs": "off",
        "google_places": "no key",
        "overpass": "ready",
        "nominatim": "ready",
        "pdl": "no key",
        "hunter": "no key",
        "pdl_people": "no key",
        "wikidata": "ready",
    }
    assert {one["name"]: (one["state"], one["asks"]) for one in answer.json["sources"]} == {
        "catalog": ("ready", []),
        "web_search": ("no key", []),
        "linkedin": ("no key", []),
        "maps": ("ready", ["overpass", "nominatim"]),
    }
    brave = next(one for one in answer.json["providers"] if one["name"] == "brave")
    assert brave["note"] == "Set LONGLIST_BRAVE_KEY."
    assert brave["is_checked"] is False


def test_the_table_names_every_provider_and_no_key(cli, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("LONGLIST_BRAVE_KEY", KEY)
    answer = cli("sources")
    for about in ABOUTS.values():
        assert about.title in answer.out
    assert KEY not in answer.out + answer.err
    assert "4 of 13 providers are set up" in answer.err


def test_with_the_web_off_nobody_is_asked(cli, monkeypatch):
    monkeypatch.setenv("LONGLIST_WEB", "false")
    monkeypatch.setenv("LONGLIST_BRAVE_KEY", KEY)
    assert set(states(cli("sources", "--check", "--json")).values()) == {"off"}


@pytest.mark.parametrize(
    ("path", "state", "note"),
    [
        ("fine", "ready", ""),
        ("limited", "limited", "asked too often"),
        ("refused", "refused", "LONGLIST_SEARXNG_KEY"),
        ("down", "unreachable", "500"),
    ],
)
def test_a_live_check_tells_how_a_provider_does_and_asks_once(cli, monkeypatch, alone, engine, path, state, note):
    monkeypatch.setenv("LONGLIST_SEARXNG_URL", f"{engine}/{path}")
    monkeypatch.setenv("LONGLIST_SEARXNG_KEY", KEY)
    answer = cli("sources", "--check", "--json")
    found = next(one for one in answer.json["providers"] if one["name"] == "searxng")
    assert (found["state"], found["is_checked"]) == (state, True)
    assert note in found["note"]
    assert (found["until"] is not None) == (state == "limited")
    assert KEY not in answer.out + answer.err
    assert states(answer)["overpass"] == "unreachable"


def test_an_unknown_price_is_named(cli, monkeypatch):
    monkeypatch.setenv("LONGLIST_PRICES", '{"bravo": 1}')
    answer = cli("sources")
    assert answer.code == 2
    assert "bravo" in answer.err
