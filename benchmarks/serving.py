"""Reading tasks over HTTP while ten of them run: latency at 200 requests a second, and throughput against a bare route.

    python benchmarks/serving.py             # some 40 seconds

One server process as `longlist serve` makes it (API and worker), with one route more that answers the same bytes and
does nothing else; one process that asks. So the ratio compares like with like: the same process, the same minute, the
same ten tasks under way. Latency is counted from the moment a request was due, so waiting in line counts too.
"""

import argparse
import asyncio
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from itertools import count, cycle
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from longlist.serve import server
from longlist.serve.http import app as http_app
from longlist.settings import load_settings

RATE = 200  # requests a second
SECONDS = 8.0
CONNECTIONS = 16
RUNNING = 10
CREATES = 10  # a second
QUERIES = (
    "live chat software for online shops",
    "buy now pay later providers for online shops",
    "email marketing software for small businesses",
    "listed semiconductor makers outside the United States",
    "appointment booking software for hotels",
    "payment gateways for subscription businesses",
    "web analytics tools with heatmaps",
    "product review software for merchants",
)


class Connection:
    """One kept-alive HTTP connection; asks one thing at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, token: str, body: bytes = b"") -> tuple[int, bytes]:
        """(status, body)."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        lines = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")
        sizes = [line for line in lines if line.lower().startswith(b"content-length:")]
        return int(lines[0].split()[1]), await reader.readexactly(int(sizes[0].split(b":")[1]))

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()


async def at_rate(port: int, token: str, paths: Iterator[str]) -> list[float]:
    """Latencies in ms of requests that are due `RATE` times a second, whether earlier ones were answered or not."""
    free: asyncio.Queue[Connection] = asyncio.Queue()
    for _ in range(100):
        free.put_nowait(Connection(port))
    taken: list[float] = []

    async def one(path: str, due: float) -> None:
        connection = await free.get()
        status, _ = await connection.ask("GET", path, token)
        assert status == 200, (status, path)
        taken.append(1000 * (time.perf_counter() - due))
        free.put_nowait(connection)

    start = time.perf_counter()
    sent = []
    for number, path in zip(range(int(RATE * SECONDS)), paths, strict=False):
        due = start + number / RATE
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        sent.append(asyncio.create_task(one(path, due)))
    await asyncio.gather(*sent)
    while not free.empty():
        free.get_nowait().close()
    return taken


async def throughput(port: int, token: str, paths: Sequence[str], seconds: float) -> float:
    """Requests a second with `CONNECTIONS` connections that each ask again as soon as they are answered."""
    end = time.perf_counter() + seconds
    answered = 0

    async def client(first: int) -> None:
        nonlocal answered
        connection = Connection(port)
        for path in cycle([*paths[first % len(paths) :], *paths[: first % len(paths)]]):
            if time.perf_counter() > end:
                break
            status, _ = await connection.ask("GET", path, token)
            assert status == 200, (status, path)
            answered += 1
        connection.close()

    started = time.perf_counter()
    await asyncio.gather(*(client(number) for number in range(CONNECTIONS)))
    return answered / (time.perf_counter() - started)


