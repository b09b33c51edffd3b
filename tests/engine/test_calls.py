"""The one way to the outside: recorded answers, joining, budgets, orders, retries, limits."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longlist.engine.calls import REFUSED_SECONDS, Calls, Retries
from longlist.engine.flights import LOOK_SECONDS
from longlist.engine.gates import Limits
from longlist.engine.ledger import Ledger, key_of
from longlist.engine.owners import is_gone_here, owner_here
from longlist.errors import (
    BadAnswer,
    BudgetSpent,
    Closed,
    InvalidInput,
    NoAnswer,
    Refused,
    Stopped,
    StoreError,
    Unavailable,
    Unsafe,
)
from longlist.model.call import Answer, Call, Caps
from longlist.model.task import TaskSpec
from longlist.store import SqlStore, open_store
from longlist.store.ledger import Rate
from longlist.testing import FakeProvider

AT_ONCE = Retries(first_seconds=0.001)


class Clock:
    """Time that passes when somebody waits for it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def opened(store: SqlStore, *, lease_seconds: float = 30.0, **options: Any) -> AsyncIterator[Calls]:
    async with Calls(Ledger(store, lease_seconds=lease_seconds), store.control, **options) as calls:
        yield calls


def call(request: Any = "q", **more: Any) -> Call:
    return Call("brave", "search", request, **more)


class TestKeys:
    def test_what_means_the_same_is_the_same_call(self):
        one, other = call({"q": "é", "n": [1, 2]}), call({"n": (1, 2), "q": "é"})
        assert key_of(one) == key_of(other)
        assert key_of(one) == "589925a0ed3023d2bebaa50ea8ed88d83af4deecd71b330ba89dc7f40d4118b0"

    def test_who_pays_and_how_much_makes_no_other_call(self):
        paying = call(cost_micros=1, tokens=2, host="h", is_idempotent=True, task_id="t", step="s")
        assert key_of(paying) == key_of(call())

    @pytest.mark.parametrize("name", ["provider", "operation", "model", "freshness", "request"])
    def test_everything_else_does(self, name):
        assert key_of(replace(call(), **{name: "other"})) != key_of(call())

    def test_parts_do_not_run_into_one_another(self):
        assert key_of(Call("a", "bc", 1)) != key_of(Call("ab", "c", 1))

    @pytest.mark.parametrize("request_", [{1, 2}, float("nan"), b"bytes", {"a": object()}])
    async def test_what_is_no_json_is_refused(self, store, request_):
        async with opened(store) as calls:
            with pytest.raises(InvalidInput, match="JSON"):
                await calls.call(call(request_), FakeProvider().send)


class TestTimes:
    async def test_each_attempt_is_logged_for_debugging_and_not_what_was_asked(self, store, caplog):
        caplog.set_level(logging.DEBUG, "longlist.times")
        provider = FakeProvider(faults=[Unavailable("no")])
        async with opened(store, retries=AT_ONCE) as calls:
            await calls.call(call({"q": "hush"}, host="a.com", step="enrich"), provider.send)
        lines = [record.getMessage() for record in caplog.records if record.name == "longlist.times"]
        told = "call_ended task=None step=enrich provider=brave operation=search host=a.com seconds="
        assert [line.startswith(told) for line in lines] == [True, True]
        assert [line.rpartition("outcome=")[2] for line in lines] == ["Unavailable", "Answer"]
        assert "hush" not in caplog.text


