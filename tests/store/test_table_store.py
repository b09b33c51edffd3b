"""Tables, rows and cells, on every database."""

import asyncio
from datetime import UTC, datetime

import pytest
from test_task_store import NOW, candidate, grades, profile

from longlist.errors import InvalidInput, NotFound
from longlist.model.access import LOCAL_OWNER
from longlist.model.company import Page
from longlist.model.criterion import Criterion, Evidence
from longlist.model.table import Agent, Cell, CellValue, Column, ColumnConfig, NewRow, Table, TableLink, Tally
from longlist.model.task import TaskSpec
from longlist.store import SqlStore
from longlist.store.table_store import CellEnd, ClaimedCell, Narrowing, NewTable, RowKnown, Scope

INPUT = ColumnConfig("input", "input", "Input")


def asks(key: str, prompt: str = "What is it?") -> ColumnConfig:
    return ColumnConfig("agent", key, key, Agent("llm", prompt, "text"))


async def new_table(store: SqlStore, *configs: ColumnConfig, name: str = "Shops", **more: object) -> Table:
    return await store.create_table(NewTable(LOCAL_OWNER, "company", name, configs=(INPUT, *configs), **more))


def column(table: Table, key: str) -> str:
    found = table.column(key)
    assert found is not None
    return found.id


async def all_rows(store: SqlStore, table: Table, **part: int) -> list[object]:
    return [row async for batch in store.rows(table.id, **part) for row in batch]


def scope(table: Table, mode: str = "new", *keys: str, rows: tuple[str, ...] | None = None, upstream=()) -> Scope:
    produced = [one.id for one in table.columns if not one.config.is_input and (not keys or one.config.key in keys)]
    return Scope(mode, rows, tuple(produced), tuple(column(table, key) for key in upstream))


async def claim(
    store: SqlStore, owner: str = "me", rows: int = 100, lease_ms: int = 60_000, **more
) -> list[ClaimedCell]:
    return await store.claim_cells(owner, lease_ms, rows, **more)


class TestTables:
    async def test_a_table_is_read_back_as_it_was_made(self, store: SqlStore) -> None:
        config = ColumnConfig("agent", "kind", "Kind", Agent("research_pro", "{input}?", "select", ("a", "b")))
        made = await new_table(store, config, description="Some", tags=("x", "y"))
        assert await store.table(made.id) == made
        assert (made.name, made.description, made.tags, made.child_ids) == ("Shops", "Some", ("x", "y"), ())
        assert [one.config for one in made.columns] == [INPUT, config]

    async def test_tables_are_listed_by_what_is_asked_of_them(self, store: SqlStore) -> None:
        b = await new_table(store, name="bakeries", tags=("food", "graz"))
        a = await new_table(store, name="Archives", description="Old BOOKS")
        await store.create_table(NewTable(LOCAL_OWNER, "people", "below", parent_id=a.id))
        await store.add_rows(b.id, [NewRow({})] * 3)

        async def names(**narrowing: object) -> list[str]:
            found, total = await store.tables(LOCAL_OWNER, Narrowing(**narrowing), 0, 10)
            assert total == len(found)
            return [one.table.name for one in found]

        assert await names() == ["Archives", "bakeries"]
        assert await names(sort="created_at") == ["bakeries", "Archives"]
        assert await names(sort="name") == ["Archives", "bakeries"]
        assert await names(sort="-num_rows") == ["bakeries", "Archives"]
        assert await names(search="books") == ["Archives"]
        assert await names(tags=("graz", "vienna")) == ["bakeries"]
        assert await names(kind="people") == []
        found, total = await store.tables(LOCAL_OWNER, Narrowing(), 1, 10)
        assert ([one.rows for one in found], total) == ([3], 2)
        assert await store.tables("somebody", Narrowing(), 0, 10) == ([], 0)

    async def test_a_change_of_columns_is_whole_or_nothing(self, store: SqlStore) -> None:
        table = await new_table(store, asks("a"), asks("b"))
        row = (await store.add_rows(table.id, [NewRow({"input": "x.com", "a": 1, "b": 2})]))[0]
        new = Column("c0000000-0000-0000-0000-000000000000", datetime.now(UTC), asks("c"))

        def broken(_: Table) -> list[Column]:
            raise InvalidInput("no")

        with pytest.raises(InvalidInput):
            await store.change_columns(table.id, broken)
        after = await store.change_columns(table.id, lambda t: [new, t.columns[2], t.columns[0]])
        assert [one.config.key for one in after.columns] == ["c", "b", "input"]
        assert set((await store.row(table.id, row.id)).cells) == {column(table, "b")}

    async def test_a_deleted_table_takes_all_of_its_own_with_it_but_no_task(self, store: SqlStore) -> None:
        table = await new_table(store, asks("a"))
        below = await store.create_table(NewTable(LOCAL_OWNER, "people", "below", parent_id=table.id))
        await store.add_rows(table.id, [NewRow({"a": 1})])
        task = await store.create(TaskSpec("shops"), table=TableLink(table.id, auto_import=True))
        assert (await store.task(task.id)).table_id == table.id
        await store.delete_table(table.id)
        for gone in (table, below):
            with pytest.raises(NotFound):
                await store.table(gone.id)
        assert (await store.task(task.id)).table_id is None
        assert await store.imports() == []
        with pytest.raises(NotFound):
            await store.delete_table(table.id)

    async def test_a_copy_has_the_rows_and_what_cells_came_to(self, store: SqlStore) -> None:
        table = await new_table(store, asks("a"), asks("b"))
        below = await store.create_table(NewTable(LOCAL_OWNER, "people", "below", configs=(INPUT,), parent_id=table.id))
        first, _ = await store.add_rows(
            table.id, [NewRow({"input": "x.com", "a": 1}, {"m": 1}, key="x.com"), NewRow({})]
        )
        await store.add_rows(below.id, [NewRow({"input": "Ann"}, parent_row_id=first.id)])
        await store.request_cells(table.id, scope(table, "new", "b"))
        copied = await store.clone_table(table.id, "Copy", schema_only=False)
        rows = await all_rows(store, copied)
        assert [(row.data, row.metadata, row.key) for row in rows] == [
            ({column(copied, "input"): "x.com"}, {"m": 1}, "x.com"),
            ({}, None, ""),
        ]
        assert {key: cell.value.answer for key, cell in rows[0].cells.items()} == {column(copied, "a"): 1}
        (person,) = await all_rows(store, await store.table(copied.child_ids[0]))
        assert person.parent_row_id == rows[0].id
        assert (await store.tally(copied.id)).waiting == 0
        assert (await store.add_rows(copied.id, [NewRow({})]))[0].seq == 2
        bare = await store.clone_table(table.id, "Bare", schema_only=True)
        assert ([one.config.key for one in bare.columns], await all_rows(store, bare)) == (["input", "a", "b"], [])
        assert len(bare.child_ids) == 1


