"""Pages of the simulated internet are what that world says they are, and what is quoted from them stands in them."""

import asyncio
import html
import re
import urllib.parse
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hostile import Here

from longlist.engine.calls import Calls, Retries
from longlist.engine.gates import Limits
from longlist.engine.ledger import Ledger
from longlist.language.words import sentences
from longlist.model.network import Network
from longlist.model.web import Errand
from longlist.store.open import open_store
from longlist.web.reader import HttpReader, open_reader
from longlist.wiring.clock import now
from world import World

EACH = 2
STATES = {
    **dict.fromkeys(("jsonld", "og", "prose", "shell", "tables"), "readable"),
    **dict.fromkeys(("slow", "huge", "bomb", "flaky", "injected", "somerobots"), "readable"),
    "acquirer": "readable",  # the acquirer's
    "404": "missing",
    "500": "unreachable",
    "dns": "unreachable",
    "tls": "unreachable",
    "timeout": "unreachable",
    "loop": "unsafe",
    "ssrf": "unsafe",
    "parked": "parked",
    "closed": "closed",
    "norobots": "forbidden",
}
SLOW = {"slow", "flaky", "timeout", "bomb"}  # seconds each: `evals/pages.py` reads them too
ERRAND = Errand(freshness="1")


def kind_of(company: dict[str, str]) -> str:
    return company["fault"] or company["quirk"] or company["template"]


def home_of(company: dict[str, str]) -> str:
    return f"https://{company['domain']}/"


@pytest.fixture
async def reader(world: World, home: Path) -> AsyncIterator[HttpReader]:
    env = world.env
    network = Network(env["HTTP_PROXY"], env["HTTPS_PROXY"], env["NO_PROXY"], env["SSL_CERT_FILE"])
    limits = {"web": Limits(attempts=2)}
    async with (
        open_store(f"sqlite:///{home / 'app.db'}") as store,
        Calls(Ledger(store), store.control, providers=limits, retries=Retries(first_seconds=0.01)) as calls,
        open_reader(calls, now, network, memory=store, reads=Here()) as opened,
    ):
        yield opened


def flat(text: str) -> str:
    """As the world's own judge of quotations compares."""
    text = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)
    text = re.sub(r"<[^>]*>", " ", html.unescape(text).replace("\\n", " "))
    return re.sub(r"[\W_]+", "", text.lower())


async def test_every_kind_of_site_is_taken_for_what_it_is(world: World, reader: HttpReader):
    by_kind = defaultdict(list)
    for company in world.get("/__companies"):
        if company["domain"] and kind_of(company) in STATES and kind_of(company) not in SLOW:
            by_kind[kind_of(company)].append(company)
    chosen = [company for kind in by_kind for company in by_kind[kind][:EACH]]
    assert by_kind.keys() == STATES.keys() - SLOW
    world.post("/__reset")
    pages = await asyncio.gather(*(reader.read(home_of(company), ERRAND) for company in chosen))
    wrong = {
        (kind_of(company), home_of(company)): (page.state, page.why)
        for company, page in zip(chosen, pages, strict=True)
        if page.state != STATES[kind_of(company)]
    }
    assert wrong == {}
    stats = world.get("/__stats")
    assert stats["robots_violations"]["count"] == 0
    assert stats["private_address_requests"] == []
    assert stats["retry_after_ignored"]["count"] == 0


async def test_every_sentence_of_a_page_stands_in_the_page_as_the_world_has_it(world: World, reader: HttpReader):
    templates = defaultdict(list)
    for company in world.get("/__companies"):
        if company["domain"] and not company["fault"] and not company["quirk"]:
            templates[company["template"]].append(company)
    checked = 0
    for companies in templates.values():
        for company in companies[:2]:
            for path in ("", "contact"):
                page = await reader.read(home_of(company) + path, ERRAND)
                assert page.is_readable
                answer = world.get("/__text?url=" + urllib.parse.quote(page.url, safe=""))
                truth = flat(answer["html"])
                for sentence in sentences(page.text):
                    checked += 1
                    assert flat(sentence) in truth, (page.url, sentence)
    assert checked > 100
