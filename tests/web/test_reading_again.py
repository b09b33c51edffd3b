"""Pages are asked for once in a window, kept once, and after that only if they changed."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hostile import NOW, PROSE, reading

import loopback
from databases import DATABASES, fresh
from longlist.engine.calls import Calls, Retries
from longlist.engine.gates import Limits
from longlist.engine.ledger import Ledger
from longlist.model.call import Answer
from longlist.model.web import Errand
from longlist.store.open import SqlStore, open_store
from longlist.web.fetch import READ_AT


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    with fresh(request, home / "app.db") as made:
        yield made


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    async with open_store(url) as opened:
        yield opened


class Site:
    """A page with a version; answers 304 to who has it already."""

    def __init__(self, by: str) -> None:
        self.version = "1"
        self._by = by

    def __call__(self, asked: loopback.Asked) -> bytes:
        if asked.target == "/robots.txt":
            return loopback.reply(b"", status="404 Not Found")
        header, condition = ("ETag", "if-none-match") if self._by == "etag" else ("Last-Modified", "if-modified-since")
        if asked.headers.get(condition) == self.version:
            return loopback.reply(b"", status="304 Not Modified")
        text = f"<p>Version {self.version}.</p>{PROSE}"
        return loopback.reply(text.encode(), "Content-Type: text/html", f"{header}: {self.version}")


def calls_of(store: SqlStore) -> Calls:
    return Calls(Ledger(store), store.control, retries=Retries(first_seconds=0.001))


@pytest.mark.parametrize("by", ["etag", "date"])
async def test_an_unchanged_page_is_not_sent_again_and_a_changed_one_is(store: SqlStore, by: str):
    site = Site(by)
    async with loopback.serving(site) as server, calls_of(store) as calls:
        url = f"http://bread.example:{server.address.split(':')[1]}/"
        async with reading(calls=calls, memory=store) as reader:
            texts = []
            for window in ("1", "1", "2", "3"):
                site.version = "2" if window == "3" else "1"
                page = await reader.read(url, Errand(freshness=window))
                texts.append(page.text.split("\n")[0])
                assert page.status == 200
        pages = [asked for asked in server.seen if asked.target == "/"]
    assert texts == ["Version 1.", "Version 1.", "Version 1.", "Version 2."]
    assert len(pages) == 3  # the second one is recorded
    conditions = [asked.headers.get("if-none-match") or asked.headers.get("if-modified-since") for asked in pages]
    assert conditions == [None, "1", "1"]


async def test_a_page_read_in_one_window_is_asked_once_for_all_tasks_and_processes(store: SqlStore):
    async with loopback.serving(Site("etag")) as server:
        url = f"http://bread.example:{server.address.split(':')[1]}/"
        for task in ("a", "b"):
            async with calls_of(store) as calls, reading(calls=calls, memory=store) as reader:
                page = await reader.read(url, Errand(step=task, freshness="1"))
                assert page.is_readable
        assert len([asked for asked in server.seen if asked.target == "/"]) == 1


async def test_the_same_body_under_two_addresses_is_kept_once(store: SqlStore):
    async with loopback.serving(loopback.reply(PROSE.encode(), "Content-Type: text/html")) as server:
        port = server.address.split(":")[1]
        async with calls_of(store) as calls, reading(calls=calls, memory=store) as reader:
            for host in ("bread.example", "bread.test"):
                assert (await reader.read(f"http://{host}:{port}/", Errand(freshness="1"))).is_readable
    (count,) = await store._database.point("SELECT count(*) FROM blob")
    assert count == 1


async def test_an_answer_is_remembered_only_once_its_body_is_recorded(store: SqlStore):
    await store.keep_page("http://bread.example/", Answer(b"x", status=200, headers={"etag": "1"}))
    assert await store.last_page("http://bread.example/") is None
    assert await store.last_page("http://other.example/") is None


async def test_a_host_that_asks_for_patience_gets_it_once_and_others_are_not_kept_waiting(store: SqlStore):
    refused = asyncio.Event()

    def answers(asked: loopback.Asked) -> bytes:
        if asked.target == "/robots.txt":
            return loopback.reply(b"")
        if asked.headers["host"].startswith("busy") and not refused.is_set():
            refused.set()
            return loopback.reply(b"", "Retry-After: 1", status="429 Slow down")
        return loopback.reply(PROSE.encode(), "Content-Type: text/html")

    calls = Calls(Ledger(store), store.control, providers={"web": Limits(attempts=2)})
    async with loopback.serving(answers) as server, calls, reading(calls=calls) as reader:
        port, clock = server.address.split(":")[1], asyncio.get_running_loop().time

        async def timed(host: str, path: str = "") -> float:
            start = clock()
            assert (await reader.read(f"http://{host}.example:{port}/{path}", Errand(freshness="1"))).is_readable
            return clock() - start

        await timed("idle")
        busy = asyncio.create_task(timed("busy"))
        await refused.wait()
        await asyncio.sleep(0.1)
        second, other = asyncio.create_task(timed("busy", "about")), await timed("idle", "about")
        assert other < 0.7
        assert await busy >= 1
        assert await second >= 0.7


async def test_a_page_that_fails_in_passing_is_asked_twice_and_no_more(store: SqlStore):
    async with loopback.serving(loopback.reply(b"", status="500 Oh no")) as server:
        port = server.address.split(":")[1]
        limits = {"web": Limits(attempts=2)}
        calls = Calls(Ledger(store), store.control, providers=limits, retries=Retries(first_seconds=0.001))
        async with calls, reading(calls=calls) as reader:
            page = await reader.read(f"http://bread.example:{port}/", Errand(freshness="1"))
    assert page.state == "unreachable"
    assert [asked.target for asked in server.seen] == ["/robots.txt"] * 2


async def test_a_page_says_when_it_came_and_not_when_it_was_looked_at(store: SqlStore):
    before = (NOW - timedelta(days=2)).isoformat()
    async with reading(calls=_Recorded(Answer(PROSE.encode(), status=200, headers={READ_AT: before}))) as reader:
        page = await reader.read("http://bread.example/", Errand())
    assert page.read_at == NOW - timedelta(days=2)


class _Recorded:
    """A Caller that has every answer already."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def call(self, call, send) -> Answer:
        return Answer(b"", status=404) if call.operation == "robots" else self._answer
