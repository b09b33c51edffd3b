"""Whatever standard output and standard error are connected to: readable, and no traceback."""

import io
import json
import os
import pty
import re
import shutil
import subprocess

import pytest
from rich.cells import cell_len

import processes

QUERY = "buy now pay later providers for online shops"
CRITERIA = ("-c", "The company offers buy now, pay later.", "-c", "The company serves online shops.")
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.fixture(scope="module")
def searched(built_home, tmp_path_factory):
    """A data directory with a finished task, and one whose companies have names from everywhere."""
    home = tmp_path_factory.mktemp("searched") / "home"
    shutil.copytree(built_home, home)
    processes.run("search", QUERY, *CRITERIA, "-n", "6", home=home).check()
    return home


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        pytest.param({"PYTHONIOENCODING": "latin-1"}, marks=pytest.mark.exhaustive),
        pytest.param({"PYTHONIOENCODING": "cp437"}, marks=pytest.mark.exhaustive),
        {"TERM": "dumb"},
        {"COLUMNS": "20"},
        pytest.param({"COLUMNS": "40"}, marks=pytest.mark.exhaustive),
        {"COLUMNS": "1000"},
        pytest.param({"COLUMNS": "x"}, marks=pytest.mark.exhaustive),
        {"NO_COLOR": "1", "FORCE_COLOR": "1"},
    ],
)
@pytest.mark.parametrize("command", [("show", "last"), ("plan", "cafés in Düsseldorf")], ids=" ".join)
def test_no_terminal_is_too_poor_to_print_on(searched, env, command):
    ran = processes.run(*command, home=searched, env=env)
    assert ran.code == 0
    assert b"Traceback" not in ran.err
    ran.out.decode(env.get("PYTHONIOENCODING", "utf-8"))
    assert len(ran.out) > 20


def test_a_search_for_what_a_terminal_cannot_write_is_no_problem(searched):
    for env in ({"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}):
        ran = processes.run("search", "façade paint shops 日本 🎨", "-n", "3", home=searched, env=env)
        assert ran.code == 0
        assert b"fa?ade paint shops ?? ?" in ran.out
        assert b"shops" in processes.run("tasks", home=searched, env=env).check().out


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_no_line_of_a_report_is_wider_than_the_terminal(searched, width):
    ran = processes.run("show", "last", home=searched, env={"COLUMNS": str(width)})
    lines = ran.out.decode().splitlines()
    assert max(cell_len(line) for line in lines) <= width


def test_a_report_at_80_columns_has_company_site_grades_proof_and_place(searched):
    shown = processes.run("search", QUERY, *CRITERIA, "-n", "6", home=searched, env={"COLUMNS": "80"}).out.decode()
    assert re.search(r"^A \S.*\.$", shown, re.MULTILINE)  # what the letters stand for
    assert re.search(r"^ #  Company +A B  Proof", shown, re.MULTILINE)
    assert re.search(r"^ 1  \S.* [1-5?] [1-5?]  [AB]", shown, re.MULTILINE)
    assert "affirm.com" in shown
    assert "catalogue: Affirm (wappalyzer)" in " ".join(shown.split())
    quotes = re.findall(r"“([^”]+)”", shown)
    assert len(quotes) >= 6


def test_colours_are_for_terminals_that_want_them(searched):
    assert "\x1b" not in processes.run("show", "last", home=searched).out.decode()
    assert "\x1b[1;32m" in in_terminal("show", "last", home=searched)
    plain = in_terminal("show", "last", home=searched, env={"NO_COLOR": "1"})
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", plain)


def test_progress_is_shown_in_a_terminal_and_vanishes(searched):
    seen = in_terminal("search", QUERY, *CRITERIA, "-n", "6", home=searched)
    assert "discovered" in seen
    assert "evaluated" in seen
    assert "Done: 6 companies qualify" in ESCAPES.sub("", seen)


def in_terminal(*args: str, home, env=None) -> str:
    """What a terminal of 100 columns receives."""
    leader, follower = pty.openpty()
    process = processes.start(
        *args,
        home=home,
        env={"TERM": "xterm-256color", "COLUMNS": "100"} | (env or {}),
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    seen = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:  # how Linux says that the other side has closed
            break
        if not part:
            break
        seen += part
    os.close(leader)
    assert process.wait(timeout=60) == 0
    return seen.decode()


@pytest.mark.parametrize(
    "command", [("show", "last"), ("show", "last", "--json"), ("show", "last", "-f", "csv"), ("plan", QUERY)]
)
def test_a_reader_that_stops_early_is_no_error(searched, command):
    process = processes.start(*command, home=searched)
    process.stdout.close()
    err = process.stderr.read()
    assert process.wait(timeout=60) == 0
    assert err == b"" or b"Done" in err
    process.stderr.close()


def test_standard_error_may_be_closed_too(searched):
    process = processes.start("search", QUERY, *CRITERIA, "-n", "2", "--json", home=searched)
    process.stderr.close()
    out = process.stdout.read()
    assert process.wait(timeout=60) == 0
    assert json.loads(out)["num_results"] == 2
    process.stdout.close()


@pytest.mark.parametrize("redirection", [">&-", "2>&-", ">&- <&- 2>&-"])
@pytest.mark.parametrize("command", ["show last", "search shops -n 2"])
def test_closed_streams_do_no_harm(searched, redirection, command):
    words = " ".join(f"'{word}'" for word in processes.PROGRAM[:2])
    program = processes.PROGRAM[2].replace("'", '"')
    ran = subprocess.run(
        ["sh", "-c", f"{words} '{program}' {command} {redirection}"],
        env=processes.environment(searched), capture_output=True, timeout=60, check=False,
    )  # fmt: skip
    assert ran.returncode == 0
    assert b"Traceback" not in ran.stderr


def test_a_full_disk_is_said_and_is_no_success(searched):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        ran = processes.run("show", "last", home=searched, stdout=full)
    assert ran.code == 1
    assert ran.err == b"The result could not be written: No space left on device.\n"


def test_json_stays_json_where_standard_output_knows_few_characters(searched):
    ran = processes.run(
        "search", "Zürcher Cafés 日本", "-n", "2", "--json", home=searched, env={"PYTHONIOENCODING": "ascii"}
    )
    assert json.loads(ran.out.decode("ascii"))["query"] == "Zürcher Cafés 日本"


def test_csv_is_utf8_whatever_the_terminal(searched):
    ran = processes.run("show", "last", "-f", "csv", home=searched, env={"PYTHONIOENCODING": "ascii"})
    assert io.StringIO(ran.out.decode("utf-8")).readline().startswith("rank,company_name")


def test_bytes_that_are_no_text_are_refused_with_a_sentence(searched):
    ran = processes.run("search", b"shops \xff\xfe", home=searched)
    assert ran.code == 2
    assert b"no text" in ran.err
    assert processes.run("show", b"\xff", home=searched).code == 3
    assert processes.run("show", "last", b"caf\xe9", home=searched).code == 3
    assert processes.run("catalog", "import", b"no\xff.csv", home=searched).code == 6
    assert processes.run("catalog", "search", b"caf\xe9", home=searched).code == 0
    assert processes.run("search", "online shops", b"-x\xff", home=searched).code == 2
