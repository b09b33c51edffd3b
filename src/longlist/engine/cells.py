"""The cell runner: makes cells that were asked for, and puts results of tasks into tables, until it is told to stop.

Nothing is remembered here: which cells wait is asked of the store, and a claim is a lease that is renewed while its rows
are worked on. A runner that was killed loses what was under way and nothing else; its cells are another's as soon as it
is known to be gone, or its lease has ended.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol

import structlog

from longlist.engine.batches import Batches
from longlist.engine.cell_batch import CellBatch
from longlist.engine.owners import is_gone_here, owner_here
from longlist.engine.table_imports import import_results
from longlist.engine.table_kit import TableKit
from longlist.errors import Closed, LonglistError, NotFound, StoreError
from longlist.model.call import Caps
from longlist.store.store import TaskStore
from longlist.store.table_store import CellEnd, ClaimedCell, TableStore

LEASE_SECONDS = 60.0
RENEWALS = 3  # in the time of a lease
POLL_SECONDS = 0.1  # how long a new request may wait unseen
IMPORT_SECONDS = 0.5  # how often tasks are looked at whose results go to tables
RETRY_SECONDS = 5.0  # after the store or the catalogue could not be used
ROWS, AT_ONCE = 200, 2  # rows worked on in one go, and how many times that side by side
OUTSIDE_ROWS, OUTSIDE_AT_ONCE = 20, 8  # the same where the outside is asked

log = structlog.get_logger()


class CellStore(TableStore, TaskStore, Protocol):
    """What making cells asks of the store."""

    async def set_caps(self, task_id: str, caps: Caps) -> None:
        """See LedgerStore."""


class CellRunner:
    """Makes cells. `kit` gives the parts, anew for each batch, so that a changed catalogue is heeded."""

    def __init__(
        self,
        store: CellStore,
        kit: Callable[[], Awaitable[TableKit]],
        *,
        name: str | None = None,
        lease_seconds: float = LEASE_SECONDS,
        is_gone: Callable[[str], bool] = is_gone_here,
    ) -> None:
        self._store = store
        self._kit = kit
        self._name = name or owner_here()
        self._lease_ms = round(lease_seconds * 1000)
        self._is_gone_elsewhere = is_gone
        self._numbers = itertools.count(1)
        self._batches: dict[str, asyncio.Task[None]] = {}
        self._capped: set[str] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; then what is under way is broken off and given back."""
        importing = asyncio.create_task(self._import_on(stop))
        try:
            while not stop.is_set():
                is_busy = await self._take_up()
                await _pause_for(0.0 if is_busy else POLL_SECONDS, stop)
        finally:
            importing.cancel()
            await self._break_off()
            await asyncio.gather(importing, return_exceptions=True)

    async def until_idle(self) -> None:
        """Import what there is to import, and work until no cell waits that could be worked on here."""
        try:
            await import_results(self._store)
            while await self._take_up() or self._batches:
                if self._batches:
                    await asyncio.wait(self._batches.values(), return_when=asyncio.FIRST_COMPLETED)
        finally:
            await self._break_off()

    async def _break_off(self) -> None:
        works = list(self._batches.values())
        for work in works:
            work.cancel()
        await asyncio.gather(*works, return_exceptions=True)

    async def _take_up(self) -> bool:
        """Begin a batch of what waits, as far as there is room; whether one was begun."""
        try:
            kit = await self._kit() if self._batches or await self._store.has_waiting_cells() else None
            if kit is None:
                return False
            rows, at_once = (OUTSIDE_ROWS, OUTSIDE_AT_ONCE) if kit.asks_outside else (ROWS, AT_ONCE)
            if len(self._batches) >= at_once:
                await asyncio.wait(self._batches.values(), timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
                return False
            owner = f"{self._name}#{next(self._numbers)}"
            claimed = await self._store.claim_cells(owner, self._lease_ms, rows, self._is_gone)
        except LonglistError as error:
            log.warning("cells_out_of_reach", reason=str(error))
            await asyncio.sleep(RETRY_SECONDS)
            return False
        if not claimed:
            return False
        work = asyncio.create_task(self._work(owner, kit, claimed))
        self._batches[owner] = work
        work.add_done_callback(partial(self._ended, owner))
        return True

    def _ended(self, owner: str, work: asyncio.Task[None]) -> None:
        del self._batches[owner]
        if not work.cancelled() and (error := work.exception()) is not None:
            log.error("batch_of_cells_broken_off", reason=f"{type(error).__name__}: {error}")

    def _is_gone(self, owner: str) -> bool:
        """Whether an owner is a batch of this runner that has ended, or a process that has."""
        name = owner.rpartition("#")[0]
        return owner not in self._batches if name == self._name else self._is_gone_elsewhere(owner)

    async def _work(self, owner: str, kit: TableKit, claimed: Sequence[ClaimedCell]) -> None:
        """Make the claimed cells; what cannot be made is given back, at the end of the process for instance."""
        renewing = asyncio.create_task(self._renew(owner))
        try:
            async with Batches(partial(self._put, owner)) as puts:
                await self._cap(kit, {cell.run_id for cell in claimed})
                for table_id in {cell.table_id for cell in claimed}:
                    theirs = [cell for cell in claimed if cell.table_id == table_id]
                    await self._table(kit, table_id, theirs, puts)
        except (Closed, StoreError) as error:
            log.warning("cells_given_back", reason=str(error))
            await asyncio.sleep(RETRY_SECONDS)  # before they come again
        finally:
            renewing.cancel()
            try:
                await self._store.release_cells(owner)
            except StoreError as error:  # their lease ends by itself
                log.warning("cells_not_given_back", reason=str(error))

    async def _table(
        self, kit: TableKit, table_id: str, cells: Sequence[ClaimedCell], puts: Batches[CellEnd, None]
    ) -> None:
        try:
            table = await self._store.table(table_id)
            await CellBatch(self._store, kit, table, cells, puts.ask).make()
        except NotFound:
            log.info("cells_of_deleted_table_ended", table=table_id)

    async def _put(self, owner: str, ends: Sequence[CellEnd]) -> Sequence[None]:
        await self._store.put_cells(owner, ends)
        return [None] * len(ends)

    async def _cap(self, kit: TableKit, run_ids: set[str]) -> None:
        """A run may spend what a task may."""
        for run_id in run_ids - self._capped:
            if kit.caps is not None:
                await self._store.set_caps(run_id, kit.caps)
            self._capped.add(run_id)

    async def _renew(self, owner: str) -> None:
        while True:
            await asyncio.sleep(self._lease_ms / 1000 / RENEWALS)
            try:
                await self._store.renew_cells(owner, self._lease_ms)
            except StoreError as error:
                log.warning("cells_not_renewed", reason=str(error))

    async def _import_on(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await import_results(self._store)
            except LonglistError as error:
                log.warning("results_not_imported", reason=str(error))
                await asyncio.sleep(RETRY_SECONDS)
            except Exception:  # the edge of a background task, which must not end while the runner runs
                log.exception("results_not_imported")
                await asyncio.sleep(RETRY_SECONDS)
            await asyncio.sleep(IMPORT_SECONDS)


async def _pause_for(seconds: float, stop: asyncio.Event) -> None:
    if not seconds:
        await asyncio.sleep(0)
        return
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
