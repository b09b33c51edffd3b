"""The index over companies that tasks learned of beyond the catalogue: their own sites, other sources.

A cache of table `profile` in a folder of its own, so that the catalogue's index, which discovery asks, never depends on
what earlier tasks found. It is built anew when it is missing, damaged or not of this store; otherwise profiles are
taken in as they are written, by whichever process notices them.
"""

import asyncio
import math
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from longlist.catalog import generations
from longlist.catalog.index import CompanyIndex
from longlist.engine.building import build_index
from longlist.engine.catalogue import entry_of_profile
from longlist.store.store import CompanyStore, ProfileVersion

LATE = timedelta(seconds=60)
"""Another process may write a profile so much later than its time says: 30 s of waiting for the database, and some."""

LOOK_BACK_SECONDS = 5.0
"""How long to go without looking for what was written late. Beside ten running tasks, looking back a minute twice a second
took a sixth of the server's time, and held up answers."""

BATCH = 1000  # versions taken in at a time
PIECE = 200  # of them read at once: answers are given in between
_FEW_DEAD = 20  # replaced rows that are no reason yet to build anew


class Learned:
    """The index in a folder, kept up with a store. Not for several tasks at once: the caller sees to that."""

    def __init__(self, store: CompanyStore, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._stamp: tuple[str, int] | None = None
        self._newest: ProfileVersion | None = None  # up to which everything was looked at
        self._seen: dict[str, datetime] = {}  # what was looked at and may be met again
        self._looked_back = -math.inf  # when
        self._unnoted = 0  # versions looked at since the index last noted how far that was

    async def open(self) -> CompanyIndex:
        """The index, up to date."""
        return await self.caught_up(await self._opened())

    async def caught_up(self, index: CompanyIndex) -> CompanyIndex:
        """The index with what was written since; the same object when that is nothing."""
        if generations.stamp(self._folder) != self._stamp:
            index = await self._opened()
        while fresh := await self._unseen():
            index = await self._taken_in(index, fresh)
        if len(index.facts) - len(index) > len(index) // 2 + _FEW_DEAD:
            index = await self._build()
        return index

    async def _opened(self) -> CompanyIndex:
        stamp = generations.stamp(self._folder)
        index = await asyncio.to_thread(CompanyIndex.open, self._folder) if stamp else None
        newest = None if index is None else _version(index.fingerprint)
        if index is None or not await self._is_ours(newest):
            return await self._build()
        self._stamp, self._newest = stamp, newest
        return index

    async def _is_ours(self, newest: ProfileVersion | None) -> bool:
        return newest is None or await self._store.profile_with_id(newest.id) is not None

    async def _build(self) -> CompanyIndex:
        newest = await self._store.newest_profile()
        late = [] if newest is None else await self._store.profiles_since(newest.created_at - LATE)
        companies = self._store.learned_companies()
        index = await build_index(self._folder, companies, entry_of_profile, fingerprint=_noted(newest))
        self._stamp, self._newest = generations.stamp(self._folder), newest
        self._seen, self._unnoted = {version.id: version.created_at for version in late}, 0
        return index

    async def _unseen(self) -> list[ProfileVersion]:
        """The next versions that were not looked at yet, oldest first."""
        since = None if self._newest is None else self._newest.created_at - LATE
        self._seen = {} if since is None else {one: at for one, at in self._seen.items() if at >= since}
        after: ProfileVersion | None = None
        looks_back = time.monotonic() - self._looked_back >= LOOK_BACK_SECONDS
        has_looked = self._looked_back > -math.inf
        if has_looked and self._newest is not None and datetime.now(UTC) - self._newest.created_at > 2 * LATE:
            since, after = self._newest.created_at, self._newest  # whatever came late was seen by now
        elif self._newest is not None and not looks_back:
            since, after = self._newest.created_at, self._newest
        fresh: list[ProfileVersion] = []
        while batch := await self._store.profiles_since(since, after, PIECE):
            fresh += [version for version in batch if version.id not in self._seen]
            if len(fresh) >= BATCH:
                return fresh
            after = batch[-1]
            await asyncio.sleep(0)
        if looks_back and not fresh:
            self._looked_back = time.monotonic()
        return fresh

    async def _taken_in(self, index: CompanyIndex, fresh: Sequence[ProfileVersion]) -> CompanyIndex:
        learned = await self._store.learned_profiles({version.key for version in fresh}, with_texts=True)
        self._seen.update((version.id, version.created_at) for version in fresh)
        last = max(fresh, key=_place)
        self._newest = last if self._newest is None else max(self._newest, last, key=_place)
        self._unnoted += len(fresh)
        if learned or self._unnoted >= BATCH:
            entries = [entry_of_profile(company) for company in learned.values()]
            index = await asyncio.to_thread(index.upsert, entries, fingerprint=_noted(self._newest))
            self._stamp = generations.stamp(self._folder)
            self._unnoted = 0
        return index


def _place(version: ProfileVersion) -> tuple[datetime, str]:
    return version.created_at, version.id


def _noted(newest: ProfileVersion | None) -> str:
    return "" if newest is None else f"{newest.created_at.astimezone(UTC).isoformat()} {newest.id}"


def _version(fingerprint: str) -> ProfileVersion | None:
    moment, _, version = fingerprint.partition(" ")
    return ProfileVersion(version, "", datetime.fromisoformat(moment)) if version else None
