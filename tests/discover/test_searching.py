"""Providers that have a rest: those that are known to work are waited for, for a while."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from longlist.discover.searching import Searching
from longlist.errors import Refused, Unavailable
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
        self.slept += seconds
        self.now += timedelta(seconds=seconds)


class Engine:
    """A search engine that answers unless it has a rest."""

    name, page_size = "engine", 10

    def __init__(self, time: Time) -> None:
        self.health = Health(time)
        self.asked: list[str] = []

    async def search(self, text: str, page: int, errand: Errand) -> Sequence[Hit]:
        self.asked.append(text)
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

    with pytest.raises(Unavailable, match="often"):
        await Searching([engine], NO_ERRAND, is_wanted=is_wanted, sleep=time.sleep).all_of(ASKED)
    assert time.slept == 2


async def test_another_that_is_ready_is_asked_at_once(time: Time, engine: Engine):
    other = Engine(time)
    engine.health.answered()
    engine.health.failed(Refused("Too often.", retry_after=50))
    await Searching([engine, other], NO_ERRAND, sleep=time.sleep).all_of(ASKED)
    assert (time.slept, len(other.asked)) == (0, 5)
