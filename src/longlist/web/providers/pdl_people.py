"""People Data Labs, one person. https://docs.peopledatalabs.com/docs/reference-person-enrichment-api"""

from typing import Any

from longlist.language.domains import own_domain
from longlist.model.web import Contact, ContactPart, Errand, Sought
from longlist.web.health import Health
from longlist.web.providers.about import About
from longlist.web.providers.provider import Provider
from longlist.web.providers.request import Request
from longlist.web.providers.shapes import mapping, number, text

ABOUT = About(
    name="pdl_people",
    title="People Data Labs (people)",
    kinds=("contacts",),
    url="https://api.peopledatalabs.com/v5",
    key_header="X-Api-Key",
    key_prefix="",
    cost_micros=280_000,
    price="$0.28 per person that is found; nobody found costs nothing",
    price_url="https://www.peopledatalabs.com/pricing/person",
    price_date="2026-09",
    policy="100 requests a minute; what it says of a person may be used only as the law allows where they live.",
    a_second=100 / 60,
    at_once=4,
    hints={402: "has no credit left for this key."},
)
LEAST_LIKELY = 6  # of 10; below it People Data Labs itself calls a match doubtful
LINES = (
    ("full_name", "Name"),
    ("job_title", "Role"),
    ("job_company_name", "Company"),
    ("job_company_website", "Company's website"),
    ("job_start_date", "In this role since"),
    ("location_name", "Place"),
    ("industry", "Industry"),
    ("headline", "Headline"),
    ("summary", "Summary"),
    ("work_email", "Work e-mail"),
    ("mobile_phone", "Mobile phone"),
    ("linkedin_url", "Profile"),
)


class PeopleDataLabsPeople:
    """A `longlist.web.seams.Contacts`."""

    name = ABOUT.name
    title = ABOUT.title
    gives: frozenset[ContactPart] = frozenset({"email", "phone", "person"})

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    @property
    def health(self) -> Health:
        """How it is doing."""
        return self._provider.health

    async def find(self, sought: Sought, errand: Errand) -> Contact | None:
        """See `Contacts`."""
        if (asked := request(sought)) is None:
            return None
        data = await self._provider.ask(asked, errand)
        return None if data is None else parse(data)

    async def check(self, errand: Errand) -> None:
        """See `Contacts`."""
        await self.find(Sought(email="nobody@example.invalid"), errand)  # found by nobody, so nothing is paid


def request(sought: Sought) -> Request | None:
    """One person, by what tells them best: profile, address, or name and company; None when nothing does.

    All that is known of them comes at once: an address and a telephone number of one person are paid once.
    """
    company = sought.domain or sought.company
    if sought.profile_url:
        params = {"profile": sought.profile_url}
    elif sought.email:
        params = {"email": sought.email}
    elif sought.full_name and company:
        params = {"name": sought.full_name, "company": company}
    else:
        return None
    params |= {"min_likelihood": str(LEAST_LIKELY), "titlecase": "true"}
    return Request("/person/enrich", params=params, operation="person", empty=(404,))


def parse(data: Any) -> Contact:
    """The person. A field that the plan does not include is `true` in place of its value: it is left out."""
    answer = mapping(ABOUT, data)
    found = mapping(ABOUT, answer.get("data"))
    phones = found.get("phone_numbers")
    phone = next(filter(None, map(text, phones)), "") if isinstance(phones, list) else ""
    likely = number(answer.get("likelihood"))
    lines = [f"{name}: {said}" for key, name in LINES if (said := text(found.get(key)))]
    skills = found.get("skills")
    if isinstance(skills, list) and (named := [text(one) for one in skills[:30] if text(one)]):
        lines.append(f"Skills: {', '.join(named)}")
    lines += _listed(found.get("experience"), "Worked", "company", "title")
    lines += _listed(found.get("education"), "Studied", "school", "degrees")
    if phone:
        lines.append(f"Phone: {phone}")
    profile = text(found.get("linkedin_url"))
    return Contact(
        provider=ABOUT.name,
        full_name=text(found.get("full_name")),
        role=text(found.get("job_title")),
        company=text(found.get("job_company_name")),
        domain=own_domain(text(found.get("job_company_website"))) or "",
        profile_url=f"https://{profile}" if profile and "://" not in profile else profile,
        email=text(found.get("work_email")),
        phone=text(found.get("mobile_phone")) or phone,
        note=f"likely the right person by {likely:.0f} of 10" if likely is not None else "",
        lines=tuple(lines),
    )


def _listed(entries: Any, word: str, at: str, what: str) -> list[str]:
    """Lines such as "Worked at Example Bikes: Head of Sales, 2019-05 to 2021-02"."""
    lines: list[str] = []
    for entry in entries[:20] if isinstance(entries, list) else ():
        place = entry.get(at) if isinstance(entry, dict) else None
        name = text(place.get("name")) if isinstance(place, dict) else ""
        if not name:
            continue
        did = entry.get(what)
        said = text(did.get("name")) if isinstance(did, dict) else ""
        if isinstance(did, list):
            said = ", ".join(text(one) for one in did if text(one))
        span = " to ".join(filter(None, (text(entry.get("start_date")), text(entry.get("end_date")))))
        more = ", ".join(filter(None, (said, span)))
        lines.append(f"{word} at {name}{f': {more}' if more else ''}")
    return lines
