"""`longlist tasks`, `show` and `verify`."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from test_search_command import PAYS, RESULT_KEYS, TASK_KEYS

import processes

QUERY = "buy now pay later providers for online shops"


@pytest.fixture(scope="module")
def searched(built_home, tmp_path_factory) -> Path:
    home = tmp_path_factory.mktemp("tasks") / "home"
    shutil.copytree(built_home, home)
    processes.run("search", QUERY, "-c", PAYS, "-n", "4", home=home).check()
    return home


@pytest.fixture
def done(searched: Path, home: Path) -> Path:
    """The test's own data directory, with one finished task in it."""
    shutil.copytree(searched, home)
    return home


def test_tasks_are_listed_newest_first(cli, done):
    cli("search", "web analytics for bakeries", "-n", "2")
    listed = cli("tasks", "--json").json
    assert [task["query"] for task in listed] == ["web analytics for bakeries", QUERY]
    assert all(set(task) == TASK_KEYS for task in listed)
    assert len(cli("tasks", "--limit", "1", "--json").json) == 1
    shown = cli("tasks")
    assert "web analytics for bakeries" in shown.out
    assert listed[0]["id"][:8] in shown.out


def test_a_new_home_has_no_tasks_and_says_how_to_make_one(cli, home):
    assert cli("tasks", "--json").json == []
    answer = cli("tasks")
    assert (answer.code, answer.out) == (0, "")
    assert "longlist search" in answer.err


@pytest.mark.parametrize("limit", ["0", "-3", "x"])
def test_a_limit_is_at_least_one(cli, home, limit):
    assert cli("tasks", f"--limit={limit}").code == 2


def test_a_task_is_shown_by_its_id_the_beginning_of_it_or_as_the_last(cli, done):
    task = cli("show", "last", "--json").json
    assert set(task) == TASK_KEYS | {"results", "near_misses"}
    assert cli("show", task["id"], "--json").json == task
    assert cli("show", task["id"][:6], "--json").json == task
    assert cli("show", task["id"].upper(), "--json").json == task


@pytest.mark.parametrize("name", ["", "-", "zzzz", "0" * 36, "12345678-1234-1234-1234-123456789abc", "%", "_"])
@pytest.mark.parametrize("command", ["show", "verify", "resume"])
def test_an_unknown_task_is_not_found(cli, done, command, name):
    if (command, name) == ("resume", ""):
        pytest.skip("resume without a task means the newest unfinished one")
    answer = cli(command, "--", name)
    assert answer.code == 3
    assert "longlist tasks" in answer.err
    assert answer.out == ""


def test_an_ambiguous_beginning_is_refused(cli, done):
    cli("search", "web analytics for bakeries", "-n", "2")
    with sqlite3.connect(done / "app.db") as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("UPDATE task SET id = 'aaaaaaaa' || substr(id, 9)")
    connection.close()
    answer = cli("show", "aaaa")
    assert answer.code == 2
    assert "2 tasks begin with aaaa" in answer.err


def test_one_company_is_shown_with_facts_reasons_whole_quotations_and_where_they_stand(cli, done):
    answer = cli("show", "last", "affirm.com")
    result = cli("show", "last", "affirm.com", "--json").json
    text = " ".join(answer.out.split())
    assert set(result) == RESULT_KEYS
    assert text.startswith("Affirm affirm.com")
    assert "Qualifies: 1 of 1 criteria met" in text
    for score in result["scores"].values():
        assert score["explanation"] in text
        for evidence in score["evidence"]:
            assert " ".join(evidence["quote"].split()) in text
    assert "catalogue: Affirm (wappalyzer), read " in text
    assert "Found by the source catalog" in text


@pytest.mark.parametrize("name", ["Affirm", "AFFIRM.COM", "https://www.affirm.com/", "www.affirm.com", "affirm"])
def test_a_company_is_found_by_name_domain_or_address(cli, done, name):
    assert cli("show", "last", name, "--json").json["company_website"] == "affirm.com"


def test_a_company_that_is_not_in_the_task_is_not_found(cli, done):
    answer = cli("show", "last", "no-such-company.com")
    assert answer.code == 3
    assert "not among the companies graded" in answer.err


def test_a_company_goes_into_a_file_as_text_or_json(cli, done, tmp_path):
    assert cli("show", "last", "Affirm", "-o", str(tmp_path / "a.txt")).out == ""
    assert (tmp_path / "a.txt").read_text().startswith("Affirm")
    assert cli("show", "last", "Affirm", "-o", str(tmp_path / "a.json")).code == 0
    assert '"company_name": "Affirm"' in (tmp_path / "a.json").read_text()
    assert cli("show", "last", "Affirm", "-f", "csv").code == 2


def test_a_task_shown_again_after_its_company_changed_in_the_catalogue_keeps_its_grades(cli, done, tmp_path):
    before = cli("show", "last", "--json").json
    list_ = tmp_path / "mine.csv"
    list_.write_text("name,website,description\nAffirm,affirm.com,Now a bakery\n")
    assert cli("catalog", "import", str(list_), "--yes").code == 0
    after = cli("show", "last", "--json").json
    assert [r["scores"] for r in after["results"]] == [r["scores"] for r in before["results"]]
    assert cli("verify", "last").code == 0


def test_a_task_whose_quotations_all_stand_is_verified(cli, done):
    answer = cli("verify", "last", "--json")
    assert answer.code == 0
    assert answer.json["checked"] == answer.json["proven"] > 100
    assert answer.json["failures"] == []
    assert "quotations stand in the stored texts" in cli("verify", "last").out


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE page SET text = replace(text, 'pay', 'lend')", "was changed"),
        ("UPDATE page SET text = text || ' '", "was changed"),
        ("DELETE FROM page", "is not stored"),
        ("UPDATE page SET hash = 'x' || substr(hash, 2)", "is not stored"),
        ("UPDATE grade SET evidence = replace(evidence, 'later', 'never')", "does not stand in"),
        ("UPDATE grade SET evidence = '[]' WHERE score >= 4", "nothing is quoted"),
    ],
)
def test_whatever_was_tampered_with_is_found_out(cli, done, change, words):
    with sqlite3.connect(done / "app.db") as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        assert connection.execute(change).rowcount > 0
    connection.close()
    answer = cli("verify", "last", "--json")
    assert answer.code == 8
    assert answer.json["proven"] < answer.json["checked"]
    assert any(words in failure["reason"] for failure in answer.json["failures"])
    printed = cli("verify", "last")
    assert printed.code == 8
    assert "Not proven: " in printed.out


def test_a_damaged_database_is_said_and_left_alone(cli, done):
    file = done / "app.db"
    for extra in done.glob("app.db-*"):
        extra.unlink()
    damaged = b"not a database at all" * 1000
    file.write_bytes(damaged)
    answer = cli("tasks")
    assert answer.code == 7
    assert "damaged" in answer.err
    assert file.read_bytes() == damaged
