"""Copying between databases, in every direction."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from test_task_store import NOW, PLAN, candidate, grades, profile

from databases import DATABASES, fresh
from longlist.errors import NotFound
from longlist.model.call import Answer, Call
from longlist.model.company import Candidate, Record
from longlist.model.table import ColumnConfig, NewRow, TableLink
from longlist.model.task import SourceState, TaskSpec
from longlist.store import SqlStore, open_store
from longlist.store import copy as copying
from longlist.store.copy import copy
from longlist.store.ledger import Claim, Settlement, pack
from longlist.store.table_store import NewTable, Scope
from longlist.store.tables import metadata


@pytest.fixture(params=DATABASES)
def target_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with fresh(request, tmp_path / "target" / "app.db") as made:
        yield made


@pytest.fixture
async def target(target_url: str) -> AsyncIterator[SqlStore]:
    async with open_store(target_url) as opened:
        yield opened


async def everything(store: SqlStore) -> dict[str, list[tuple[object, ...]]]:
    """All rows as values, but for what is a database's own."""
    async with store._database.reading() as connection:
        return {
            table.name: sorted(map(tuple, (await connection.execute(select(table))).all()), key=repr)
            for table in metadata.sorted_tables
            if table.name != "meta"
        }


async def filled(store: SqlStore, count: int = 3) -> list[str]:
    """Tasks of two owners with all kinds of rows, records and a token."""
    anna = await store.owner("anna")
    made = []
    inputs = (ColumnConfig("input", "input", "Input"), ColumnConfig("company_name", "name", "Name"))
    table = await store.create_table(NewTable(anna.id, "company", "Shops", tags=("a",), configs=inputs))
    below = await store.create_table(NewTable(anna.id, "people", "Staff", configs=inputs, parent_id=table.id))
    rows = await store.add_rows(table.id, [NewRow({"input": f"c{n}.com", "name": "Ü"}, {"n": n}) for n in range(9)])
    await store.add_rows(below.id, [NewRow({"input": "Ann"}, parent_row_id=row.id) for row in rows[:3]])
    await store.request_cells(below.id, Scope("new", None, (below.columns[1].id,)))
    for number in range(count):
        owner = {} if number else {"owner_id": anna.id, "table": TableLink(table.id, auto_import=True)}
        task = await store.create(TaskSpec(f"payment software {number}", 10, exclude_domains=("no.com",)), **owner)
        await store.put_plan(task.id, PLAN)
        keys = [f"c{number}-{n}.com" for n in range(4)] + ["shared.com"]
        await store.put_candidates(task.id, [candidate(key, url=None) for key in keys])
        await store.put_profiles(task.id, [(key, profile(key, f"Töxt of {key} “quoted”\n")) for key in keys[1:]])
        await store.put_grades(task.id, [(key, 0.1 + 0.2, grades(profile(key), 5, None)) for key in keys[2:]])
        await store.put_failures(task.id, [(keys[0], "Its site does not answer.")])
        await store.set_source_state(task.id, SourceState("catalog", "ok", 5, ""))
        made.append(task.id)
    for number, task_id in enumerate([*made, None]):
        call = Call("web", "search", {"q": number}, task_id=task_id, step="discover")
        claim = Claim(f"key {number}", call, "me", 60_000)
        await store.write_calls([claim])
        body, answer = pack(b"answer"), Answer(b"answer", 7)
        await store.write_calls(ends=[Settlement(claim.key, call, "me", answer, body)])
    await store.put_token(anna, "token", "read", "a hash", None)
    await store.put_token(anna, "session", "read", "another hash", NOW)
    await store.put_records("x", [Record(f"catalog:x:{n}", f"N{n}", f"n{n}.com", "", f"Text {n}.") for n in range(30)])
    return made


