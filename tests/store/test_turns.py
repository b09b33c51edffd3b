# ruff: noqa: ASYNC251 - a turn is held on purpose
"""Who writes next, between coroutines, loops and threads."""

import asyncio
import threading
import time

import pytest

from longlist.model.task import TaskSpec
from longlist.store import open_store
from longlist.store.turns import Pace, Turns


async def test_urgent_ones_go_before_the_others_and_each_kind_in_order_of_coming():
    turns, order = Turns(), []

    async def write(name: str, pace: Pace) -> None:
        async with turns.turn(pace):
            order.append(name)
            await asyncio.sleep(0)

    async with turns.turn("usual"):
        waiting = []
        for name, pace in (("a", "usual"), ("b", "urgent"), ("c", "usual"), ("d", "urgent")):
            waiting.append(asyncio.create_task(write(name, pace)))
            await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert order == ["b", "d", "a", "c"]


@pytest.mark.parametrize("moment", ["while it waits", "when its turn has come"])
async def test_whoever_gives_up_loses_nobody_a_turn(moment):
    turns = Turns()

    async def write() -> None:
        async with turns.turn("usual"):
            await asyncio.sleep(0)

    async with turns.turn("usual"):
        giving_up, next_one = asyncio.create_task(write()), asyncio.create_task(write())
        await asyncio.sleep(0)
        if moment == "while it waits":
            giving_up.cancel()
    if moment != "while it waits":
        await asyncio.sleep(0)  # the turn is on its way
        giving_up.cancel()
    await asyncio.wait_for(next_one, 5)
    assert giving_up.cancelled()
    async with asyncio.timeout(5), turns.turn("usual"):
        pass


def test_loops_in_threads_exclude_one_another():
    turns, inside, most = Turns(), 0, 0

    async def write(pace: Pace) -> None:
        nonlocal inside, most
        own = asyncio.Lock()

        async def one() -> None:
            nonlocal inside, most
            async with own, turns.turn(pace):
                inside += 1
                most = max(most, inside)
                time.sleep(0.001)
                inside -= 1

        await asyncio.gather(*(one() for _ in range(20)))

    threads = [threading.Thread(target=lambda p=p: asyncio.run(write(p))) for p in ("urgent", "patient", "usual")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
        assert not thread.is_alive()
    assert most == 1


def test_a_busy_worker_in_a_thread_of_its_own_does_not_keep_answers_waiting(tmp_path):
    """Without the line an urgent write waited for up to 1.5 s beside this; a second is far from both."""
    url, stop, made = f"sqlite:///{tmp_path / 'app.db'}", threading.Event(), []

    async def work() -> None:
        async with open_store(url, pace="patient") as store:
            while not stop.is_set():
                await asyncio.gather(*(store.create(TaskSpec(f"by the worker {n}")) for n in range(10)))
                made.append(10)

    async def answer() -> float:
        async with open_store(url, pace="urgent") as store:
            thread.start()
            worst = 0.0
            for number in range(30):
                begun = time.monotonic()
                await store.create(TaskSpec(f"urgent {number}"))
                worst = max(worst, time.monotonic() - begun)
            stop.set()
            await asyncio.to_thread(thread.join, 20)
            assert len(await store.tasks(0, 10_000)) == 30 + sum(made)
            return worst

    thread = threading.Thread(target=lambda: asyncio.run(work()))
    assert asyncio.run(answer()) < 1.0
    assert made
