import pytest
from test_task_store import candidate, graded, grades, planned, profile

from longlist.errors import Conflict, InvalidInput, NotFound
from longlist.model.company import SameAs
from longlist.store import SqlStore


async def ids(store: SqlStore, task_id: str) -> dict[str, str]:
    return {row.key: row.id for row in (await store.changes(task_id)).rows}


async def test_changes_are_those_rows_that_were_touched_since(store: SqlStore) -> None:
    task_id = await planned(store)
    await graded(store, task_id, a=(0.9, (5, 5)), b=(0.5, (5, 1)))
    first = await store.changes(task_id)
    assert [(row.key, row.is_qualified, [g.score for g in row.grades]) for row in first.rows] == [
        ("a.com", True, [5, 5]),
        ("b.com", False, [5, 1]),
    ]
    assert (first.progress.evaluated, first.progress.qualified) == (2, 1)
    assert first.rows[0].facts is not None
    assert (await store.changes(task_id, first.task.revision)).rows == ()

    await graded(store, task_id, c=(0.7, (None, 4)))
    second = await store.changes(task_id, first.task.revision)
    assert [(row.key, [g.score for g in row.grades]) for row in second.rows] == [("c.com", [None, 4])]
    assert {row.rev for row in second.rows} <= {second.task.revision}


async def test_what_failed_or_waits_is_shown_and_what_the_task_excludes_is_not(store: SqlStore) -> None:
    task_id = await planned(store, exclude_domains=("x.com",))
    await store.put_candidates(task_id, [candidate(key) for key in ("a.com", "b.com", "c.com", "x.com")])
    await store.put_profiles(task_id, [("a.com", profile("a.com"))])
    await store.put_failures(task_id, [("b.com", "Its site is closed.")])
    shown = {row.key: (row.stage, row.reason) for row in (await store.changes(task_id)).rows}
    assert shown == {"a.com": ("enriched", ""), "b.com": ("failed", "Its site is closed.")}


async def test_a_grade_by_hand_stands_beside_the_machines_and_decides(store: SqlStore) -> None:
    task_id = await planned(store)
    await graded(store, task_id, a=(0.9, (5, 1)))
    of = (await ids(store, task_id))["a.com"]
    before = await store.revision(task_id)
    await store.put_hand_grade(task_id, of, "small", 5, "I know them.")
    (row,) = (await store.changes(task_id, before)).rows
    assert [(g.score, g.by_hand) for g in row.grades] == [(5, None), (1, 5)]
    assert row.is_qualified
    assert (await store.progress(task_id)).qualified == 1
    (result,) = await store.results(task_id)
    assert [(g.criterion_key, g.score, g.note) for g in result.by_hand] == [("small", 5, "I know them.")]
    assert [g.score for g in result.grades] == [5, 1]

    await graded(store, task_id, a=(0.8, (5, 2)))  # the machine again: what was said still counts
    assert (await store.progress(task_id)).qualified == 1
    await store.put_hand_grade(task_id, of, "small", None)
    assert (await store.progress(task_id)).qualified == 0


async def test_grades_by_hand_are_refused_where_they_can_be_none(store: SqlStore) -> None:
    task_id, other = await planned(store), await planned(store)
    await graded(store, task_id, a=(0.9, (5, 1)))
    of = (await ids(store, task_id))["a.com"]
    for score in (0, 6):
        with pytest.raises(InvalidInput):
            await store.put_hand_grade(task_id, of, "small", score)
    for place in ((other, of, "small"), (task_id, of, "tall"), (task_id, "nobody", "small")):
        with pytest.raises(NotFound):
            await store.put_hand_grade(*place, 4)


