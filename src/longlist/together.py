"""Doing several things side by side."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

from longlist.errors import BudgetSpent, Stopped

Result = TypeVar("Result")


async def together(work: Iterable[Awaitable[Result]]) -> list[Result]:
    """What all of it gives, in order, after all has ended; a task that may not go on raises that first."""
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    errors = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    for kind in (asyncio.CancelledError, Stopped, BudgetSpent, BaseException):
        for error in errors:
            if isinstance(error, kind):
                raise error
    return [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
