"""What a hit of a web search is, told from its address, title and snippet: a company's own page, a list, a profile, junk.

A table of patterns, the first that fits decides; a page that was read may correct it (`longlist.discover.expand`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

from longlist.discover.names import fits_domain, name_in_title, plain_name
from longlist.language.domains import own_domain, registered_domain
from longlist.model.web import Hit

HitKind = Literal["site", "list", "directory", "article", "profile", "reference", "mention", "junk", "unclear"]
"""`site`: a page of a company's own. `list`: an article that lists companies. `directory`: a category of a directory, with
pages. `article`: news about companies. `profile`: a page about one company on a host that carries many. `reference`: an
encyclopaedia's page. `mention`: a page that names one company but says little (jobs, reviews). `junk`: spam, searches,
people, log-ins. `unclear`: to be read before anything is said.
"""

EXPANDED: frozenset[HitKind] = frozenset({"list", "directory", "article", "unclear"})


@dataclass(frozen=True, slots=True)
class Sight:
    """A hit, and what it was taken for. `name` is the company it is about, as far as its title says; `domain` its own."""

    hit: Hit
    kind: HitKind
    name: str = ""
    domain: str = ""


_NOUNS = (
    r"(?:compan(?:y|ies)|start-?ups?|tools?|vendors?|software|providers?|platforms?|agenc(?:y|ies)|firms?|solutions?|apps?|businesses|manufacturers?|makers?|suppliers?|brands?|services?|unicorns"
    r"|scale-?ups?|banks?|fintechs?|players|competitors|products?|systems?|unternehmen|anbieter|entreprises|empresas|aziende|bedrijven)"
)
_LIST_TITLES = re.compile(
    rf"\b(?:top|best|leading|largest|biggest|fastest[- ]growing|most \w+|hottest|promising|notable|\d{{1,3}})\b.{{0,80}}\b{_NOUNS}\b|\b{_NOUNS}\b.{{0,40}}\b(?:to watch|to know|compared|comparison|ranked|we (?:actually )?recommend"
    rf"|alternatives|landscape|market map)\b|\blist of\b.{{0,80}}\b{_NOUNS}\b|\balternatives (?:to|for)\b|\b(?:landscape|market map|who is who|who'?s who|roundup|round-up|buyer'?s guide)\b|\bcompetitors\b",
    re.IGNORECASE,
)
_DIRECTORY_TITLES = re.compile(
    rf"\bpage \d+ of \d+\b|\b{_NOUNS}\s+(?:directory|database|index|in [A-Z]\w+)\b|\bdirectory\b|^[\w\s&/,'-]{{3,60}}\b{_NOUNS}(?:\s*[|–—-].*)?$|\bnew additions\b",
    re.IGNORECASE,
)
_DIRECTORY_PATHS = re.compile(
    r"^/(?:[a-z]{2}/)?(?:c|categor(?:y|ies)|industr(?:y|ies)|browse|directory|companies|topics?|tags?|sectors?|markets?|collections?|hubs?|lists?|explore|vendors|suppliers|members|portfolio|exhibitors|partners)(?:/|$)",
    re.IGNORECASE,
)
_PROFILE_PATHS = re.compile(
    r"^/(?:[a-z]{2}/)?(?:compan(?:y|ies)|organi[sz]ations?|org|profile|startups?|vendors?|business(?:es)?|biz|brands?|firms?|suppliers?|members?|agency|provider|showcase|school|unternehmen|entreprise)/[^/]{2,}/?$",
    re.IGNORECASE,
)
_PROFILE_TITLES = re.compile(
    r"\b(?:company profile|overview, news|funding, (?:financials|investors)|financials|company information|\| linkedin|- linkedin|crunchbase|pitchbook|\| f6s|zoominfo|startup profile|on producthunt)\b",
    re.IGNORECASE,
)
_ARTICLE_PATHS = re.compile(r"/(?:19|20)\d\d/\d{1,2}/|/(?:news|press|article|story|stories)/", re.IGNORECASE)
_ARTICLE_TITLES = re.compile(
    r"\b(?:raises|raised|secures|closes|bags|lands|nabs|acquires|acquired by|announces|launches|unveils|series [a-e]|seed round|funding round|valuation|making news|partners with|expands (?:to|into))\b",
    re.IGNORECASE,
)
_JOB_TITLES = re.compile(
    r"\b(?:is hiring|hiring a|jobs? (?:at|in)|job openings?|vacanc(?:y|ies)|apply now|salar(?:y|ies))\b|\bjob ?\w*\s*$",
    re.IGNORECASE,
)
_REVIEW_TITLES = re.compile(
    r"\breviews?\b(?:\s*(?:&|and|,)\s*(?:pricing|ratings?|features|alternatives|demo))?|\bratings? (?:&|and) reviews?\b",
    re.IGNORECASE,
)
_JUNK_PATHS = re.compile(
    r"^/(?:in|pub|jobs?|search|login|signin|signup|register|posts?|pulse|feed|learning|hashtag|people|person|users?|authwall|dir|checkout|cart|wp-admin)(?:/|$|\?)",
    re.IGNORECASE,
)
_SPAM_HOSTS = re.compile(
    r"(?:best|top|cheap|buy|free|near-?me)[\w-]*-(?:19|20)\d\d\.|-near-me\.|\b(?:[a-z]+-){4,}[a-z0-9]+\.(?:xyz|top|click|icu|buzz|loan|win|site|online|shop)\b"
)
_SPAM_ENDINGS = (".xyz", ".top", ".click", ".icu", ".buzz", ".loan", ".win", ".cam", ".gq", ".tk", ".ml", ".cf")
_SPAM_TITLES = re.compile(r"[!?]{2,}|\bcheap\b.*\bnear me\b|\bbuy\b.*\bonline\b.*\bcheap\b", re.IGNORECASE)
_REFERENCES = ("wikipedia.org", "wikiwand.com", "wikidata.org", "dbpedia.org", "britannica.com")
_SITE_PATHS = re.compile(
    r"^/(?:[a-z]{2}(?:[-_][a-z]{2})?/?)?(?:(?:about|about-us|company|contact|contact-us|products?|platform|solutions?|services?|pricing|features|home|index|en|industries|why[\w-]*|team|customers?|overview|use-cases?|technology|what-we-do|who-we-are|story|mission)(?:[/.].*)?)?$",
    re.IGNORECASE,
)
_ABOUT_PATHS = ("/about", "/about-us", "/company", "/company/", "/about/", "/who-we-are")
_DEEP_PATHS = re.compile(
    r"^/(?:blog|resources?|insights?|guides?|learn|articles?|posts?|glossary|help|docs|support|kb)(?:/|$)",
    re.IGNORECASE,
)
_NAMED = (
    re.compile(
        r"^(?P<name>.{2,70}?)\s+(?:reviews?\b|company profile|is hiring|jobs\b|careers\b|alternatives\b|competitors\b)",
        re.IGNORECASE,
    ),
    re.compile(r"^(?P<name>.{2,70}?)\s*(?:[|–—:(»•]|\s-\s|,\s)"),
)
_ACTED = re.compile(
    r"^(?:[A-Z][\w-]+(?:-based)?\s+(?:start-?up|fintech|company|firm)\s+)?(?P<name>[A-Z0-9][\w.&'’-]*(?:\s+[A-Z0-9][\w.&'’-]*){0,4})\s+(?:raises|raised|secures|closes|bags|lands|nabs|acquires|announces|launches|unveils|expands|partners|is)\b"
)


def sights(hits: Iterable[Hit]) -> list[Sight]:
    """What each hit is. Hosts that turn up with pages about different companies are publishers, no company's own."""
    found = [sight(hit) for hit in hits]
    publishers = _publishers(found)
    return [
        Sight(s.hit, "unclear", s.name) if s.kind == "site" and registered_domain(s.hit.url) in publishers else s
        for s in found
    ]


