"""`longlist serve` and `longlist worker`: the HTTP API, and what runs its tasks."""

import logging
import sys

from longlist.serve.logs import log_plainly
from longlist.serve.terminal import write
from longlist.settings import load_settings


def serve(host: str, port: int, *, runs_tasks: bool) -> None:
    """Serve until told to stop, with a worker of our own or without."""
    from longlist.serve.server import run

    _log()
    run(load_settings(), host, port, _say, runs_tasks=runs_tasks)


def worker(*, beside_server: bool) -> None:
    """Run queued tasks until told to stop."""
    from longlist.serve.worker_main import work, work_beside_server

    _log()
    if beside_server:
        work_beside_server(load_settings())
    else:
        work(load_settings(), _say)


def _log() -> None:
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s")
    log_plainly()


def _say(text: str) -> None:
    write(text)
    sys.stdout.flush()
