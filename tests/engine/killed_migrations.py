"""Processes killed while they bring a database up to date: `python killed_migrations.py URL MOMENT…`, one after another.

A moment is the number of a statement of the transaction that migrates, or "commit". Prints for each how its process ended.
"""

import asyncio
import os
import signal
import sys
from itertools import count
from typing import Any

from sqlalchemy import Engine, event

import longlist.store.migrate  # noqa: F401 - loaded once, for all
from longlist.store.open import bring_up_to_date


def die_at(moment: str) -> None:
    """Kill this process when it comes to that moment."""
    statements = count(1)

    def statement(*asked: Any) -> None:
        words = asked[2].split()
        changes = words[0] in {"CREATE", "ALTER", "INSERT", "UPDATE", "DROP"}
        if changes and str(next(statements)) == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    def commit(_connection: object) -> None:
        if moment == "commit" and next(statements) > 1:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", statement)
    event.listen(Engine, "commit", commit)


for moment in sys.argv[2:]:
    if (process := os.fork()) == 0:
        die_at(moment)
        asyncio.run(bring_up_to_date(sys.argv[1]))
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    sys.stdout.write("killed\n" if status == -signal.SIGKILL else f"ended with {status}\n")
