"""Workers as processes: each line on standard input, `URL PORT ENGINE COMPANIES SILENT_SECONDS LOG`, makes one.

A worker is a fork of this process, which has loaded everything and started nothing: so killing many takes little time. It
says "ready PID" once it works, and "left PID" when SIGTERM ended it. More words on the line make it another one:

    upgraded      its DBOS is of another version
    dies          it kills itself between an answer that is recorded and the row that is made of it
    hesitates     it says "inherits PID", and goes on with taking over once the file LOG.go is there

All of them end with standard input.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import dbos._utils
import structlog
from flow_parts import flow_kit, outside, role_on, worker_on

import longlist.engine.durable
from longlist.engine.kit import Kit
from longlist.errors import LonglistError
from longlist.model.company import Candidate
from longlist.model.web import Errand

LEASE = 3.0


def say(word: str) -> None:
    os.write(1, f"{word} {os.getpid()}\n".encode())


class Dying:
    """An enricher that asks for all it was asked for, and then ends its process before anything is made of it."""

    def __init__(self, kit: Kit) -> None:
        self._enricher = kit.enricher

    async def enrich(self, candidates: Sequence[Candidate], errand: Errand, plan: object) -> list:
        await self._enricher.enrich(candidates, errand, plan)
        os.kill(os.getpid(), signal.SIGKILL)
        return []


def hesitate(go: Path) -> None:
    """Hold the next takeover up in the middle."""
    inherit = longlist.engine.durable.DurableRuns.inherit

    async def inherit_late(self: object, worker_id: str | None) -> int:
        say("inherits")
        while not go.exists():  # noqa: ASYNC110, ASYNC240 - another process makes it
            await asyncio.sleep(0.01)
        return await inherit(self, worker_id)

    longlist.engine.durable.DurableRuns.inherit = inherit_late


async def work(url: str, port: int, engine: str, companies: int, silent: float, words: list[str]) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    is_told = False
    while not stop.is_set():
        role = role_on(url, engine, silent)
        try:
            await asyncio.to_thread(role.take)
            async with outside(url, LEASE, may_call=role.is_held) as (store, calls):
                kit = flow_kit(store, calls, port, companies)
                if "dies" in words:
                    kit = Kit(
                        store, kit.planner, kit.sources, Dying(kit), kit.grader,
                        freshness=kit.freshness, asks_outside=True, grades_outside=True,
                    )  # fmt: skip
                worker = worker_on(url, engine, role, store, kit)
                if not is_told:
                    say("ready")
                    is_told = True
                await worker.run(stop)
        except LonglistError as error:
            sys.stderr.write(f"{error}\n")
            await asyncio.sleep(0.5)
        finally:
            await asyncio.to_thread(role.leave)
    say("left")


def main() -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those that ended are gone at once
    for line in sys.stdin:
        if os.fork():
            continue
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        url, port, engine, companies, silent, log, *words = line.split()
        if "upgraded" in words:
            dbos._utils.GlobalParams.dbos_version = "999.0.0"
        if "hesitates" in words:
            hesitate(Path(f"{log}.go"))
        try:
            asyncio.run(work(url, int(port), engine, int(companies), float(silent), words))
        finally:
            os._exit(0)
    os.killpg(0, signal.SIGKILL)


main()
