"""Whose site it is: the name a site gives itself, and whether that is the company that was looked for.

The domain is the identity; the name confirms it. A site's name is what several of its parts agree on: its title, its
OpenGraph name, its JSON-LD, its copyright line, its headings, and the domain itself.
"""

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from longlist.enrich.site_page import SitePage, plain_name
from longlist.language.domains import own_domain

LONGEST_NAME = 60  # characters; longer parts of a title are slogans
ALIKE = 88.0  # of 100: names that differ by a letter or two
_SEPARATORS = re.compile(r"\s+[|–—·•:»/-]\s+|\s*[|–—·•»]\s*|:\s+")
_EMPTY_TITLES = re.compile(
    r"^(?:home ?page|home|welcome(?: to)?|index|start(?:seite)?|accueil|inicio|início|official (?:web)?site|about(?: us)?|contact(?: us)?|"
    r"untitled|website|page not found|404)$",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^(?:about|contact|welcome to|über|careers at|jobs at|the team at)\s+(?=\S)", re.IGNORECASE)
_LEGAL = re.compile(
    r"[,.]?\s+(?:inc|incorporated|llc|l\.l\.c|ltd|limited|gmbh|ag|kg|se|s\.?a\.?s?|s\.?l\.?|s\.?r\.?l\.?|b\.?v|n\.?v|plc|corp|corporation|co|"
    r"pty|pte|pvt|oy|ab|a/s|aps|as|kk|k\.k|ug|lda|ltda|e\.?v)\.?(?=$|[\s,.])",
    re.IGNORECASE,
)
_WEIGHTS = {
    "linked data": 3.0,
    "og:site_name": 3.0,
    "copyright": 2.5,
    "title": 1.5,
    "heading": 1.0,
    "logo": 1.0,
    "embedded": 2.5,
}
_AFFIXES = re.compile(
    r"^(?:get|try|use|join|go|the|hello|hey|my|with|meet|we-?are|team)|(?:hq|app|inc|io|ai|labs?|tech|group|online|global|team|co|hub|health|software|technologies|corp)$"
)


def site_name(pages: Sequence[SitePage], domain: str) -> str:
    """The name a site gives itself; "" when its parts tell none."""
    votes: dict[str, float] = {}
    spelling: dict[str, tuple[float, str]] = {}
    for number, page in enumerate(pages):
        for name, place in _names(page):
            key = plain_name(bare_name(name))
            if not key:
                continue
            weight = _WEIGHTS[place] / (1 if number == 0 else 2)
            votes[key] = votes.get(key, 0.0) + weight
            if weight > spelling.get(key, (0.0, ""))[0]:
                spelling[key] = weight, name
    if not votes:
        return ""
    for key in votes:
        if fits_domain(key, domain):
            votes[key] += 3.0
    best = max(votes, key=lambda key: (votes[key], -len(key)))
    return bare_name(spelling[best][1]) if votes[best] >= 2.5 else ""


def _names(page: SitePage) -> Iterator[tuple[str, str]]:
    """Every name a page may give its company, and where it stands."""
    meta = page.markup.meta
    for key in ("og:site_name", "application-name"):
        if name := meta.get(key):
            yield from _usable([name], "og:site_name")
    for organization in page.organizations:
        yield from _usable([organization.name], "linked data" if organization.is_linked_data else "embedded")
    yield from _usable([page.own.owner], "copyright")
    title = page.page.title or page.markup.title
    parts = [part for part in _SEPARATORS.split(title) if part]
    yield from _usable([title, *parts] if len(parts) > 1 else parts, "title")
    yield from _usable(page.own.headings, "heading")
    yield from _usable([link.text for link in page.links[:3] if link.url.rstrip("/").count("/") == 2], "logo")


def _usable(names: Sequence[str], place: str) -> Iterator[tuple[str, str]]:
    for name in names:
        bare = _LEADING.sub("", " ".join(name.split())).strip(" .,-|")
        if bare and len(bare) <= LONGEST_NAME and len(bare.split()) <= 6 and not _EMPTY_TITLES.match(bare):
            yield bare, place


def bare_name(name: str) -> str:
    """A name without its legal form: "Acme Paint, Inc." is "Acme Paint"."""
    return _LEGAL.sub("", f"{name} ").strip(" .,") or name.strip()


def same_name(one: str, other: str) -> bool:
    """Whether two names are one company's: equal but for case, marks and legal forms, one within the other, or a
    letter or two apart.
    """
    a, b = plain_name(bare_name(one)), plain_name(bare_name(other))
    if not a or not b:
        return False
    short, long = sorted((a, b), key=len)
    if short == long or (len(short) >= 4 and (long.startswith(short) or (len(short) >= 6 and short in long))):
        return True
    return len(short) >= 5 and fuzz.ratio(a, b) >= ALIKE


def fits_domain(name: str, domain: str) -> bool:
    """Whether a domain is one that a company of this name would have: "getacme.io" for Acme."""
    label = re.sub(r"[^a-z0-9]", "", domain.split(".", maxsplit=1)[0])
    key = plain_name(bare_name(name))
    if not label or not key:
        return False
    whole = re.sub(r"[^a-z0-9]", "", domain)
    bare = _AFFIXES.sub("", label) or label
    if key in {label, bare, whole} or _AFFIXES.sub("", key) == bare:
        return True
    short, long = sorted((label, key), key=len)
    return len(short) >= 4 and (long.startswith(short) or long.endswith(short))


def is_mentioned(name: str, pages: Sequence[SitePage]) -> bool:
    """Whether a name stands in what the pages say, as words of their own."""
    bare = bare_name(name)
    if len(plain_name(bare)) < 3:
        return False
    pattern = re.compile(rf"(?<!\w){re.escape(bare)}(?!\w)", re.IGNORECASE)
    return any(pattern.search(f"{page.page.title}\n{page.own.owner}\n{page.page.text}") for page in pages)


def not_confirmed(wanted: str, domain: str, pages: Sequence[SitePage], *, must_match: bool) -> str:
    """Why a site is not that of the company `wanted`; "" when it is.

    `must_match` is for companies known by name from elsewhere (a catalogue): their name has to stand on the site. Else
    the site may go by a name of its own, as long as it has one.
    """
    own = site_name(pages, domain)
    if (own and same_name(own, wanted)) or is_mentioned(wanted, pages):
        return ""
    if must_match:
        shown = f" calls itself {own} and" if own else ""
        return f"The site at {domain}{shown} does not mention {wanted}, so it is not known to be that company's."
    if own and (fits_domain(own, domain) or own_domain(wanted) == domain):
        return ""
    return "" if own or fits_domain(wanted, domain) else f"Nothing on the site at {domain} tells whose it is."
