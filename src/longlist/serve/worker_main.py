"""The worker as a process: runs queued tasks until it is told to stop. Knows nothing of HTTP.

Beside a server it is a child of it (`worker_process.py`), and ends with it: its standard input closes when the server is
gone, however that ended.
"""

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator, Callable

import structlog

from longlist.engine.beside import run_beside
from longlist.errors import Conflict, LonglistError
from longlist.settings import Settings
from longlist.wiring.cells import cell_runner
from longlist.wiring.home import open_home, worker_role

READY, BEAT, REFUSED = "ready", "beat", "refused "  # what it tells the server, a line each
BEAT_SECONDS = 1.0
AGAIN_SECONDS = 5.0
LEAVE_SECONDS = 10.0  # to break runs off once told to stop
KINDNESS = 5  # beside a server: answers, which somebody waits for, are computed first

log = structlog.get_logger()


def work(settings: Settings, say: Callable[[str], None]) -> None:
    """Run queued tasks until SIGTERM or Ctrl-C; `say` prints what goes on. Conflict when another process does."""
    asyncio.run(_as_worker(settings, lambda: say("Running queued tasks; Ctrl-C stops.\n"), _until_signal))


def work_beside_server(settings: Settings) -> None:
    """Run queued tasks for the server that started this process, until it closes standard input."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # Ctrl-C comes to the server as well, which says when to stop
    if hasattr(os, "nice"):
        os.nice(KINDNESS)
    try:
        asyncio.run(_as_worker(settings, lambda: _tell(READY), _until_server_ends, beats=True))
    except Conflict as error:
        _tell(REFUSED + " ".join(str(error).split()))
        sys.exit(error.exit_code)


async def _as_worker(
    settings: Settings, is_ready: Callable[[], None], watch: Callable[[asyncio.Event], None], *, beats: bool = False
) -> None:
    """Be the worker until `watch` says stop. What ends the work before is logged, and it begins again: tasks wait for it."""
    stopping = asyncio.Event()
    role = worker_role(settings)
    role.take()
    try:
        watch(stopping)
        is_told = False
        while not stopping.is_set():
            try:
                if not role.is_held():  # others go on with what it had; it comes back as a new one
                    role.leave()
                    role = worker_role(settings)
                    role.take()
                async with open_home(settings, pace="patient", may_call=role.is_held) as home, _beating(beats=beats):
                    if not is_told:
                        is_ready()
                        is_told = True
                    await run_beside(stopping, home.worker(role), cell_runner(home))
            except LonglistError as error:
                log.warning("worker_begins_again", reason=str(error))
            except Exception:  # the edge of the process: without it tasks would wait for ever
                log.exception("worker_begins_again")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), AGAIN_SECONDS)
    finally:
        role.leave()


def _until_signal(stopping: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stopping.set))


def _until_server_ends(stopping: asyncio.Event) -> None:
    """Stop once standard input is at its end; leave at the latest some seconds after, whatever is under way."""
    loop = asyncio.get_running_loop()

    def wait() -> None:
        sys.stdin.buffer.read()
        with contextlib.suppress(RuntimeError):  # it has ended by itself
            loop.call_soon_threadsafe(stopping.set)
        last = threading.Timer(LEAVE_SECONDS, os._exit, (1,))
        last.daemon = True
        last.start()

    threading.Thread(target=wait, name="server", daemon=True).start()


@contextlib.asynccontextmanager
async def _beating(*, beats: bool) -> AsyncIterator[None]:
    """Tell the server every second for the length of the block that the loop comes round."""

    async def beat() -> None:
        while beats:
            _tell(BEAT)
            await asyncio.sleep(BEAT_SECONDS)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()


def _tell(line: str) -> None:
    with contextlib.suppress(BrokenPipeError):  # the server is gone; standard input says so too
        os.write(1, f"{line}\n".encode())
