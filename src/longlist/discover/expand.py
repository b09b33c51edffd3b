"""Pages that name companies, read and taken apart: lists and directories with the pages that continue them, articles.

What a list says is a lead and no more. A page that tries to instruct whoever reads it loses its say: what it recommends
comes last, and the entries that carry the instruction are left out. Where a model is set up, it reads the few pages of promise
that the rules read poorly.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from longlist.discover.entries import Entry, Listed, listed, spoken_of
from longlist.discover.hits import Sight, sight
from longlist.discover.leads import Lead, lead_of
from longlist.discover.llm_extract import FEWEST, LLMExtractor, is_poor
from longlist.discover.names import name_in_title, says_name, squeezed
from longlist.discover.patient import PatientReader
from longlist.discover.relevance import Relevance
from longlist.errors import BudgetSpent
from longlist.language.domains import own_domain, registered_domain
from longlist.language.injections import is_hostile
from longlist.model.plan import Plan
from longlist.model.web import Errand, Hit, WebPage
from longlist.together import together

_NO_HIT = Hit("", "", "", 1, "", "")


@dataclass(frozen=True, slots=True)
class Found:
    """A page worth reading: what it was taken for, how well it did in the searches, how its words fit, how it was found."""

    sight: Sight
    worth: float
    fit: float
    path: tuple[str, ...]

    @property
    def promise(self) -> float:
        """By which pages are chosen."""
        return self.fit + min(0.3, self.worth) * 2 - (0.15 if self.sight.kind in {"unclear", "article"} else 0.0)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many pages a round may read to find companies: in all, of one host, and of one directory after its first page; and how
    many of them a model may be shown.
    """

    pages: int = 60
    of_host: int = 12
    further: int = 3
    by_model: int = 4


@dataclass(frozen=True, slots=True)
class _Poor:
    """A page that the rules read poorly: what they made of it."""

    found: Found
    page: WebPage
    path: tuple[str, ...]
    known: frozenset[str]  # names, squeezed


