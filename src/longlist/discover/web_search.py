"""The web as a source: searches, the pages they lead to, and the companies those name."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

from longlist.discover.expand import Expander, Found, Reach
from longlist.discover.hits import EXPANDED, Sight, sights
from longlist.discover.leads import Lead, candidates, joined, site_told, without_carriers
from longlist.discover.llm_extract import LLMExtractor
from longlist.discover.lookup import SiteLookup
from longlist.discover.names import fits_domain, plain_name
from longlist.discover.patient import PatientReader
from longlist.discover.queries import first_queries, further_queries
from longlist.discover.relevance import Relevance
from longlist.discover.resolve import Means, Resolver
from longlist.discover.searching import Searching
from longlist.discover.source import About, Question
from longlist.errors import BudgetSpent, Stopped
from longlist.language.domains import own_domain
from longlist.model.company import Candidate
from longlist.model.web import Hit
from longlist.web.seams import PageReader, WebSearch

NAME = "web_search"
EARLY = 100  # companies whose own sites were found, and that are enriched while lists are read and names looked up
USUAL_FRESH = 10  # addresses that one more search adds, about


@dataclass(frozen=True, slots=True)
class Effort:
    """What one round may take: hits of each angle; how many addresses there should be before further wordings are left
    unasked; pages and look-ups.
    """

    hits: int = 40
    addresses: int = 250
    reach: Reach = field(default_factory=Reach)
    means: Means = field(default_factory=Means)


class WebSearchSource:
    """Companies by web search: their own sites among the hits, and those that lists, directories and articles name."""

    about = About(
        NAME, NAME, "Web search: companies' own sites, and the lists, directories and articles that name them"
    )

    def __init__(
        self,
        providers: Sequence[WebSearch],
        reader: PageReader,
        effort: Effort | None = None,
        extractor: LLMExtractor | None = None,
    ) -> None:
        self._providers = providers
        self._reader = reader
        self._effort = effort or Effort()
        self._extractor = extractor

    async def search(self, question: Question) -> AsyncIterator[Candidate]:
        """One round over its angles: the best `limit` companies. What was found before a budget ran out is given."""
        searching = Searching(self._providers, question.errand, first=question.round - 1, is_wanted=question.is_wanted)
        search = _Round(searching, self._reader, self._effort, question, self._extractor)
        end: BudgetSpent | Stopped | None = None
        try:
            await search.run()
        except (BudgetSpent, Stopped) as error:
            end = error
        question.tell(searching.trouble())
        for candidate in search.found():
            yield candidate
        if end is not None:
            raise end


class _Round:
    """One round's work, and what it has found so far."""

    def __init__(
        self,
        searching: Searching,
        reader: PageReader,
        effort: Effort,
        question: Question,
        extractor: LLMExtractor | None,
    ) -> None:
        self._searching = searching
        self._effort = effort
        self._question = question
        self._relevance = Relevance(question.plan)
        patient = PatientReader(reader)
        self._expander = Expander(patient, self._relevance, question.errand, question.plan, extractor)
        lookup = SiteLookup(searching, patient, question.errand)
        self._resolver = Resolver(patient, lookup, question.errand, self._take)
        self._leads: list[Lead] = []
        self._scores: list[float] = []  # how well each of them fits
        self._claims: dict[str, list[tuple[Lead, float]]] = defaultdict(list)  # by name, the same
        self._bar = 0.0  # the score of the last that there is room for
        self._given: set[str] = set()  # keys of companies that were given early
        self._taken: list[Lead] = []  # whose sites were found, and that were not given yet
        self._giving = asyncio.Lock()

    async def run(self) -> None:
        """Search, read what names companies, find the sites of those that came without one."""
        found = self._seen(await self._answers())
        kinds = {"site", "profile", "reference", "mention"}
        await self._hold([_lead(one) for one in found if one.sight.kind in kinds and one.sight.name])
        bar = _middle([one.fit for one in found if one.sight.kind == "site"])
        pages = [one for one in found if one.sight.kind in EXPANDED]
        more = await self._expander.expand(pages, self._effort.reach, bar)
        await self._hold(joined(without_carriers([*self._leads, *more])))
        order = sorted(range(len(self._leads)), key=lambda n: (-self._scores[n], self._leads[n].name))
        self._leads, self._scores = [self._leads[n] for n in order], [self._scores[n] for n in order]
        for lead, score in zip(self._leads, self._scores, strict=True):
            self._claims[plain_name(lead.name)].append((lead, score))
        if len(self._scores) > self._question.limit > 0:
            self._bar = self._scores[self._question.limit - 1]
        self._leads = await self._resolver.resolve(self._leads, self._effort.means)

    async def _hold(self, leads: list[Lead]) -> None:
        """Hold these leads from now on, and give those that are sure."""
        self._leads, self._scores = leads, self._relevance.of([f"{lead.name}. {lead.text}" for lead in leads])
        await self._give(self._leads, self._scores)

    async def _answers(self) -> list[list[Hit]]:
        """The hits of all angles, and of further wordings as long as there are fewer addresses than wanted."""
        angles = self._question.angles or self._question.plan.angles
        plan, effort = self._question.plan, self._effort
        depths = {angle.text: angle.depth for angle in angles}
        first = [(text, effort.hits * depths.get(text, 1)) for text in first_queries(angles, plan)]
        answers = await self._searching.all_of(first)
        others = further_queries(angles, plan)
        while others and (lacking := effort.addresses - len({hit.url for hits in answers for hit in hits})) > 0:
            number = -(-lacking // USUAL_FRESH)
            asked, others = others[:number], others[number:]
            answers += await self._searching.all_of([(text, effort.hits) for text in asked])
        return answers

    def found(self) -> list[Candidate]:
        """The candidates so far, best first, without those of earlier rounds: those that were given early, and the best of the
        others, as many as are wanted.
        """
        found = candidates(self._leads, self._scores, NAME)
        new = [candidate for candidate in found if candidate.key not in self._question.known]
        others = [candidate.key for candidate in new if candidate.key not in self._given]
        kept = self._given | set(others[: max(0, self._question.limit - len(self._given))])
        return [candidate for candidate in new if candidate.key in kept]

    async def _take(self, lead: Lead) -> None:
        """Give those whose sites were found while others are looked for: together those that came while some were given.

        Each with all that is said under its name, as at the end; not those for which there may be no room then.
        """
        self._taken.append(lead)
        async with self._giving:
            some, self._taken = self._taken, []
            claims = [
                (replace(claim, domain=one.domain, url=one.url, path=(*claim.path, one.path[-1])), score)
                for one in some
                for claim, score in self._claims[plain_name(one.name)]
                if score >= self._bar
            ]
            await self._give([claim for claim, _ in claims], [score for _, score in claims])

    async def _give(self, leads: Sequence[Lead], scores: Sequence[float]) -> None:
        """Give the best of those whose own site is known by now, under the company's name, as long as there is room."""
        own = [(lead, score) for lead, score in zip(leads, scores, strict=True) if _is_sure(lead)]
        found = candidates([lead for lead, _ in own], [score for _, score in own], NAME)
        new = [one for one in found if one.key not in self._question.known and one.key not in self._given]
        some = new[: min(EARLY, self._question.limit - len(self._given))]
        if some:
            self._given |= {one.key for one in some}
            await self._question.early(some)

    def _seen(self, answers: Sequence[Sequence[Hit]]) -> list[Found]:
        """Each address once, under its best hit, with what all its hits are worth (reciprocal ranks, as in RRF)."""
        first: dict[str, Hit] = {}
        worth: dict[str, float] = defaultdict(float)
        for hits in answers:
            for rank, hit in enumerate(hits, start=1):
                first.setdefault(hit.url, hit)
                worth[hit.url] += 1 / (30 + rank)
        seen = [sight for sight in sights(first.values()) if sight.kind != "junk"]
        fits = self._relevance.of([f"{sight.hit.title}. {sight.hit.snippet}" for sight in seen])
        return [Found(sight, worth[sight.hit.url], fit, (_step(sight),)) for sight, fit in zip(seen, fits, strict=True)]


def _is_sure(lead: Lead) -> bool:
    """Whether its own site is known, under the company's name."""
    return bool(lead.domain) and fits_domain(lead.name, lead.domain) > 0


def _lead(found: Found) -> Lead:
    """A hit that is about one company."""
    sight = found.sight
    text = f"{sight.hit.title}. {sight.hit.snippet}" if sight.kind == "site" else sight.hit.snippet
    url = sight.hit.url if sight.kind in {"site", "profile", "reference"} else ""
    told = "" if sight.domain else site_told(sight.hit.snippet)
    if told:
        path = (*found.path, f"{sight.hit.url} names the website {told}")
        return Lead(sight.name, text, sight.hit.url, path, sight.hit.query, own_domain(told), told, found.worth)
    return Lead(sight.name, text, sight.hit.url, found.path, sight.hit.query, sight.domain, url, found.worth)


def _step(sight: Sight) -> str:
    return f"{sight.hit.provider}: “{sight.hit.query}”, result {sight.hit.rank}"


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2] if values else 0.2
