"""`longlist serve` and `longlist worker`: the HTTP API, and what runs its tasks."""

import logging
import sys

from longlist.serve.logs import log_plainly
from longlist.serve.terminal import write
from longlist.settings import Settings, load_settings


def serve(host: str, port: int, *, runs_tasks: bool) -> None:
    """Serve until told to stop, with a worker of our own or without."""
    from longlist.serve.server import run

    settings = load_settings()
    _log(settings)
    run(settings, host, port, _say, runs_tasks=runs_tasks)


def worker(*, beside_server: bool) -> None:
    """Run queued tasks until told to stop."""
    from longlist.serve.worker_main import work, work_beside_server

    settings = load_settings()
    _log(settings)
    if beside_server:
        work_beside_server(settings)
    else:
        work(settings, _say)


def _log(settings: Settings) -> None:
    level = logging.getLevelNamesMapping()[settings.log.upper()]
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    logging.basicConfig(level=max(level, logging.WARNING), stream=sys.stderr, format=form)
    logging.getLogger("longlist").setLevel(level)
    log_plainly(level)


def _say(text: str) -> None:
    write(text)
    sys.stdout.flush()
