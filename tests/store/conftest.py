"""One suite for every store: what is tested here must hold of the next database as well."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from longlist.store import SqlStore, open_store

DATABASES = ["sqlite"]


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    return f"{request.param}:///{tmp_path / 'store' / 'app.db'}"


@pytest.fixture
async def store(url: str) -> AsyncIterator[SqlStore]:
    async with open_store(url) as opened:
        yield opened
