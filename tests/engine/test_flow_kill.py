"""Workers killed, frozen and cut off from their database while tasks run: the same end, nothing recorded paid for again."""

import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flow_parts import COST, CRITERIA, WIDTH, flow_kit, outside

from longlist.engine.ledger import key_of
from longlist.engine.search import run_task
from longlist.errors import StoreError
from longlist.model.call import Call
from longlist.model.task import Task, TaskSpec
from longlist.store.ledger import CallTotal
from longlist.store.open import SqlStore, open_store
from processes import answering

HERE = Path(__file__).parent
COMPANIES = 50
SILENT = 2.0
LATENCY = 0.05
KILLS = 10
pytestmark = pytest.mark.slow
ENGINES = [("sqlite", "direct"), ("sqlite", "dbos"), ("postgres", "dbos")]
SPEC = TaskSpec("craft beer breweries", wanted=50, criteria=CRITERIA)


async def outcome(store: SqlStore, task_id: str) -> list:
    """What a task came to; ranks to nine places, since batch-mates move the last ones."""
    found = await store.results(task_id, qualified_only=False)
    return [(r.candidate.key, round(r.rank_score, 9), [(g.score, g.evidence) for g in r.grades]) for r in found]


@dataclass
class Scene:
    """A database, a provider with a log, and workers that come and go."""

    url: str
    engine: str
    port: int
    log: Path
    expected: list
    nursery: subprocess.Popen[str]
    workers: list[int] = field(default_factory=list)

    def worker(self, words: str = "") -> int:
        """A worker that is ready, by its process number; `words` as in `flow_worker`."""
        asked = (self.url, self.port, self.engine, COMPANIES, SILENT, self.log, words)
        self.nursery.stdin.write(" ".join(map(str, asked)) + "\n")
        self.nursery.stdin.flush()
        self.workers.append(self.said("ready"))
        return self.workers[-1]

    def said(self, word: str) -> int:
        """The process number of the worker that says a word next."""
        said, number = self.nursery.stdout.readline().split()
        assert said == word
        return int(number)

    def received(self, task_id: str) -> list[str]:
        """The calls for a task that the provider received, in order."""
        lines = map(json.loads, self.log.read_text().splitlines())
        return [line["number"] for line in lines if line["task"] == task_id]

    def recorded(self, task_id: str) -> set[str]:
        """The calls of a task whose answers are recorded."""
        keys = {key_of(Call("loopback", *name.split(" ", 1), "today")): name for name in self.received(task_id)}

        async def ask() -> set[str]:
            async with open_store(self.url) as store:
                return {keys[key] for key in await store.recorded(keys)}

        return asyncio.run(ask())

    def totals(self, task_id: str) -> list[CallTotal]:
        async def ask() -> list[CallTotal]:
            async with open_store(self.url) as store:
                return await store.call_totals(task_id)

        return asyncio.run(ask())

    def create(self) -> str:
        async def make() -> str:
            async with open_store(self.url) as store:
                return (await store.create(SPEC, is_queued=True)).id

        return asyncio.run(make())

    def settled(self, task_id: str, seconds: float = 240) -> Task:
        """The task once it has ended."""

        async def wait() -> Task:
            end = time.monotonic() + seconds
            async with open_store(self.url) as store:
                while True:
                    try:
                        task = await store.task(task_id)
                        if task.status in ("done", "failed"):
                            return task
                    except StoreError:
                        assert time.monotonic() < end
                    assert time.monotonic() < end, task
                    await asyncio.sleep(0.1)

        return asyncio.run(wait())

    def reached(self, task_id: str, calls: int, after: int = 0) -> None:
        """Wait until the provider received so many different calls of the task, and more than `after` in all."""
        end = time.monotonic() + 240
        while len(set(received := self.received(task_id))) < calls or len(received) <= after:
            assert time.monotonic() < end
            time.sleep(0.01)

    def check(self, task_id: str, kills: int) -> None:
        """The end of an undisturbed run; no call with a recorded answer repeated, each repeated one flagged, ledger = log."""
        task = self.settled(task_id)
        assert (task.status, task.stop_reason, task.is_exhausted) == ("done", "exhausted", True)

        async def came_to() -> tuple[list, int]:
            async with open_store(self.url) as store:
                return await outcome(store, task_id), (await store.spend(task_id)).micros

        found, spent = asyncio.run(came_to())
        assert found == self.expected
        received = self.received(task_id)
        repeated = [name for name, times in Counter(received).items() if times > 1]
        totals = self.totals(task_id)
        assert sum(line.attempts for line in totals) >= len(received)
        assert sum(line.calls for line in totals) == len(set(received)) == COMPANIES * 2 + COMPANIES // 10
        assert max(Counter(received).values()) <= kills + 1
        assert len(received) - len(set(received)) <= kills * WIDTH
        assert len(repeated) <= sum(line.paid_twice for line in totals)
        assert spent >= len(received) * COST


