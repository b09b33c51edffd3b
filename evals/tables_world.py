"""Measures tables on the simulated internet of the folder `shared` beside the repository: are cells right, and proven?

    python evals/tables_world.py                     # 50 companies × 4 questions, with the world's model
    python evals/tables_world.py --no-model          # the same without a model
    python evals/tables_world.py --floor 0.9         # exit status 1 below that share of right answers

A question counts as stated when the company's own site states the answer. Right is what the world knows to be true; for the
one-line description, words of the company's own. An answer is unproven when it has no quotation, or one that does not stand in
the page it names. Without the folder it says so and measures nothing.
"""

import argparse
import gzip
import html
import json
import re
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from world import DIRECT, WORLD, Served, server, settings_of, world

LABELS = ("SaaS", "Marketplace", "E-commerce", "Hardware", "Nonprofit")
QUESTIONS: dict[str, dict[str, Any]] = {
    "founding_year": {"prompt": "In which year was {company_name} founded?", "output_format": "numeric"},
    "hq_country": {"prompt": "In which country is the headquarters of {company_name}?", "output_format": "text"},
    "description": {"prompt": "Describe {company_name} in one line.", "output_format": "text"},
    "business_model": {
        "prompt": "What is the business model of {company_name}?",
        "output_format": "select",
        "labels": list(LABELS),
    },
}
PATIENCE_SECONDS = 600
SHARE_OF_OWN_WORDS = 0.6


@dataclass(frozen=True, slots=True)
class Truth:
    """What the world knows of a company; `stated` are the questions that its own site answers."""

    domain: str
    answers: dict[str, Any]
    stated: frozenset[str]


def get(url: str) -> Any:
    """JSON from the world."""
    with DIRECT.open(url, timeout=60) as answer:
        return json.load(answer)


def words(text: str) -> set[str]:
    """The words of a text."""
    return set(re.findall(r"[a-z0-9]+", text.lower()))


def page_text(api: str, url: str) -> str:
    """The text of a page as the world serves it, tags dropped; "" when it has none."""
    served = get(f"{api}/__text?url={urllib.parse.quote(url, safe='')}")
    return html.unescape(re.sub(r"<[^>]+>", " ", served["html"])) if served["status"] == 200 else ""


def site_text(api: str, domain: str) -> str:
    """What a company's home and about pages say."""
    return "\n".join(page_text(api, f"https://{domain}{path}") for path in ("/", "/about", "/about-us", "/company"))


def truths(api: str, count: int) -> list[Truth]:
    """Companies that are alive and have one business model at most, with what their sites state."""
    file = gzip.decompress((WORLD / "companies_dev.jsonl.gz").read_bytes()).decode()
    told = {row["slug"]: row for row in map(json.loads, file.splitlines())}
    found: list[Truth] = []
    for one in get(f"{api}/__companies"):
        row = told[one["slug"]]
        models = [label for label in LABELS if label in row["tags"]]
        if not one["alive"] or len(models) > 1 or len(row["one_liner"]) < 20 or one["quirk"]:
            continue
        text = site_text(api, one["domain"])
        stated = {"description"} | {
            name for name, key in (("founding_year", "founded"), ("hq_country", "country")) if key in one["published"]
        }
        if models and re.search(rf"(?<!\w){re.escape(models[0])}(?!\w)", text):
            stated.add("business_model")
        answers = {
            "founding_year": one["founding_year"],
            "hq_country": one["hq_country"],
            "description": f"{row['one_liner']} {row['long_description']} {one['name']}",
            "business_model": models[0] if models else None,
        }
        found.append(Truth(one["registrable"], answers, frozenset(stated)))
        if len(found) == count:
            break
    return found


def is_right(name: str, answer: Any, truth: Any) -> bool:
    """Whether an answer is what is true."""
    if name == "description":
        said = words(str(answer))
        return bool(said) and len(said & words(str(truth))) >= SHARE_OF_OWN_WORDS * len(said)
    return bool(answer == truth)


def ask(served: Served, method: str, path: str, body: Any = None) -> Any:
    """A call of the API."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {served.token}"}
    request = urllib.request.Request(served.base + path, data, headers, method=method)  # noqa: S310
    with DIRECT.open(request, timeout=60) as answer:
        return json.load(answer)


def filled(served: Served, companies: list[Truth]) -> tuple[dict[str, Any], float]:
    """The table's data once all is made, and how long that took."""
    columns = [
        {"kind": "agent", "key": key, "name": key.replace("_", " "), "value": {"agent_type": "research_pro", **value}}
        for key, value in QUESTIONS.items()
    ]
    table = ask(served, "POST", "/v1/tables", {"name": "World", "column_configs": columns})
    path, began = f"/v1/tables/{table['id']}", time.monotonic()
    rows = [{"data": {"input": one.domain}} for one in companies]
    ask(served, "POST", f"{path}/rows", {"rows": rows, "run": True})
    while ask(served, "GET", path)["status"]["run_status"] == "running":
        if time.monotonic() - began > PATIENCE_SECONDS:
            sys.exit(f"Not done after {PATIENCE_SECONDS} s: {ask(served, 'GET', path)['status']}")
        time.sleep(0.5)
    return ask(served, "GET", f"{path}/data"), time.monotonic() - began


