"""What trips people who use the hosted service's client, and what the client's ways ask of the server."""

import json
import shutil
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import hosted_client
import pytest
from contract_shapes import check_problem
from hosted_client import Answer, Call, exchange
from live_api import OWN_LISTS_ONLY, Cli, Server

import served


@pytest.fixture
def stub() -> Iterator[tuple[str, list[Any]]]:
    """A server that answers everything with a finished task, and what it was sent."""
    sent: list[Any] = []

    class Stub(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            sent.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            answer = b'{"id": "1", "status": "done", "results": []}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = handle_any  # noqa: N815 - named by the standard library

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Stub) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", sent
        server.shutdown()
        thread.join()


def ran(base: str, *argv: str, token: str = "secret") -> hosted_client.Ran:
    return hosted_client.run([*argv, "--base-url", base], {"EXTRUCT_API_TOKEN": token}, pause=0.01, tries=3)


def test_our_client_sends_what_the_public_one_sends(stub):
    base, sent = stub
    ran(base, "healthcheck")
    ran(base, "companies", "similar", "--company-identifier", "https://stripe.com/x", "--filters", '{"range": {}}')
    ran(base, "deep-search", "create", "--payload", '{"query": "é"}')
    (_, path, bare, _), (_, similar, headers, _), (method, _, with_body, body) = sent
    assert path == "/v1/healthcheck"
    assert "authorization" not in bare
    assert headers["authorization"] == "Bearer secret"
    assert {heads["accept"] for heads in (bare, headers, with_body)} == {"application/json"}
    assert "content-type" not in headers
    assert similar.startswith("/v1/companies/https%3A%2F%2Fstripe.com%2Fx/similar?")
    assert parse_qs(urlsplit(similar).query) == {"offset": ["0"], "limit": ["20"], "filters": ['{"range":{}}']}
    assert (method, with_body["content-type"], json.loads(body)) == ("POST", "application/json", {"query": "é"})


def test_a_post_without_a_body_is_sent_without_one(stub):
    base, sent = stub
    exchange(base, Call("POST", "/v1/tables/1/clone"), "secret")
    ((_, _, headers, body),) = sent
    assert body == b""
    assert "content-type" not in headers


@pytest.mark.parametrize(
    ("command", "query"),
    [
        (("tables", "list"), {"offset": ["0"], "limit": ["50"]}),
        (("deep-search", "list"), {"offset": ["0"], "limit": ["20"]}),
        (("deep-search", "results", "1"), {"offset": ["0"], "limit": ["50"]}),
        (("companies", "search", "--query", "a b"), {"q": ["a b"], "offset": ["0"], "limit": ["20"]}),
    ],
)
def test_each_command_has_its_own_default_part(stub, command, query):
    base, sent = stub
    ran(base, *command)
    assert parse_qs(urlsplit(sent[0][1]).query) == query


@pytest.mark.parametrize("place", [0, 1])
def test_a_base_url_before_the_last_word_of_the_command_is_dropped(cli, server, place):
    words = ["deep-search", "list"]
    misplaced = [*words[:place], "--base-url", server.base, *words[place:]]
    lost = hosted_client.run(misplaced, cli.environ)
    assert (lost.code, lost.error["code"]) == (1, "network_error")
    assert hosted_client.run([*words, "--base-url", server.base], cli.environ).code == 0


def test_without_a_token_the_client_gives_up_before_it_asks(stub):
    base, sent = stub
    gave_up = ran(base, "deep-search", "list", token="")
    assert (gave_up.code, gave_up.error["code"], sent) == (2, "missing_token", [])


def test_a_refused_token_ends_with_code_2(server):
    refused = ran(server.base, "deep-search", "list", token="ll_nobody")
    assert (refused.code, refused.error["status_code"]) == (2, 401)
    assert "Bearer" in refused.error["details"]["detail"]


def test_a_token_that_may_only_read_ends_with_code_2_when_it_writes(server, onlooker):
    assert ran(server.base, "deep-search", "list", token=onlooker.token).code == 0
    refused = ran(server.base, "deep-search", "create", "--payload", '{"query": "x"}', token=onlooker.token)
    assert (refused.code, refused.error["status_code"]) == (2, 403)
    assert "write" in refused.error["details"]["detail"]


def test_other_errors_end_with_code_1_and_are_echoed_with_our_body(cli):
    refused = cli("deep-search", "create", "--payload", '{"query": "x", "wanted": 3}')
    assert (refused.code, refused.error["status_code"]) == (1, 422)
    assert (refused.error["method"], refused.error["path"]) == ("POST", "/v1/discovery_tasks")
    assert refused.error["details"]["detail"][0]["loc"] == ["body", "wanted"]


