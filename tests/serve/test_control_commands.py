"""`longlist pause`, `stop` and `delete`, from a process of their own, and the same over HTTP."""

import contextlib
import json
import re
import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest

import processes
import served

QUERY = "live chat software for online shops"  # looks through 1,500 companies when many are wanted
MANY = ("search", QUERY, "--want", "250", "--json")


@pytest.fixture
def ready(built_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(built_home, tmp_path / "used")
    return tmp_path / "used"


@pytest.fixture
def server(ready: Path):
    with served.serving(ready) as running:
        yield running


def ask(home: Path, sql: str) -> list[tuple]:
    with contextlib.closing(sqlite3.connect(home / "app.db")) as database:
        return database.execute(sql).fetchall()


def until_it_works(home: Path) -> None:
    """Wait until profiles are being written."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if ask(home, "SELECT count(*) FROM candidate WHERE profile_id IS NOT NULL")[0][0]:
            return
        time.sleep(0.02)
    raise AssertionError("nothing was found")


@pytest.mark.parametrize(("order", "reason"), [("pause", "paused"), ("stop", "stopped")])
def test_a_search_in_another_terminal_heeds_an_order_and_shows_what_it_has(ready, order, reason):
    search = processes.start(*MANY, home=ready)
    search.stderr.readline()
    until_it_works(ready)
    ordered = json.loads(processes.run(order, "last", "--json", home=ready).check().out)
    at = time.monotonic()
    out, err = search.communicate(timeout=30)
    assert time.monotonic() - at < 2 + 2  # heeded within two seconds, and its report written
    assert (ordered["status"], ordered["stop_reason"]) == ("done", reason)
    assert search.returncode == 0, err
    assert (json.loads(out)["status"], json.loads(out)["stop_reason"]) == ("done", reason)
    resumed = json.loads(processes.run("resume", "last", "--json", home=ready).check().out)
    assert resumed["stop_reason"] in ("target_met", "exhausted")


@pytest.mark.parametrize(("order", "reason"), [("pause", "paused"), ("stop", "stopped")])
def test_a_task_of_the_server_heeds_an_order_from_the_command_line(server, ready, order, reason):
    server.post("/v1/discovery_tasks", {"query": QUERY, "desired_num_results": 250})
    until_it_works(ready)
    begun = time.monotonic()
    said = processes.run(order, "last", home=ready).check()
    assert time.monotonic() - begun < 2 + 3  # two seconds, and the command's own start
    assert ("Paused: " if order == "pause" else "Stopped on request: ") in said.err.decode()
    (found,) = json.loads(processes.run("tasks", "--json", home=ready).check().out)
    assert (found["status"], found["stop_reason"]) == ("done", reason)
    rows = ask(ready, "SELECT * FROM candidate ORDER BY id"), ask(ready, "SELECT * FROM grade ORDER BY 1, 2")
    time.sleep(0.5)
    if order == "stop":
        assert rows == (
            ask(ready, "SELECT * FROM candidate ORDER BY id"),
            ask(ready, "SELECT * FROM grade ORDER BY 1, 2"),
        )


def test_a_search_whose_task_is_deleted_says_so_and_leaves_nothing(ready):
    search = processes.start(*MANY, home=ready)
    search.stderr.readline()
    until_it_works(ready)
    processes.run("delete", "last", "--yes", home=ready).check()
    out, err = search.communicate(timeout=30)
    assert search.returncode in (0, 3)
    if search.returncode == 3:  # else it had reported before the task went
        assert b"was deleted while it ran" in err
        assert out == b""
    assert b"Traceback" not in err
    assert ask(ready, "SELECT count(*) FROM task") == ask(ready, "SELECT count(*) FROM candidate") == [(0,)]


def test_deleting_a_task_of_the_server_logs_no_fault_and_the_server_goes_on(ready):
    server = served.start(ready)
    server.post("/v1/discovery_tasks", {"query": QUERY, "desired_num_results": 250})
    until_it_works(ready)
    said = json.loads(processes.run("delete", "last", "--yes", "--json", home=ready).check().out)
    assert said["deleted"] is True
    assert server.ask("GET", f"/v1/discovery_tasks/{said['id']}")[0] == 404
    task = server.post("/v1/discovery_tasks", {"query": QUERY, "desired_num_results": 5})
    end = time.monotonic() + 30
    while server.get(f"/v1/discovery_tasks/{task['id']}")["status"] != "done" and time.monotonic() < end:
        time.sleep(0.05)
    assert server.get(f"/v1/discovery_tasks/{task['id']}")["num_results"] == 5
    server.process.terminate()
    server.process.communicate(timeout=20)
    logged = server.log.read_text()
    assert "Traceback" not in logged
    assert "run_failed" not in logged
    assert "broken_off" not in logged


class TestInOneProcess:
    @pytest.fixture
    def done(self, cli, ready, monkeypatch):
        monkeypatch.setenv("LONGLIST_HOME", str(ready))
        return cli("search", QUERY, "-n", "3", "--json").json["id"]

    def test_deleting_asks_first_and_does_nothing_without_an_answer(self, cli, ready, done):
        refused = processes.run("delete", done, home=ready)
        assert refused.code == 1
        assert b"Nothing was deleted" in refused.err
        assert cli("show", done).code == 0
        assert cli("delete", done[:8], "--yes").code == 0
        assert cli("show", done).code == 3

    @pytest.mark.parametrize("order", ["pause", "stop"])
    def test_a_finished_task_stays_as_it_is(self, cli, done, order):
        assert cli(order, "last", "--json").json["stop_reason"] == "target_met"

    @pytest.mark.parametrize("order", ["pause", "stop", "delete"])
    def test_an_unknown_task_is_not_found(self, cli, home, order):
        assert cli(order, "last", *(["--yes"] if order == "delete" else [])).code == 3


class TestOverHttp:
    @pytest.fixture
    def task(self, server, ready) -> str:
        made = server.post("/v1/discovery_tasks", {"query": QUERY, "desired_num_results": 250})
        until_it_works(ready)
        return made["id"]

    @staticmethod
    def send(server: served.Served, method: str, path: str, **options: Any) -> httpx2.Response:
        return httpx2.request(method, f"{server.base}/internal/tasks/{path}", timeout=30, **options)

    def test_a_token_that_may_write_stops_pauses_and_deletes(self, server, ready, task):
        stopped = server.post(f"/internal/tasks/{task}/stop")
        assert (stopped["status"], stopped["stop_reason"]) == ("done", "stopped")
        server.post(f"/v1/discovery_tasks/{task}/resume", {"desired_new_results": 0})
        assert server.post(f"/internal/tasks/{task.upper()}/pause")["stop_reason"] in ("paused", "exhausted")
        bearer = {"Authorization": f"Bearer {server.token}"}
        assert self.send(server, "DELETE", task, headers=bearer).status_code == 204
        assert self.send(server, "DELETE", task, headers=bearer).status_code == 404
        assert server.ask("GET", f"/v1/discovery_tasks/{task}")[0] == 404

    def test_nobody_else_may(self, server, ready, task):
        reader = processes.run("token", "create", "local", "--scope", "read", "-q", home=ready).check().out.decode()
        other = processes.run("token", "create", "ben", "-q", home=ready).check().out.decode()
        calls = (("POST", f"{task}/stop"), ("POST", f"{task}/pause"), ("DELETE", task))
        for call in calls:
            assert self.send(server, *call).status_code == 401
            for secret, status in ((reader, 403), (other, 404), ("ll_wrong", 401), (f"{server.token} x", 401)):
                headers = {"Authorization": f"Bearer {secret.strip()}"}
                assert self.send(server, *call, headers=headers).status_code == status, (call, status)
        assert server.get(f"/v1/discovery_tasks/{task}")["stop_reason"] not in ("paused", "stopped")

    def test_a_signed_in_browser_may_from_a_page_of_this_server_only(self, server, task):
        with httpx2.Client(base_url=server.base, follow_redirects=True, timeout=30) as browser:
            browser.get(re.search(r"http://\S+/sign-in\?code=\S+", server.words)[0])
            for headers in ({}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
                assert browser.post(f"/internal/tasks/{task}/stop", headers=headers).status_code == 403
                assert browser.delete(f"/internal/tasks/{task}", headers=headers).status_code == 403
            own = {"Origin": server.base}
            assert browser.post(f"/internal/tasks/{task}/stop", headers=own).json()["stop_reason"] == "stopped"
            wrong = own | {"Authorization": "Bearer ll_wrong"}  # a token that is shown counts, not the cookie beside it
            assert browser.delete(f"/internal/tasks/{task}", headers=wrong).status_code == 401
            assert browser.delete(f"/internal/tasks/{task}", headers=own).status_code == 204
            assert browser.delete("/internal/tasks/nonsense", headers=own).status_code == 404

    def test_it_is_no_part_of_the_public_description(self, server):
        assert not any("internal" in path for path in httpx2.get(f"{server.base}/openapi.json").json()["paths"])
        assert server.ask("DELETE", "/v1/discovery_tasks/x")[0] == 405
        assert server.ask("POST", "/v1/discovery_tasks/x/stop")[0] == 404