async def test_everything_goes_over_and_going_over_again_changes_nothing(
    store: SqlStore, target: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "READ_BATCH", 7)
    await filled(store)
    before = await everything(store)
    counts = await copy(store._database, target._database)
    assert counts == {
        "owners": 1, "tokens": 1, "pages": 20, "profiles": 10, "tables": 2, "rows": 12, "tasks": 3, "candidates": 15,
        "calls": 4, "records": 30,
    }  # fmt: skip
    session = [row for row in before["token"] if "session" in row]
    after = await everything(target)
    local = [row[:2] for row in before.pop("owner")]
    assert [row[:2] for row in after.pop("owner")] == local
    assert after | {"token": sorted(after["token"] + session, key=repr)} == before
    assert set((await copy(store._database, target._database)).values()) == {0}
    back = await copy(target._database, store._database)
    assert set(back.values()) == {0}
    for task in await store.tasks():
        assert await target.results(task.id) == await store.results(task.id)
        assert await target.view(task.id) == await store.view(task.id)


async def test_one_task_goes_over_with_what_belongs_to_it(store: SqlStore, target: SqlStore) -> None:
    first, *_ = await filled(store)
    counts = await copy(store._database, target._database, task_ids=[first])
    assert counts == {
        "owners": 1, "tokens": 0, "pages": 8, "profiles": 4, "tables": 0, "rows": 0, "tasks": 1, "candidates": 5,
        "calls": 1, "records": 0,
    }  # fmt: skip
    assert await target.results(first) == await store.results(first)
    assert await target.profiles(first) == await store.profiles(first)
    assert [task.id for task in await target.tasks()] == [first]
    with pytest.raises(NotFound, match="no task 'nope'"):
        await copy(store._database, target._database, task_ids=[first, "nope"])


async def test_the_later_state_of_a_task_wins_whichever_way_it_is_copied(store: SqlStore, target: SqlStore) -> None:
    (task_id,) = await filled(store, 1)
    await copy(store._database, target._database)
    await target.put_candidates(task_id, [Candidate("late.com", "Late", "late.com", "x")])
    assert (await copy(store._database, target._database))["tasks"] == 0
    assert (await target.progress(task_id)).discovered == 6
    assert (await copy(target._database, store._database))["tasks"] == 1
    assert (await store.progress(task_id)).discovered == 6
    assert await store.task(task_id) == await target.task(task_id)


async def test_a_call_that_was_answered_is_paid_for_in_neither_database_again(
    store: SqlStore, target: SqlStore
) -> None:
    (task_id,) = await filled(store, 1)
    call = Call("web", "search", {"q": "more"}, task_id=task_id, cost_micros=9)
    await store.write_calls([Claim("more", call, "me", 60_000)])
    await copy(store._database, target._database)
    assert await target.recorded(["key 0", "more"]) == await store.recorded(["key 0"])
    await store.write_calls(ends=[Settlement("more", call, "me", Answer(b"more", 8), pack(b"more"))])
    assert (await copy(store._database, target._database))["calls"] == 1
    assert await target.recorded(["more"]) == await store.recorded(["more"])
    assert await target.call_totals(task_id) == await store.call_totals(task_id)
    assert await target.spend(task_id) == await store.spend(task_id)
    assert (await copy(target._database, store._database))["calls"] == 0


async def test_an_owner_is_known_by_name(store: SqlStore, target: SqlStore) -> None:
    anna = await target.owner("anna")
    first, *_ = await filled(store)
    await copy(store._database, target._database)
    assert (await target.task(first)).owner_id == anna.id
    assert (await target.tokens())[0].owner == anna
    assert await target.task_count(anna.id) == 1


async def test_a_later_record_is_not_replaced_by_an_earlier_one(store: SqlStore, target: SqlStore) -> None:
    await store.put_records("x", [Record("catalog:x:1", "Old", "a.com", "", "")])
    await target.put_records("x", [Record("catalog:x:1", "New", "a.com", "", "")])
    assert (await copy(store._database, target._database))["records"] == 0
    fingerprint = await store.catalog_fingerprint()
    assert (await copy(target._database, store._database))["records"] == 1
    assert (await store.records_of(["a.com"]))["a.com"][0].name == "New"
    assert await store.catalog_fingerprint() not in {fingerprint, await target.catalog_fingerprint()}


def test_every_table_is_copied_or_said_to_stay() -> None:
    assert {table.name for table in copying.COPIED} | copying.NOT_COPIED == set(metadata.tables)
