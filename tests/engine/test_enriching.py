"""Companies enriched while others are looked for, and slow ones that hold nothing up."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flow_parts import role_on, worker_on

from longlist.discover.source import About, Question
from longlist.engine import enriching
from longlist.engine.kit import Kit
from longlist.engine.search import run_task
from longlist.errors import BudgetSpent, StoreError, Unavailable
from longlist.model.company import Candidate, Page
from longlist.model.criterion import Criterion
from longlist.model.task import Task, TaskSpec
from longlist.store.open import SqlStore
from longlist.testing import FakeSource, made_up, make_kit

BREWS = "It brews craft beer in its own brewery and sells it in bottles."
NOW = datetime(2026, 5, 1, tzinfo=UTC)
CRITERIA = (Criterion("brews", "Brews beer", "The company brews craft beer in its own brewery."),)


class Telling:
    """A source that tells of some companies early, and goes on only when one of them was enriched."""

    about = About("telling", "web_search", "Tells early.")

    def __init__(self, pool: Sequence[Candidate], goes_on: asyncio.Event) -> None:
        self._pool = pool
        self._goes_on = goes_on

    async def search(self, question: Question) -> AsyncIterator[Candidate]:
        if question.round == 1:
            await question.early(self._pool[:5])
            await self._goes_on.wait()
            for candidate in self._pool:
                yield candidate


class Watched:
    """An enricher over another one: `before` is awaited for each company."""

    def __init__(self, kit: Kit, before) -> None:
        self._inner = kit.enricher
        self._before = before
        self.asked: list[str] = []

    async def enrich(self, candidates: Sequence[Candidate], *_: object) -> list:
        for one in candidates:
            self.asked.append(one.key)
            await self._before(one)
        return await self._inner.enrich(candidates)


def outside(kit: Kit, before) -> Kit:
    return replace(kit, enricher=Watched(kit, before), patience=0.0, asks_outside=True)


async def created(store: SqlStore, wanted: int) -> str:
    return (await store.create(TaskSpec("craft beer breweries", wanted=wanted, criteria=CRITERIA))).id


def pool(count: int) -> list[Candidate]:
    return [made_up(n, BREWS) for n in range(count)]


async def test_companies_that_become_ready_while_others_are_kept_are_kept_too(store: SqlStore, monkeypatch):
    monkeypatch.setattr(enriching, "AT_ONCE", 8)
    chance = random.Random(1)

    async def before(_one: Candidate) -> None:
        for _ in range(chance.randrange(60)):
            await asyncio.sleep(0)

    kit = outside(make_kit(store, FakeSource("none")), before)
    task_id = await created(store, 5)
    await store.start(task_id)
    await store.put_candidates(task_id, pool(100), round_no=1)
    async with enriching.Enriching(kit, task_id, None) as under_way:
        await under_way.take(1)
        await under_way.settled(1, with_late=True)
    assert await store.unprofiled(task_id) == []


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth of the companies is not waited for."""
    monkeypatch.setattr(enriching, "LATE_SHARE", 0.2)


async def test_those_found_first_are_enriched_while_others_are_looked_for(store: SqlStore):
    goes_on = asyncio.Event()

    async def before(_: Candidate) -> None:
        goes_on.set()

    kit = outside(make_kit(store, Telling(pool(30), goes_on)), before)
    async with asyncio.timeout(60):
        task = await run_task(kit, await created(store, 20))
    assert task.stop_reason == "target_met"
    progress = await store.progress(task.id)
    assert (progress.discovered, progress.enriched, progress.evaluated) == (30, 30, 30)
    assert sorted(kit.enricher.asked) == sorted({one.key for one in pool(30)})  # each once


