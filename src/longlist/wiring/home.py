"""The whole of Longlist over one data directory."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import httpx2

from longlist.discover.choice import automatic
from longlist.discover.registry import Resources, check_sources, open_sources
from longlist.engine.access import Access
from longlist.engine.calls import Calls
from longlist.engine.catalogue import Catalogue
from longlist.engine.companies import Companies
from longlist.engine.control import TaskControl
from longlist.engine.kit import Kit
from longlist.engine.ledger import Ledger
from longlist.engine.owners import owner_here
from longlist.engine.reader import TaskReader
from longlist.engine.service import Service
from longlist.engine.tables import Tables
from longlist.engine.worker import Role, Work, Worker, WorkerRole
from longlist.enrich.encyclopaedia import Completer, EncyclopaediaFacts
from longlist.enrich.enrich import Enricher, RecordEnricher
from longlist.enrich.web_enricher import WebEnricher
from longlist.errors import Unavailable
from longlist.grade.rule_grader import RuleGrader
from longlist.model.call import Caps
from longlist.settings import Settings, load_network
from longlist.store.open import SqlStore, open_store
from longlist.store.postgres import is_postgres
from longlist.store.postgres_role import PostgresRole
from longlist.store.sqlite import sqlite_path
from longlist.store.turns import Pace
from longlist.web.providers.registry import NOBODY, Providers, open_providers
from longlist.web.reachable import Reachability
from longlist.wiring.clock import now
from longlist.wiring.models import Models, cascade, extractor, model_limits, open_models, planner, profiling
from longlist.wiring.pages import Pages, page_limits
from longlist.wiring.planning import rule_planner
from longlist.wiring.providers import client_of, desk_of, limits

SQLITE_POLL_SECONDS, POSTGRES_POLL_SECONDS = 0.05, 0.1  # how long work may wait unseen by a durable worker


@dataclass(frozen=True, slots=True)
class Home:
    """An open data directory: the store and the catalogue in it, the one way to the outside, and who reads its pages."""

    settings: Settings
    store: SqlStore
    catalogue: Catalogue
    calls: Calls
    pages: Pages
    client: httpx2.AsyncClient
    providers: Providers = NOBODY
    models: Models | None = None

    @property
    def reader(self) -> TaskReader:
        """The tasks of this home, for reading."""
        return TaskReader(self.store)

    @property
    def service(self) -> Service:
        """What takes tasks in; needs no index. What it makes is the worker's to run, when there is one."""
        return Service(self.store, check_sources, is_queued=worker_role(self.settings).is_taken())

    @property
    def companies(self) -> Companies:
        """Instant company search; to be opened."""
        return Companies(self.catalogue, self.store, self.settings.home / "learned", rule_planner().understand)

    @property
    def access(self) -> Access:
        """Tokens."""
        return Access(self.store, now)

    def worker(self, role: Role) -> Work:
        """What runs queued tasks in this process, which took the role."""
        kit = _FreshKit(self)
        if not is_durable(self.settings):
            return Worker(self.store, kit, is_held=role.is_held)
        from longlist.engine.durable import DurableRuns, at_once_for, file_of  # noqa: PLC0415 - an extra, and slow
        from longlist.engine.durable_worker import DurableWorker  # noqa: PLC0415

        url, at_once = self.settings.store_url, at_once_for(self.settings.calls_at_once)
        on_postgres = is_postgres(url)
        place = url if on_postgres else file_of(sqlite_path(url))
        poll = POSTGRES_POLL_SECONDS if on_postgres else SQLITE_POLL_SECONDS
        return DurableWorker(
            self.store,
            lambda: DurableRuns(place, role.worker_id, kit, poll=poll, at_once=at_once),
            role.worker_id,
            is_held=role.is_held,
            silent_seconds=role.silent_seconds,
            poll=poll,
        )

    def reader_of(self, owner_id: str) -> TaskReader:
        """One owner's tasks, for reading."""
        return TaskReader(self.store, owner_id)

    def control_of(self, owner_id: str) -> TaskControl:
        """What pauses, stops and deletes one owner's tasks."""
        return TaskControl(self.store, owner_id)

    def service_of(self, owner_id: str) -> Service:
        """What takes one owner's tasks in, for a worker to run."""
        return Service(self.store, check_sources, owner_id, is_queued=True)

    def tables_of(self, owner_id: str | None) -> Tables:
        """What a user can do to tables; None is whoever may read the data directory."""
        return Tables(self.store, owner_id)

    async def ready_kit(self, on_progress: Callable[[str, int], None] = lambda _step, _count: None) -> Kit:
        """What runs tasks, after the catalogue was brought up to date; on first use that takes some seconds."""
        index = await self.catalogue.open(on_progress)
        resources = Resources(
            index=index,
            home=self.settings.home,
            calls=self.calls,
            providers=self.providers,
            reader=self.pages if self.settings.web else None,
            extractor=extractor(self.models),
        )
        is_reachable = Reachability(load_network())
        return Kit(
            store=self.store,
            planner=planner(self.models),
            sources=lambda names: open_sources(names, resources),
            enricher=self._enricher(is_reachable),
            grader=RuleGrader(index.idf),
            completer=self._completer(is_reachable),
            cascade=cascade(self.models, index.idf),
            caps=caps_of(self.settings),
            freshness=lambda: window(now(), self.settings.fresh_days),
            choose_sources=automatic,
            asks_outside=self.settings.web,
        )

    def _completer(self, is_reachable: Reachability) -> Completer | None:
        """Who adds facts to profiles, if anybody outside does."""
        known = self.providers.encyclopaedias
        return EncyclopaediaFacts(known, now, is_reachable) if self.settings.web and known else None

    def _enricher(self, is_reachable: Reachability) -> Enricher:
        """Who makes profiles: from companies' own sites where anything outside may be asked, else from records."""
        if not self.settings.web:
            return RecordEnricher(self.store.records_of, now)
        by_rules = WebEnricher(self.pages, self.store.records_of, now, is_reachable)
        return profiling(by_rules, self.models, self.settings)


