"""Databases as a whole: bringing one up to date, copying one into another."""

from collections.abc import Callable, Collection

from longlist.settings import Settings
from longlist.store.copy import copy
from longlist.store.open import bring_up_to_date, open_database


async def migrate_database(settings: Settings) -> tuple[str, str]:
    """Bring the database of these settings up to date; returns its revisions before and after, "" for none."""
    return await bring_up_to_date(settings.store_url)


async def copy_database(
    source_url: str, target_url: str, task_ids: Collection[str] | None, on_progress: Callable[[str, int], None]
) -> dict[str, int]:
    """Copy everything, or these tasks, from one database into another; returns how many rows were written, by kind."""
    async with open_database(source_url) as source, open_database(target_url) as target:
        return await copy(source, target, task_ids=task_ids, on_progress=on_progress)
