"""The catalogue as a whole: embedded data and imports in the store, and the index over them kept in step."""

import asyncio
import contextlib
import json
import re
import threading
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TextIO

from filelock import FileLock, Timeout

from longlist.catalog import importer
from longlist.catalog.index import CompanyIndex, IndexEntry
from longlist.catalog.records import catalog_records, fingerprint, merge
from longlist.engine.building import build_index, in_thread
from longlist.errors import CatalogError, InvalidInput, NotFound
from longlist.language.words import fold
from longlist.model.company import CompanyProfile, Record
from longlist.store.store import CatalogStore, PutCount

EMBEDDED_SETS = ("wappalyzer", "listed")
FILE_ENDINGS = (".gz", ".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".parquet", ".txt")
MAX_SET_NAME = 40  # letters: what the importer takes
LOOK_SECONDS = 0.1  # between two tries to be alone
EMBEDDED_VERSION = "embedded version"  # the note that says which data the embedded sets were made from


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did; `rejects` is the file that lists the rejected lines, None when there were none."""

    set_name: str
    count: PutCount
    rejected: int
    rejects: Path | None


class Catalogue:
    """Records in the store, and their index in a folder. The index is a cache: it is rebuilt whenever it is behind.

    `embedded` says whether the companies that come with Longlist are part of it, or only the user's own lists.
    """

    def __init__(self, store: CatalogStore, folder: Path, *, embedded: bool = True) -> None:
        self._store = store
        self._folder = folder
        self._embedded = embedded

    async def open(self, on_progress: Callable[[str, int], None] = lambda _step, _count: None) -> CompanyIndex:
        """The index, up to date: built now when it is missing, damaged or behind. `on_progress` gets (step, companies).

        Raises CatalogError when the data packages or the folder cannot be used.
        """
        await self._put_embedded(on_progress)
        wanted = await self._store.catalog_fingerprint()
        index = await asyncio.to_thread(CompanyIndex.open, self._folder)
        if index is not None and index.fingerprint == wanted:
            return index
        return await self._build(wanted, on_progress)

    async def rebuild(self, on_progress: Callable[[str, int], None]) -> CompanyIndex:
        """The index, built anew whatever its state, over embedded records that are put anew as well."""
        await self._put_embedded(on_progress, anew=True)
        return await self._build(await self._store.catalog_fingerprint(), on_progress)

    async def import_file(
        self,
        path: Path,
        set_name: str,
        mapping: Mapping[str, str] | None,
        rejects: Path,
        *,
        on_progress: Callable[[int], None],
        on_note: Callable[[str], None] | None = None,
    ) -> Imported:
        """Put the companies of a file into the catalogue under a set name; bad lines go to the file `rejects`.

        A file that breaks off half-way keeps what was read before (CatalogError says where); importing it again goes
        on. The same company in several lines, sets or files is one company: they are merged by own domain.
        """
        log = _Rejects(rejects)
        records = importer.read_records(path, set_name, mapping, on_reject=log.put, on_note=on_note)

        def counted() -> Iterator[Record]:
            for number, record in enumerate(records, start=1):
                if number % 1000 == 0:
                    on_progress(number)
                yield record

        with log:
            count = await self._store.put_records(set_name, counted())
        return Imported(set_name, count, log.count, rejects if log.count else None)

    async def remove(self, set_name: str) -> int:
        """Take an imported set out; returns how many records it had. NotFound when there is no such set."""
        if set_name in EMBEDDED_SETS:
            raise InvalidInput(f"The set {set_name} comes with Longlist and cannot be removed.", field="set")
        removed = await self._store.remove_set(set_name)
        if not removed:
            raise NotFound(f"There is no set {set_name}; `longlist catalog stats` lists them.")
        return removed

    async def profiles(self, keys: Collection[str]) -> dict[str, CompanyProfile]:
        """The profiles of some companies, by key; unknown ones are left out."""
        records = await self._store.records_of(keys)
        return {key: merge(found, datetime.now(tz=UTC)) for key, found in records.items()}

    async def _put_embedded(self, on_progress: Callable[[str, int], None], *, anew: bool = False) -> None:
        """Bring the embedded sets to the version that is installed; one at a time, whichever thread or process asks."""
        wanted = fingerprint() if self._embedded else ""
        if not anew and await self._store.note(EMBEDDED_VERSION) == wanted:
            return
        async with self._alone():
            if anew or await self._store.note(EMBEDDED_VERSION) != wanted:
                await self._put_version(wanted, on_progress)

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Nobody else on this machine puts embedded sets meanwhile: two at once would take each other's for stale."""
        lock = FileLock(self._folder.with_suffix(".records.lock"), thread_local=False)
        try:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            while True:
                try:
                    lock.acquire(timeout=0)
                    break
                except Timeout:
                    await asyncio.sleep(LOOK_SECONDS)
        except OSError as error:
            raise CatalogError(
                f"The data directory {self._folder.parent} cannot be written: {error.strerror}."
            ) from error
        try:
            yield
        finally:
            lock.release()

    async def _put_version(self, wanted: str, on_progress: Callable[[str, int], None]) -> None:
        if not self._embedded:
            for name in EMBEDDED_SETS:
                await self._store.remove_set(name)
            await self._store.put_note(EMBEDDED_VERSION, wanted)
            return
        on_progress("read", 0)
        for name, records in (await in_thread(_embedded)).items():
            await self._store.put_records(name, records, is_whole=True)
            await self._store.prune_set(name, {record.key for record in records})
        await self._store.put_note(EMBEDDED_VERSION, wanted)

    async def _build(self, wanted: str, on_progress: Callable[[str, int], None]) -> CompanyIndex:
        read_at = datetime.now(tz=UTC)
        return await build_index(
            self._folder,
            self._store.companies(),
            lambda records: entry_of(records, read_at),
            fingerprint=wanted,
            on_progress=lambda count: on_progress("index", count),
        )


def _embedded(given_up: threading.Event) -> dict[str, list[Record]]:
    by_set: dict[str, list[Record]] = {name: [] for name in EMBEDDED_SETS}
    for record in catalog_records():
        if given_up.is_set():
            break
        by_set[record.key.split(":")[1]].append(record)
    return by_set


def entry_of(records: list[Record], read_at: datetime) -> IndexEntry:
    """One company of the catalogue as the index sees it."""
    return entry_of_profile(merge(records, read_at))


def entry_of_profile(profile: CompanyProfile) -> IndexEntry:
    """One company with its pages as the index sees it."""
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


class _Rejects:
    """The file of rejected lines; made when the first one comes, so that a clean import leaves no file."""

    def __init__(self, path: Path) -> None:
        self.count = 0
        self._path = path
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()

    def put(self, line: importer.Rejection) -> None:
        """Write one line down."""
        if self._file is None:
            try:
                self._file = self._path.open("w", encoding="utf-8")
            except OSError as error:
                raise CatalogError(
                    f"The file of rejected lines {self._path} cannot be written: {error.strerror}."
                ) from error
        self.count += 1
        entry = {"line": line.line, "reason": line.reason, "text": line.excerpt}
        self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")


def set_name_of(file_name: str) -> str:
    """A set's name from a file's: "My list.csv.gz" becomes "my-list"."""
    stem = fold(file_name)
    for ending in FILE_ENDINGS:
        stem = stem.removesuffix(ending)
    name = "-".join(re.findall(r"[a-z0-9]+", stem))[:MAX_SET_NAME].strip("-")
    return f"my-{name}" if name in EMBEDDED_SETS else name or "import"
