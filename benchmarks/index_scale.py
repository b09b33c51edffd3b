"""How the company index grows: build, size, memory, query time and vector recall at 10k, 100k and 1M made-up companies.

    python benchmarks/index_scale.py [--sizes 10000,100000,1000000] [--folder DIR]

A made-up company is an invented name, three sentences of real catalogue records with a shared category (about 60 words, so
words and vectors are spread as in real text), and random facts. A query is a text and three criteria in the words of
other records. Building and asking run in processes of their own; memory is what opening and asking add to a process
that has everything imported. Making the companies up is not counted.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from longlist.catalog.hits import best
from longlist.catalog.index import CompanyIndex, IndexEntry
from longlist.catalog.records import catalog_records
from longlist.language.embedding import embed
from longlist.language.words import sentences
from longlist.model.company import Employees, Facts, Place
from longlist.model.plan import Constraint

COUNTRIES = ("United States", "Germany", "France", "India", "Brazil", "Japan", "Kenya", "Poland", "Canada", "Spain")
SIZES = ((1, 10), (11, 50), (51, 200), (201, 500), (501, 1000), (1001, 5000), (10001, None))
SYLLABLES = "ba cor di el fin go hu in ka lu mo nex or pri qua ra sol ti ver zo".split()
QUERIES = 60
LIMIT = 300
RECALL_AT = 200


@dataclass(frozen=True)
class Corpus:
    """Sentences of real records by category; some are kept for the queries."""

    described: dict[str, list[str]]
    asked: dict[str, list[str]]


def corpus() -> Corpus:
    by_tag: dict[str, list[str]] = defaultdict(list)
    for record in catalog_records():
        for tag in record.tags[:2]:
            by_tag[tag].extend(s for s in sentences(record.description) if 5 <= len(s.split()) <= 60)
    kept = {tag: found for tag, found in sorted(by_tag.items()) if len(found) >= 20}
    return Corpus({t: f[len(f) // 10 :] for t, f in kept.items()}, {t: f[: len(f) // 10] for t, f in kept.items()})


def companies(count: int, seed: int = 1) -> Iterator[IndexEntry]:
    rng, texts = random.Random(seed), corpus().described
    tags = list(texts)
    shares = [len(texts[tag]) ** 0.5 for tag in tags]
    for number in range(count):
        tag = rng.choices(tags, shares)[0]
        name = "".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))).title()
        size = rng.choice(SIZES) if rng.random() < 0.7 else None
        facts = Facts(
            founded=rng.randint(1950, 2026) if rng.random() < 0.7 else None,
            employees=Employees(*size) if size else None,
            hq=Place(country=rng.choice(COUNTRIES) if rng.random() < 0.8 else None),
            status="active" if rng.random() < 0.5 else None,
        )
        text = " ".join((f"{name}.", *rng.choices(texts[tag], k=3)))
        domain = f"{name.lower()}{number}.example"
        yield IndexEntry(domain, name, domain, text, (tag,), facts)


def queries(seed: int = 2) -> list[list[str]]:
    rng, texts = random.Random(seed), corpus().asked
    asked = []
    for _ in range(QUERIES):
        tag = rng.choice(list(texts))
        query = f"{tag} companies: {' '.join(rng.choice(texts[tag]).split()[:10])}"
        asked.append([query, *(" ".join(rng.choice(texts[tag]).split()[:18]) for _ in range(3))])
    return asked


class Timed:
    """Passes entries on and adds up how long making them took."""

    def __init__(self, entries: Iterable[IndexEntry]) -> None:
        self._entries = entries
        self.seconds = 0.0

    def __iter__(self) -> Iterator[IndexEntry]:
        stream = iter(self._entries)
        while True:
            start = time.perf_counter()
            entry = next(stream, None)
            self.seconds += time.perf_counter() - start
            if entry is None:
                return
            yield entry


def resident() -> dict[str, float]:
    """Resident memory of this process in MB: its own, and pages of files (which the system may take back)."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {name: int(status[name].split()[0]) / 1000 for name in ("VmRSS", "RssAnon", "RssFile", "VmHWM")}


