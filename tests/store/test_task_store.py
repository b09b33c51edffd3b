import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from longlist.errors import Conflict, InvalidInput, NotFound
from longlist.model.company import Candidate, CompanyProfile, Employees, Facts, Page, Place
from longlist.model.criterion import Criterion, Evidence, Grade
from longlist.model.plan import Angle, Constraint, Plan, Reading
from longlist.model.task import Progress, SourceState, StopReason, TaskSpec
from longlist.store import Control, SqlStore, open_store, relevance

NOW = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
SELLS = Criterion("sells", "Sells", "Sells payment software to shops.")
SMALL = Criterion("small", "Small", "Has fewer than fifty employees.")
READING = Reading(
    "payment software, not banks",
    "payment software",
    negative="banks",
    constraints=(
        Constraint("country", "in", ("France", "Spain")),
        Constraint("listed", "not_in", (True,)),
        Constraint("founded", "min", 2015),
    ),
    either=True,
    not_understood=("cheapish",),
)
PLAN = Plan(READING, (SELLS, SMALL), (READING, READING), READING.constraints, (Angle("payments", "the query"),), True)


def candidate(key: str, **fields: object) -> Candidate:
    return replace(Candidate(key, key.title(), key, "catalog", 1.5, None, "a snippet", "payments"), **fields)  # type: ignore[arg-type]


def profile(key: str, text: str = "We sell software.") -> CompanyProfile:
    facts = Facts(2001, Employees(11, None), Place("France"), "active", None, ("saas",), quotes={"founded": "2001"})
    pages = (Page(text, NOW, record=f"catalog:x:{key}"), Page(f"{key} site", NOW, url=f"https://{key}/"))
    return CompanyProfile(key, key.title(), key, "short", "long", ("payments",), facts, pages, "company", ("alias",))


def grades(company: CompanyProfile, *scores: int | None) -> tuple[Grade, ...]:
    proof = (Evidence("sell software", company.pages[0].hash, NOW, record=company.pages[0].record),)
    return tuple(
        Grade(criterion.key, score, "because", proof if score else (), 0.25)
        for criterion, score in zip((SELLS, SMALL), scores, strict=False)
    )


async def planned(store: SqlStore, wanted: int = 10, **spec: object) -> str:
    task = await store.create(TaskSpec("payment software", wanted, **spec))  # type: ignore[arg-type]
    await store.put_plan(task.id, PLAN)
    return task.id


async def graded(store: SqlStore, task_id: str, **ranks_and_scores: tuple[float, tuple[int | None, ...]]) -> None:
    """Bring candidates to the end; names are keys, `a` standing for a.com."""
    profiles = {f"{name}.com": profile(f"{name}.com") for name in ranks_and_scores}
    await store.put_candidates(task_id, [candidate(key) for key in profiles])
    await store.put_profiles(task_id, list(profiles.items()))
    await store.put_grades(
        task_id,
        [
            (f"{name}.com", rank, grades(profiles[f"{name}.com"], *scores))
            for name, (rank, scores) in ranks_and_scores.items()
        ],
    )


