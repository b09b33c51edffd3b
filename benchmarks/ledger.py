"""What the ledger costs: 2,000 calls of 50 ms, 100 at a time, over plain coroutines and through the ledger, in one run.

    python benchmarks/ledger.py [--url URL] [--pairs 3]

Compares pairs of runs, one after the other: machines are noisy. Fails when the overhead is above what is promised.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from longlist.engine.calls import Calls
from longlist.engine.gates import Limits
from longlist.engine.ledger import Ledger
from longlist.model.call import Answer, Call
from longlist.model.task import TaskSpec
from longlist.store import SqlStore, open_store
from longlist.store.turns import Pace

CALLS, WIDTH, SECONDS = 2_000, 100, 0.05
MOST_WALL, MOST_CPU = 1.0, 0.5  # seconds more than plain coroutines
BODY = b'{"results": [' + b'{"title": "A company", "url": "https://example.com/"},' * 5 + b"{}]}"


async def send(call: Call, _idempotency_key: str) -> Answer:
    """A provider that takes its time."""
    await asyncio.sleep(SECONDS)
    return Answer(BODY + str(call.request["q"]).encode(), cost_micros=1_000, status=200)


async def timed(work: Callable[[int], Awaitable[object]]) -> tuple[float, float]:
    """Wall and CPU seconds of all calls, `WIDTH` at a time."""
    room = asyncio.Semaphore(WIDTH)

    async def one(number: int) -> None:
        async with room:
            await work(number)

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one(number) for number in range(CALLS)))
    return time.perf_counter() - wall, time.process_time() - cpu


async def through_the_ledger(store: SqlStore) -> tuple[float, float, int, float]:
    """Wall, CPU and transactions of all calls, and how long the same calls take once they are recorded."""
    task = await store.create(TaskSpec("a benchmark"))
    freshness = str(time.time_ns())

    def call(number: int) -> Call:
        return Call("provider", "search", {"q": number}, freshness, cost_micros=2_000, task_id=task.id, step="discover")

    limits = {"provider": Limits(at_once=WIDTH)}
    async with Calls(ledger := Ledger(store), store.control, at_once=WIDTH, providers=limits) as calls:
        wall, cpu = await timed(lambda number: calls.call(call(number), send))
        transactions = ledger.transactions
        again, _ = await timed(lambda number: calls.call(call(number), send))
    return wall, cpu, transactions, again


async def main(url: str, pairs: int, pace: Pace) -> int:
    """Print each pair and the medians."""
    walls, cpus = [], []
    async with open_store(url, pace=pace) as store:
        for _ in range(pairs):
            plain_wall, plain_cpu = await timed(lambda number: send(Call("p", "o", {"q": number}), ""))
            wall, cpu, transactions, again = await through_the_ledger(store)
            walls.append(wall - plain_wall)
            cpus.append(cpu - plain_cpu)
            print(
                f"plain {plain_wall:.2f} s (CPU {plain_cpu:.2f}); ledger {wall:.2f} s (CPU {cpu:.2f}), "
                f"{2 * CALLS:,} changes in {transactions} transactions; recorded again {again:.2f} s"
            )
    wall, cpu = statistics.median(walls), statistics.median(cpus)
    print(f"overhead for {CALLS:,} calls, median of {pairs}: {wall:.2f} s wall, {cpu:.2f} s CPU")
    return 0 if wall <= MOST_WALL and cpu <= MOST_CPU else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="", help="the database; by default a new SQLite file")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--pace", choices=("usual", "patient"), default="patient", help="patient is what a worker uses")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sys.exit(asyncio.run(main(given.url or f"sqlite:///{Path(folder) / 'app.db'}", given.pairs, given.pace)))
