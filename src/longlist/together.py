"""Doing several things side by side."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

from longlist.errors import BudgetSpent, NotFound, Stopped, StoreError

Result = TypeVar("Result")


async def together(work: Iterable[Awaitable[Result]]) -> list[Result]:
    """What all of it gives, in order, after all has ended. Of several errors that of the store is raised first (StoreError,
    NotFound of a deleted task), then that a task may not go on.
    """
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    errors = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    for kind in (asyncio.CancelledError, StoreError, NotFound, Stopped, BudgetSpent, BaseException):
        for error in errors:
            if isinstance(error, kind):
                raise error
    return [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