class Load:
    """Keeps ten tasks unfinished: starts another whenever one has ended."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token
        self.ended = 0
        self.running: list[str] = []

    async def run(self) -> None:
        """Until cancelled."""
        connection = Connection(self._port)
        queries = cycle(QUERIES)
        while True:
            for task_id in list(self.running):
                _, body = await connection.ask("GET", f"/v1/discovery_tasks/{task_id}", self._token)
                if json.loads(body)["status"] in ("done", "failed"):
                    self.running.remove(task_id)
                    self.ended += 1
            while len(self.running) < RUNNING:
                asked = json.dumps({"query": next(queries), "desired_num_results": 100}).encode()
                status, body = await connection.ask("POST", "/v1/discovery_tasks", self._token, asked)
                assert status == 200, body
                self.running.append(json.loads(body)["id"])
            await asyncio.sleep(0.05)


async def created(port: int, token: str) -> list[float]:
    """How many ms it takes to create a task whose one source has nothing, so that it adds little to the load."""
    connection, taken = Connection(port), []
    asked = json.dumps({"query": "breweries", "auto_data_sources": False, "data_sources": ["linkedin"]}).encode()
    for _ in range(int(CREATES * SECONDS)):
        begun = time.perf_counter()
        status, body = await connection.ask("POST", "/v1/discovery_tasks", token, asked)
        taken.append(1000 * (time.perf_counter() - begun))
        assert status == 200, body
        await asyncio.sleep(1 / CREATES)
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


async def has_ended(connection: Connection, token: str, task_id: str) -> None:
    """Wait until a task has ended."""
    while True:
        _, body = await connection.ask("GET", f"/v1/discovery_tasks/{task_id}", token)
        if json.loads(body)["status"] == "done":
            return
        await asyncio.sleep(0.2)


async def measure(port: int, token: str) -> None:
    """Print the figures."""
    connection = Connection(port)
    asked = json.dumps({"query": QUERIES[0], "desired_num_results": 250}).encode()
    _, body = await connection.ask("POST", "/v1/discovery_tasks", token, asked)
    task_id = json.loads(body)["id"]
    await has_ended(connection, token, task_id)
    task, results = f"/v1/discovery_tasks/{task_id}", f"/v1/discovery_tasks/{task_id}/results?limit=50"
    rows = len(json.loads((await connection.ask("GET", results, token))[1])["results"])
    for name, path in (("task", task), ("results", results)):
        (await connection.ask("POST", f"/bare/{name}", token, (await connection.ask("GET", path, token))[1]))
    print(f"a finished task, {rows} rows of results; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")

    async def ratios(title: str) -> None:
        for name, path in (("task", task), ("results", results)):
            rates: dict[str, list[float]] = {path: [], f"/bare/{name}": []}
            for _ in range(3):
                for asked_path, found in rates.items():
                    found.append(await throughput(port, token, [asked_path], SECONDS / 8))
            ours, bare = (statistics.median(found) for found in rates.values())
            print(f"{title}, {name}: {ours:6.0f} requests/s, bare route {bare:6.0f}, ratio {ours / bare:.2f}")

    await ratios("no task running")
    load = Load(port, token)
    loading = asyncio.create_task(load.run())
    await asyncio.sleep(2)
    await ratios("ten tasks running")
    ended, began = load.ended, time.perf_counter()
    asked_running = 0

    def paths() -> Iterator[str]:
        nonlocal asked_running
        for number in count():
            under_way = load.running[number // 2 % len(load.running)] if load.running else task_id
            asked_running += under_way in load.running
            yield f"/v1/discovery_tasks/{under_way}" + ("/results?limit=50" if number % 2 else "")

    taken = await at_rate(port, token, paths())
    rate = (load.ended - ended) / (time.perf_counter() - began)
    creates = await created(port, token)
    loading.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await loading
    print(
        f"ten tasks running, {RATE} requests/s to them and their results: p50 {percentile(taken, 0.5):.1f} ms, "
        f"p95 {percentile(taken, 0.95):.1f}, p99 {percentile(taken, 0.99):.1f}, worst {max(taken):.1f} "
        f"({len(taken)} requests, {asked_running} of them to tasks under way; {rate:.1f} tasks ended a second)"
    )
    print(
        f"creates meanwhile, {CREATES} a second: p50 {percentile(creates, 0.5):.1f} ms, p95 "
        f"{percentile(creates, 0.95):.1f}, worst {max(creates):.1f} ({len(creates)})"
    )


def serve_with_bare_routes(port: int) -> None:
    """`longlist serve`, with routes that answer bytes given to them and do nothing else."""
    real, kept = http_app.make_app, dict[str, bytes]()

    def make_app(parts: Any) -> Any:
        app = real(parts)

        @app.post("/bare/{name}")
        async def keep(name: str, request: Request) -> Response:
            kept[name] = await request.body()
            return Response(b"{}", media_type="application/json")

        @app.get("/bare/{name}")
        async def bare(name: str) -> Response:
            return Response(kept[name], media_type="application/json")

        return app

    server.make_app = make_app  # type: ignore[attr-defined]

    def say_token(text: str) -> None:
        if "Bearer " in text:
            print(text.split("Bearer ")[1].split("'", maxsplit=1)[0], flush=True)

    server.run(load_settings(), "127.0.0.1", port, say_token)


def main() -> None:
    """Start the server, measure, stop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.server is not None:
        serve_with_bare_routes(arguments.server)
        return
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"LONGLIST_HOME": str(Path(folder) / "home")}
        subprocess.run(
            [Path(sys.executable).with_name("longlist"), "catalog", "build", "--json"],
            env=environment,
            check=True,
            capture_output=True,
        )
        port = free_port()
        command = [sys.executable, __file__, "--server", str(port)]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            token = next(line.strip() for line in server.stdout if line.startswith("ll_"))
            asyncio.run(measure(port, token))
        finally:
            server.terminate()
            server.wait(20)


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
