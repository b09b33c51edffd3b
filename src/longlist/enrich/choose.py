"""Which pages of a site to read next, chosen from the links of its home page: what they say, then where they lead.

Nothing is guessed: a page that the home page does not link to is not asked for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from longlist.language.domains import registered_domain
from longlist.language.words import fold
from longlist.web.html import Link

PageKind = Literal["about", "contact", "product"]

_WORDS: dict[PageKind, re.Pattern[str]] = {
    "about": re.compile(
        r"\b(?:about|who we are|our (?:story|company|mission|team)|the company|company|team|uber uns|ueber uns|unternehmen|wir uber uns|"
        r"a propos|qui sommes[- ]nous|notre (?:histoire|entreprise)|l'entreprise|sobre(?: nosotros| nos)?|quienes somos|quem somos|"
        r"nosotros|empresa|nuestra historia|chi siamo|azienda|over ons|om oss|om os|o nas|hakkimizda)\b"
    ),
    "contact": re.compile(
        r"\b(?:contact(?: us)?|imprint|impressum|legal notice|kontakt|mentions legales|aviso legal|contacto|contato|contatti|"
        r"find us|locations?|offices?|standorte)\b"
    ),
    "product": re.compile(
        r"\b(?:products?|platform|solutions?|services?|how it works|features|what we do|why \w+|overview|technology|produkte?|leistungen|"
        r"losungen|plattform|produits?|solutions|services|plateforme|productos?|soluciones|servicios|produtos?|solucoes|prodotti)\b"
    ),
}
_NEVER = re.compile(
    r"\b(?:log ?in|sign ?(?:in|up)|register|careers?|jobs?|karriere|blog|news|press|presse|privacy|datenschutz|terms|agb|cookies?|"
    r"support|help|faq|status|docs?|documentation|api|cart|checkout|download|demo|pricing|case[- ]stud\w+|customers|events?|webinars?|"
    r"investors?|partners?|accessibility|sitemap|gdpr|security|unsubscribe|search|api|rss|feed|shop|store)\b"
)
_FILES = re.compile(r"\.(?:pdf|jpe?g|png|gif|svg|webp|zip|docx?|xlsx?|pptx?|mp4|mp3|xml|json|ics)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choice:
    """A page worth reading, and what for."""

    url: str
    kind: PageKind


def choose(links: Sequence[Link], home: str, kinds: Sequence[PageKind]) -> list[Choice]:
    """The best linked page of each kind, in the order of `kinds`, each page once; a kind that is not linked is left out."""
    chosen: list[Choice] = []
    own = [link for link in links if _is_own(link, home)]
    for kind in kinds:
        taken = {choice.url for choice in chosen}
        scored = [
            (score, -len(link.url), link.url) for link in own if (score := _score(link, kind)) and link.url not in taken
        ]
        if scored:
            chosen.append(Choice(max(scored)[2], kind))
    return chosen


def _is_own(link: Link, home: str) -> bool:
    """Whether it leads to another page of the same site that can be read."""
    there, here = urlsplit(link.url), urlsplit(home)
    if registered_domain(there.hostname or "") != registered_domain(here.hostname or ""):
        return False
    is_home = there.path.strip("/") == here.path.strip("/") or not there.path.strip("/")
    return not is_home and not _FILES.search(there.path)


def _score(link: Link, kind: PageKind) -> float:
    """How well a link fits a kind: words on it count twice what its path counts; 0 when it does not fit."""
    said = " ".join(fold(link.text).split())
    path = re.sub(r"[-_/.+]+", " ", fold(urlsplit(link.url).path)).strip()
    if len(said.split()) > 5 or _NEVER.search(said) or (kind != "product" and _NEVER.search(path)):
        return 0.0
    pattern = _WORDS[kind]
    score = 2.0 * bool(pattern.search(said)) + 1.0 * bool(pattern.search(path))
    if not score:
        return 0.0
    depth = len([part for part in urlsplit(link.url).path.split("/") if part])
    whole = 0.5 if (match := pattern.search(said)) and match.group() == said else 0.0
    return score + whole - 0.2 * max(0, depth - 1)
