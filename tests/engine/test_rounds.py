"""Rounds as rows: what was asked is not asked again; angles, freshness and budget; companies that are the same."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from longlist.discover.angles import Shared
from longlist.engine.calls import Calls
from longlist.engine.kit import Kit
from longlist.engine.ledger import Ledger
from longlist.engine.search import run_task
from longlist.errors import Conflict
from longlist.model.call import Call, Caps
from longlist.model.company import Candidate, SameAs, Sighting
from longlist.model.criterion import Criterion
from longlist.model.plan import Angle, Plan
from longlist.model.round import Yield
from longlist.model.task import TaskSpec
from longlist.model.web import Errand
from longlist.store.open import SqlStore
from longlist.testing import FakeProvider, FakeSource, made_up, make_kit

BREWS = "It brews craft beer in its own brewery and sells it in bottles."
PAINTS = "It makes paint for wooden boats."
CRITERIA = (Criterion("brews", "Brews beer", "The company brews craft beer in its own brewery."),)
COST = 1_000


def candidates(count: int, *, brewers: int, first: int = 0) -> list[Candidate]:
    return [made_up(first + n, BREWS if n < brewers else PAINTS) for n in range(count)]


async def created(kit: Kit, *, wanted: int = 25) -> str:
    return (await kit.store.create(TaskSpec("craft beer breweries", wanted=wanted, criteria=CRITERIA))).id


class Asking(FakeSource):
    """A source that makes a call for each candidate, as it is asked on an errand."""

    def __init__(self, calls: Calls, provider: FakeProvider, pool: Sequence[Candidate], **more: int) -> None:
        super().__init__("asking", pool, **more)
        self.errands: list[Errand] = []
        self.angles: list[tuple[Angle, ...]] = []
        self._calls = calls
        self._provider = provider

    async def search(self, question):
        self.errands.append(question.errand)
        self.angles.append(question.angles)
        errand = question.errand
        async for candidate in super().search(question):
            asked = Call(
                "loopback",
                "search",
                candidate.key,
                errand.freshness,
                "",
                COST,
                task_id=errand.task_id,
                step=errand.step,
            )
            await self._calls.call(asked, self._provider.send)
            yield replace(candidate, found_by=question.angles[0].text, path=("a query", f"a hit for {candidate.name}"))


class AskingToo:
    """An enricher that makes a call for each candidate."""

    def __init__(self, kit: Kit, calls: Calls, provider: FakeProvider) -> None:
        self._kit = kit
        self._calls = calls
        self._provider = provider

    async def enrich(self, candidates: Sequence[Candidate], errand: Errand, *_: object) -> list:
        for one in candidates:
            asked = Call(
                "loopback", "read", one.key, errand.freshness, "", COST, task_id=errand.task_id, step=errand.step
            )
            await self._calls.call(asked, self._provider.send)
        return await self._kit.enricher.enrich(candidates)


async def test_a_round_that_was_asked_is_not_asked_again_when_a_task_goes_on(store: SqlStore):
    source = FakeSource("fake", candidates(60, brewers=30), a_round=20)
    kit = make_kit(store, source)
    task = await run_task(kit, await created(kit, wanted=5))
    assert source.asked == 1
    await store.raise_target(task.id, 25)
    assert (await run_task(kit, task.id)).stop_reason == "target_met"
    assert source.asked == 2
    assert [(one.number, one.is_done, one.is_whole) for one in await store.rounds(task.id)] == [
        (1, True, True),
        (2, True, True),
    ]


async def test_a_round_in_which_a_source_was_down_is_asked_again_when_the_user_goes_on(store: SqlStore):
    down = FakeSource("fake", fault="It is busy.")
    task = await run_task(make_kit(store, down), await created(make_kit(store, down)))
    assert (task.stop_reason, task.is_exhausted) == ("exhausted", False)
    await store.raise_target(task.id, 25)
    task = await run_task(make_kit(store, FakeSource("fake", candidates(10, brewers=3))), task.id)
    assert (await store.progress(task.id)).qualified == 3
    assert task.is_exhausted


async def test_freshness_and_angles_are_chosen_once_for_a_round_and_kept(store: SqlStore):
    provider = FakeProvider()
    seen: list[tuple[int, tuple[Yield, ...]]] = []

    def choose(plan: Plan, number: int, yields: Sequence[Yield], shared: Shared) -> tuple[Angle, ...]:
        seen.append((number, tuple(yields)))
        return (Angle(f"angle {number}", "why"), *plan.angles)

    moments = iter(["monday", "tuesday", "wednesday"])
    async with Calls(Ledger(store), store.control) as calls:
        source = Asking(calls, provider, candidates(40, brewers=8), a_round=20)
        kit = replace(make_kit(store, source), freshness=lambda: next(moments), choose_angles=choose)
        task = await run_task(kit, await created(kit))
        await run_task(kit, task.id)
    assert [errand.freshness for errand in source.errands] == ["monday", "tuesday", "wednesday"]
    assert [errand.step for errand in source.errands] == ["discover"] * 3
    assert seen[:2] == [(1, ()), (2, (Yield(1, "angle 1", 20, 8),))]
    rounds = await store.rounds(task.id)
    assert [one.angles for one in rounds] == source.angles
    assert [one.freshness for one in rounds] == ["monday", "tuesday", "wednesday"]


async def test_a_spent_budget_ends_a_task_with_what_it_has_and_more_money_goes_on(store: SqlStore):
    provider = FakeProvider(cost_micros=COST)
    async with Calls(Ledger(store), store.control) as calls:
        source = Asking(calls, provider, candidates(60, brewers=30))
        kit = replace(make_kit(store, source), caps=Caps(micros=20 * COST))
        task = await run_task(kit, await created(kit))
        assert (task.status, task.stop_reason, task.is_exhausted) == ("done", "budget", False)
        progress = await store.progress(task.id)
        assert (progress.discovered, progress.evaluated, progress.qualified) == (20, 20, 20)
        assert len(provider.seen) == 20
        await store.raise_target(task.id, 25)
        task = await run_task(replace(kit, caps=Caps(micros=100 * COST)), task.id)
    assert task.stop_reason == "target_met"
    assert len(provider.seen) == 60
    assert (await store.spend(task.id)).micros == 60 * COST


async def test_a_budget_spent_while_enriching_keeps_the_profiles_that_were_paid_for(store: SqlStore):
    provider = FakeProvider(cost_micros=COST)
    async with Calls(Ledger(store), store.control) as calls:
        kit = make_kit(store, FakeSource("fake", candidates(60, brewers=60)))
        kit = replace(kit, enricher=AskingToo(kit, calls, provider), caps=Caps(calls=33), asks_outside=True)
        task = await run_task(kit, await created(kit, wanted=50))
    assert task.stop_reason == "budget"
    progress = await store.progress(task.id)
    assert (progress.discovered, progress.enriched, progress.evaluated) == (60, 33, 33)


async def test_how_each_source_came_upon_a_company_is_kept(store: SqlStore):
    one = replace(made_up(1, BREWS), found_by="breweries", path=("searx: breweries", "a list of breweries"))
    other = replace(one, found_by="beer", path=("map: beer",))
    kit = make_kit(store, FakeSource("web", [one]), FakeSource("maps", [other, *candidates(3, brewers=1, first=5)]))
    task = await run_task(kit, await created(kit))
    assert await store.sightings(task.id, one.key) == (
        Sighting("maps", "beer", ("map: beer",)),
        Sighting("web", "breweries", ("searx: breweries", "a list of breweries")),
    )


class Renaming:
    """An enricher that knows companies under other names."""

    def __init__(self, kit: Kit, names: dict[str, str]) -> None:
        self._kit = kit
        self._names = names

    async def enrich(self, candidates: Sequence[Candidate], errand: Errand, *_: object) -> list:
        profiled = await self._kit.enricher.enrich(candidates, errand)
        return [
            (key, SameAs(self._names[key], "Its address leads there."))
            if key in self._names and self._names[key] not in one.apart_from
            else (key, company)
            for one, (key, company) in zip(candidates, profiled, strict=True)
        ]


async def test_a_company_under_two_names_is_one_result_and_can_be_taken_apart_again(store: SqlStore):
    pool = candidates(6, brewers=6)
    kit = make_kit(store, FakeSource("fake", pool))
    kit = replace(kit, enricher=Renaming(kit, {pool[0].key: pool[1].key, pool[2].key: "renamed-brewery.com"}))
    task = await run_task(kit, await created(kit))
    keys = {result.candidate.key for result in await store.results(task.id)}
    assert keys == {pool[1].key, *(one.key for one in pool[3:]), "renamed-brewery.com"}
    states = {state.candidate.key: state for state in await store.candidates(task.id)}
    assert (states[pool[0].key].stage, states[pool[0].key].merged_into) == ("merged", pool[1].key)
    assert states[pool[0].key].reason == "Its address leads there."
    assert (await store.progress(task.id)).discovered == 7
    assert (await store.progress(task.id)).qualified == 5
    (entered,) = await store.sightings(task.id, "renamed-brewery.com")
    assert entered.path[-1] == f"{pool[2].key}: Its address leads there."

    await store.unmerge(task.id, pool[0].key)
    with pytest.raises(Conflict, match="was not merged"):
        await store.unmerge(task.id, pool[0].key)
    await store.raise_target(task.id, 25)
    await run_task(kit, task.id)
    assert len(await store.results(task.id)) == 6


async def test_companies_that_are_said_to_be_each_other_do_not_hold_a_run_up(store: SqlStore):
    pool = candidates(3, brewers=3)
    kit = make_kit(store, FakeSource("fake", pool))
    names = {pool[0].key: pool[1].key, pool[1].key: pool[0].key, pool[2].key: pool[2].key}
    task = await run_task(replace(kit, enricher=Renaming(kit, names)), await created(kit))
    assert task.status == "done"
    assert [state.stage for state in await store.candidates(task.id)] == ["merged", "failed", "failed"]


async def test_a_company_that_turns_out_to_be_an_excluded_one_is_no_result(store: SqlStore):
    pool = candidates(3, brewers=3)
    kit = make_kit(store, FakeSource("fake", pool))
    spec = TaskSpec("craft beer breweries", criteria=CRITERIA, exclude_domains=("excluded-brewery.com",))
    task = await kit.store.create(spec)
    await run_task(replace(kit, enricher=Renaming(kit, {pool[0].key: "excluded-brewery.com"})), task.id)
    assert {result.candidate.key for result in await store.results(task.id)} == {pool[1].key, pool[2].key}


async def test_a_cap_for_the_day_is_shared_by_all_tasks_and_ends_with_the_day(store: SqlStore):
    provider, today = FakeProvider(cost_micros=COST), [datetime(2026, 1, 2, 23, tzinfo=UTC)]
    async with Calls(Ledger(store, day_micros=30 * COST, now=lambda: today[0]), store.control) as calls:
        kit = make_kit(store, Asking(calls, provider, candidates(20, brewers=4)))
        assert (await run_task(kit, await created(kit))).stop_reason == "exhausted"
        task = await run_task(kit, await created(kit))
        assert (task.stop_reason, len(provider.seen)) == ("exhausted", 20)  # the same calls: paid for already
        other = replace(make_kit(store, Asking(calls, provider, candidates(20, brewers=4, first=100))), caps=Caps())
        task = await run_task(other, await created(other))
        assert (task.stop_reason, len(provider.seen)) == ("budget", 30)
        today[0] += timedelta(hours=2)
        await store.raise_target(task.id, 25)
        assert (await run_task(other, task.id)).stop_reason == "exhausted"
    assert len(provider.seen) == 40
    assert (await store.spend("day 2026-01-02")).micros == 30 * COST
