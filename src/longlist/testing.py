"""Doubles for tests, small and real: they implement the seams, nothing is patched."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime

from longlist.discover.source import About, Question
from longlist.engine.search import Kit
from longlist.enrich.enrich import RecordEnricher
from longlist.errors import Unavailable
from longlist.grade.rule_grader import RuleGrader
from longlist.model.company import Candidate, Record
from longlist.plan.rule_planner import RulePlanner
from longlist.store.store import TaskStore

NOW = datetime(2026, 1, 2, tzinfo=UTC)


class FakeSource:
    """Gives these candidates, `a_round` of them each round; raises Unavailable instead when there is a `fault`."""

    def __init__(self, name: str, candidates: Sequence[Candidate] = (), *, a_round: int = 300, fault: str = "") -> None:
        self.about = About(name, "web_search", f"{len(candidates)} made-up companies")
        self.asked = 0
        self._candidates = candidates
        self._a_round = a_round
        self._fault = fault

    async def search(self, question: Question) -> AsyncIterator[Candidate]:
        """The candidates of this round."""
        self.asked += 1
        if self._fault:
            raise Unavailable(self._fault)
        first = (question.round - 1) * self._a_round
        for candidate in self._candidates[first : first + self._a_round]:
            yield candidate


def made_up(number: int, text: str, *, source: str = "fake") -> Candidate:
    """A candidate with a web page of its own that says `text`."""
    domain = f"made-up-company-{number}.com"
    return Candidate(
        key=domain, name=f"Company {number}", domain=domain, source=source, url=f"https://{domain}/", snippet=text
    )


def make_kit(store: TaskStore, *sources: FakeSource, records: Mapping[str, Sequence[Record]] | None = None) -> Kit:
    """A kit over a store: real planner, enricher and grader, the given sources, every word equally rare."""
    by_name = {source.about.name: source for source in sources}

    async def records_of(keys: object) -> Mapping[str, Sequence[Record]]:
        del keys
        return records or {}

    return Kit(
        store=store,
        planner=RulePlanner(today=lambda: date(2026, 1, 2)),
        sources=lambda names: by_name if names is None else {name: by_name[name] for name in names},
        enricher=RecordEnricher(records_of, lambda: NOW),
        grader=RuleGrader(lambda _: 3.0),
    )
