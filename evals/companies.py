"""Measures company search: labelled queries asked as text alone, and names with noise; `--floors` makes it a gate.

    python evals/companies.py            # a line per query, the means, names, times
    python evals/companies.py --floors   # exit 1 when a figure is below its floor
    python evals/companies.py --seed 7   # other names, other noise
    python evals/companies.py --companies FILE --queries FILE --judgments FILE   # other companies and labels

Nothing is given but the query's words: no criteria, no filters. Unjudged companies count as wrong in P@10 and as not
wanted in recall. A name counts as found when its company is the first hit, or one whose name is the same once case,
punctuation and legal forms are off. Times are those of a first, uncached search on a warm index.
"""

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labelled import (
    READ_AT,
    SHARED,
    Corpus,
    LabelledQuery,
    catalog_corpus,
    imported_corpus,
    named_catalog_corpus,
    read_queries,
    shared_corpus,
)
from longlist.catalog.lookup import flat
from longlist.engine.catalogue import Catalogue
from longlist.engine.companies import Companies
from longlist.plan.rule_planner import RulePlanner
from longlist.store.open import open_store
from noise import noisy

FLOORS = {"precision_10": 0.60, "recall_100": 0.90}  # of the development set: ours of it alone where the rest is absent
OWN_FLOORS = {"precision_10": 0.64, "recall_100": 0.82}  # of the queries of this repository
NAMES_FLOOR = 0.97
NAMES = 500
DEPTH = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one query came to, and how long it took in milliseconds."""

    query: LabelledQuery
    precision_10: float
    recall_100: float
    took: float


@dataclass(frozen=True, slots=True)
class Named:
    """How a name was looked for, and whether its company came first."""

    name: str
    asked: str
    first: str
    is_right: bool
    is_namesake: bool
    took: float


@contextlib.asynccontextmanager
async def searched(companies: Path | None) -> AsyncIterator[Companies]:
    """Company search over a file, or over the embedded catalogue, in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="longlist-eval-") as home:
        folder = Path(home)
        async with open_store(f"sqlite:///{folder / 'app.db'}") as store:
            catalogue = Catalogue(store, folder / "index", embedded=companies is None)
            if companies is not None:
                await catalogue.import_file(companies, "own", None, folder / "rejects", on_progress=lambda _: None)
            search = Companies(catalogue, store, folder / "learned", RulePlanner(today=READ_AT.date).understand)
            await search.open()
            yield search


async def first(search: Companies, text: str, limit: int) -> tuple[list[tuple[str, str]], float]:
    """(key, name) of the first companies for a text, and how many milliseconds it took."""
    started = time.perf_counter()
    page = await search.search(text, limit=limit)
    took = 1000 * (time.perf_counter() - started)
    return [(company.profile.key, company.profile.name) for company in page.companies], took


async def asked(search: Companies, corpus: Corpus) -> list[Outcome]:
    """Every query of a corpus that has something to find."""
    await search.search("a first search that loads what is loaded once")
    outcomes = []
    for query in corpus.queries:
        wanted = {key for key in query.judgments if query.is_qualified(key)}
        if wanted:
            found, took = await first(search, query.query, DEPTH)
            keys = [key for key, _ in found]
            precision = len(wanted.intersection(keys[:10])) / 10
            outcomes.append(Outcome(query, precision, len(wanted.intersection(keys)) / len(wanted), took))
    return outcomes


