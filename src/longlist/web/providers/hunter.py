"""Hunter, e-mail addresses of people by name and company. https://hunter.io/api-documentation/v2"""

from typing import Any

from longlist.model.web import Contact, ContactPart, Errand, Sought
from longlist.web.health import Health
from longlist.web.providers.about import About
from longlist.web.providers.provider import Provider
from longlist.web.providers.request import Request
from longlist.web.providers.shapes import items, mapping, number, text, web_address

ABOUT = About(
    name="hunter",
    title="Hunter",
    kinds=("contacts",),
    url="https://api.hunter.io/v2",
    key_header="X-API-KEY",
    key_prefix="",
    cost_micros=24_500,
    price="$0.0245 per address that is found (the smallest paid plan: $49 for 2,000); nothing found costs nothing",
    price_url="https://hunter.io/pricing",
    price_date="2025-12",
    policy="500 requests a minute; an address may be used only as the law allows where its owner lives.",
    a_second=8,
    too_often=(403,),
    hints={429: "has no credit left for this key in this month."},
)
NOBODY = (404, 451)  # unknown; 451: that person asked not to be found


class Hunter:
    """A `longlist.web.seams.Contacts`."""

    name = ABOUT.name
    title = ABOUT.title
    gives: frozenset[ContactPart] = frozenset({"email"})

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    @property
    def health(self) -> Health:
        """How it is doing."""
        return self._provider.health

    async def find(self, sought: Sought, errand: Errand) -> Contact | None:
        """See `Contacts`."""
        if not sought.full_name or not (sought.domain or sought.company):
            return None
        data = await self._provider.ask(request(sought), errand)
        return None if data is None else parse(data)

    async def check(self, errand: Errand) -> None:
        """See `Contacts`."""
        await self._provider.ask(Request("/account", operation="account", units=0), errand)


def request(sought: Sought) -> Request:
    """The address of one person at one company."""
    company = {"domain": sought.domain} if sought.domain else {"company": sought.company}
    params = {**company, "full_name": sought.full_name}
    return Request("/email-finder", params=params, operation="email", cost=cost, empty=NOBODY)


def cost(data: Any, price: int) -> int | None:
    """It charges for an address that it gives."""
    found = data.get("data") if isinstance(data, dict) else None
    return None if not isinstance(found, dict) else price if text(found.get("email")) else 0


def parse(data: Any) -> Contact | None:
    """The person with the address, how sure Hunter is of it, and the pages it was seen on."""
    found = mapping(ABOUT, mapping(ABOUT, data).get("data"))
    email = text(found.get("email"))
    if not email:
        return None
    score = number(found.get("score"))
    checked = found["verification"] if isinstance(found.get("verification"), dict) else {}
    status, date = text(checked.get("status")), text(checked.get("date"))
    sure = [
        f"sure of it by {score:.0f} of 100" if score is not None else "",
        f"checked{f' on {date}' if date else ''}: {status.replace('_', ' ')}" if status else "",
    ]
    seen = items(ABOUT, found, "sources")
    return Contact(
        provider=ABOUT.name,
        full_name=" ".join(filter(None, (text(found.get("first_name")), text(found.get("last_name"))))),
        role=text(found.get("position")),
        company=text(found.get("company")),
        domain=text(found.get("domain")),
        profile_url=web_address(found.get("linkedin_url")),
        email=email,
        note=", ".join(filter(None, sure)),
        seen_on=tuple(url for one in seen if (url := web_address(one.get("uri")))),
    )
