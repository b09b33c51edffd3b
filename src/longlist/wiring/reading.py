"""What shows tasks: the store alone, so that it starts fast."""

import contextlib
from collections.abc import AsyncIterator

from longlist.engine.reader import TaskReader
from longlist.settings import Settings
from longlist.store.open import open_store


@contextlib.asynccontextmanager
async def open_reader(settings: Settings) -> AsyncIterator[TaskReader]:
    """The tasks of a data directory, for reading; the directory is made when it is not there yet."""
    async with open_store(settings.store_url) as store:
        yield TaskReader(store)
