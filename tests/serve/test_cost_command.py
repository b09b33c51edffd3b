"""`longlist cost`."""

import asyncio

import pytest

from longlist.engine.calls import Calls
from longlist.engine.ledger import Ledger
from longlist.errors import Refused
from longlist.model.call import Call
from longlist.model.task import TaskSpec
from longlist.store import open_store
from longlist.store.ledger import Claim
from longlist.testing import FakeProvider


@pytest.fixture
def task_id(home) -> str:
    async def make() -> str:
        async with open_store(f"sqlite:///{home / 'app.db'}") as store:
            return (await store.create(TaskSpec("breweries"))).id

    return asyncio.run(make())


def with_calls(home, task_id: str) -> None:
    """Two searches, a model call that was refused, and one that was under way when its process died."""

    async def make() -> None:
        async with open_store(f"sqlite:///{home / 'app.db'}") as store:
            provider, refusing = FakeProvider(cost_micros=4_000), FakeProvider(faults=[Refused("no", is_final=True)])
            async with Calls(Ledger(store), store.control) as calls:
                for n in range(2):
                    search = Call("brave", "search", n, cost_micros=5_000, task_id=task_id, step="discover")
                    await calls.call(search, provider.send)
                with pytest.raises(Refused):
                    await calls.call(Call("llm", "ask", 1, task_id=task_id, step="grade"), refusing.send)
            lost = Call("llm", "ask", 2, cost_micros=1_000_000, tokens=1_500, task_id=task_id, step="grade")
            await store.write_calls([Claim("k", lost, "dead", 1)])
            await store.write_calls([Claim("k", lost, "alive", 1)], is_gone=lambda owner: owner == "dead")

    asyncio.run(make())


def test_a_task_without_calls_says_so(cli, task_id):
    answer = cli("cost", task_id)
    assert (answer.code, answer.out) == (0, "")
    assert "No outside calls" in answer.err
    nothing = cli("cost", "last", "--json").json
    assert nothing == {
        "task_id": task_id,
        **dict.fromkeys(
            ("calls", "attempts", "cost_micros", "doubtful_micros", "reserved_micros", "tokens", "paid_twice"), 0
        ),
        "lines": [],
        "companies": [],
        "criteria": [],
    }


def test_calls_are_summed_by_step_provider_and_state(cli, home, task_id):
    with_calls(home, task_id)
    found = cli("cost", task_id, "--json").json
    assert (found["calls"], found["attempts"], found["cost_micros"]) == (4, 5, 8_000)
    assert (found["doubtful_micros"], found["reserved_micros"], found["paid_twice"]) == (1_000_000, 1_000_000, 1)
    assert [(line["step"], line["provider"], line["state"], line["calls"]) for line in found["lines"]] == [
        ("discover", "brave", "done", 2),
        ("grade", "llm", "failed", 1),
        ("grade", "llm", "started", 1),
    ]
    shown = cli("cost", task_id)
    assert "$0.008" in shown.out
    assert "$1.00" in shown.out
    assert "may have been paid twice" in shown.err
    assert "reserved" in shown.err


def test_calls_about_companies_are_summed_by_company_and_divided_among_their_criteria(cli, home, task_id):
    async def make() -> None:
        database = f"sqlite:///{home / 'app.db'}"
        async with open_store(database) as store, Calls(Ledger(store), store.control) as calls:
            for n, (company, criteria) in enumerate([("a.com", ("x", "y")), ("a.com", ("x",)), ("b.com", ("x", "y"))]):
                asked = Call("llm", "ask", n, tokens=100, task_id=task_id, company=company, criteria=criteria)
                await calls.call(asked, FakeProvider(cost_micros=1_000).send)

    asyncio.run(make())
    found = cli("cost", task_id, "--json").json
    assert [(one["name"], one["calls"], one["cost_micros"], one["tokens"]) for one in found["companies"]] == [
        ("a.com", 2, 2_000, 200),
        ("b.com", 1, 1_000, 100),
    ]
    assert [(one["name"], one["calls"], one["cost_micros"]) for one in found["criteria"]] == [
        ("x", 3, 2_000),
        ("y", 2, 1_000),
    ]
    shown = cli("cost", task_id).out
    assert "Criterion" in shown
    assert "a.com" in shown


def test_an_unknown_task_is_an_error(cli, task_id):
    assert cli("cost", "ffffffff").code == 3
