"""What shows tasks and ends them: the store alone, so that it starts fast."""

import contextlib
from collections.abc import AsyncIterator

from longlist.engine.access import Access
from longlist.engine.control import TaskControl
from longlist.engine.costs import Costs
from longlist.engine.reader import TaskReader
from longlist.settings import Settings
from longlist.store.open import open_store
from longlist.wiring.clock import now


@contextlib.asynccontextmanager
async def open_reader(settings: Settings) -> AsyncIterator[TaskReader]:
    """The tasks of a data directory, for reading; the directory is made when it is not there yet."""
    async with open_store(settings.store_url) as store:
        yield TaskReader(store)


@contextlib.asynccontextmanager
async def open_costs(settings: Settings) -> AsyncIterator[Costs]:
    """What tasks spent; the data directory is made when it is not there yet."""
    async with open_store(settings.store_url) as store:
        yield Costs(store, TaskReader(store))


@contextlib.asynccontextmanager
async def open_tasks(settings: Settings) -> AsyncIterator[tuple[TaskReader, TaskControl]]:
    """The tasks of a data directory, for reading and for ending them; the directory is made when it is not there yet."""
    async with open_store(settings.store_url) as store:
        yield TaskReader(store), TaskControl(store)


@contextlib.asynccontextmanager
async def open_access(settings: Settings) -> AsyncIterator[Access]:
    """The tokens of a data directory; the directory is made when it is not there yet."""
    async with open_store(settings.store_url) as store:
        yield Access(store, now)
