"""LinkedIn as a source, without reading LinkedIn: what search engines show of its company pages, and registers of companies.

A search result gives the name and a line about the company; its own site is then looked up and confirmed. LinkedIn's pages
themselves are never asked for.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from longlist.discover.hits import Sight, sights
from longlist.discover.leads import Lead, candidates, joined, site_told
from longlist.discover.lookup import SiteLookup
from longlist.discover.patient import PatientReader
from longlist.discover.queries import core, first_queries
from longlist.discover.relevance import Relevance
from longlist.discover.resolve import Means, Resolver
from longlist.discover.searching import Searching
from longlist.discover.source import About, Question
from longlist.errors import BudgetSpent, Stopped, Unavailable
from longlist.language.domains import own_domain, registered_domain
from longlist.model.company import Candidate
from longlist.model.plan import Plan
from longlist.model.web import Listing, Wish
from longlist.web.seams import PageReader, Register, WebSearch

NAME = "linkedin"
SITE = "site:linkedin.com/company"
HITS = 40  # of each angle
LISTINGS = 50  # of a register in a round
NOBODY = "LinkedIn needs a web search or a register of companies: set up one of their providers."


class LinkedInSource:
    """Companies by their LinkedIn pages as search engines know them, and by registers."""

    about = About(
        NAME, NAME, "LinkedIn's company pages, as web searches show them, and registers; LinkedIn itself is never read"
    )

    def __init__(
        self, searches: Sequence[WebSearch], reader: PageReader, registers: Sequence[Register] = (), *, names: int = 60
    ) -> None:
        self._searches = searches
        self._reader = reader
        self._registers = registers
        self._names = names

    async def search(self, question: Question) -> AsyncIterator[Candidate]:
        """One round: the best `limit` companies. Unavailable when nobody could be asked."""
        relevance = Relevance(question.plan)
        leads: list[Lead] = []
        faults: list[str] = []
        end: BudgetSpent | Stopped | None = None
        try:
            leads += await self._listed(question, faults)
            leads += await self._searched(question, relevance, leads, faults)
        except (BudgetSpent, Stopped) as error:
            end = error
        if not leads and faults and end is None:
            raise Unavailable(" ".join(faults))
        question.tell(" ".join(faults))
        found = candidates(leads, relevance.of([f"{lead.name}. {lead.text}" for lead in leads]), NAME)
        for candidate in [one for one in found if one.key not in question.known][: question.limit]:
            yield candidate
        if end is not None:
            raise end

    async def _listed(self, question: Question, faults: list[str]) -> list[Lead]:
        """What registers list, a page of them deeper in each round; one that does not answer is told."""
        wanted = wish(question.plan)
        found: list[Lead] = []
        for register in self._registers:
            pages = max(1, LISTINGS // register.page_size)
            first = (question.round - 1) * pages + 1
            for page in range(first, first + pages):
                try:
                    listings = await register.find(wanted, page, question.errand)
                except Unavailable as error:
                    faults.append(str(error))
                    break
                found += [lead for listing in listings if (lead := _of_listing(listing)) is not None]
                if len(listings) < register.page_size:
                    break
        return found

    async def _searched(
        self, question: Question, relevance: Relevance, known: Sequence[Lead], faults: list[str]
    ) -> list[Lead]:
        """What searches show, with the sites of those that fit best."""
        if not self._searches:
            if not self._registers:
                faults.append(NOBODY)
            return []
        searching = Searching(self._searches, question.errand, first=question.round - 1, is_wanted=question.is_wanted)
        angles = question.angles or question.plan.angles
        depths = {angle.text: angle.depth for angle in angles}
        texts = first_queries(angles, question.plan)
        try:
            answers = await searching.all_of([(f"{SITE} {text}", HITS * depths.get(text, 1)) for text in texts])
        except Unavailable as error:
            faults.append(str(error))
            return []
        faults += [trouble for trouble in [searching.trouble()] if trouble]
        first = {hit.url: (hit, rank) for hits in reversed(answers) for rank, hit in enumerate(hits, start=1)}
        pages = [sight for sight in sights(hit for hit, _ in first.values()) if is_company_page(sight)]
        leads = joined([*known, *(_of_page(sight, 1 / (30 + first[sight.hit.url][1])) for sight in pages)])[
            len(known) :
        ]
        fits = relevance.of([f"{lead.name}. {lead.text}" for lead in leads])
        ordered = [
            leads[n] for n in sorted(range(len(leads)), key=lambda n: (-fits[n] - leads[n].worth, leads[n].name))
        ]
        patient = PatientReader(self._reader)
        resolver = Resolver(patient, SiteLookup(searching, patient, question.errand), question.errand)
        return await resolver.resolve(ordered, Means(links=0, profiles=0, names=self._names))


def is_company_page(sight: Sight) -> bool:
    """Whether a hit is a LinkedIn page of a company."""
    return sight.kind == "profile" and registered_domain(sight.hit.url) == "linkedin.com" and bool(sight.name)


def wish(plan: Plan) -> Wish:
    """What a register is asked: the subject, and the conditions that facts decide."""
    found = Wish(core(plan) or plan.query.positive)
    for c in plan.must_hold():
        names = tuple(str(value) for value in c.value) if isinstance(c.value, tuple) else ()
        bound = c.value if isinstance(c.value, int) else None
        match c.field, c.op:
            case "country", "in":
                found = replace(found, countries=names)
            case "city", "in":
                found = replace(found, cities=names)
            case "employees", "min":
                found = replace(found, employees_min=bound)
            case "employees", "max":
                found = replace(found, employees_max=bound)
            case "founded", "min":
                found = replace(found, founded_min=bound)
            case "founded", "max":
                found = replace(found, founded_max=bound)
    return found


def _of_page(sight: Sight, worth: float) -> Lead:
    hit = sight.hit
    path = (f"{hit.provider}: “{hit.query}”, result {hit.rank}",)
    if told := site_told(hit.snippet):
        return Lead(
            sight.name,
            hit.snippet,
            hit.url,
            (*path, f"it names the website {told}"),
            hit.query,
            own_domain(told),
            told,
            worth,
        )
    return Lead(sight.name, hit.snippet, hit.url, path, hit.query, worth=worth)


def _of_listing(listing: Listing) -> Lead | None:
    domain = own_domain(listing.website)
    if not domain or listing.is_closed:
        return None
    where = ", ".join(part for part in (listing.city, listing.state, listing.country) if part)
    text = " · ".join(part for part in (listing.text, listing.industry, ", ".join(listing.tags[:8]), where) if part)
    url = listing.website if "://" in listing.website else f"https://{listing.website}"
    return Lead(
        listing.name, text, listing.url or url, (f"{listing.provider}: {listing.name}",), listing.provider, domain, url
    )
