import json
import sqlite3
from pathlib import Path

import pytest

from longlist.engine.checks import MAX_QUERY
from longlist.errors import Unavailable

QUERY = "buy now pay later providers for online shops"
PAYS = "The company lets people buy now and pay later in online shops."

TASK_KEYS = {
    *("id", "created_at", "status", "query", "desired_num_results", "is_exhausted", "num_results_discovered"),
    *("num_results_enriched", "num_results_evaluated", "num_results", "table_id", "auto_data_sources", "data_sources"),
    *("criteria", "exclude_domains", "failure_reason", "source_states", "stop_reason"),
}
RESULT_KEYS = {
    *("id", "task_id", "company_name", "company_description", "company_website", "relevance", "created_at"),
    *("company_profile_id", "source", "scores", "founding_year", "employee_count", "hq_country", "hq_state_province"),
    *("hq_city", "company_full_description"),
}
SCORE_KEYS = {"grade", "explanation", "sources", "evidence", "no_evidence", "by_hand"}
EVIDENCE_KEYS = {"url", "record", "quote", "read_at", "hash"}


def tasks_in(home: Path) -> int:
    file = home / "app.db"
    if not file.exists():
        return 0
    with sqlite3.connect(file) as connection:
        (count,) = connection.execute("SELECT count(*) FROM task").fetchone()
    connection.close()
    return count


def test_a_search_finds_graded_companies_with_quotations_and_says_why_it_stopped(cli, ready):
    answer = cli("search", QUERY, "-c", PAYS, "--want", "4")
    assert answer.code == 0
    assert QUERY in answer.out
    assert "Done: 4 companies qualify" in answer.out
    assert "catalogue: " in answer.out
    assert "“" in answer.out


def test_json_holds_every_key_of_the_wire_format_and_nothing_else_is_printed(cli, ready):
    answer = cli("search", QUERY, "-c", PAYS, "--want", "4", "--json")
    task = answer.json
    assert set(task) == TASK_KEYS | {"results", "near_misses"}
    assert (task["status"], task["stop_reason"], task["num_results"]) == ("done", "target_met", 4)
    keys = [criterion["key"] for criterion in task["criteria"]]
    assert all(set(criterion) == {"key", "name", "criterion"} for criterion in task["criteria"])
    assert set(task["source_states"][0]) == {"source", "state", "found", "reason"}
    assert len(task["results"]) == 4
    for result in [*task["results"], *task["near_misses"]]:
        assert set(result) == RESULT_KEYS
        assert list(result["scores"]) == keys
        assert 0 <= result["relevance"] <= 100
        assert isinstance(result["relevance"], int)
        for score in result["scores"].values():
            assert set(score) == SCORE_KEYS
            assert score["grade"] in {1, 2, 3, 4, 5}
            assert score["evidence"] or score["grade"] < 4
            for evidence in score["evidence"]:
                assert set(evidence) == EVIDENCE_KEYS
                assert (evidence["url"] is None) != (evidence["record"] is None)
    relevances = [result["relevance"] for result in task["results"]]
    assert relevances == sorted(relevances, reverse=True)
    assert "Done: 4 companies qualify" in answer.err


def test_a_search_nothing_can_answer_ends_honestly_with_the_nearest_misses(cli, ready):
    answer = cli("search", "offshore wind farm maintenance robots in Bolivia with at most 10 employees", "-n", "5")
    assert answer.code == 0
    said = " ".join(answer.out.split())
    assert "no companies qualify, 5 were wanted" in said
    assert "Nearest misses" in said
    assert "Missing: of " in said
    assert "longlist catalog import FILE" in said


def test_own_criteria_are_used_as_they_are(cli, ready):
    given = "The company lets shoppers pay in instalments"
    answer = cli("search", QUERY, "-n", "3", "-c", given, "-c", given, "--json")
    assert [criterion["criterion"] for criterion in answer.json["criteria"]] == [given, given]
    assert len({criterion["key"] for criterion in answer.json["criteria"]}) == 2


