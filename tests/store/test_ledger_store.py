"""The ledger's rows: who may send a call, how it ends, what it does to the budget, and turns under a shared rate."""

import asyncio
import random
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longlist.model.call import Answer, Call, Caps
from longlist.store import SqlStore, open_store
from longlist.store.ledger import Claim, Elsewhere, Granted, Rate, Settlement, Slots, Spend, Spent, pack, unpack
from longlist.store.ledger_states import day_of, dollars

LEASE = 60_000
CALL = Call("brave", "search", {"q": "breweries"}, cost_micros=5_000, tokens=10, task_id="t", step="discover")
PAID = Answer(b"found", 4_000, 200, 7, {"content-type": "text/plain"})


def claim(key: str = "k", call: Call = CALL, owner: str = "a#1", lease_ms: int = LEASE) -> Claim:
    return Claim(key, call, owner, lease_ms)


def answered(key: str = "k", call: Call = CALL, owner: str = "a#1", answer: Answer = PAID) -> Settlement:
    return Settlement(key, call, owner, answer, pack(answer.body))


def failed(owner: str = "a#1", call: Call = CALL, *, is_unanswered: bool = False, cost_micros: int = 0) -> Settlement:
    return Settlement("k", call, owner, reason="why", status=503, is_unanswered=is_unanswered, cost_micros=cost_micros)


async def asked(store: SqlStore, one: Claim, *, gone: str = ""):
    (verdict,) = (await store.write_calls([one], is_gone=lambda owner: owner == gone)).verdicts
    return verdict


async def ended(store: SqlStore, end: Settlement) -> Answer | None:
    (recorded,) = (await store.write_calls(ends=[end])).settled
    return recorded


async def total(store: SqlStore, task_id: str = "t"):
    (only,) = await store.call_totals(task_id)
    return only


async def test_a_call_is_claimed_sent_and_recorded_once(store: SqlStore):
    assert await store.recorded(["k"]) == {}
    granted = await asked(store, claim())
    assert isinstance(granted, Granted)
    assert await store.recorded(["k"]) == {}
    assert (await store.spend("t")).micros == 5_000
    assert (await total(store)).state == "started"
    assert await ended(store, answered()) == PAID
    assert await store.recorded(["k", "other"]) == {"k": PAID}
    assert await asked(store, claim(owner="b#1")) == PAID
    spend = await store.spend("t")
    assert (spend.micros, spend.calls, spend.tokens) == (4_000, 1, 7)
    found = await total(store)
    assert (found.calls, found.attempts, found.cost_micros, found.reserved_micros) == (1, 1, 4_000, 0)
    assert (found.state, found.paid_twice, found.doubtful_micros) == ("done", 0, 0)


async def test_a_live_owner_keeps_others_away_until_its_lease_ends(store: SqlStore):
    await asked(store, claim(lease_ms=300))
    assert isinstance(await asked(store, claim(owner="b#1")), Elsewhere)
    await store.renew_calls({"k": "a#1"}, 700)
    await asyncio.sleep(0.4)
    assert isinstance(await asked(store, claim(owner="b#1")), Elsewhere)
    await asyncio.sleep(0.5)
    assert isinstance(await asked(store, claim(owner="b#1")), Granted)


async def test_only_the_owner_renews_or_gives_up(store: SqlStore):
    await asked(store, claim())
    await store.release_calls({"k": "b#1"})
    assert isinstance(await asked(store, claim(owner="b#1")), Elsewhere)
    await store.release_calls({"k": "a#1"})
    assert isinstance(await asked(store, claim(owner="b#1")), Granted)


async def test_a_call_of_a_dead_owner_is_sent_again_with_the_same_key_reserved_twice_and_flagged(store: SqlStore):
    first = await asked(store, claim())
    again = await asked(store, claim(owner="b#1"), gone="a#1")
    assert again.idempotency_key == first.idempotency_key
    assert await store.spend("t") == Spend(10_000, 2, 20, pytest.approx(0, abs=5))
    await ended(store, answered(owner="b#1"))
    found = await total(store)
    assert (found.attempts, found.cost_micros, found.doubtful_micros, found.paid_twice) == (2, 4_000, 5_000, 1)
    assert (await store.spend("t")).micros == 9_000


async def test_with_an_idempotency_key_nothing_is_reserved_twice(store: SqlStore):
    call = Call("llm", "ask", {}, cost_micros=5_000, is_idempotent=True, task_id="t")
    await asked(store, claim(call=call))
    await asked(store, claim(call=call, owner="b#1"), gone="a#1")
    assert (await store.spend("t")).micros == 5_000
    await ended(store, answered(call=call, owner="b#1"))
    found = await total(store)
    assert (found.attempts, found.cost_micros, found.doubtful_micros, found.paid_twice) == (2, 4_000, 0, 0)
    await ended(store, answered(call=call, owner="a#1"))
    assert (await total(store)).cost_micros == (await store.spend("t")).micros == 4_000