class TestRefusals:
    async def test_a_host_that_refused_for_good_is_not_asked_the_same_again_for_a_while(self, store):
        clock = Clock()
        provider = FakeProvider(faults=[Refused("a.com does not answer.", is_final=True, status=599)])
        async with opened(store, retries=AT_ONCE, clock=clock.time, sleep=clock.sleep) as calls:
            for _ in range(2):
                with pytest.raises(Refused, match=r"a\.com does not answer\.") as refused:
                    await calls.call(call(host="a.com"), provider.send)
                assert (refused.value.is_final, refused.value.status) == (True, 599)
            assert len(provider.seen) == 1
            await calls.call(call("other", host="a.com"), provider.send)
            clock.now += REFUSED_SECONDS
            assert (await calls.call(call(host="a.com"), provider.send)).body
        assert len(provider.seen) == 3

    async def test_who_had_no_patience_to_hear_it_is_told_when_asking_again(self, store):
        provider = FakeProvider(seconds=0.05, faults=[Unsafe("a.com leads to a private address.")])
        async with opened(store, retries=AT_ONCE) as calls:
            impatient = asyncio.create_task(calls.call(call(host="a.com"), provider.send))
            await provider.reached.wait()
            impatient.cancel()
            await asyncio.wait({impatient})
            with pytest.raises(Unsafe, match="private"):
                await calls.call(call(host="a.com"), provider.send)
            with pytest.raises(Unsafe, match="private"):
                await calls.call(call(host="a.com"), provider.send)
        assert len(provider.seen) == 1

    async def test_a_provider_that_refused_is_asked_again_as_its_key_may_be_right_by_then(self, store):
        provider = FakeProvider(faults=[Refused("The key is wrong.", is_final=True)])
        async with opened(store, retries=AT_ONCE) as calls:
            with pytest.raises(Refused):
                await calls.call(call(), provider.send)
            assert (await calls.call(call(), provider.send)).body


