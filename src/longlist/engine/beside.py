"""Several kinds of work in one process, each until it is told to stop."""

import asyncio
from typing import Protocol


class Work(Protocol):
    """Work that goes on until it is told to stop."""

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set."""


async def run_beside(stop: asyncio.Event, *works: Work) -> None:
    """Run all until `stop` is set. When one ends by an error the others are broken off, and the error is raised."""
    running = [asyncio.ensure_future(work.run(stop)) for work in works]
    try:
        done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_EXCEPTION)
        for one in done:
            one.result()
    finally:
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)
