"""Profiles for candidates: from the catalogue's records, else from what the source itself said about them."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from longlist.catalog.records import merge
from longlist.language.facts import facts_from_prose
from longlist.model.company import Candidate, CompanyProfile, Page, Record, SameAs
from longlist.model.plan import Plan
from longlist.model.web import NO_ERRAND, Errand

Profiled = tuple[str, CompanyProfile | SameAs | str]
"""(candidate key, its profile, or that it is the same company as another, or the reason why there is neither)."""


async def always() -> bool:
    """The web can be reached."""
    return True


class Enricher(Protocol):
    """Gives each candidate a profile, or the reason why there is none."""

    async def enrich(
        self, candidates: Sequence[Candidate], errand: Errand = NO_ERRAND, plan: Plan | None = None
    ) -> list[Profiled]:
        """What became of each candidate, in order. `plan` tells for whom it is worth asking more.

        One that a user keeps apart from another (`Candidate.apart_from`) should not be said to be the same as it.
        BudgetSpent and Stopped of a call are let through: candidates are then asked for one by one, so that those whose
        calls are recorded get their profiles.
        """
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

    async def enrich(
        self, candidates: Sequence[Candidate], errand: Errand = NO_ERRAND, plan: Plan | None = None
    ) -> list[Profiled]:
        """A profile for each candidate the catalogue knows or whose source described it."""
        del errand, plan  # asks nothing of the outside
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