async def test_a_company_set_aside_is_no_result_until_that_is_taken_back(store: SqlStore) -> None:
    task_id = await planned(store)
    await graded(store, task_id, a=(0.9, (5, 5)), b=(0.5, (5, 5)))
    of = (await ids(store, task_id))["a.com"]
    await store.put_verdict(task_id, of, "excluded")
    await store.put_verdict(task_id, of, "wrong")
    assert [result.candidate.key for result in await store.results(task_id)] == ["b.com"]
    marked = next(row for row in (await store.changes(task_id)).rows if row.id == of)
    assert (marked.verdict, marked.stage, marked.is_qualified) == ("wrong", "excluded", False)
    await store.put_grades(task_id, [("a.com", 0.9, grades(profile("a.com"), 5, 5))])  # late work changes nothing
    whole = await store.result_with_id(task_id, of)
    assert whole is not None
    assert [g.score for g in whole.grades] == [5, 5]

    await store.put_verdict(task_id, of, None)
    assert [result.candidate.key for result in await store.results(task_id)] == ["a.com", "b.com"]


async def test_why_a_company_failed_is_known_again_when_a_verdict_is_taken_back(store: SqlStore) -> None:
    task_id = await planned(store)
    await store.put_candidates(task_id, [candidate("a.com")])
    await store.put_failures(task_id, [("a.com", "Its site does not answer.")])
    of = (await ids(store, task_id))["a.com"]

    async def seen() -> tuple[str, str]:
        row = next(row for row in (await store.changes(task_id)).rows if row.id == of)
        return row.stage, row.reason

    await store.put_verdict(task_id, of, "wrong")
    assert await seen() == ("excluded", "Marked by hand as a wrong company.")
    await store.put_verdict(task_id, of, "excluded")
    await store.put_verdict(task_id, of, None)
    assert await seen() == ("failed", "Its site does not answer.")


async def test_a_company_merged_through_another_is_taken_apart_from_the_one_it_was_merged_into(store: SqlStore) -> None:
    task_id = await planned(store)
    await store.put_candidates(task_id, [candidate(key) for key in ("a.com", "b.com", "c.com")])
    for key, same in (("a.com", "b.com"), ("b.com", "c.com")):
        await store.put_merges(task_id, [(key, SameAs(same, f"{key} leads to {same}."))])

    async def states() -> dict[str, tuple[str, str]]:
        return {one.candidate.key: (one.stage, one.merged_into) for one in await store.candidates(task_id)}

    assert await states() == {"a.com": ("merged", "b.com"), "b.com": ("merged", "c.com"), "c.com": ("found", "")}
    await store.unmerge(task_id, "a.com")
    assert (await states())["a.com"] == ("found", "")
    await store.put_merges(task_id, [("a.com", SameAs("b.com", "It leads there all the same."))])
    assert (await states())["a.com"][0] == "failed"  # what somebody said counts
    await store.unmerge(task_id, "b.com")
    assert (await states())["b.com"] == ("found", "")
    with pytest.raises(Conflict):
        await store.unmerge(task_id, "c.com")


async def test_a_company_the_task_excludes_cannot_be_set_aside_again(store: SqlStore) -> None:
    task_id = await planned(store, exclude_domains=("a.com",))
    await graded(store, task_id, b=(0.5, (5, 5)))
    await store.put_candidates(task_id, [candidate("a.com")])
    unknown = (await ids(store, task_id))["b.com"]
    await store.put_verdict(task_id, unknown, "wrong")
    with pytest.raises(NotFound):
        await store.put_verdict(task_id, "nobody", "wrong")


async def test_how_far_tasks_are_is_told_by_owner_newest_first(store: SqlStore) -> None:
    first, second = await planned(store), await planned(store)
    owner = (await store.task(first)).owner_id
    told = await store.revisions(owner)
    assert list(told)[:2] == [second, first]
    await store.start(first)
    assert (await store.revisions(owner))[first] == told[first] + 1
    change = await store.changes(first)
    assert change.started_at is not None
    assert change.ended_at is None
    await store.finish(first, "exhausted", is_exhausted=True)
    assert (await store.changes(first)).ended_at is not None
    assert await store.revisions("nobody") == {}
