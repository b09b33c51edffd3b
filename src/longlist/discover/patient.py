"""Reading pages for what they lead to: whoever is slow is not waited for, as there are others.

What was asked for is read to its end all the same, and kept: whoever asks later has it at once, or is told at once that
nothing comes of it.
"""

import asyncio

from longlist.model.web import Errand, WebPage
from longlist.web.seams import PageReader

SECONDS = 8.0


class PatientReader:
    """Reads as another reader does, for a while; then the page counts as unreachable."""

    def __init__(self, reader: PageReader, seconds: float = SECONDS) -> None:
        self._reader = reader
        self._seconds = seconds
        self._late: set[asyncio.Task[WebPage]] = set()

    async def read(self, url: str, errand: Errand) -> WebPage | None:
        """The page, or None when it takes too long. Stopped and BudgetSpent are let through."""
        reading = asyncio.create_task(self._read(url, errand))
        try:
            done, _late = await asyncio.wait({reading}, timeout=self._seconds)
        except asyncio.CancelledError:
            reading.cancel()
            raise
        if done:
            return await reading
        self._late.add(reading)
        reading.add_done_callback(self._over)
        return None

    async def _read(self, url: str, errand: Errand) -> WebPage:
        return await self._reader.read(url, errand)

    def _over(self, reading: "asyncio.Task[WebPage]") -> None:
        self._late.discard(reading)
        if not reading.cancelled():
            reading.exception()  # nobody waits for it any more