def build(folder: Path, count: int) -> dict[str, float]:
    embed(["warm"])
    before = resident()
    entries = Timed(companies(count))
    start = time.perf_counter()
    index = CompanyIndex.build(folder, entries, fingerprint=f"made up {count}")
    seconds = time.perf_counter() - start - entries.seconds
    size = sum(path.stat().st_size for path in index.folder.rglob("*") if path.is_file())
    return {"build": seconds, "disk": size / 1e6, "peak": resident()["VmHWM"] - before["VmRSS"]}


def ask(folder: Path) -> dict[str, float]:
    asked = queries()
    embed(["warm"])
    before = resident()
    start = time.perf_counter()
    index = CompanyIndex.open(folder)
    opened = time.perf_counter() - start
    assert index is not None
    mask = index.mask([Constraint("country", "in", ("Germany",)), Constraint("employees", "max", 50)])
    start = time.perf_counter()
    index.search(asked[0], limit=LIMIT)
    first = time.perf_counter() - start
    plain, masked, text, names = [], [], [], []
    for texts in asked:
        plain.append(seconds_of(lambda texts=texts: index.search(texts, limit=LIMIT)))
        masked.append(seconds_of(lambda texts=texts: index.search(texts, limit=LIMIT, mask=mask)))
        text.append(seconds_of(lambda texts=texts: index.text_scores(texts[0].lower().split(), limit=LIMIT)))
        names.append(seconds_of(lambda texts=texts: index.lookup(texts[0].split()[2][:12])))
    after = resident()
    return {
        "open": opened * 1e3,
        "first": first * 1e3,
        "p50": statistics.median(plain) * 1e3,
        "p95": float(np.quantile(plain, 0.95)) * 1e3,
        "masked p95": float(np.quantile(masked, 0.95)) * 1e3,
        "lookup p95": float(np.quantile(names, 0.95)) * 1e3,
        "text p50": statistics.median(text) * 1e3,
        "memory": after["VmRSS"] - before["VmRSS"],
        "own": after["RssAnon"] - before["RssAnon"],
        "recall": recall(index, [texts[0] for texts in asked[:20]]),
    }


def seconds_of(work: object) -> float:
    start = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - start


def recall(index: CompanyIndex, texts: list[str]) -> float:
    """Share of the exact nearest `RECALL_AT` that the index finds, over some query texts."""
    vectors = index.query_vectors(texts)
    scores = np.concatenate(
        [
            index.vectors(np.arange(start, min(start + 50_000, len(index)))) @ vectors.T
            for start in range(0, len(index), 50_000)
        ]
    )
    shares = []
    for column, vector in zip(scores.T, vectors, strict=True):
        exact = best(np.arange(len(column)), column, RECALL_AT)
        near = index.vector_scores(vector, limit=RECALL_AT)
        shares.append(len(set(exact.rows.tolist()) & set(near.rows.tolist())) / len(exact))
    return statistics.mean(shares)


def measured(stage: str, folder: Path, count: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--stage", stage, "--sizes", str(count), "--folder", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    answer: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="10000,100000,1000000", help="numbers of companies, separated by commas")
    parser.add_argument("--folder", type=Path, help="where to build (default: a temporary folder)")
    parser.add_argument("--stage", choices=["build", "ask"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    sizes = [int(size.replace("_", "")) for size in options.sizes.split(",")]
    if options.stage:
        print(json.dumps(build(options.folder, sizes[0]) if options.stage == "build" else ask(options.folder)))
        return
    print(f"query = text + 3 criteria, {LIMIT} hits; times in ms; {os.cpu_count()} processors")
    print(
        "| companies | build s | a second | disk MB | build peak MB | open | first | p50 | p95 | p95 with a mask |"
        f" BM25 p50 | lookup p95 | resident MB (own) | recall@{RECALL_AT} |"
    )
    print("|" + " --- |" * 14)
    for size in sizes:
        folder = Path(tempfile.mkdtemp(dir=options.folder))
        try:
            b, a = measured("build", folder, size), measured("ask", folder, size)
        finally:
            shutil.rmtree(folder)
        print(
            f"| {size:,} | {b['build']:.1f} | {size / b['build']:,.0f} | {b['disk']:,.0f} | {b['peak']:,.0f} |"
            f" {a['open']:.0f} | {a['first']:.0f} | {a['p50']:.1f} | {a['p95']:.1f} | {a['masked p95']:.1f} |"
            f" {a['text p50']:.1f} | {a['lookup p95']:.1f} | {a['memory']:,.0f} ({a['own']:,.0f}) | {a['recall']:.3f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
