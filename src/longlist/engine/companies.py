"""Company search, at once: by text, by likeness, by identifier, over the catalogue and all that tasks learned.

Opening brings both indexes up to date; `refresh` does so again and costs next to nothing when nothing changed. Searches
go on over the old snapshot meanwhile. Only the profiles of the page asked for, and of those the grader puts in order,
are read from the store.
"""

import asyncio
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, TypeVar
from uuid import UUID

from longlist.catalog.hits import Hits
from longlist.catalog.layers import Layers
from longlist.catalog.lookup import company_id
from longlist.catalog.records import merge
from longlist.engine.catalogue import Catalogue
from longlist.engine.company_filters import Filters, passing
from longlist.engine.company_ranking import MAX_DEPTH, alike, find, rerank, shortened
from longlist.engine.learned import Learned
from longlist.errors import NotFound
from longlist.language.domains import own_domain, registered_domain
from longlist.model.company import CompanyProfile, Facts, Record
from longlist.model.plan import Plan
from longlist.store.store import CatalogStore, CompanyStore

__all__ = ["MAX_DEPTH", "MAX_LIMIT", "Companies", "Company", "CompanyPage", "Filters"]

MAX_LIMIT = 250  # companies of one page
KEPT_ENTRIES = 50  # answers to filters with more entries are not kept: the filters would fill the memory
ANSWERS = 256  # answers kept, so that their next pages cost nothing
PROFILES = 10_000  # profiles kept, as short as the grader reads them: some 20 MB
MAX_IDENTIFIER = 2000  # letters
AT_ONCE = max(1, min(4, os.cpu_count() or 1))  # threads that work for searches; more would keep the event loop waiting

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")


class _Store(CatalogStore, CompanyStore, Protocol):
    """What company search asks of the store."""


@dataclass(frozen=True, slots=True)
class Company:
    """A company found. `id` never changes; `score`, 0 to 1, orders one answer; `profile` comes without its pages."""

    id: str
    profile: CompanyProfile
    score: float


