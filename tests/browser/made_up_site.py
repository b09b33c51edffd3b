"""Longlist's pages over a store that tests fill: the real app in a thread of its own, no worker, no catalogue."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from longlist.engine.companies import Companies
from longlist.model.access import LOCAL_OWNER
from longlist.model.company import Candidate, CompanyProfile, Employees, Facts, Page, Place
from longlist.model.criterion import Criterion, Evidence, Grade
from longlist.model.plan import Angle, Plan, Reading
from longlist.model.task import TaskSpec
from longlist.serve.http.app import make_app
from longlist.serve.http.parts import Parts
from longlist.serve.http.ready import Ready
from longlist.settings import Settings
from longlist.store import SqlStore
from longlist.wiring.home import Home, open_home

T = TypeVar("T")
NOW = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
CRITERIA = (
    Criterion("forwarders", "Serves forwarders", "Its main users are freight forwarders or customs brokers."),
    Criterion("vertical", "Vertical SaaS", "It sells software made for one trade, by subscription."),
    Criterion("europe", "In Europe", "The company is headquartered in Europe."),
    Criterion("independent", "Independent", "It is not part of a larger group."),
)
CITIES = (("Netherlands", "Rotterdam"), ("Germany", "Hamburg"), ("Spain", "Valencia"), (None, None))
STAFF = (Employees(11, 50), Employees(51, 200), Employees(1, 10), None)


class Cut:
    """An app whose streams can be cut: while they are, those that run end, and new ones are not answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.is_on = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith("/events"):
            await self._app(scope, receive, send)
            return
        serving = asyncio.ensure_future(self._app(scope, receive, send))
        while not self.is_on and not serving.done():
            await asyncio.wait([serving], timeout=0.05)
        if serving.done():
            await serving
            return
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

        async def ended(message: Message) -> None:
            await send(message)

        with contextlib.suppress(RuntimeError):
            await ended({"type": "http.response.start", "status": 503, "headers": []})
        with contextlib.suppress(RuntimeError):
            await ended({"type": "http.response.body", "body": b"", "more_body": False})


@dataclass
class Site:
    """A running server, and its store for tests to fill."""

    home: Home
    base: str
    loop: asyncio.AbstractEventLoop
    cut: Cut
    has_worker: list[bool] = field(default_factory=lambda: [True])

    @property
    def store(self) -> SqlStore:
        return self.home.store

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something in the server's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def start(self, work: Coroutine[Any, Any, T]) -> Any:
        """The same, without waiting for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    def session(self) -> str:
        """The secret of a signed-in browser."""
        made = self.do(self._session())
        assert made is not None
        return made

    async def _session(self) -> str | None:
        made = await self.home.access.sign_in(await self.home.access.sign_in_link())
        return None if made is None else made[1]

    def task(self, query: str = "vertical SaaS companies serving freight forwarders", **spec: Any) -> str:
        """A task that has its criteria."""
        return self.do(self._task(query, **spec))

    async def _task(self, query: str, *, wanted: int = 100, criteria: Sequence[Criterion] = CRITERIA) -> str:
        spec = TaskSpec(query, wanted, tuple(criteria), ("catalog",))
        task = await self.store.create(spec, owner_id=LOCAL_OWNER, is_queued=True)
        reading = Reading(query, query)
        plan = Plan(reading, tuple(criteria), tuple(reading for _ in criteria), (), (Angle(query, "the query"),))
        await self.store.put_plan(task.id, plan)
        return task.id

    def fill(self, task_id: str, count: int, first: int = 0) -> None:
        self.do(self.put(task_id, list(range(first, first + count))))

    async def put(self, task_id: str, numbers: Sequence[int], **texts: str) -> None:
        """Bring made-up companies to their end, all at once."""
        companies = [company(number, **texts) for number in numbers]
        await self.store.put_candidates(task_id, [found(one) for one in companies])
        await self.store.put_profiles(task_id, [(one.key, one) for one in companies])
        graded = [(one.key, rank(number), grades(one, number)) for one, number in zip(companies, numbers, strict=True)]
        await self.store.put_grades(task_id, graded)

    async def stream_in(self, task_id: str, count: int, per_second: float, at_once: int = 5) -> None:
        """Companies arrive, evenly."""
        begun = time.monotonic()
        for first in range(0, count, at_once):
            await self.put(task_id, list(range(first, min(count, first + at_once))))
            await asyncio.sleep(max(0.0, begun + (first + at_once) / per_second - time.monotonic()))


def rank(number: int) -> float:
    return round(1 - (number * 37 % 101) / 101 - number / 10_000, 6)


def scores(number: int) -> tuple[int | None, ...]:
    """Grades of a company: two of five qualify, some miss by one, some have no evidence."""
    if number % 5 < 2:
        return (5, 4, 5, (None, 4, 5)[number % 3])
    return ((5, 3, 2, 1)[number % 4], (4, 2, 3)[number % 3], (1, None, 5)[number % 3], None if number % 4 else 4)


def company(number: int, name: str = "", description: str = "", quote: str = "", url: str = "") -> CompanyProfile:
    country, city = CITIES[number % 4]
    domain = f"company-{number}.example"
    text = quote or f"Company {number} lets freight forwarders quote, book and bill in one place."
    return CompanyProfile(
        key=domain,
        name=name or f"Company {number}",
        domain=domain,
        description=description or f"Quoting and booking for freight forwarders, number {number}.",
        full_description=description or f"Company {number} sells software to freight forwarders and customs brokers.",
        tags=("freight",),
        facts=Facts(2000 + number % 25 if number % 3 else None, STAFF[number % 4], Place(country, None, city)),
        pages=(Page(text, NOW, url=url or f"https://{domain}/product"),),
    )


def found(profile: CompanyProfile) -> Candidate:
    return Candidate(
        profile.key, profile.name, profile.domain, "catalog", 1.0, profile.pages[0].url, "", "freight software"
    )


def grades(profile: CompanyProfile, number: int) -> tuple[Grade, ...]:
    page = profile.pages[0]
    proof = (Evidence(page.text, page.hash, page.read_at, url=page.url),)
    return tuple(
        Grade(criterion.key, score, f"{page.text[:80]} So it says.", proof if score and score > 1 else (), 0.5)
        for criterion, score in zip(CRITERIA, scores(number), strict=True)
    )


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """The site, for the length of the block."""
    begun: list[Site] = []
    is_up, leave = threading.Event(), threading.Event()

    async def run() -> None:
        async with open_home(Settings(home=folder)) as home, Ready(_never, "Company search") as companies:
            has_worker = [True]
            cut = Cut(make_app(Parts(home, companies, has_worker=lambda: has_worker[0])))
            config = uvicorn.Config(cut, port=0, log_level="error", lifespan="off", timeout_graceful_shutdown=1)
            server = uvicorn.Server(config)
            server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
            serving = asyncio.create_task(server.serve())
            while not server.started:  # noqa: ASYNC110 - it is a plain flag
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            begun.append(Site(home, f"http://127.0.0.1:{port}", asyncio.get_running_loop(), cut, has_worker))
            is_up.set()
            while not leave.is_set():  # noqa: ASYNC110 - set by another thread
                await asyncio.sleep(0.05)
            cut.is_on = True
            server.should_exit = True
            await serving
            await home.access.settled()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert is_up.wait(30)
    try:
        yield begun[0]
    finally:
        leave.set()
        thread.join(20)


async def _never() -> Companies:
    await asyncio.Event().wait()
    raise AssertionError
