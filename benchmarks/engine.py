"""What the engine costs, and what more workers bring: overhead, several workers on Postgres, takeover, memory.

    python benchmarks/engine.py overhead [--engine direct|dbos] [--url URL] [--pairs 3]
    python benchmarks/engine.py workers --url postgresql://… [--tasks 8]
    python benchmarks/engine.py takeover --url postgresql://…
    python benchmarks/engine.py memory [--engine direct|dbos]

Compares within one run: machines are noisy. The provider is simulated: it takes its time and computes nothing. For Postgres an
empty database is needed. Fails when the overhead or the memory is above what is promised.
"""

import argparse
import asyncio
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

import structlog

from longlist.engine.calls import Calls
from longlist.engine.durable import DurableRuns, at_once_for, file_of
from longlist.engine.durable_worker import DurableWorker
from longlist.engine.gates import Limits
from longlist.engine.kit import Kit
from longlist.engine.ledger import Ledger
from longlist.engine.owners import owner_here
from longlist.engine.search import run_task
from longlist.engine.worker import Role, Work, Worker, WorkerRole
from longlist.enrich.enrich import Profiled
from longlist.grade.grader import Assessment
from longlist.model.call import Answer, Call, Caller, Send
from longlist.model.company import Candidate, CompanyProfile
from longlist.model.criterion import Criterion, Grade
from longlist.model.plan import Plan
from longlist.model.task import TaskSpec
from longlist.model.web import NO_ERRAND, Errand
from longlist.store import SqlStore, open_store
from longlist.store.postgres import is_postgres
from longlist.store.postgres_role import PostgresRole
from longlist.store.sqlite import sqlite_path
from longlist.testing import FakeSource, made_up, make_kit
from longlist.wiring.home import POSTGRES_POLL_SECONDS, SQLITE_POLL_SECONDS

WIDTH, SECONDS = 100, 0.05
COMPANIES = 500  # with four calls each: 2,000
CALLS_EACH = 4
MOST_WALL, MOST_CPU, MOST_MEMORY = 1.0, 1.5, 1536  # seconds, seconds, MiB
TAKEOVER_SECONDS = 5.0
SPEC = TaskSpec("craft beer breweries", wanted=250, criteria=(Criterion("brews", "Brews", "It brews craft beer."),))


def provider(seconds: float) -> Send:
    """A provider that takes its time."""

    async def send(_call: Call, _idempotency_key: str) -> Answer:
        await asyncio.sleep(seconds)
        return Answer(b"an answer", cost_micros=1_000, status=200)

    return send


