"""Databases of each earlier version: brought up to date, and their half-done tasks finished."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, MetaData, create_engine, select, text

from databases import DATABASES
from longlist.engine.kit import Kit
from longlist.engine.search import run_task
from longlist.model.criterion import Criterion
from longlist.model.task import TaskSpec
from longlist.store.migrate import config
from longlist.store.open import SqlStore, bring_up_to_date, open_store
from longlist.store.revision import known, newest
from longlist.testing import FakeSource, made_up, make_kit

pytestmark = pytest.mark.slow
CRITERIA = (Criterion("brews", "Brews beer", "The company brews craft beer in its own brewery."),)
BREWS = "It brews craft beer in its own brewery and sells it in bottles."
PAINTS = "It makes paint for wooden boats."
POOL = [made_up(number, PAINTS if number % 4 else BREWS) for number in range(120)]
EARLIER = sorted(known() - {newest()})


class Leaving(Exception):
    """The process ends."""


def engine_of(url: str) -> Engine:
    if url.startswith("sqlite"):
        return create_engine(url)
    driver = url.replace("postgresql:", "postgresql+psycopg:")
    return create_engine(driver, connect_args={"options": "-c search_path=app"})


@pytest.fixture(params=DATABASES)
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Two empty databases."""
    if request.param == "sqlite":
        yield tuple(f"sqlite:///{tmp_path / name}" for name in ("new.db", "old.db"))
        return
    cluster = request.getfixturevalue("cluster")
    made = cluster.empty(), cluster.empty()
    yield made
    for url in made:
        cluster.drop(url)


def earlier(connection: Connection, revision: str) -> None:
    """Make the tables as they were at a revision."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("CREATE SCHEMA app"))
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, revision)


def take_over_rows(source: Connection, target: Connection) -> None:
    """Copy all rows, as far as the target has tables and columns for them."""
    there, here = MetaData(), MetaData()
    there.reflect(source)
    here.reflect(target)
    for table in here.sorted_tables:
        if table.name == "alembic_version" or table.name not in there.tables:
            continue
        for row in source.execute(select(there.tables[table.name])).mappings():
            values = {c.name: row[c.name] for c in table.columns if row.get(c.name) is not None}
            key = next(iter(table.primary_key))
            if target.execute(select(key).where(key == values[key.name])).first() is None or len(table.primary_key) > 1:
                target.execute(table.insert().values(values))


async def outcome(store: SqlStore, task_id: str) -> list:
    return [(r.candidate.key, r.grades) for r in await store.results(task_id, qualified_only=False)]


@pytest.mark.parametrize("revision", EARLIER)
async def test_a_database_of_an_earlier_version_opens_and_its_half_done_tasks_are_finished(urls, revision: str):
    new, old = urls
    async with open_store(new) as store:
        kit = make_kit(store, FakeSource("fake", POOL))

        class Half:
            """An enricher whose process ends after the first batch."""

            async def enrich(self, candidates, *rest) -> list:
                if (await store.progress(task.id)).enriched:
                    raise Leaving
                return await kit.enricher.enrich(candidates, *rest)

        whole = await store.create(TaskSpec("craft beer breweries", wanted=50, criteria=CRITERIA))
        expected_end = await run_task(kit, whole.id)
        expected = await outcome(store, whole.id)
        task = await store.create(TaskSpec("craft beer breweries", wanted=50, criteria=CRITERIA))
        broken = Kit(store, kit.planner, kit.sources, Half(), kit.grader)
        assert (await run_task(broken, task.id)).status == "failed"
        await store.raise_target(task.id, 50)
        half = await store.progress(task.id)
        assert 0 < half.enriched < half.discovered
    source, target = engine_of(new), engine_of(old)
    with source.begin() as reading, target.begin() as writing:
        earlier(writing, revision)
        take_over_rows(reading, writing)
    source.dispose()
    target.dispose()
    async with open_store(old) as store:
        assert await store.progress(task.id) == half
        ended = await run_task(make_kit(store, FakeSource("fake", POOL)), task.id)
        assert (ended.stop_reason, ended.is_exhausted) == (expected_end.stop_reason, expected_end.is_exhausted)
        assert await outcome(store, task.id) == expected
        assert await outcome(store, whole.id) == expected


async def test_a_migration_killed_at_any_moment_leaves_the_earlier_database_and_is_done_by_the_next(urls):
    new, old = urls
    async with open_store(new) as store:
        task = await store.create(TaskSpec("craft beer breweries", wanted=50, criteria=CRITERIA))
        await store.put_candidates(task.id, [made_up(number, BREWS) for number in range(20)])
        before = await store.progress(task.id)
    source, target = engine_of(new), engine_of(old)
    with source.begin() as reading, target.begin() as writing:
        earlier(writing, EARLIER[0])
        take_over_rows(reading, writing)
    source.dispose()
    target.dispose()
    moments = ["1", "10", "25", "commit"]
    command_line = [sys.executable, str(Path(__file__).with_name("killed_migrations.py")), old, *moments]
    env = os.environ | {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    ran = subprocess.run(command_line, env=env, check=True, capture_output=True, text=True)  # noqa: ASYNC221
    assert ran.stdout.split("\n")[:-1] == ["killed"] * len(moments)
    assert await bring_up_to_date(old) == (EARLIER[0], newest())
    async with open_store(old) as store:
        assert await store.progress(task.id) == before
