"""What a model costs and is worth in the simulated internet: a part of `world.py`.

`spent` reads the ledger of a task. `everyone` has the same model grade every company of a task that has a profile, with
the same questions: what the cascade saves and loses by not asking. `fallible` is a proxy before the simulated model that
makes it err as a cheap one does: grades move, quotations change, companies are left out, JSON breaks.
"""

import asyncio
import contextlib
import hashlib
import json
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

from longlist.errors import Unavailable
from longlist.grade.cascade import sheet_of
from longlist.grade.fitted import load_fitted
from longlist.grade.hostile import without_hostile_pages
from longlist.grade.llm_grader import LLMGrader
from longlist.grade.rule_grader import Judged
from longlist.language.domains import registered_domain
from longlist.model.call import Answer, Call, Caller, Send
from longlist.model.criterion import qualifies
from longlist.model.web import Errand
from longlist.settings import Settings, load_network
from longlist.wiring.forecasts import forecast
from longlist.wiring.home import open_home
from longlist.wiring.models import open_models

Kind = Literal["none", "fallible", "oracle"]
KINDS: tuple[Kind, ...] = ("none", "fallible", "oracle")
PRICE, STRONG_PRICE = "0.25/2", "1.25/10"  # dollars for a million tokens read and written
MOVED, CHANGED, LEFT_OUT, BROKEN = 0.12, 0.10, 0.15, 0.02  # how often a fallible model does each
AT_ONCE = 16
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class Spent:
    """What a task asked of models: requests by step, tokens, millionths of a dollar; and what was forecast of both."""

    calls: dict[str, int]
    tokens: int
    micros: int
    forecast_calls: int
    forecast_micros: int


@dataclass(frozen=True, slots=True)
class Everyone:
    """What grading every company with a profile comes to: requests, tokens, and who qualifies then, by domain; `own` are the
    domains that qualify in the task itself.
    """

    calls: int
    tokens: int
    micros: int
    qualified: frozenset[str]
    own: frozenset[str]


@contextlib.contextmanager
def model_settings(kind: Kind, line: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The environment in which a server thinks with this model of a world."""
    if kind == "none":
        yield {}
        return
    oracle = f"{line['llm']}#oracle-1"
    if kind == "oracle":
        yield {"LONGLIST_LLM": oracle, "LONGLIST_LLM_KEY": line["key"], "LONGLIST_LLM_PRICE": STRONG_PRICE}
        return
    with fallible(line["llm"]) as address:
        yield {
            "LONGLIST_LLM": f"{address}#oracle-1",
            "LONGLIST_LLM_KEY": line["key"],
            "LONGLIST_LLM_PRICE": PRICE,
            "LONGLIST_LLM_STRONG": oracle,
            "LONGLIST_LLM_STRONG_PRICE": STRONG_PRICE,
        }


@contextlib.contextmanager
def fallible(address: str) -> Iterator[str]:
    """The address of a proxy that spoils a part of what the model at `address` says, the same part each time."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            target = address.rsplit("/v1", 1)[0] + self.path
            headers = {"Authorization": self.headers.get("Authorization", ""), "Content-Type": "application/json"}
            try:
                with DIRECT.open(urllib.request.Request(target, body, headers), timeout=60) as answer:  # noqa: S310
                    status, said = answer.status, spoiled(answer.read(), hashlib.sha256(body).hexdigest())
            except urllib.error.HTTPError as error:
                status, said = error.code, error.read()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_args: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


def spoiled(body: bytes, seed: str) -> bytes:
    """An answer with some of it wrong."""
    answer = json.loads(body)
    message = answer["choices"][0]["message"]
    try:
        value = json.loads(message["content"])
    except (TypeError, ValueError):
        return body
    for key, rows in value.items() if isinstance(value, dict) else ():
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            value[key] = [_moved(row, f"{seed}{key}{n}") for n, row in enumerate(rows)]
            if any("name" in row for row in rows):
                value[key] = [row for n, row in enumerate(value[key]) if _roll("left out", seed, n) >= LEFT_OUT]
    said = json.dumps(value, ensure_ascii=False)
    message["content"] = said[:-2] if _roll("broken", seed) < BROKEN else said
    return json.dumps(answer).encode()


def _moved(row: dict[str, Any], seed: str) -> dict[str, Any]:
    row = dict(row)
    if isinstance(row.get("score"), int) and row["score"] and _roll("moved", seed) < MOVED:
        step = 1 if _roll("way", seed) < 0.5 else -1
        row["score"] = min(5, max(1, row["score"] + step * (1 + (_roll("far", seed) < 0.5))))
    words = str(row.get("quote") or "").split()
    if len(words) > 4 and _roll("changed", seed) < CHANGED:
        row["quote"] = " ".join([*words[:2], *words[3:]])
    return row


def _roll(*parts: object) -> float:
    """A number from 0 to 1 that depends on the parts alone."""
    return int(hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:8], 16) / 0xFFFFFFFF