class TestRows:
    async def test_rows_come_in_the_order_in_which_they_were_added(self, store: SqlStore) -> None:
        table = await new_table(store)
        for start in (0, 300):
            await store.add_rows(table.id, [NewRow({"input": n}) for n in range(start, start + 300)])
        key = column(table, "input")
        assert [row.data[key] for row in await all_rows(store, table)] == list(range(600))
        assert [row.data[key] for row in await all_rows(store, table, offset=195, limit=210)] == list(range(195, 405))
        assert await all_rows(store, table, offset=600) == []
        assert await store.tally(table.id) == Tally(rows=600)

    async def test_values_that_are_given_replace_and_the_others_stay(self, store: SqlStore) -> None:
        table = await new_table(store, ColumnConfig("input", "note", "Note"), asks("a"))
        (row,) = await store.add_rows(table.id, [NewRow({"input": "x.com", "note": "n", "a": "old"}, key="x.com")])
        changed, new = await store.put_rows(
            table.id, [NewRow({"note": None, "a": "new"}, id=row.id), NewRow({"input": 1})]
        )
        assert changed.data == {column(table, "input"): "x.com", column(table, "note"): None}
        assert (changed.cells[column(table, "a")].value.answer, changed.key, new.seq) == ("new", "x.com", 1)
        moved, _ = await store.put_rows(table.id, [NewRow({"input": "y.com"}, id=row.id, key="y.com"), NewRow({})])
        assert (moved.key, moved.profile_id) == ("y.com", None)

    async def test_a_row_that_is_changed_twice_in_one_call_has_both_changes_and_the_later_value(self, store) -> None:
        table = await new_table(store, ColumnConfig("input", "note", "Note"), asks("a"))
        (row,) = await store.add_rows(table.id, [NewRow({"input": "x.com", "note": "n"}, key="x.com")])
        twice = [
            NewRow({"input": "y.com", "a": "first"}, id=row.id, key="y.com"),
            NewRow({"note": "later", "a": "second"}, {"by": "me"}, id=row.id, key="y.com"),
        ]
        first, second = await store.put_rows(table.id, twice)
        assert first == second
        assert second.data == {column(table, "input"): "y.com", column(table, "note"): "later"}
        assert (second.cells[column(table, "a")].value.answer, second.key, second.metadata) == (
            "second",
            "y.com",
            {"by": "me"},
        )
        assert len(await all_rows(store, table)) == 1

    async def test_an_unknown_row_or_column_changes_nothing(self, store: SqlStore) -> None:
        table, other = await new_table(store), await new_table(store)
        (row,) = await store.add_rows(table.id, [NewRow({"input": "x"})])
        (foreign,) = await store.add_rows(other.id, [NewRow({"input": "y"})])
        with pytest.raises(NotFound):
            await store.put_rows(table.id, [NewRow({"input": "z"}, id=row.id), NewRow({}, id=foreign.id)])
        with pytest.raises(InvalidInput, match="input"):
            await store.add_rows(table.id, [NewRow({"input": "z"}), NewRow({"nope": 1})])
        with pytest.raises(NotFound):
            await store.delete_rows(table.id, [row.id, foreign.id])
        assert [one.data for one in await all_rows(store, table)] == [{column(table, "input"): "x"}]
        assert await store.delete_rows(table.id, [row.id]) == [row.id]
        assert await all_rows(store, table) == []

    async def test_a_company_that_is_there_is_not_added_again_when_so_wanted(self, store: SqlStore) -> None:
        table = await new_table(store)
        rows = [NewRow({"input": key}, key=key) for key in ("a.com", "b.com", "a.com")]
        assert len(await store.add_rows(table.id, rows[:1], unique=True)) == 1
        assert [row.key for row in await store.add_rows(table.id, rows, unique=True)] == ["b.com"]
        assert await store.row_keys(table.id) == {"a.com", "b.com"}


