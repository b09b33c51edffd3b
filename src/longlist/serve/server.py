"""`longlist serve`: the API, and the worker as a child process, over one data directory."""

import asyncio
import contextlib
import gc
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator

import structlog
import uvicorn

from longlist.engine.companies import Companies
from longlist.engine.worker import Role
from longlist.errors import InvalidInput, LonglistError, Unavailable
from longlist.serve.http.app import make_app
from longlist.serve.http.parts import Parts
from longlist.serve.http.ready import AGAIN_SECONDS, Ready
from longlist.serve.worker_process import WorkerProcess
from longlist.settings import Settings
from longlist.wiring.home import Home, open_home, worker_role

KEEP_ALIVE_SECONDS = 75  # longer than clients pause between two looks at a task
LEAVE_SECONDS = 5  # for answers under way when the server is told to end
REFRESH_SECONDS = 0.5  # how old company search may be
LOOK_SECONDS = 1.0  # how old it may be whether a worker of somebody else runs tasks
GARBAGE = (5_000, 20, 100)  # when Python looks for garbage: rarer than by default, oftener than in a command
EXAMPLE = '{"query": "buy now pay later providers for online shops", "desired_num_results": 5}'

log = structlog.get_logger()


class _Server(uvicorn.Server):
    """uvicorn, without its own handling of signals: it would raise them again at the end, and end the process at once.

    `end_streams` ends answers that would go on for ever: it waits for all that are under way.
    """

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    def end(self) -> None:
        """Take no more requests, and leave once those under way are answered."""
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See uvicorn."""
        self._end_streams()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `serve`."""
        yield


async def serve(
    settings: Settings, host: str, port: int, say: Callable[[str], None], *, runs_tasks: bool = True
) -> None:
    """Serve until SIGTERM or Ctrl-C. `say` prints where, and how to try it. `runs_tasks`: with a worker of its own.

    Conflict when the data directory has a server already, Unavailable when the address cannot be listened on.
    """
    with contextlib.closing(_listening(host, port)) as listening:
        async with (
            open_home(settings, pace="urgent") as home,
            _worker(settings, runs_tasks=runs_tasks) as is_working,
            _parts(home, is_working) as parts,
        ):
            app = make_app(parts)
            config = uvicorn.Config(
                app,
                loop="none",
                lifespan="off",
                access_log=False,
                log_config=None,
                server_header=False,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=LEAVE_SECONDS,
            )
            server = _Server(config, app.state.live.end)
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, lambda *_: server.end())
            say(await _welcome(home, listening))
            await server.serve([listening])
            left = len(await home.store.queued())
            say(f"Stopping. {left} tasks go on when it starts again.\n" if left else "Stopping.\n")


def run(settings: Settings, host: str, port: int, say: Callable[[str], None], *, runs_tasks: bool = True) -> None:
    """`serve`, in the fastest event loop there is."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(serve(settings, host, port, say, runs_tasks=runs_tasks))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop  # noqa: PLC0415 - not there on Windows

    return uvloop.new_event_loop


@contextlib.asynccontextmanager
async def _worker(settings: Settings, *, runs_tasks: bool) -> AsyncIterator[Callable[[], bool]]:
    """Whether tasks are being run: by a worker of our own for the length of the block, or else by somebody's."""
    if runs_tasks:
        async with WorkerProcess() as worker:
            yield worker.is_working
    else:
        async with watched(worker_role(settings)) as is_taken:
            yield is_taken


@contextlib.asynccontextmanager
async def watched(role: Role) -> AsyncIterator[Callable[[], bool]]:
    """Whether a role is taken, as it was a second ago: looked at beside the loop, however often it is asked.

    A database that is out of reach counts as one without a worker.
    """
    is_taken = False

    async def look() -> None:
        nonlocal is_taken
        try:
            is_taken = await asyncio.to_thread(role.is_taken)
        except LonglistError as error:
            is_taken = False
            log.info("worker_not_seen", reason=str(error))

    async def keep_looking() -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await look()

    await look()
    looking = asyncio.create_task(keep_looking())
    try:
        yield lambda: is_taken
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)


@contextlib.asynccontextmanager
async def _parts(home: Home, is_working: Callable[[], bool]) -> AsyncIterator[Parts]:
    """What the routes need. Company search gets ready meanwhile, and is kept fresh."""
    async with Ready(lambda: _ready_companies(home), "Company search") as companies:
        fresh = asyncio.create_task(_keep_fresh(companies))
        try:
            yield Parts(home, companies, has_worker=is_working)
        finally:
            fresh.cancel()
            await asyncio.gather(fresh, return_exceptions=True)


async def _ready_companies(home: Home) -> Companies:
    companies = home.companies
    await companies.open()
    spare_what_stays()
    log.info("catalogue_ready")
    return companies


def spare_what_stays() -> None:
    """Leave what was loaded by now out of all later searches for garbage: it stays anyway.

    Looking through it held everything up for an eighth of a second, several times while ten tasks ran.
    """
    gc.set_threshold(*GARBAGE)
    gc.collect()
    gc.freeze()


async def _keep_fresh(ready: Ready[Companies]) -> None:
    """Take in what tasks wrote and what was imported, as long as the server runs."""
    while True:
        await asyncio.sleep(REFRESH_SECONDS)
        try:
            await (await ready.get()).refresh()
        except LonglistError as error:  # searches go on over what was known before
            log.warning("companies_not_refreshed", reason=str(error))
            await asyncio.sleep(AGAIN_SECONDS)
        except Exception:  # the edge of a background task, which must not end while the server runs
            log.exception("companies_not_refreshed")
            await asyncio.sleep(AGAIN_SECONDS)


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens on the address; Unavailable, saying why, when that cannot be."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError) as error:
        raise InvalidInput(f"{host} is no address to listen on: {error}.", field="host") from error
    listening = socket.socket(family, kind, protocol)
    try:
        if sys.platform != "win32":  # there it would let two programs listen on one port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(2048)
    except OSError as error:
        listening.close()
        raise Unavailable(
            f"Port {port} of {host} cannot be listened on ({error.strerror}): another program may use it, perhaps a "
            "Longlist that serves already. `longlist serve --port 8001` takes another port."
        ) from error
    return listening


async def _welcome(home: Home, listening: socket.socket) -> str:
    """Where the server is, an example that works as it stands, and how to sign a browser in."""
    host, port = listening.getsockname()[:2]
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104 - compared, not listened on
    base = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
    token, code = await home.access.start_token(), await home.access.sign_in_link()
    return f"""\
Longlist serves {base}, from {home.settings.home}

Find companies:
  curl -s {base}/v1/discovery_tasks -H 'Authorization: Bearer {token}' \\
    -H 'Content-Type: application/json' -d '{EXAMPLE}'
then put the task's id into:
  curl -s {base}/v1/discovery_tasks/ID/results -H 'Authorization: Bearer {token}'

That token ends tomorrow, or when the server starts again; `longlist token create NAME` makes one that lasts.
Sign a browser in (works once, within ten minutes): {base}/sign-in?code={code}
Ctrl-C stops the server. Tasks that are under way go on when it starts again.
"""