async def test_with_an_idempotency_key_the_day_pays_once_as_well(store: SqlStore):
    call = Call("llm", "ask", {}, cost_micros=5_000, is_idempotent=True, task_id="t")
    today = day_of(datetime.now(UTC))
    later = "day 2999-01-01"

    def on(day: str, owner: str) -> Claim:
        return Claim("k", call, owner, LEASE, day, 1_000_000)

    await asked(store, on(today, "a#1"))
    await asked(store, on(today, "b#1"), gone="a#1")
    assert (await store.spend(today)).micros == (await store.spend("t")).micros == 5_000
    await asked(store, on(later, "c#1"), gone="b#1")  # what another day gave is not given back to this one
    assert (await store.spend(later)).micros == (await store.spend("t")).micros == 5_000
    await ended(store, Settlement("k", call, "c#1", PAID, pack(PAID.body), day=later))
    assert (await store.spend(later)).micros == (await store.spend("t")).micros == 4_000


@pytest.mark.parametrize("first", ["the one who lost the lease", "the one who took over"])
async def test_two_answers_of_one_call_count_twice_and_the_first_one_stays(store: SqlStore, first):
    other = Answer(b"found later", 3_000, 200)
    await asked(store, claim())
    await asked(store, claim(owner="b#1"), gone="a#1")
    owners = ("a#1", "b#1") if first == "the one who lost the lease" else ("b#1", "a#1")
    assert (await ended(store, answered(owner=owners[0]))).body == b"found"
    assert (await ended(store, answered(owner=owners[1], answer=other))).body == b"found"
    found = await total(store)
    assert (found.cost_micros, found.doubtful_micros, found.reserved_micros) == (7_000, 0, 0)
    assert (await store.spend("t")).micros == 7_000
    assert found.paid_twice == 1


async def test_a_known_failure_gives_its_reserve_back_and_the_next_attempt_has_a_key_of_its_own(store: SqlStore):
    first = await asked(store, claim())
    assert await ended(store, failed()) is None
    assert (await store.spend("t")).micros == 0
    again = await asked(store, claim(owner="a#2"))
    assert again.idempotency_key != first.idempotency_key
    await ended(store, failed("a#2", cost_micros=1_000))
    found = await total(store)
    assert (found.state, found.attempts, found.cost_micros, found.paid_twice) == ("failed", 2, 1_000, 0)


async def test_a_request_without_an_answer_stays_paid_for_and_is_flagged_once_it_is_repeated(store: SqlStore):
    first = await asked(store, claim())
    await ended(store, failed(is_unanswered=True))
    assert (await store.spend("t")).micros == (await total(store)).doubtful_micros == 5_000
    assert (await total(store)).paid_twice == 0
    again = await asked(store, claim(owner="a#2"))
    assert again.idempotency_key == first.idempotency_key
    assert (await total(store)).paid_twice == 1
    await ended(store, answered(owner="a#2"))
    assert (await store.spend("t")).micros == 9_000


async def test_a_failure_of_one_who_lost_the_lease_changes_nothing_for_the_one_who_has_it(store: SqlStore):
    await asked(store, claim())
    await asked(store, claim(owner="b#1"), gone="a#1")
    assert await ended(store, failed("a#1")) is None
    assert (await total(store)).state == "started"
    assert (await store.spend("t")).micros == 5_000
    assert await ended(store, answered(owner="b#1")) == PAID


async def test_whatever_is_committed_twice_for_want_of_an_acknowledgement_counts_once(store: SqlStore):
    first, again = await asked(store, claim()), await asked(store, claim())
    assert first == again
    assert (await store.spend("t")).calls == (await total(store)).attempts == 1
    await ended(store, answered())
    assert await ended(store, answered()) == PAID
    assert (await store.spend("t")).micros == (await total(store)).cost_micros == 4_000


@pytest.mark.parametrize(
    ("caps", "word"),
    [
        (Caps(micros=9_999), "$0.009999"),
        (Caps(calls=1), "1 calls"),
        (Caps(tokens=19), "19 tokens"),
        (Caps(minutes=0), "0 minutes"),
    ],
)
async def test_a_call_that_would_exceed_a_cap_is_not_granted_and_leaves_no_row(store: SqlStore, caps, word):
    if caps.minutes is None:
        await asked(store, claim())
    before = await store.call_totals("t")
    await store.set_caps("t", caps)
    spent = await asked(store, claim("k2"))
    assert isinstance(spent, Spent)
    assert word in spent.reason
    assert await store.call_totals("t") == before
    await store.set_caps("t", Caps())
    assert isinstance(await asked(store, claim("k2")), Granted)


