"""What all tasks together may spend in a day."""

from datetime import UTC, datetime, timedelta

import pytest

from longlist.engine.calls import Calls
from longlist.engine.ledger import Ledger
from longlist.errors import BudgetSpent
from longlist.model.call import Call
from longlist.model.task import TaskSpec
from longlist.store import SqlStore
from longlist.testing import FakeProvider

CAP = 1_500


class Days:
    """Processes that pay for calls, one after another."""

    def __init__(self, store: SqlStore, tasks: list[str]) -> None:
        self.store = store
        self.tasks = tasks
        self.provider = FakeProvider(cost_micros=400)
        self.now = datetime.now(UTC)

    async def ask(self, *numbers: int, cost: int = 500, cap: int | None = CAP) -> None:
        async with Calls(Ledger(self.store, day_micros=cap, now=lambda: self.now), self.store.control) as calls:
            for number in numbers:
                task_id = self.tasks[number % len(self.tasks)]
                call = Call("brave", "search", number, cost_micros=cost, task_id=task_id)
                await calls.call(call, self.provider.send)


@pytest.fixture
async def days(store: SqlStore) -> Days:
    return Days(store, [(await store.create(TaskSpec(name))).id for name in ("breweries", "bakeries")])


async def test_no_call_leaves_that_would_cost_more_than_is_left_of_the_day(days: Days):
    await days.ask(0, 1, 2)
    with pytest.raises(BudgetSpent, match=r"\$0\.0015 a day; \$0\.0012 are spent"):
        await days.ask(3)
    assert len(days.provider.seen) == 3
    await days.ask(1)  # recorded: it costs nothing
    await days.ask(4, cost=0)
    days.now += timedelta(days=1)
    await days.ask(3)


async def test_what_was_spent_before_there_was_a_cap_counts(days: Days):
    await days.ask(0, 1, cap=None)
    await days.ask(2)
    await days.ask(3, 4, 5, cap=None)  # the cap was taken away for a while
    with pytest.raises(BudgetSpent, match=r"\$0\.0024 are spent"):
        await days.ask(6)
    await days.ask(7, cost=0)