class TestOnce:
    async def test_a_recorded_answer_is_given_without_a_call(self, store):
        provider = FakeProvider(cost_micros=5)
        async with opened(store) as calls:
            first = await calls.call(call(), provider.send)
            assert await calls.call(call(), provider.send) == first
        async with opened(store) as calls:
            assert await calls.call(call(), provider.send) == first
            assert (await calls.call(call(freshness="tomorrow"), provider.send)).body == first.body
        assert len(provider.seen) == 2

    async def test_it_is_started_before_it_leaves_and_done_before_the_answer_is_used(self, store, url):
        task, states = await store.create(TaskSpec("q")), []

        async with opened(store) as calls, open_store(url) as other:

            async def send(sent: Call, idempotency_key: str) -> Answer:
                states.extend(total.state for total in await other.call_totals(task.id))
                return Answer(b"x")

            await calls.call(call(task_id=task.id), send)
            states.extend(total.state for total in await other.call_totals(task.id))
        assert states == ["started", "done"]

    async def test_many_that_ask_the_same_at_once_send_one_request(self, store):
        provider = FakeProvider(seconds=0.05)
        async with opened(store) as calls:
            answers = await asyncio.gather(*(calls.call(call(), provider.send) for _ in range(50)))
        assert len(provider.seen) == 1
        assert len(set(map(id, answers))) == 1

    async def test_two_processes_that_ask_the_same_send_one_request(self, store, url):
        provider = FakeProvider(seconds=0.2)
        async with open_store(url) as other_store, opened(store) as one, opened(other_store) as other:
            answers = await asyncio.gather(
                *(calls.call(call(n), provider.send) for calls in (one, other) for n in "ab")
            )
        assert len(provider.seen) == 2
        assert answers[:2] == answers[2:]

    async def test_whoever_gives_up_does_not_break_off_what_has_left(self, store):
        provider = FakeProvider(seconds=0.1)
        async with opened(store) as calls:
            asking = asyncio.create_task(calls.call(call(), provider.send))
            await provider.reached.wait()
            asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking
            await calls.call(call(), provider.send)
        assert len(provider.seen) == 1

    async def test_what_nobody_waits_for_any_more_does_not_leave(self, store):
        provider = FakeProvider(seconds=0.1)
        async with opened(store, at_once=1) as calls:
            first = asyncio.create_task(calls.call(call("first"), provider.send))
            await provider.reached.wait()
            waiting = asyncio.create_task(calls.call(call("waiting"), provider.send))
            await asyncio.sleep(0.02)
            waiting.cancel()
            await first
            assert (await calls.call(call("waiting"), provider.send)).body == b"search waiting"
        assert [sent.request for sent, _ in provider.seen] == ["first", "waiting"]

    async def test_closing_lets_calls_under_way_settle_and_no_other_leave(self, store):
        provider = FakeProvider(seconds=0.1)
        async with opened(store, at_once=1) as calls:
            asking = [asyncio.create_task(calls.call(call(n), provider.send)) for n in range(3)]
            await provider.reached.wait()
        ends = await asyncio.gather(*asking, return_exceptions=True)
        assert [type(end) for end in ends] == [Answer, Closed, Closed]
        assert await store.recorded([key_of(call(0))])

    async def test_an_answer_that_could_not_be_recorded_is_flagged_when_it_is_sent_again(self, store, monkeypatch):
        provider, fail = FakeProvider(), True
        real = store.write_calls

        async def broken(claims=(), ends=(), slots=(), is_gone=lambda _: False):
            if ends and fail:
                raise StoreError("no space")
            return await real(claims, ends, slots, is_gone)

        monkeypatch.setattr("longlist.engine.batches.PATIENCE_SECONDS", 0.0)
        monkeypatch.setattr(store, "write_calls", broken)
        task = await store.create(TaskSpec("q"))
        async with opened(store) as calls:
            with pytest.raises(StoreError):
                await calls.call(call(task_id=task.id, cost_micros=7), provider.send)
            fail = False
            await calls.call(call(task_id=task.id, cost_micros=7), provider.send)
        (total,) = await store.call_totals(task.id)
        assert (total.attempts, total.paid_twice, total.doubtful_micros, len(provider.seen)) == (2, 1, 7, 2)

    async def test_a_database_that_is_away_for_a_while_is_waited_for(self, store, monkeypatch):
        provider, faults = FakeProvider(), 4
        real = store.write_calls

        async def broken(*args):
            nonlocal faults
            faults -= 1
            if faults % 2:
                raise StoreError("away")
            return await real(*args)

        monkeypatch.setattr(store, "write_calls", broken)
        async with opened(store) as calls:
            await calls.call(call(), provider.send)
        assert len(provider.seen) == 1

    async def test_one_call_that_cannot_be_written_down_harms_no_other(self, store):
        async with opened(store) as calls:
            wrong = [calls.call(call(n, step="\0"), FakeProvider().send) for n in range(2)]
            right = [calls.call(call(n), FakeProvider().send) for n in range(10, 12)]
            ends = await asyncio.gather(*wrong, *right, return_exceptions=True)
        assert [type(end) for end in ends] == [InvalidInput, InvalidInput, Answer, Answer]

    @settings(max_examples=20, deadline=None)
    @given(
        plans=st.lists(
            st.tuples(st.integers(0, 4), st.integers(0, 1), st.sampled_from([0, 0, 0.002, 0.02]), st.booleans()),
            min_size=1,
            max_size=30,
        )
    )
    async def test_callers_in_any_order_each_get_the_answer_and_each_call_is_sent_once(self, tmp_path_factory, plans):
        """Of two processes; some give up. What was sent is what is recorded, each once."""
        url = f"sqlite:///{tmp_path_factory.mktemp('any') / 'app.db'}"
        provider = FakeProvider(seconds=0.005)
        async with open_store(url) as one, open_store(url) as two, opened(one) as first, opened(two) as second:

            async def ask(request: int, which: int, after: float, is_patient: bool) -> bytes | None:
                await asyncio.sleep(after)
                asking = asyncio.create_task((first, second)[which].call(call(request), provider.send))
                if not is_patient:
                    await asyncio.sleep(0.003)
                    asking.cancel()
                try:
                    return (await asking).body
                except asyncio.CancelledError:
                    return None

            bodies = await asyncio.gather(*(ask(*plan) for plan in plans))
            for (request, _, _, is_patient), body in zip(plans, bodies, strict=True):
                assert body == f"search {request}".encode() or (body is None and not is_patient)
        async with open_store(url) as store:
            sent = [sent.request for sent, _ in provider.seen]
            assert len(sent) == len(set(sent))
            assert set(await store.recorded([key_of(call(n)) for n in range(5)])) == {key_of(call(n)) for n in sent}


class TestGroups:
    async def test_thousands_of_changes_take_few_transactions(self, store):
        provider = FakeProvider(seconds=0.02)
        async with Calls(ledger := Ledger(store), store.control, others=Limits(at_once=100)) as calls:
            await asyncio.gather(*(calls.call(call(n), provider.send) for n in range(1_000)))
            assert ledger.transactions <= 65  # of 2,000 changes
        assert provider.most_under_way == 100

    async def test_one_call_alone_does_not_wait_for_company(self, store):
        loop = asyncio.get_running_loop()
        async with opened(store) as calls:
            took = []
            for n in range(10):
                begun = loop.time()
                await calls.call(call(n), FakeProvider().send)
                took.append(loop.time() - begun)
        assert min(took) < 0.1


