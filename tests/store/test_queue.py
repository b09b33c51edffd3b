"""Tasks that wait for a worker, and what users ask of tasks while they run."""

import pytest

from longlist.model.company import Candidate, CompanyProfile, Facts
from longlist.model.criterion import Criterion, Grade
from longlist.model.task import Progress, TaskSpec
from longlist.store import SqlStore
from longlist.store.store import mark_of

BREWS = Criterion("brews", "Brews", "The company brews beer.")


async def test_queued_tasks_wait_oldest_first_until_they_have_ended(store: SqlStore):
    first, second, third = [await store.create(TaskSpec("q"), is_queued=True) for _ in range(3)]
    await store.create(TaskSpec("run by whoever made it"))
    await store.start(second.id)
    await store.finish(third.id, "exhausted", is_exhausted=True)
    assert await store.queued() == [first.id, second.id]
    await store.fail(first.id, "Why.")
    assert await store.queued() == [second.id]


async def test_going_on_puts_a_task_where_the_caller_says(store: SqlStore):
    task = await store.create(TaskSpec("q"), is_queued=True)
    await store.finish(task.id, "paused", is_exhausted=False)
    await store.raise_target(task.id, 120)
    assert await store.queued() == []
    await store.raise_target(task.id, 120, is_queued=True)
    assert await store.queued() == [task.id]


@pytest.mark.parametrize("order", ["pause", "stop", "go on"])
async def test_a_run_does_not_end_over_an_order_that_it_has_not_seen(store: SqlStore, order):
    task = await store.create(TaskSpec("q"))
    seen = await store.start(task.id)
    await (store.raise_target(task.id, 120) if order == "go on" else store.set_control(task.id, order))
    left = await store.finish(task.id, "target_met", is_exhausted=False, orders=seen.orders)
    assert (left.status, left.stop_reason) == ("in_progress", None)
    ended = await store.finish(task.id, "target_met", is_exhausted=False, orders=left.orders)
    assert (ended.status, ended.stop_reason) == ("done", "target_met")


async def test_pausing_an_unfinished_task_queues_it_so_that_somebody_ends_it(store: SqlStore):
    task = await store.create(TaskSpec("q"))
    await store.start(task.id)
    paused = await store.pause(task.id)
    assert (paused.status, paused.is_queued, paused.orders) == ("in_progress", True, 1)
    assert await store.control(task.id) == "pause"
    assert await store.queued(only_stopping=True) == [task.id]
    done = await store.finish(task.id, "paused", is_exhausted=False)
    assert await store.pause(task.id) == done


async def test_a_task_that_has_not_begun_is_paused_at_once(store: SqlStore):
    task = await store.create(TaskSpec("q"), is_queued=True)
    paused = await store.pause(task.id)
    assert (paused.status, paused.stop_reason, paused.is_exhausted) == ("done", "paused", False)
    assert await store.queued() == []
    assert (await store.raise_target(task.id, 120, is_queued=True)).status == "in_progress"


async def test_only_so_many_queued_tasks_are_looked_at(store: SqlStore):
    tasks = [await store.create(TaskSpec("q"), is_queued=True) for _ in range(4)]
    await store.start(tasks[3].id)
    await store.pause(tasks[3].id)
    assert await store.queued(2) == [task.id for task in tasks[:2]]
    assert await store.queued(2, only_stopping=True) == [tasks[3].id]


async def test_a_failure_too_does_not_end_a_task_over_an_order_that_it_has_not_seen(store: SqlStore):
    task = await store.create(TaskSpec("q"))
    seen = await store.start(task.id)
    await store.raise_target(task.id, 120)
    assert (await store.fail(task.id, "Why.", orders=seen.orders)).status == "in_progress"
    assert (await store.fail(task.id, "Why.", orders=seen.orders + 1)).status == "failed"


async def test_a_mark_changes_with_every_change_and_only_then(store: SqlStore):
    task = await store.create(TaskSpec("q"))
    mark = await store.mark(task.id)
    assert mark == mark_of(task) == await store.mark(task.id)
    await store.put_candidates(task.id, [Candidate("a.com", "A", "a.com", "x")])
    after = await store.mark(task.id)
    assert after.revision > mark.revision
    assert (after.owner_id, after.orders, after.status) == (mark.owner_id, mark.orders, mark.status)


async def test_a_view_is_the_task_its_counters_and_its_results(store: SqlStore):
    task = await store.create(TaskSpec("q", 2, (BREWS,)))
    domains = ("a.com", "b.com", "c.com")
    await store.put_candidates(task.id, [Candidate(domain, domain, domain, "x") for domain in domains])
    profiles = [(domain, CompanyProfile(domain, domain, domain, "", "", (), Facts(), ())) for domain in domains]
    await store.put_profiles(task.id, profiles)
    ranks = zip(domains, (0.2, 0.9, 0.5), strict=True)
    await store.put_grades(task.id, [(domain, rank, (Grade("brews", 5, ""),)) for domain, rank in ranks])
    view = await store.view(task.id)
    assert view.progress == await store.progress(task.id) == Progress(3, 3, 3, 2)
    assert [result.candidate.key for result in view.results] == ["b.com", "c.com"]
    assert view.task == await store.task(task.id)
    assert list(view.results) == await store.results(task.id, with_texts=False)
    assert [result.candidate.key for result in (await store.view(task.id, 1, 5)).results] == ["c.com"]
    assert (await store.view(task.id, 2, 5)).results == (await store.view(task.id, limit=0)).results == ()


async def test_counters_of_several_tasks_come_together(store: SqlStore):
    tasks = [await store.create(TaskSpec("q")) for _ in range(3)]
    await store.put_candidates(tasks[1].id, [Candidate("a.com", "A", "a.com", "x")])
    counted = await store.progress_of([*(task.id for task in tasks), "unknown"])
    assert counted == {tasks[0].id: Progress(), tasks[1].id: Progress(discovered=1), tasks[2].id: Progress()}
