"""What all tasks together may spend in a day: checked before each call that costs something leaves.

Days begin at midnight, UTC. What is under way counts as reserved. Two processes that look at the same moment may both send
one more call: the cap is passed by no more than what those calls cost.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from longlist.errors import BudgetSpent
from longlist.model.call import Call
from longlist.store.ledger_states import dollars


class DayCap:
    """`spent_since` sums what was spent or reserved since a moment; `now` is the time, with its zone."""

    def __init__(
        self, micros: int, spent_since: Callable[[datetime], Awaitable[int]], now: Callable[[], datetime]
    ) -> None:
        self._micros = micros
        self._spent_since = spent_since
        self._now = now
        self._looking = asyncio.Lock()

    async def check(self, call: Call) -> None:
        """BudgetSpent when the call may cost more than is left of the day."""
        if not call.cost_micros:
            return
        async with self._looking:
            midnight = self._now().replace(hour=0, minute=0, second=0, microsecond=0)
            spent = await self._spent_since(midnight)
        if spent + call.cost_micros > self._micros:
            raise BudgetSpent(
                f"All tasks together may spend {dollars(self._micros)} a day; {dollars(spent)} are spent or reserved "
                f"today, and the next call to {call.provider} may cost {dollars(call.cost_micros)}."
            )
