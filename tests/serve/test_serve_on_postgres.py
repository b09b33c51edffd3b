"""The whole of Longlist on Postgres, from the outside: moving there, serving, a server that is killed, moving back."""

import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import postgres
import processes
import served

QUERY = {"query": "live chat software for online shops", "desired_num_results": 10}


@pytest.fixture
def ready(built_home: Path, tmp_path: Path) -> Path:
    shutil.copytree(built_home, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def url(cluster: postgres.Cluster) -> Iterator[str]:
    made = cluster.empty()
    yield made
    cluster.drop(made)


def ended(server: served.Served, task_id: str) -> Any:
    end = time.monotonic() + 60
    while (task := server.get(f"/v1/discovery_tasks/{task_id}"))["status"] not in ("done", "failed"):
        assert time.monotonic() < end, task
        time.sleep(0.05)
    return task


def companies(server: served.Served, task_id: str) -> list[tuple[str, Any]]:
    results = server.get(f"/v1/discovery_tasks/{task_id}/results")["results"]
    return [
        (found["company_website"], {key: one["grade"] for key, one in found["scores"].items()}) for found in results
    ]


def test_a_home_moves_to_postgres_is_served_killed_and_served_again_and_moves_back(ready: Path, url: str):
    with served.serving(ready) as server:
        task_id = server.post("/v1/discovery_tasks", QUERY)["id"]
        ended(server, task_id)
        expected = companies(server, task_id)
    here = f"sqlite:///{ready / 'app.db'}"
    settings = {"LONGLIST_DATABASE_URL": url}
    fresh = processes.run("migrate", home=ready, env=settings).check()
    assert fresh.out.startswith(b"The database was empty")
    counts = json.loads(processes.run("copy", here, url, "--json", home=ready).check().out)
    assert counts["records"] > 8000
    assert counts["tasks"] == 1
    again = processes.run("copy", here, url, home=ready).check()
    assert again.out.startswith(b"Nothing had to be copied")
    assert processes.run("verify", task_id, home=ready, env=settings).check()

    server = served.start(ready, env=settings)
    assert companies(server, task_id) == expected
    second = processes.run("serve", "--port", "0", home=ready, env=settings | {"LONGLIST_ENGINE": "direct"})
    assert second.code == 4
    assert b"Another Longlist server" in second.err
    made = server.post("/v1/discovery_tasks", QUERY)["id"]
    time.sleep(0.5)
    server.process.kill()
    server.process.communicate()
    with served.serving(ready, env=settings) as server:
        assert ended(server, made)["stop_reason"] == "target_met"
        assert companies(server, made) == expected
        assert server.post("/v1/companies/search", {"q": "live chat"})
        beside = processes.run("search", QUERY["query"], "--want", "3", "--json", home=ready, env=settings).check()
        assert json.loads(beside.out)["status"] == "done"
    assert processes.run("verify", made, home=ready, env=settings).check()

    back = json.loads(processes.run("copy", url, here, "--task", made, "--json", home=ready).check().out)
    assert (back["tasks"], back["records"]) == (1, 0)
    assert processes.run("verify", made, home=ready).check()


def test_a_database_that_is_out_of_reach_is_one_sentence_without_its_password(tmp_path: Path):
    settings = {"LONGLIST_DATABASE_URL": "postgresql://me:se%40cret@127.0.0.1:1/data"}
    for command in (("tasks",), ("serve", "--port", "0"), ("migrate",)):
        ran = processes.run(*command, home=tmp_path / "home", env=settings)
        assert ran.code == 7, ran.err
        assert b"out of reach" in ran.err
        assert ran.err.count(b"\n") == 1
        assert b"cret" not in ran.err + ran.out