async def named(search: Companies, corpus: Corpus, seed: int) -> list[Named]:
    """Names of the catalogue, drawn and made noisy with a seed, each searched for."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    outcomes = []
    for key in chance.sample(sorted(corpus.profiles), min(NAMES, len(corpus.profiles))):
        name = corpus.profiles[key].name
        text = noisy(name, chance)
        found, took = await first(search, text, 5)
        top = found[0] if found else ("", "")
        is_namesake = top[0] != key and flat(top[1]) == flat(name)
        outcomes.append(Named(name, text, top[1], top[0] == key or is_namesake, is_namesake, took))
    return outcomes


def times(milliseconds: Sequence[float]) -> str:
    """Median and 95th percentile in words."""
    median, late = np.percentile(milliseconds, [50, 95])
    return f"{median:.0f} ms a search, 95 % within {late:.0f} ms"


def means(title: str, outcomes: Sequence[Outcome]) -> dict[str, float]:
    """The means of some queries, printed on one line."""
    found = {name: float(np.mean([getattr(o, name) for o in outcomes])) for name in FLOORS}
    print(
        f"\n{title} ({len(outcomes)} queries): P@10 {found['precision_10']:.3f}  recall@100 {found['recall_100']:.3f}  "
        f"{times([o.took for o in outcomes])}"
    )
    return found


def print_names(outcomes: Sequence[Named]) -> float:
    """The names that were not found, and the share that was."""
    share = float(np.mean([o.is_right for o in outcomes]))
    for o in outcomes:
        if not o.is_right:
            print(f"  {o.name!r} asked as {o.asked!r}: first is {o.first!r}")
    namesakes = sum(o.is_namesake for o in outcomes)
    print(
        f"names ({len(outcomes)}): first {share:.3f}, {namesakes} of them namesakes, {times([o.took for o in outcomes])}"
    )
    return share


def print_queries(outcomes: Sequence[Outcome]) -> None:
    """A line per query."""
    print(f"{'query':9} {'P@10':>5} {'R@100':>6} {'ms':>5}")
    for o in outcomes:
        print(f"{o.query.id:9} {o.precision_10:5.2f} {o.recall_100:6.2f} {o.took:5.0f}")


def below(title: str, found: dict[str, float], floors: dict[str, float]) -> list[str]:
    """A sentence for each figure that is below its floor."""
    return [
        f"below the floor: {title}: {name} is {found[name]:.3f}, should be at least {floor}"
        for name, floor in floors.items()
        if found[name] < floor
    ]


async def given(companies: Path | None, queries: Path, judgments: Path, split: str | None, seed: int) -> None:
    """Other companies, queries and judgments than ours, without floors."""
    labelled = read_queries(queries, judgments, split=split)
    corpus = imported_corpus(companies, labelled) if companies else named_catalog_corpus(labelled)
    async with searched(companies) as search:
        outcomes = await asked(search, corpus)
        print_queries(outcomes)
        means(corpus.name, outcomes)
        print_names(await named(search, corpus, seed))


async def ours(seed: int) -> list[str]:
    """The queries of this repository, those outside it where they are present, and names of the catalogue."""
    corpus = catalog_corpus()
    async with searched(None) as search:
        own = await asked(search, corpus)
        print_queries(own)
        names = await named(search, corpus, seed)
    outside, found = [], shared_corpus()
    if found is not None:
        async with searched(SHARED / "world" / "companies_dev.jsonl.gz") as search:
            outside = await asked(search, found)
            print_queries(outside)
    low = below("queries of the repository", means("queries of the repository", own), OWN_FLOORS)
    means("our own 20 of them, less those without an answer", [o for o in own if not is_dev(o)])
    if outside:
        low += below("development set", means("development set", [o for o in own if is_dev(o)] + outside), FLOORS)
    else:
        print("The companies outside the repository are not here: 6 of the 20 development queries were measured.")
    share = print_names(names)
    if share < NAMES_FLOOR:
        low.append(f"below the floor: names found first are {share:.3f}, should be at least {NAMES_FLOOR}")
    return low


def is_dev(outcome: Outcome) -> bool:
    """Whether a query belongs to the development set."""
    return outcome.query.id.startswith("dev-")


def main() -> int:
    """Print the report; with --floors, say which figures are too low."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--floors", action="store_true", help="exit 1 when a figure is below its floor")
    parser.add_argument("--seed", type=int, default=1, help="which names are drawn, and their noise")
    parser.add_argument(
        "--companies", type=Path, help="a file that `longlist catalog import` reads; default: catalogue"
    )
    parser.add_argument("--queries", type=Path, help="labelled queries, instead of ours")
    parser.add_argument("--judgments", type=Path, help="their judgments")
    parser.add_argument("--split", help="only the queries of this split")
    arguments = parser.parse_args()
    if arguments.queries:
        told = arguments.companies, arguments.queries, arguments.judgments, arguments.split, arguments.seed
        asyncio.run(given(*told))
        return 0
    low = asyncio.run(ours(arguments.seed))
    for line in low if arguments.floors else ():
        print(line, file=sys.stderr)
    return 1 if arguments.floors and low else 0


if __name__ == "__main__":
    sys.exit(main())
