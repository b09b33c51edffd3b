"""Facts from an encyclopaedia: only what is missing, of that company, with proof."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from longlist.enrich.encyclopaedia import EncyclopaediaFacts
from longlist.errors import Stopped, Unavailable
from longlist.model.company import CompanyProfile, Employees, Facts, Page, Place
from longlist.model.web import NO_ERRAND, Errand, Listing
from longlist.web.health import Health

THEN = datetime(2026, 5, 1, tzinfo=UTC)
BIKES = Listing(
    "Q1001", "Example Bikes", "wikidata", website="https://example-bikes.com/", url="https://www.wikidata.org/wiki/Q1001",
    country="Netherlands", city="Utrecht", founded=2011, employees_low=34, employees_high=34,
)  # fmt: skip


class Known:
    """An encyclopaedia that knows these."""

    name = "wikidata"

    def __init__(self, listings: Mapping[str, Listing], fault: Exception | None = None) -> None:
        self.listings = listings
        self.fault = fault
        self.asked: list[Sequence[str]] = []
        self.health = Health()

    async def look_up(self, domains: Sequence[str], errand: Errand) -> Mapping[str, Listing]:
        self.asked.append(domains)
        if self.fault is not None:
            raise self.fault
        return {domain: self.listings[domain] for domain in domains if domain in self.listings}

    async def by_name(self, name: str, errand: Errand) -> Sequence[Listing]:
        return ()


def profile(domain: str = "example-bikes.com", name: str = "Example Bikes", **facts: object) -> CompanyProfile:
    page = Page("Example Bikes\nWe build bikes.", THEN, url=f"https://{domain}/")
    return CompanyProfile(domain, name, domain, "We build bikes.", "", (), Facts(**facts), (page,))


def completer(*known: Known) -> EncyclopaediaFacts:
    return EncyclopaediaFacts(known, lambda: THEN)


async def test_what_is_missing_is_added_with_its_proof():
    [(key, told)] = await completer(Known({"example-bikes.com": BIKES})).complete(
        [("a", profile(founded=2010))], NO_ERRAND
    )
    assert key == "a"
    assert (told.facts.founded, told.facts.employees) == (2010, Employees(34, 34))  # what the site states stays
    assert told.facts.hq == Place("Netherlands", "Province of Utrecht", "Utrecht")
    assert [claim.fact for claim in told.claims] == ["employees", "hq"]
    for claim in told.claims:
        assert (claim.manner, claim.url, claim.is_used) == ("wikidata", BIKES.url, True)
        assert claim.quote in told.pages[-1].text
        assert told.facts.quotes[claim.fact] == claim.quote
    assert told.pages[-1].url == BIKES.url


async def test_nothing_is_asked_of_whom_all_is_known_and_each_website_once():
    known = Known({})
    full = profile(founded=2010, employees=Employees(5, 5), hq=Place("Spain"))
    assert await completer(known).complete([("a", full), ("b", replace(full, domain=""))], NO_ERRAND) == []
    assert known.asked == []
    assert (
        await completer(known).complete([("c", profile()), ("b", profile("a.com")), ("d", profile())], NO_ERRAND) == []
    )
    assert known.asked == [["a.com", "example-bikes.com"]]


async def test_another_company_of_the_same_website_is_not_believed():
    other = replace(BIKES, name="Utrecht Museum Foundation")
    assert await completer(Known({"example-bikes.com": other})).complete([("a", profile())], NO_ERRAND) == []


async def test_who_closed_is_not_who_has_the_site_now():
    gone = replace(BIKES, is_closed=True)
    assert await completer(Known({"example-bikes.com": gone})).complete([("a", profile())], NO_ERRAND) == []


async def test_what_came_in_time_counts_and_who_is_slow_is_not_asked_again(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("longlist.enrich.encyclopaedia.AT_ONCE", 1)
    monkeypatch.setattr("longlist.enrich.encyclopaedia.SECONDS", 0.2)

    class Slow(Known):
        async def look_up(self, domains: Sequence[str], errand: Errand) -> Mapping[str, Listing]:
            if "slow.com" in domains:
                await asyncio.Event().wait()
            return await super().look_up(domains, errand)

    known = Slow({"example-bikes.com": BIKES})
    asked = [("a", profile("slow.com")), ("b", profile())]
    assert [key for key, _ in await completer(known).complete(asked, NO_ERRAND)] == ["b"]
    assert not known.health.is_ready
    assert await completer(known).complete(asked, NO_ERRAND) == []


async def test_a_listing_without_facts_adds_nothing():
    bare = Listing("Q1", "Example Bikes", "wikidata", url="https://www.wikidata.org/wiki/Q1", founded=7)
    assert await completer(Known({"example-bikes.com": bare})).complete([("a", profile())], NO_ERRAND) == []


async def test_one_that_is_down_costs_nothing_but_its_facts_and_a_stop_stops():
    down, up = Known({}, Unavailable("It is down.")), Known({"example-bikes.com": BIKES})
    assert len(await completer(down, up).complete([("a", profile())], NO_ERRAND)) == 1
    assert await completer(down).complete([("a", profile())], NO_ERRAND) == []
    with pytest.raises(Stopped):
        await completer(Known({}, Stopped("Paused."))).complete([("a", profile())], NO_ERRAND)


async def test_nothing_is_asked_while_the_web_is_out_of_reach():
    async def is_reachable() -> bool:
        return False

    known = Known({"example-bikes.com": BIKES})
    assert await EncyclopaediaFacts([known], lambda: THEN, is_reachable).complete([("a", profile())], NO_ERRAND) == []
    assert known.asked == []


async def test_one_that_is_down_costs_one_question(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("longlist.enrich.encyclopaedia.AT_ONCE", 1)
    down = Known({}, Unavailable("It is down."))
    assert await completer(down).complete([("a", profile()), ("b", profile("a.com"))], NO_ERRAND) == []
    assert down.asked == [["a.com"]]