@pytest.fixture(params=ENGINES, ids="-".join)
def scene(
    request: pytest.FixtureRequest, tmp_path: Path, expected: list, nursery: subprocess.Popen[str]
) -> Iterator[Scene]:
    database, engine = request.param
    url = f"sqlite:///{tmp_path / 'app.db'}"
    if database == "postgres":
        url = request.getfixturevalue("cluster").empty()
    with answering(tmp_path / "log", LATENCY) as port:
        made = Scene(url, engine, port, tmp_path / "log", expected, nursery)
        try:
            yield made
        finally:
            for worker in made.workers:
                killed(worker)


@pytest.fixture(scope="module")
def nursery() -> Iterator[subprocess.Popen[str]]:
    """The process that workers are forks of; they end with it."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    command = [sys.executable, str(HERE / "flow_worker.py")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=env, text=True, start_new_session=True, **pipes) as started:
        yield started
        started.stdin.close()


def gone(worker: int, seconds: float = 60) -> None:
    """Wait until a worker has ended."""
    end = time.monotonic() + seconds
    with contextlib.suppress(ProcessLookupError):
        while True:
            os.kill(worker, 0)
            assert time.monotonic() < end
            time.sleep(0.002)


def killed(worker: int) -> None:
    """Kill a worker, if it is not gone yet, and wait until it is."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(worker, signal.SIGKILL)
    gone(worker)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list:
    """What the task comes to when nothing happens to it."""
    folder = tmp_path_factory.mktemp("undisturbed")

    async def run(port: int) -> list:
        async with outside(f"sqlite:///{folder / 'app.db'}", 30) as (store, calls):
            task = await store.create(SPEC)
            await run_task(flow_kit(store, calls, port, COMPANIES), task.id)
            return await outcome(store, task.id)

    with answering(folder / "log", 0.0) as port:
        return asyncio.run(run(port))


ALL = COMPANIES * 2 + COMPANIES // 10


@pytest.mark.parametrize("seed", [0, *(pytest.param(one, marks=pytest.mark.exhaustive) for one in range(1, 10))])
def test_workers_killed_at_random_moments_of_every_stage_leave_the_end_of_an_undisturbed_run(scene: Scene, seed: int):
    chance = random.Random(seed)
    task_id = scene.create()
    moments = sorted(chance.randrange(ALL - 2) for _ in range(KILLS))
    known: list[tuple[set[str], int]] = []  # what was recorded at a kill, and how many calls had been received
    for calls in moments:
        before = len(scene.received(task_id))
        if known and len(known[-1][0]) == ALL:
            break  # nothing is left to be asked
        worker = scene.worker()
        scene.reached(task_id, calls, after=before)
        killed(worker)
        known.append((scene.recorded(task_id), len(scene.received(task_id))))
    scene.worker()
    scene.check(task_id, kills=len(known))
    assert len(known) > KILLS // 2
    assert any(recorded for recorded, _ in known)
    for recorded, so_far in known:
        assert recorded.isdisjoint(scene.received(task_id)[so_far:])


