"""The engine runs on every database alike."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from databases import DATABASES, fresh
from longlist.store.open import SqlStore, open_store


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, home: Path) -> Iterator[str]:
    """The URL of a database that has nothing in it."""
    with fresh(request, home / "app.db") as made:
        yield made


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    async with open_store(url) as opened:
        yield opened