class TestTask:
    async def test_a_new_task_is_created_with_its_spec_as_given(self, store: SqlStore) -> None:
        spec = TaskSpec("shops' software", 30, (SELLS,), ("catalog",), ("a.com", "b.com"))
        task = await store.create(spec)
        assert (task.spec, task.status, task.criteria) == (spec, "created", (SELLS,))
        assert (task.is_exhausted, task.stop_reason, task.failure_reason, task.source_states) == (False, None, None, ())
        assert task.created_at.tzinfo is not None
        assert await store.task(task.id) == task
        assert await store.progress(task.id) == Progress()

    async def test_no_criteria_and_no_sources_stay_none(self, store: SqlStore) -> None:
        spec = TaskSpec("shops")
        assert (await store.create(spec)).spec == spec
        empty = TaskSpec("shops", criteria=(), sources=())
        assert (await store.create(empty)).spec == empty

    async def test_exclusions_are_frozen_sorted_and_unique(self, store: SqlStore) -> None:
        task = await store.create(
            TaskSpec("shops", exclude_domains=("b.com", "a.com", "b.com"), exclude_keys=("x:2", "x:1", "x:2"))
        )
        assert task.spec.exclude_domains == ("a.com", "b.com")
        assert task.spec.exclude_keys == ("x:1", "x:2")

    async def test_an_unknown_task_is_named_in_a_sentence(self, store: SqlStore) -> None:
        for asked in (
            store.task("nope"),
            store.progress("nope"),
            store.plan("nope"),
            store.results("nope"),
            store.unprofiled("nope"),
            store.set_control("nope", "stop"),
            store.put_candidates("nope", [candidate("a.com")]),
            store.qualified_domains(["nope"]),
            store.qualified_identities(["nope"]),
            store.qualified_keys("nope"),
            store.tallies("nope"),
            store.source_counts("nope"),
            store.result_named("nope", "a.com"),
        ):
            with pytest.raises(NotFound, match=r"no task 'nope'"):
                await asked

    async def test_tasks_come_newest_first_in_pages(self, store: SqlStore) -> None:
        made = [(await store.create(TaskSpec(f"query {number}"))).id for number in range(5)]
        assert [task.id for task in await store.tasks()] == made[::-1]
        assert [task.id for task in await store.tasks(1, 2)] == [made[3], made[2]]
        assert await store.tasks(5) == []

    async def test_the_plan_comes_back_exactly_and_gives_the_criteria(self, store: SqlStore) -> None:
        task = await store.create(TaskSpec("payment software"))
        assert await store.plan(task.id) is None
        await store.put_plan(task.id, PLAN)
        assert await store.plan(task.id) == PLAN
        assert (await store.task(task.id)).criteria == PLAN.criteria

    async def test_a_run_starts_and_ends_with_its_reason(self, store: SqlStore) -> None:
        task_id = await planned(store)
        assert (await store.start(task_id)).status == "in_progress"
        done = await store.finish(task_id, "exhausted", is_exhausted=True)
        assert (done.status, done.stop_reason, done.is_exhausted) == ("done", "exhausted", True)
        again = await store.start(task_id)
        assert (again.status, again.stop_reason, again.is_exhausted) == ("in_progress", None, False)
        failed = await store.fail(task_id, "The sky fell.")
        assert (failed.status, failed.stop_reason, failed.failure_reason) == ("failed", "failed", "The sky fell.")
        assert (await store.start(task_id)).failure_reason is None

    @pytest.mark.parametrize("asked", ["pause", "stop"])
    async def test_what_is_asked_of_a_waiting_task_is_still_asked_when_it_starts(
        self, store: SqlStore, asked: Control
    ) -> None:
        task_id = await planned(store)
        assert await store.control(task_id) == "run"
        await store.set_control(task_id, asked)
        await store.start(task_id)
        assert await store.control(task_id) == asked
        await store.raise_target(task_id, 1)
        assert await store.control(task_id) == "run"

    @pytest.mark.parametrize("wanted", [1, 25])
    @pytest.mark.parametrize("ending", ["target_met", "paused", "exhausted", "failed"])
    async def test_a_task_asked_for_more_is_unfinished_at_once(
        self, store: SqlStore, wanted: int, ending: StopReason
    ) -> None:
        task_id = await planned(store)
        await store.start(task_id)
        await (store.fail(task_id, "Why.") if ending == "failed" else store.finish(task_id, ending, is_exhausted=True))
        task = await store.raise_target(task_id, wanted)
        assert (task.status, task.stop_reason, task.failure_reason, task.is_exhausted) == (
            "in_progress",
            None,
            None,
            False,
        )
        assert await store.task(task_id) == task

    async def test_rounds_are_settled_when_more_is_asked_of_a_run_that_ended_of_itself(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await store.put_candidates(task_id, [candidate("a.com")])
        await store.put_candidates(task_id, [candidate("b.com")], round_no=2)
        assert (await store.raise_target(task_id, 11)).rounds_settled == 0  # never started
        await store.start(task_id)
        assert (await store.raise_target(task_id, 12)).rounds_settled == 0  # still running
        await store.finish(task_id, "paused", is_exhausted=False)
        assert (await store.raise_target(task_id, 13)).rounds_settled == 0
        await store.finish(task_id, "target_met", is_exhausted=False)
        assert (await store.raise_target(task_id, 14)).rounds_settled == 2
        assert (await store.raise_target(task_id, 15)).rounds_settled == 2  # again, after a kill

    async def test_the_target_is_raised_and_never_lowered(self, store: SqlStore) -> None:
        task_id = await planned(store, wanted=10)
        assert (await store.raise_target(task_id, 25)).spec.wanted == 25
        assert (await store.raise_target(task_id, 5)).spec.wanted == 25
        for beyond in (0, 251):
            with pytest.raises(InvalidInput, match="1 to 250"):
                await store.raise_target(task_id, beyond)

    async def test_each_source_has_one_state_the_last_one(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await store.set_source_state(task_id, SourceState("web", "unavailable", 0, "No network."))
        await store.set_source_state(task_id, SourceState("catalog", "ready"))
        await store.set_source_state(task_id, SourceState("catalog", "found", 7))
        states = (SourceState("catalog", "found", 7), SourceState("web", "unavailable", 0, "No network."))
        assert await store.source_states(task_id) == states
        assert (await store.tasks())[0].source_states == states

    async def test_every_change_raises_the_revision(self, store: SqlStore) -> None:
        task_id = await planned(store)
        seen = [await store.revision(task_id)]
        await store.put_candidates(task_id, [candidate("a.com")])
        seen.append(await store.revision(task_id))
        await store.put_profiles(task_id, [("a.com", profile("a.com"))])
        seen.append(await store.revision(task_id))
        await store.put_grades(task_id, [("a.com", 0.5, grades(profile("a.com"), 5, 5))])
        seen.append(await store.revision(task_id))
        await store.finish(task_id, "target_met", is_exhausted=False)
        seen.append(await store.revision(task_id))
        assert seen == sorted(set(seen))

    @pytest.mark.parametrize("text", ["a\0b", "half \ud83d character"])
    async def test_text_no_database_keeps_is_refused_and_nothing_is_written(self, store: SqlStore, text: str) -> None:
        with pytest.raises(InvalidInput, match="cannot be stored"):
            await store.create(TaskSpec(text))
        with pytest.raises(InvalidInput, match="cannot be stored"):
            await store.create(TaskSpec("shops", sources=(text,)))
        assert await store.tasks() == []
        task_id = await planned(store)
        with pytest.raises(InvalidInput, match="cannot be stored"):
            await store.put_candidates(task_id, [candidate("a.com"), candidate("b.com", snippet=text)])
        assert await store.candidates(task_id) == []
        await store.put_candidates(task_id, [candidate("a.com")])
        for bad in (profile("a.com", text), replace(profile("a.com"), tags=(text,))):
            with pytest.raises(InvalidInput, match="cannot be stored"):
                await store.put_profiles(task_id, [("a.com", bad)])
        assert await store.progress(task_id) == Progress(discovered=1)

    async def test_a_backslash_before_u0000_is_ordinary_text(self, store: SqlStore) -> None:
        spec = TaskSpec("shops", sources=(r"\u0000", r"\\u0000", "\\"))
        assert (await store.create(spec)).spec == spec


class TestCandidates:
    async def test_new_ones_are_counted_once_however_often_they_come(self, store: SqlStore) -> None:
        task_id = await planned(store)
        assert await store.put_candidates(task_id, [candidate("a.com"), candidate("b.com"), candidate("a.com")]) == 2
        assert await store.put_candidates(task_id, [candidate("b.com", name="Other"), candidate("c.com")]) == 1
        assert await store.put_candidates(task_id, []) == 0
        assert await store.unprofiled(task_id) == [candidate("a.com"), candidate("b.com"), candidate("c.com")]
        assert await store.unprofiled(task_id, 2) == [candidate("a.com"), candidate("b.com")]
        assert (await store.progress(task_id)).discovered == 3

    async def test_more_than_one_batch_of_keys_is_handled(self, store: SqlStore) -> None:
        task_id = await planned(store)
        many = [candidate(f"c{number}.com") for number in range(1203)]
        assert await store.put_candidates(task_id, many) == 1203
        assert await store.put_candidates(task_id, many) == 0
        assert await store.unprofiled(task_id) == many

    async def test_two_tasks_keep_their_candidates_apart(self, store: SqlStore) -> None:
        one, two = await planned(store), await planned(store)
        await store.put_candidates(one, [candidate("a.com")])
        assert await store.put_candidates(two, [candidate("a.com")]) == 1
        await store.put_failures(one, [("a.com", "No answer.")])
        assert await store.unprofiled(two) == [candidate("a.com")]

    async def test_an_excluded_domain_never_becomes_a_result(self, store: SqlStore) -> None:
        task_id = await planned(store, exclude_domains=("a.com",))
        await graded(store, task_id, a=(0.9, (5, 5)), b=(0.5, (5, 5)))
        assert [result.candidate.key for result in await store.results(task_id)] == ["b.com"]
        assert await store.progress(task_id) == Progress(2, 1, 1, 1)
        state = (await store.candidates(task_id))[0]
        assert (state.stage, "a.com" in state.reason) == ("excluded", True)

    @pytest.mark.parametrize(
        ("found", "stage"),
        [
            (candidate("shop.a.com"), "excluded"),
            (candidate("a.com"), "excluded"),
            (candidate("aa.com"), "found"),
            (candidate("a.com.br"), "found"),
            (candidate("catalog:x:1", domain=""), "excluded"),
            (candidate("catalog:x:2", domain="eu.a.com"), "excluded"),
            (candidate("catalog:x:2", domain=""), "found"),
            (candidate("catalog:x:1:1", domain="b.com"), "found"),
        ],
    )
    async def test_subdomains_and_keys_are_excluded_too(self, store: SqlStore, found: Candidate, stage: str) -> None:
        task_id = await planned(store, exclude_domains=("a.com",), exclude_keys=("catalog:x:1",))
        await store.put_candidates(task_id, [found])
        assert [state.stage for state in await store.candidates(task_id)] == [stage]

    async def test_a_record_without_a_domain_is_not_excluded_with_others(self, store: SqlStore) -> None:
        task_id = await planned(store, exclude_domains=("a.com",))
        await store.put_candidates(task_id, [candidate("catalog:x:1", domain="")])
        assert [found.key for found in await store.unprofiled(task_id)] == ["catalog:x:1"]

    async def test_failed_ones_are_not_met_again(self, store: SqlStore) -> None:
        task_id = await planned(store, exclude_domains=("a.com",))
        await store.put_candidates(task_id, [candidate("a.com"), candidate("b.com"), candidate("c.com")])
        await store.put_failures(task_id, [("a.com", "No answer."), ("b.com", "No answer.")])
        assert await store.unprofiled(task_id) == [candidate("c.com")]
        states = [(state.stage, state.reason) for state in await store.candidates(task_id)]
        assert states == [("excluded", "The task excludes a.com."), ("failed", "No answer."), ("found", "")]
        assert (await store.progress(task_id)).discovered == 3

    async def test_a_failed_one_that_gets_a_profile_after_all_is_in_again(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await store.put_candidates(task_id, [candidate("a.com")])
        await store.put_failures(task_id, [("a.com", "No answer.")])
        await store.put_profiles(task_id, [("a.com", profile("a.com"))])
        assert [key for key, _ in await store.ungraded(task_id)] == ["a.com"]
        assert (await store.candidates(task_id))[0].reason == ""

    async def test_a_failure_after_the_profile_lowers_no_counter(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await graded(store, task_id, a=(0.9, (5,)), b=(0.8, (5, 5)))
        await store.put_failures(task_id, [("a.com", "The grader broke."), ("b.com", "The grader broke.")])
        assert await store.progress(task_id) == Progress(2, 2, 1, 1)
        assert await store.ungraded(task_id) == []

    async def test_an_unknown_candidate_is_an_error_and_nothing_is_kept(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await store.put_candidates(task_id, [candidate("a.com")])
        with pytest.raises(NotFound, match=r"b\.com"):
            await store.put_profiles(task_id, [("a.com", profile("a.com")), ("b.com", profile("b.com"))])
        with pytest.raises(NotFound, match=r"b\.com"):
            await store.put_failures(task_id, [("a.com", "x"), ("b.com", "x")])
        assert await store.unprofiled(task_id) == [candidate("a.com")]


class TestProfiles:
    async def test_profiles_come_back_exactly_in_order_of_arrival(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await store.put_candidates(task_id, [candidate(key) for key in ("b.com", "a.com", "c.com")])
        await store.put_profiles(task_id, [("a.com", profile("a.com")), ("b.com", profile("b.com"))])
        put = [("b.com", profile("b.com")), ("a.com", profile("a.com"))]
        assert await store.profiles(task_id) == put
        assert await store.ungraded(task_id) == put
        assert await store.progress(task_id) == Progress(3, 2, 0, 0)

    async def test_those_of_one_round_are_those_that_came_in_it_first(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await store.put_candidates(task_id, [candidate("b.com"), candidate("a.com")])
        await store.put_candidates(task_id, [candidate("a.com"), candidate("c.com")], round_no=2)
        await store.put_profiles(task_id, [(key, profile(key)) for key in ("c.com", "a.com", "b.com")])
        first = [("b.com", profile("b.com")), ("a.com", profile("a.com"))]
        assert await store.profiles(task_id, round_no=1) == first
        assert await store.profiles(task_id, round_no=2) == [("c.com", profile("c.com"))]
        assert await store.profiles(task_id, round_no=3) == []
        assert await store.profiles(task_id) == [*first, ("c.com", profile("c.com"))]

    async def test_putting_them_again_changes_nothing(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await graded(store, task_id, a=(0.9, (5, 5)))
        before = await store.results(task_id)
        await store.put_profiles(task_id, [("a.com", profile("a.com"))])
        assert await store.results(task_id) == before
        assert await store.ungraded(task_id) == []

    async def test_a_text_shared_by_many_profiles_is_stored_once_and_read_back_for_each(self, store: SqlStore) -> None:
        task_id = await planned(store)
        keys = [f"c{number}.com" for number in range(4)]
        await store.put_candidates(task_id, [candidate(key) for key in keys])
        profiles = [(key, profile(key, "the same text")) for key in keys]
        await store.put_profiles(task_id, profiles)
        assert await store.profiles(task_id) == profiles
        digest = profiles[0][1].pages[0].hash
        assert await store.page_texts([digest, "not stored"]) == {digest: "the same text"}

    async def test_what_another_task_learns_changes_no_task_that_knows_already(self, store: SqlStore) -> None:
        killed, finished, later = await planned(store), await planned(store), await planned(store)
        await store.put_candidates(killed, [candidate("a.com")])
        await store.put_profiles(killed, [("a.com", profile("a.com"))])
        await graded(store, finished, a=(0.9, (5, 5)))
        before = await store.results(finished)
        await store.put_candidates(later, [candidate("a.com")])
        await store.put_profiles(later, [("a.com", profile("a.com", "They now sell hardware."))])
        assert await store.ungraded(killed) == [("a.com", profile("a.com"))]
        assert await store.results(finished) == before
        assert await store.ungraded(later) == [("a.com", profile("a.com", "They now sell hardware."))]

    async def test_equal_profiles_are_one_version_with_the_first_times_of_reading(self, store: SqlStore) -> None:
        one, two, three = await planned(store), await planned(store), await planned(store)
        first = profile("a.com")
        read_later = replace(first, pages=tuple(replace(page, read_at=NOW + timedelta(1)) for page in first.pages))
        for task_id, company in ((one, first), (two, read_later), (three, replace(first, tags=("cards",)))):
            await store.put_candidates(task_id, [candidate("a.com")])
            await store.put_profiles(task_id, [("a.com", company)])
            await store.put_grades(task_id, [("a.com", 0.5, grades(company, 5, 5))])
        results = [(await store.results(task_id))[0] for task_id in (one, two, three)]
        assert results[0].profile == results[1].profile == first
        assert results[0].profile_id == results[1].profile_id != results[2].profile_id
        assert UUID(results[0].profile_id)

    async def test_a_graded_candidate_keeps_the_profile_it_was_graded_on(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await graded(store, task_id, a=(0.9, (5, 5)))
        before = await store.results(task_id)
        await store.put_profiles(task_id, [("a.com", profile("a.com", "new text"))])
        assert await store.results(task_id) == before

    async def test_a_newer_profile_replaces_the_older_and_old_pages_stay(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await store.put_candidates(task_id, [candidate("a.com")])
        old, new = profile("a.com", "old text"), profile("a.com", "new text")
        await store.put_profiles(task_id, [("a.com", old)])
        await store.put_profiles(task_id, [("a.com", new)])
        assert await store.profiles(task_id) == [("a.com", new)]
        assert old.pages[0].hash in await store.page_texts([old.pages[0].hash])


class TestGrades:
    async def test_results_are_ordered_by_rank_and_then_by_arrival(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await graded(store, task_id, a=(0.5, (5, 4)), b=(0.5, (4, 4)), c=(0.9, (4, 5)), d=(0.5, (5, 5)))
        results = await store.results(task_id)
        assert [result.candidate.key for result in results] == ["c.com", "a.com", "b.com", "d.com"]
        assert [result.relevance for result in results] == [90, 50, 50, 50]
        assert results[1].profile == profile("a.com")
        assert results[1].grades == grades(profile("a.com"), 5, 4)
        assert results[1].candidate == candidate("a.com")
        assert len({result.id for result in results}) == 4
        assert await store.results(task_id, 1, 2) == results[1:3]

    async def test_only_the_best_wanted_are_visible_and_counted(self, store: SqlStore) -> None:
        task_id = await planned(store, wanted=2)
        await graded(store, task_id, a=(0.1, (5, 5)), b=(0.2, (5, 5)), c=(0.3, (5, 5)), d=(0.4, (5, 1)))
        assert [result.candidate.key for result in await store.results(task_id)] == ["c.com", "b.com"]
        assert [result.candidate.key for result in await store.results(task_id, 1, 5)] == ["b.com"]
        assert await store.results(task_id, 2, 5) == []
        assert await store.progress(task_id) == Progress(4, 4, 4, 2)
        assert len(await store.results(task_id, qualified_only=False)) == 4
        await store.raise_target(task_id, 3)
        assert (await store.progress(task_id)).qualified == 3
        assert await store.qualified_domains([task_id]) == ("a.com", "b.com", "c.com")

    async def test_keys_of_results_are_those_of_the_visible_ones(self, store: SqlStore) -> None:
        task_id = await planned(store, wanted=2)
        assert await store.qualified_keys(task_id) == frozenset()
        await graded(store, task_id, a=(0.1, (5, 5)), b=(0.2, (5, 5)), c=(0.3, (5, 5)), d=(0.4, (5, 1)))
        assert await store.qualified_keys(task_id) == {"c.com", "b.com"}
        assert await store.qualified_keys(task_id) == {r.candidate.key for r in await store.results(task_id)}

    async def test_tallies_count_passed_silent_and_all_evaluated_per_criterion(self, store: SqlStore) -> None:
        task_id = await planned(store, wanted=1)
        assert await store.tallies(task_id) == {"sells": (0, 0, 0), "small": (0, 0, 0)}
        scores = {"a": (5, None), "b": (4, 3), "c": (None, None), "d": (1, 5)}
        await graded(store, task_id, **{name: (0.5, given) for name, given in scores.items()}, e=(0.5, (5,)))
        other = await planned(store)
        await graded(store, other, a=(0.5, (5, 5)))
        tallies = await store.tallies(task_id)
        assert tallies == {"sells": (2, 1, 4), "small": (1, 2, 4)}  # e lacks a grade and is not evaluated
        assert list(tallies) == ["sells", "small"]

    async def test_candidates_are_counted_by_source(self, store: SqlStore) -> None:
        task_id = await planned(store, exclude_domains=("a.com",))
        assert await store.source_counts(task_id) == {}
        found = [candidate("a.com"), candidate("b.com"), candidate("c.com", source="web")]
        await store.put_candidates(task_id, found)
        await store.put_candidates(task_id, [candidate("c.com"), candidate("d.com", source="web")], round_no=2)
        assert await store.source_counts(task_id) == {"catalog": 2, "web": 2}

    async def test_results_without_texts_are_the_same_but_for_the_pages(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await graded(store, task_id, a=(0.9, (5, 5)), b=(0.8, (5, 1)))
        for results, bare in (
            (await store.results(task_id), await store.results(task_id, with_texts=False)),
            (await store.near_misses(task_id), await store.near_misses(task_id, with_texts=False)),
        ):
            assert bare == [replace(result, profile=replace(result.profile, pages=())) for result in results]

    async def test_one_result_is_found_by_what_it_is_called(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await graded(store, task_id, a=(0.9, (5, 5)), b=(0.8, (1, 1)), c=(0.7, (5,)))
        names = {"listed:1": ("", "Crédit Aurore"), "d.com": ("d.com", "Twin"), "e.com": ("e.com", "Twin")}
        companies = {k: replace(profile(k), domain=domain, name=name) for k, (domain, name) in names.items()}
        await store.put_candidates(task_id, [candidate(key, domain=domain) for key, (domain, _) in names.items()])
        await store.put_profiles(task_id, list(companies.items()))
        ranks = {"listed:1": 0.4, "d.com": 0.2, "e.com": 0.3}
        await store.put_grades(task_id, [(k, ranks[k], grades(company, 5, 5)) for k, company in companies.items()])
        (first, *_) = await store.results(task_id)
        for text, key in (
            ("a.com", "a.com"),
            (" A.COM ", "a.com"),
            (first.id, "a.com"),
            ("b.com", "b.com"),  # qualified or not
            ("LISTED:1", "listed:1"),
            ("credit aurore", "listed:1"),
            ("twin", "e.com"),  # the better one
            ("credit", "listed:1"),  # the only one whose name begins so
        ):
            found = await store.result_named(task_id, text)
            assert found is not None
            assert found.candidate.key == key
        assert await store.result_named(task_id, first.id) == first
        for text in ("c.com", "nobody", "cred", ""):
            assert await store.result_named(task_id, text) is None

    async def test_near_misses_are_the_best_of_those_that_do_not_qualify(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await graded(store, task_id, a=(0.9, (5, 5)), b=(0.2, (5, 3)), c=(0.6, (None, 5)), d=(0.4, (1, 1)))
        assert [result.candidate.key for result in await store.near_misses(task_id, 2)] == ["c.com", "d.com"]

    async def test_a_candidate_lacking_a_grade_is_not_evaluated_until_it_has_all(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await graded(store, task_id, a=(0.9, (5,)))
        assert await store.progress(task_id) == Progress(1, 1, 0, 0)
        assert [key for key, _ in await store.ungraded(task_id)] == ["a.com"]
        await store.put_grades(task_id, [("a.com", 0.7, grades(profile("a.com"), 5, 4)[1:])])
        assert await store.progress(task_id) == Progress(1, 1, 1, 1)
        assert (await store.results(task_id))[0].grades == grades(profile("a.com"), 5, 4)
        assert (await store.results(task_id))[0].rank_score == 0.7

    async def test_grades_given_again_count_once_and_the_last_ones_count(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await graded(store, task_id, a=(0.9, (5, 5)))
        await graded(store, task_id, a=(0.9, (5, 5)))
        assert await store.progress(task_id) == Progress(1, 1, 1, 1)
        await store.put_grades(task_id, [("a.com", 0.3, grades(profile("a.com"), 5, 2))])
        assert await store.progress(task_id) == Progress(1, 1, 1, 0)

    async def test_a_grade_of_none_comes_back_as_none(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await graded(store, task_id, a=(0.9, (None, 5)))
        assert [grade.score for grade in (await store.near_misses(task_id))[0].grades] == [None, 5]

    async def test_a_criterion_the_task_does_not_have_is_refused(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await store.put_candidates(task_id, [candidate("a.com")])
        await store.put_profiles(task_id, [("a.com", profile("a.com"))])
        with pytest.raises(InvalidInput, match="no criterion 'other'"):
            await store.put_grades(task_id, [("a.com", 0.5, (Grade("other", 5, "x"),))])

    async def test_grading_before_profiling_is_a_conflict(self, store: SqlStore) -> None:
        task_id = await planned(store)
        await store.put_candidates(task_id, [candidate("a.com")])
        with pytest.raises(Conflict, match=r"a\.com cannot be graded"):
            await store.put_grades(task_id, [("a.com", 0.5, grades(profile("a.com"), 5, 5))])

    @pytest.mark.parametrize("rank", [float("nan"), float("inf")])
    async def test_a_rank_that_does_not_order_is_refused_and_the_batch_undone(
        self, store: SqlStore, rank: float
    ) -> None:
        task_id = await planned(store)
        with pytest.raises(InvalidInput, match="finite"):
            await graded(store, task_id, a=(0.5, (5, 5)), b=(rank, (5, 5)))
        assert await store.progress(task_id) == Progress(2, 2, 0, 0)

    async def test_domains_of_earlier_results_are_those_that_were_visible(self, store: SqlStore) -> None:
        one, two = await planned(store, wanted=1), await planned(store)
        await graded(store, one, a=(0.5, (5, 5)), b=(0.9, (5, 5)))
        await graded(store, two, c=(0.5, (5, 5)), d=(0.9, (1, 1)))
        assert await store.qualified_domains([two, one]) == ("b.com", "c.com")
        assert await store.qualified_domains([]) == ()

    async def test_results_without_a_domain_are_identified_by_their_key(self, store: SqlStore) -> None:
        one, two = await planned(store, wanted=2), await planned(store)
        await graded(store, two, c=(0.5, (5, 5)), d=(0.9, (1, 1)))
        ranks = {"catalog:listed:1": 0.9, "catalog:listed:2": 0.8, "catalog:listed:3": 0.7}
        domains = {"catalog:listed:2": "learnt.com"}  # when it was read
        companies = {key: replace(profile(key), domain=domains.get(key, "")) for key in ranks}
        await store.put_candidates(one, [candidate(key, domain="") for key in ranks])
        await store.put_profiles(one, list(companies.items()))
        await store.put_grades(one, [(key, rank, grades(companies[key], 5, 5)) for key, rank in ranks.items()])
        identities = ("c.com", "catalog:listed:1", "catalog:listed:2", "learnt.com")
        assert await store.qualified_identities([one, two]) == identities
        assert await store.qualified_identities([]) == ()


def test_relevance_keeps_the_order_of_the_rank_scores() -> None:
    scores = [-1.0, 0.0, 0.004, 0.005, 0.5, 0.994, 0.995, 1.0, 7.0]
    assert [relevance(score) for score in scores] == [0, 0, 0, 1, 50, 99, 100, 100, 100]


async def test_a_store_closes_once_what_was_asked_of_it_has_ended(url: str):
    """Else a connection that is still in use then stays open, and tells of it much later."""
    async with open_store(url) as opened:
        task_id = (await opened.create(TaskSpec("payments"))).id
        asked = [asyncio.create_task(opened.start(task_id)) for _ in range(20)]
        asked += [asyncio.create_task(opened.task(task_id)) for _ in range(20)]
    for _ in range(5):  # turns of the loop in which it is told
        await asyncio.sleep(0)
    assert {one.done() and one.result().id for one in asked} == {task_id}