def test_workers_killed_amid_orders_obey_them_afterwards(scene: Scene):
    def order(what: str) -> None:
        async def give() -> None:
            async with open_store(scene.url) as store:
                if what == "go on":
                    await store.raise_target(task_id, 50, is_queued=True)
                else:
                    await (store.pause if what == "pause" else store.stop)(task_id)

        asyncio.run(give())

    task_id = scene.create()
    for calls, what, reason in ((15, "pause", "paused"), (40, "stop", "stopped")):
        worker = scene.worker()
        scene.reached(task_id, calls)
        order(what)
        killed(worker)
        worker = scene.worker()
        assert scene.settled(task_id).stop_reason == reason
        order("go on")
        killed(worker)
    worker = scene.worker()
    scene.reached(task_id, 60)
    order("go on")
    killed(worker)
    scene.worker()
    scene.check(task_id, kills=5)


def test_a_worker_that_is_told_to_end_leaves_within_its_time_and_the_next_of_another_release_goes_on(scene: Scene):
    def runs() -> list[tuple[str, int]]:
        async def ask() -> list[tuple[str, int]]:
            async with open_store(scene.url) as store:
                return await store.unfinished_runs()

        return asyncio.run(ask())

    task_id = scene.create()
    worker = scene.worker()
    scene.reached(task_id, 20)
    os.kill(worker, signal.SIGTERM)
    assert scene.said("left") == worker
    gone(worker, seconds=30)
    scene.worker("upgraded")
    scene.reached(task_id, 60)
    assert runs() == [(task_id, 1)]  # it goes on with the run, and begins none anew
    scene.check(task_id, kills=0)


def test_a_worker_killed_between_an_answer_and_the_row_made_of_it_pays_nothing_again(scene: Scene):
    task_id = scene.create()
    gone(scene.worker("dies"))
    recorded, so_far = scene.recorded(task_id), len(scene.received(task_id))
    read = {name for name in recorded if name.startswith("read ")}
    assert read

    async def enriched() -> int:
        async with open_store(scene.url) as store:
            return (await store.progress(task_id)).enriched

    assert asyncio.run(enriched()) == 0
    scene.worker()
    scene.check(task_id, kills=1)
    assert recorded.isdisjoint(scene.received(task_id)[so_far:])


@pytest.mark.parametrize("scene", [("postgres", "dbos")], indirect=True, ids="-".join)
class TestSeveral:
    """Workers that share a database."""

    def test_one_killed_the_other_goes_on_with_its_tasks(self, scene: Scene):
        first, _ = scene.worker(), scene.worker()
        tasks = [scene.create() for _ in range(3)]
        scene.reached(tasks[2], 5)
        killed(first)
        for task_id in tasks:
            scene.check(task_id, kills=1)

    def test_one_frozen_beyond_its_time_and_thawed_does_no_harm(self, scene: Scene):
        first, _ = scene.worker(), scene.worker()
        task_id = scene.create()
        scene.reached(task_id, 20)
        os.kill(first, signal.SIGSTOP)
        time.sleep(2 * SILENT)
        os.kill(first, signal.SIGCONT)
        scene.check(task_id, kills=1)
        later = scene.create()
        scene.check(later, kills=0)

    def test_a_database_that_goes_away_and_comes_back_holds_runs_up_and_breaks_none(self, scene: Scene, cluster):
        scene.worker(), scene.worker()
        task_id = scene.create()
        scene.reached(task_id, 20)
        cluster.stop("immediate")
        time.sleep(1)
        cluster.start()
        scene.check(task_id, kills=1)

    @pytest.mark.parametrize("goes_on", ["while it is away", "once it is back"])
    def test_a_database_that_goes_away_amid_a_takeover_loses_no_work(self, scene: Scene, cluster, goes_on: str):
        first = scene.worker()
        task_id = scene.create()
        scene.reached(task_id, 20)
        second = scene.worker("hesitates")
        killed(first)
        assert scene.said("inherits") == second
        cluster.stop("immediate")
        if goes_on == "while it is away":
            scene.log.with_name("log.go").touch()
            time.sleep(1)
        cluster.start()
        scene.log.with_name("log.go").touch()
        scene.check(task_id, kills=2)
