"""Doing something for many in batches, and for as many as the budget allows."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from longlist.errors import BudgetSpent
from longlist.together import together

Asked = TypeVar("Asked")
Given = TypeVar("Given")


async def within_budget(
    ask: Callable[[Sequence[Asked]], Awaitable[list[Given]]], some: Sequence[Asked]
) -> tuple[list[Given], BudgetSpent | None]:
    """What is given for some, and why not for all of them, if so.

    Once the budget is spent each is asked for alone: what is recorded was paid for, and what costs nothing goes on.
    """
    try:
        return await ask(some), None
    except BudgetSpent as error:
        spent = error

    async def alone(one: Asked) -> list[Given]:
        try:
            return await ask([one])
        except BudgetSpent:
            return []

    return [given for found in await together(alone(one) for one in some) for given in found], spent


async def in_batches(
    items: Sequence[Asked],
    size: int,
    at_once: int,
    work: Callable[[Sequence[Asked]], Awaitable[BudgetSpent | None]],
) -> BudgetSpent | None:
    """Work on items in batches of `size`, `at_once` of them side by side; returns why not on all, if so."""
    room = asyncio.Semaphore(at_once)

    async def one(some: Sequence[Asked]) -> BudgetSpent | None:
        async with room:
            return await work(some)

    ends = await together(one(items[start : start + size]) for start in range(0, len(items), max(1, size)))
    return next((end for end in ends if end is not None), None)
