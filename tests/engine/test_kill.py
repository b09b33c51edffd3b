"""`longlist search`, killed with SIGKILL at random moments and resumed: the same companies, grades and quotations."""

import json
import random
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

import processes

QUERY = "live chat software for online shops"
SEARCH = ("search", QUERY, "--want", "30", "--json")
CHANGES = {"id", "task_id", "created_at", "company_profile_id", "read_at"}  # of another run, though it found the same


def without_changes(value: Any) -> Any:
    """A report without what differs between two runs that found the same."""
    if isinstance(value, dict):
        return {name: without_changes(part) for name, part in value.items() if name not in CHANGES}
    return [without_changes(part) for part in value] if isinstance(value, list) else value


def report(ran: processes.Ran) -> Any:
    return without_changes(json.loads(ran.check().out))


@pytest.fixture(scope="module")
def undisturbed(built_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, float]:
    """What the search finds when nothing happens to it, and how long it takes after its task was made (seconds)."""
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    shutil.copytree(built_home, home)
    process, started = started_search(home)
    out, err = process.communicate(timeout=60)
    return report(processes.Ran(process.returncode, out, err)), time.monotonic() - started


def started_search(home: Path) -> tuple[Any, float]:
    """A search, and when its task had been made."""
    process = processes.start(*SEARCH, home=home)
    assert process.stderr.readline().startswith(b"Task ")
    return process, time.monotonic()


def kill_after(process: Any, seconds: float) -> None:
    """Let a process work for some time, then kill it; one that has ended already is fine."""
    time.sleep(seconds)
    process.kill()
    process.communicate()


MOMENTS = [(number + random.Random(number).random()) / 5 for number in range(5)]  # one in each fifth
MANY_MOMENTS = [pytest.param(random.Random(seed).random(), marks=pytest.mark.exhaustive) for seed in range(100, 160)]


@pytest.mark.parametrize("moment", [*MOMENTS, *MANY_MOMENTS])
def test_a_search_killed_while_it_runs_is_resumed_to_the_same_end(built_home, undisturbed, tmp_path, moment):
    expected, seconds = undisturbed
    home = tmp_path / "killed"
    shutil.copytree(built_home, home)
    process, _ = started_search(home)
    kill_after(process, moment * seconds)
    assert report(processes.run("resume", "last", "--json", home=home)) == expected


def test_a_killed_search_is_listed_as_not_finished_and_its_proof_stands_once_it_is_resumed(built_home, tmp_path):
    home = tmp_path / "killed"
    shutil.copytree(built_home, home)
    process, _ = started_search(home)
    kill_after(process, 0.2)
    (task,) = json.loads(processes.run("tasks", "--json", home=home).check().out)
    assert task["status"] in {"created", "in_progress"}
    assert task["stop_reason"] is None
    listed = processes.run("tasks", home=home).check()
    assert f"{task['id'][:8]}" in listed.out.decode()
    assert "not finished" in listed.out.decode()
    assert "longlist resume TASK" in listed.err.decode()
    processes.run("resume", task["id"][:8], home=home).check()
    assert processes.run("verify", task["id"][:8], home=home).code == 0


@pytest.mark.parametrize("seed", [1, *[pytest.param(n, marks=pytest.mark.exhaustive) for n in range(2, 20)]])
def test_resuming_may_be_killed_as_well(built_home, undisturbed, tmp_path, seed):
    expected, seconds = undisturbed
    home, chance = tmp_path / "killed", random.Random(seed)
    shutil.copytree(built_home, home)
    process, _ = started_search(home)
    kill_after(process, chance.uniform(0.2, 0.7) * seconds)
    for _ in range(2):
        resumed = processes.start("resume", home=home)  # without an id: the newest that is unfinished
        resumed.stderr.readline()
        kill_after(resumed, chance.uniform(0, 0.7) * seconds)
    assert report(processes.run("resume", "last", "--json", home=home)) == expected


@pytest.mark.parametrize(
    "seconds",
    [
        0.3,
        pytest.param(2.0, marks=pytest.mark.exhaustive),
        *[pytest.param(random.Random(n).uniform(0, 8), marks=pytest.mark.exhaustive) for n in range(20)],
    ],
)
def test_a_search_killed_while_the_catalogue_is_first_built_is_resumed_to_the_same_end(undisturbed, tmp_path, seconds):
    expected, _ = undisturbed
    home = tmp_path / "new"
    process, _ = started_search(home)
    kill_after(process, seconds)
    assert report(processes.run("resume", "last", "--json", home=home)) == expected
