import json
import time

import pytest

import processes
from longlist.engine.checks import MAX_QUERY

KEYS = {"query", "criteria", "criteria_inferred", "constraints", "angles", "positive", "negative", "not_understood"}


def test_a_plan_says_what_was_understood(cli):
    plan = cli("plan", "payment companies in Germany with at most 50 employees, not banks", "--json").json
    assert set(plan) == KEYS
    assert {"field": "country", "op": "in", "value": ["Germany"]} in plan["constraints"]
    assert {"field": "employees", "op": "max", "value": 50} in plan["constraints"]
    assert 2 <= len(plan["criteria"]) <= 5
    assert all(set(criterion) == {"key", "name", "criterion"} for criterion in plan["criteria"])


def test_a_plan_is_readable(cli):
    shown = cli("plan", "payment companies in Germany with at most 50 employees, not banks").out
    assert "Condition: in Germany" in shown
    assert "Condition: at most 50 people" in shown
    assert "Leave out: banks" in shown


def test_own_criteria_take_the_place_of_inferred_ones(cli):
    plan = cli("plan", "shops", "-c", "Sells shoes online", "-c", "Sells shoes online", "--json").json
    assert [criterion["criterion"] for criterion in plan["criteria"]] == ["Sells shoes online"] * 2
    assert plan["criteria_inferred"] is False


@pytest.mark.parametrize("args", [[""], ["  "], ["x" * (MAX_QUERY + 1)], ["shops", "-c", "short"], ["a\udc80"], []])
def test_a_query_that_cannot_work_is_wrong_usage(cli, args):
    answer = cli("plan", *args)
    assert answer.code == 2
    assert answer.out == ""


def piped(tmp_path, data: bytes, *args: str) -> tuple[list, float]:
    file = tmp_path / "queries.txt"
    file.write_bytes(data)
    started = time.monotonic()
    with file.open("rb") as stream:
        ran = processes.run("plan", "-", "--json", *args, home=tmp_path, stdin=stream)
    assert ran.code == 0
    assert ran.err == b""
    return [json.loads(line) for line in ran.out.splitlines()], time.monotonic() - started


def test_each_line_of_standard_input_gives_one_object_in_order(tmp_path):
    queries = [f"payment companies in Germany with at least {n} employees" for n in range(1000)]
    plans, seconds = piped(tmp_path, "\n".join(queries).encode())
    assert [plan["query"] for plan in plans] == queries
    assert all(set(plan) == KEYS for plan in plans)
    assert seconds < 20  # a few milliseconds each


def test_a_bad_line_gives_an_error_object_in_its_place(tmp_path):
    lines = [
        b"\xef\xbb\xbfshops in Spain",
        b"",
        b"  \t",
        b"x" * (MAX_QUERY + 1),
        b"y" * 1_000_000,
        b"half \xff\xfe a character",
        b"a NUL \x00 here",
        "Läden in Köln\r".encode(),
        ("ä" * MAX_QUERY).encode(),
        b"last, without a line end",
    ]
    plans, _ = piped(tmp_path, b"\n".join(lines))
    assert [plan["query"] for plan in plans if "error" not in plan] == [
        "shops in Spain", "Läden in Köln", "ä" * MAX_QUERY, "last, without a line end"
    ]  # fmt: skip
    errors = [plan for plan in plans if "error" in plan]
    assert [error["line"] for error in errors] == [2, 3, 4, 5, 6, 7]
    assert all(set(error) == {"line", "query", "error"} for error in errors)
    assert "empty" in errors[0]["error"]
    assert "20,001 characters" in errors[2]["error"]
    assert "more than 20,000 characters" in errors[3]["error"]
    assert "no text" in errors[4]["error"]


def test_no_lines_give_no_objects(tmp_path):
    assert piped(tmp_path, b"")[0] == []


def test_a_line_is_answered_before_the_next_one_comes(tmp_path):
    process = processes.start("plan", "-", "--json", home=tmp_path, stdin=-1)
    for query in (b"shops in Spain", b"banks in Peru"):
        process.stdin.write(query + b"\n")
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["query"] == query.decode()
    assert process.communicate(timeout=30)[1] == b""


def test_own_criteria_go_with_every_line(tmp_path):
    plans, _ = piped(tmp_path, b"shops\nbanks\n", "-c", "Sells shoes online")
    assert [plan["criteria"][0]["criterion"] for plan in plans] == ["Sells shoes online"] * 2
