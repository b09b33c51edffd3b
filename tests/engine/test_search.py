"""The flow: rounds, reasons to stop, failures of parts, and going on after an interruption."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from longlist.engine.kit import Kit
from longlist.engine.search import run_task
from longlist.engine.stages import BATCH
from longlist.engine.verify import verify
from longlist.grade.grader import Assessment
from longlist.model.criterion import Criterion
from longlist.model.plan import Plan
from longlist.model.task import Progress, TaskSpec
from longlist.store.open import SqlStore
from longlist.testing import FakeSource, made_up, make_kit

BREWS = "It brews craft beer in its own brewery and sells it in bottles."
PAINTS = "It makes paint for wooden boats."
CRITERIA = (Criterion("brews", "Brews beer", "The company brews craft beer in its own brewery."),)


def candidates(count: int, *, brewers: int, first: int = 0) -> list:
    return [made_up(first + n, BREWS if n < brewers else PAINTS) for n in range(count)]


async def created(kit: Kit, *, wanted: int, **spec) -> str:
    task = await kit.store.create(TaskSpec("craft beer breweries", wanted=wanted, criteria=CRITERIA, **spec))
    return task.id


async def test_a_search_ends_when_its_target_is_met(store: SqlStore):
    kit = make_kit(store, FakeSource("fake", candidates(40, brewers=8)))
    task = await run_task(kit, await created(kit, wanted=5))
    assert (task.status, task.stop_reason, task.is_exhausted) == ("done", "target_met", False)
    results = await store.results(task.id)
    assert len(results) == 5
    assert all("brews" in result.grades[0].evidence[0].quote for result in results)


async def test_a_search_whose_sources_have_no_more_says_that_it_is_exhausted(store: SqlStore):
    kit = make_kit(store, FakeSource("fake", candidates(30, brewers=3)))
    task = await run_task(kit, await created(kit, wanted=25))
    assert (task.status, task.stop_reason, task.is_exhausted) == ("done", "exhausted", True)
    assert await store.progress(task.id) == Progress(discovered=30, enriched=30, evaluated=30, qualified=3)


async def test_further_rounds_are_asked_while_they_bring_qualified_companies(store: SqlStore):
    pool = candidates(20, brewers=4) + candidates(20, brewers=4, first=100) + candidates(60, brewers=0, first=200)
    source = FakeSource("fake", pool, a_round=20)
    kit = make_kit(store, source)
    task = await run_task(kit, await created(kit, wanted=25))
    assert (await store.progress(task.id)).qualified == 8
    assert source.asked == 4  # two that gave, two in a row that did not
    assert task.stop_reason == "exhausted"


async def test_a_source_that_fails_is_reported_beside_the_results_of_the_others(store: SqlStore):
    class Broken(FakeSource):
        async def search(self, question):
            raise ZeroDivisionError("oops")
            yield

    sources = (
        FakeSource("good", candidates(12, brewers=3)),
        FakeSource("down", fault="No key is set."),
        Broken("broken"),
    )
    kit = make_kit(store, *sources)
    task = await run_task(kit, await created(kit, wanted=3))
    states = {state.source: state for state in task.source_states}
    assert task.stop_reason == "target_met"
    assert states["good"].outcome == "found"
    assert (states["down"].outcome, states["down"].reason) == ("unavailable", "No key is set.")
    assert states["broken"].reason == "ZeroDivisionError: oops"


async def test_a_candidate_nobody_describes_is_kept_as_failed_with_the_reason(store: SqlStore):
    kit = make_kit(store, FakeSource("fake", [made_up(1, ""), *candidates(5, brewers=2, first=10)]))
    task = await run_task(kit, await created(kit, wanted=25))
    first = (await store.candidates(task.id))[0]
    assert first.stage == "failed"
    assert "says anything" in first.reason


async def test_excluded_domains_never_become_results(store: SqlStore):
    kit = make_kit(store, FakeSource("fake", candidates(10, brewers=4)))
    task = await run_task(
        kit, await created(kit, wanted=25, exclude_domains=("made-up-company-0.com", "made-up-company-1.com"))
    )
    domains = {result.profile.domain for result in await store.results(task.id)}
    assert domains == {"made-up-company-2.com", "made-up-company-3.com"}


async def test_a_grader_that_fails_leaves_a_failed_task_whose_rows_stay_readable(store: SqlStore):
    from longlist.errors import Unavailable

    class Absent:
        async def grade(self, plan: Plan, reference: Sequence, profiles: Sequence, *_: object) -> list[Assessment]:
            raise Unavailable("The grader is away.")

    kit = make_kit(store, FakeSource("fake", candidates(10, brewers=4)))
    task = await run_task(Kit(store, kit.planner, kit.sources, kit.enricher, Absent()), await created(kit, wanted=5))
    assert (task.status, task.failure_reason) == ("failed", "The grader is away.")
    assert (await store.progress(task.id)).enriched == 10
    again = await run_task(kit, task.id)
    assert (again.status, again.stop_reason, again.failure_reason) == ("done", "exhausted", None)


@pytest.mark.parametrize(("control", "reason"), [("pause", "paused"), ("stop", "stopped")])
async def test_pause_and_stop_end_the_run_with_what_there_is_and_can_be_resumed(store: SqlStore, control, reason):
    kit = make_kit(store, FakeSource("fake", candidates(120, brewers=120)))
    task_id = await created(kit, wanted=120)
    seen: list[Progress] = []

    class Interrupting:
        async def grade(self, plan: Plan, reference: Sequence, profiles: Sequence, *_: object) -> list[Assessment]:
            found = await kit.grader.grade(plan, reference, profiles)
            await store.set_control(task_id, control)
            return found

    task = await run_task(Kit(store, kit.planner, kit.sources, kit.enricher, Interrupting()), task_id, seen.append)
    assert (task.status, task.stop_reason, task.is_exhausted) == ("done", reason, False)
    await store.raise_target(task_id, 120)
    assert (await run_task(kit, task_id)).stop_reason == "target_met"


async def test_counters_only_rise_and_keep_their_order_while_a_task_runs(store: SqlStore):
    kit = make_kit(store, FakeSource("fake", candidates(150, brewers=30)))
    seen: list[Progress] = []
    await run_task(kit, await created(kit, wanted=25), seen.append)
    assert len(seen) > 3
    for progress in seen:
        assert progress.discovered >= progress.enriched >= progress.evaluated >= progress.qualified
    for name in ("discovered", "enriched", "evaluated", "qualified"):
        values = [getattr(progress, name) for progress in seen]
        assert values == sorted(values)


async def test_a_run_cancelled_anywhere_goes_on_to_the_same_companies_and_grades(store: SqlStore):
    def kit() -> Kit:
        return make_kit(store, FakeSource("fake", candidates(3 * BATCH + 7, brewers=60)))

    async def outcome(task_id: str) -> list:
        return [(r.candidate.key, r.rank_score, r.grades) for r in await store.results(task_id, qualified_only=False)]

    undisturbed = await created(kit(), wanted=55)
    await run_task(kit(), undisturbed)
    expected = await outcome(undisturbed)
    chance = random.Random(7)
    for _ in range(8):
        task_id = await created(kit(), wanted=55)
        for _ in range(3):
            run = asyncio.create_task(run_task(kit(), task_id))
            await asyncio.sleep(chance.uniform(0, 0.15))
            run.cancel()
            await asyncio.gather(run, return_exceptions=True)
        await run_task(kit(), task_id)
        assert await outcome(task_id) == expected


async def test_every_quotation_of_a_finished_task_verifies(store: SqlStore):
    kit = make_kit(store, FakeSource("fake", candidates(30, brewers=10)))
    task = await run_task(kit, await created(kit, wanted=25))
    verified = await verify(store, task.id)
    assert verified.checked >= 10
    assert verified.failures == ()


async def test_sources_that_are_down_end_the_run_without_being_called_exhausted(store: SqlStore):
    kit = make_kit(store, FakeSource("down", fault="Rate limited, retry after 60 s."))
    task = await run_task(kit, await created(kit, wanted=5))
    assert (task.stop_reason, task.is_exhausted) == ("exhausted", False)


async def test_barren_rounds_end_the_run_but_asking_for_more_goes_deeper(store: SqlStore):
    pool = candidates(10, brewers=3) + candidates(30, brewers=0, first=100) + candidates(10, brewers=4, first=200)
    kit = make_kit(store, FakeSource("fake", pool, a_round=10))
    task = await run_task(kit, await created(kit, wanted=25))
    assert (task.stop_reason, task.is_exhausted) == ("exhausted", False)
    assert (await store.progress(task.id)).qualified == 3
    await store.raise_target(task.id, 25)
    task = await run_task(kit, task.id)
    assert (await store.progress(task.id)).qualified == 7
    assert task.is_exhausted


async def test_a_target_raised_while_a_task_runs_counts(store: SqlStore):
    kit = make_kit(store, FakeSource("fake", candidates(60, brewers=30)))
    task_id = await created(kit, wanted=5)

    class Raising:
        async def grade(self, plan: Plan, reference: Sequence, profiles: Sequence, *_: object) -> list[Assessment]:
            await store.raise_target(task_id, 12)
            return await kit.grader.grade(plan, reference, profiles)

    task = await run_task(Kit(store, kit.planner, kit.sources, kit.enricher, Raising()), task_id)
    assert task.spec.wanted == 12
    assert len(await store.results(task_id)) == 12


async def test_a_pause_stops_enrichment_too(store: SqlStore):
    kit = make_kit(store, FakeSource("fake", candidates(4 * BATCH, brewers=10)))
    task_id = await created(kit, wanted=5)

    class Pausing:
        async def enrich(self, missing: Sequence, *_: object) -> list:
            await store.set_control(task_id, "pause")
            return await kit.enricher.enrich(missing)

    task = await run_task(Kit(store, kit.planner, kit.sources, Pausing(), kit.grader), task_id)
    assert task.stop_reason == "paused"
    assert (await store.progress(task_id)).enriched == BATCH


async def test_the_count_of_a_source_is_that_of_its_rows_however_often_a_run_starts_again(store: SqlStore):
    kit = make_kit(store, FakeSource("fake", candidates(40, brewers=8), a_round=20))
    task_id = await created(kit, wanted=25)
    for _ in range(3):
        task = await run_task(kit, task_id)
    assert [state.found for state in task.source_states] == [40]


async def test_later_rounds_are_measured_against_the_first_one(store: SqlStore):
    pool = candidates(20, brewers=5) + candidates(20, brewers=5, first=100)
    kit = make_kit(store, FakeSource("fake", pool, a_round=20))
    seen: list[list[str]] = []

    class Watching:
        async def grade(self, plan: Plan, reference: Sequence, profiles: Sequence, *_: object) -> list[Assessment]:
            seen.append([profile.key for profile in reference])
            return await kit.grader.grade(plan, reference, profiles)

    await run_task(Kit(store, kit.planner, kit.sources, kit.enricher, Watching()), await created(kit, wanted=25))
    assert len(seen) == 2
    assert seen[0] == seen[1] == [candidate.key for candidate in pool[:20]]


async def test_a_fault_of_ours_leaves_a_failed_task_with_the_reason(store: SqlStore):
    kit = make_kit(store, FakeSource("fake", candidates(5, brewers=1)))

    class Faulty:
        async def grade(self, plan: Plan, reference: Sequence, profiles: Sequence, *_: object) -> list[Assessment]:
            raise ZeroDivisionError("division by zero")

    task = await run_task(Kit(store, kit.planner, kit.sources, kit.enricher, Faulty()), await created(kit, wanted=5))
    assert task.status == "failed"
    assert "ZeroDivisionError" in task.failure_reason


async def test_sloppy_sources_give_one_company_once(store: SqlStore):
    sloppy = [
        made_up(1, BREWS),
        replace(made_up(1, BREWS), key="https://WWW.made-up-company-1.com/about", domain="WWW.Made-Up-Company-1.com"),
        replace(made_up(1, BREWS), key="toy-3", domain="", url="https://made-up-company-1.com/beer"),
    ]
    kit = make_kit(store, FakeSource("fake", [*sloppy, *candidates(6, brewers=0, first=10)]))
    task = await run_task(kit, await created(kit, wanted=5))
    assert (await store.progress(task.id)).discovered == 7
    assert [result.profile.domain for result in await store.results(task.id)] == ["made-up-company-1.com"]


async def test_a_pause_before_the_start_asks_no_source(store: SqlStore):
    source = FakeSource("fake", candidates(5, brewers=1))
    kit = make_kit(store, source)
    task_id = await created(kit, wanted=5)
    await store.set_control(task_id, "pause")
    assert (await run_task(kit, task_id)).stop_reason == "paused"
    assert source.asked == 0
