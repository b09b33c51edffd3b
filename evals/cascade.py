"""Measures the cascade on labelled queries with 300 candidates each, in front of the simulated model of the folder `shared`.

    python evals/cascade.py                                  # rules alone, the cascade as it is set, everyone graded
    python evals/cascade.py --patience 25 --patience 48 --no-sifting

The model's grades are the labels, 5 % of its quotations are invented. Recall is of those among the candidates and the judged;
nothing is read from the web. Without the folder it says so and measures nothing.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import httpx2

from labelled import Corpus, LabelledQuery, plan_of, shared_corpus
from longlist.discover.catalog import allowed
from longlist.engine.stages import ROUND_SIZE
from longlist.grade.cascade import AT_ONCE, LATER_PATIENCE, PATIENCE, Cascade
from longlist.grade.llm_grader import LLMGrader
from longlist.grade.llm_sifter import LLMSifter
from longlist.grade.rule_grader import RuleGrader
from longlist.llm.prices import FixedPrice
from longlist.llm.pydantic_llm import PydanticLLM
from longlist.llm.spec import model_spec
from longlist.model.call import Answer, Call, Send
from longlist.model.company import CompanyProfile
from longlist.model.criterion import qualifies
from longlist.model.plan import Plan
from longlist.model.web import Errand
from world import WORLD, world

WANTED = 25
PRICE = FixedPrice(0.25, 2)
EVERYONE = 10**6


@dataclass(slots=True)
class Asked:
    """A Caller that remembers answers over all measurements, and counts for each what it had to ask."""

    known: dict[str, Answer]
    calls: int = 0
    tokens: int = 0
    micros: int = 0

    async def call(self, call: Call, send: Send) -> Answer:
        key = repr((call.operation, call.request))
        if key not in self.known:
            self.known[key] = await send(call, "")
        answer = self.known[key]
        self.calls += 1
        self.tokens += answer.tokens
        self.micros += answer.cost_micros
        return answer


@dataclass(frozen=True, slots=True)
class Way:
    """A way to grade: how patient, and whether several companies are sifted in one question."""

    name: str
    patience: int
    is_sifting: bool


async def graded(
    way: Way, plan: Plan, profiles: Sequence[CompanyProfile], corpus: Corpus, llm: PydanticLLM
) -> set[str]:
    """The keys of the companies that qualify."""
    cascade = Cascade(
        corpus.index.idf,
        LLMGrader(llm),
        sifter=LLMSifter(llm) if way.is_sifting else None,
        patience=way.patience,
        later_patience=LATER_PATIENCE,
        at_once=AT_ONCE,
    )
    wanted = WANTED if way.patience < EVERYONE else EVERYONE
    found: set[str] = set()
    async for some in cascade.grades(plan, profiles, profiles, wanted, Errand(step="grade")):
        found |= {profiles[n].key for n, one in some if qualifies([grade.score for grade in one.grades])}
    return found


async def by_rules(plan: Plan, profiles: Sequence[CompanyProfile], corpus: Corpus) -> set[str]:
    """The same by rules alone."""
    found = await RuleGrader(corpus.index.idf).grade(plan, profiles, profiles)
    return {
        profile.key
        for profile, one in zip(profiles, found, strict=True)
        if qualifies([grade.score for grade in one.grades])
    }


def candidates(corpus: Corpus, query: LabelledQuery) -> tuple[Plan, list[CompanyProfile]]:
    """The plan of a query, and the companies retrieved for it."""
    plan = plan_of(query)
    hits = corpus.index.search(plan.search_texts(), limit=ROUND_SIZE, mask=allowed(corpus.index, plan))
    return plan, [corpus.profiles[hit.key] for hit in hits]


Work = tuple[LabelledQuery, Plan, list[CompanyProfile]]


async def measure(ways: Sequence[Way], work: Sequence[Work], corpus: Corpus, address: str, key: str) -> None:
    """Print a line for each way."""
    wire = httpx2.AsyncHTTPTransport()
    known: dict[str, Answer] = {}
    print(
        f"{'way':34} {'recall':>6} {'precision':>9} {'questions a query':>17} {'for each: questions':>19} {'tokens':>6} {'dollars':>7}"
    )
    for way in ways:
        asked = Asked(known)
        llm = PydanticLLM(model_spec(f"{address}#oracle-1"), key, asked, wire, PRICE)
        right = returned = 0
        recalls = []
        for query, plan, profiles in work:
            found = (
                await by_rules(plan, profiles, corpus)
                if way.patience == 0
                else await graded(way, plan, profiles, corpus, llm)
            )
            wanted = {company for company in query.judgments if query.is_qualified(company)}
            recalls.append(len(found & wanted) / len(wanted))
            right += len(found & wanted)
            returned += len(found)
        print(
            f"{way.name:34} {sum(recalls) / len(recalls):6.3f} {right / max(1, returned):9.3f} {asked.calls / len(work):17.1f}"
            f" {asked.calls / right:19.2f} {asked.tokens / right:6.0f} {asked.micros / 1e6 / right:7.4f}",
            flush=True,
        )
    await wire.aclose()


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--patience", type=int, action="append", help=f"default: {PATIENCE}")
    parser.add_argument("--no-sifting", action="store_true", help="measure each patience without sifting as well")
    parser.add_argument("--only-cascade", action="store_true", help="leave out rules alone, and everyone graded")
    args = parser.parse_args()
    corpus = shared_corpus()
    if corpus is None or not (WORLD / "run.py").is_file():
        print("The simulated internet is not beside this repository: nothing is measured.")
        return 0
    ways = [] if args.only_cascade else [Way("rules alone", 0, is_sifting=False)]
    for patience in args.patience or [PATIENCE]:
        ways.append(Way(f"the cascade, patience {patience}", patience, is_sifting=True))
        if args.no_sifting:
            ways.append(Way(f"one by one, patience {patience}", patience, is_sifting=False))
    if not args.only_cascade:
        ways.append(Way("everyone one by one", EVERYONE, is_sifting=False))
    work = [(query, *candidates(corpus, query)) for query in corpus.queries]
    with world("--faults", "none", "--latency", "zero") as (line, _):
        asyncio.run(measure(ways, work, corpus, line["llm"], line["key"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
