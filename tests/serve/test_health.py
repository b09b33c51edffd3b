"""`/healthz` and `/readyz`: what a watcher is told about a server that works, starts, or has lost something."""

import asyncio
import itertools
import json
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import httpx2
import pytest

import served
from longlist.engine.worker import WorkerRole
from longlist.errors import Conflict, StoreError, Unavailable
from longlist.serve import server as serving
from longlist.serve import worker_process
from longlist.serve.worker_process import WorkerProcess

READY = {"status": "ready", "parts": {"database": "ready", "worker": "ready", "catalogue": "ready"}}


@pytest.fixture
def ready(built_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(built_home, tmp_path / "served")
    return tmp_path / "served"


@pytest.fixture
def server(ready: Path):
    with served.serving(ready) as running:
        yield running


def look(server: served.Served, until: int, seconds: float = 30) -> httpx2.Response:
    """The last answer of `/readyz`, as soon as it has this status."""
    end = time.monotonic() + seconds
    while (answer := httpx2.get(f"{server.base}/readyz")).status_code != until and time.monotonic() < end:
        time.sleep(0.1)
    return answer


def test_a_server_that_can_do_its_work_says_so_without_a_token(server):
    answer = look(server, 200)
    assert (answer.status_code, answer.json()) == (200, READY)
    assert answer.headers["cache-control"] == "no-store"
    alive = httpx2.get(f"{server.base}/healthz")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})


def test_a_server_whose_catalogue_is_being_built_lives_but_is_not_ready(tmp_path):
    with served.serving(tmp_path / "new") as server:
        assert httpx2.get(f"{server.base}/healthz").status_code == 200
        answer = httpx2.get(f"{server.base}/readyz")
        assert answer.status_code == 503
        assert answer.json()["parts"]["catalogue"] == "being made ready"
        assert look(server, 200).json() == READY


@pytest.mark.parametrize("loss", ["moved", "damaged"])
def test_a_server_whose_database_is_gone_lives_but_is_not_ready_until_it_is_back(server, ready, loss):
    assert look(server, 200).status_code == 200
    (ready / "app.db").rename(ready / "elsewhere")
    if loss == "damaged":
        (ready / "app.db").write_bytes(b"no database at all " * 1000)
    answer = httpx2.get(f"{server.base}/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "out of reach"
    assert str(ready) not in answer.text  # nothing of the machine is told to whoever asks
    assert httpx2.get(f"{server.base}/healthz").status_code == 200
    (ready / "elsewhere").rename(ready / "app.db")
    assert look(server, 200).json() == READY


def test_they_are_no_part_of_the_public_description(server):
    described = httpx2.get(f"{server.base}/openapi.json")
    assert "readyz" not in json.dumps(described.json())
    assert "healthz" not in json.dumps(described.json())


class TestTheWorkersBeat:
    async def until(self, worker: WorkerProcess, *, wanted: bool) -> bool:
        end = time.monotonic() + 15
        while worker.is_working() != wanted and time.monotonic() < end:  # noqa: ASYNC110 - it is asked like this
            await asyncio.sleep(0.02)
        return worker.is_working()

    @pytest.fixture(autouse=True)
    def at_home(self, ready, monkeypatch):
        monkeypatch.setenv("LONGLIST_HOME", str(ready))

    async def test_a_worker_beats_from_its_start_to_its_end(self):
        worker = WorkerProcess()
        assert not worker.is_working()
        async with worker:
            assert worker.is_working()
        assert not worker.is_working()

    async def test_a_worker_that_was_killed_is_begun_again(self):
        async with WorkerProcess() as worker:
            assert worker._process is not None
            worker._process.kill()
            assert not await self.until(worker, wanted=False)
            assert await self.until(worker, wanted=True)

    async def test_a_worker_whose_loop_stands_still_does_not_work(self, monkeypatch):
        monkeypatch.setattr(worker_process, "SILENT_SECONDS", 2.0)
        async with WorkerProcess() as worker:
            assert worker._process is not None
            worker._process.send_signal(signal.SIGSTOP)
            assert not await self.until(worker, wanted=False)
            worker._process.send_signal(signal.SIGCONT)
            assert await self.until(worker, wanted=True)

    async def test_a_worker_that_hangs_is_replaced(self, monkeypatch):
        monkeypatch.setattr(worker_process, "HANGING_SECONDS", 2.0)
        async with WorkerProcess() as worker:
            first = worker._process
            assert first is not None
            first.send_signal(signal.SIGSTOP)
            assert not await self.until(worker, wanted=False)
            assert await self.until(worker, wanted=True)
            assert worker._process is not first

    async def test_a_second_worker_is_refused_with_the_reason(self):
        async with WorkerProcess():
            with pytest.raises(Conflict, match="Another Longlist server works"):
                await WorkerProcess().__aenter__()

    async def test_a_worker_that_cannot_be_started_says_so(self):
        with pytest.raises(Unavailable, match="could not be started"):
            await WorkerProcess([sys.executable, "-c", "raise SystemExit(3)"]).__aenter__()


async def test_a_worker_of_somebody_else_is_looked_for_beside_the_loop_and_not_with_every_question(monkeypatch):
    monkeypatch.setattr(serving, "LOOK_SECONDS", 0)
    may_look, seen = threading.Semaphore(1), itertools.cycle([True, False, True, StoreError("It is out of reach.")])

    class Role(WorkerRole):
        def is_taken(self) -> bool:
            assert may_look.acquire(timeout=30)
            found = next(seen)
            if isinstance(found, StoreError):
                raise found
            return found

    async with serving.watched(Role(Path("there is no such file"))) as is_taken:
        for answer in (True, False, True, False, True):
            async with asyncio.timeout(30):
                while is_taken() != answer:  # noqa: ASYNC110 - it is asked like this
                    await asyncio.sleep(0.001)
            assert {is_taken() for _ in range(100)} == {answer}  # nobody waits for the next look, which waits here
            may_look.release()