def sight(hit: Hit) -> Sight:
    """What one hit is, seen alone."""
    parts = urlsplit(hit.url if "//" in hit.url else f"https://{hit.url}")
    host, path = (parts.hostname or "").lower(), unquote(parts.path) or "/"
    title = " ".join(hit.title.split())
    if not host or parts.scheme not in {"http", "https"} or _is_spam(host, title, hit.snippet):
        return Sight(hit, "junk")
    if any(host == name or host.endswith(f".{name}") for name in _REFERENCES):
        is_about_one = path.startswith("/wiki/") and not re.match(
            r"/wiki/(?:list|category|portal|template|special|talk|file)[_:]", path, re.IGNORECASE
        )
        return Sight(hit, "reference" if is_about_one else "list", _name(title) if is_about_one else "")
    domain = own_domain(hit.url)
    if not domain:
        return _on_aggregator(hit, path, title)
    is_root = path.strip("/") == "" and not parts.query
    if is_root and domain:
        return Sight(hit, "site", name_in_title(title, domain), domain)
    if _JOB_TITLES.search(title) and not fits_domain(_name(title), domain):
        return Sight(hit, "mention", _name(title))
    if _JUNK_PATHS.match(path):
        return Sight(hit, "junk")
    if _REVIEW_TITLES.search(title) and _name(title) and not fits_domain(_name(title), domain):
        return Sight(hit, "mention", _name(title))
    if _LIST_TITLES.search(title) and not _SITE_PATHS.match(path):
        return Sight(hit, "list")
    if (
        (_PROFILE_TITLES.search(title) or _PROFILE_PATHS.match(path))
        and not _LIST_TITLES.search(title)
        and path not in _ABOUT_PATHS
    ):
        name = _name(title)
        if name and not fits_domain(name, domain):
            return Sight(hit, "profile", name)
    if _DIRECTORY_PATHS.match(path) or _DIRECTORY_TITLES.search(title):
        return Sight(hit, "directory")
    if _ARTICLE_PATHS.search(path) or _ARTICLE_TITLES.search(title):
        acted = _ACTED.match(title)
        return Sight(hit, "article", acted["name"] if acted else "")
    if domain and _SITE_PATHS.match(path):
        return Sight(hit, "site", name_in_title(title, domain), domain)
    if (
        domain
        and not _DEEP_PATHS.match(path)
        and any(fits_domain(part.strip(), domain) >= 0.8 for part in re.split(r"[|–—:-]", title))
    ):
        return Sight(hit, "site", name_in_title(title, domain), domain)
    return Sight(hit, "unclear")


