"""Leads without a domain: their links followed, profiles read for the company's own site, names looked up. Best first, bounded."""

import re
from collections import Counter, defaultdict
from collections.abc import Awaitable, Sequence
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
    """Finds the domains of leads that have none."""

    def __init__(self, reader: PatientReader, lookup: SiteLookup, errand: Errand) -> None:
        self._reader = reader
        self._lookup = lookup
        self._errand = errand

    async def resolve(self, leads: Sequence[Lead], means: Means) -> list[Lead]:
        """The leads, best first as given, with the domains that could be found; each name is worked on once.

        First the links that lead off the page that has them, then profiles, then searches for what is still unknown.
        """
        work = _named_once(leads)
        links = _few_of_each([lead for lead in work if lead.url and not _is_profile(lead)], means.of_host)[
            : means.links
        ]
        found = await self._all([self._followed(lead) for lead in links], links)
        left = [lead for lead in work if plain_name(lead.name) not in found]
        found |= await self._profiles([lead for lead in left if lead.url and _is_profile(lead)][: means.profiles])
        names = [lead for lead in left if plain_name(lead.name) not in found][: means.names]
        found |= await self._all([self._searched(lead) for lead in names], names)
        return [_told(lead, found) for lead in leads]

    async def _all(self, work: Sequence[Awaitable[Lead | None]], leads: Sequence[Lead]) -> dict[str, Lead]:
        results = await together(work)
        return {
            plain_name(lead.name): result for lead, result in zip(leads, results, strict=True) if result is not None
        }

    async def _followed(self, lead: Lead) -> Lead | None:
        """Where the link ends, when that is somebody's own site; a page that cannot be read still says whose it is."""
        page = await self._reader.read(lead.url, self._errand)
        return _landed(lead, page, lead.url) if page is not None else None

    async def _profiles(self, leads: Sequence[Lead]) -> dict[str, Lead]:
        """Profiles host by host: a few first, the others when those led on."""
        hosts: dict[str, list[Lead]] = defaultdict(list)
        for lead in leads:
            hosts[registered_domain(lead.url)].append(lead)
        tried = [lead for ones in hosts.values() for lead in ones[:TRIALS]]
        found = await self._all([self._profile(lead) for lead in tried], tried)
        led_on = Counter(registered_domain(lead.url) for lead in tried if plain_name(lead.name) in found)
        others = [lead for host, ones in hosts.items() if led_on[host] for lead in ones[TRIALS:]]
        return found | await self._all([self._profile(lead) for lead in others], others)

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
