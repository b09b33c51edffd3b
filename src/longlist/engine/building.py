"""Building an index from the store: rows come from the event loop, the work is done in a thread."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from longlist.catalog.index import CompanyIndex, IndexEntry
from longlist.errors import CatalogError

T = TypeVar("T")


async def build_index(
    folder: Path,
    batches: AsyncIterator[Sequence[T]],
    entry: Callable[[T], IndexEntry],
    *,
    fingerprint: str,
    on_progress: Callable[[int], None] | None = None,
) -> CompanyIndex:
    """Build in a thread. Cancelled, it makes the thread give up first, so that no half index passes for a whole."""
    loop = asyncio.get_running_loop()

    def entries(given_up: threading.Event) -> Iterator[IndexEntry]:
        while True:
            batch = asyncio.run_coroutine_threadsafe(_next(batches), loop).result()
            if batch is None:
                return
            for one in batch:
                if given_up.is_set():
                    raise CatalogError("Building the index was broken off; the old one is kept.")
                yield entry(one)

    def build(given_up: threading.Event) -> CompanyIndex:
        return CompanyIndex.build(folder, entries(given_up), fingerprint=fingerprint, progress=on_progress)

    return await in_thread(build)


async def in_thread(work: Callable[[threading.Event], T]) -> T:
    """What `work` returns, run in a thread. Cancelled, it tells the thread to give up and waits until it has."""
    given_up = threading.Event()
    running = asyncio.ensure_future(asyncio.to_thread(work, given_up))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        given_up.set()
        await asyncio.wait([running])
        if not running.cancelled():
            running.exception()  # the caller hears of its cancellation, not of this
        raise


async def _next(batches: AsyncIterator[Sequence[T]]) -> Sequence[T] | None:
    return await anext(batches, None)
