import asyncio

import pytest

from longlist.discover.patient import PatientReader
from longlist.errors import BudgetSpent
from longlist.model.web import NO_ERRAND, Errand, WebPage
from longlist.testing import FakeReader

URL = "https://acme.com/"


class Held(FakeReader):
    """Reads once it may; `over` is set when reading has ended, however."""

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__({URL: "<html><head><title>Acme</title></head><body><p>Acme makes anvils.</p></body></html>"})
        self.may_go_on, self.over = asyncio.Event(), asyncio.Event()
        self.was_cancelled = False
        self._error = error

    async def read(self, url: str, errand: Errand) -> WebPage:
        try:
            await self.may_go_on.wait()
            if self._error is not None:
                raise self._error
            return await super().read(url, errand)
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise
        finally:
            self.over.set()


async def test_who_is_slow_is_not_waited_for_but_read_to_the_end():
    held = Held()
    assert await PatientReader(held, 0.01).read(URL, NO_ERRAND) is None
    held.may_go_on.set()
    async with asyncio.timeout(30):
        await held.over.wait()
    assert not held.was_cancelled
    assert [url for url, _ in held.asked] == [URL]


async def test_who_answers_in_time_is_read():
    held = Held()
    held.may_go_on.set()
    page = await PatientReader(held, 30).read(URL, NO_ERRAND)
    assert page is not None
    assert page.title == "Acme"


async def test_what_ends_a_task_is_let_through_and_what_comes_too_late_is_nobodys():
    held = Held(BudgetSpent("No more."))
    held.may_go_on.set()
    with pytest.raises(BudgetSpent):
        await PatientReader(held, 30).read(URL, NO_ERRAND)
    late = Held(BudgetSpent("No more."))
    assert await PatientReader(late, 0.01).read(URL, NO_ERRAND) is None
    late.may_go_on.set()
    async with asyncio.timeout(30):
        await late.over.wait()


async def test_whoever_breaks_off_breaks_off_the_reading():
    held = Held()
    reading = asyncio.create_task(PatientReader(held, 30).read(URL, NO_ERRAND))
    await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    async with asyncio.timeout(30):
        await held.over.wait()
    assert held.was_cancelled
