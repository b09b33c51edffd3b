# ruff: noqa: ASYNC110 - looks again and again whether it is done
"""A process that makes the cells of a table, for money: `python cell_maker.py URL PORT TABLE_ID`.

Prints "ready" when it begins, and "done" once no cell waits.
"""

import asyncio
import sys

from table_parts import PageEnricher, Paid, make_kit

from longlist.engine.calls import Calls
from longlist.engine.cells import CellRunner
from longlist.engine.gates import Limits
from longlist.engine.ledger import Ledger
from longlist.store import open_store

WIDTH = 20


async def make(url: str, port: int, table_id: str) -> None:
    limits = {"loopback": Limits(at_once=WIDTH, timeout_seconds=60)}
    async with open_store(url) as store, Calls(Ledger(store), store.control, at_once=WIDTH, providers=limits) as calls:
        enricher = PageEnricher(lambda domain: f"{domain}\nIt makes things.")
        kit = make_kit(enricher, asks_outside=True, llm=Paid(calls, port))

        async def fresh() -> object:
            return kit

        stop = asyncio.Event()
        running = asyncio.create_task(CellRunner(store, fresh).run(stop))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while (await store.tally(table_id)).waiting:
            await asyncio.sleep(0.05)
        stop.set()
        await running
    sys.stdout.write("done\n")


if __name__ == "__main__":
    asyncio.run(make(sys.argv[1], int(sys.argv[2]), sys.argv[3]))