class TestCells:
    async def test_each_mode_asks_for_its_cells_and_for_none_twice(self, store: SqlStore) -> None:
        table = await new_table(store, asks("a"), asks("b"))
        rows = await store.add_rows(table.id, [NewRow({"input": n}) for n in range(3)])
        run = await store.request_cells(table.id, scope(table, "new", "a", rows=(rows[0].id, rows[1].id)))
        assert (run.requested, run.mode, run.rows) == (2, "new", (rows[0].id, rows[1].id))
        assert run.freshness == run.id
        assert (await store.request_cells(table.id, scope(table))).requested == 4
        assert (await store.request_cells(table.id, scope(table, "all"))).requested == 0
        assert await store.tally(table.id) == Tally(3, waiting=6)
        held = await claim(store)
        ends = [CellEnd(c.row_id, c.column_id, "done", CellValue(n)) for n, c in enumerate(held)]
        await store.put_cells(
            "me", [*ends[:4], *(CellEnd(e.row_id, e.column_id, "failed", error="No.") for e in ends[4:])]
        )
        assert await store.tally(table.id) == Tally(3, done=4, failed=2)
        assert (await store.request_cells(table.id, scope(table))).requested == 0
        assert (await store.request_cells(table.id, scope(table, "failed"), "w")).requested == 2
        assert (await store.request_cells(table.id, scope(table, "all"))).requested == 4
        assert [one.mode for one in (await store.runs(table.id))[:2]] == ["all", "failed"]
        assert {one.freshness for one in await claim(store)} == {"w", (await store.runs(table.id))[0].id}

    async def test_what_a_cell_needs_is_asked_for_where_it_is_lacking(self, store: SqlStore) -> None:
        table = await new_table(store, asks("a"), asks("b", "{a}"))
        rows = await store.add_rows(table.id, [NewRow({"a": 1}), NewRow({}), NewRow({"a": 1, "b": 1})])
        run = await store.request_cells(table.id, scope(table, "new", "b", upstream=("a",)))
        assert run.requested == 3
        asked = {(cell.row_id, cell.column_id) for cell in await claim(store)}
        assert asked == {(rows[0].id, column(table, "b")), *((rows[1].id, column(table, key)) for key in "ab")}

    async def test_a_row_is_one_workers_until_it_is_done_with_it(self, store: SqlStore) -> None:
        table = await new_table(store, asks("a"), asks("b"))
        await store.add_rows(table.id, [NewRow({}), NewRow({})])
        await store.request_cells(table.id, scope(table, "new", "a"))
        mine = await claim(store, "me", rows=1)
        assert len(mine) == 1
        await store.request_cells(table.id, scope(table))
        others = await claim(store, "other")
        assert len(others) == 2
        assert {one.row_id for one in others}.isdisjoint({mine[0].row_id})
        assert await claim(store, "third") == []
        await store.put_cells("me", [CellEnd(mine[0].row_id, mine[0].column_id, "done", CellValue("x"))])
        (left,) = await claim(store, "third")
        assert left.row_id == mine[0].row_id

    async def test_only_who_holds_a_cell_may_end_it(self, store: SqlStore) -> None:
        table = await new_table(store, asks("a"))
        await store.add_rows(table.id, [NewRow({})])
        await store.request_cells(table.id, scope(table))
        (mine,) = await claim(store, "me", lease_ms=-1)
        (theirs,) = await claim(store, "other")
        assert (mine.attempts, theirs.attempts) == (1, 2)
        await store.put_cells("me", [CellEnd(mine.row_id, mine.column_id, "done", CellValue("mine"))])
        assert (await store.tally(table.id)).waiting == 1
        await store.put_cells("other", [CellEnd(mine.row_id, mine.column_id, "done", CellValue("theirs"))])
        await store.put_cells("other", [CellEnd(mine.row_id, mine.column_id, "failed", error="Late.")])
        (row,) = await all_rows(store, table)
        assert row.cells[mine.column_id] == Cell("done", CellValue("theirs"))

    async def test_a_lease_is_renewed_given_back_or_lost_with_its_owner(self, store: SqlStore) -> None:
        table = await new_table(store, asks("a"))
        await store.add_rows(table.id, [NewRow({})])
        await store.request_cells(table.id, scope(table))
        await claim(store, "me", lease_ms=-1)
        await store.renew_cells("me", 60_000)
        assert await claim(store, "other") == []
        await store.release_cells("me")
        (again,) = await claim(store, "other")
        assert again.attempts == 1
        (taken,) = await claim(store, "third", is_gone=lambda owner: owner == "other")
        assert taken.attempts == 2

    async def test_tables_take_turns(self, store: SqlStore) -> None:
        for _ in range(2):
            table = await new_table(store, asks("a"))
            await store.add_rows(table.id, [NewRow({})] * 50)
            await store.request_cells(table.id, scope(table))
        held = await claim(store, rows=10)
        assert sorted(len([c for c in held if c.table_id == t]) for t in {c.table_id for c in held}) == [5, 5]

    async def test_two_workers_share_the_cells_and_each_is_made_once(self, store: SqlStore) -> None:
        table = await new_table(store, asks("a"), asks("b"))
        await store.add_rows(table.id, [NewRow({}) for _ in range(60)])
        await store.request_cells(table.id, scope(table))
        made: list[tuple[str, str]] = []

        async def work(owner: str) -> None:
            while held := await claim(store, owner, rows=7):
                made.extend((cell.row_id, cell.column_id) for cell in held)
                await store.put_cells(owner, [CellEnd(c.row_id, c.column_id, "done", CellValue(owner)) for c in held])

        await asyncio.gather(*(work(f"w{n}") for n in range(4)))
        assert len(made) == len(set(made)) == 120
        assert await store.tally(table.id) == Tally(60, done=120)

    async def test_evidence_and_profiles_can_be_read_back(self, store: SqlStore) -> None:
        table = await new_table(store, asks("a"))
        (row,) = await store.add_rows(table.id, [NewRow({"input": "a.com"})])
        await store.put_known([RowKnown(row.id, "a.com", profile("a.com"))])
        known = await store.row(table.id, row.id)
        assert known.key == "a.com"
        assert await store.profiles_with_ids([known.profile_id]) == {known.profile_id: profile("a.com")}
        assert await store.reference_profiles(table.id, 5) == [profile("a.com")]
        await store.request_cells(table.id, scope(table))
        page = Page("Founded in 1999.", NOW, url="https://a.com/about")
        proof = Evidence("Founded in 1999", page.hash, NOW, url=page.url)
        value = CellValue({"n": [1.5, None, "ü"]}, "Says so.", ("https://a.com/about",), (proof,), {"x": 1})
        (held,) = await claim(store)
        await store.put_cells("me", [CellEnd(row.id, held.column_id, "done", value, pages=(page,))])
        assert (await store.row(table.id, row.id)).cells[held.column_id].value == value
        assert await store.page_texts([page.hash]) == {page.hash: page.text}


class TestTasks:
    async def test_a_task_that_changed_is_to_be_looked_at_again(self, store: SqlStore) -> None:
        table = await new_table(store)
        link = TableLink(table.id, auto_import=True, run=True, columns=("x",))
        task = await store.create(TaskSpec("shops", criteria=(Criterion("c", "C", "It is a shop."),)), table=link)
        await store.create(TaskSpec("others"), table=TableLink(table.id))
        (found,) = await store.imports()
        assert (found.task_id, found.link, found.seen, found.revision) == (task.id, link, -1, 0)
        await store.note_import(task.id, 0)
        assert await store.imports() == []
        await store.put_candidates(task.id, [candidate("a.com")])
        await store.put_profiles(task.id, [("a.com", profile("a.com"))])
        (found,) = await store.imports()
        assert found.revision == 2
        assert (await store.linked_tasks(table.id))[0] == task.id
        assert len(grades(profile("a.com"), 5)) == 1
