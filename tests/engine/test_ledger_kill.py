"""Processes killed and frozen while they make calls: nothing recorded is sent again, what was in flight is told of."""

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from ledger_caller import COST, call

from longlist.engine.ledger import key_of
from longlist.model.call import Caps
from longlist.model.task import TaskSpec
from longlist.store import open_store
from longlist.store.ledger import CallTotal

HERE = Path(__file__).parent
WIDTH = 20
pytestmark = pytest.mark.slow


def process(script: str, *args: object) -> subprocess.Popen[str]:
    env = os.environ | {"PYTHONPATH": os.pathsep.join(part for part in sys.path if part)}
    command = [sys.executable, str(HERE / script), *map(str, args)]
    return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)


@dataclass(frozen=True)
class Setting:
    """A database with one task, and a running provider with its log."""

    url: str
    task_id: str
    port: int
    log: Path

    def caller(self, calls: int, lease: float) -> subprocess.Popen[str]:
        started = process("ledger_caller.py", self.url, self.port, self.task_id, calls, WIDTH, lease)
        assert started.stdout.readline() == "ready\n"
        return started

    def received(self) -> list[int]:
        """The numbers of the calls that the provider received, in order."""
        return [json.loads(line)["number"] for line in self.log.read_text().splitlines()]

    def recorded(self, calls: int) -> set[int]:
        """The numbers of the calls whose answers are recorded."""

        async def ask() -> set[int]:
            keys = {key_of(call(number, self.task_id)): number for number in range(calls)}
            async with open_store(self.url) as store:
                return {keys[key] for key in await store.recorded(keys)}

        return asyncio.run(ask())

    def spent(self) -> tuple[int, list[CallTotal]]:
        async def ask() -> tuple[int, list[CallTotal]]:
            async with open_store(self.url) as store:
                return (await store.spend(self.task_id)).micros, await store.call_totals(self.task_id)

        return asyncio.run(ask())


@pytest.fixture
def seconds(request: pytest.FixtureRequest) -> float:
    """How long the provider takes."""
    return getattr(request, "param", 0.05)


@pytest.fixture
def setting(url: str, tmp_path: Path, seconds: float) -> Iterator[Setting]:
    async def task() -> str:
        async with open_store(url) as store:
            made = await store.create(TaskSpec("q"))
            await store.set_caps(made.id, Caps(micros=COST * 10_000))
            return made.id

    log = tmp_path / "received.jsonl"
    provider = process("ledger_provider.py", log, seconds)
    port = int(provider.stdout.readline())
    yield Setting(url, asyncio.run(task()), port, log)
    provider.kill()
    provider.communicate()


@pytest.mark.parametrize("seed", [1, *[pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(2, 12)]])
def test_ten_kills_repeat_nothing_recorded_and_tell_of_everything_repeated(setting: Setting, seed: int):
    calls, kills, chance = 1_500, 10, random.Random(seed)
    periods: list[tuple[int, set[int]]] = []  # how many were received, and what was recorded, when each kill was done
    for _ in range(kills):
        caller, before, end = setting.caller(calls, 30), len(setting.received()), time.monotonic() + 10
        while len(setting.received()) <= before and time.monotonic() < end:
            time.sleep(0.005)
        time.sleep(chance.uniform(0.05, 0.4))
        caller.kill()
        caller.communicate()
        recorded = setting.recorded(calls)
        time.sleep(0.1)  # the provider reads what was sent just before
        periods.append((len(setting.received()), recorded))
    last = setting.caller(calls, 30)
    out, _ = last.communicate(timeout=120)
    assert last.returncode == 0
    answers, received = json.loads(out), setting.received()
    assert len(set(answers)) == calls

    in_flight = 0
    bounds = [0, *(count for count, _ in periods), len(received)]
    for begin, end in pairwise(bounds):
        assert max(Counter(received[begin:end]).values(), default=0) <= 1, "sent twice between two kills"
    for count, recorded in periods:
        assert not recorded & set(received[count:]), "sent again though its answer was recorded"
    for number, times in Counter(received).items():
        assert times <= kills + 1, number
        in_flight += times - 1
    assert in_flight <= kills * WIDTH

    used, (total,) = setting.spent()
    repeated = sum(times > 1 for times in Counter(received).values())
    assert (total.state, total.calls, set(received)) == ("done", calls, set(range(calls)))
    assert repeated, "no kill met a call in flight"
    assert repeated <= total.paid_twice <= kills * WIDTH
    assert len(received) <= total.attempts <= len(received) + kills * WIDTH  # some were killed before they left
    assert total.attempts - calls >= total.paid_twice
    assert total.cost_micros == calls * COST
    assert used == total.cost_micros + total.doubtful_micros == total.attempts * COST >= len(received) * COST


@pytest.mark.parametrize("seconds", [2.0], indirect=True)
def test_a_frozen_process_that_wakes_up_finds_its_work_done_and_every_request_is_paid_for(setting: Setting):
    calls = WIDTH * 2
    frozen = setting.caller(calls, 1.5)
    while len(setting.received()) < WIDTH:
        time.sleep(0.02)
    time.sleep(0.7)  # in flight, and between two renewals
    frozen.send_signal(signal.SIGSTOP)
    try:
        other = setting.caller(calls, 1.5)
        out, _ = other.communicate(timeout=60)
        assert other.returncode == 0
        used, (total,) = setting.spent()
        received = setting.received()
        assert Counter(received) == Counter([*range(calls), *range(WIDTH)])
        assert (total.paid_twice, total.doubtful_micros) == (WIDTH, WIDTH * COST)
        assert used == len(received) * COST
    finally:
        frozen.send_signal(signal.SIGCONT)
    late, _ = frozen.communicate(timeout=60)
    assert frozen.returncode == 0
    assert json.loads(late) == json.loads(out)
    assert len(setting.received()) == len(received)
    used, (total,) = setting.spent()
    assert (total.state, total.calls, total.attempts) == ("done", calls, calls + WIDTH)
    assert used == total.cost_micros + total.doubtful_micros == len(received) * COST


def test_two_processes_with_the_same_calls_send_each_once(setting: Setting):
    calls = 400
    both = [setting.caller(calls, 10) for _ in range(2)]
    outs = [caller.communicate(timeout=60)[0] for caller in both]
    assert json.loads(outs[0]) == json.loads(outs[1])
    assert Counter(setting.received()) == Counter(range(calls))
    used, (total,) = setting.spent()
    assert (used, total.paid_twice, total.attempts) == (calls * COST, 0, calls)
