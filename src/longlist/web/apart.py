"""Reading apart: replies become readings in processes of their own, so that no page can hold up or bring down the rest.

A page that costs too much is given up together with its process, and the next one gets a new one.
"""

import asyncio
import contextlib
import json
import sys
from typing import Self

from longlist.errors import Unavailable
from longlist.web.page import Reading, Reply
from longlist.web.press import HEAD, LENGTH, READY

SECONDS = 15.0  # by the clock; busy machines need more than the processor time a page may cost
START_SECONDS = 60.0
TOO_MUCH = Reading("unsuited", "The page is built so that reading it costs more than it is worth.")

_PROGRAM = "import sys; sys.path[:] = {path}; from longlist.web.press import main; main()"


class Apart:
    """Reads replies in up to `processes` others; to be opened. They start when they are first needed."""

    def __init__(self, processes: int = 2, seconds: float = SECONDS) -> None:
        self._room = asyncio.Semaphore(processes)
        self._seconds = seconds
        self._idle: list[asyncio.subprocess.Process] = []
        self._all: set[asyncio.subprocess.Process] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        """End the processes."""
        self._idle.clear()
        for process in list(self._all):
            await self._end(process)

    async def read(self, reply: Reply) -> Reading:
        """What the reply is and says; `TOO_MUCH` when that cannot be found out within bounds. Unavailable when no process
        can be started here.
        """
        async with self._room:
            process = self._idle.pop() if self._idle else await self._start()
            try:
                async with asyncio.timeout(self._seconds):
                    reading = await _ask(process, reply)
            except (TimeoutError, ConnectionError, asyncio.IncompleteReadError):
                await self._end(process)
                return TOO_MUCH
            except BaseException:
                await self._end(process)
                raise
            self._idle.append(process)
            return reading

    async def _start(self) -> asyncio.subprocess.Process:
        # No environment: what reads strangers' pages needs no keys.
        environment: dict[str, str] | None = None if sys.platform == "win32" else {}
        program = _PROGRAM.format(path=json.dumps(sys.path))
        pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-I", "-c", program, stdin=pipe, stdout=pipe, stderr=nothing, env=environment
            )
        except OSError as error:
            raise Unavailable(f"No process to read pages in could be started: {error}.") from error
        self._all.add(process)
        try:
            assert process.stdout is not None
            async with asyncio.timeout(START_SECONDS):
                await process.stdout.readexactly(len(READY))
        except (TimeoutError, asyncio.IncompleteReadError) as error:
            await self._end(process)
            raise Unavailable("The process to read pages in did not start; is memory short?") from error
        except BaseException:
            await self._end(process)
            raise
        return process

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        self._all.discard(process)
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        if process.stdin is not None:
            process.stdin.close()
        await process.wait()


async def _ask(process: asyncio.subprocess.Process, reply: Reply) -> Reading:
    assert process.stdin is not None
    assert process.stdout is not None
    about = {
        "asked": reply.asked,
        "url": reply.url,
        "status": reply.status,
        "content_type": reply.content_type,
        "retry_after": reply.retry_after,
    }
    said = json.dumps(about).encode()
    process.stdin.write(HEAD.pack(len(said), len(reply.body)) + said + reply.body)
    await process.stdin.drain()
    (size,) = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))
    return Reading(**json.loads(await process.stdout.readexactly(size)))