def kit_over(store: SqlStore, calls: Caller, companies: int, seconds: float = SECONDS) -> Kit:
    """A flow whose profiles and grades take calls and next to nothing else: what is measured is what runs it."""
    pool = [made_up(number, "It brews craft beer.") for number in range(companies)]
    half = (companies + 1) // 2  # a source may give 300 in a round
    plain = make_kit(store, FakeSource("one", pool[:half], a_round=half), FakeSource("two", pool[half:], a_round=half))

    async def ask(errand: Errand, operation: str, key: str) -> None:
        for number in range(CALLS_EACH // 2):
            call = Call("provider", operation, [key, number], errand.freshness, "", 1_000, task_id=errand.task_id)
            await calls.call(call, provider(seconds))

    class Enriching:
        async def enrich(
            self, candidates: Sequence[Candidate], errand: Errand = NO_ERRAND, plan: Plan | None = None
        ) -> list[Profiled]:
            del plan
            await asyncio.gather(*(ask(errand, "read", f"{errand.task_id} {one.key}") for one in candidates))
            return await plain.enricher.enrich(candidates)

    class Grading:
        async def grade(
            self,
            plan: Plan,
            reference: Sequence[CompanyProfile],
            profiles: Sequence[CompanyProfile],
            errand: Errand = NO_ERRAND,
        ) -> list[Assessment]:
            del plan, reference
            await asyncio.gather(*(ask(errand, "judge", f"{errand.task_id} {one.key}") for one in profiles))
            return [Assessment(0.5, (Grade("brews", 3, "Half-way."),)) for _ in profiles]

    return Kit(store, plain.planner, plain.sources, Enriching(), Grading(), asks_outside=True, grades_outside=True)


class Straight:
    """Sends every call, `WIDTH` at a time, and records nothing."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(WIDTH)

    async def call(self, call: Call, send: Send) -> Answer:
        """A `Caller`."""
        async with self._room:
            return await send(call, "")


async def plainly(store: SqlStore, companies: int) -> None:
    """The same flow over plain coroutines, its calls unrecorded: the rows of candidates, profiles and grades are the same."""
    task = await store.create(SPEC)
    await run_task(kit_over(store, Straight(), companies), task.id)


def role_on(url: str) -> Role:
    """A role that others take over after `TAKEOVER_SECONDS`."""
    if is_postgres(url):
        return PostgresRole(url, owner_here(), is_shared=True, silent_seconds=TAKEOVER_SECONDS)
    return WorkerRole(Path(f"{sqlite_path(url)}.worker"), owner_here())


def worker_on(url: str, engine: str, role: Role, store: SqlStore, kit: Kit) -> Work:
    """A worker with this engine."""

    async def ready() -> Kit:
        return kit

    if engine == "direct":
        return Worker(store, ready, at_once=100)
    place = url if is_postgres(url) else file_of(sqlite_path(url))
    poll = POSTGRES_POLL_SECONDS if is_postgres(url) else SQLITE_POLL_SECONDS
    return DurableWorker(
        store,
        lambda: DurableRuns(place, role.worker_id, ready, poll=poll, at_once=at_once_for(WIDTH)),
        role.worker_id,
        is_held=role.is_held,
        silent_seconds=role.silent_seconds,
        poll=poll,
    )


async def working(
    url: str, engine: str, companies: int, do: Callable[[SqlStore], Awaitable[None]], seconds: float = SECONDS
) -> None:
    """Be a worker while `do` goes on."""
    role = role_on(url)
    await asyncio.to_thread(role.take)
    limits = {"provider": Limits(at_once=WIDTH)}
    try:
        async with (
            open_store(url, pace="patient") as store,
            Calls(Ledger(store), store.control, at_once=WIDTH, providers=limits) as calls,
        ):
            stop = asyncio.Event()
            work = worker_on(url, engine, role, store, kit_over(store, calls, companies, seconds))
            running = asyncio.create_task(work.run(stop))
            await asyncio.sleep(2)  # to begin with; what it takes is told by `takeover`
            await do(store)
            stop.set()
            await running
    finally:
        await asyncio.to_thread(role.leave)


async def ended(store: SqlStore, tasks: Sequence[str]) -> None:
    """Wait until all tasks have ended."""
    for task_id in tasks:
        while (mark := await store.mark(task_id)).status not in ("done", "failed"):  # noqa: ASYNC110 - a database
            await asyncio.sleep(0.02)
        assert mark.status == "done", (await store.task(task_id)).failure_reason


async def overhead(url: str, engine: str, pairs: int) -> int:
    """The flow over the engine and the ledger, against the same flow over plain coroutines without a ledger."""
    walls, cpus = [], []

    async def measure(store: SqlStore) -> None:
        for _ in range(pairs):
            wall, cpu = time.perf_counter(), time.process_time()
            await plainly(store, COMPANIES)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            begun, used = time.perf_counter(), time.process_time()
            task = await store.create(SPEC, is_queued=True)
            await ended(store, [task.id])
            whole, used = time.perf_counter() - begun, time.process_time() - used
            calls = sum(line.calls for line in await store.call_totals(task.id))
            print(f"{calls:,} calls: plain {wall:.2f} s (CPU {cpu:.2f}); {engine} {whole:.2f} s (CPU {used:.2f})")
            walls.append(whole - wall)
            cpus.append(used - cpu)

    await working(url, engine, COMPANIES, measure)
    wall, cpu = statistics.median(walls), statistics.median(cpus)
    print(f"overhead, median of {pairs}: {wall:.2f} s wall, {cpu:.2f} s CPU")
    return 0 if wall <= MOST_WALL and cpu <= MOST_CPU else 1


async def memory(url: str, engine: str) -> int:
    """A hundred tasks in flight in one process."""

    async def measure(store: SqlStore) -> None:
        tasks = [(await store.create(SPEC, is_queued=True)).id for _ in range(100)]
        await ended(store, tasks)

    begun = time.perf_counter()
    await working(url, engine, 50, measure)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"100 tasks in flight over {engine}: {most:.0f} MiB at the most, {time.perf_counter() - begun:.1f} s")
    return 0 if most <= MOST_MEMORY else 1


def child(url: str, seconds: float = SECONDS) -> subprocess.Popen[str]:
    """A worker in a process of its own, ready."""
    command = [sys.executable, __file__, "be-worker", "--url", url, "--seconds", str(seconds)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ)
    assert process.stdout is not None
    word = process.stdout.readline()
    if word != "ready\n":
        end([process])
        sys.exit(f"A worker said {word!r} instead of being ready.")
    return process


def end(crew: Sequence[subprocess.Popen[str]]) -> None:
    """Kill workers, frozen ones too."""
    for one in crew:
        one.kill()
        one.wait()


async def be_worker(url: str, seconds: float) -> None:
    """Work until killed, or until standard input ends, as it does when whoever measures is gone.

    The log goes to stderr: standard output says when it is ready, and nothing else.
    """
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(1)), daemon=True).start()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))

    async def forever(_store: SqlStore) -> None:
        print("ready", flush=True)
        await asyncio.Event().wait()

    await working(url, "dbos", COMPANIES // 5, forever, seconds)


async def workers(url: str, tasks: int, seconds: float) -> int:
    """How long one, two and four workers take for the same tasks, waiting for a provider most of the time."""
    first = 0.0
    for count in (1, 2, 4):
        crew = await asyncio.gather(*(asyncio.to_thread(child, url, seconds) for _ in range(count)))
        try:
            async with open_store(url) as store:
                begun = time.perf_counter()
                made = [(await store.create(SPEC, is_queued=True)).id for _ in range(tasks)]
                await ended(store, made)
                took = time.perf_counter() - begun
        finally:
            end(crew)
        first = first or took
        print(
            f"{count} workers: {tasks} tasks of {COMPANIES // 5} companies in {took:.1f} s, {first / took:.2f} of one"
        )
    return 0


async def takeover(url: str) -> int:
    """How soon another worker goes on after one was killed, and after one was frozen."""
    for number, kind in ((signal.SIGKILL, "killed"), (signal.SIGSTOP, "frozen")):
        crew: list[subprocess.Popen[str]] = []
        async with open_store(url) as store:
            try:
                others = set(await store.workers())
                crew.append(await asyncio.to_thread(child, url))
                (gone,) = set(await store.workers()) - others
                crew.append(await asyncio.to_thread(child, url))
                tasks = [(await store.create(SPEC, is_queued=True)).id for _ in range(2)]
                while (await store.spend(tasks[-1])).calls < 20:  # noqa: ASYNC110 - a database
                    await asyncio.sleep(0.02)
                crew[0].send_signal(number)
                begun = time.perf_counter()
                while gone in await store.workers():  # noqa: ASYNC110 - a database
                    await asyncio.sleep(0.02)
                taken = time.perf_counter() - begun
                await ended(store, tasks)
                whole = time.perf_counter() - begun
            finally:
                end(crew)
        print(f"one of two {kind}: its work taken over after {taken:.1f} s, tasks done after {whole:.1f} s")
    return 0


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("overhead", "workers", "takeover", "memory", "be-worker"))
    parser.add_argument("--url", default="", help="the database; by default a new SQLite file")
    parser.add_argument("--engine", choices=("direct", "dbos"), default="dbos")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--tasks", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=1.0, help="what the provider of `workers` takes for a call")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.url or f"sqlite:///{Path(folder) / 'app.db'}"
        works: dict[str, Callable[[], Coroutine[Any, Any, int | None]]] = {
            "overhead": lambda: overhead(url, given.engine, given.pairs),
            "workers": lambda: workers(url, given.tasks, given.seconds),
            "takeover": lambda: takeover(url),
            "memory": lambda: memory(url, given.engine),
            "be-worker": lambda: be_worker(url, given.seconds),
        }
        return asyncio.run(works[given.what]()) or 0


if __name__ == "__main__":
    sys.exit(main())
