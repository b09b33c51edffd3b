"""`longlist search --dry-run`, and the flags that cap a task."""

import pytest

from longlist.serve.cli_search import caps_of


def test_without_keys_a_search_costs_nothing(cli, home):
    answer = cli("search", "bakeries", "--dry-run")
    assert answer.code == 0
    assert "costs nothing" in answer.err
    assert not (home / "app.db").exists()


def test_a_forecast_names_what_will_be_asked_and_what_it_costs(cli, home, monkeypatch):
    monkeypatch.delenv("LONGLIST_WEB")
    monkeypatch.setenv("LONGLIST_BRAVE_KEY", "k")
    monkeypatch.setenv("LONGLIST_LLM", "openai:gpt-5-mini")
    monkeypatch.setenv("LONGLIST_LLM_KEY", "k")
    found = cli("search", "bakeries", "--dry-run", "--json").json
    searches, plan, grades = found["lines"]
    assert searches["cost_micros"] == searches["calls"] * 5_000
    assert plan["calls"] == 1
    assert found["cost_micros"] == sum(line["cost_micros"] for line in found["lines"])
    few = cli("search", "bakeries", "--dry-run", "--want", "1", "--json").json
    assert few["lines"][2]["calls"] < grades["calls"]
    assert "A forecast" in cli("search", "bakeries", "--dry-run").err


def test_flags_become_caps():
    assert caps_of(None, None, None, None) is None
    caps = caps_of(0.5, 10, None, 3)
    assert caps is not None
    assert (caps.micros, caps.calls, caps.tokens, caps.minutes) == (500_000, 10, None, 3)


@pytest.mark.parametrize("flag", ["--max-dollars", "--max-calls", "--max-tokens"])
def test_a_cap_below_nothing_is_refused(cli, home, flag):
    assert cli("search", "bakeries", flag, "-1").code == 2
