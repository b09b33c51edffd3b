"""How fast companies are graded: pairs of company and criterion a second, on one core.

Prints the time for 300 catalogue companies x 3 criteria at first sight and again, and the ratio to the naive way:
every pair on its own, its sentences cut and compared one by one in plain Python.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from longlist.catalog.index import CompanyIndex
from longlist.catalog.records import catalog_records, merge
from longlist.engine.catalogue import entry_of
from longlist.grade.pool import cut
from longlist.grade.rule_grader import RuleGrader
from longlist.language.words import sentences, terms
from longlist.model.company import CompanyProfile
from longlist.model.criterion import Criterion
from longlist.model.plan import Plan
from longlist.plan.rule_planner import RulePlanner

READ_AT = datetime(2026, 1, 1, tzinfo=UTC)
QUERY = "Loyalty and rewards programmes for online shops, not agencies"
CRITERIA = (
    Criterion("loyalty", "Loyalty programme", "The product runs loyalty, rewards or referral programmes for shoppers."),
    Criterion("shops", "Sold to online shops", "The customers are online stores, retailers or brands."),
    Criterion("software", "Software, not a service", "It is software or a platform rather than an agency."),
)
CANDIDATES = 300
REPEATS = 7


def main() -> None:
    """Print the figures."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    ordered = sorted(catalog_records(), key=lambda record: (record.company_key, record.key))
    groups = [list(group) for _, group in groupby(ordered, key=lambda record: record.company_key)]
    profiles = {group[0].company_key: merge(group, READ_AT) for group in groups}
    with tempfile.TemporaryDirectory() as folder:
        index = CompanyIndex.build(Path(folder), (entry_of(g, READ_AT) for g in groups), fingerprint="bench")
        plan = asyncio.run(RulePlanner(today=READ_AT.date).plan(QUERY, CRITERIA))
        pool = [profiles[hit.key] for hit in index.search(plan.search_texts(), limit=CANDIDATES)]
        grader = RuleGrader(index.idf)
        pairs = len(pool) * len(CRITERIA)

        def graded() -> None:
            asyncio.run(grader.grade(plan, pool, pool))

        def first_sight() -> None:
            cut.cache_clear()
            graded()

        graded()
        first, again, naive = best(first_sight), best(graded), best(lambda: naively(plan, pool), repeats=2)
    print(f"{len(pool)} companies x {len(CRITERIA)} criteria = {pairs} pairs, one core, best of {REPEATS}")
    print(f"first sight of the texts  {1000 * first:7.1f} ms  {pairs / first:9,.0f} pairs/s")
    print(f"texts seen before         {1000 * again:7.1f} ms  {pairs / again:9,.0f} pairs/s")
    print(f"naive, coverage alone     {1000 * naive:7.1f} ms  {pairs / naive:9,.0f} pairs/s")
    print(f"ratio naive : first sight : again = {naive / again:.1f} : {first / again:.1f} : 1")


def best(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """The shortest of some runs, in seconds: what the work takes when nothing disturbs it."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def naively(plan: Plan, pool: list[CompanyProfile]) -> list[float]:
    """Share of each criterion's words in the best sentence of each company, nothing shared between pairs."""
    found = []
    for reading in plan.readings:
        for profile in pool:
            wanted = set(terms(reading.positive))
            passages = [set(terms(s)) for page in profile.pages for s in sentences(page.text)]
            found.append(max((len(wanted & passage) / max(1, len(wanted)) for passage in passages), default=0.0))
    return found


if __name__ == "__main__":
    main()
