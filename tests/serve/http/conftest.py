"""The API in process, over a real store and the real catalogue, with tokens of two owners."""

import contextlib
import hashlib
import json
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx2
import pytest
from fastapi import FastAPI

from longlist.engine.companies import Companies
from longlist.engine.search import run_task
from longlist.model.access import Scope
from longlist.serve.http.app import make_app
from longlist.serve.http.parts import Parts
from longlist.serve.http.ready import Ready
from longlist.settings import Settings
from longlist.wiring.home import Home, open_home

CALLERS: dict[str, tuple[str, Scope]] = {
    "ann": ("Ann", "write"),
    "ann_reads": ("Ann", "read"),
    "ann_admin": ("Ann", "admin"),
    "ben": ("Ben", "write"),
}
QUERY = "buy now pay later providers for online shops"


@dataclass(frozen=True)
class Raw:
    """An answer, and how many parts of the request's body were read for it."""

    status: int
    headers: dict[str, str]
    body: bytes
    parts_read: int

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Api:
    """The app, its parts, and who may call it."""

    home: Home
    app: FastAPI
    client: httpx2.AsyncClient
    secrets: dict[str, str] = field(default_factory=dict)

    def bearer(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secrets[who]}"}

    async def ask(self, method: str, path: str, who: str | None = "ann", **given: Any) -> httpx2.Response:
        """A call as clients make it; `who` None sends no token."""
        headers = (self.bearer(who) if who else {}) | given.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **given)

    async def raw(
        self,
        method: str,
        target: str,
        headers: Iterable[tuple[bytes, bytes]] = (),
        body: bytes | Sequence[bytes] = b"",
        who: str | None = "ann",
    ) -> Raw:
        """A call no client would make: headers and the body's parts as they stand, the target as a server decodes it."""
        path, _, query = target.partition("?")
        sent = [(name.lower(), value) for name, value in headers]
        if who:
            sent.append((b"authorization", f"Bearer {self.secrets[who]}".encode()))
        parts = [body] if isinstance(body, bytes) else list(body)
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "server": ("127.0.0.1", 8000),
            "client": ("127.0.0.1", 50000),
            "scheme": "http",
            "method": method,
            "root_path": "",
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": query.encode("latin-1"),
            "headers": sent,
        }
        read = 0
        answered: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            nonlocal read
            if read == len(parts):
                return {"type": "http.disconnect"}
            read += 1
            return {"type": "http.request", "body": parts[read - 1], "more_body": read < len(parts)}

        async def send(message: dict[str, Any]) -> None:
            answered.append(message)

        with contextlib.suppress(Exception):  # a fault is answered with 500 first, then raised for the server's log
            await self.app(scope, receive, send)
        return Raw(
            answered[0]["status"],
            {name.decode().lower(): value.decode() for name, value in answered[0]["headers"]},
            b"".join(message.get("body", b"") for message in answered[1:]),
            read,
        )

    def saved(self) -> dict[str, str]:
        """What the database holds, table by table; the catalogue and when tokens were used apart."""
        with contextlib.closing(sqlite3.connect(self.home.settings.home / "app.db")) as database:
            listed = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            names = [name for (name,) in listed if not name.startswith(("catalog", "record", "sqlite", "token"))]
            rows = {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in names}
        return {
            name: f"{len(found)} rows, {hashlib.sha256(repr(found).encode()).hexdigest()[:12]}"
            for name, found in rows.items()
        }

    async def task(self, who: str = "ann", **fields: Any) -> str:
        """The id of a new task."""
        made = await self.ask(
            "POST", "/v1/discovery_tasks", who, json={"query": QUERY, "desired_num_results": 5} | fields
        )
        assert made.status_code == 200, made.text
        task_id: str = made.json()["id"]
        return task_id

    async def run(self, task_id: str) -> None:
        """Do what the worker does with a task, from where it is to its end."""
        await run_task(await self.home.ready_kit(), task_id)


async def opened(home: Home) -> Companies:
    """Company search, ready."""
    companies = home.companies
    await companies.open()
    return companies


@contextlib.asynccontextmanager
async def open_api(folder: Path) -> AsyncIterator[Api]:
    """The API over a data directory; faults are answered, not raised."""
    async with open_home(Settings(home=folder)) as home, Ready(lambda: opened(home), "Company search") as companies:
        app = make_app(Parts(home, companies))
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            secrets = {who: (await home.access.create(*given))[1] for who, given in CALLERS.items()}
            yield Api(home, app, client, secrets)


@pytest.fixture
async def api(built_home: Path, home: Path) -> AsyncIterator[Api]:
    shutil.copytree(built_home, home)
    async with open_api(home) as served:
        yield served


@pytest.fixture(scope="session")
def api_over() -> Callable[[Path], contextlib.AbstractAsyncContextManager[Api]]:
    """Opens the API over a data directory, for tests with an event loop of their own."""
    return open_api
