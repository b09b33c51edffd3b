"""Facts that companies' own pages do not state, from an encyclopaedia that knows companies by their websites.

It only fills what is missing, and only where it speaks of a company of that name: several companies may share a website.
What it says is kept as a page that can be cited, so that such facts have their proof like all others.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

import structlog

from longlist.enrich.claims import CONFIDENCE
from longlist.enrich.enrich import always
from longlist.enrich.identity import same_name
from longlist.enrich.page_facts import shown
from longlist.errors import BudgetSpent, Unavailable
from longlist.language.facts import MOST_EMPLOYEES, founded_year
from longlist.language.places import locate
from longlist.model.company import Claim, CompanyProfile, Employees, Page
from longlist.model.web import Errand, Listing
from longlist.together import together
from longlist.web.seams import Encyclopaedia

AT_ONCE = 40  # companies in a question, which are recorded together
SECONDS = 20.0  # its facts are welcome, but a search does not wait longer for them

log = structlog.get_logger()


class Completer(Protocol):
    """Adds to profiles what others know about the companies."""

    async def complete(
        self, profiles: Sequence[tuple[str, CompanyProfile]], errand: Errand
    ) -> list[tuple[str, CompanyProfile]]:
        """Those of the (key, profile) pairs that gained something. Stopped is let through; whatever else goes wrong, nothing is gained."""
        ...


@dataclass(frozen=True, slots=True)
class EncyclopaediaFacts:
    """A `Completer` that asks the first encyclopaedia that is ready, while `is_reachable` says that the web is; `now` gives
    the time at which it counts as read.
    """

    encyclopaedias: Sequence[Encyclopaedia]
    now: Callable[[], datetime]
    is_reachable: Callable[[], Awaitable[bool]] = always

    async def complete(
        self, profiles: Sequence[tuple[str, CompanyProfile]], errand: Errand
    ) -> list[tuple[str, CompanyProfile]]:
        """See `Completer`."""
        lacking = [(key, one) for key, one in profiles if one.domain and _lacks(one)]
        known = await self._known(sorted({one.domain for _, one in lacking}), errand) if lacking else {}
        gained = []
        for key, profile in lacking:
            listing = known.get(profile.domain)
            if listing is not None and _is_of(listing, profile):
                told = _with_listing(profile, listing, self.now())
                if told is not profile:
                    gained.append((key, told))
        return gained

    async def _known(self, domains: Sequence[str], errand: Errand) -> Mapping[str, Listing]:
        for one in self.encyclopaedias if await self.is_reachable() else ():
            if one.health.is_ready and (told := await self._told_by(one, domains, errand)) is not None:
                return told
        return {}

    async def _told_by(
        self, one: Encyclopaedia, domains: Sequence[str], errand: Errand
    ) -> Mapping[str, Listing] | None:
        """What comes in time, None when nothing was answered. The first question is asked alone, so that one that is down
        costs no more than that.
        """
        answers: list[Mapping[str, Listing]] = []

        async def ask(start: int) -> None:
            answers.append(await one.look_up(domains[start : start + AT_ONCE], errand))

        try:
            async with asyncio.timeout(SECONDS):
                await ask(0)
                await together(ask(start) for start in range(AT_ONCE, len(domains), AT_ONCE))
        except TimeoutError:
            one.health.failed(Unavailable(f"{one.name} did not answer within {SECONDS:.0f} seconds."))
        except (Unavailable, BudgetSpent) as error:
            log.info("encyclopaedia_not_asked", name=one.name, task=errand.task_id, reason=str(error))
        return {domain: listing for answer in answers for domain, listing in answer.items()} if answers else None


def _lacks(profile: CompanyProfile) -> bool:
    facts = profile.facts
    return facts.founded is None or facts.employees is None or facts.hq.country is None


def _is_of(listing: Listing, profile: CompanyProfile) -> bool:
    """Whether a listing is of the company itself, and not of another or an earlier one with the same website."""
    return not listing.is_closed and any(same_name(name, profile.name) for name in (listing.name, *listing.aliases))


def _with_listing(profile: CompanyProfile, listing: Listing, read_at: datetime) -> CompanyProfile:
    """The profile with the facts it lacks that the listing has; the same profile when there are none."""
    facts, claims, lines = profile.facts, list(profile.claims), [f"{listing.name} ({listing.provider.capitalize()})"]
    trust = CONFIDENCE["wikidata"]
    for fact, value, line in _told(listing):
        has = facts.hq.country if fact == "hq" else getattr(facts, fact)
        if has is not None:
            continue
        lines.append(line)
        facts = replace(
            facts,
            **{fact: value},
            quotes={**facts.quotes, fact: line},
            confidence={**facts.confidence, fact: trust},
        )
        claims.append(Claim(fact, shown(value), line, "wikidata", trust, url=listing.url, is_used=True))
    if facts is profile.facts:
        return profile
    page = Page("\n".join(lines), read_at, url=listing.url)
    return replace(profile, facts=facts, claims=tuple(claims), pages=(*profile.pages, page))


def _told(listing: Listing) -> Iterator[tuple[str, Any, str]]:
    """Each fact of a listing, and the line that states it."""
    if listing.founded is not None and founded_year(listing.founded) == listing.founded:
        yield "founded", listing.founded, f"Founded: {listing.founded}"
    low, high = listing.employees_low, listing.employees_high
    if low is not None and 0 < low <= MOST_EMPLOYEES:
        size = Employees(low, high)
        yield "employees", size, f"Number of employees: {shown(size)}"
    place = locate(", ".join(part for part in (listing.city, listing.state, listing.country) if part))
    if place.country is not None:
        yield "hq", place, f"Headquarters: {shown(place)}"