@dataclass(frozen=True, slots=True)
class CompanyPage:
    """One page of an answer; `total` counts the companies of all its pages, MAX_DEPTH at the most."""

    companies: tuple[Company, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """Both indexes at one moment, and what was worked out over them."""

    layers: Layers
    answers: OrderedDict[object, Hits] = field(default_factory=OrderedDict)
    profiles: OrderedDict[str, CompanyProfile] = field(default_factory=OrderedDict)


class Companies:
    """Company search over a catalogue and the profiles of a store. `open` it first.

    `folder` holds the index over what tasks learned; `understand` plans a text (`RulePlanner.understand`).
    """

    def __init__(self, catalogue: Catalogue, store: _Store, folder: Path, understand: Callable[[str], Plan]) -> None:
        self._catalogue = catalogue
        self._store = store
        self._learned = Learned(store, folder)
        self._understand = understand
        self._one_refresh = asyncio.Lock()
        self._at_once = asyncio.Semaphore(AT_ONCE)
        self._now: _Snapshot | None = None

    async def open(self, on_progress: Callable[[str, int], None] = lambda _step, _count: None) -> None:
        """Bring both indexes up to date, building what is missing; `on_progress` gets (step, companies).

        Raises CatalogError when the data packages or the folders cannot be used.
        """
        async with self._one_refresh:
            base = await self._catalogue.open(on_progress)
            over = await self._learned.open()
            self._now = _Snapshot(await asyncio.to_thread(Layers, base, over))

    async def refresh(self) -> None:
        """Take in what was written since, by whichever process: profiles, and a changed catalogue. Cheap when nothing was.

        Searches go on over the old state until the new one is complete. To be called before a search, or now and then.
        """
        async with self._one_refresh:
            before = self._snapshot.layers
            base, over = before.base, before.over
            if await self._store.catalog_fingerprint() != base.fingerprint:
                base = await self._catalogue.open()
            over = await self._learned.caught_up(over)
            if base is not before.base or over is not before.over:
                self._now = _Snapshot(await asyncio.to_thread(Layers, base, over, before))

    async def search(self, text: str, filters: Filters | None = None, offset: int = 0, limit: int = 20) -> CompanyPage:
        """Companies of a name, domain or description, best first; conditions in the text are understood.

        InvalidInput for filters that cannot be.
        """
        now, asked = self._snapshot, await _checked(filters)
        key = ("search", text.strip(), asked)
        hits = now.answers.get(key)
        if hits is None:
            found = await self._worked(lambda: find(now.layers, self._understand, text, passing(asked, now.layers)))
            profiles = await self._profiles(now, found.graded.tolist())
            hits = await self._worked(lambda: rerank(now.layers, found, profiles))
        if asked.entries <= KEPT_ENTRIES:
            _keep(now.answers, [(key, hits)], ANSWERS)
        return await self._page(now, hits, offset, limit)

    async def similar(
        self, identifier: str, filters: Filters | None = None, offset: int = 0, limit: int = 20
    ) -> tuple[Company, CompanyPage]:
        """The company with an identifier, and those most like it, best first. NotFound when there is no such company."""
        now, asked = self._snapshot, await _checked(filters)
        row, seed = await self._identified(now, identifier)
        key = ("similar", seed.key, asked)
        hits = now.answers.get(key)
        if hits is None:
            hits = await self._worked(lambda: alike(now.layers, seed, row, passing(asked, now.layers)))
        if asked.entries <= KEPT_ENTRIES:
            _keep(now.answers, [(key, hits)], ANSWERS)
        return _company(seed, 1.0), await self._page(now, hits, offset, limit)

    async def lookup(self, identifier: str) -> Company:
        """The company with a domain, a URL in any form, an id, a profile's id, or a record's key. NotFound without one."""
        _, profile = await self._identified(self._snapshot, identifier)
        return _company(profile, 1.0)

    async def _worked(self, work: Callable[[], T]) -> T:
        async with self._at_once:
            return await asyncio.to_thread(work)

    @property
    def _snapshot(self) -> _Snapshot:
        assert self._now is not None, "open() comes first"
        return self._now

    async def _identified(self, now: _Snapshot, identifier: str) -> tuple[int | None, CompanyProfile]:
        """The row and profile of a company; no row when only a task's profile is left of it."""
        asked = identifier.strip()[:MAX_IDENTIFIER]
        version: CompanyProfile | None = None
        rows = await asyncio.to_thread(_rows_of, now.layers, asked)
        if not rows and (name := _uuid(asked)):
            version = await self._store.profile_with_id(name)
            rows = [] if version is None else await asyncio.to_thread(now.layers.called, version.key)
        if rows:
            return rows[0], (await self._profiles(now, rows[:1]))[0]
        if version is None:
            raise NotFound(f"There is no company {identifier.strip()[:200]!r} here. Ask by its domain or id.")
        return None, replace(version, pages=())

    async def _page(self, now: _Snapshot, hits: Hits, offset: int, limit: int) -> CompanyPage:
        part = slice(max(offset, 0), max(offset, 0) + min(max(limit, 0), MAX_LIMIT))
        profiles = await self._profiles(now, hits.rows[part].tolist())
        found = [_company(p, float(score)) for p, score in zip(profiles, hits.scores[part], strict=True)]
        return CompanyPage(tuple(found), len(hits))

    async def _profiles(self, now: _Snapshot, rows: Sequence[int]) -> list[CompanyProfile]:
        """The profiles of some rows, in order, shortened; one whose rows are gone has a name and a domain only."""
        heads = [now.layers.head(row) for row in rows]
        found = {head.key: now.profiles[head.key] for head in heads if head.key in now.profiles}
        missing = [(row, head.key) for row, head in zip(rows, heads, strict=True) if head.key not in found]
        if missing:
            learned = await self._store.learned_profiles(
                [key for row, key in missing if now.layers.is_learned(row)], with_texts=True
            )
            records = await self._store.records_of([key for row, key in missing if not now.layers.is_learned(row)])
            read = await self._worked(lambda: _shortened(learned, records))
            found |= read
            _keep(now.profiles, read.items(), PROFILES)
        return [found.get(head.key) or _bare(head.key, head.name, head.domain) for head in heads]


async def _checked(filters: Filters | None) -> Filters:
    """The filters, checked; long ones beside the event loop."""
    if filters is None:
        return Filters()
    return filters.checked() if filters.entries <= KEPT_ENTRIES else await asyncio.to_thread(filters.checked)


def _shortened(learned: Mapping[str, CompanyProfile], records: Mapping[str, list[Record]]) -> dict[str, CompanyProfile]:
    read_at = datetime.now(tz=UTC)
    merged = {key: merge(found, read_at) for key, found in records.items()}
    return {key: shortened(profile) for key, profile in {**merged, **learned}.items()}


def _bare(key: str, name: str, domain: str) -> CompanyProfile:
    return CompanyProfile(key, name, domain, "", "", (), Facts(), ())


def _company(profile: CompanyProfile, score: float) -> Company:
    return Company(company_id(profile.key), replace(profile, pages=()), min(max(score, 0.0), 1.0))


def _rows_of(layers: Layers, identifier: str) -> list[int]:
    """The rows an identifier may mean, best first: a company's id, a record's key, a domain in whatever address."""
    rows = layers.called(_uuid(identifier) or identifier)
    if rows or "." not in identifier:
        return rows
    domain = own_domain(identifier)
    if not domain and "/" not in identifier.split("://", 1)[-1].rstrip("/"):
        domain = registered_domain(identifier)  # a host that carries others, asked for as itself
    return layers.called(domain) if domain else []


def _uuid(text: str) -> str:
    """A UUID in its usual form, or "" when the text is none."""
    try:
        return str(UUID(text)) if len(text) <= 45 else ""
    except ValueError:
        return ""


def _keep(cache: OrderedDict[K, V], entries: Iterable[tuple[K, V]], most: int) -> None:
    """Put entries into a cache; those put longest ago give way."""
    for key, value in entries:
        cache[key] = value
        cache.move_to_end(key)
    while len(cache) > most:
        cache.popitem(last=False)
