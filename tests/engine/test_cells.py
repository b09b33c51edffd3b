"""Cells: made in the order of what they need, each with its reason when it cannot be; none lost, none stuck."""

# ruff: noqa: ASYNC110 - a test may look again and again
import asyncio

import pytest
from table_parts import Counting, PageEnricher, Sleeping, make_kit

from longlist.engine import cell_batch
from longlist.engine.cells import CellRunner
from longlist.engine.table_imports import import_results
from longlist.engine.table_reader import verify_table
from longlist.engine.tables import Tables
from longlist.errors import BudgetSpent, Unavailable
from longlist.model.table import Agent, ColumnConfig, NewRow, PeopleFinder, Table, Tally
from longlist.store.open import SqlStore

ACME = """\
Acme
Acme makes anvils for blacksmiths and cartoon coyotes.
Acme was founded in 1999 in Graz. The company is headquartered in Graz, Austria.
Jane Doe, Chief Executive Officer
Our CTO John Roe runs the forge. Founded in 1999 by Mary Major.
Write to hello@acme.com or call +43 316 123456.
"""
TEXTS = {"acme.com": ACME, "bolt.com": "Bolt\nBolt sells bolts to shipyards."}


def asks(key: str, prompt: str, form: str = "text", agent: str = "llm", labels: tuple[str, ...] = ()) -> ColumnConfig:
    return ColumnConfig("agent", key, key, Agent(agent, prompt, form, labels))


async def table_with(store: SqlStore, *configs: ColumnConfig, rows: tuple[str, ...] = ("acme.com",)) -> Table:
    tables = Tables(store)
    table = await tables.create("Some", columns=configs)
    await tables.add_rows(table.id, [NewRow({"input": one}) for one in rows])
    return table


async def make(store: SqlStore, table: Table, mode: str = "new", *, kit=None, columns=None, **parts) -> None:
    kit = kit or make_kit(PageEnricher(TEXTS), **parts)
    ids = None if columns is None else [table.column(key).id for key in columns]
    await Tables(store).run(table.id, mode, columns=ids)

    async def fresh():
        return kit

    await CellRunner(store, fresh).until_idle()


async def cells(store: SqlStore, table: Table) -> list[dict[str, object]]:
    """Per row: key -> answer, or (status, error)."""
    rows = [row async for some in store.rows(table.id) for row in some]
    return [
        {
            column.config.key: (
                cell.value.answer if cell.status == "done" and cell.value else (cell.status, cell.error)
            )
            for column in table.columns
            if (cell := row.cells.get(column.id)) is not None
        }
        for row in rows
    ]


async def test_what_is_known_of_a_company_is_answered_from_its_pages_and_proven(store: SqlStore) -> None:
    table = await table_with(
        store,
        asks("founding_year", "In which year was {company_name} founded?", "numeric"),
        asks("hq_country", "In which country is its headquarters?"),
        asks("line", "Describe {company_name} in one sentence."),
        asks("mail", "What is its e-mail address?", "email"),
        asks("phone", "What is its telephone number?", "phone"),
        asks("soc2", "Does it have a SOC 2 certificate?", "select", labels=("Yes", "No")),
        asks("fleet", "How many aircraft does it own?", "numeric"),
        ColumnConfig("criterion_grade", "anvils", "Anvils", criterion="Makes anvils for blacksmiths."),
        rows=("https://www.acme.com/about?x=1", "Acme Corporation", "nobody.com", ""),
    )
    await make(store, table)
    first, named, gone, empty = await cells(store, table)
    assert first == {
        "company_profile": "Acme makes anvils for blacksmiths and cartoon coyotes.",
        "company_name": "Acme",
        "company_website": "acme.com",
        "founding_year": 1999,
        "hq_country": "Austria",
        "line": "Acme makes anvils for blacksmiths and cartoon coyotes.",
        "mail": "hello@acme.com",
        "phone": "+43 316 123456",
        "soc2": "Not found",
        "fleet": "Not found",
        "anvils": first["anvils"],
    }
    assert first["anvils"] in (4, 5)
    assert named == first
    assert set(gone.values()) == set(empty.values()) == {"Not found"}
    proof = await verify_table(store, table)
    assert proof.failures == ()
    assert proof.checked > 12
    rows = [row async for some in store.rows(table.id) for row in some]
    assert rows[0].profile_id == rows[1].profile_id is not None
    for row in rows[:2]:
        for key in ("founding_year", "hq_country", "line", "mail", "phone", "anvils"):
            assert row.cells[table.column(key).id].value.evidence, key
    assert "does not answer" in rows[2].cells[table.column("line").id].value.explanation


