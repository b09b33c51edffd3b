import re

import pytest

from longlist import __version__
from longlist.errors import CatalogError, Conflict, InvalidInput, LonglistError, NotFound, StoreError, Unavailable
from longlist.serve import cli as command_line

COMMANDS = [
    [], ["search"], ["plan"], ["tasks"], ["show"], ["resume"], ["verify"], ["catalog"], ["catalog", "build"],
    ["catalog", "stats"], ["catalog", "search"], ["catalog", "import"], ["catalog", "remove"],
    ["pause"], ["stop"], ["delete"], ["backup"], ["restore"], ["doctor"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(cli, command):
    answer = cli(*command, "--help")
    assert answer.code == 0
    assert answer.out.startswith(f"Usage: longlist {' '.join(command)}".rstrip())
    assert answer.err == ""


@pytest.mark.parametrize("command", [c for c in COMMANDS if c not in ([], ["catalog"])], ids=" ".join)
def test_every_command_can_answer_in_json(cli, command):
    assert "--json" in cli(*command, "--help").out


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_unknown_option_is_wrong_usage(cli, command):
    answer = cli(*command, "--no-such-option")
    assert answer.code == 2
    assert "No such option" in answer.err
    assert answer.out == ""


def test_the_version_is_printed(cli):
    assert cli("--version").out == f"{__version__}\n"


def test_exit_codes_are_those_the_help_names(cli):
    said = " ".join(cli("--help").out.split())
    for error, words in {
        LonglistError: "the search failed", InvalidInput: "wrong usage or input", NotFound: "no such task",
        Conflict: "not possible in this state", Unavailable: "a part is missing", CatalogError: "the catalogue",
        StoreError: "the data directory or database",
    }.items():  # fmt: skip
        assert re.search(rf"\b{error.exit_code} {words}", said), words
    assert f"{command_line.UNPROVEN} `verify` found something unproven" in said
    assert f"{command_line.ILL} `doctor` found something wrong" in said
    assert "130 interrupted" in said


@pytest.mark.parametrize("command", ["tasks", "show last", "verify last", "resume", "search shops", "catalog stats"])
def test_a_setting_that_cannot_be_used_is_named(cli, monkeypatch, tmp_path, command):
    monkeypatch.setenv("LONGLIST_CONFIG", str(tmp_path / "absent.toml"))
    answer = cli(*command.split())
    assert answer.code == 2
    assert "absent.toml" in answer.err