def test_a_command_line_that_cannot_be_read_ends_with_code_2(cli, capsys):
    assert cli("deep-search", "pause", "1").code == 2
    assert "invalid choice: 'pause'" in capsys.readouterr().err


def test_polling_ends_at_the_first_error(cli):
    ended = cli("deep-search", "poll", "0d8a6b1e-6f3c-4b8e-9a55-0c3f1d2e4b5a")
    assert (ended.code, ended.error["status_code"]) == (1, 404)


def test_polling_ends_when_the_server_is_gone(cli):
    ended = hosted_client.run(["deep-search", "poll", "1"], cli.environ)
    assert (ended.code, ended.error["code"]) == (1, "network_error")


def test_a_task_outlives_its_server_though_polling_does_not(small_home, tmp_path):
    home = tmp_path / "restarted"
    shutil.copytree(small_home, home)
    with served.serving(home, env=OWN_LISTS_ONLY) as running:
        base = running.base
        token = Server(base, home).token("brewer")
        task_id = ran(base, "deep-search", "create", "--payload", '{"query": "breweries"}', token=token).printed["id"]
    ended = ran(base, "deep-search", "poll", task_id, token=token)
    assert (ended.code, ended.error["code"]) == (1, "network_error")
    with served.serving(home, env=OWN_LISTS_ONLY) as running:
        assert Cli(running.base, token).value("deep-search", "poll", task_id)["status"] == "done"


def test_polling_gives_up_in_the_end(server, cli, api):
    task_id = api.create("software", desired_num_results=250)["id"]
    command = ["deep-search", "poll", task_id, "--base-url", server.base]
    ended = hosted_client.run(command, cli.environ, pause=0, tries=1)
    assert (ended.code, ended.error["code"]) == (1, "poll_timeout")
    api.post(f"/v1/discovery_tasks/{task_id}/pause")


def test_an_empty_body_is_null_and_one_that_is_no_json_is_a_text():
    assert Answer(200, {}, b"").value is None
    assert Answer(502, {}, b"<p>Bad gateway").value == {"text": "<p>Bad gateway"}


@pytest.mark.parametrize(
    "filters",
    [
        {"exclude": {"domains": ["stripe.com"]}},
        {"include": {"size": ["1-11"]}},
        {"include": {"industry": ["payments"]}},
    ],
)
def test_the_client_refuses_filters_it_does_not_know(cli, filters):
    command = ("companies", "search", "--query", "x", "--filters", json.dumps(filters))
    assert (cli(*command).code, cli(*command).error["code"]) == (1, "validation")


def test_the_client_asks_for_a_hundred_tables_at_the_most(cli):
    assert cli("tables", "list", "--limit", "101").error["code"] == "validation"


def test_a_boolean_passes_the_clients_check_for_integers_but_not_ours(cli):
    refused = cli("deep-search", "create", "--payload", '{"query": "x", "desired_num_results": true}')
    assert (refused.code, refused.error["status_code"]) == (1, 422)
    assert refused.error["details"]["detail"][0]["loc"] == ["body", "desired_num_results"]


@pytest.mark.parametrize("payload", ['{"query": " "}', '{"query": "x", "desired_num_results": 251}', "[]"])
def test_the_client_checks_a_payload_before_it_sends_it(cli, payload):
    assert cli("deep-search", "create", "--payload", payload).error["code"] == "validation"


@pytest.mark.parametrize("length", [None, "0"])
def test_a_post_without_a_body_needs_no_content_type(server, token, derived, length):
    """Not even a length, as some clients leave it out when there is nothing to send."""
    connection = HTTPConnection(server.base.removeprefix("http://"), timeout=30)
    connection.putrequest("POST", f"/v1/discovery_tasks/{derived['id']}/pause", skip_accept_encoding=True)
    connection.putheader("Authorization", f"Bearer {token}")
    if length is not None:
        connection.putheader("Content-Length", length)
    connection.endheaders()
    reply = connection.getresponse()
    assert (reply.status, json.loads(reply.read())["id"]) == (200, derived["id"])
    connection.close()


def test_a_body_is_read_as_json_whatever_its_content_type(server, token, derived):
    connection = HTTPConnection(server.base.removeprefix("http://"), timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/plain"}
    connection.request("POST", f"/v1/discovery_tasks/{derived['id']}/resume", b'{"desired_new_results": 251}', headers)
    reply = connection.getresponse()
    assert (reply.status, json.loads(reply.read())["detail"][0]["loc"]) == (422, ["body", "desired_new_results"])
    connection.close()


def test_a_trailing_slash_is_another_path_and_never_a_redirect(api):
    for path in ("/v1/discovery_tasks/", "/v1/tables/", "/v1/billing/"):
        answer = api.get(path)
        assert answer.status == 404
        check_problem(answer)