def test_excluded_domains_addresses_and_tasks_do_not_come_back(cli, ready):
    first = cli("search", QUERY, "-c", PAYS, "-n", "3", "--json").json
    websites = [result["company_website"] for result in first["results"]]
    address = f"https://www.{websites[0]}/about"
    second = cli("search", QUERY, "-c", PAYS, "-n", "3", "-x", address, "--json").json
    assert websites[0] not in [result["company_website"] for result in second["results"]]
    assert second["exclude_domains"] == [websites[0]]
    third = cli("search", QUERY, "-c", PAYS, "-n", "3", "-x", first["id"][:8], "--json").json
    assert third["exclude_domains"] == sorted(websites)
    assert not set(websites) & {result["company_website"] for result in third["results"]}


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["search", ""], "query is empty"),
        (["search", " \n\t"], "query is empty"),
        (["search", "x" * (MAX_QUERY + 1)], "20,001 characters"),
        (["search", "shops \udcff"], "no text"),
        (["search", QUERY, "-n", "0"], "0 results cannot be asked for: 1 to 250"),
        (["search", QUERY, "-n", "251"], "1 to 250"),
        (["search", QUERY, "-n", "x"], "valid integer"),
        (["search", QUERY, "-c", "too short"], "has 9 characters; it needs 10 to 500"),
        (["search", QUERY, "-c", "y" * 501], "has 501 characters"),
        (["search", QUERY, "-c", "holds half \udcc3 character"], "no text"),
        (["search", QUERY, *["-c", "sells shoes online"] * 21], "21 criteria are too many"),
        (["search", QUERY, "-x", "junk"], "neither a domain nor a web address"),
        (["search", QUERY, "-x", ""], "neither a domain"),
        (["search", QUERY, *[part for n in range(1001) for part in ("-x", f"shop{n}.com")]], "1,001 domains"),
        (["search", QUERY, "-s", "nope"], "no source called nope. Sources here: catalog"),
        (["search", QUERY, "-f", "xlsx"], "name one with -o"),
        (["search", QUERY, "-f", "pdf"], "'pdf' is not one of"),
        (["search", QUERY, "-f", "csv", "--json"], "cannot both be had"),
        (["search", QUERY, "-o", "missing/list.csv"], "folder missing does not exist"),
        (["search", QUERY, "-o", "."], "is a folder"),
        (["search", QUERY, "-o", "n" * 300], "cannot be written: File name too long"),
        (["search"], "Missing argument"),
        (["search", QUERY, "another"], "unexpected extra argument"),
        (["search", QUERY, "--wat"], "No such option"),
        (["seek", QUERY], "No such command"),
    ],
)
def test_what_can_never_work_is_refused_before_anything_is_saved(cli, home, args, words):
    answer = cli(*args)
    assert answer.code == 2
    assert words.lower() in answer.err.lower().replace("\n", " ")
    assert answer.out == ""
    assert tasks_in(home) == 0


def test_an_unknown_task_to_exclude_is_not_found(cli, home):
    assert cli("search", QUERY, "-x", "12345678-1234-1234-1234-123456789abc").code == 3
    assert cli("search", QUERY, "-x", "12345678").code == 3


def test_an_unfinished_task_cannot_be_excluded(cli, ready):
    task = cli("search", QUERY, "-c", PAYS, "-n", "2", "--json").json["id"]
    with sqlite3.connect(ready / "app.db") as connection:
        connection.execute("UPDATE task SET status = 'in_progress', stop_reason = NULL")
    connection.close()
    answer = cli("search", QUERY, "-x", task)
    assert answer.code == 2
    assert "is not done" in answer.err


def test_a_source_without_a_provider_is_reported_with_an_empty_list(cli, ready, monkeypatch):
    monkeypatch.delenv("LONGLIST_WEB")
    answer = cli("search", QUERY, "-s", "web_search", "--json")
    assert answer.code == 0
    assert answer.json["results"] == []
    assert answer.json["stop_reason"] == "exhausted"
    (state,) = answer.json["source_states"]
    assert (state["source"], state["state"]) == ("web_search", "unavailable")
    assert "No search engine is set up: set LONGLIST_SEARXNG_URL" in state["reason"]
    assert "web_search gave nothing" in answer.err


def test_the_other_name_of_the_catalogue_is_taken(cli, ready):
    answer = cli("search", QUERY, "-c", PAYS, "-s", "extruct_db", "-n", "2", "--json")
    assert {result["source"] for result in answer.json["results"]} == {"catalog"}


@pytest.mark.parametrize(
    "query",
    [
        "🛒 online shops 🛍️ for pets",
        "متاجر إلكترونية للملابس",
        "オンライン決済",
        "'; DROP TABLE task; --",
        "[bold]shops[/bold] \x1b[31mred",
        "x" * MAX_QUERY,
        "shop " * 4000,
        "<script>alert(1)</script> & co",
        "in in in not not not",
    ],
)
def test_odd_queries_are_searched_like_others(cli, ready, query):
    answer = cli("search", query, "-n", "2", "--json")
    assert answer.code == 0
    assert answer.json["query"] == query
    assert answer.json["status"] == "done"
    assert "\x1b" not in cli("show", "last").out


def test_the_task_is_named_on_standard_error_as_soon_as_it_exists(cli, ready):
    answer = cli("search", QUERY, "-c", PAYS, "-n", "2", "--json")
    assert answer.err.startswith(f"Task {answer.json['id'][:8]}\n")


