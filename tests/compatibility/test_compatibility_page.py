"""docs/compatibility.md names every call there is, in the state it is in, and tests that exist."""

import re
from pathlib import Path

from hosted_client import COMMANDS
from test_not_yet import ID, NOT_YET

from longlist.serve.http.app import describe

HERE = Path(__file__).parent
PAGE = (HERE.parents[1] / "docs" / "compatibility.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([A-Z]+) (/v1/[^`]*)` \| ([a-z ]+) \|.*\| `(test_\w+\.py)` \|$", re.MULTILINE)


def plain(path):
    """A path whose parts have no names."""
    return re.sub(r"\{\w*\}", "{}", path.partition("?")[0].replace(ID, "{}"))


STATES = {(method, plain(path)): state for method, path, state, _ in ROW.findall(PAGE)}


def calls_in(state):
    return {call for call, has in STATES.items() if has == state}


def test_every_call_of_the_server_is_on_the_page_and_every_call_on_the_page_is_known():
    served = {(method.upper(), plain(path)) for path, methods in describe()["paths"].items() for method in methods}
    assert set(STATES.values()) == {"same", "differs", "not yet"}
    assert calls_in("same") | calls_in("differs") == served
    assert calls_in("not yet") == {(method, plain(path)) for method, path, _ in NOT_YET.values()}


def test_the_test_that_stands_beside_a_call_makes_it():
    for method, path, _, name in ROW.findall(PAGE):
        text = (HERE / name).read_text()
        first, *rest = [part for part in re.split(r"\{\w+\}", path) if part.strip("/")]
        if name == "test_client_calls.py":
            assert first.rstrip("/") in (HERE / "hosted_client.py").read_text()
        else:
            assert first.rstrip("/") in text, f"{name} has no {method} {path}"
        assert all(part.lstrip("/") in text + " ".join(COMMANDS) for part in rest), f"{name} has no {method} {path}"


def test_every_test_that_the_page_names_exists():
    named = set(re.findall(r"`(test_\w+\.py)`", PAGE))
    assert {name for name in named if not (HERE / name).exists()} == set()
    own = {path.name for path in HERE.glob("test_*.py")} - {Path(__file__).name}
    assert own == named
