"""How fast cells are made: 1,000 rows × 5 columns without a model, end to end, beside the bare computing of the same answers.

    python benchmarks/tables.py [--rows 1000] [--database postgresql://…]

End to end is: rows added, cells asked for, made by a runner with leases and proofs, committed, and read back. The floor is
500 cells a second on a quiet core; the ratio to the bare computing does not depend on the machine.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path

from longlist.engine.cells import CellRunner
from longlist.engine.table_kit import TableKit
from longlist.engine.tables import Tables
from longlist.enrich.enrich import RecordEnricher
from longlist.grade.rule_grader import RuleGrader
from longlist.language.facts import facts_from_prose
from longlist.model.company import Candidate, Record
from longlist.model.table import Agent, ColumnConfig, NewRow
from longlist.plan.rule_planner import RulePlanner
from longlist.store.open import open_store
from longlist.tables.answering import Question, Subject
from longlist.tables.local import LocalAnswerer

FLOOR = 500  # cells a second
COUNTRIES = ("Austria", "Portugal", "Kenya", "Japan", "Chile")
QUESTIONS = (
    ("founded", "In which year was {company_name} founded?", "numeric"),
    ("country", "In which country is the headquarters of {company_name}?", "text"),
    ("about", "Describe {company_name} in one sentence.", "text"),
    ("staff", "How many employees does {company_name} have?", "text"),
    ("fleet", "Which warehouses with frozen goods does {company_name} run near harbours?", "text"),
)


def record(number: int) -> Record:
    """A made-up company."""
    name, country = f"Company {number}", COUNTRIES[number % len(COUNTRIES)]
    text = "\n".join(
        (
            name,
            f"{name} makes part {number} of cooling machines for bakeries and breweries of the region.",
            f"{name} was founded in {1950 + number % 70}. The company is headquartered in {country}.",
            f"It employs {10 + number % 500} people. " + "Its machines are quiet and last for decades. " * 5,
        )
    )
    domain = f"company-{number}.com"
    return Record(f"catalog:made:{number}", name, domain, text.split("\n")[1], text, facts=facts_from_prose(text))


async def measure(url: str, count: int) -> tuple[float, float, int]:
    """Seconds end to end, seconds of bare computing, and how many cells."""
    records = {one.domain: [one] for one in map(record, range(count))}

    async def records_of(keys: object) -> dict[str, list[Record]]:
        assert isinstance(keys, list)
        return {key: records[key] for key in keys if key in records}

    enricher = RecordEnricher(records_of, lambda: datetime.now(UTC))
    local = LocalAnswerer()

    async def nobody(_: str) -> Candidate | None:
        return None

    kit = TableKit(
        planner=RulePlanner(today=lambda: date(2026, 1, 2)),
        enricher=enricher,
        records=enricher,
        grader=RuleGrader(lambda _: 3.0),
        cascade=None,
        answerers={"llm": local, "research_pro": local},
        find_company=nobody,
    )

    async def fresh() -> TableKit:
        return kit

    async with open_store(url) as store:
        tables = Tables(store)
        columns = [ColumnConfig("agent", key, key, Agent("research_pro", p, f)) for key, p, f in QUESTIONS]  # type: ignore[arg-type]
        table = await tables.create("Benchmark", columns=columns)
        asked = [column.id for column in table.columns if column.config.kind == "agent"]
        began = time.perf_counter()
        for start in range(0, count, 500):
            some = [NewRow({"input": f"company-{n}.com"}) for n in range(start, min(count, start + 500))]
            await tables.add_rows(table.id, some)
        run = await tables.run(table.id, columns=asked)
        await CellRunner(store, fresh).until_idle()
        rows = [row async for batch in tables.rows(table) for row in batch]
        whole = time.perf_counter() - began
        assert sum(len(row.cells) for row in rows) == run.requested == count * len(QUESTIONS)
    profiles = dict(await enricher.enrich([Candidate(domain, "", domain, "table") for domain in records]))
    began = time.perf_counter()
    for domain, profile in profiles.items():
        assert not isinstance(profile, str)
        subject = Subject(profile.name, domain, profile)  # type: ignore[union-attr,arg-type]
        for column in columns:
            assert column.agent is not None
            prompt = column.agent.prompt.replace("{company_name}", subject.name)
            await local.answer(Question(column.key, column.name, prompt, column.agent, subject))
    return whole, time.perf_counter() - began, run.requested


def main() -> int:
    """Measure and print; exit status 1 below the floor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000)
    parser.add_argument("--database", default="", help="another database than a new file of SQLite")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = args.database or f"sqlite:///{Path(folder) / 'app.db'}"
        whole, bare, cells = asyncio.run(measure(url, args.rows))
    rate = cells / whole
    print(f"{cells:,} cells in {whole:.2f} s: {rate:,.0f} a second end to end (floor {FLOOR})")
    print(f"bare computing of the same answers: {bare:.2f} s, so the whole takes {whole / bare:.1f} times that")
    return 0 if rate >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