class _FreshKit:
    """The kit of a home, made again when the catalogue has changed; one at a time, however many tasks begin."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._made = asyncio.Lock()
        self._kit: Kit | None = None
        self._of = ""

    async def __call__(self) -> Kit:
        async with self._made:
            fingerprint = await self._home.store.catalog_fingerprint()
            if self._kit is None or fingerprint != self._of:
                self._kit = await self._home.ready_kit()
                self._of = fingerprint  # what changed while it was made is heeded the next time
            return self._kit


def worker_role(settings: Settings) -> Role:
    """Who runs the queued tasks of the database of these settings: one process, or several with durable runs on Postgres."""
    if is_postgres(settings.store_url):
        seconds = settings.takeover_seconds
        return PostgresRole(settings.store_url, owner_here(), is_shared=is_durable(settings), silent_seconds=seconds)
    database = sqlite_path(settings.store_url)
    return WorkerRole(Path(f"{database}.worker"), owner_here())


def is_durable(settings: Settings) -> bool:
    """Whether workers run tasks with DBOS. Unavailable when that is set and it is not installed."""
    is_there = find_spec("dbos") is not None
    if settings.engine == "dbos" and not is_there:
        raise Unavailable(
            "The engine dbos is set (LONGLIST_ENGINE) but not installed: `pip install longlist[engine]`, or set direct."
        )
    wants = settings.engine == "dbos" or (settings.engine == "auto" and is_postgres(settings.store_url))
    return wants and is_there


def caps_of(settings: Settings) -> Caps:
    """What each task may spend by these settings."""
    return Caps(micros_of(settings.task_dollars), settings.task_calls, settings.task_tokens, settings.task_minutes)


def micros_of(dollars: Decimal | None) -> int | None:
    """Dollars in millionths, None for no limit."""
    return None if dollars is None else int(dollars * 1_000_000)


def window(moment: datetime, days: int) -> str:
    """The freshness of a moment: answers are used again within the same `days`, counted from 1970."""
    return f"{days}d {int(moment.timestamp()) // (days * 86_400)}"


@contextlib.asynccontextmanager
async def open_home(
    settings: Settings, *, pace: Pace = "usual", may_call: Callable[[], bool] = lambda: True
) -> AsyncIterator[Home]:
    """The data directory of these settings, made when it is not there yet; `pace` as for `open_store`.

    `may_call` says whether calls to the outside may still leave: a worker that lost its role makes none.
    """
    async with (
        open_store(settings.store_url, pace=pace) as store,
        client_of(settings) as client,
        Calls(
            Ledger(store, day_micros=micros_of(settings.day_dollars)),
            store.control,
            at_once=settings.calls_at_once,
            may_call=may_call,
            providers={**limits(settings), **page_limits(settings), **model_limits(settings)},
        ) as calls,
        Pages(settings, calls, store) as pages,
        open_models(settings, calls, load_network()) as models,
    ):
        catalogue = Catalogue(store, settings.home / "index", embedded=settings.embedded_catalog)
        providers = open_providers(desk_of(settings, calls, client)) if settings.web else NOBODY
        yield Home(settings, store, catalogue, calls, pages, client, providers, models)
