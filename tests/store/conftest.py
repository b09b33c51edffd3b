"""One suite for every store: what is tested here must hold of the next database as well."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from databases import DATABASES, fresh
from longlist.store import SqlStore, open_store


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that has nothing in it."""
    with fresh(request, tmp_path / "store" / "app.db") as made:
        yield made


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    async with open_store(url) as opened:
        yield opened
