"""`longlist serve`, from the outside: what it says, what it survives, how it shares its data with commands."""

import contextlib
import json
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest

import processes
import served

QUERY = "live chat software for online shops"
CHANGES = {"id", "task_id", "created_at", "read_at"}  # of another run, though it found the same


def without_changes(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_changes(part) for name, part in value.items() if name not in CHANGES}
    return [without_changes(part) for part in value] if isinstance(value, list) else value


@pytest.fixture
def ready(built_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(built_home, tmp_path / "served")
    return tmp_path / "served"


@pytest.fixture
def server(ready: Path):
    with served.serving(ready) as running:
        yield running


def ended(server: served.Served, task_id: str, **options: Any) -> Any:
    end = time.monotonic() + 40
    while time.monotonic() < end:
        task = server.get(f"/v1/discovery_tasks/{task_id}", **options)
        if task["status"] in ("done", "failed"):
            return task
        time.sleep(0.05)
    raise AssertionError(f"the task has not ended: {task}")


def rows_done(home: Path) -> int:
    """How much of the only task is saved: candidates found, profiled and graded, each counted once a stage."""
    stages = {"found": 1, "enriched": 2, "evaluated": 3}
    with contextlib.closing(sqlite3.connect(home / "app.db")) as connection:
        return sum(stages.get(stage, 3) for (stage,) in connection.execute("SELECT stage FROM candidate"))


def wait_for_rows(home: Path, count: int) -> None:
    """Wait until so much is saved."""
    end = time.monotonic() + 60
    while rows_done(home) < count:
        assert time.monotonic() < end
        time.sleep(0.002)


def test_the_example_it_prints_works_as_it_stands(server, ready):
    command = re.search(r"^  (curl .*?)\nthen", server.words, re.MULTILINE | re.DOTALL)[1]
    ran = subprocess.run(["sh", "-c", command], capture_output=True, check=True, timeout=30)
    task = ended(server, json.loads(ran.stdout)["id"])
    assert (task["stop_reason"], task["num_results"]) == ("target_met", 5)
    results = server.get(f"/v1/discovery_tasks/{task['id']}/results")["results"]
    assert len(results) == 5
    listed = processes.run("tasks", "--json", home=ready).check()
    assert [listed["id"] for listed in json.loads(listed.out)] == [task["id"]]
    assert processes.run("verify", "last", home=ready).code == 0


def test_a_server_killed_ten_times_during_a_task_comes_to_the_same_companies_and_grades(ready, built_home, tmp_path):
    def outcome(server: served.Served, task_id: str) -> Any:
        return without_changes(server.get(f"/v1/discovery_tasks/{task_id}/results"))

    asked = {"query": QUERY, "desired_num_results": 120}
    with served.serving(ready) as server:
        task = server.post("/v1/discovery_tasks", asked)
        ended(server, task["id"])
        expected = outcome(server, task["id"])
    assert len(expected["results"]) >= 20
    all_rows = rows_done(ready)

    home, chance, stages = tmp_path / "killed", random.Random(5), set()
    shutil.copytree(built_home, home)
    token = processes.run("token", "create", "anna", "--quiet", home=home).check().out.decode().strip()
    task_id = None
    for kill in range(10):
        server = served.start(home)
        if task_id is None:
            task_id = server.post("/v1/discovery_tasks", asked, token=token)["id"]
        wait_for_rows(home, int((kill + chance.random()) / 10.5 * all_rows))
        server.process.kill()
        server.process.communicate()
        stages.add(rows_done(home))
    assert max(stages) < all_rows
    with served.serving(home) as server:
        task = ended(server, task_id, token=token)
        assert task["status"] == "done"
        got = without_changes(server.get(f"/v1/discovery_tasks/{task_id}/results", token=token))
    assert got == expected
    assert len(stages) >= 5  # the kills fell on different moments
    assert processes.run("verify", "last", home=home).code == 0


def test_sigterm_ends_it_soon_and_in_order_and_its_task_goes_on_at_the_next_start(ready):
    server = served.start(ready)
    token = processes.run("token", "create", "anna", "-q", home=ready).check().out.decode().strip()
    task_id = server.post("/v1/discovery_tasks", {"query": QUERY}, token=token)["id"]
    begun = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    server.process.communicate(timeout=20)
    assert server.process.returncode == 0
    assert time.monotonic() - begun < 8
    assert "Traceback" not in server.log.read_text()
    with served.serving(ready) as server:
        assert ended(server, task_id, token=token)["status"] == "done"


def test_for_debugging_it_logs_where_the_time_of_a_task_goes_and_else_it_does_not(ready):
    asked = {"query": QUERY, "desired_num_results": 3}
    for level, lines in (("info", 0), ("debug", 1)):
        with served.serving(ready, env={"LONGLIST_LOG": level}) as server:
            task_id = server.post("/v1/discovery_tasks", asked)["id"]
            ended(server, task_id)
        said = rf"^\S+ \S+,\d{{3}} DEBUG longlist\.times: round_begins task={task_id} round=1$"
        assert len(re.findall(said, server.log.read_text(), re.MULTILINE)) == lines


def test_one_data_directory_has_one_server(server, ready):
    second = processes.run("serve", "--port", "0", home=ready)
    assert second.code == 4
    assert b"Another Longlist server" in second.err
    assert server.get("/v1/healthcheck") == {"status": "ok"}


def test_a_port_that_is_taken_is_said(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = processes.run("serve", "--port", str(taken.getsockname()[1]), home=tmp_path / "home")
    assert refused.code == 5
    assert b"cannot be listened on" in refused.err
    assert processes.run("serve", "--host", "no.such.host.invalid", home=tmp_path / "home").code == 2


def test_a_search_beside_a_server_is_run_by_it_and_followed(server, ready):
    ran = processes.run("search", QUERY, "-n", "5", "--json", home=ready).check()
    report = json.loads(ran.out)
    assert (report["status"], report["num_results"]) == ("done", 5)
    local = processes.run("token", "create", "local", "-q", home=ready).check().out.decode().strip()
    assert server.get(f"/v1/discovery_tasks/{report['id']}", token=local)["num_results"] == 5
    more = json.loads(processes.run("resume", "last", "--more", "3", "--json", home=ready).check().out)
    assert more["num_results"] == 8


def test_a_search_whose_server_is_killed_goes_on_by_itself(server, ready):
    process = processes.start("search", QUERY, "-n", "150", "--json", home=ready)
    assert process.stderr.readline().startswith(b"Task ")
    server.process.kill()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert b"going on here" in err
    assert json.loads(out)["status"] == "done"


def test_what_a_search_without_a_server_left_unfinished_is_not_taken_up_by_one(ready):
    process = processes.start("search", QUERY, home=ready)
    process.stderr.readline()
    process.kill()
    process.communicate()
    with served.serving(ready) as server:
        local = processes.run("token", "create", "local", "-q", home=ready).check().out.decode().strip()
        time.sleep(1)
        (task,) = server.get("/v1/discovery_tasks", token=local)
        assert task["status"] in ("created", "in_progress")
        paused = server.post(f"/v1/discovery_tasks/{task['id']}/pause", token=local)
        assert (paused["status"], paused["stop_reason"]) == ("done", "paused")
        server.post(f"/v1/discovery_tasks/{task['id']}/resume", {"desired_new_results": 0}, token=local)
        assert ended(server, task["id"], token=local)["stop_reason"] == "target_met"


def test_a_revoked_token_ends_at_once_also_in_a_running_server(server, ready):
    token = processes.run("token", "create", "anna", "-q", home=ready).check().out.decode().strip()
    assert server.get("/v1/user", token=token)["email"] == "anna@localhost"
    processes.run("token", "revoke", "anna", home=ready).check()
    assert server.ask("GET", "/v1/user", token=token)[0] == 401


def test_a_company_that_was_imported_while_it_runs_is_found_and_discovered(server, ready, tmp_path):
    lines = "name,website,description\nZweikorn Labs,zweikorn.example,Zweikorn builds grain moisture sensors.\n"
    (tmp_path / "mine.csv").write_text(lines)
    found = server.get("/v1/companies/search?q=zweikorn.example")["results"]
    assert "zweikorn.example" not in [company["domain"] for company in found]
    processes.run("catalog", "import", str(tmp_path / "mine.csv"), "--yes", home=ready).check()
    end = time.monotonic() + 30
    while not (found and found[0]["name"] == "Zweikorn Labs") and time.monotonic() < end:
        time.sleep(0.3)
        found = server.get("/v1/companies/search?q=zweikorn+labs")["results"]
    assert found[0]["name"] == "Zweikorn Labs"
    task = server.post("/v1/discovery_tasks", {"query": "makers of grain moisture sensors", "desired_num_results": 1})
    ended(server, task["id"])
    (result,) = server.get(f"/v1/discovery_tasks/{task['id']}/results")["results"]
    assert result["company_name"] == "Zweikorn Labs"


class TestSigningIn:
    @pytest.fixture
    def browser(self, server):
        with httpx2.Client(base_url=server.base, follow_redirects=True) as client:
            yield client

    @staticmethod
    def link(server: served.Served) -> str:
        return re.search(r"http://\S+/sign-in\?code=\S+", server.words)[0]

    def test_the_link_signs_one_browser_in_and_the_cookie_is_out_of_reach_of_scripts(self, server, browser):
        page = browser.get(self.link(server))
        assert "Which companies are you looking for?" in page.text
        (cookie,) = page.history[0].headers.get_list("set-cookie")
        assert "httponly" in cookie.lower()
        assert "samesite=lax" in cookie.lower()
        assert httpx2.get(self.link(server)).status_code == 403
        assert browser.get("/v1/discovery_tasks").status_code == 401  # the API never looks at cookies

    def test_signing_out_must_come_from_a_page_of_this_server(self, server, browser):
        browser.get(self.link(server))
        for headers in ({}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
            assert browser.post("/sign-out", headers=headers).status_code == 403
        assert "Signed in as <b>local</b>" in browser.get("/settings").text
        session = dict(browser.cookies)
        assert "not signed in" in browser.post("/sign-out", headers={"Origin": server.base}).text
        assert "not signed in" in httpx2.get(server.base, cookies=session).text  # the session itself has ended