class Expander:
    """Reads pages and gives the leads in them; `extractor`, where there is one, reads those that rules read poorly."""

    def __init__(
        self,
        reader: PatientReader,
        relevance: Relevance,
        errand: Errand,
        plan: Plan,
        extractor: LLMExtractor | None = None,
    ) -> None:
        self._reader = reader
        self._relevance = relevance
        self._errand = errand
        self._plan = plan
        self._extractor = extractor
        self._poor: list[_Poor] = []
        self.unread: Counter[str] = Counter()  # by state, of pages that could not be read

    async def expand(self, pages: Sequence[Found], reach: Reach, bar: float) -> list[Lead]:
        """The leads of the most promising pages, and of those that continue lists of which a fifth fits as well as `bar`."""
        chosen = _chosen(pages, reach)
        addresses = frozenset(found.sight.hit.url for found in chosen)
        results = await together(self._whole(found, addresses, reach.further, bar) for found in chosen)
        return [lead for leads in results for lead in leads] + await self._by_model(reach, bar)

    async def _whole(self, found: Found, chosen: frozenset[str], further: int, bar: float) -> list[Lead]:
        """The leads of a page and of at most so many that continue it; one that is `chosen` itself is read for itself."""
        leads, following = await self._one(found, found.sight.hit.url, bar)
        read = set(chosen)
        while following and following not in read and len(read) - len(chosen) < further:
            read.add(following)
            more, following = await self._one(found, following, bar)
            leads += more
        return leads

    async def _by_model(self, reach: Reach, bar: float) -> list[Lead]:
        """The leads that a model finds on the most promising of the pages that the rules read poorly."""
        if self._extractor is None:
            return []
        poor = sorted(self._poor, key=lambda one: (one.found.promise, one.page.url))
        # A page that several lead to is that of the best of them.
        best = {one.page.url: one for one in poor if one.found.fit >= bar}
        chosen = sorted(best.values(), key=lambda one: (-one.found.promise, one.page.url))[: reach.by_model]
        results = await together([self._told(self._extractor, one.page) for one in chosen])
        return [
            lead_of(entry, one.page.url, one.path, one.found.sight.hit.query, worth=one.found.worth, fit=one.found.fit)
            for one, entries in zip(chosen, results, strict=True)
            for entry in entries
            if squeezed(entry.name) not in one.known
        ]

    async def _told(self, extractor: LLMExtractor, page: WebPage) -> Sequence[Entry]:
        """What a model finds on a page; nothing once the budget is spent, as what rules have read costs nothing to go on with."""
        try:
            return await extractor.entries(page, self._plan, self._errand)
        except BudgetSpent:
            return ()

    async def _one(self, found: Found, url: str, bar: float) -> tuple[list[Lead], str]:
        """The leads of one page, and the page to go on with, when this one was worth it."""
        page = await self._reader.read(url, self._errand)
        if page is None or not page.html:
            self.unread[page.state if page is not None else "unreachable"] += 1
            return [], ""
        what = listed(page.html, page.url)
        if found.sight.kind == "unclear" and (own := _own_page(page, what)):
            name = name_in_title(page.title, own) or found.sight.name
            return [
                Lead(
                    name,
                    found.sight.hit.snippet,
                    url,
                    found.path,
                    found.sight.hit.query,
                    own,
                    page.url,
                    found.worth,
                    found.fit,
                )
            ], ""
        entries = what.entries
        is_list = len(entries) >= FEWEST
        if found.sight.kind == "article" or not is_list:
            known = {squeezed(entry.name) for entry in entries}
            entries = (*entries, *(entry for entry in spoken_of(page.html) if squeezed(entry.name) not in known))
            entries = _with_subject(found, entries)
        instructions = [line for line in page.text.splitlines() if is_hostile(line)] if is_hostile(page.text) else []
        kept = [entry for entry in entries if not _is_pushed(entry, instructions)]
        worth, fit = (0.0, 0.0) if instructions else (found.worth, found.fit)
        kind = "article" if found.sight.kind == "article" else "list"
        path = (*found.path, f"{kind} “{(what.title or page.title)[:100]}” ({url})")
        has_subject = bool(found.sight.name)
        if not instructions and is_poor(found.sight.kind, what.title or page.title, kept, has_subject=has_subject):
            self._poor.append(_Poor(found, page, path, frozenset(squeezed(entry.name) for entry in kept)))
        leads = [lead_of(entry, page.url, path, found.sight.hit.query, worth=worth, fit=fit) for entry in kept]
        return leads, what.following if is_list and not instructions and self._goes_on(kept, bar) else ""

    def _goes_on(self, entries: Sequence[Entry], bar: float) -> bool:
        """Whether a page's entries fit well enough to read the next one."""
        fits = self._relevance.of([f"{entry.name}. {entry.text}" for entry in entries])
        return sum(fit >= bar for fit in fits) >= 0.2 * len(fits)


def _is_pushed(entry: Entry, instructions: Sequence[str]) -> bool:
    """Whether an instruction to the reader speaks of the entry, or is what is said of it."""
    return bool(instructions) and (is_hostile(entry.text) or any(says_name(entry.name, line) for line in instructions))


def _chosen(pages: Sequence[Found], reach: Reach) -> list[Found]:
    """The most promising, each address once, not too many of one host."""
    hosts: Counter[str] = Counter()
    seen: set[str] = set()
    chosen: list[Found] = []
    for found in sorted(pages, key=lambda found: (-found.promise, found.sight.hit.url)):
        url = found.sight.hit.url
        host = urlsplit(url).hostname or ""
        if url not in seen and hosts[host] < reach.of_host and len(chosen) < reach.pages:
            seen.add(url)
            hosts[host] += 1
            chosen.append(found)
    return chosen


def _own_page(page: WebPage, what: Listed) -> str:
    """The domain of a page that turned out to be a company's own; "" when it lists other companies, or is nobody's own."""
    domain = own_domain(page.url)
    outside = {own_domain(entry.url) for entry in what.entries if entry.url} - {"", registered_domain(page.url)}
    if not domain or len(outside) >= FEWEST:
        return ""
    return domain if name_in_title(page.title, domain) and sight_of(page, what).kind == "site" else ""


def sight_of(page: WebPage, what: Listed) -> Sight:
    """What a page is, now that its own title is known."""
    hit = replace(_NO_HIT, url=page.url, title=page.title or what.title)
    return sight(hit)


def _with_subject(found: Found, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The company the article's headline is about, before those it also speaks of."""
    name = found.sight.name
    if not name or any(squeezed(entry.name) == squeezed(name) for entry in entries):
        return tuple(entries)
    return (Entry(name, "", f"{found.sight.hit.title}. {found.sight.hit.snippet}"), *entries)
