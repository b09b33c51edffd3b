"""Columns that ask a provider about a person: e-mail addresses, telephone numbers, whose an address is, profiles.

Providers are asked in their order until one knows it. What one says is kept as a page, so that the answer can be cited
and checked again like any other. The person's own row says whom to look for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from longlist.errors import Unavailable
from longlist.language.domains import own_domain, registered_domain
from longlist.model.company import CompanyProfile, Facts, Page
from longlist.model.web import Contact, ContactPart, Sought
from longlist.tables.answering import MOST_SOURCES, Answerer, Found, Question, not_found, noted, proven
from longlist.web.seams import Contacts

GIVES: Mapping[str, ContactPart] = {
    "email_finder": "email",
    "phone_finder": "phone",
    "reverse_email_lookup": "person",
    "linkedin": "person",
}
"""What a kind of column wants of a provider."""

_OWN_FIELDS = {"full_name": "full_name", "role": "role", "profile_url": "profile_url"}


class ContactFinder:
    """Answers columns of one kind (a key of GIVES) from providers; `reads` answers what is asked about a profile."""

    def __init__(
        self, kind: str, providers: Sequence[Contacts], now: Callable[[], datetime], reads: Answerer | None = None
    ) -> None:
        self._kind = kind
        self._providers = [one for one in providers if GIVES[kind] in one.gives]
        self._now = now
        self._reads = reads

    async def answer(self, question: Question) -> Found:
        """See `longlist.tables.answering.Answerer`. Unavailable when a provider that might know it could not be asked."""
        sought = _sought(self._kind, question)
        if sought is None:
            return not_found("The row does not say whom to look for.")
        faults: list[str] = []
        knew = not_found(f"{', '.join(one.title for one in self._providers)} knows nobody like that.")
        for provider in self._providers:
            if not provider.health.is_ready:
                faults.append(provider.health.reason or f"{provider.title} is not ready.")
                continue
            try:
                contact = await provider.find(sought, question.errand)
            except Unavailable as error:
                faults.append(str(error))
                continue
            if contact is None:
                continue
            knew = await self._told(question, sought, contact, provider.title)
            if knew.value.is_found:
                return knew
        if faults:
            raise Unavailable(" ".join(dict.fromkeys(faults)))
        return knew

    async def _told(self, question: Question, sought: Sought, contact: Contact, title: str) -> Found:
        page = self._page(contact)
        if self._kind == "linkedin" and question.key not in _OWN_FIELDS:
            return await self._read(question, contact, page)
        value = _value(self._kind, question.key, contact)
        if not value:
            return not_found(f"{title} knows the person, but not this of them.")
        if self._kind == "email_finder" and sought.domain and not _is_at(contact, sought.domain):
            return not_found(
                f"{title} knows the person at {contact.company or contact.domain}, not at {sought.domain}."
            )
        found = proven(value, f"{title} says so{f' ({contact.note})' if contact.note else ''}.", [_quoted(value, page)])
        return replace(found, value=replace(found.value, sources=contact.seen_on[:MOST_SOURCES]))

    async def _read(self, question: Question, contact: Contact, page: Page) -> Found:
        """What the profile answers to a question in words."""
        if self._reads is None:
            return not_found("Nobody reads profiles here.")
        profile = CompanyProfile(
            f"person:{contact.full_name}", contact.full_name, "", "", page.text, (), Facts(), (page,)
        )
        about = replace(question.subject, name=contact.full_name, domain="", profile=profile)
        return noted(
            await self._reads.answer(replace(question, subject=about)), f"Profile: {contact.profile_url}".strip()
        )

    def _page(self, contact: Contact) -> Page:
        """What a provider said, as a text that can be cited."""
        told = {
            "Name": contact.full_name,
            "Role": contact.role,
            "Company": contact.company,
            "Company's website": contact.domain,
            "E-mail": contact.email,
            "Phone": contact.phone,
            "Profile": contact.profile_url,
        }
        lines = [f"{name}: {value}" for name, value in told.items() if value]
        text = "\n".join(dict.fromkeys((*lines, *contact.lines)))
        who = contact.email or contact.profile_url.partition("://")[2] or contact.full_name
        return Page(text, self._now(), record=f"{contact.provider}:{who}")


def _sought(kind: str, question: Question) -> Sought | None:
    """Whom a row means; None when it does not say."""
    values, subject = question.subject.values, question.subject
    if kind == "reverse_email_lookup":
        email = question.prompt.strip().removeprefix("mailto:")
        return Sought(email=email) if "@" in email and " " not in email else None
    site = own_domain(values.get("company_website", "")) or subject.domain
    url = values.get("profile_url", "") if question.key != "profile_url" else ""
    name = values.get("full_name", "")
    company = values.get("company_name", "") or subject.name
    if not url and not (name and (site or company)):
        return None
    return Sought(full_name=name, domain=site, company=company, profile_url=url)


def _value(kind: str, key: str, contact: Contact) -> Any:
    if kind == "email_finder":
        return contact.email
    if kind == "phone_finder":
        return contact.phone
    if kind == "linkedin":
        return getattr(contact, _OWN_FIELDS[key])
    person = {
        "full_name": contact.full_name,
        "role": contact.role,
        "company_name": contact.company,
        "company_website": contact.domain,
        "profile_url": contact.profile_url,
    }
    return {name: value or None for name, value in person.items()} if contact.full_name else None


def _is_at(contact: Contact, domain: str) -> bool:
    """Whether an address is one of the company's, or the person works there by what the provider knows."""
    own = registered_domain(domain) or domain
    return own in (registered_domain(contact.email.partition("@")[2]), registered_domain(contact.domain))


def _quoted(value: Any, page: Page) -> tuple[str, Page]:
    """The line that says it."""
    said = value["full_name"] if isinstance(value, dict) else value
    return next((line for line in page.text.split("\n") if said in line), page.text), page