async def test_a_cell_is_made_after_those_it_needs_with_what_they_came_to(store: SqlStore) -> None:
    asked = Counting(lambda question: question.prompt.upper())
    table = await table_with(store, asks("c", "[{b}]"), asks("a", "on {input}"), asks("b", "({a})"))
    await make(store, table, llm=asked, columns=["c"])
    assert (await cells(store, table))[0] == {"a": "ON ACME.COM", "b": "(ON ACME.COM)", "c": "[(ON ACME.COM)]"}
    assert [question.key for question in asked.asked] == ["a", "b", "c"]


async def test_one_failed_cell_stops_no_other_and_is_told_by_those_that_need_it(store: SqlStore) -> None:
    def fails(question):
        return (
            Unavailable("The model is out.") if question.key == "a" and "bolt" in question.prompt else question.prompt
        )

    table = await table_with(
        store, asks("a", "{input}"), asks("b", "{a}"), asks("c", "x"), rows=("acme.com", "bolt.com")
    )
    asked = Counting(fails)
    await make(store, table, llm=asked, columns=["a", "b", "c"])
    first, second = await cells(store, table)
    assert first == {"a": "acme.com", "b": "acme.com", "c": "x"}
    assert second["a"] == ("failed", "The model is out.")
    assert second["b"] == ("failed", "It needs 'a', which failed: The model is out.")
    assert second["c"] == "x"
    await make(store, table, "failed", llm=Counting(lambda question: "mended"))
    assert (await cells(store, table))[1] == {"a": "mended", "b": "mended", "c": "x"}
    await make(store, table, "all", columns=["a"], llm=Counting(lambda question: ValueError("broken")))
    broken = (await cells(store, table))[0]["a"]
    assert (broken[0], "fault in Longlist" in broken[1]) == ("failed", True)
    assert (await store.row(table.id, (await rows_of(store, table))[0])).cells[table.column("a").id].value is not None


async def status_of(store: SqlStore, table: Table, key: str) -> str:
    row = await store.row(table.id, (await rows_of(store, table))[0])
    return row.cells[table.column(key).id].status


async def rows_of(store: SqlStore, table: Table) -> list[str]:
    return [row.id async for some in store.rows(table.id) for row in some]


async def test_a_cell_that_takes_for_ever_fails_and_the_others_are_made(
    store: SqlStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cell_batch, "CELL_SECONDS", 0.05)
    table = await table_with(store, asks("slow", "?", agent="research_pro"), asks("quick", "?"))
    await make(store, table, columns=["slow", "quick"], research_pro=Sleeping(), llm=Counting(lambda _: "x"))
    (row,) = await cells(store, table)
    assert (row["slow"][0], "took longer" in row["slow"][1], row["quick"]) == ("failed", True, "x")


async def test_a_spent_budget_or_a_lost_site_is_told_in_each_cell_it_stands_in_the_way_of(store: SqlStore) -> None:
    table = await table_with(store, asks("a", "?"))
    await make(store, table, kit=make_kit(PageEnricher(TEXTS, BudgetSpent("The run has spent its 0.01 dollars."))))
    (row,) = await cells(store, table)
    assert set(row.values()) == {("failed", "The run has spent its 0.01 dollars.")}
    assert (await store.tally(table.id)).waiting == 0


async def test_a_fault_before_any_cell_is_begun_ends_them_all_with_its_reason(store: SqlStore) -> None:
    table = await table_with(store, asks("a", "?"), rows=("acme.com", "bolt.com"))
    await make(store, table, kit=make_kit(PageEnricher(TEXTS, KeyError("page"))))
    for row in await cells(store, table):
        assert {status for status, _ in row.values()} == {"failed"}
        assert "fault in Longlist" in row["a"][1]
        assert "KeyError" in row["a"][1]
    assert (await store.tally(table.id)).waiting == 0
    await make(store, table, "failed", columns=["a"], llm=Counting(lambda _: "x"))
    assert [row["a"] for row in await cells(store, table)] == ["x", "x"]