class TestBudget:
    async def test_it_is_exact_with_two_hundred_calls_at_once(self, store):
        provider, task = FakeProvider(seconds=0.01, cost_micros=1_000), await store.create(TaskSpec("q"))
        await store.set_caps(task.id, Caps(micros=50_500))
        async with opened(store, others=Limits(at_once=200), at_once=200) as calls:
            asking = (calls.call(call(n, cost_micros=1_000, task_id=task.id), provider.send) for n in range(200))
            ends = await asyncio.gather(*asking, return_exceptions=True)
            spent = [end for end in ends if isinstance(end, BudgetSpent)]
            assert len(provider.seen) == 50
            assert len(spent) == 150
            assert "$0.0505" in str(spent[0])
            assert (await store.spend(task.id)).micros == 50_000
            sent = provider.seen[0][0]
            assert (await calls.call(sent, provider.send)).cost_micros == 1_000  # recorded: costs nothing
            await store.set_caps(task.id, Caps(micros=51_000))
            await calls.call(call("more", cost_micros=1_000, task_id=task.id), provider.send)
        assert len(provider.seen) == 51

    async def test_what_a_call_did_not_cost_is_there_for_the_next(self, store):
        provider, task = FakeProvider(cost_micros=100), await store.create(TaskSpec("q"))
        await store.set_caps(task.id, Caps(micros=1_050))
        async with opened(store) as calls:
            await calls.call(call("first", cost_micros=1_000, task_id=task.id), provider.send)
            with pytest.raises(BudgetSpent):
                await calls.call(call("x", cost_micros=1_000, task_id=task.id), provider.send)
            await calls.call(call("x", cost_micros=950, task_id=task.id), provider.send)

    async def test_who_joins_a_call_of_a_task_that_may_not_pays_for_itself(self, store):
        provider = FakeProvider()
        poor, rich = [await store.create(TaskSpec("q")) for _ in range(2)]
        await store.set_caps(poor.id, Caps(calls=0))
        async with opened(store) as calls:
            asking = [calls.call(call(task_id=task.id), provider.send) for task in (poor, rich)]
            first, second = await asyncio.gather(*asking, return_exceptions=True)
        assert isinstance(first, BudgetSpent)
        assert isinstance(second, Answer)


class TestOrders:
    @pytest.mark.parametrize("order", ["pause", "stop"])
    async def test_within_half_a_second_no_new_call_leaves_and_those_under_way_settle(self, store, url, order):
        provider, task = FakeProvider(seconds=0.05), await store.create(TaskSpec("q"))
        loop, leaving = asyncio.get_running_loop(), []

        async def send(sent: Call, idempotency_key: str) -> Answer:
            leaving.append(loop.time())
            return await provider.send(sent, idempotency_key)

        async with opened(store, at_once=3) as calls, open_store(url) as door:
            asking = [asyncio.create_task(calls.call(call(n, task_id=task.id), send)) for n in range(500)]
            async with asyncio.timeout(60):
                while len(leaving) < 3:  # noqa: ASYNC110 - as many as may leave at once
                    await asyncio.sleep(0.02)
            await door.set_control(task.id, order)
            ordered = loop.time()
            ends = await asyncio.gather(*asking, return_exceptions=True)
            assert leaving[-1] - ordered < LOOK_SECONDS + 0.5
            assert loop.time() - ordered < 2
            answered = [end for end in ends if isinstance(end, Answer)]
            assert all(isinstance(end, Answer | Stopped) for end in ends)
            assert 0 < len(answered) == len(leaving) < 500
            (total,) = await store.call_totals(task.id)
            assert (total.state, total.calls) == ("done", len(leaving))
            await store.set_control(task.id, "run")
            await asyncio.sleep(LOOK_SECONDS)
            await calls.call(call("on", task_id=task.id), send)

    async def test_the_store_is_asked_seldom(self, store):
        asked = 0

        async def control(task_id: str):
            nonlocal asked
            asked += 1
            return "run"

        async with Calls(Ledger(store), control) as calls:
            await asyncio.gather(*(calls.call(call(n, task_id="t"), FakeProvider().send) for n in range(100)))
        assert asked <= 3

    async def test_who_waits_to_try_again_hears_it_too(self, store):
        clock, task = Clock(), await store.create(TaskSpec("q"))
        provider = FakeProvider(faults=[Refused("busy", retry_after=50)])

        async def sleep(seconds: float) -> None:
            await clock.sleep(seconds)
            if clock.now > 10:
                await store.set_control(task.id, "pause")

        async with opened(store, clock=clock.time, sleep=sleep) as calls:
            with pytest.raises(Stopped):
                await calls.call(call(task_id=task.id), provider.send)
        assert clock.now < 12


