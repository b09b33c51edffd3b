"""Doubles for tests, small and real: they implement the seams, nothing is patched."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from pydantic import ValidationError

from longlist.discover.source import About, Question
from longlist.engine.kit import Kit
from longlist.enrich.enrich import RecordEnricher
from longlist.errors import BadAnswer, Unavailable
from longlist.grade.rule_grader import RuleGrader
from longlist.llm.llm import Prompt, Typed
from longlist.model.call import Answer, Call, Send
from longlist.model.company import Candidate, Record
from longlist.model.web import NO_ERRAND, Errand, Hit, WebPage
from longlist.plan.rule_planner import RulePlanner
from longlist.store.store import FlowStore
from longlist.web.health import Health
from longlist.web.page import Reply, page_of, read_reply

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


class FakeProvider:
    """Answers calls after `seconds`; the errors in `faults` are raised first, one a call.

    `seen` is what came in, with the idempotency keys; `reached` is set once something did.
    """

    def __init__(self, *, seconds: float = 0.0, cost_micros: int = 0, faults: Sequence[Exception] = ()) -> None:
        self.seen: list[tuple[Call, str]] = []
        self.reached = asyncio.Event()
        self.under_way = self.most_under_way = 0
        self._seconds = seconds
        self._cost_micros = cost_micros
        self._faults = list(faults)

    async def send(self, call: Call, idempotency_key: str) -> Answer:
        """A `longlist.model.call.Send`."""
        self.seen.append((call, idempotency_key))
        self.reached.set()
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        try:
            await asyncio.sleep(self._seconds)
        finally:
            self.under_way -= 1
        if self._faults:
            raise self._faults.pop(0)
        return Answer(f"{call.operation} {call.request}".encode(), self._cost_micros, 200, call.tokens)


class FakeReader:
    """Reads pages out of a dict, address -> HTML, and makes of them what the real reader would; others are missing.

    `moved` are redirects, address -> address, each one hop. `asked` is what came in, with the errand of each.
    """

    def __init__(self, pages: Mapping[str, str], *, moved: Mapping[str, str] | None = None) -> None:
        self.asked: list[tuple[str, Errand]] = []
        self._pages = pages
        self._moved = moved or {}

    async def read(self, url: str, errand: Errand) -> WebPage:
        """A `longlist.web.seams.PageReader`."""
        self.asked.append((url, errand))
        hops: list[str] = []
        at = url
        while at in self._moved and len(hops) < 5:
            at = self._moved[at]
            hops.append(at)
        html = self._pages.get(at)
        status, body = (404, b"") if html is None else (200, html.encode("utf-8", "replace"))
        reply = Reply(url, at, status, "text/html; charset=utf-8", body=body)
        return page_of(reply, read_reply(reply), NOW, tuple(hops))


class FakeCalls:
    """A Caller without a ledger: sends every call at once and once, and answers equal ones from memory.

    `made` are the calls that were sent; the first of `faults` is raised in place of the next answer.
    """

    def __init__(self, faults: Sequence[Exception] = ()) -> None:
        self.made: list[Call] = []
        self._faults = list(faults)
        self._answers: dict[str, Answer] = {}

    async def call(self, call: Call, send: Send) -> Answer:
        """See `longlist.model.call.Caller`."""
        key = repr((call.provider, call.operation, call.model, call.request, call.freshness))
        if key not in self._answers:
            self.made.append(call)
            if self._faults:
                raise self._faults.pop(0)
            self._answers[key] = await send(call, "")
        return self._answers[key]


class ScriptedLLM:
    """Answers with what `reply` makes of each prompt: the answer's values, or an error to raise.

    `asked` is what came in: the prompts, and on whose errand.
    """

    name = "scripted"

    def __init__(self, reply: Callable[[Prompt], Mapping[str, Any] | Exception]) -> None:
        self.asked: list[tuple[Prompt, Errand]] = []
        self._reply = reply

    async def ask(self, prompt: Prompt | str, answer: type[Typed], errand: Errand = NO_ERRAND) -> Typed:
        """See `longlist.llm.llm.LLM`; BadAnswer for values that are not of the type."""
        question = Prompt("", prompt) if isinstance(prompt, str) else prompt
        self.asked.append((question, errand))
        said = self._reply(question)
        if isinstance(said, Exception):
            raise said
        try:
            return answer.model_validate(said)
        except ValidationError as error:
            raise BadAnswer("The script gave no usable answer.") from error


def made_up(number: int, text: str, *, source: str = "fake") -> Candidate:
    """A candidate with a web page of its own that says `text`."""
    domain = f"made-up-company-{number}.com"
    return Candidate(
        key=domain, name=f"Company {number}", domain=domain, source=source, url=f"https://{domain}/", snippet=text
    )


def make_kit(store: FlowStore, *sources: FakeSource, records: Mapping[str, Sequence[Record]] | None = None) -> Kit:
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


class FakeWebSearch:
    """A search engine over `answers`: the hits of the first key whose words are all in what is asked, a page at a time.

    `texts` are what was asked. With a `fault` it raises that instead, from question number `after` on.
    """

    def __init__(
        self,
        answers: Mapping[str, Sequence[tuple[str, str, str]]],
        *,
        name: str = "fake",
        page_size: int = 10,
        fault: Unavailable | None = None,
        after: int = 0,
    ) -> None:
        self.name = name
        self.page_size = page_size
        self.health = Health()
        self.texts: list[str] = []
        self._answers = answers
        self._fault = fault
        self._after = after

    async def search(self, text: str, page: int, errand: Errand) -> Sequence[Hit]:
        """See `longlist.web.seams.WebSearch`."""
        del errand
        self.texts.append(text)
        if self._fault is not None and len(self.texts) > self._after:
            raise self._fault
        plain = text.lower()
        rows = next(
            (rows for key, rows in self._answers.items() if all(word in plain for word in key.lower().split())), ()
        )
        first = (page - 1) * self.page_size
        shown = rows[first : first + self.page_size]
        return [Hit(*row, rank, self.name, text) for rank, row in enumerate(shown, start=first + 1)]
