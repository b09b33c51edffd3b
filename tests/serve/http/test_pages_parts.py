"""Parts of the pages' door: streams that meet a lost database, and names of uploads."""

import pytest

from longlist.errors import StoreError
from longlist.model.access import Owner
from longlist.model.task import TaskSpec
from longlist.serve.web.live import look_at_tasks
from longlist.serve.web.table_files import NAME, _file_name


async def test_what_could_not_be_told_when_the_database_was_lost_is_told_the_next_time(api) -> None:
    owner: Owner = (await api.home.access.tokens())[0].owner
    task = await api.home.store.create(TaskSpec("ferries", 5), owner_id=owner.id)
    lost = [True]
    told: list[list[str]] = []

    async def tell(changed: list[str]) -> list[object]:
        if lost.pop():
            raise StoreError("The database is locked.")
        told.append(list(changed))
        return []

    look = look_at_tasks(api.home, owner.id, tell)
    with pytest.raises(StoreError):
        await look(-1)
    lost.append(False)
    batch = await look(-1)
    assert batch is not None
    assert task.id in told[0]
    assert await look(batch.rev) is None  # and once


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\lists\\mine.csv", "mine.csv"),
        ("a/b\0c.xlsx", "b_c.xlsx"),
        ("...", "upload.csv"),
        ("", "upload.csv"),
    ],
)
def test_the_name_of_an_upload_leads_nowhere_else(given: str, kept: str) -> None:
    assert _file_name(given) == kept


@pytest.mark.parametrize("letter", ["x", "é", "文", "\U0001d400"])
def test_a_long_name_of_an_upload_keeps_its_ending_and_fits_a_file_system(letter: str) -> None:
    kept = _file_name(f"{letter * 5_000}.csv")
    assert kept.endswith(".csv")
    assert len(kept.encode()) <= NAME
