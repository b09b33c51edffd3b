"""Small real parts for tests of tables: an enricher over made-up pages, and answerers that count, fail or wait."""

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import date

from longlist.engine.table_kit import TableKit
from longlist.enrich.enrich import Profiled
from longlist.errors import NoAnswer
from longlist.grade.rule_grader import RuleGrader
from longlist.language.facts import facts_from_prose
from longlist.model.call import Answer, Call, Caller, Caps
from longlist.model.company import Candidate, CompanyProfile, Page
from longlist.model.table import CellValue
from longlist.model.web import NO_ERRAND, Errand
from longlist.plan.rule_planner import RulePlanner
from longlist.tables.answering import Answerer, Found, Question
from longlist.tables.local import LocalAnswerer
from longlist.tables.missing import NotSetUp
from longlist.testing import NOW

COST = 1_000


class PageEnricher:
    """Knows companies by their pages: domain -> text."""

    def __init__(self, texts: dict[str, str] | Callable[[str], str], fault: Exception | None = None) -> None:
        self._texts = texts if callable(texts) else lambda domain: texts.get(domain, "")
        self._fault = fault
        self.asked: list[str] = []

    async def enrich(self, candidates: Sequence[Candidate], errand: Errand = NO_ERRAND) -> list[Profiled]:
        self.asked += [candidate.key for candidate in candidates]
        if self._fault is not None:
            raise self._fault
        return [(one.key, self._profile(one)) for one in candidates]

    def _profile(self, one: Candidate) -> CompanyProfile | str:
        text = self._texts(one.domain)
        if not text:
            return "Its site does not answer."
        page = Page(text, NOW, url=f"https://{one.domain}/")
        name = text.split("\n", 1)[0]
        about = text.split("\n")[1] if "\n" in text else text
        return CompanyProfile(one.domain, name, one.domain, about, text, (), facts_from_prose(text), (page,))


class Counting:
    """Answers with what `make` says; counts."""

    def __init__(self, make: Callable[[Question], object]) -> None:
        self._make = make
        self.asked: list[Question] = []

    async def answer(self, question: Question) -> Found:
        self.asked.append(question)
        made = self._make(question)
        if isinstance(made, Exception):
            raise made
        return Found(CellValue(made, "Counted."))


class Sleeping:
    """Never answers."""

    async def answer(self, question: Question) -> Found:
        await asyncio.sleep(3600)
        raise AssertionError


class Paid:
    """Asks a provider on loopback through the ledger, for money."""

    def __init__(self, calls: Caller, port: int) -> None:
        self._calls = calls
        self._port = port

    async def answer(self, question: Question) -> Found:
        request = {"number": f"{question.prompt}"}
        errand = question.errand
        call = Call(
            "loopback", "ask", request, errand.freshness, cost_micros=COST, task_id=errand.task_id, step="tables"
        )
        answer = await self._calls.call(call, self._send)
        return Found(CellValue(f"{question.prompt} -> {answer.body.decode()}"))

    async def _send(self, call: Call, key: str) -> Answer:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(json.dumps({"number": call.request["number"], "key": key}).encode() + b"\n")
            line = await reader.readline()
        finally:
            writer.close()
        if not line:
            raise NoAnswer("The connection broke.")
        return Answer(line.strip(), COST, 200)


def make_kit(
    enricher: PageEnricher, caps: Caps | None = None, *, asks_outside: bool = False, **answerers: Answerer
) -> TableKit:
    """A kit: rules for grades, the given answerers, and the local one for the rest."""

    async def find_company(name: str) -> Candidate | None:
        return Candidate("acme.com", "Acme", "acme.com", "catalog") if name == "Acme Corporation" else None

    local = LocalAnswerer()
    kinds = ("company_people_finder", "email_finder", "phone_finder", "reverse_email_lookup", "linkedin")
    return TableKit(
        planner=RulePlanner(today=lambda: date(2026, 1, 2)),
        enricher=enricher,
        records=enricher,
        grader=RuleGrader(lambda _: 3.0),
        cascade=None,
        answerers={
            **{kind: NotSetUp(kind) for kind in kinds},
            "llm": local,
            "research_pro": local,
            "research_reasoning": local,
            **answerers,
        },
        find_company=find_company,
        caps=caps,
        asks_outside=asks_outside,
    )
