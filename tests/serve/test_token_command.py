"""`longlist token`."""

import re

import pytest


def test_a_token_is_shown_once_and_then_listed_without_its_secret(cli, home):
    made = cli("token", "create", "anna")
    secret = made.out.strip()
    assert re.fullmatch(r"ll_[\w-]{43}", secret)
    assert "not shown again" in made.err
    listed = cli("token", "list")
    assert "anna" in listed.out
    assert secret not in listed.out
    (token,) = cli("token", "list", "--json").json
    assert (token["name"], token["scope"], token["used_at"], token["revoked_at"]) == ("anna", "write", None, None)
    assert secret not in str(token)


def test_quiet_prints_the_token_alone(cli, home):
    made = cli("token", "create", "anna", "--scope", "read", "--quiet")
    assert made.err == ""
    assert len(made.out.splitlines()) == 1


def test_a_revoked_token_stays_on_the_list(cli, home):
    cli("token", "create", "anna", "-q")
    (token,) = cli("token", "list", "--json").json
    assert "Revoked" in cli("token", "revoke", token["id"][:8]).err
    assert cli("token", "list", "--json").json[0]["revoked_at"] is not None
    assert "revoked" in cli("token", "list").out
    assert "already" in cli("token", "revoke", token["id"]).err


def test_no_tokens_is_said(cli, home):
    listed = cli("token", "list")
    assert (listed.code, listed.out) == (0, "")
    assert "longlist token create" in listed.err


@pytest.mark.parametrize(
    ("args", "code"),
    [(["create", ""], 2), (["create", "a\x1bb"], 2), (["create", "anna", "--scope", "all"], 2), (["revoke", "bob"], 3)],
)
def test_what_cannot_be_is_refused_with_a_sentence(cli, home, args, code):
    refused = cli("token", *args)
    assert refused.code == code
    assert refused.err.strip()
    assert "Traceback" not in refused.err


def test_a_link_signs_a_browser_in(cli, home):
    link = cli("token", "link", "--base", "http://10.0.0.5:8000/").out.strip()
    assert re.fullmatch(r"http://10\.0\.0\.5:8000/sign-in\?code=ll_[\w-]{43}", link)
