"""What makes cells: the parts that tasks are made with, and who answers for each kind of column."""

import asyncio
from collections.abc import Mapping, Sequence

from longlist.catalog.index import CompanyIndex
from longlist.engine.cells import CellRunner
from longlist.engine.kit import Kit
from longlist.engine.table_kit import TableKit
from longlist.enrich.enrich import RecordEnricher
from longlist.model.company import Candidate
from longlist.model.web import Errand, Hit
from longlist.tables.answering import Answerer
from longlist.tables.contacts import GIVES, ContactFinder
from longlist.tables.local import LocalAnswerer
from longlist.tables.missing import WANTED, NotSetUp
from longlist.tables.people_cells import PersonAnswerer
from longlist.tables.research import REASONING, Researcher
from longlist.tables.transform import Transformer
from longlist.web.providers.registry import Providers
from longlist.web.seams import Contacts, PageReader
from longlist.web.takeover import first_answer
from longlist.wiring.clock import now
from longlist.wiring.home import Home
from longlist.wiring.models import Models

ALIKE = 0.95  # how like a company's name an input has to be, 1 being the same


class FirstSearch:
    """The search engines that are set up as one: where one cannot answer, the next takes over."""

    def __init__(self, providers: Providers) -> None:
        self._providers = providers

    async def search(self, text: str, page: int, errand: Errand) -> Sequence[Hit]:
        """The hits of a page, from 1."""
        taken = await first_answer(self._providers.searches, lambda one: one.search(text, page, errand))
        return taken.value


def answerers(
    models: Models | None, reader: PageReader, search: FirstSearch | None, contacts: Sequence[Contacts] = ()
) -> Mapping[str, Answerer]:
    """Who answers, by agent or kind of column; without a model, what is known does. `contacts` are asked about people."""
    local: Answerer = LocalAnswerer()
    reads = local if models is None else Researcher(models.cheap, reader, None, stronger=models.strong)
    people: dict[str, Answerer] = {kind: NotSetUp(kind) for kind in WANTED}
    for kind, part in GIVES.items():
        if any(part in one.gives for one in contacts):
            people[kind] = ContactFinder(kind, contacts, now, reads)
    people["linkedin"] = PersonAnswerer(people["linkedin"])
    if models is None:
        return {**people, "llm": local, "research_pro": local, "research_reasoning": local}
    return {
        **people,
        "llm": Transformer(models.cheap),
        "research_pro": Researcher(models.cheap, reader, search, stronger=models.strong),
        "research_reasoning": Researcher(models.strong, reader, search, effort=REASONING),
    }


def table_kit(home: Home, kit: Kit, index: CompanyIndex) -> TableKit:
    """The parts that cells are made with."""
    search = FirstSearch(home.providers) if home.settings.web and home.providers.searches else None

    async def find_company(name: str) -> Candidate | None:
        hits = await asyncio.to_thread(index.lookup, name, 2)
        if not hits or hits[0].score < ALIKE or (len(hits) > 1 and hits[1].score >= hits[0].score):
            return None
        return Candidate(hits[0].key, hits[0].name, hits[0].domain, "catalog")

    return TableKit(
        planner=kit.planner,
        enricher=kit.enricher,
        records=RecordEnricher(home.store.records_of, now),
        grader=kit.grader,
        cascade=kit.cascade.one_by_one() if kit.cascade is not None else None,
        answerers=answerers(home.models, home.pages, search, home.providers.contacts),
        find_company=find_company,
        caps=kit.caps,
        asks_outside=kit.asks_outside or home.models is not None or bool(home.providers.contacts),
    )


class _FreshTableKit:
    """The table kit of a home, made again when the catalogue has changed; one at a time."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._making = asyncio.Lock()
        self._kit: TableKit | None = None
        self._of = ""

    async def __call__(self) -> TableKit:
        async with self._making:
            fingerprint = await self._home.store.catalog_fingerprint()
            if self._kit is None or fingerprint != self._of:
                kit = await self._home.ready_kit()
                self._kit = table_kit(self._home, kit, await self._home.catalogue.open())
                self._of = fingerprint  # what changed while it was made is heeded the next time
            return self._kit


def cell_runner(home: Home) -> CellRunner:
    """What makes the cells of a home in this process."""
    return CellRunner(home.store, _FreshTableKit(home))
