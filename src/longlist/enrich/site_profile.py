"""A company's profile, put together from the pages of its site and, where it has any, the catalogue's records."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from longlist.enrich.claims import CONFIDENCE, Statement, resolve
from longlist.enrich.page_facts import page_facts, shown
from longlist.enrich.site_page import SitePage
from longlist.enrich.social import social_profiles
from longlist.enrich.structured import is_of, street_text
from longlist.model.company import Candidate, Claim, CompanyProfile, Facts, Place

LONGEST_DESCRIPTION = 300  # characters
LONGEST_FULL_DESCRIPTION = 2_500
_WEIGHED = ("founded", "employees", "hq", "status", "funding_stage", "funding_amount")


def site_profile(
    candidate: Candidate, name: str, domain: str, pages: Sequence[SitePage], known: CompanyProfile | None
) -> CompanyProfile:
    """The profile of a candidate whose site was read and confirmed; `known` is what the catalogue's records say.

    Pages that try to instruct graders are left out, and a remark says so.
    """
    honest = [page for page in pages if page.attempt is None]
    names = [name, candidate.name]
    statements = [one for page in honest for one in page_facts(page, domain, names)]
    statements += _of_records(known) if known is not None else []
    facts, claims = resolve(statements)
    base = known or CompanyProfile(candidate.key, name, domain, "", "", (), Facts(), ())
    kept = {field: getattr(base.facts, field) for field in ("listed", "business_models")}
    quotes = {field: base.facts.quotes[field] for field in kept if field in base.facts.quotes}
    facts = replace(facts, **kept, quotes={**quotes, **facts.quotes})
    short, full = _descriptions(honest, domain, names)
    return replace(
        base,
        key=candidate.key,
        name=base.name if known is not None else name,
        domain=domain,
        description=short or base.description or candidate.snippet[:LONGEST_DESCRIPTION],
        full_description=full or base.full_description,
        facts=facts,
        pages=(*(page.citable for page in honest), *base.pages),
        social_profiles=social_profiles(honest, domain, names),
        address=_address(honest, domain, names, facts.hq),
        claims=claims,
        hostile_pages=tuple(page.page.url for page in pages if page.attempt is not None),
        remarks=tuple(
            f"The page {page.page.url} tries to instruct whoever grades it (“{page.attempt.excerpt}”); it was not used."
            for page in pages
            if page.attempt is not None
        ),
    )


def _of_records(known: CompanyProfile) -> list[Statement]:
    found: list[Statement] = []
    for fact in _WEIGHED:
        value: Any = getattr(known.facts, fact)
        if value is None or value == Place():
            continue
        quote = known.facts.quotes.get(fact, "")
        record = next((page.record for page in known.pages if quote and quote in page.text), None)
        claim = Claim(fact, shown(value), quote, "record", CONFIDENCE["record"], record=record)
        found.append(Statement(claim, value))
    return found


def _descriptions(pages: Sequence[SitePage], domain: str, names: Sequence[str]) -> tuple[str, str]:
    """What the company does, in a line and at length, in the words of its site."""
    stated = (
        str(one.value)
        for page in pages
        for organization in page.organizations
        if is_of(organization, domain, names)
        for one in organization.statements
        if one.key in {"description", "slogan"} and isinstance(one.value, str)
    )
    said = (page.description for page in pages)
    lines = [line for page in pages for line in page.lines]
    telling = (line for line in lines if len(line.split()) >= 4)
    short = next((" ".join(text.split()) for text in (*said, *stated, *telling) if text.strip()), "")
    full: list[str] = []
    for line in dict.fromkeys(lines):
        if len(line.split()) >= 8 and sum(map(len, full)) + len(line) <= LONGEST_FULL_DESCRIPTION:
            full.append(line)
    return _cut(short), "\n".join(full)


def _cut(text: str) -> str:
    if len(text) <= LONGEST_DESCRIPTION:
        return text
    return text[: LONGEST_DESCRIPTION - 1].rpartition(" ")[0] + "…"


def _address(pages: Sequence[SitePage], domain: str, names: Sequence[str], hq: Place) -> str:
    """The postal address of the seat, when one is stated that lies in its country."""
    for page in pages:
        for organization in page.organizations:
            stated = organization.get("address")
            if stated is not None and is_of(organization, domain, names) and (street := street_text(stated.value)):
                return street
    found = [address for page in pages for address in page.own.addresses]
    return next((one for one in found if hq.country and hq.country.lower() in one.lower()), "")
