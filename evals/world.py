"""Measures whole searches on the simulated internet of the folder `shared` beside the repository, through the HTTP API.

    python evals/world.py                                  # web search through each search engine in turn, no faults
    python evals/world.py --provider brave --faults nasty --only dev-y0
    python evals/world.py --sources auto --latency real    # what the query's own choice of sources gives, and how fast

For each provider a world and a server of its own are started; `evaluate.py` of that folder asks the queries and compares.
Added to its table: how many of the companies that should be found were discovered at all, what sources had to say, and,
from the ledger, how long each task could not have helped taking. Without the folder it says so and measures nothing.
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

import world_llm
from call_times import bounds
from longlist.language.domains import registered_domain

SHARED = Path(__file__).parents[2] / "shared"
WORLD = SHARED / "world"
SEARCHES = ("searxng", "brave", "serper", "tavily", "exa")
MAPS = ("google_places", "overpass", "nominatim")
PROGRAM = (sys.executable, "-c", "import sys; sys.argv[0] = 'longlist'; from longlist.serve.start import main; main()")
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
AT_ONCE = 64
PASS = 0.75  # of the criteria, graded 4 or 5, for a company to qualify


@dataclass(frozen=True, slots=True)
class Served:
    """A server in a world."""

    base: str
    token: str
    process: subprocess.Popen[bytes]


@contextlib.contextmanager
def world(*flags: str) -> Iterator[tuple[dict[str, Any], int]]:
    """A world: its first line, and the number of its process."""
    env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "run.py", *flags],
        cwd=WORLD,
        env=env | {"PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            sys.exit("The world ended before it was ready.")
        yield json.loads(line), process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextlib.contextmanager
def server(home: Path, settings: dict[str, str]) -> Iterator[Served]:
    """`longlist serve` with these settings, as users start it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LONGLIST_")}
    source = Path(__file__).parents[1] / "src"
    env = kept | {"LONGLIST_HOME": str(home), "PYTHONPATH": str(source)} | settings
    with (home.parent / "server.log").open("ab") as log:
        process = subprocess.Popen([*PROGRAM, "serve", "--port", "0"], env=env, stdout=subprocess.PIPE, stderr=log)  # noqa: S603
    try:
        assert process.stdout is not None
        words = ""
        while "Ctrl-C" not in words:
            line = process.stdout.readline().decode()
            if not line:
                sys.exit((home.parent / "server.log").read_text())
            words += line
        base, token = re.search(r"serves (http://\S+:\d+),", words), re.search(r"Bearer (ll_[\w-]+)'", words)
        assert base is not None
        assert token is not None
        yield Served(base[1], token[1], process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def settings_of(line: dict[str, Any], providers: Sequence[str]) -> dict[str, str]:
    """The environment in which these providers of a world are set up, and no other."""
    found = dict(line["env"])
    for name in providers:
        found[f"LONGLIST_{name.upper()}_URL"] = line[name]
        found[f"LONGLIST_{name.upper()}_KEY"] = line["key"]
    return found


def evaluate(served: Served, api: str, args: argparse.Namespace, out: Path) -> dict[str, Any]:
    """What the folder's own program reports; its table is printed as it comes."""
    command = [sys.executable, "evaluate.py", "--api", served.base, "--token", served.token, "--world", api]
    command += ["--queries", args.queries, "--judgments", args.judgments, "--desired", str(args.desired)]
    command += ["--out", str(out), "--timeout", str(args.timeout)]
    command += ["--sources", args.sources] if args.sources != "auto" else []
    command += ["--only", args.only] if args.only else []
    env = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    subprocess.run(command, cwd=WORLD, env=env, check=False)  # noqa: S603
    report: dict[str, Any] = json.loads(out.read_text())
    return report


def qualified_living(api: str, args: argparse.Namespace) -> dict[str, frozenset[str]]:
    """By query, the registered domains of the companies that are alive in this world and judged to qualify."""
    with DIRECT.open(f"{api}/__companies", timeout=60) as answer:
        companies = {one["slug"]: one for one in json.load(answer)}
    grades: dict[str, set[str]] = defaultdict(set)
    for line in Path(args.judgments).read_text().splitlines():
        row = json.loads(line)
        scores = list(row["grades"].values())
        company = companies.get(row["id"])
        if company and company["alive"] and sum(score >= 4 for score in scores) >= PASS * len(scores):
            grades[row["query_id"]].add(registered_domain(company["domain"]))
    return {query: frozenset(found) for query, found in grades.items()}


@dataclass(frozen=True, slots=True)
class Kept:
    """What a task found, from its rows: domains, and what its sources had to say."""

    domains: frozenset[str]
    sources: tuple[str, ...]


async def kept(database: Path, task_id: str) -> Kept:
    """See `Kept`."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{database}")
    async with engine.connect() as connection:
        rows = (
            await connection.execute(text("SELECT domain FROM candidate WHERE task_id = :id"), {"id": task_id})
        ).all()
        told = await connection.execute(
            text("SELECT source, reason FROM source_state WHERE task_id = :id"), {"id": task_id}
        )
        sources = tuple(f"{source}: {reason}" for source, reason in told.all() if reason)
    await engine.dispose()
    return Kept(frozenset(registered_domain(row[0]) for row in rows if row[0]), sources)


def processor_seconds(pid: int) -> float:
    """What a process and those it started have used of the processor so far; 0 where that cannot be seen."""
    children = [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/stat") if _parent(path) == pid]
    return _own_processor_seconds(pid) + sum(processor_seconds(child) for child in children)


def _parent(stat: Path) -> int:
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int(stat.read_text().rpartition(")")[2].split()[1])
    return 0


def _own_processor_seconds(pid: int) -> float:
    with contextlib.suppress(OSError, IndexError, ValueError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def measure(providers: Sequence[str], args: argparse.Namespace) -> dict[str, Any]:
    """One world, one server, all queries."""
    flags = ["--faults", args.faults, "--latency", args.latency, "--seed", args.seed]
    flags += ["--companies", args.companies] if args.companies else []
    flags += ["--judgments", args.queries, args.judgments]
    with (
        tempfile.TemporaryDirectory(prefix="longlist-world-") as folder,
        world(*flags) as (line, pid),
        contextlib.ExitStack() as stack,
    ):
        home = Path(folder) / "home"
        home.mkdir()
        began, used = time.monotonic(), processor_seconds(pid)
        model = stack.enter_context(world_llm.model_settings(args.llm, line))
        settings = (
            settings_of(line, providers) | {"LONGLIST_CALLS_AT_ONCE": str(AT_ONCE), "LONGLIST_LOG": "debug"} | model
        )
        with server(home, settings) as served:
            report = evaluate(served, line["api"], args, Path(folder) / "report.json")
            own = processor_seconds(served.process.pid)
        wanted = qualified_living(line["api"], args)
        rows = [row for row in report["queries"] if "task" in row]
        database = next(home.glob("*.db"))
        of = {row["query"]: asyncio.run(kept(database, row["task"])) for row in rows}
        every = sum(len(wanted[row["query"]]) for row in rows)
        met = sum(len(wanted[row["query"]] & of[row["query"]].domains) for row in rows)
        for row in rows:
            one = of[row["query"]]
            found = len(wanted[row["query"]] & one.domains)
            times = bounds(home.parent / "server.log", row["task"], AT_ONCE)
            print(
                f"  {row['query']}: discovered {found} of {len(wanted[row['query']])} among {len(one.domains)} domains;"
                f" {times.taken:.1f} s of calls; at least {times.least:.1f} (all over {AT_ONCE} {times.calls:.1f}, one company"
                f" {times.company:.1f}, one host {times.host:.1f}), round after round {times.rounds:.1f}"
            )
            for told in one.sources:
                print(f"    {told}")
        thought = thinking(rows, wanted, home, model, with_everyone=args.everyone) if model else {}
        summary: dict[str, Any] = report["summary"] | {
            "discovered": round(met / every, 3) if every else None,
            "evaluated_per_minute": round(
                60 * sum(row.get("evaluated") or 0 for row in rows) / max(1e-9, sum(row["seconds"] for row in rows))
            ),
            "processor_seconds": round(own, 1),
            "wall_seconds": round(time.monotonic() - began, 1),
            "world_processor_seconds": round(processor_seconds(pid) - used, 1),
            **thought,
        }
        if args.keep:
            Path(args.keep).mkdir(parents=True, exist_ok=True)
            (Path(args.keep) / f"{'-'.join(providers)}.json").write_text(json.dumps(report, indent=1))
            (Path(args.keep) / f"{'-'.join(providers)}.log").write_bytes((home.parent / "server.log").read_bytes())
            (Path(args.keep) / f"{'-'.join(providers)}.db").write_bytes(database.read_bytes())
        return summary


def thinking(
    rows: Sequence[dict[str, Any]],
    wanted: dict[str, frozenset[str]],
    home: Path,
    model: dict[str, str],
    *,
    with_everyone: bool,
) -> dict[str, Any]:
    """What a model was asked, what it cost, and what the forecast was worth; with `with_everyone`, beside what grading every
    company with a profile would have taken and found.
    """
    right = max(1, sum(row.get("right") or 0 for row in rows))
    spent = {row["query"]: asyncio.run(world_llm.spent(home, model, row["task"])) for row in rows}
    for query, one in spent.items():
        calls, micros = sum(one.calls.values()), max(1, one.micros)
        print(
            f"  {query}: {calls} questions {one.calls}, {one.tokens:,} tokens, ${one.micros / 1e6:.4f};"
            f" forecast {one.forecast_calls} questions ({one.forecast_calls / max(1, calls):.2f}),"
            f" ${one.forecast_micros / 1e6:.4f} ({one.forecast_micros / micros:.2f})"
        )
    asked: dict[str, Any] = {
        "questions_per_qualified": round(sum(sum(one.calls.values()) for one in spent.values()) / right, 2),
        "tokens_per_qualified": round(sum(one.tokens for one in spent.values()) / right),
        "dollars_per_qualified": round(sum(one.micros for one in spent.values()) / 1e6 / right, 5),
    }
    if not with_everyone:
        return asked
    every = {row["query"]: asyncio.run(world_llm.everyone(home, model, row["task"])) for row in rows}
    number = max(1, sum(len(wanted[row["query"]]) for row in rows))
    own, all_of = (
        sum(len(wanted[query] & (one.own if is_own else one.qualified)) for query, one in every.items())
        for is_own in (True, False)
    )
    questions = sum(sum(one.calls.values()) for one in spent.values())
    for query, full in every.items():
        met, own_met = len(wanted[query] & full.qualified), len(wanted[query] & full.own)
        print(f"  {query}: everyone {full.calls} questions, {met} right; the cascade {own_met} of {len(wanted[query])}")
    return asked | {
        "everyone_questions": sum(one.calls for one in every.values()),
        "everyone_dollars": round(sum(one.micros for one in every.values()) / 1e6, 4),
        "share_of_questions": round(questions / max(1, sum(one.calls for one in every.values())), 3),
        "recall_here": round(own / number, 3),
        "recall_of_everyone": round(all_of / number, 3),
    }


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--provider", action="append", choices=SEARCHES, help="search engines; default: each in turn")
    parser.add_argument(
        "--sources", default="web_search", help="data sources, with commas; `auto` leaves the choice open"
    )
    parser.add_argument("--faults", default="none", choices=["none", "mild", "nasty"])
    parser.add_argument("--latency", default="zero", choices=["zero", "real"])
    parser.add_argument("--seed", default="0")
    parser.add_argument("--desired", type=int, default=25)
    parser.add_argument("--only", help="queries whose id matches this pattern")
    parser.add_argument("--timeout", type=float, default=900)
    parser.add_argument("--companies", help="another world's companies")
    parser.add_argument("--queries", default=str(SHARED / "judgments" / "dev_queries.json"))
    parser.add_argument("--judgments", default=str(SHARED / "judgments" / "dev.jsonl"))
    parser.add_argument(
        "--llm", default="none", choices=world_llm.KINDS, help="the world's model, as it is or made to err"
    )
    parser.add_argument(
        "--everyone", action="store_true", help="have the model grade all with a profile as well, to compare"
    )
    parser.add_argument("--keep", help="a folder for reports, databases and the servers' logs")
    args = parser.parse_args()
    if not (WORLD / "run.py").is_file():
        print("The simulated internet is not beside this repository: nothing is measured.")
        return 0
    table = {}
    for name in args.provider or SEARCHES:
        print(f"== {name}, faults {args.faults}, latency {args.latency}, sources {args.sources}", flush=True)
        table[name] = measure([name, *(MAPS if args.sources == "auto" else ())], args)
    shown = (
        "queries failed recall precision discovered duplicates wrong_websites planted injected_accepted quotes_checked quotes_false"
        " profile_accuracy robots_violations private_address_requests searches pages seconds evaluated_per_minute processor_seconds world_processor_seconds"
        " llm_calls llm_tokens invented_evidence questions_per_qualified tokens_per_qualified dollars_per_qualified everyone_questions"
        " everyone_dollars share_of_questions recall_here recall_of_everyone"
    ).split()
    for key in shown:
        print(f"{key:>26}  " + "  ".join(f"{table[name].get(key)!s:>10}" for name in table))
    return 0


if __name__ == "__main__":
    sys.exit(main())
