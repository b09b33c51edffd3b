"""A process that writes: `python writer.py URL TASK_ID PREFIX COUNT`. Prints a line after each committed batch."""

import asyncio
import sys

from longlist.model.company import Candidate, Record
from longlist.model.task import TaskSpec
from longlist.store import open_store


async def write(url: str, task_id: str, prefix: str, count: int) -> None:
    async with open_store(url) as store:
        if task_id == "-":
            task_id = (await store.create(TaskSpec(prefix))).id
        for number in range(count):
            keys = [f"{prefix}{number}-{part}.com" for part in range(5)]
            await store.put_candidates(task_id, [Candidate(key, key, key, "catalog") for key in keys])
            await store.put_records(prefix, [Record(f"catalog:{prefix}:{key}", key, key, "", key) for key in keys])
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


asyncio.run(write(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])))
