"""A flow that asks a provider on loopback for everything: candidates, pages, grades. And the workers that run it."""

import asyncio
import contextlib
import json
import math
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from longlist.discover.source import About, Question
from longlist.engine.calls import Calls
from longlist.engine.durable import DurableRuns, file_of
from longlist.engine.durable_worker import DurableWorker
from longlist.engine.gates import Limits
from longlist.engine.kit import Kit
from longlist.engine.ledger import Ledger
from longlist.engine.owners import owner_here
from longlist.engine.worker import Role, Work, Worker, WorkerRole
from longlist.errors import NoAnswer
from longlist.model.call import Answer, Call
from longlist.model.company import Candidate
from longlist.model.criterion import Criterion
from longlist.model.web import Errand
from longlist.store.open import SqlStore, open_store
from longlist.store.postgres import is_postgres
from longlist.store.postgres_role import PostgresRole
from longlist.store.sqlite import sqlite_path
from longlist.testing import FakeSource, made_up, make_kit

COST = 1_000
WIDTH = 20
A_PAGE = 10  # candidates on a page of hits
CRITERIA = (Criterion("brews", "Brews beer", "The company brews craft beer in its own brewery."),)
BREWS = "It brews craft beer in its own brewery and sells it in bottles."
PAINTS = "It makes paint for wooden boats."


class Loopback:
    """Asks the provider, through the ledger."""

    def __init__(self, calls: Calls, port: int) -> None:
        self._calls = calls
        self._port = port

    async def ask(self, operation: str, about: str, errand: Errand) -> bytes:
        call = Call("loopback", operation, about, errand.freshness, "", COST, task_id=errand.task_id, step=errand.step)
        return (await self._calls.call(call, self._send)).body

    async def _send(self, call: Call, idempotency_key: str) -> Answer:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            asked = {"number": f"{call.operation} {call.request}", "key": idempotency_key, "task": call.task_id}
            writer.write(json.dumps(asked).encode() + b"\n")
            line = await reader.readline()
        finally:
            writer.close()
        if not line:
            raise NoAnswer("The connection broke.")
        return Answer(line.strip(), COST, 200)


class PagesOfHits:
    """A source with some hundred companies, `A_PAGE` for a call; all in the first round."""

    about = About("loopback", "web_search", "Companies from the provider of the tests")

    def __init__(self, loopback: Loopback, pool: Sequence[Candidate]) -> None:
        self._loopback = loopback
        self._pool = pool

    async def search(self, question: Question) -> AsyncIterator[Candidate]:
        pages = range(0, len(self._pool), A_PAGE) if question.round == 1 else []
        task = question.errand.task_id
        await asyncio.gather(*(self._loopback.ask("search", f"{task} {page}", question.errand) for page in pages))
        for page in pages:
            for candidate in self._pool[page : page + A_PAGE]:
                yield candidate


def flow_kit(store: SqlStore, calls: Calls, port: int, companies: int) -> Kit:
    """A kit whose every stage makes calls; one company in four qualifies."""
    loopback = Loopback(calls, port)
    pool = [made_up(number, PAINTS if number % 4 else BREWS, source="loopback") for number in range(companies)]
    plain = make_kit(store, FakeSource("none"))

    class Enriching:
        async def enrich(self, candidates: Sequence[Candidate], errand: Errand, _plan: object) -> list:
            await asyncio.gather(*(loopback.ask("read", f"{errand.task_id} {one.key}", errand) for one in candidates))
            return await plain.enricher.enrich(candidates, errand)

    class Grading:
        async def grade(self, plan, reference, profiles, errand: Errand) -> list:
            await asyncio.gather(*(loopback.ask("judge", f"{errand.task_id} {one.key}", errand) for one in profiles))
            return await plain.grader.grade(plan, reference, profiles, errand)

    return Kit(
        store=store,
        planner=plain.planner,
        sources=lambda _: {"loopback": PagesOfHits(loopback, pool)},
        enricher=Enriching(),
        grader=Grading(),
        freshness=lambda: "today",
        patience=math.inf,  # however busy the machine is, all is measured against the same companies
        asks_outside=True,
        grades_outside=True,
    )


def role_on(url: str, engine: str, silent_seconds: float) -> Role:
    if is_postgres(url):
        return PostgresRole(url, owner_here(), is_shared=engine == "dbos", silent_seconds=silent_seconds)
    return WorkerRole(Path(f"{sqlite_path(url)}.worker"), owner_here())


def worker_on(url: str, engine: str, role: Role, store: SqlStore, kit: Kit, at_once: int = 8) -> Work:
    async def ready() -> Kit:
        return kit

    if engine == "direct":
        return Worker(store, ready)
    place = url if is_postgres(url) else file_of(sqlite_path(url))
    return DurableWorker(
        store,
        lambda: DurableRuns(place, role.worker_id, ready, poll=0.1, at_once=at_once),
        role.worker_id,
        is_held=role.is_held,
        silent_seconds=role.silent_seconds,
        poll=0.1,
    )


@contextlib.asynccontextmanager
async def outside(
    url: str, lease: float, width: int = WIDTH, may_call: Callable[[], bool] = lambda: True
) -> AsyncIterator[tuple[SqlStore, Calls]]:
    limits = {"loopback": Limits(at_once=width, timeout_seconds=60)}
    async with (
        open_store(url) as store,
        Calls(
            Ledger(store, lease_seconds=lease), store.control, at_once=width, providers=limits, may_call=may_call
        ) as calls,
    ):
        yield store, calls
