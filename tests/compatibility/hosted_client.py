"""A command-line client of the hosted service, in our own words: what the public one sends, reads, prints and returns.

Only the standard library, one process, no retries. A command becomes one `Call`; its answer is printed as JSON, whatever
it holds. Fields are read only where the public client, or the next step of whoever calls it, cannot do without: `NEEDS`.

    0  done
    1  the server said no, was not reached, or the command makes no sense; polling that took too long
    2  no token, or one that is refused; a command line that cannot be read
    3  an answer without a field that is needed
"""

import argparse
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlencode

HOSTED = "http://127.0.0.1:1"  # stands for the vendor's host: nobody listens there
FILTERS = {
    "include": {"size", "country", "city"},
    "exclude": {"size", "country", "city"},  # `domains` is newer than the public client, which refuses it
    "range": {"founded"},
}
BUCKETS = {"1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+"}
OVER = ("done", "failed")


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request. A body of None is no body at all."""

    method: str
    path: str
    query: Sequence[tuple[str, object]] = ()
    body: object = None
    has_token: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `headers` by lower-case names."""

    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def value(self) -> Any:
        """The body as the client sees it: nothing is None, and what is no JSON is a text."""
        text = self.raw.decode("utf-8", errors="replace")
        if not text.strip():
            return None
        try:
            return json.loads(text)
        except ValueError:
            return {"text": text}


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended, and what it printed on standard output."""

    code: int
    printed: Any

    @property
    def error(self) -> Any:
        return self.printed["error"]


class Failed(Exception):
    """A command cannot go on."""

    def __init__(self, code: int, kind: str, message: str, **more: object) -> None:
        super().__init__(message)
        self.code = code
        self.printed = {"error": {"code": kind, "message": message} | more}


def exchange(base: str, call: Call, token: str | None, timeout: float = 30) -> Answer:
    """Send a call, with the headers that the public client sends."""
    query = urlencode([(name, value) for name, value in call.query if value is not None])
    headers = {"Accept": "application/json"}
    if call.has_token and token is not None:
        headers["Authorization"] = f"Bearer {token}"
    data = None
    if call.body is not None:
        data = call.body if isinstance(call.body, bytes) else json.dumps(call.body).encode()
        headers["Content-Type"] = "application/json"
    url = f"{base}{call.path}{'?' if query else ''}{query}"
    request = urllib.request.Request(url, data, headers, method=call.method)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=timeout) as reply:
            return Answer(reply.status, {k.lower(): v for k, v in reply.headers.items()}, reply.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


def run(argv: Sequence[str], environ: Mapping[str, str], *, pause: float = 10.0, tries: int = 120) -> Ran:
    """A command, as the shell sees it."""
    try:
        args = parser().parse_args(argv)
        return Ran(0, Session(args.base_url, environ.get("EXTRUCT_API_TOKEN"), args.timeout, pause, tries).do(args))
    except Failed as failed:
        return Ran(failed.code, failed.printed)
    except SystemExit as ended:  # argparse
        return Ran(int(ended.code or 0), None)
    except (KeyError, IndexError, TypeError) as error:
        return Ran(3, {"error": {"code": "unexpected", "message": repr(error)}})


@dataclass(frozen=True, slots=True)
class Session:
    """Where to send commands to, and as whom."""

    base: str
    token: str | None
    timeout: float
    pause: float
    tries: int

    def do(self, args: argparse.Namespace) -> Any:
        command = COMMANDS[f"{args.resource} {args.action}"]
        call = command.call(args)
        if call.has_token and not self.token:
            raise Failed(2, "missing_token", "EXTRUCT_API_TOKEN is not set.")
        if command.is_over is not None:
            return self._polled(call, command.is_over)
        value = self._sent(call)
        command.needs(value)
        return value

    def _polled(self, call: Call, is_over: Callable[[Any], bool]) -> Any:
        for _ in range(self.tries):
            value = self._sent(call)
            if is_over(value):
                return value
            time.sleep(self.pause)
        raise Failed(1, "poll_timeout", "It is not over yet.", method=call.method, path=call.path)

    def _sent(self, call: Call) -> Any:
        where = {"method": call.method, "path": call.path}
        try:
            answer = exchange(self.base, call, self.token, self.timeout)
        except (OSError, HTTPException) as error:
            raise Failed(1, "network_error", str(error), **where) from error
        if 200 <= answer.status < 300:
            return answer.value
        code = 2 if answer.status in (401, 403) else 1
        more = {"status_code": answer.status, "details": answer.value}
        raise Failed(code, "http_error", f"HTTP {answer.status}", **where, **more)


def _nothing(_value: Any) -> None:
    """Nothing is read."""


def _each(*names: str) -> Callable[[Any], None]:
    """Every item of a list has these."""

    def read(items: Any) -> None:
        for item in items if isinstance(items, list) else [items]:
            for name in names:
                item[name]

    return read


def _account(value: Any) -> None:
    if value["subscription"]["requires_subscription"] and value["subscription"]["plan_tier"] not in {"pro", "legacy"}:
        raise Failed(2, "plan_required", "Searching needs a plan.")
    value["user"]["organization_id"]
    value["user"]["organization_is_active"]


def _companies(value: Any) -> None:
    for company in value["results"]:
        company["domain"] or company["id"]


def _results(value: Any) -> None:
    _each("company_website", "scores", "company_name", "relevance", "source")(value["results"])
    for result in value["results"]:
        for score in result["scores"].values():
            _each("grade", "explanation", "sources")(score)


COUNTERS = ("num_results_discovered", "num_results_enriched", "num_results_evaluated", "num_results")


@dataclass(frozen=True, slots=True)
class Command:
    """What a command sends, what must be in its answer, and its options: name -> default and type."""

    call: Callable[[argparse.Namespace], Call]
    needs: Callable[[Any], None] = _nothing
    options: Mapping[str, Any] = field(default_factory=dict)
    is_over: Callable[[Any], bool] | None = None  # of commands that ask again until it is


def _part(args: argparse.Namespace) -> list[tuple[str, object]]:
    return [("offset", args.offset), ("limit", args.limit)]


def _filters(text: str | None) -> list[tuple[str, object]]:
    if text is None:
        return []
    given = _payload(text)
    for group, names in given.items():
        if group not in FILTERS or not names.keys() <= FILTERS[group]:
            raise Failed(1, "validation", f"filters.{group} has parts that are not known.")
        if not set(names.get("size", [])) <= BUCKETS:
            raise Failed(1, "validation", f"filters.{group}.size has an unknown bucket.")
    return [("filters", json.dumps(given, separators=(",", ":")))]


def _payload(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text)
    except ValueError as error:
        raise Failed(1, "validation", f"The payload is no JSON: {error}.") from error
    if not isinstance(given, dict):
        raise Failed(1, "validation", "The payload must be an object.")
    return given


def _number(given: Mapping[str, Any], name: str, low: int) -> None:
    value = given.get(name, low)
    if not isinstance(value, int) or not low <= value <= 250:  # True passes, as it is an int
        raise Failed(1, "validation", f"{name} must be {low} to 250.")


def _list_tables(args: argparse.Namespace) -> Call:
    if args.limit > 100:
        raise Failed(1, "validation", "At most 100.")
    named = [(name, getattr(args, name)) for name in ("kind", "scope", "search", "sort")]
    return Call("GET", "/v1/tables", [*_part(args), *named, *(("tags", tag) for tag in args.tags or ())])


def _create_task(args: argparse.Namespace) -> Call:
    given = _payload(args.payload)
    if not isinstance(given.get("query"), str) or not given["query"].strip():
        raise Failed(1, "validation", "query is needed.")
    _number(given, "desired_num_results", 1)
    return Call("POST", "/v1/discovery_tasks", body=given)


def _resume_task(args: argparse.Namespace) -> Call:
    given = _payload(args.payload)
    _number(given, "desired_new_results", 0)
    return Call("POST", f"/v1/discovery_tasks/{args.id}/resume", body=given)


def _similar(args: argparse.Namespace) -> Call:
    path = f"/v1/companies/{quote(args.company_identifier, safe='')}/similar"
    return Call("GET", path, [*_part(args), *_filters(args.filters)])


def _table(args: argparse.Namespace, method: str, rest: str = "", **more: Any) -> Call:
    return Call(method, f"/v1/tables/{args.id}{rest}", **more)


def _confirmed(args: argparse.Namespace) -> None:
    if not args.yes:
        raise Failed(1, "validation", "This deletes; --yes says so.")


def _delete_table(args: argparse.Namespace) -> Call:
    _confirmed(args)
    return _table(args, "DELETE")


def _delete_column(args: argparse.Namespace) -> Call:
    _confirmed(args)
    return _table(args, "DELETE", f"/columns/{args.column}")


def _delete_rows(args: argparse.Namespace) -> Call:
    _confirmed(args)
    rows = _payload(args.payload).get("rows")
    if not isinstance(rows, list) or not rows or not all(isinstance(one, str) and one.strip() for one in rows):
        raise Failed(1, "validation", "rows must name rows.")
    return _table(args, "DELETE", "/rows", body={"rows": rows})


def _clone_table(args: argparse.Namespace) -> Call:
    return _table(args, "POST", "/clone", query=[("schema_only", "true")] if args.schema_only else [])


def _is_at_rest(table: Any) -> bool:
    status = table["status"] if isinstance(table.get("status"), dict) else table
    return bool(status["run_status"] == "idle" and status["num_cells_in_progress"] == 0)


def _new_table(value: Any) -> None:
    value["id"]
    _each("id", "config")(value["columns"])
    _each("key")([column["config"] for column in value["columns"]])


def _data(value: Any) -> None:
    keys = [column["config"]["key"] for column in value["columns"]]
    for row in value["rows"]:
        row["id"]
        row["parent_row_id"]
        [row["data"].get(key) for key in keys]


def _first(limit: int) -> dict[str, Any]:
    return {"--offset": 0, "--limit": limit}


PAYLOAD = {"--payload": str}
COMMANDS = {
    "auth user": Command(lambda _: Call("GET", "/v1/billing"), _account),
    "healthcheck get": Command(lambda _: Call("GET", "/v1/healthcheck", has_token=False)),
    "companies search": Command(
        lambda args: Call("GET", "/v1/companies/search", [("q", args.query), *_part(args), *_filters(args.filters)]),
        _companies,
        {"--query": str, "--filters": None} | _first(20),
    ),
    "companies similar": Command(_similar, _companies, {"--company-identifier": str, "--filters": None} | _first(20)),
    "tables list": Command(
        _list_tables,
        _each("id", "name"),
        dict.fromkeys(("--kind", "--scope", "--search", "--sort")) | {"--tags": []} | _first(50),
    ),
    "tables get": Command(
        lambda args: Call("GET", f"/v1/tables/{args.id}"),
        _each("columns", "child_relationships", "status"),
        {"id": str},
    ),
    "tables create": Command(lambda args: Call("POST", "/v1/tables", body=_payload(args.payload)), _new_table, PAYLOAD),
    "tables update": Command(
        lambda args: _table(args, "PATCH", body=_payload(args.payload)), options={"id": str} | PAYLOAD
    ),
    "tables delete": Command(_delete_table, options={"id": str, "--yes": False}),
    "tables clone": Command(_clone_table, _each("id"), {"id": str, "--schema-only": False}),
    "tables run": Command(
        lambda args: _table(args, "POST", "/run", body=_payload(args.payload)),
        options={"id": str, "--payload": '{"mode":"new"}'},
    ),
    "tables poll": Command(lambda args: _table(args, "GET"), options={"id": str}, is_over=_is_at_rest),
    "tables data": Command(
        lambda args: _table(args, "GET", "/data", query=_part(args)), _data, {"id": str} | _first(50)
    ),
    "rows create": Command(
        lambda args: _table(args, "POST", "/rows", body=_payload(args.payload)), _each("id"), {"id": str} | PAYLOAD
    ),
    "rows get": Command(
        lambda args: _table(args, "GET", f"/rows/{args.row}"), _each("status", "data"), {"id": str, "row": str}
    ),
    "rows update": Command(
        lambda args: _table(args, "PATCH", "/rows", body=_payload(args.payload)), options={"id": str} | PAYLOAD
    ),
    "rows delete": Command(_delete_rows, options={"id": str, "--yes": False} | PAYLOAD),
    "columns list": Command(lambda args: _table(args, "GET"), _each("columns"), {"id": str}),
    "columns add": Command(
        lambda args: _table(args, "POST", "/columns", body=_payload(args.payload)), _each("id"), {"id": str} | PAYLOAD
    ),
    "columns update": Command(
        lambda args: _table(args, "PATCH", f"/columns/{args.column}", body=_payload(args.payload)),
        options={"id": str, "column": str} | PAYLOAD,
    ),
    "columns delete": Command(_delete_column, options={"id": str, "column": str, "--yes": False}),
    "deep-search list": Command(
        lambda args: Call("GET", "/v1/discovery_tasks", _part(args)), _each("id", "status", "query"), _first(20)
    ),
    "deep-search create": Command(_create_task, _each("id", "status"), {"--payload": str}),
    "deep-search get": Command(
        lambda args: Call("GET", f"/v1/discovery_tasks/{args.id}"),
        _each("status", "is_exhausted", "table_id", *COUNTERS),
        {"id": str},
    ),
    "deep-search results": Command(
        lambda args: Call("GET", f"/v1/discovery_tasks/{args.id}/results", _part(args)),
        _results,
        {"id": str} | _first(50),
    ),
    "deep-search resume": Command(_resume_task, _each("status"), {"id": str, "--payload": str}),
    "deep-search poll": Command(
        lambda args: Call("GET", f"/v1/discovery_tasks/{args.id}"),
        options={"id": str},
        is_over=lambda task: task["status"] in OVER,
    ),
}


def parser() -> argparse.ArgumentParser:
    """The command line: a resource, an action, options. The common options stand at every level, defaults and all:
    so those of the last level overwrite what was given before it, which is the trap of the public client.
    """
    top = _with_common(argparse.ArgumentParser(prog="hosted-client", allow_abbrev=False))
    resources: dict[str, Any] = {}
    under = top.add_subparsers(dest="resource", required=True)
    for words, command in COMMANDS.items():
        resource, action = words.split()
        if resource == "healthcheck":
            leaf = _with_common(under.add_parser(resource))
            leaf.set_defaults(action=action)
        else:
            if resource not in resources:
                above = _with_common(under.add_parser(resource))
                resources[resource] = above.add_subparsers(dest="action", required=True)
            leaf = _with_common(resources[resource].add_parser(action))
        for name, default in command.options.items():
            _add(leaf, name, default)
    return top


def _add(leaf: argparse.ArgumentParser, name: str, default: Any) -> None:
    if not name.startswith("-"):
        leaf.add_argument(name)
    elif default is str:
        leaf.add_argument(name, required=True)
    elif default is False:
        leaf.add_argument(name, action="store_true")
    elif isinstance(default, int):
        leaf.add_argument(name, type=int, default=default)
    elif default == []:
        leaf.add_argument(name, action="append")
    else:
        leaf.add_argument(name, default=default)


def _with_common(level: argparse.ArgumentParser) -> argparse.ArgumentParser:
    level.add_argument("--base-url", default=HOSTED)
    level.add_argument("--timeout", type=float, default=30.0)
    level.add_argument("--pretty", action="store_true")
    return level
