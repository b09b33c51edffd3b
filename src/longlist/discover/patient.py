"""Reading pages for what they lead to: whoever is slow is not waited for, as there are others.

A request that has left is answered all the same, and the answer kept: whoever asks later has it at once.
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

    async def read(self, url: str, errand: Errand) -> WebPage | None:
        """The page, or None when it takes too long. Stopped and BudgetSpent are let through."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._reader.read(url, errand)
        except TimeoutError:
            return None
