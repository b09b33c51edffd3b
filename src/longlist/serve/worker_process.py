"""The worker of a server, in a process of its own.

So nothing that a run computes stands in the way of a request: with both in one process, under Python's one lock, answers
beside ten running tasks took 91 ms at p99 (benchmarks/serving.py).
"""

import asyncio
import contextlib
import math
import sys
import time
from collections.abc import AsyncIterator, Sequence
from typing import Self

import structlog

from longlist.errors import Conflict, Unavailable
from longlist.serve.worker_main import BEAT, LEAVE_SECONDS, READY, REFUSED

COMMAND = (sys.executable, "-c", "from longlist.serve.start import main; main()", "worker", "--beside-server")
START_SECONDS = 60.0
AGAIN_SECONDS = 1.0
SILENT_SECONDS = 15.0  # without a beat; grading hundreds of companies holds the loop up for some seconds at the most
HANGING_SECONDS = 120.0  # without a beat: longer than the worker ever waits for the database
GRACE_SECONDS = 2.0  # beyond what the worker gives itself to leave

log = structlog.get_logger()


class WorkerProcess:
    """Runs queued tasks from `async with` on; begun again when it ends by itself."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._beat = -math.inf  # when it last told that its loop comes round

    async def __aenter__(self) -> Self:
        """Begin. Conflict when another process is the worker of this database; Unavailable when it cannot be started."""
        self._process = await self._begin()
        self._keeping = asyncio.create_task(self._keep(self._process))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def stop(self) -> None:
        """Let it break runs off (rows keep what they brought), and wait for it, some seconds at the most."""
        if self._keeping is not None:
            self._keeping.cancel()
            await asyncio.gather(self._keeping, return_exceptions=True)
        if self._process is not None:
            await _end(self._process)
            self._process, self._beat = None, -math.inf

    def is_working(self) -> bool:
        """Whether it runs what waits: it lives, its store is open, and its loop comes round."""
        return time.monotonic() - self._beat < SILENT_SECONDS

    async def _begin(self) -> asyncio.subprocess.Process:
        """A worker that is ready."""
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        word = ""
        try:
            word = await _first_word(process)
        finally:
            if word != READY:
                await _end(process)
        if word.startswith(REFUSED):
            raise Conflict(word.removeprefix(REFUSED))
        if word != READY:
            raise Unavailable(
                "The process that runs tasks could not be started; what it wrote is above. Nothing was lost: try again, "
                "or see what `longlist doctor` finds."
            )
        self._beat = time.monotonic()
        return process

    async def _hear(self, process: asyncio.subprocess.Process) -> None:
        """Hear its beats until it ends. One that hangs is killed: it keeps the role from any other."""
        try:
            while line := await asyncio.wait_for(_next_line(process), HANGING_SECONDS):
                if line.strip() == BEAT.encode():
                    self._beat = time.monotonic()
        except TimeoutError:
            log.warning("worker_hangs", seconds=HANGING_SECONDS)
            with contextlib.suppress(ProcessLookupError):
                process.kill()

    async def _keep(self, process: asyncio.subprocess.Process) -> None:
        """Hear its beats; begin it again when it has ended, as after a kill or for want of memory."""
        while True:
            await self._hear(process)
            self._beat = -math.inf
            log.warning("worker_ended", code=await process.wait())
            while True:
                try:
                    process = self._process = await self._begin()
                    break
                except (Conflict, Unavailable, OSError) as error:
                    log.warning("worker_not_started", reason=str(error))
                    await asyncio.sleep(AGAIN_SECONDS)


async def _next_line(process: asyncio.subprocess.Process) -> bytes:
    """The next line, b"" at the end."""
    assert process.stdout is not None
    return await process.stdout.readline()


async def _first_word(process: asyncio.subprocess.Process) -> str:
    """Whether it is ready or refused to work; "" when it ended without a word, or is silent for too long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(START_SECONDS):
            async for line in _lines(process):
                if line == READY or line.startswith(REFUSED):
                    return line
    return ""


async def _lines(process: asyncio.subprocess.Process) -> AsyncIterator[str]:
    assert process.stdout is not None
    async for line in process.stdout:
        yield line.decode(errors="replace").rstrip()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Close its standard input, which it ends at; kill it when it does not."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        async with asyncio.timeout(LEAVE_SECONDS + GRACE_SECONDS):
            async for _ in _lines(process):
                pass
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
