"""What all tasks together may spend in a day."""

from datetime import UTC, datetime, timedelta

import pytest

from longlist.engine.calls import Calls
from longlist.engine.day_cap import DayCap
from longlist.engine.ledger import Ledger
from longlist.errors import BudgetSpent
from longlist.model.call import Call
from longlist.model.task import TaskSpec
from longlist.store import open_store
from longlist.testing import FakeProvider


async def test_no_call_leaves_that_would_cost_more_than_is_left_of_the_day(tmp_path):
    moment = datetime.now(UTC)
    async with open_store(f"sqlite:///{tmp_path / 'app.db'}") as store:
        tasks = [(await store.create(TaskSpec(name))).id for name in ("breweries", "bakeries")]
        provider = FakeProvider(cost_micros=400)
        cap = DayCap(1_500, store.spent_since, lambda: moment)

        def ask(number: int, cost: int = 500) -> Call:
            return Call("brave", "search", number, cost_micros=cost, task_id=tasks[number % 2])

        async with Calls(Ledger(store), store.control, may_leave=cap.check) as calls:
            for number in range(3):
                await calls.call(ask(number), provider.send)
            with pytest.raises(BudgetSpent, match="a day"):
                await calls.call(ask(3), provider.send)
            assert len(provider.seen) == 3
            await calls.call(ask(1), provider.send)  # recorded: it costs nothing
            await calls.call(ask(4, cost=0), provider.send)
            moment += timedelta(days=1)
            await calls.call(ask(3), provider.send)
        assert await store.spent_since(moment.replace(hour=0, minute=0, second=0, microsecond=0)) == 0
