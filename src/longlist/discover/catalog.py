"""The catalogue as a source: the companies of the embedded data and of the user's own lists."""

from collections.abc import AsyncIterator

from longlist.catalog.columns import KINDS
from longlist.catalog.index import CompanyIndex
from longlist.discover.source import About, Question
from longlist.model.company import Candidate

NAME = "catalog"
PROJECT = KINDS.index("project")  # open-source projects without a company behind them are no results


class CatalogSource:
    """Searches the index with the query and its criteria together; what contradicts a constraint never comes up."""

    about = About(
        NAME, NAME, "The embedded catalogue of companies, and lists you imported; works offline, needs no key"
    )

    def __init__(self, index: CompanyIndex) -> None:
        self._index = index

    async def search(self, question: Question) -> AsyncIterator[Candidate]:
        """One round: the next `limit` companies of the ranking."""
        plan = question.plan
        first = (question.round - 1) * question.limit
        texts = plan.search_texts()
        mask = self._index.mask(plan.must_hold())
        mask &= self._index.facts["kind"] != PROJECT
        for hit in self._index.search(texts, limit=first + question.limit, mask=mask)[first:]:
            yield Candidate(
                key=hit.key,
                name=hit.name,
                domain=hit.domain,
                source=NAME,
                score=hit.score,
                found_by=texts[0][:300],
            )
