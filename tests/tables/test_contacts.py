"""Columns about people ask providers in their order; what one says is cited; what stands in the way is told."""

from pathlib import Path

import pytest

from longlist.errors import Unavailable
from longlist.language.quotes import occurs
from longlist.model.table import NOT_FOUND, Agent
from longlist.tables.answering import Found, Question, Subject
from longlist.tables.contacts import ContactFinder
from longlist.tables.local import LocalAnswerer
from longlist.testing import NOW, FakeCalls
from longlist.web.client import open_client
from longlist.web.providers.registry import CONTACTS, Config, Desk
from loopback import Server, reply, serving

SAVED = Path(__file__).parents[1] / "web" / "providers" / "saved"
ROW = {"full_name": "Jane Doe", "company_website": "example-bikes.com", "company_name": "Example Bikes"}
UNKNOWN = {
    "hunter": reply(b'{"data": {"email": null, "sources": []}}'),
    "pdl_people": reply(b'{"status": 404}', status="404 Not Found"),
}
DOWN = reply(b"", status="500 X")


def known(name: str) -> bytes:
    return reply((SAVED / f"{name}.json").read_bytes())


def question(key: str = "mail", prompt: str = "", **values: str) -> Question:
    subject = Subject("Example Bikes", "example-bikes.com", values={**ROW, **values})
    return Question(key, key, prompt, Agent("linkedin", prompt, "text"), subject)


async def answered(kind: str, asked: Question, *provided: tuple[str, bytes]) -> tuple[Found, list[int]]:
    """What a column comes to when these providers answer so, and how often each was asked."""
    return await _with(kind, asked, list(provided), [])


async def _with(
    kind: str, asked: Question, left: list[tuple[str, bytes]], servers: list[tuple[str, Server]]
) -> tuple[Found, list[int]]:
    if left:
        async with serving(left[0][1]) as server:
            return await _with(kind, asked, left[1:], [*servers, (left[0][0], server)])
    async with open_client() as client:
        configs = {name: Config(server.url, "key") for name, server in servers}
        desk = Desk(configs, FakeCalls(), client)
        finder = ContactFinder(kind, [CONTACTS[name][1](desk) for name in configs], lambda: NOW, LocalAnswerer())
        return await finder.answer(asked), [len(server.seen) for _, server in servers]


async def test_an_address_is_answered_with_what_the_provider_said_as_its_proof():
    found, _ = await answered("email_finder", question(), ("hunter", known("hunter")))
    assert found.value.answer == "jane@example-bikes.com"
    assert "97 of 100" in found.value.explanation
    assert found.value.sources == ("https://www.example-bikes.com/team",)
    [proof] = found.value.evidence
    [page] = found.pages
    assert (proof.record, proof.hash) == ("hunter:jane@example-bikes.com", page.hash)
    assert occurs(proof.quote, page.text)


async def test_the_next_is_asked_when_one_does_not_know_and_nobody_more_than_needed():
    found, asked = await answered(
        "email_finder", question(), ("hunter", UNKNOWN["hunter"]), ("pdl_people", known("pdl_people"))
    )
    assert (found.value.answer, asked) == ("jane@example-bikes.com", [1, 1])
    found, asked = await answered(
        "email_finder", question(), ("hunter", known("hunter")), ("pdl_people", known("pdl_people"))
    )
    assert asked == [1, 0]


async def test_what_nobody_knows_is_not_found_but_not_while_one_could_not_be_asked():
    found, _ = await answered(
        "email_finder", question(), ("hunter", UNKNOWN["hunter"]), ("pdl_people", UNKNOWN["pdl_people"])
    )
    assert found.value.answer == NOT_FOUND
    assert "Hunter" in found.value.explanation
    with pytest.raises(Unavailable, match="Hunter"):
        await answered("email_finder", question(), ("hunter", DOWN), ("pdl_people", UNKNOWN["pdl_people"]))


async def test_an_address_at_another_company_is_no_answer():
    elsewhere = question(company_website="other.com")
    found, _ = await answered("email_finder", elsewhere, ("pdl_people", known("pdl_people")))
    assert found.value.answer == NOT_FOUND
    assert "Example Bikes, not at other.com" in found.value.explanation


@pytest.mark.parametrize(
    ("kind", "key", "prompt", "answer"),
    [
        ("phone_finder", "phone", "", "+31 30 1234567"),
        ("linkedin", "role", "", "Head of Sales"),
        ("linkedin", "profile_url", "", "https://linkedin.com/in/janedoe"),
        (
            "reverse_email_lookup",
            "whose",
            "jane@example-bikes.com",
            {
                "full_name": "Jane Doe",
                "role": "Head of Sales",
                "company_name": "Example Bikes",
                "company_website": "example-bikes.com",
                "profile_url": "https://linkedin.com/in/janedoe",
            },
        ),
        ("linkedin", "studies", "Studied at which university?", "Studied at Utrecht University: masters, 2012 to 2016"),
    ],
)
async def test_a_person_is_known_by_telephone_role_address_and_profile(kind, key, prompt, answer):
    found, _ = await answered(kind, question(key, prompt), ("pdl_people", known("pdl_people")))
    assert found.value.answer == answer
    assert all(occurs(proof.quote, found.pages[0].text) for proof in found.value.evidence)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("email_finder", question(full_name="")),
        ("phone_finder", question(full_name="")),
        ("reverse_email_lookup", question(prompt="no address")),
    ],
)
async def test_a_row_that_says_too_little_asks_nobody(kind, asked):
    found, times = await answered(kind, asked, ("pdl_people", known("pdl_people")))
    assert (found.value.answer, times) == (NOT_FOUND, [0])


async def test_a_provider_that_has_not_what_a_column_wants_is_not_asked():
    found, asked = await answered(
        "phone_finder", question(), ("hunter", known("hunter")), ("pdl_people", known("pdl_people"))
    )
    assert (found.value.answer, asked) == ("+31 30 1234567", [0, 1])