async def durable(store: SqlStore, url: str, kit: Kit, wanted: int) -> Task:
    """A task run by a durable worker, to its end."""
    role = role_on(url, "dbos", 15)
    await asyncio.to_thread(role.take)
    queued = await store.create(TaskSpec("craft beer breweries", wanted=wanted, criteria=CRITERIA), is_queued=True)
    stop = asyncio.Event()
    work = asyncio.create_task(worker_on(url, "dbos", role, store, kit).run(stop))
    try:
        async with asyncio.timeout(120):
            while (await store.mark(queued.id)).status not in ("done", "failed"):  # noqa: ASYNC110 - the database is asked
                await asyncio.sleep(0.05)
    finally:
        stop.set()
        await work
        await asyncio.to_thread(role.leave)
    return await store.task(queued.id)


async def test_so_they_are_in_a_durable_run(store: SqlStore, url: str):
    goes_on = asyncio.Event()

    async def before(_: Candidate) -> None:
        goes_on.set()

    task = await durable(store, url, outside(make_kit(store, Telling(pool(30), goes_on)), before), 20)
    assert task.stop_reason == "target_met"
    progress = await store.progress(task.id)
    assert (progress.discovered, progress.enriched, progress.evaluated) == (30, 30, 30)


async def test_a_part_that_fails_meanwhile_fails_a_durable_run_with_its_reason(store: SqlStore, url: str):
    goes_on = asyncio.Event()

    async def before(_: Candidate) -> None:
        goes_on.set()
        raise RuntimeError("nobody knows")

    kit = outside(make_kit(store, Telling(pool(30), goes_on)), before)
    task = await durable(store, url, kit, 20)
    assert task.status == "failed"
    assert "nobody knows" in (task.failure_reason or "")
    assert sorted(kit.enricher.asked) == sorted({one.key for one in pool(5)})  # each once: nobody went on after that


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("count", [40, 8], ids=["many", "few, of which one is a quarter"])
async def test_a_slow_company_does_not_hold_up_the_next_round_and_is_waited_for_at_the_end(store: SqlStore, count: int):
    slow, may_go_on = pool(count)[3].key, asyncio.Event()
    source = FakeSource("fake", pool(count), a_round=count // 2)

    async def before(one: Candidate) -> None:
        if one.key == slow:
            await may_go_on.wait()
        if source.asked > 1:
            may_go_on.set()

    async with asyncio.timeout(60):
        task = await run_task(outside(make_kit(store, source), before), await created(store, 100))
    assert task.stop_reason == "exhausted"
    progress = await store.progress(task.id)
    assert (progress.discovered, progress.enriched, progress.evaluated, progress.qualified) == (count,) * 4


@pytest.mark.usefixtures("impatient")
async def test_a_slow_company_is_not_waited_for_once_there_are_enough_and_comes_when_the_user_goes_on(store: SqlStore):
    slow, may_go_on = pool(20)[3].key, asyncio.Event()

    async def before(one: Candidate) -> None:
        if one.key == slow:
            await may_go_on.wait()

    kit = outside(make_kit(store, FakeSource("fake", pool(20))), before)
    async with asyncio.timeout(60):
        task = await run_task(kit, await created(store, 10))
    assert (task.stop_reason, (await store.progress(task.id)).evaluated) == ("target_met", 19)
    may_go_on.set()
    await store.raise_target(task.id, 25)
    async with asyncio.timeout(60):
        await run_task(kit, task.id)
    assert (await store.progress(task.id)).evaluated == 20


async def test_a_round_of_which_all_are_slow_is_waited_for_however_small(store: SqlStore):
    source = FakeSource("fake", pool(9), a_round=3)

    async def before(_: Candidate) -> None:
        await asyncio.sleep(0.2)

    async with asyncio.timeout(60):
        task = await run_task(outside(make_kit(store, source), before), await created(store, 3))
    assert task.stop_reason == "target_met"
    assert source.asked == 1
    progress = await store.progress(task.id)
    assert (progress.discovered, progress.enriched, progress.evaluated) == (3, 3, 3)


async def test_when_many_are_slow_they_are_waited_for(store: SqlStore):
    under_way, all_are = 0, asyncio.Event()
    source = FakeSource("fake", pool(20), a_round=20)

    async def before(_: Candidate) -> None:
        nonlocal under_way
        under_way += 1
        if under_way == 20:
            all_are.set()
        await all_are.wait()
        assert source.asked == 1

    async with asyncio.timeout(60):
        task = await run_task(outside(make_kit(store, source), before), await created(store, 10))
    assert (await store.progress(task.id)).evaluated == 20


async def test_a_spent_budget_leaves_the_rest_as_it_was(store: SqlStore):
    async def before(one: Candidate) -> None:
        if one.key > pool(20)[5].key:
            raise BudgetSpent("It is spent.")

    task = await run_task(outside(make_kit(store, FakeSource("fake", pool(20))), before), await created(store, 20))
    assert task.stop_reason == "budget"
    lacking = [one.key for one in await store.unprofiled(task.id)]
    assert len(lacking) == sum(one.key > pool(20)[5].key for one in pool(20)) > 0
    assert (await store.progress(task.id)).evaluated == 20 - len(lacking)


async def test_a_part_that_fails_fails_the_task_and_a_store_that_fails_leaves_it_to_be_done(store: SqlStore):
    async def fails(_: Candidate) -> None:
        raise Unavailable("The reader broke.")

    task = await run_task(outside(make_kit(store, FakeSource("fake", pool(5))), fails), await created(store, 5))
    assert (task.status, task.failure_reason) == ("failed", "The reader broke.")

    async def out_of_reach(_: Candidate) -> None:
        raise StoreError("It is out of reach.")

    task_id = await created(store, 5)
    with pytest.raises(StoreError):
        await run_task(outside(make_kit(store, FakeSource("fake", pool(5))), out_of_reach), task_id)
    assert (await store.task(task_id)).status == "in_progress"
    assert len(await store.unprofiled(task_id)) == 5


async def test_an_order_to_stop_ends_the_run(store: SqlStore):
    task_id = await created(store, 20)

    async def before(_: Candidate) -> None:
        await store.pause(task_id)

    task = await run_task(outside(make_kit(store, FakeSource("fake", pool(20))), before), task_id)
    assert task.stop_reason == "paused"


class Founded:
    """A completer that knows when one company was founded."""

    def __init__(self, key: str) -> None:
        self._key = key

    async def complete(self, profiles, _errand) -> list:
        line = "Founded: 2011"
        return [
            (
                key,
                replace(
                    one,
                    facts=replace(one.facts, founded=2011, quotes={"founded": line}),
                    pages=(*one.pages, Page(line, NOW, url="https://www.wikidata.org/wiki/Q1")),
                ),
            )
            for key, one in profiles
            if key == self._key
        ]


async def test_what_others_know_is_there_before_companies_are_graded(store: SqlStore):
    some = pool(3)
    kit = replace(make_kit(store, FakeSource("fake", some)), completer=Founded(some[1].key))
    task_id = (await store.create(TaskSpec("craft beer breweries founded after 2005", wanted=3))).id
    task = await run_task(kit, task_id)
    found = {result.profile.key: result for result in await store.results(task.id, qualified_only=False)}
    assert found[some[1].key].profile.facts.founded == 2011
    assert found[some[0].key].profile.facts.founded is None
    assert any("Founded: 2011" in e.quote for grade in found[some[1].key].grades for e in grade.evidence)


async def test_a_store_that_fails_while_some_are_given_early_is_no_fault_of_the_source(store: SqlStore):
    class Early:
        about = About("early", "web_search", "Tells early.")

        async def search(self, question: Question) -> AsyncIterator[Candidate]:
            await question.early(pool(3))
            for candidate in pool(5):
                yield candidate

    async def before(_: Candidate) -> None:
        """Nothing to wait for."""

    class Failing:
        def __getattr__(self, name: str):
            return getattr(store, name)

        async def put_candidates(self, *_: object, **__: object) -> int:
            raise StoreError("It is out of reach.")

    task_id = await created(store, 5)
    kit = outside(make_kit(store, Early()), before)
    with pytest.raises(StoreError):
        await run_task(replace(kit, store=Failing()), task_id)
    assert [one.is_done for one in await store.rounds(task_id)] == [False]
    task = await run_task(kit, task_id)
    assert (task.stop_reason, (await store.progress(task_id)).evaluated) == ("target_met", 5)
