"""Providers that have a rest: those that are known to work are waited for, for a while."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from longlist.discover.searching import Searching
from longlist.errors import Refused, Stopped, Unavailable
from longlist.model.web import NO_ERRAND, Errand, Hit
from longlist.web.health import Health


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 2, tzinfo=UTC)
        self.slept = 0.0

    def __call__(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        for _ in range(20):
            await asyncio.sleep(0)  # whoever else has something to do does it
        self.slept += seconds
        self.now += timedelta(seconds=seconds)


class Engine:
    """A search engine that answers, but for the questions of which `faults` tells."""

    name, page_size = "engine", 10

    def __init__(self, time: Time) -> None:
        self.health = Health(time)
        self.asked: list[str] = []
        self.faults: Callable[[int], Unavailable | None] = lambda _: None

    async def search(self, text: str, page: int, errand: Errand) -> Sequence[Hit]:
        self.asked.append(text)
        fault = self.faults(len(self.asked))
        await asyncio.sleep(0)
        if fault is not None:
            self.health.failed(fault)
            raise fault
        self.health.answered()
        return []


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def engine(time: Time) -> Engine:
    return Engine(time)


ASKED = [(f"breweries {number}", 10) for number in range(5)]


@pytest.mark.parametrize(
    ("error", "seconds"), [(Unavailable("Down."), 60), (Refused("Too often.", retry_after=20), 20)]
)
async def test_one_that_answered_before_is_waited_for_once_by_all(
    time: Time, engine: Engine, error: Unavailable, seconds: float
):
    engine.health.answered()
    for _ in range(3):
        engine.health.failed(error)
    await Searching([engine], NO_ERRAND, sleep=time.sleep).all_of(ASKED)
    assert (time.slept, len(engine.asked)) == (seconds, 5)


async def test_one_that_has_enough_in_the_middle_of_a_round_is_asked_the_rest_later(time: Time, engine: Engine):
    engine.faults = lambda number: Refused("Too often.", retry_after=20) if 10 <= number < 15 else None
    asked = [(f"breweries {number}", 10) for number in range(60)]
    searching = Searching([engine], NO_ERRAND, sleep=time.sleep)
    await searching.all_of(asked)
    assert (searching.answered, searching.unanswered) == (60, 0)
    assert time.slept == 20
    assert len(engine.asked) == 65


async def test_one_that_dies_costs_a_few_questions(time: Time, engine: Engine):
    engine.health.answered()
    engine.faults = lambda _: Unavailable("Down.")
    with pytest.raises(Unavailable, match=r"Down\."):
        await Searching([engine], NO_ERRAND, sleep=time.sleep).all_of([(f"breweries {n}", 10) for n in range(40)])
    assert len(engine.asked) == 4  # three in a row, and one after a rest


async def test_one_that_never_answered_is_not(time: Time, engine: Engine):
    engine.health.failed(Unavailable("Down."))
    with pytest.raises(Unavailable, match=r"Down\."):
        await Searching([engine], NO_ERRAND, sleep=time.sleep).all_of(ASKED)
    assert (time.slept, engine.asked) == (0, [])


async def test_nobody_waits_longer_than_a_minute_or_for_what_is_not_wanted_any_more(time: Time, engine: Engine):
    engine.health.answered()
    engine.health.failed(Refused("The key is wrong.", is_final=True, status=401))
    with pytest.raises(Unavailable, match="key"):
        await Searching([engine], NO_ERRAND, sleep=time.sleep).all_of(ASKED)
    assert time.slept == 0
    engine.health.answered()
    engine.health.failed(Refused("Too often.", retry_after=50))
    wanted = iter([True, True, False, False, False, False, False])

    async def is_wanted() -> bool:
        return next(wanted)

    with pytest.raises(Stopped):
        await Searching([engine], NO_ERRAND, is_wanted=is_wanted, sleep=time.sleep).all_of(ASKED)
    assert time.slept == 2


async def test_another_that_is_ready_is_asked_at_once(time: Time, engine: Engine):
    other = Engine(time)
    engine.health.answered()
    engine.health.failed(Refused("Too often.", retry_after=50))
    await Searching([engine, other], NO_ERRAND, sleep=time.sleep).all_of(ASKED)
    assert (time.slept, len(other.asked)) == (0, 5)
