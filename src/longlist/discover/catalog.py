"""The catalogue as a source: the companies of the embedded data and of the user's own lists."""

from collections.abc import AsyncIterator

from longlist.catalog.columns import KINDS
from longlist.catalog.hits import Hit, Mask
from longlist.catalog.index import CompanyIndex
from longlist.discover.source import About, Question
from longlist.model.company import Candidate
from longlist.model.plan import Plan

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
        """One round: the best `limit` companies that no earlier round gave."""
        texts = question.plan.search_texts()
        mask = allowed(self._index, question.plan)
        given: set[str] = set()
        fresh: list[Hit] = []
        for number in range(
            1, question.round + 1
        ):  # how deep rankings are read changes their fusion: repeat each round
            hits = self._index.search(texts, limit=number * question.limit, mask=mask)
            fresh = [hit for hit in hits if hit.key not in given][: question.limit]
            given.update(hit.key for hit in fresh)
        for hit in fresh:
            yield Candidate(
                key=hit.key,
                name=hit.name,
                domain=hit.domain,
                source=NAME,
                score=hit.score,
                found_by=" + ".join(texts)[:300],
            )


def allowed(index: CompanyIndex, plan: Plan) -> Mask:
    """The rows that may come up: those no stated fact rules out, and open-source projects only when they are wanted."""
    mask = index.mask(plan.must_hold())
    return mask if wants_projects(plan) else mask & (index.facts["kind"] != PROJECT)


def wants_projects(plan: Plan) -> bool:
    """Whether open-source projects are asked for."""
    asked = (c for reading in (plan.query, *plan.readings) for c in reading.constraints)
    return any(
        c.field == "business_model" and c.op == "in" and isinstance(c.value, tuple) and "open_source" in c.value
        for c in asked
    )
