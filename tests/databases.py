"""The databases that tests run on: a file of SQLite, and a server of Postgres where one can be started."""

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import postgres
from longlist.store.open import bring_up_to_date

DATABASES = ["sqlite", "postgres"]


@contextlib.contextmanager
def fresh(request: pytest.FixtureRequest, file: Path) -> Iterator[str]:
    """The URL of a database that has nothing in it, of the kind that is the fixture's parameter."""
    if request.param == "sqlite":
        yield f"sqlite:///{file}"
        return
    cluster: postgres.Cluster = request.getfixturevalue("cluster")
    url = cluster.ready(lambda made: asyncio.run(bring_up_to_date(made)))
    yield url
    cluster.drop(url)


def needs_postgres() -> None:
    """Skip the test, saying why, where no server can be started. Not in CI: there nothing is left out unseen."""
    if why := postgres.lack():
        if os.environ.get("CI"):
            pytest.fail(f"{why}; with CI set every database is tested", pytrace=False)
        pytest.skip(why)