class TestRetries:
    @contextlib.asynccontextmanager
    async def asking(self, store: SqlStore, faults: list[Exception], **more: Any):
        clock, provider = Clock(), FakeProvider(faults=faults)
        async with opened(store, clock=clock.time, sleep=clock.sleep, chance=lambda: 1.0, **more) as calls:
            yield calls, provider, clock

    async def test_failures_in_passing_are_sent_again_after_growing_pauses(self, store):
        faults = [Unavailable("down", status=503), NoAnswer("cut off"), Unavailable("down", status=502)]
        task = await store.create(TaskSpec("q"))
        async with self.asking(store, list(faults)) as (calls, provider, clock):
            assert (await calls.call(call(task_id=task.id), provider.send)).status == 200
        assert len(provider.seen) == 4
        assert clock.now == pytest.approx(0.5 + 1 + 2)
        keys = [key for _, key in provider.seen]
        assert keys[0] != keys[1] == keys[2] == keys[3]  # unknown from the second on: it may have been paid
        (total,) = await store.call_totals(task.id)
        assert (total.attempts, total.calls, total.paid_twice, total.state) == (4, 1, 1, "done")

    async def test_a_provider_that_says_when_is_obeyed_also_by_other_calls(self, store):
        async with self.asking(store, [Refused("slow down", retry_after=7, status=429)]) as (calls, provider, clock):
            await calls.call(call(1), provider.send)
            assert clock.now == pytest.approx(7)

    async def test_it_is_not_waited_for_longer_than_is_sensible(self, store):
        async with self.asking(store, [Refused("tomorrow", retry_after=3_600)]) as (calls, provider, clock):
            with pytest.raises(Refused) as refused:
                await calls.call(call(), provider.send)
            assert refused.value.retry_after == 3_600
        assert (len(provider.seen), clock.now) == (1, 0)

    @pytest.mark.parametrize(
        ("error", "cost"),
        [(Refused("wrong key", is_final=True, status=401), 0), (BadAnswer("no JSON", cost_micros=9), 9)],
    )
    async def test_what_is_final_is_not_sent_again_and_is_recorded_with_its_reason(self, store, error, cost):
        task = await store.create(TaskSpec("q"))
        async with self.asking(store, [error]) as (calls, provider, _):
            with pytest.raises(type(error)):
                await calls.call(call(task_id=task.id, cost_micros=100), provider.send)
            (total,) = await store.call_totals(task.id)
            assert (total.state, total.attempts, total.cost_micros, total.paid_twice) == ("failed", 1, cost, 0)
            assert (await store.spend(task.id)).micros == cost
            assert (
                await calls.call(call(task_id=task.id), provider.send)
            ).status == 200  # asked again: it may be mended

    async def test_it_gives_up_with_the_last_failure(self, store):
        faults = [Unavailable(f"down {n}") for n in range(9)]
        async with self.asking(store, faults) as (calls, provider, _):
            with pytest.raises(Unavailable, match="down 3"):
                await calls.call(call(), provider.send)
        assert len(provider.seen) == 4

    async def test_a_provider_that_does_not_answer_in_time_is_not_waited_for(self, store):
        provider, task = FakeProvider(seconds=5), await store.create(TaskSpec("q"))
        limits, retries = Limits(timeout_seconds=0.05), Retries(attempts=2, first_seconds=0.01)
        async with opened(store, others=limits, retries=retries) as calls:
            with pytest.raises(NoAnswer, match=r"within 0\.05 seconds"):
                await calls.call(call(task_id=task.id, cost_micros=10), provider.send)
        (total,) = await store.call_totals(task.id)
        assert (total.attempts, total.doubtful_micros, total.paid_twice, total.state) == (2, 20, 1, "failed")

    async def test_a_fault_of_the_provider_s_code_is_recorded_and_raised_as_it_is(self, store):
        task = await store.create(TaskSpec("q"))
        async with self.asking(store, [KeyError("results\0")]) as (calls, provider, _):
            with pytest.raises(KeyError):
                await calls.call(call(task_id=task.id), provider.send)
        (total,) = await store.call_totals(task.id)
        assert (total.state, total.attempts) == ("failed", 1)