def is_profile_path(path: str) -> bool:
    """Whether a path reads as a page about one company on a host that carries many."""
    return bool(_PROFILE_PATHS.match(path))


def _on_aggregator(hit: Hit, path: str, title: str) -> Sight:
    if _JUNK_PATHS.match(path) and not _PROFILE_PATHS.match(path):
        return Sight(hit, "junk")
    if _PROFILE_PATHS.match(path) and not _LIST_TITLES.search(title):
        return Sight(hit, "profile", _name(title))
    if _JOB_TITLES.search(title) or _REVIEW_TITLES.search(title):
        return Sight(hit, "mention", _name(title))
    if _LIST_TITLES.search(title):
        return Sight(hit, "list")
    if _DIRECTORY_PATHS.match(path):
        return Sight(hit, "directory")
    return Sight(hit, "profile", _name(title)) if _PROFILE_TITLES.search(title) else Sight(hit, "junk")


def _name(title: str) -> str:
    found = [match["name"].strip(" ,.") for pattern in _NAMED if (match := pattern.match(title))]
    return min(found, key=len) if found else title if len(title.split()) <= 5 else ""


def _is_spam(host: str, title: str, snippet: str) -> bool:
    """Hosts and titles as link farms write them; a snippet that says the same few words over and over."""
    if _SPAM_HOSTS.search(host):
        return True
    letters = [c for c in title if c.isalpha()]
    shouts = len(letters) >= 20 and sum(c.isupper() for c in letters) > 0.7 * len(letters)
    signs = shouts + bool(_SPAM_TITLES.search(title)) + host.endswith(_SPAM_ENDINGS) + _repeats(snippet)
    return signs >= 2


def _repeats(text: str) -> bool:
    words = [word for word in text.lower().split() if len(word) > 3]
    return len(words) >= 15 and len(set(words)) < 0.5 * len(words)


def _publishers(found: Sequence[Sight]) -> set[str]:
    """Registered domains with several pages that are lists, directories, profiles or articles; and no page of a company's own
    under its own name.
    """
    others: Counter[str] = Counter()
    named: dict[str, set[str]] = {}
    for s in found:
        domain = registered_domain(s.hit.url)
        if s.kind in {"list", "directory", "profile", "article", "mention"}:
            others[domain] += 1
            if s.name:
                named.setdefault(domain, set()).add(plain_name(s.name))
    return {domain for domain, count in others.items() if domain and (count >= 3 or len(named.get(domain, ())) >= 2)}
