"""Reads sites of every kind in the simulated internet, and counts how often a page is taken for what it is.

    python evals/pages.py                       # 25 sites of each kind, the world without delays
    python evals/pages.py --each 5 --latency real

A line a kind: how many were right, what the others were taken for, seconds a page. Then what the world saw of our
manners, and the processor time of reading. The world is the folder `shared` beside the repository.
"""

import argparse
import asyncio
import importlib.util
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any

from longlist.engine.calls import Calls
from longlist.engine.ledger import Ledger
from longlist.model.network import Network
from longlist.model.web import Errand, PageState, WebPage
from longlist.settings import Settings
from longlist.store.open import open_store
from longlist.web.reader import open_reader
from longlist.wiring.clock import now
from longlist.wiring.pages import page_limits

STATES: dict[str, PageState] = {
    **dict.fromkeys(("jsonld", "og", "prose", "shell", "tables"), "readable"),
    **dict.fromkeys(("slow", "huge", "bomb", "flaky", "injected", "somerobots"), "readable"),
    "acquirer": "readable",  # the acquirer's
    "404": "missing",
    "500": "unreachable",
    "dns": "unreachable",
    "tls": "unreachable",
    "timeout": "unreachable",
    "loop": "unsafe",
    "ssrf": "unsafe",
    "parked": "parked",
    "closed": "closed",
    "norobots": "forbidden",
}
"""What a site of each kind is to be taken for: a fault, a quirk, or a template of a site that has neither."""


def kind_of(company: dict[str, Any]) -> str:
    """The kind of a company's site."""
    return str(company["fault"] or company["quirk"] or company["template"])


def home_of(company: dict[str, Any]) -> str:
    """Where its site begins."""
    return f"https://{company['domain']}/"


def sites(companies: list[dict[str, Any]], each: int) -> dict[str, list[dict[str, Any]]]:
    """So many companies of each kind, at most."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for company in companies:
        kind = kind_of(company)
        if company["domain"] and kind in STATES and len(found[kind]) < each:
            found[kind].append(company)
    return found


def simulated() -> ModuleType:
    """The module beside the tests that starts a simulated internet."""
    spec = importlib.util.spec_from_file_location("simulated", Path(__file__).parents[1] / "tests" / "world.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["simulated"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


async def measure(each: int, flags: list[str]) -> int:
    """Print the table; returns how many pages were taken for something else."""
    with simulated().running(*flags) as world, tempfile.TemporaryDirectory() as folder:
        env, settings = world.env, Settings()
        network = Network(env["HTTP_PROXY"], env["HTTPS_PROXY"], env["NO_PROXY"], env["SSL_CERT_FILE"])
        chosen = sites(world.get("/__companies"), each)
        world.post("/__reset")
        async with (
            open_store(f"sqlite:///{folder}/app.db") as store,
            Calls(Ledger(store), store.control, at_once=64, providers=page_limits(settings)) as calls,
            open_reader(calls, now, network, memory=store) as reader,
        ):

            async def timed(company: dict[str, Any]) -> tuple[WebPage, float]:
                start = time.monotonic()
                return await reader.read(home_of(company), Errand(freshness="1")), time.monotonic() - start

            began, before = time.monotonic(), time.process_time()
            companies = [company for kind in chosen.values() for company in kind]
            pages = await asyncio.gather(*(timed(company) for company in companies))
            took, spent = time.monotonic() - began, time.process_time() - before
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        wrong = report(companies, pages)
        stats = world.get("/__stats")
        print(f"\n{len(pages)} pages in {took:.1f} s, of which {spent:.1f} s of processor time here")
        print(f"{children.ru_utime + children.ru_stime:.1f} s in processes that ended, the reading ones among them")
        for name in (
            "requests",
            "robots_violations",
            "retry_after_ignored",
            "private_address_requests",
            "max_concurrency",
        ):
            print(f"{name}: {stats[name]}")
    return wrong


def report(companies: list[dict[str, Any]], pages: list[tuple[WebPage, float]]) -> int:
    """A line a kind; returns the number of wrong ones."""
    rows: dict[str, list[tuple[WebPage, float]]] = defaultdict(list)
    for company, page in zip(companies, pages, strict=True):
        rows[kind_of(company)].append(page)
    print(f"{'kind':<12} {'state':<12} {'right':>7}  {'seconds':>7}  others")
    wrong = 0
    for kind, found in sorted(rows.items()):
        others = Counter(page.state for page, _ in found if page.state != STATES[kind])
        wrong += others.total()
        middle = sorted(seconds for _, seconds in found)[len(found) // 2]
        right = f"{len(found) - others.total()}/{len(found)}"
        print(f"{kind:<12} {STATES[kind]:<12} {right:>7}  {middle:>7.1f}  {dict(others) or ''}")
    return wrong


def main() -> None:
    """Run it; exit status 1 when a page was taken for something else."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=25, help="sites of each kind")
    parser.add_argument("--latency", choices=("zero", "real"), default="zero")
    parser.add_argument("--faults", choices=("none", "mild", "nasty"), default="none")
    given = parser.parse_args()
    sys.exit(bool(asyncio.run(measure(given.each, ["--latency", given.latency, "--faults", given.faults]))))


if __name__ == "__main__":
    main()