class _Counting:
    """A Caller that counts each different call once, whether it is sent or answered from the ledger."""

    def __init__(self, calls: Caller) -> None:
        self._calls = calls
        self.seen: dict[str, Answer | None] = {}

    async def call(self, call: Call, send: Send) -> Answer:
        key = hashlib.sha256(repr((call.operation, call.request)).encode()).hexdigest()
        self.seen.setdefault(key, None)
        self.seen[key] = answer = await self._calls.call(call, send)
        return answer


def settings_for(home: Path, environment: dict[str, str]) -> Settings:
    """The settings a server had with this environment."""
    named = {
        name.removeprefix("LONGLIST_").lower(): value for name, value in environment.items() if "LONGLIST_" in name
    }
    return Settings(home=home, **named)  # type: ignore[arg-type]


async def spent(home: Path, environment: dict[str, str], task_id: str) -> Spent:
    """See `Spent`."""
    settings = settings_for(home, environment)
    async with open_home(settings) as opened:
        task = await opened.store.task(task_id)
        totals = [
            one for one in await opened.store.call_totals(task_id) if one.operation in {"completions", "messages"}
        ]
    calls: Counter[str] = Counter()
    for one in totals:
        calls[one.step] += one.attempts
    lines = [
        one for one in forecast(settings, task.spec.wanted, len(task.spec.criteria or ())) if "search" not in one.what
    ]
    return Spent(
        dict(calls),
        sum(one.tokens for one in totals),
        sum(one.cost_micros for one in totals),
        sum(one.calls for one in lines),
        sum(one.cost_micros for one in lines),
    )


async def everyone(home: Path, environment: dict[str, str], task_id: str) -> Everyone:
    """See `Everyone`. What the task asked is answered from its ledger."""
    settings = settings_for(home, environment)
    async with open_home(settings) as opened:
        counting = _Counting(opened.calls)
        async with open_models(settings, counting, load_network()) as models:
            assert models is not None
            grader = LLMGrader(models.cheap, models.strong)
            plan = await opened.store.plan(task_id)
            assert plan is not None
            held = [profile for _, profile in await opened.store.profiles(task_id)]
            usual = [without_hostile_pages(one).profile for _, one in await opened.store.profiles(task_id, round_no=1)]
            own = await opened.store.qualified_keys(task_id)
            freshness = (await opened.store.rounds(task_id))[0].freshness
            safe = [without_hostile_pages(one).profile for one in held]
            judged = Judged(plan, usual, safe, (await opened.catalogue.open()).idf, load_fitted())
            some = asyncio.Semaphore(AT_ONCE)

            async def passes(place: int) -> bool:
                if not safe[place].pages:
                    return False
                async with some:
                    try:
                        sheet = sheet_of(judged, safe[place])
                        grades = await grader.grade(plan, sheet, Errand(None, "everyone", freshness))
                    except Unavailable:
                        return False
                    return qualifies([grade.score for grade in grades])

            passed = await asyncio.gather(*(passes(place) for place in range(len(safe))))
        answers = [answer for answer in counting.seen.values() if answer is not None]
    return Everyone(
        len(counting.seen),
        sum(answer.tokens for answer in answers),
        sum(answer.cost_micros for answer in answers),
        frozenset(registered_domain(one.domain) for one, yes in zip(safe, passed, strict=True) if yes and one.domain),
        frozenset(registered_domain(one.domain) for one in safe if one.key in own and one.domain),
    )
