"""The site of a company of which only the name is known: searched for, and confirmed by the name on its own page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from longlist.discover.hits import Sight, sights
from longlist.discover.names import fits_domain, name_in_title, plain_name, same_name, says_name
from longlist.discover.patient import PatientReader
from longlist.discover.searching import Searching
from longlist.language.words import STOP_WORDS, words
from longlist.model.web import Errand, Hit

CANDIDATES = 2  # sites whose page is read to find the name on it
SURE = 0.8  # a domain that fits so well, under a title that is the name, is confirmed by the search result itself
_WORDS = 6  # of what is said of the company, to tell it from its namesakes
_UNTOLD = re.compile(
    r"https?://\S+|\b(?:industry|website|company size|headquarters|founded|employees|location|specialties|status)\s*:[^.]*|,?\s*based in [^,.]*,?|\bdescribes its work this way\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[^\w\s&.'’-]+")


@dataclass(frozen=True, slots=True)
class Site:
    """A site that was found, and how."""

    domain: str
    url: str
    how: str


class SiteLookup:
    """Finds sites by name."""

    def __init__(self, searching: Searching, reader: PatientReader, errand: Errand) -> None:
        self._searching = searching
        self._reader = reader
        self._errand = errand

    async def find(self, name: str, said: str = "") -> Site | None:
        """The company's own site, or None when none could be confirmed. `said` are words about it."""
        text = query(name, said)
        hits = await self._searching.hits(text, 10, deep=False)
        ranked = _ranked(name, hits)
        for sight in ranked:
            if fits_domain(name, sight.domain) >= SURE and same_name(
                name_in_title(sight.hit.title, sight.domain) or name, name
            ):
                return Site(sight.domain, sight.hit.url, f"searched for “{name}”: {sight.hit.url}")
        for sight in ranked[:CANDIDATES]:
            page = await self._reader.read(f"https://{sight.domain}/", self._errand)
            if (
                page is not None
                and page.is_readable
                and says_name(name, f"{page.title}\n{page.text[:5_000]}")
                and _is_its_title(name, page.title, sight.domain)
            ):
                return Site(sight.domain, page.url, f"searched for “{name}”, which {page.url} says of itself")
        return None


def query(name: str, said: str) -> str:
    """What to ask a search engine: the name as a phrase, and a few words of what is said."""
    plain = " ".join(_PLAIN.sub(" ", name).split())
    told = _UNTOLD.sub(" ", said.partition("\n")[0])
    own = set(words(plain_name(name)))
    hints = [
        word
        for word in words(_PLAIN.sub(" ", told))
        if word not in own and word not in STOP_WORDS and not word.isdigit()
    ]
    return " ".join([f'"{plain}"', *dict.fromkeys(hints[:_WORDS])])


def _ranked(name: str, hits: Sequence[Hit]) -> list[Sight]:
    """The hits that could be its site, one a domain: those whose domain or title has the name, the better fit first."""
    best: dict[str, Sight] = {}
    for sight in sights(hits):
        if sight.kind not in {"site", "unclear"} or not sight.domain:
            continue
        if fits_domain(name, sight.domain) >= 0.5 or says_name(name, sight.hit.title):
            best.setdefault(sight.domain, sight)
    return sorted(best.values(), key=lambda sight: (-fits_domain(name, sight.domain), sight.hit.rank))


def _is_its_title(name: str, title: str, domain: str) -> bool:
    """Whether the page is about the name rather than merely mentions it: its domain fits, or its title says the name."""
    return fits_domain(name, domain) >= 0.5 or says_name(name, title)