async def test_caps_hold_within_one_transaction_and_between_tasks(store: SqlStore):
    await store.set_caps("t", Caps(micros=12_000))
    other = Call("brave", "search", 1, cost_micros=5_000, task_id="other")
    claims = [claim("a"), claim("b"), claim("c"), claim("d", other)]
    verdicts = (await store.write_calls(claims)).verdicts
    assert [type(verdict) for verdict in verdicts] == [Granted, Granted, Spent, Granted]
    ends = [answered("a"), answered("b")]
    assert isinstance((await store.write_calls([claim("c")], ends)).verdicts[0], Spent)
    await store.set_caps("t", Caps(micros=13_000))
    assert isinstance(await asked(store, claim("c")), Granted)


async def test_time_counts_while_a_task_makes_calls(store: SqlStore):
    await asked(store, claim("a"))
    await asyncio.sleep(0.2)
    await asked(store, claim("b"))
    assert 0.2 <= (await store.spend("t")).seconds < 10


async def test_an_answer_is_kept_to_the_byte_once_and_large_ones_are_packed(store: SqlStore):
    bodies = [b"", b"\0\xff", b"page " * 10_000, random.Random(1).randbytes(5_000)]
    for number, body in enumerate(bodies * 2):
        key = f"k{number}"
        await asked(store, claim(key))
        await ended(store, answered(key, answer=Answer(body)))
        assert (await store.recorded([key]))[key].body == body
    assert len(pack(bodies[2]).data) < 1_000
    assert [unpack(blob.codec, blob.data) for blob in map(pack, bodies)] == bodies


async def test_turns_are_evenly_spaced_and_shared_between_stores(url: str):
    async with open_store(url) as one, open_store(url) as two:
        rate = Rate(per_second=0.1, burst=3)  # slow, so that a stall of the machine is no matter
        (first,) = (await one.write_calls(slots=[Slots("brave", rate, 3)])).turns
        (second, other) = (await two.write_calls(slots=[Slots("brave", rate, 2), Slots("maps", rate)])).turns
        assert first == (0, 0, 0)
        assert second == (pytest.approx(10, abs=9), pytest.approx(20, abs=9))
        assert other == (0,)


async def test_wishes_and_their_turns_keep_their_order(store: SqlStore):
    wishes = [Slots("z", Rate(1), 1), Slots("a", Rate(1), 2), Slots("z", Rate(1), 1)]
    turns = (await store.write_calls(slots=wishes)).turns
    assert [len(some) for some in turns] == [1, 2, 1]
    assert turns[2][0] > turns[0][0] == 0


async def test_many_changes_are_one_transaction(store: SqlStore):
    keys = [f"k{number}" for number in range(1_200)]
    verdicts = (await store.write_calls([claim(key) for key in keys])).verdicts
    assert all(isinstance(verdict, Granted) for verdict in verdicts)
    settled = (await store.write_calls(ends=[answered(key) for key in keys])).settled
    assert settled == (PAID,) * 1_200
    assert (await store.spend("t")).micros == 4_000 * 1_200
    assert len(await store.recorded(keys)) == 1_200


def test_amounts_read_as_people_write_them():
    assert [dollars(n) for n in (0, 5_000, 10_000, 1_234_560_000, 1)] == [
        "$0.00",
        "$0.005",
        "$0.01",
        "$1,234.56",
        "$0.000001",
    ]


STEPS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["claim", "answer", "fail", "silence", "die"])), max_size=25
)


@settings(max_examples=40, deadline=None)
@given(steps=STEPS, is_idempotent=st.booleans())
async def test_the_budget_is_never_less_than_what_the_provider_may_have_charged(tmp_path_factory, steps, is_idempotent):
    """Three processes claim, answer, fail, time out and die in any order over one call."""
    call = Call("p", "o", 1, cost_micros=100, is_idempotent=is_idempotent, task_id="t")
    url = f"sqlite:///{tmp_path_factory.mktemp('any') / 'app.db'}"
    held: dict[str, str] = {}  # what each process has sent and not settled
    dead: set[str] = set()
    charged = 0  # by a provider that charges each request it cannot be known not to have answered
    async with open_store(url) as store:
        for number, (process, step) in enumerate(steps):
            if step == "claim" and process not in held:
                owner = f"{process}#{number}"
                one = Claim("k", call, owner, LEASE)
                (verdict,) = (await store.write_calls([one], is_gone=lambda owner: owner in dead)).verdicts
                if isinstance(verdict, Granted):
                    held[process] = owner
                    charged += 100
            elif process in held:
                owner = held.pop(process)
                if step == "die":
                    dead.add(owner)
                elif step == "answer":
                    await ended(store, answered("k", call, owner, Answer(b"x", 100)))
                elif step in ("fail", "silence"):
                    is_silent = step == "silence"
                    await ended(store, failed(owner, call, is_unanswered=is_silent))
                    charged -= 0 if is_silent else 100
                else:
                    held[process] = owner
        used = (await store.spend("t")).micros
        totals = await store.call_totals("t")
        assert used == sum(t.cost_micros + t.doubtful_micros + t.reserved_micros for t in totals)
        assert used >= min(charged, 100) if is_idempotent else used == charged
