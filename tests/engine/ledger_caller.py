"""A process that makes calls: `python ledger_caller.py URL PORT TASK_ID CALLS WIDTH LEASE_SECONDS`.

Prints "ready" when it begins, and all answers as JSON at the end.
"""

import asyncio
import json
import sys

from longlist.engine.calls import Calls
from longlist.engine.gates import Limits
from longlist.engine.ledger import Ledger
from longlist.errors import NoAnswer
from longlist.model.call import Answer, Call
from longlist.store import open_store

COST = 1_000


def call(number: int, task_id: str) -> Call:
    return Call("loopback", "search", {"number": number}, cost_micros=COST, task_id=task_id, step="test")


async def make_calls(url: str, port: int, task_id: str, calls: int, width: int, lease: float) -> None:
    async def send(sent: Call, idempotency_key: str) -> Answer:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(json.dumps({"number": sent.request["number"], "key": idempotency_key}).encode() + b"\n")
            line = await reader.readline()
        finally:
            writer.close()
        if not line:
            raise NoAnswer("The connection broke.")
        return Answer(line.strip(), COST, 200)

    limits = {"loopback": Limits(at_once=width, timeout_seconds=60)}
    async with (
        open_store(url) as store,
        Calls(Ledger(store, lease_seconds=lease), store.control, at_once=width, providers=limits) as outside,
    ):
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        answers = await asyncio.gather(*(outside.call(call(number, task_id), send) for number in range(calls)))
    sys.stdout.write(json.dumps([answer.body.decode() for answer in answers]) + "\n")


if __name__ == "__main__":
    asyncio.run(make_calls(sys.argv[1], int(sys.argv[2]), sys.argv[3], *map(int, sys.argv[4:6]), float(sys.argv[6])))
