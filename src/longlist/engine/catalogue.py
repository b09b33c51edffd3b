"""The catalogue as a whole: embedded data and imports in the store, and the index over them kept in step."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from longlist.catalog import importer
from longlist.catalog.index import CompanyIndex, IndexEntry
from longlist.catalog.records import catalog_records, fingerprint, merge
from longlist.model.company import CompanyProfile, Record
from longlist.store.store import CatalogStore, PutCount

EMBEDDED_SETS = ("wappalyzer", "listed")
EMBEDDED_VERSION = "embedded version"  # the note that says which data the embedded sets were made from


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `rejects` is the file that lists the rejected lines, None when there were none."""

    set_name: str
    count: PutCount
    rejected: int
    rejects: Path | None


class Catalogue:
    """Records in the store, and their index in a folder. The index is a cache: it is rebuilt whenever it is behind."""

    def __init__(self, store: CatalogStore, folder: Path) -> None:
        self._store = store
        self._folder = folder

    async def open(self, on_progress: Callable[[str, int], None] = lambda _step, _count: None) -> CompanyIndex:
        """The index, up to date: built now when it is missing, damaged or behind. `on_progress` gets (step, companies).

        Raises CatalogError when the data packages or the folder cannot be used.
        """
        await self._put_embedded(on_progress)
        wanted = await self._store.catalog_fingerprint()
        index = CompanyIndex.open(self._folder)
        if index is not None and index.fingerprint == wanted:
            return index
        return await self._build(wanted, on_progress)

    async def rebuild(self, on_progress: Callable[[str, int], None]) -> CompanyIndex:
        """The index, built anew whatever its state."""
        await self._put_embedded(on_progress)
        return await self._build(await self._store.catalog_fingerprint(), on_progress)

    async def import_file(
        self,
        path: Path,
        set_name: str,
        mapping: Mapping[str, str] | None,
        rejects: Path,
        on_progress: Callable[[int], None],
    ) -> Imported:
        """Put the companies of a file into the catalogue under a set name; bad lines go to the file `rejects`.

        A file that breaks off half-way keeps what was read before (CatalogError says where); importing it again goes
        on. The same company in several lines, sets or files is one company: they are merged by own domain.
        """
        rejected = 0

        with rejects.open("w", encoding="utf-8") as log:

            def on_reject(reject: importer.Rejection) -> None:
                nonlocal rejected
                rejected += 1
                log.write(json.dumps({"line": reject.line, "reason": reject.reason, "text": reject.excerpt}) + "\n")

            def counted() -> Iterator[Record]:
                for number, record in enumerate(
                    importer.read_records(path, set_name, mapping, on_reject=on_reject), start=1
                ):
                    if number % 1000 == 0:
                        on_progress(number)
                    yield record

            try:
                count = await self._store.put_records(set_name, counted())
            finally:
                log.flush()
        if not rejected:
            await asyncio.to_thread(rejects.unlink)
        return Imported(set_name, count, rejected, rejects if rejected else None)

    async def profiles(self, keys: Collection[str]) -> dict[str, CompanyProfile]:
        """The profiles of some companies, by key; unknown ones are left out."""
        records = await self._store.records_of(keys)
        return {key: merge(found, datetime.now(tz=UTC)) for key, found in records.items()}

    async def _put_embedded(self, on_progress: Callable[[str, int], None]) -> None:
        wanted = fingerprint()
        if await self._store.note(EMBEDDED_VERSION) == wanted:
            return
        on_progress("read", 0)
        by_set: dict[str, list[Record]] = {name: [] for name in EMBEDDED_SETS}
        for record in catalog_records():
            by_set[record.key.split(":")[1]].append(record)
        for name, records in by_set.items():
            await self._store.put_records(name, records)
            await self._store.prune_set(name, {record.key for record in records})
        await self._store.put_note(EMBEDDED_VERSION, wanted)

    async def _build(self, wanted: str, on_progress: Callable[[str, int], None]) -> CompanyIndex:
        loop = asyncio.get_running_loop()
        batches = self._store.companies()
        read_at = datetime.now(tz=UTC)

        def entries() -> Iterator[IndexEntry]:
            while True:
                batch = asyncio.run_coroutine_threadsafe(_next(batches), loop).result()
                if batch is None:
                    return
                for records in batch:
                    yield entry_of(records, read_at)

        return await asyncio.to_thread(
            CompanyIndex.build, self._folder, entries(), fingerprint=wanted, progress=lambda n: on_progress("index", n)
        )


async def _next(batches: AsyncIterator[list[list[Record]]]) -> list[list[Record]] | None:
    return await anext(batches, None)


def entry_of(records: list[Record], read_at: datetime) -> IndexEntry:
    """One company as the index sees it."""
    profile = merge(records, read_at)
    return IndexEntry(
        key=profile.key,
        name=profile.name,
        domain=profile.domain,
        text="\n".join(page.text for page in profile.pages),
        tags=profile.tags,
        facts=profile.facts,
        aliases=profile.aliases,
        kind=profile.kind,
    )
