"""The whole of Longlist over one data directory."""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from longlist.discover.registry import Resources, check_sources, open_sources
from longlist.engine.catalogue import Catalogue
from longlist.engine.reader import TaskReader
from longlist.engine.search import Kit
from longlist.engine.service import Service
from longlist.enrich.enrich import RecordEnricher
from longlist.grade.rule_grader import RuleGrader
from longlist.settings import Settings
from longlist.store.open import SqlStore, open_store
from longlist.wiring.planning import now, rule_planner


@dataclass(frozen=True, slots=True)
class Home:
    """An open data directory: the store and the catalogue in it."""

    settings: Settings
    store: SqlStore
    catalogue: Catalogue

    @property
    def reader(self) -> TaskReader:
        """The tasks of this home, for reading."""
        return TaskReader(self.store)

    @property
    def service(self) -> Service:
        """What takes tasks in; needs no index."""
        return Service(self.store, check_sources)

    async def ready_kit(self, on_progress: Callable[[str, int], None] = lambda _step, _count: None) -> Kit:
        """What runs tasks, after the catalogue was brought up to date; on first use that takes some seconds."""
        index = await self.catalogue.open(on_progress)
        resources = Resources(index=index, home=self.settings.home)
        return Kit(
            store=self.store,
            planner=rule_planner(),
            sources=lambda names: open_sources(names, resources),
            enricher=RecordEnricher(self.store.records_of, now),
            grader=RuleGrader(index.idf),
        )


@contextlib.asynccontextmanager
async def open_home(settings: Settings) -> AsyncIterator[Home]:
    """The data directory of these settings, made when it is not there yet."""
    async with open_store(settings.store_url) as store:
        yield Home(settings, store, Catalogue(store, settings.home / "index", embedded=settings.embedded_catalog))
