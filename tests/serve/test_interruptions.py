"""Ctrl-C and SIGTERM: what is kept is said, the exit code is 130, and no traceback is shown."""

import json
import shutil
import signal
import time

import pytest

import processes
from longlist.catalog import generations

QUERY = "live chat software for online shops"


def stopped(process, number: signal.Signals) -> processes.Ran:
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert b"Traceback" not in err
    return processes.Ran(process.returncode, out, err)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_search_is_kept_and_the_message_says_how_to_go_on(built_home, tmp_path, number):
    home = tmp_path / "home"
    shutil.copytree(built_home, home)
    process = processes.start("search", QUERY, "--want", "100", "--json", home=home)
    task = process.stderr.readline().decode().split()[1]
    time.sleep(0.3)
    ran = stopped(process, number)
    assert ran.code == 130
    assert ran.out == b""
    assert ran.err.decode() == f"Interrupted. Everything found so far is kept; `longlist resume {task}` goes on.\n"
    resumed = json.loads(processes.run("resume", "--json", home=home).check().out)
    assert resumed["id"].startswith(task)
    assert resumed["status"] == "done"


@pytest.mark.parametrize("seconds", [0, 0.5, 2])
def test_a_search_interrupted_while_the_catalogue_is_first_built_is_kept(tmp_path, seconds):
    process = processes.start("search", QUERY, home=tmp_path / "home")
    assert process.stderr.readline().startswith(b"Task ")
    time.sleep(seconds)
    ran = stopped(process, signal.SIGINT)
    assert ran.code == 130
    assert b"longlist resume" in ran.err
    assert b"not finished" in processes.run("tasks", home=tmp_path / "home").check().out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_interrupted_before_it_began_says_no_more_than_that(tmp_path, number):
    process = processes.start("search", QUERY, home=tmp_path / "home")
    time.sleep(0.15)
    ran = stopped(process, number)
    assert ran.code in {130, -number}  # the latter while Python itself starts
    assert ran.out == b""


def test_an_interrupted_build_leaves_the_old_index_usable(built_home, tmp_path):
    home = tmp_path / "home"
    shutil.copytree(built_home, home)
    process = processes.start("catalog", "build", home=home)
    time.sleep(2)
    ran = stopped(process, signal.SIGINT)
    assert ran.code == 130
    before = generations.current(home / "index")
    found = json.loads(processes.run("catalog", "search", "Shopify", "--json", home=home).check().out)
    assert found[0]["domain"] == "shopify.com"
    assert generations.current(home / "index") == before  # nothing had to be built again


def test_a_second_signal_ends_the_process_at_once(tmp_path):
    process = processes.start("search", QUERY, home=tmp_path / "home")
    process.stderr.readline()
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    time.sleep(0.05)
    assert stopped(process, signal.SIGINT).code in {130, -signal.SIGINT}  # the latter when Python itself was ending
