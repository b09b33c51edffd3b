"""Leads that come without a domain: what is asked does not depend on who answers first, and nobody waits for the slowest."""

import asyncio
import random
from collections.abc import Mapping, Sequence

import pytest

from longlist.discover.leads import Lead
from longlist.discover.lookup import Site
from longlist.discover.patient import PatientReader
from longlist.discover.resolve import Means, Resolver
from longlist.errors import BudgetSpent
from longlist.model.web import NO_ERRAND, Errand, WebPage
from longlist.testing import FakeReader

PAGE = "https://lists.example.net/12-best"


class Lookup:
    """Finds a site for each name, after `before`; `searched` are the names in the order in which they were asked for."""

    def __init__(self, before=None) -> None:
        self.searched: list[str] = []
        self._before = before

    async def find(self, name: str, said: str = "") -> Site | None:
        self.searched.append(name)
        if self._before is not None:
            await self._before(name)
        domain = f"{name.lower()}.com"
        return Site(domain, f"https://{domain}/", f"searched for “{name}”")


class Slow(FakeReader):
    """Reads after `before`."""

    def __init__(self, pages: Mapping[str, str], before, **more) -> None:
        super().__init__(pages, **more)
        self._before = before

    async def read(self, url: str, errand: Errand) -> WebPage:
        await self._before(url)
        return await super().read(url, errand)


def lead(name: str, url: str = "") -> Lead:
    return Lead(name, "", PAGE, (), "", url=url)


def counter(name: str) -> str:
    return f"https://go.counter.net/r/{name}"


def moved(names: Sequence[str]) -> dict[str, str]:
    return {counter(name): f"https://{name.lower()}.dev/" for name in names}


@pytest.mark.parametrize("seed", range(20))
async def test_the_same_names_are_searched_for_whoever_answers_first(seed):
    chance = random.Random(seed)
    names = [f"Firm{n}" for n in range(24)]
    linked = [name for name in names if chance.random() < 0.6]
    led_on = [name for name in linked if chance.random() < 0.5]

    async def sometime(_: str) -> None:
        for _turn in range(chance.randrange(30)):
            await asyncio.sleep(0)

    lookup = Lookup(sometime)
    reader = PatientReader(Slow({}, sometime, moved=moved(led_on)))
    leads = [lead(name, counter(name) if name in linked else "") for name in names]
    means = Means(names=chance.randrange(12))
    found = await Resolver(reader, lookup, NO_ERRAND).resolve(leads, means)
    searched = [name for name in names if name not in led_on][: means.names]
    assert sorted(lookup.searched) == sorted(searched)
    assert [one.name for one in found] == names
    assert {one.name for one in found if one.domain} == {*led_on, *searched}


async def test_a_slow_link_holds_up_only_what_it_may_decide():
    may_go_on = asyncio.Event()

    async def before(url: str) -> None:
        if url == counter("Slow"):
            await may_go_on.wait()

    async def searched(name: str) -> None:
        if name == "Third":
            may_go_on.set()

    lookup = Lookup(searched)
    reader = PatientReader(Slow({}, before, moved=moved(["Slow"])))
    leads = [lead("First"), lead("Slow", counter("Slow")), lead("Third"), lead("Fourth"), lead("Fifth")]
    async with asyncio.timeout(30):
        found = await Resolver(reader, lookup, NO_ERRAND).resolve(leads, Means(names=3))
    assert lookup.searched == ["First", "Third", "Fourth"]  # the fourth once the slow one had led on
    assert [one.domain for one in found] == ["first.com", "slow.dev", "third.com", "fourth.com", ""]


async def test_each_is_told_of_as_soon_as_it_is_found():
    told: list[str] = []
    heard = asyncio.Event()

    async def tell(one: Lead) -> None:
        told.append(one.domain)
        heard.set()

    async def before(url: str) -> None:
        if url == counter("Slow"):
            await heard.wait()

    reader = PatientReader(Slow({}, before, moved=moved(["Slow"])))
    async with asyncio.timeout(30):
        await Resolver(reader, Lookup(), NO_ERRAND, tell).resolve(
            [lead("Slow", counter("Slow")), lead("Quick")], Means()
        )
    assert told == ["quick.com", "slow.dev"]


async def test_profiles_of_a_host_that_do_not_lead_on_are_left_alone_and_their_names_searched_for():
    names = ["Bolt", "Coil", "Dyn", "Erg"]
    inner = FakeReader({})
    leads = [lead(name, f"https://lists.example.net/company/{name}") for name in names]
    lookup = Lookup()
    found = await Resolver(PatientReader(inner), lookup, NO_ERRAND).resolve(leads, Means())
    assert len(inner.asked) == 2
    assert sorted(lookup.searched) == names
    assert all(one.domain for one in found)


async def test_a_budget_that_runs_out_amid_links_ends_it_and_leaves_nothing_waiting():
    async def before(url: str) -> None:
        if url == counter("Second"):
            raise BudgetSpent("The task may make no more calls.")

    reader = PatientReader(Slow({}, before, moved=moved(["First", "Third"])))
    leads = [lead(name, counter(name)) for name in ("First", "Second", "Third", "Fourth")]
    async with asyncio.timeout(30):
        with pytest.raises(BudgetSpent):
            await Resolver(reader, Lookup(), NO_ERRAND).resolve(leads, Means(names=1))