async def test_a_cell_that_several_workers_did_not_survive_is_given_up(store: SqlStore) -> None:
    table = await table_with(store, asks("a", "?"))
    await Tables(store).run(table.id, columns=[table.column("a").id])
    for number in range(cell_batch.MOST_ATTEMPTS):
        assert len(await store.claim_cells(f"dead {number}", -1, 10)) == 1
    await make(store, table, "failed")
    (row,) = await cells(store, table)
    assert row["a"][0] == "failed"
    assert f"ended {cell_batch.MOST_ATTEMPTS} times" in row["a"][1]
    await make(store, table, "failed", llm=Counting(lambda _: "x"))
    assert (await cells(store, table))[0]["a"] == "x"


async def test_a_runner_that_is_stopped_gives_back_what_was_under_way(store: SqlStore) -> None:
    table = await table_with(store, asks("a", "?"), asks("b", "?"))
    kit = make_kit(PageEnricher(TEXTS), llm=Sleeping())

    async def fresh():
        return kit

    await Tables(store).run(table.id, columns=[table.column("a").id])
    stop = asyncio.Event()
    running = asyncio.create_task(CellRunner(store, fresh).run(stop))
    async with asyncio.timeout(20):
        while await status_of(store, table, "a") != "in_progress":
            await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(running, 20)
    (cell,) = await store.claim_cells("next", 60_000, 10)
    assert cell.attempts == 1


async def test_a_table_that_is_deleted_while_it_is_run_ends_in_peace(store: SqlStore) -> None:
    table = await table_with(store, asks("a", "?"))

    class Deleting:
        async def answer(self, question):
            await store.delete_table(table.id)
            raise Unavailable("Gone.")

    await make(store, table, llm=Deleting(), columns=["a"])
    assert await store.has_waiting_cells() is False


async def test_people_are_found_on_the_pages_and_put_below_their_company_once(store: SqlStore) -> None:
    finder = ColumnConfig("company_people_finder", "chiefs", "Chiefs", finder=PeopleFinder(("CEO", "CTO", "Founder")))
    table = await table_with(store, finder, rows=("acme.com", "bolt.com"))
    for mode in ("new", "all"):
        await make(store, table, mode, columns=["chiefs"])
    found, none = (row["chiefs"] for row in await cells(store, table))
    assert [(one["full_name"], one["role"]) for one in found] == [
        ("Jane Doe", "Chief Executive Officer"),
        ("John Roe", "CTO"),
        ("Mary Major", "Founder"),
    ]
    assert none == "Not found"
    (child_id,) = (await store.table(table.id)).child_ids
    below = await store.table(child_id)
    people = [row async for some in store.rows(below.id) for row in some]
    assert (below.kind, below.parent_id, len(people)) == ("people", table.id, 3)
    assert people[0].parent_row_id == (await rows_of(store, table))[0]
    assert people[0].cells[below.column("full_name").id].value.answer == "Jane Doe"
    assert (await verify_table(store, below)).failures == ()
    greeting = asks("greeting", "{full_name} of {company_name}: {role}")
    await Tables(store).add_columns(below.id, [greeting])
    below = await store.table(below.id)
    await make(store, below, columns=["greeting"], llm=Counting(lambda question: question.prompt))
    assert (await cells(store, below))[0]["greeting"] == "Jane Doe of Acme: Chief Executive Officer"


async def test_a_person_without_a_profile_is_looked_for_by_name_and_one_without_a_name_is_not(store: SqlStore) -> None:
    finder = ColumnConfig("company_people_finder", "chiefs", "Chiefs", finder=PeopleFinder(("CEO",)))
    table = await table_with(store, finder)
    await make(store, table, columns=["chiefs"])
    (child_id,) = (await store.table(table.id)).child_ids
    await Tables(store).add_columns(child_id, [ColumnConfig("email_finder", "mail", "Mail")])
    await Tables(store).add_rows(child_id, [NewRow({"input": ""})])
    below = await store.table(child_id)
    finding = Counting(lambda question: f"{question.subject.values['full_name']} at {question.subject.domain}")
    await make(store, below, columns=["mail"], email_finder=finding)
    found, nameless = await cells(store, below)
    assert found["profile_url"][0] == "failed"
    assert found["mail"] == "Jane Doe at acme.com"
    assert nameless["mail"][0] == "failed"
    assert "which failed" in nameless["mail"][1]


async def test_importing_again_changes_nothing(store: SqlStore) -> None:
    assert await import_results(store) == 0
    assert (await store.tally((await table_with(store)).id)) == Tally(1)