def test_the_format_follows_the_ending_of_the_file_unless_it_is_given(cli, ready, tmp_path):
    for ending, start in ((".csv", b"rank,"), (".xlsx", b"PK"), (".json", b"{"), (".txt", b"buy now")):
        file = tmp_path / f"list{ending}"
        answer = cli("search", QUERY, "-c", PAYS, "-n", "2", "-o", str(file))
        assert answer.out == ""
        assert file.read_bytes().startswith(start)
        assert f"Wrote 2 companies to {file}" in answer.err
    assert cli("show", "last", "-f", "csv", "-o", str(tmp_path / "list.pdf")).code == 0
    unknown = cli("show", "last", "-o", str(tmp_path / "other.pdf"))
    assert (unknown.code, (tmp_path / "other.pdf").exists()) == (2, False)
    assert ".pdf are not written here" in unknown.err
    assert cli("show", "last", "-f", "json", "-o", str(tmp_path / "list.csv")).code == 0
    assert json.loads((tmp_path / "list.csv").read_text())["num_results"] == 2


def test_checking_an_output_file_leaves_what_is_in_it(cli, home, tmp_path):
    kept, new = tmp_path / "kept.csv", tmp_path / "new.csv"
    kept.write_text("old")
    assert cli("search", "", "-o", str(kept)).code == 2
    assert cli("search", "", "-o", str(new)).code == 2
    assert kept.read_text() == "old"
    assert not new.exists()


def test_a_file_that_fails_while_it_is_written_loses_no_result(cli, ready):
    answer = cli("search", QUERY, "-c", PAYS, "-n", "2", "-f", "csv", "-o", "/dev/full")
    assert answer.code == 1
    assert "No space left" in answer.err
    assert cli("show", "last", "--json").json["num_results"] == 2


def test_resuming_a_finished_task_shows_it_again(cli, ready):
    first = cli("search", QUERY, "-c", PAYS, "-n", "2", "--json").json
    again = cli("resume", first["id"][:8], "--json").json
    assert again == first


def test_resuming_for_more_keeps_what_there_was_and_adds_to_it(cli, ready):
    first = cli("search", QUERY, "-c", PAYS, "-n", "2", "--json").json
    more = cli("resume", first["id"], "--more", "3", "--json").json
    assert more["desired_num_results"] == 5
    assert [r["id"] for r in more["results"]][:2] == [r["id"] for r in first["results"]]
    assert len(more["results"]) == 5


def test_resuming_a_task_whose_sources_have_no_more_is_a_conflict(cli, home, monkeypatch, tmp_path):
    monkeypatch.setenv("LONGLIST_EMBEDDED_CATALOG", "false")
    (tmp_path / "mine.csv").write_text(
        "name,website,description\nAcme,acme.com,Buy now and pay later in online shops\n"
    )
    assert cli("catalog", "import", str(tmp_path / "mine.csv"), "--yes").code == 0
    first = cli("search", QUERY, "-c", PAYS, "-n", "2", "--json").json
    assert (first["stop_reason"], first["is_exhausted"]) == ("exhausted", True)
    assert cli("resume", "last", "--json").json == first
    answer = cli("resume", "last", "--more", "5")
    assert answer.code == 4
    assert "no more companies for this task" in answer.err
    assert cli("show", "last", "--json").json == first


def test_a_source_that_could_not_be_asked_is_asked_again_when_more_is_wanted(cli, ready):
    answer = cli("search", QUERY, "-s", "web_search")
    assert "not every source could be asked" in answer.out
    assert "longlist resume" in answer.out
    again = cli("resume", "last", "--more", "5")
    assert again.code == 0
    assert "web_search gave nothing" in again.out


@pytest.mark.parametrize(("args", "code"), [(["resume"], 3), (["resume", "abcdef"], 3), (["resume", "last"], 3)])
def test_there_must_be_a_task_to_resume(cli, home, args, code):
    assert cli(*args).code == code


@pytest.mark.parametrize("more", ["-1", "251", "x"])
def test_only_so_many_more_can_be_asked_for(cli, ready, more):
    cli("search", QUERY, "-c", PAYS, "-n", "2")
    assert cli("resume", "last", f"--more={more}").code == 2


def test_a_search_that_fails_says_why_keeps_what_it_has_and_can_be_resumed(cli, ready, monkeypatch):
    class Absent:
        def __init__(self, _idf):
            pass

        async def grade(self, *_):
            raise Unavailable("The grader is away.")

    with monkeypatch.context() as broken:
        broken.setattr("longlist.wiring.home.RuleGrader", Absent)
        answer = cli("search", QUERY, "-c", PAYS, "-n", "2", "--json")
    assert answer.code == 1
    assert (answer.json["status"], answer.json["failure_reason"]) == ("failed", "The grader is away.")
    assert answer.json["num_results_enriched"] > 0
    assert "Failed: The grader is away. What was found is kept" in answer.err
    assert cli("show", "last").code == 0
    assert cli("resume", "last", "--json").json["num_results"] == 2


def test_a_data_directory_that_cannot_be_used_is_said_with_its_exit_code(cli, home, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LONGLIST_HOME", str(tmp_path / "file" / "home"))
    answer = cli("search", QUERY)
    assert answer.code == 7
    assert "LONGLIST_HOME" in answer.err