class TestLimits:
    @pytest.mark.parametrize(
        ("options", "more", "most"),
        [
            ({"at_once": 3}, {}, 3),
            ({"providers": {"brave": Limits(at_once=4)}}, {}, 4),
            ({"others": Limits(at_once=50)}, {"host": "a.com"}, 2),
        ],
    )
    async def test_no_more_at_once_than_allowed(self, store, options, more, most):
        provider = FakeProvider(seconds=0.01)
        async with opened(store, **options) as calls:
            await asyncio.gather(*(calls.call(call(n, **more), provider.send) for n in range(20)))
        assert provider.most_under_way == most

    async def test_who_waits_for_a_host_keeps_no_other_host_waiting(self, store):
        provider = FakeProvider(seconds=0.02)
        async with opened(store, at_once=4) as calls:
            slow = [asyncio.create_task(calls.call(call(n, host="slow.com"), provider.send)) for n in range(20)]
            await asyncio.sleep(0.01)
            await calls.call(call("quick", host="quick.com"), provider.send)
            assert sum(task.done() for task in slow) < 10
            await asyncio.gather(*slow)

    async def test_a_provider_that_asked_for_a_pause_keeps_no_other_waiting(self, store):
        slow, other = FakeProvider(faults=[Refused("slow down", retry_after=2)]), FakeProvider()
        async with opened(store, at_once=2) as calls:
            asking = [asyncio.create_task(calls.call(call(n), slow.send)) for n in range(4)]
            await asyncio.sleep(0.3)
            async with asyncio.timeout(1):
                await calls.call(Call("other", "search", 1), other.send)
            for task in asking:
                task.cancel()
            await asyncio.gather(*asking, return_exceptions=True)
        assert len(slow.seen) < 5

    async def test_a_host_is_left_in_peace_between_two_calls(self, store):
        loop, times = asyncio.get_running_loop(), []

        async def send(sent: Call, key: str) -> Answer:
            times.append(loop.time())
            return Answer(b"")

        async with opened(store, others=Limits(host_gap_seconds=0.1)) as calls:
            await asyncio.gather(*(calls.call(call(n, host="a.com"), send) for n in range(4)))
        assert times[-1] - times[0] > 0.2

    async def test_a_rate_holds_for_two_processes_together(self, store, url):
        loop = asyncio.get_running_loop()
        limits = {"brave": Limits(at_once=50, rate=Rate(per_second=20))}
        provider = FakeProvider()
        async with (
            open_store(url) as other_store,
            opened(store, providers=limits) as one,
            opened(other_store, providers=limits) as other,
        ):
            begun = loop.time()
            both = [("a", one), ("b", other)]
            asking = (calls.call(call([n, name]), provider.send) for n in range(10) for name, calls in both)
            await asyncio.gather(*asking)
            took = loop.time() - begun
        assert len(provider.seen) == 20
        assert took > 0.6  # twenty at twenty a second, less a quarter second that each process takes ahead


class TestOwners:
    def test_this_run_is_alive_and_each_has_its_name(self):
        assert not is_gone_here(owner_here())
        assert owner_here() != owner_here()

    def test_a_run_whose_number_another_process_has_now_is_gone(self):
        place, pid, began, rest = owner_here().split("|")
        if not place:
            pytest.skip("this system does not tell")
        assert is_gone_here(f"{place}|{pid}|{int(began) + 1}|{rest}")
        assert is_gone_here(f"{place}|4194303|{began}|{rest}")

    @pytest.mark.parametrize("name", ["", "elsewhere|1|2|3", "no owner of ours", "|1|2|3"])
    def test_of_others_nothing_is_known(self, name):
        assert not is_gone_here(name)


def test_pauses_grow_with_chance_in_them():
    retries = Retries(attempts=10, first_seconds=1, longest_seconds=5)

    def pauses(chance: float) -> list[float | None]:
        return [retries.pause(n, Unavailable("x"), chance) for n in (1, 2, 3, 9, 10)]

    assert pauses(1.0) == [1, 2, 4, 5, None]
    assert pauses(0.0) == [0.5, 1, 2, 2.5, None]