def is_proven(api: str, cell: dict[str, Any], kept: dict[str, str]) -> bool:
    """Whether an answer has a quotation, and all it has stand in the pages they name, word for word."""
    evidence = cell["value"]["evidence"]
    for proof in evidence:
        if (url := proof["url"]) is not None and url not in kept:
            served = get(f"{api}/__text?url={urllib.parse.quote(url, safe='')}")["html"]
            readable = html.unescape(re.sub(r"<[^>]+>", " ", served))
            kept[url] = f"{sequence(readable)} | {sequence(html.unescape(served))}"
    return bool(evidence) and all(
        proof["url"] is None or sequence(proof["quote"]) in kept[proof["url"]] for proof in evidence
    )


def sequence(text: str) -> str:
    """The words of a text in order, whatever stands between them."""
    return " ".join(re.findall(r"\w+", text.lower()))


def main() -> int:
    """Run, compare, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--companies", type=int, default=50)
    parser.add_argument("--faults", default="none")
    parser.add_argument("--no-model", action="store_true")
    parser.add_argument("--floor", type=float, default=0.0)
    parser.add_argument("--show", action="store_true", help="every answer that is not right")
    args = parser.parse_args()
    if not (WORLD / "run.py").is_file():
        print("The folder `shared` is not beside the repository: nothing is measured.")
        return 0
    flags = ("--proxy-port", "0", "--api-port", "0", "--faults", args.faults, "--latency", "zero")
    with world(*flags) as (line, _), tempfile.TemporaryDirectory() as folder:
        companies = truths(line["api"], args.companies)
        settings = settings_of(line, ["searxng"]) | {"LONGLIST_EMBEDDED_CATALOG": "false"}
        if not args.no_model:
            settings |= {"LONGLIST_LLM": f"{line['llm']}#oracle", "LONGLIST_LLM_KEY": line["key"]}
        home = Path(folder) / "home"
        home.mkdir()
        with server(home, settings) as served:
            data, seconds = filled(served, companies)
            stats = get(f"{line['api']}/__stats")
        outcomes: dict[str, Counter[str]] = {name: Counter() for name in QUESTIONS}
        kept: dict[str, str] = {}
        for truth, row in zip(companies, data["rows"], strict=True):
            for name in QUESTIONS:
                cell = row["data"][name]
                if cell["status"] != "done":
                    outcome = "failed"
                else:
                    answer = cell["value"]["answer"]
                    outcome = (
                        "not found"
                        if answer == "Not found"
                        else "right"
                        if is_right(name, answer, truth.answers[name])
                        else "wrong"
                    )
                where = "stated" if name in truth.stated else "unstated"
                outcomes[name][f"{where} {outcome}"] += 1
                if cell["status"] == "done" and cell["value"]["answer"] != "Not found":
                    outcomes[name]["proven" if is_proven(line["api"], cell, kept) else "unproven"] += 1
                if args.show and (where, outcome) not in (("stated", "right"), ("unstated", "not found")):
                    said = cell["error"] or f"{cell['value']['answer']!r}: {cell['value']['explanation']}"
                    print(f"{truth.domain} {name} ({where}, true {str(truth.answers[name])[:60]!r}): {said[:300]}")
        quotes = [
            p
            for row in data["rows"]
            for name in QUESTIONS
            if row["data"][name]["value"]
            for p in row["data"][name]["value"]["evidence"]
        ]
    return report(outcomes, seconds, stats, len(quotes), args)


def report(outcomes: dict[str, Counter[str]], seconds: float, stats: Any, quotes: int, args: argparse.Namespace) -> int:
    """Print the table; exit status 1 below the floor or when anything is unproven."""
    head = (
        "stated right",
        "stated wrong",
        "stated not found",
        "stated failed",
        "unstated not found",
        "unstated right",
        "unstated wrong",
        "unproven",
    )
    print(f"{'question':<16}" + "".join(f"{name:>20}" for name in head))
    total: Counter[str] = Counter()
    for name, counted in outcomes.items():
        total += counted
        print(f"{name:<16}" + "".join(f"{counted[part]:>20}" for part in head))
    print(f"{'all':<16}" + "".join(f"{total[part]:>20}" for part in head))
    stated = sum(total[f"stated {part}"] for part in ("right", "wrong", "not found", "failed"))
    share = total["stated right"] / max(1, stated)
    cells = sum(sum(v for k, v in counted.items() if " " in k) for counted in outcomes.values())
    print(f"{share:.1%} right of {stated} that are stated; {cells} cells in {seconds:.1f} s; {quotes} quotations")
    print({key: value for key, value in stats.items() if isinstance(value, int | float)})
    return 1 if share < args.floor or total["unproven"] else 0


if __name__ == "__main__":
    sys.exit(main())
