"""Leads: companies as places on the web name them; and how leads become candidates, one per company."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from longlist.discover.entries import Entry, target
from longlist.discover.hits import is_profile_path
from longlist.discover.names import fits_domain, is_address, name_of_domain, plain_name
from longlist.language.domains import own_domain, registered_domain
from longlist.model.company import Candidate

MOST_TEXT = 1_000  # characters of what is said of a company, over all that say it
CARRIED = 3  # so many companies linked under one domain, none of which it fits: the domain is somebody else's

_TOLD = re.compile(
    r"\b(?:website|homepage|web)\s*:?\s*(?P<url>(?:https?://|www\.)[^\s,;|]+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,12}\b)",
    re.IGNORECASE,
)
_REDIRECTS = re.compile(
    r"/(?:r|go|out|goto|visit|click|clk|redirect|redir|jump|link|aff|affiliate|track|ref|exit|external)(?:/|\?|$|\.php)",
    re.IGNORECASE,
)
_REDIRECT_HOSTS = re.compile(
    r"^(?:go|click|track|tracking|trk|out|link|links|r|aff|refer|partners?|goto|visit)\.|(?:affiliate|partnerize|awin|shareasale|impact|clicks?|track)\w*\.",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Lead:
    """A company as one place names it.

    `domain` is its own, "" while that is not known; then `url` is a link that may lead there, or "". `text` is what is
    said of it. `page` is the address that says it; `worth` how well that page did in the searches (0-1, mostly below
    0.3), `fit` how well the page's own words fit what is looked for (0-1). `path` is how it was found, for people; `query` is
    what was asked in the search that led to it.
    """

    name: str
    text: str
    page: str
    path: tuple[str, ...]
    query: str
    domain: str = ""
    url: str = ""
    worth: float = 0.0
    fit: float = 0.0


def lead_of(entry: Entry, page: str, path: tuple[str, ...], query: str, *, worth: float, fit: float) -> Lead:
    """The lead of an entry of a list: a link that leads to a site of its own gives the domain, any other is to be followed."""
    url = target(entry.url) if entry.url else ""
    domain = own_domain(url) if url and registered_domain(url) != registered_domain(page) else ""
    if (
        domain
        and (looks_redirecting(url) or is_profile_path(urlsplit(url).path))
        and not fits_domain(entry.name, domain)
    ):
        domain = ""
    name = name_of_domain(domain) if domain and is_address(entry.name) else entry.name
    step = (f"link to {url}",) if domain else ()
    return Lead(name, entry.text, page, (*path, *step), query, domain, url, worth, fit)


def site_told(text: str) -> str:
    """The company's own site where a text says it ("Website: https://acme.com/"), "" when it does not."""
    match = _TOLD.search(text)
    url = match["url"].rstrip(".,;)") if match else ""
    return url if url and own_domain(url) else ""


def looks_redirecting(url: str) -> bool:
    """Whether an address looks like a counter that passes its visitors on."""
    parts = urlsplit(url)
    return bool(_REDIRECTS.search(f"{parts.path}?{parts.query}") or _REDIRECT_HOSTS.search(parts.hostname or ""))


def without_carriers(leads: Iterable[Lead]) -> list[Lead]:
    """The leads, where a domain that several differently named ones claim, none fitting it, is nobody's: its links are followed."""
    found = list(leads)
    claims: dict[str, set[str]] = defaultdict(set)
    for lead in found:
        if lead.domain:
            claims[lead.domain].add(plain_name(lead.name))
    carriers = {
        domain
        for domain, names in claims.items()
        if len(names) >= CARRIED and sum(fits_domain(name, domain) > 0 for name in names) * 2 < len(names)
    }
    return [
        replace(lead, domain="") if lead.domain in carriers and not fits_domain(lead.name, lead.domain) else lead
        for lead in found
    ]


def joined(leads: Sequence[Lead]) -> list[Lead]:
    """The leads, those without a domain given that of a namesake with one; a name that stands for several domains joins none."""
    domains: dict[str, Counter[str]] = defaultdict(Counter)
    for lead in leads:
        if lead.domain and lead.name:
            domains[plain_name(lead.name)][lead.domain] += 1
    sure = {name: next(iter(found)) for name, found in domains.items() if name and len(found) == 1}
    result = []
    for lead in leads:
        domain = "" if lead.domain else sure.get(plain_name(lead.name), "")
        step = f"known by that name as {domain}"
        result.append(
            replace(lead, domain=domain, url=f"https://{domain}/", path=(*lead.path, step)) if domain else lead
        )
    return result


def candidates(leads: Sequence[Lead], scores: Sequence[float], source: str) -> list[Candidate]:
    """One candidate per domain, best first; leads without a domain give none.

    The score is the best of its leads', and a little more for each further page that names it.
    """
    of: dict[str, list[tuple[float, Lead]]] = defaultdict(list)
    for lead, score in zip(leads, scores, strict=True):
        if lead.domain:
            of[lead.domain].append((score, lead))
    found = [_candidate(domain, claims, source) for domain, claims in of.items()]
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.key))


def _candidate(domain: str, claims: Sequence[tuple[float, Lead]], source: str) -> Candidate:
    ordered = sorted(claims, key=lambda claim: (-claim[0], len(claim[1].path), claim[1].page))
    best = ordered[0][1]
    pages = {lead.page: lead for _, lead in ordered}
    worth = min(0.3, sum(lead.worth for lead in pages.values()))
    fit = max(lead.fit for _, lead in ordered)
    texts = list(dict.fromkeys(text for _, lead in ordered if (text := lead.text.strip())))
    url = next((lead.url for _, lead in ordered if lead.url and own_domain(lead.url) == domain), f"https://{domain}/")
    return Candidate(
        key=domain,
        name=_best_name(domain, [lead.name for _, lead in ordered]),
        domain=domain,
        source=source,
        score=round(ordered[0][0] + 0.3 * fit + 0.6 * worth, 6),
        url=url,
        snippet="\n".join(texts)[:MOST_TEXT],
        found_by=best.query,
        path=best.path,
    )


def _best_name(domain: str, names: Iterable[str]) -> str:
    """The name most places give; among equals the one that fits the domain better, then the shorter."""
    counted: Mapping[str, int] = Counter(name for name in names if name)
    if not counted:
        return name_of_domain(domain)
    return max(counted, key=lambda name: (fits_domain(name, domain), counted[name], -len(name), name))
