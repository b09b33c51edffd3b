"""Profiles from companies' own sites: read, confirmed by their name, and merged with what the catalogue knows.

A candidate whose site does not answer, is parked or closed, or is somebody else's, gets the reason and no profile: what
a list or a catalogue says about a company is not enough to call it a result (docs/profiles.md).
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from longlist.catalog.records import merge
from longlist.enrich.choose import PageKind, choose
from longlist.enrich.claims import Statement
from longlist.enrich.enrich import Profiled, RecordEnricher, always
from longlist.enrich.identity import fits_domain, not_confirmed, same_name, site_name
from longlist.enrich.page_facts import page_facts
from longlist.enrich.prefilter import Prefilter
from longlist.enrich.site_page import SitePage
from longlist.enrich.site_profile import site_profile
from longlist.language.domains import own_domain
from longlist.model.company import OUT_OF_REACH, Candidate, CompanyProfile, Record, SameAs
from longlist.model.plan import Plan
from longlist.model.web import NO_ERRAND, Errand, WebPage
from longlist.together import together
from longlist.web.seams import PageReader

MOST_PAGES = 4  # of one site
AT_ONCE = 64  # companies; how many pages at once is the reader's affair
THIN = 80  # words; a site that says no more is read further
CATALOG = "catalog"
PLACES = frozenset({"maps"})  # sources whose companies may do without a site

_REASONS: Mapping[str, str] = {
    "parked": "The site {host} is parked: nobody uses the address.",
    "closed": "The site {host} says that the company is no more.",
    "login_wall": "The site {host} shows itself only to those who log in.",
    "bot_wall": "The site {host} turns programs away.",
    "script_only": "The site {host} has no words without running its scripts.",
    "missing": "The site {host} has no page there.",
    "forbidden": "The robots.txt of {host} forbids reading it.",
    "unsafe": "The address {host} leads to where it must not be followed.",
    "unreachable": "The site {host} does not answer.",
    "unsuited": "The site {host} has nothing that can be read.",
}


class WebEnricher:
    """`reader` reads pages, `records_of` looks catalogue records up by company key, `now` tells when those count as read.

    While `is_reachable` says that the web is not, companies are known from their records alone, and a remark says so.
    """

    def __init__(
        self,
        reader: PageReader,
        records_of: Callable[[Collection[str]], Awaitable[Mapping[str, Sequence[Record]]]],
        now: Callable[[], datetime],
        is_reachable: Callable[[], Awaitable[bool]] = always,
    ) -> None:
        self._reader = reader
        self._is_reachable = is_reachable
        self._records_of = records_of
        self._now = now
        self._records = RecordEnricher(records_of, now)

    async def enrich(
        self, candidates: Sequence[Candidate], errand: Errand = NO_ERRAND, plan: Plan | None = None
    ) -> list[Profiled]:
        """What became of each candidate, in order; BudgetSpent and Stopped once all that was under way has ended.

        Of companies that cannot qualify by what their home page says, no more is read.
        """
        if not await self._is_reachable():
            return [_remarked(one) for one in await self._records.enrich(candidates, errand, plan)]
        records = await self._records_of([candidate.key for candidate in candidates])
        prefilter = Prefilter(plan)
        some = asyncio.Semaphore(AT_ONCE)

        async def one(candidate: Candidate) -> Profiled:
            async with some:
                found = await self._profile(candidate, records.get(candidate.key, ()), errand, prefilter)
                return candidate.key, found

        return await together(map(one, candidates))

    async def _profile(
        self, candidate: Candidate, records: Sequence[Record], errand: Errand, prefilter: Prefilter
    ) -> CompanyProfile | SameAs | str:
        if not candidate.domain:
            return await self._without_site(candidate, errand)
        page = await self._home(candidate, errand)
        if not page.is_readable:
            host = urlsplit(page.url).hostname or candidate.domain
            return " ".join(filter(None, (_REASONS[page.state].format(host=host), page.why)))
        domain = own_domain(page.url)
        home = SitePage(page)
        if domain != candidate.domain:
            return _elsewhere(candidate, home, domain)
        known = merge(records, read_at=self._now()) if records else None
        wanted = known.name if known is not None else candidate.name
        pages = [home]
        if (doubt := not_confirmed(wanted, domain, pages, must_match=known is not None)) and (
            more := await self._next(home, pages, ("about",), errand)
        ):
            pages.append(more)
            doubt = not_confirmed(wanted, domain, pages, must_match=known is not None)
        if doubt:
            return doubt
        await self._read_on(candidate, domain, pages, errand, prefilter)
        name = site_name(pages, domain) or wanted
        return site_profile(candidate, name, domain, pages, known)

    async def _without_site(self, candidate: Candidate, errand: Errand) -> CompanyProfile | str:
        """A company that has no address of its own: a place on the map may be that, others cannot be confirmed."""
        if candidate.source not in PLACES:
            return "No site of its own is known, so nothing could confirm it."
        ((_, profile),) = await self._records.enrich([candidate], errand)
        assert not isinstance(profile, SameAs)
        return profile

    async def _home(self, candidate: Candidate, errand: Errand) -> WebPage:
        """The home page; where it does not answer, the same with or without "www."; where it is missing, the page known."""
        known = candidate.url if candidate.url and own_domain(candidate.url) == candidate.domain else None
        parts = urlsplit(known or f"https://{candidate.domain}/")
        home = f"{parts.scheme}://{parts.netloc}/"
        page = await self._reader.read(home, errand)
        if page.state == "unreachable":
            other = parts.netloc.removeprefix("www.") if parts.netloc.startswith("www.") else f"www.{parts.netloc}"
            second = await self._reader.read(f"{parts.scheme}://{other}/", errand)
            page = second if second.state != "unreachable" else page
        if page.state == "missing" and known is not None and parts.path.strip("/"):
            page = await self._reader.read(known, errand)
        return page

    async def _read_on(
        self, candidate: Candidate, domain: str, pages: list[SitePage], errand: Errand, prefilter: Prefilter
    ) -> None:
        """Read further pages of the site until nothing is missing that they might tell."""
        names = [site_name(pages, domain) or candidate.name, candidate.name]
        stated = [one for page in pages if page.attempt is None for one in page_facts(page, domain, names)]
        if not prefilter.could_qualify(pages[0], candidate.snippet, stated):
            return
        asked: set[PageKind] = {"about"} if len(pages) > 1 else set()
        while len(pages) < MOST_PAGES:
            kinds = [kind for kind in _missing(stated, pages) if kind not in asked]
            if not kinds:
                return
            asked.add(kinds[0])
            more = await self._next(pages[0], pages, kinds[:1], errand)
            if more is not None:
                pages.append(more)
                stated += page_facts(more, domain, names) if more.attempt is None else []

    async def _next(
        self, home: SitePage, pages: Sequence[SitePage], kinds: Sequence[PageKind], errand: Errand
    ) -> SitePage | None:
        """The best page of these kinds that the home page links to, when there is one and it can be read."""
        known = {page.page.url for page in pages} | {page.page.asked for page in pages}
        for choice in choose(home.links, home.page.url, kinds):
            if choice.url in known:
                continue
            page = await self._reader.read(choice.url, errand)
            if page.is_readable and own_domain(page.url) == own_domain(home.page.url) and page.url not in known:
                return SitePage(page)
        return None


def _remarked(profiled: Profiled) -> Profiled:
    key, found = profiled
    return (key, replace(found, remarks=(OUT_OF_REACH,))) if isinstance(found, CompanyProfile) else profiled


def _missing(stated: Sequence[Statement], pages: Sequence[SitePage]) -> list[PageKind]:
    """The kinds of pages that may tell what the pages read so far do not, the most useful first."""
    known = {one.claim.fact for one in stated}
    honest = [page for page in pages if page.attempt is None]
    words = sum(len(line.split()) for page in honest for line in page.lines)
    kinds: list[PageKind] = []
    if not {"founded", "employees", "hq"} <= known or not honest:
        kinds.append("about")
    if words < THIN:
        kinds.append("product")
    if "hq" not in known:
        kinds.append("contact")
    return kinds


def _elsewhere(candidate: Candidate, home: SitePage, domain: str) -> SameAs | str:
    """What it means that a company's address leads to another domain."""
    if not domain:
        host = urlsplit(home.page.url).hostname or home.page.url
        return f"{candidate.domain} leads to {host}, where many companies have their pages; that identifies none."
    name = site_name([home], domain)
    is_same = bool(name) and same_name(name, candidate.name)
    label = candidate.domain.split(".")[0]
    if domain in candidate.apart_from:
        return f"{candidate.domain} leads to {domain}, which you said is another company."
    if (
        is_same
        or domain.split(".", maxsplit=1)[0] == label
        or (not candidate.name and fits_domain(name, candidate.domain))
    ):
        return SameAs(domain, f"{candidate.domain} leads to {domain}, which goes by the same name.")
    whose = f"the site of {name}" if name else "another site"
    return f"{candidate.domain} now leads to {domain}, {whose}: acquired, renamed or given up, as it seems."
