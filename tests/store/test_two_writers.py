"""Two stores over one database, as two processes have them: nothing is lost, and nothing is counted twice."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import combinations

import pytest

from longlist.model.company import Candidate, CompanyProfile, Facts, Page, Record
from longlist.model.criterion import Criterion, Grade
from longlist.model.task import Progress, TaskSpec
from longlist.store import SqlStore, open_store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CRITERIA = (Criterion("brews", "Brews", "The company brews beer."), Criterion("small", "Small", "It is small."))


@pytest.fixture
async def other(url: str, store: SqlStore) -> AsyncIterator[SqlStore]:
    """A second store over the database of `store`."""
    async with open_store(url) as opened:
        yield opened


def profile(key: str) -> CompanyProfile:
    pages = tuple(Page(f"Text {number} for everybody.", NOW, url="https://shared/") for number in range(5))
    return CompanyProfile(key, key, key, "", "", (), Facts(), pages)


async def new_task(store: SqlStore) -> str:
    return (await store.create(TaskSpec("q", 50, CRITERIA))).id


async def test_candidates_put_by_both_are_there_once_and_in_one_order(store: SqlStore, other: SqlStore) -> None:
    task_id = await new_task(store)
    batches = [[f"c{number + shift}.com" for number in range(20)] for shift in range(0, 60, 10)]
    puts = [
        one.put_candidates(task_id, [Candidate(key, key, key, "x") for key in keys])
        for keys in batches
        for one in (store, other)
    ]
    assert sum(await asyncio.gather(*puts)) == 70
    found = await store.unprofiled(task_id)
    assert len({candidate.key for candidate in found}) == len(found) == 70
    assert await store.revision(task_id) == len(puts)


async def test_profiles_that_share_pages_are_put_by_both_in_any_order(store: SqlStore, other: SqlStore) -> None:
    tasks = [await new_task(store) for _ in range(4)]
    keys = [f"c{number}.com" for number in range(15)]
    for task_id in tasks:
        await store.put_candidates(task_id, [Candidate(key, key, key, "x") for key in keys])
    await asyncio.gather(
        *(
            one.put_profiles(task_id, [(key, profile(key)) for key in order])
            for task_id in tasks
            for one, order in ((store, keys), (other, keys[::-1]))
        )
    )
    for task_id in tasks:
        assert await other.progress(task_id) == Progress(15, 15, 0, 0)
    assert len(await store.profiles_since(None)) == 15


async def test_grades_of_one_company_given_by_both_add_up(store: SqlStore, other: SqlStore) -> None:
    task_id = await new_task(store)
    keys = [f"c{number}.com" for number in range(20)]
    await store.put_candidates(task_id, [Candidate(key, key, key, "x") for key in keys])
    await store.put_profiles(task_id, [(key, profile(key)) for key in keys])
    await asyncio.gather(
        *(one.put_grades(task_id, [(key, 0.5, (Grade("brews", 5, ""),))]) for key in keys for one in (store,)),
        *(other.put_grades(task_id, [(key, 0.5, (Grade("small", 4, ""),))]) for key in keys),
    )
    assert await store.progress(task_id) == Progress(20, 20, 20, 20)


async def test_no_order_is_lost_between_two_that_give_them(store: SqlStore, other: SqlStore) -> None:
    task_id = await new_task(store)
    await asyncio.gather(*(one.set_control(task_id, "run") for one in (store, other) for _ in range(15)))
    assert (await store.task(task_id)).orders == 30
    await asyncio.gather(*(one.raise_target(task_id, 60 + n) for n in range(10) for one in (store, other)))
    task = await store.task(task_id)
    assert (task.orders, task.spec.wanted) == (50, 69)


async def test_a_run_ends_or_hears_the_order_but_never_both(store: SqlStore, other: SqlStore) -> None:
    for _ in range(15):
        task_id = await new_task(store)
        seen = await store.start(task_id)
        ended, paused = await asyncio.gather(
            store.finish(task_id, "target_met", is_exhausted=False, orders=seen.orders), other.pause(task_id)
        )
        if ended.status == "done":
            assert (paused.status, paused.orders) == ("done", 0)
        else:
            assert (paused.status, paused.orders, ended.orders) == ("in_progress", 1, 1)


async def test_rounds_are_settled_with_the_one_that_was_being_added(store: SqlStore, other: SqlStore) -> None:
    for number in range(10):
        task_id = await new_task(store)
        await store.finish(task_id, "exhausted", is_exhausted=True)
        put, raised = await asyncio.gather(
            other.put_candidates(task_id, [Candidate("a.com", "", "", "x")], round_no=3),
            store.raise_target(task_id, 60),
        )
        assert put == 1
        assert raised.rounds_settled == (3 if raised.revision == 3 else 0), number


async def test_records_of_two_companies_under_one_key_are_both_kept(store: SqlStore, other: SqlStore) -> None:
    first, second = (
        [Record(f"catalog:x:{number}", f"{who} {number}", f"{who}{number}.com", "", "") for number in range(30)]
        for who in ("Aa", "Bb")
    )
    counts = await asyncio.gather(store.put_records("x", first), other.put_records("x", second))
    assert sum(count.added for count in counts) == 60
    assert (await store.catalog_stats()).companies == 60


async def test_sets_put_by_both_are_whole(store: SqlStore, other: SqlStore) -> None:
    records = [Record(f"catalog:x:{number}", f"N{number}", f"n{number}.com", "", "") for number in range(200)]
    await asyncio.gather(*(one.put_records("x", some) for one in (store, other) for some in (records, records[::-1])))
    assert (await store.catalog_stats()).records == 200
    await asyncio.gather(*(one.put_records("x", records, is_whole=True) for one in (store, other)))
    assert (await store.catalog_stats()).records == 200
    removed = await asyncio.gather(store.remove_set("x"), other.remove_set("x"))
    assert sorted(removed) == [0, 200]


async def test_notes_owners_and_tokens_are_made_once(store: SqlStore, other: SqlStore) -> None:
    owners = await asyncio.gather(*(one.owner("anna") for one in (store, other) for _ in range(10)))
    assert len({owner.id for owner in owners}) == 1
    await asyncio.gather(*(one.put_note("n", str(number)) for number in range(5) for one in (store, other)))
    await store.put_token(owners[0], "link", "admin", "digest", NOW.replace(year=2030))
    used = await asyncio.gather(*(one.use_link("digest", NOW) for one in (store, other) for _ in range(5)))
    assert len([token for token in used if token]) == 1


async def test_stores_that_clash_at_random_leave_a_whole_task(store: SqlStore, other: SqlStore) -> None:
    task_id = await new_task(store)
    keys = [f"c{number}.com" for number in range(12)]
    pairs = list(combinations(keys, 2))

    async def work(one: SqlStore, order: list[tuple[str, str]]) -> None:
        for pair in order:
            await one.put_candidates(task_id, [Candidate(key, key, key, "x") for key in pair])
            await one.put_profiles(task_id, [(key, profile(key)) for key in pair])
            await one.put_grades(task_id, [(key, 0.5, (Grade("brews", 5, ""), Grade("small", 4, ""))) for key in pair])

    await asyncio.gather(*(work(one, pairs[at::3]) for at in range(3) for one in (store, other)))
    assert await store.progress(task_id) == Progress(12, 12, 12, 12)
