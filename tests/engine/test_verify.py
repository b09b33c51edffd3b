from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from longlist.engine.verify import Failure, Verification, verify
from longlist.errors import NotFound
from longlist.model.company import Candidate, CompanyProfile, Facts, Page
from longlist.model.criterion import Criterion, Evidence, Grade
from longlist.model.task import TaskSpec
from longlist.store import SqlStore, open_store
from longlist.store.tables import page

READ_AT = datetime(2026, 1, 2, tzinfo=UTC)
PAGE = Page("Acme sells  payment\nsoftware to ﬁne shops.", READ_AT, record="catalog:x:acme")
PROOF = Evidence("payment software", PAGE.hash, READ_AT, record=PAGE.record)
SELLS = Criterion("sells", "Sells", "Sells payment software.")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlStore]:
    async with open_store(f"sqlite:///{tmp_path}/app.db") as opened:
        yield opened


async def task_with(store: SqlStore, *grades: Grade) -> str:
    """A task in which the first company has the first grade, and so on."""
    task = await store.create(TaskSpec("payments", 1, (SELLS,)))
    keys = [f"c{number}.com" for number in range(len(grades))]
    await store.put_candidates(task.id, [Candidate(key, key, key, "catalog") for key in keys])
    profiles = [(key, CompanyProfile(key, f"{key} Inc", key, "", "", (), Facts(), (PAGE,))) for key in keys]
    await store.put_profiles(task.id, profiles)
    await store.put_grades(task.id, [(key, 0.5, (grade,)) for key, grade in zip(keys, grades, strict=True)])
    return task.id


async def test_a_task_whose_quotes_all_stand_is_proven(store: SqlStore) -> None:
    ligature = replace(PROOF, quote="to fine shops")
    task_id = await task_with(store, Grade("sells", 5, "", (PROOF, ligature)), Grade("sells", 1, "", (PROOF,)))
    assert await verify(store, task_id) == Verification(3, 3)


async def test_grades_without_proof_are_fine_up_to_three(store: SqlStore) -> None:
    task_id = await task_with(store, Grade("sells", None, ""), Grade("sells", 1, ""), Grade("sells", 3, ""))
    assert await verify(store, task_id) == Verification(0, 0)


@pytest.mark.parametrize(
    ("proof", "words"),
    [
        (replace(PROOF, quote="payment hardware"), "does not stand"),
        (replace(PROOF, quote=" "), "does not stand"),
        (replace(PROOF, hash="0" * 64), "not stored"),
        (replace(PROOF, record=None), "either a page or a catalogue record"),
        (replace(PROOF, url="https://acme.com"), "either a page or a catalogue record"),
    ],
)
async def test_a_quote_that_is_not_proven_is_named_with_the_reason(
    store: SqlStore, proof: Evidence, words: str
) -> None:
    task_id = await task_with(store, Grade("sells", 5, "", (PROOF, proof)))
    found = await verify(store, task_id)
    assert (found.checked, found.proven) == (2, 1)
    assert [(f.company, f.criterion, f.quote) for f in found.failures] == [("c0.com Inc", "sells", proof.quote)]
    assert words in found.failures[0].reason


async def test_a_high_grade_without_a_quote_is_a_failure(store: SqlStore) -> None:
    task_id = await task_with(store, Grade("sells", 4, ""), Grade("sells", 5, "", (PROOF,)))
    found = await verify(store, task_id)
    expected = Failure("c0.com Inc", "sells", "", "The grade is 4 but nothing is quoted for it.")
    assert found == Verification(2, 1, (expected,))


async def test_a_text_changed_in_the_database_is_found_out(store: SqlStore, tmp_path: Path) -> None:
    task_id = await task_with(store, Grade("sells", 5, "", (PROOF,)))
    async with store._database.writing() as connection:
        await connection.execute(update(page).values(text=PAGE.text + " And payment software."))
    assert "was changed" in (await verify(store, task_id)).failures[0].reason
    async with store._database.writing() as connection:
        await connection.execute(delete(page))
    assert "not stored" in (await verify(store, task_id)).failures[0].reason


async def test_all_companies_are_checked_not_only_those_shown(store: SqlStore) -> None:
    task_id = await task_with(store, *[Grade("sells", 5, "", (PROOF,))] * 230)
    assert await verify(store, task_id) == Verification(230, 230)


async def test_an_unknown_task_is_an_error(store: SqlStore) -> None:
    with pytest.raises(NotFound):
        await verify(store, "nope")
