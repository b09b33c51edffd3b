"""LinkedIn as a source, without ever reading it."""

from collections.abc import Sequence

import pytest

from longlist.discover.linkedin import LinkedInSource, wish
from longlist.discover.source import Question
from longlist.errors import NoAnswer, Refused, Unavailable
from longlist.model.plan import Angle
from longlist.model.web import Errand, Listing, Wish
from longlist.plan.rule_planner import RulePlanner
from longlist.testing import FakeReader, FakeWebSearch
from longlist.web.health import Health

PLAN = RulePlanner().understand("freight software in Norway founded after 2010 with fewer than 200 employees")
HITS = {
    "site:linkedin.com/company": [
        (
            "https://www.linkedin.com/company/acme",
            "Acme | LinkedIn",
            "Acme. Freight software. Website: https://acme.com/",
        ),
        ("https://no.linkedin.com/company/bolt", "Bolt AS | LinkedIn", "Bolt. Software for freight brokers."),
        ("https://www.linkedin.com/jobs/view/1", "Acme hiring a driver | LinkedIn", "freight"),
    ],
    '"bolt as"': [("https://bolt.no/", "Bolt | Freight", "Bolt plans loads.")],
}


class FakeRegister:
    """Lists these companies on its first page."""

    name, page_size = "register", 10

    def __init__(self, listings: Sequence[Listing] = (), fault: Unavailable | None = None) -> None:
        self.health = Health()
        self.wishes: list[Wish] = []
        self._listings = listings
        self._fault = fault

    async def find(self, wish: Wish, page: int, errand: Errand) -> Sequence[Listing]:
        self.wishes.append(wish)
        if self._fault is not None:
            raise self._fault
        return self._listings if page == 1 else ()


async def found(searches, reader=None, registers=(), **question):
    question.setdefault("angles", (Angle("freight software", ""),))
    source = LinkedInSource(searches, reader or FakeReader({}), registers)
    return {c.key: c async for c in source.search(Question(PLAN, **question))}


async def test_company_pages_among_the_hits_give_companies_with_their_own_sites():
    reader = FakeReader({})
    companies = await found([FakeWebSearch(HITS)], reader)
    assert set(companies) == {"acme.com", "bolt.no"}
    assert companies["acme.com"].path[-1] == "it names the website https://acme.com/"
    assert companies["bolt.no"].path[-1].startswith("searched for “Bolt AS”")
    assert not [url for url, _ in reader.asked if "linkedin" in url]


async def test_registers_add_what_they_list():
    listings = [
        Listing("1", "Coil", "register", website="coil.no", text="Freight software", country="Norway"),
        Listing("2", "Gone", "register", website="gone.no", is_closed=True),
        Listing("3", "Nowhere", "register"),
    ]
    register = FakeRegister(listings)
    companies = await found([FakeWebSearch(HITS)], registers=[register])
    assert set(companies) == {"acme.com", "bolt.no", "coil.no"}
    assert companies["coil.no"].name == "Coil"


async def test_a_register_is_asked_for_what_facts_decide():
    assert wish(PLAN) == Wish("freight software", countries=("Norway",), founded_min=2011, employees_max=199)


async def test_a_register_that_fails_is_told_beside_what_searches_found():
    told: list[str] = []
    register = FakeRegister(fault=Refused("register has no credit left.", status=402))
    assert "acme.com" in await found([FakeWebSearch(HITS)], registers=[register], tell=told.append)
    assert told == ["register has no credit left."]


async def test_with_nobody_to_ask_it_says_what_to_set_up():
    with pytest.raises(Unavailable, match="LinkedIn needs a web search"):
        await found([])


async def test_when_nobody_answers_all_reasons_are_given():
    search = FakeWebSearch({}, fault=NoAnswer("fake did not answer."))
    with pytest.raises(Unavailable, match=r"register is down\. fake did not answer\."):
        await found([search], registers=[FakeRegister(fault=NoAnswer("register is down."))])
