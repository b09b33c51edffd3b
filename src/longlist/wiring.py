"""Settings -> Kit: the only place that picks implementations."""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from longlist.catalog.index import CompanyIndex
from longlist.discover.registry import Resources, open_sources
from longlist.engine.catalogue import Catalogue
from longlist.engine.reader import TaskReader
from longlist.engine.search import Kit
from longlist.engine.service import Service
from longlist.enrich.enrich import RecordEnricher
from longlist.grade.rule_grader import RuleGrader
from longlist.plan.rule_planner import RulePlanner
from longlist.settings import Settings
from longlist.store.open import SqlStore, open_store


def now() -> datetime:
    """The current time, UTC."""
    return datetime.now(tz=UTC)


def rule_planner() -> RulePlanner:
    """The planner that needs neither data nor model."""
    return RulePlanner(today=lambda: now().date())


@dataclass(frozen=True, slots=True)
class Home:
    """An open data directory: the store and the catalogue in it."""

    settings: Settings
    store: SqlStore
    catalogue: Catalogue

    @property
    def reader(self) -> TaskReader:
        """The tasks of this home, for reading; needs no index."""
        return TaskReader(self.store)

    def service(self, index: CompanyIndex) -> Service:
        """The service over this home's store and an opened index."""
        resources = Resources(index=index, home=self.settings.home)
        return Service(
            Kit(
                store=self.store,
                planner=rule_planner(),
                sources=lambda names: open_sources(names, resources),
                enricher=RecordEnricher(self.store.records_of, now),
                grader=RuleGrader(index.idf),
            )
        )

    async def ready_service(self, on_progress: Callable[[str, int], None] = lambda _step, _count: None) -> Service:
        """The service, after the catalogue was brought up to date; on first use that takes some seconds."""
        return self.service(await self.catalogue.open(on_progress))


@contextlib.asynccontextmanager
async def open_home(settings: Settings) -> AsyncIterator[Home]:
    """The data directory of these settings, made when it is not there yet."""
    async with open_store(settings.store_url) as store:
        yield Home(settings, store, Catalogue(store, settings.home / "index"))
