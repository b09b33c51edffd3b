"""Profiles for candidates: from the catalogue's records, else from what the source itself said about them."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from longlist.catalog.records import merge
from longlist.language.facts import facts_from_prose
from longlist.model.company import Candidate, CompanyProfile, Page, Record

Profiled = tuple[str, CompanyProfile | str]


class Enricher(Protocol):
    """Gives each candidate a profile, or the reason why there is none."""

    async def enrich(self, candidates: Sequence[Candidate]) -> list[Profiled]:
        """(candidate key, profile or reason) for each candidate, in order."""
        ...


class RecordEnricher:
    """Profiles without the web: catalogue records, and the text a source delivered with its candidate.

    `records_of` looks records up by company key; `now` gives the time at which texts count as read.
    """

    def __init__(
        self,
        records_of: Callable[[Collection[str]], Awaitable[Mapping[str, Sequence[Record]]]],
        now: Callable[[], datetime],
    ) -> None:
        self._records_of = records_of
        self._now = now

    async def enrich(self, candidates: Sequence[Candidate]) -> list[Profiled]:
        """A profile for each candidate the catalogue knows or whose source described it."""
        records = await self._records_of([candidate.key for candidate in candidates])
        return [(c.key, self._profile(c, records.get(c.key, ()))) for c in candidates]

    def _profile(self, candidate: Candidate, records: Sequence[Record]) -> CompanyProfile | str:
        if records:
            return merge(records, read_at=self._now())
        if not candidate.snippet.strip():
            return f"Neither the catalogue nor {candidate.source} says anything about this company."
        text = "\n".join(part for part in (candidate.name, candidate.snippet) if part)
        # What a source says about a company is not the company's page: only pages that were read are cited by address.
        page = Page(text, self._now(), record=f"{candidate.source}:{candidate.key}")
        return CompanyProfile(
            key=candidate.key,
            name=candidate.name,
            domain=candidate.domain,
            description=candidate.snippet,
            full_description=candidate.snippet,
            tags=(),
            facts=facts_from_prose(text),
            pages=(page,),
        )
