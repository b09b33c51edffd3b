"""Labelled queries, and the companies they are about, as one corpus with an index of its own."""

import asyncio
import json
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from longlist.catalog.importer import read_records
from longlist.catalog.index import CompanyIndex
from longlist.catalog.records import catalog_records, merge
from longlist.engine.catalogue import entry_of
from longlist.model.company import CompanyProfile, Record
from longlist.model.criterion import Criterion, qualifies
from longlist.model.plan import Plan
from longlist.plan.rule_planner import RulePlanner

LABELS = Path(__file__).parent / "labels"
SHARED = Path(__file__).parents[2] / "shared"  # labels and companies that are not part of the repository, where present
READ_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LabelledQuery:
    """A query with criteria, and judged companies: company id -> criterion key -> grade (1-5)."""

    id: str
    query: str
    criteria: tuple[Criterion, ...]
    judgments: Mapping[str, Mapping[str, int]]

    def is_qualified(self, company: str) -> bool:
        """Whether a judged company qualifies; unjudged ones do not."""
        grades = self.judgments.get(company)
        return grades is not None and qualifies([grades[c.key] for c in self.criteria])


@dataclass(frozen=True, slots=True)
class Corpus:
    """Companies by key, their index, and which company a label's id means."""

    name: str
    profiles: Mapping[str, CompanyProfile]
    index: CompanyIndex
    company_of: Mapping[str, str]
    queries: tuple[LabelledQuery, ...]


def read_queries(queries: Path, judgments: Path, *, split: str | None = None) -> list[LabelledQuery]:
    """The queries of a file (of one split, if given) with their judgments."""
    graded: dict[str, dict[str, dict[str, int]]] = {}
    for line in judgments.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        graded.setdefault(row["query_id"], {})[row["id"]] = row["grades"]
    return [
        LabelledQuery(
            id=row["query_id"],
            query=row["query"],
            criteria=tuple(Criterion(c["key"], c["name"], c["criterion"]) for c in row["criteria"]),
            judgments=graded.get(row["query_id"], {}),
        )
        for row in json.loads(queries.read_text(encoding="utf-8"))
        if split is None or row.get("split") == split
    ]


def corpus(name: str, records: Iterable[Record], queries: Iterable[LabelledQuery], prefix: str = "") -> Corpus:
    """Index records in a temporary folder; a label's id with `prefix` in front is the key of a record."""
    ordered = sorted(records, key=lambda record: (record.company_key, record.key))
    grouped = [list(group) for _, group in groupby(ordered, key=lambda record: record.company_key)]
    folder = Path(tempfile.mkdtemp(prefix="longlist-eval-"))
    index = CompanyIndex.build(folder, (entry_of(group, READ_AT) for group in grouped), fingerprint=name)
    company_of = {record.key: record.company_key for record in ordered}
    return Corpus(
        name=name,
        profiles={group[0].company_key: merge(group, READ_AT) for group in grouped},
        index=index,
        company_of=company_of,
        queries=tuple(_relabelled(query, company_of, prefix) for query in queries),
    )


def _relabelled(query: LabelledQuery, company_of: Mapping[str, str], prefix: str) -> LabelledQuery:
    """Judgments by company; of several records of one company the best grade counts."""
    merged: dict[str, dict[str, int]] = {}
    for label, grades in query.judgments.items():
        key = company_of.get(prefix + label)
        if key is None:
            raise LookupError(f"{query.id} has a judgment of {label}, which is not among the records")
        known = merged.setdefault(key, dict(grades))
        if sum(grades.values()) > sum(known.values()):
            merged[key] = dict(grades)
    return LabelledQuery(query.id, query.query, query.criteria, merged)


def catalog_corpus() -> Corpus:
    """The embedded catalogue with the labels of this repository: six queries of the development set and our own."""
    queries = read_queries(LABELS / "dev_queries.json", LABELS / "dev_judgments.jsonl")
    if (LABELS / "own_queries.json").exists():
        queries += read_queries(LABELS / "own_queries.json", LABELS / "own_judgments.jsonl")
    return corpus("catalog", catalog_records(), queries)


def named_catalog_corpus(queries: Iterable[LabelledQuery]) -> Corpus:
    """The embedded catalogue with other labels; ids may be short: "w:Shopify" for a web technology, "t:SAP" for a stock."""
    long = {"w": "catalog:wappalyzer:", "t": "catalog:listed:"}

    def named(label: str) -> str:
        kind, _, rest = label.partition(":")
        return f"{long[kind]}{rest}" if kind in long else label

    renamed = [
        LabelledQuery(q.id, q.query, q.criteria, {named(label): grades for label, grades in q.judgments.items()})
        for q in queries
    ]
    return corpus("catalog", catalog_records(), renamed)


def shared_corpus() -> Corpus | None:
    """Accelerator companies with their labels, imported from outside the repository; None where they are not there."""
    companies = SHARED / "world" / "companies_dev.jsonl.gz"
    if not companies.exists():
        return None
    queries = read_queries(
        SHARED / "judgments" / "dev_queries.json", SHARED / "judgments" / "dev.jsonl", split="yc_dev"
    )
    return imported_corpus(companies, queries)


def imported_corpus(companies: Path, queries: Iterable[LabelledQuery]) -> Corpus:
    """Companies of a file, read as `longlist catalog import` reads it; labels name them by the file's own ids."""
    name = companies.name.partition(".")[0]
    return corpus(name, read_records(companies, "own", on_reject=lambda _: None), queries, prefix="catalog:own:")


def plan_of(query: LabelledQuery) -> Plan:
    """The plan of the rule planner for a labelled query with its criteria."""
    return asyncio.run(RulePlanner(today=READ_AT.date).plan(query.query, query.criteria))
