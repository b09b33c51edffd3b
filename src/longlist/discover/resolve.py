"""Leads without a domain: their links followed, profiles read for the company's own site, names looked up. Best first, bounded."""

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from longlist.discover.entries import target
from longlist.discover.hits import is_profile_path
from longlist.discover.leads import Lead
from longlist.discover.lookup import SiteLookup
from longlist.discover.names import plain_name
from longlist.discover.patient import PatientReader
from longlist.language.domains import is_aggregator, own_domain, registered_domain
from longlist.model.web import Errand, WebPage
from longlist.together import together
from longlist.web.html import Markup

NEVER_READ = frozenset(
    {"linkedin.com", "crunchbase.com", "facebook.com", "instagram.com", "x.com", "twitter.com", "glassdoor.com"}
)
"""Hosts that let nobody in who has no account: their pages are not asked for, the name is looked up."""
TRIALS = 2  # profiles of a host that are read first: when none leads on, the others are not read
_WEBSITE = re.compile(
    r"^(?:visit (?:the )?(?:web)?site|(?:official |company )?(?:web)?site|homepage|visit|go to (?:web)?site|webseite|site web|sitio web)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Means:
    """How many links a round may follow, in all and of one host, how many profiles it may read and names it may look up."""

    links: int = 60
    of_host: int = 24
    profiles: int = 30
    names: int = 40


class Resolver:
    """Finds the domains of leads that have none. `found` is told of each as soon as it has one."""

    def __init__(
        self,
        reader: PatientReader,
        lookup: SiteLookup,
        errand: Errand,
        found: Callable[[Lead], Awaitable[None]] | None = None,
    ) -> None:
        self._reader = reader
        self._lookup = lookup
        self._errand = errand
        self._tell = found
        self._found: dict[str, Lead] = {}

    async def resolve(self, leads: Sequence[Lead], means: Means) -> list[Lead]:
        """The leads, best first as given, with the domains that could be found; each name is worked on once.

        Links that lead off the page that has them are followed, profiles read, and names searched for of which neither
        helped: the best `means.names` of these, whoever answers first.
        """
        work = _named_once(leads)
        turns = _Turns([plain_name(lead.name) for lead in work], means.names)
        links = [lead for lead in work if lead.url and not _is_profile(lead)]
        followed = _few_of_each(links, means.of_host)[: means.links]
        hosts: dict[str, list[Lead]] = defaultdict(list)
        for lead in [lead for lead in work if lead.url and _is_profile(lead)][: means.profiles]:
            hosts[registered_domain(lead.url)].append(lead)
        under_way = {plain_name(lead.name) for some in [followed, *hosts.values()] for lead in some}

        async def follow(lead: Lead) -> None:
            try:
                await self._keep(lead, await self._followed(lead))
            finally:
                turns.settle({plain_name(lead.name): self._has(lead)})

        async def read_profiles(some: Sequence[Lead]) -> None:
            try:
                await self._profiles(some)
            finally:
                turns.settle({plain_name(lead.name): self._has(lead) for lead in some})

        async def search(lead: Lead) -> None:
            if await turns.may_search(plain_name(lead.name)):
                await self._keep(lead, await self._searched(lead))

        turns.settle({plain_name(lead.name): False for lead in work if plain_name(lead.name) not in under_way})
        await together(
            [
                *(follow(lead) for lead in followed),
                *(read_profiles(some) for some in hosts.values()),
                *(search(lead) for lead in work),
            ]
        )
        return [_told(lead, self._found) for lead in leads]

    def _has(self, lead: Lead) -> bool:
        return plain_name(lead.name) in self._found

    async def _keep(self, lead: Lead, found: Lead | None) -> bool:
        """Keep what was found of a lead, if anything, and pass it on; whether there was something."""
        if found is None:
            return False
        self._found[plain_name(lead.name)] = found
        if self._tell is not None:
            await self._tell(found)
        return True

    async def _followed(self, lead: Lead) -> Lead | None:
        """Where the link ends, when that is somebody's own site; a page that cannot be read still says whose it is."""
        page = await self._reader.read(lead.url, self._errand)
        return _landed(lead, page, lead.url) if page is not None else None

    async def _profiles(self, leads: Sequence[Lead]) -> None:
        """Profiles of one host: a few first, the others when one of those led on."""

        async def read(lead: Lead) -> bool:
            return await self._keep(lead, await self._profile(lead))

        if any(await together(read(lead) for lead in leads[:TRIALS])):
            await together(read(lead) for lead in leads[TRIALS:])

    async def _profile(self, lead: Lead) -> Lead | None:
        page = await self._reader.read(lead.url, self._errand)
        if page is None or not page.is_readable:
            return None
        site = website_of(page)
        if not site:
            return None
        step = f"profile {page.url}"
        lead = replace(lead, path=(*lead.path, step))
        if registered_domain(site) != registered_domain(page.url) and (domain := own_domain(site)):
            return replace(lead, domain=domain, url=site, path=(*lead.path, f"its website {site}"))
        landing = await self._reader.read(site, self._errand)
        return _landed(lead, landing, site) if landing is not None else None

    async def _searched(self, lead: Lead) -> Lead | None:
        site = await self._lookup.find(lead.name, lead.text)
        return replace(lead, domain=site.domain, url=site.url, path=(*lead.path, site.how)) if site else None


class _Turns:
    """Which names are searched for: the first `most` of those that nothing else led on, each as soon as that is certain,
    though others before it are still being found out.
    """

    def __init__(self, names: Sequence[str], most: int) -> None:
        self._names = names
        self._most = most
        self._is_found: dict[str, bool] = {}
        self._turns = {name: asyncio.get_running_loop().create_future() for name in names}

    async def may_search(self, name: str) -> bool:
        """Whether the name is to be searched for, once that is certain."""
        return bool(await self._turns[name])

    def settle(self, is_found: Mapping[str, bool]) -> None:
        """What came of following links or reading profiles, by name; False of a name with neither."""
        self._is_found |= is_found
        before = lacking = 0  # that may come before the next name, and that surely do
        for one in self._names:
            found = self._is_found.get(one)
            if found or (found is False and before < self._most):
                self._decide(one, may=not found)
            elif lacking >= self._most:
                self._decide(one, may=False)
            before += not found
            lacking += found is False

    def _decide(self, name: str, *, may: bool) -> None:
        if not self._turns[name].done():
            self._turns[name].set_result(may)


def website_of(page: WebPage) -> str:
    """The company's own site as a profile gives it: a link that says so, else data, else a link written as an address; "" for none."""
    here = registered_domain(page.url)
    markup = Markup(page.html)
    for data in markup.linked_data():
        same = data.get("sameAs")
        for value in (data.get("url"), *(same if isinstance(same, list) else (same,))):
            if isinstance(value, str) and own_domain(value) and registered_domain(value) != here:
                return value
    written = ""
    for link in markup.links(page.url):
        words = link.text.strip()
        is_said = bool(_WEBSITE.match(words)) or (link.context.lower().startswith("website") and bool(words))
        leads_out = registered_domain(link.url) != here
        if is_said and (not leads_out or own_domain(target(link.url))):
            return target(link.url)
        if leads_out and not written and own_domain(link.url) and own_domain(words) == own_domain(link.url):
            written = link.url
    return written


def _landed(lead: Lead, page: WebPage, link: str) -> Lead | None:
    if registered_domain(page.url) == registered_domain(link) or page.state in {"forbidden", "unsafe"}:
        return None
    domain = own_domain(page.url)
    return (
        replace(lead, domain=domain, url=page.url, path=(*lead.path, f"{link} leads to {page.url}")) if domain else None
    )


def _is_profile(lead: Lead) -> bool:
    """Whether the link leads to a page about the company, on the list's own host or on another that carries many."""
    parts = urlsplit(lead.url)
    is_inside = registered_domain(lead.url) == registered_domain(lead.page)
    return is_inside or is_profile_path(parts.path) or (is_aggregator(parts.hostname or "") and len(parts.path) > 12)


def _few_of_each(leads: Sequence[Lead], most: int) -> list[Lead]:
    """The first leads of each host, since a host is asked slowly."""
    hosts: Counter[str] = Counter()
    kept = []
    for lead in leads:
        host = urlsplit(lead.url).hostname or ""
        hosts[host] += 1
        if hosts[host] <= most:
            kept.append(lead)
    return kept


def _named_once(leads: Sequence[Lead]) -> list[Lead]:
    """Of each name the first lead, with a link of any of them that may be followed; those with a domain are not work."""
    known = {plain_name(lead.name) for lead in leads if lead.domain}
    first: dict[str, Lead] = {}
    for lead in leads:
        name = plain_name(lead.name)
        if not name or name in known or lead.domain:
            continue
        url = "" if registered_domain(lead.url) in NEVER_READ else lead.url
        kept = first.setdefault(name, replace(lead, url=url))
        if url and (not kept.url or (_is_profile(kept) and not _is_profile(lead))):
            first[name] = replace(lead, url=url)
    return list(first.values())


def _told(lead: Lead, found: dict[str, Lead]) -> Lead:
    answer = found.get(plain_name(lead.name))
    if lead.domain or answer is None:
        return lead
    step = answer.path[-1]
    return replace(lead, domain=answer.domain, url=answer.url, path=(*lead.path, step))
