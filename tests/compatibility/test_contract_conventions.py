"""What holds for every endpoint: status codes, tokens, errors, lists and their parts."""

import pytest
from contract_shapes import HOSTED_TASK, USER, check, check_problem, pagination
from hosted_client import Call, exchange

SOME_ID = "0d8a6b1e-6f3c-4b8e-9a55-0c3f1d2e4b5a"

CALLS = [
    ("GET", "/v1/user"),
    ("GET", "/v1/billing"),
    ("GET", "/v1/companies/search?q=x"),
    ("POST", "/v1/companies/search"),
    ("GET", "/v1/companies/stripe.com"),
    ("GET", "/v1/companies/stripe.com/similar"),
    ("POST", "/v1/companies/stripe.com/similar"),
    ("GET", "/v1/discovery_tasks"),
    ("POST", "/v1/discovery_tasks"),
    ("GET", f"/v1/discovery_tasks/{SOME_ID}"),
    ("GET", f"/v1/discovery_tasks/{SOME_ID}/results"),
    ("POST", f"/v1/discovery_tasks/{SOME_ID}/resume"),
    ("POST", f"/v1/discovery_tasks/{SOME_ID}/pause"),
    ("GET", "/v1/tables"),
    ("GET", f"/v1/tables/{SOME_ID}"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("token", [None, "ll_nobody"])
def test_nothing_but_the_health_check_is_answered_without_a_valid_token(server, method, path, token):
    answer = exchange(server.base, Call(method, path, body=b"not JSON" if method == "POST" else None), token)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    check_problem(answer)


def test_only_the_scheme_bearer_carries_a_token(server, token):
    import urllib.error
    import urllib.request

    request = urllib.request.Request(f"{server.base}/v1/user", headers={"Authorization": f"Basic {token}"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request)
    with refused.value:
        assert refused.value.code == 401


def test_the_user_is_whoever_the_token_belongs_to(api, stranger, onlooker):
    user = api.read("/v1/user")
    check(user, USER)
    assert user == api.read("/v1/billing")["user"] == onlooker.read("/v1/user")
    assert (user["email"], user["available_credits"]) == ("tester@localhost", 1_000_000)
    assert {user[name] for name in user if name.startswith("organization_")} == {None}
    assert stranger.read("/v1/user")["user_id"] != user["user_id"]


def test_a_task_costs_no_credits(api, derived):
    assert derived["num_results"] > 0
    assert api.read("/v1/user")["available_credits"] == 1_000_000


def test_tasks_of_others_are_not_found(api, stranger, derived):
    assert stranger.read("/v1/discovery_tasks") == []
    for method, part in (("GET", ""), ("GET", "/results"), ("POST", "/resume"), ("POST", "/pause")):
        theirs = stranger.send(method, f"/v1/discovery_tasks/{derived['id']}{part}")
        unknown = stranger.send(method, f"/v1/discovery_tasks/{SOME_ID}{part}")
        assert (theirs.status, unknown.status) == (404, 404)
        check_problem(theirs)
        assert theirs.raw.replace(derived["id"].encode(), SOME_ID.encode()) == unknown.raw
    assert api.task(derived["id"])["status"] == "done"


def test_tokens_of_one_name_share_their_tasks(api, onlooker, derived):
    assert onlooker.results(derived["id"]) == derived
    assert onlooker.read("/v1/discovery_tasks", limit=1) == api.read("/v1/discovery_tasks", limit=1)


@pytest.mark.parametrize("name", ["1", "not-an-id", "0d8a6b1e6f3c", "%C3%A9", "a%00b"])
def test_an_id_that_is_no_uuid_is_not_found(api, name):
    for path in (f"/v1/discovery_tasks/{name}", f"/v1/discovery_tasks/{name}/results", f"/v1/tables/{name}"):
        answer = api.get(path)
        assert answer.status == 404
        check_problem(answer)


def test_every_success_is_200(api):
    """Creating as well."""
    made = api.post("/v1/discovery_tasks", {"query": "zzqx", "desired_num_results": 1})
    path = f"/v1/discovery_tasks/{made.value['id']}"
    answers = [made, api.post(f"{path}/pause"), api.post(f"{path}/resume", {}), api.get(path), api.get("/v1/tables")]
    answers += [api.post("/v1/companies/search", {"q": "x"}), api.post("/v1/companies/stripe.com/similar")]
    assert [answer.status for answer in answers] == [200] * len(answers)
    assert {answer.headers["content-type"] for answer in answers} == {"application/json"}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b'{"query": NaN}', b"\xff", b'{"query":"\\ud800"}']
)
def test_a_body_that_is_no_object_is_422(api, body):
    for path in ("/v1/discovery_tasks", "/v1/companies/search"):
        answer = api.post(path, body)
        assert answer.status == 422
        check_problem(answer)


@pytest.mark.parametrize(
    ("path", "body", "where"),
    [
        ("/v1/discovery_tasks", {"query": "x", "wanted": 3}, ["body", "wanted"]),
        ("/v1/discovery_tasks", {"query": "x", "table": {"name": "y"}}, ["body", "table", "name"]),
        (
            "/v1/discovery_tasks",
            {"query": "x", "criteria": [{"key": "k", "name": "n", "criterion": "It brews beer.", "weight": 2}]},
            ["body", "criteria", 0, "weight"],
        ),
        ("/v1/companies/search", {"q": "x", "limit": 3}, ["body", "limit"]),
        ("/v1/companies/search", {"q": "x", "pagination": {"page": 3}}, ["body", "pagination", "page"]),
        (
            "/v1/companies/search",
            {"q": "x", "filters": {"include": {"domains": []}}},
            ["body", "filters", "include", "domains"],
        ),
        ("/v1/companies/stripe.com/similar", {"q": "x"}, ["body", "q"]),
    ],
)
def test_a_field_that_nobody_knows_is_422_at_any_depth(api, path, body, where):
    answer = api.post(path, body)
    assert answer.status == 422
    check_problem(answer)
    assert [(fault["type"], fault["loc"]) for fault in answer.value["detail"]] == [("extra_forbidden", where)]


@pytest.mark.parametrize("value", [True, "10", 10.5, 0, 251, -1, None])
def test_the_number_of_results_is_an_integer_from_1_to_250(api, value):
    answer = api.post("/v1/discovery_tasks", {"query": "x", "desired_num_results": value})
    assert answer.status == 422
    check_problem(answer)
    assert answer.value["detail"][0]["loc"] == ["body", "desired_num_results"]


@pytest.mark.parametrize("field", ["auto_data_sources", "notify"])
@pytest.mark.parametrize("value", ["true", 1])
def test_a_boolean_is_true_or_false_only(api, field, value):
    assert api.post("/v1/discovery_tasks", {"query": "x", field: value}).status == 422


LISTS = [
    ("/v1/discovery_tasks", {}),
    ("/v1/tables", {}),
    ("/v1/companies/search", {"q": "payments"}),
    ("/v1/companies/stripe.com/similar", {}),
]


@pytest.mark.parametrize(("path", "query"), LISTS)
@pytest.mark.parametrize("part", [{"limit": 0}, {"limit": -1}, {"offset": -1}, {"limit": "x"}, {"offset": 1.5}])
def test_a_part_that_cannot_be_is_422(api, path, query, part):
    answer = api.get(path, **query, **part)
    assert answer.status == 422
    check_problem(answer)
    assert answer.value["detail"][0]["loc"] == ["query", *part]


@pytest.mark.parametrize(
    ("path", "query", "limit"),
    [
        ("/v1/discovery_tasks", {}, 50),
        ("/v1/tables", {}, 50),
        ("/v1/companies/search", {"q": "payments"}, 20),
        ("/v1/companies/stripe.com/similar", {}, 20),
    ],
)
def test_a_part_left_out_begins_at_the_first_and_has_the_default_length(api, derived, path, query, limit):
    answer = api.get(path, **query)
    total, pages, had, offset, page = pagination(answer.headers)
    assert (had, offset, page) == (limit, 0, 1)
    assert pages == -(-total // limit)
    assert len(answer.value if isinstance(answer.value, list) else answer.value["results"]) == min(total, limit)


def test_lists_are_bare_arrays_and_their_headers_say_where_a_part_lies(small):
    for number in range(3):
        small.create(f"zzqx part {number}", desired_num_results=1)
    answer = small.get("/v1/discovery_tasks", offset=2, limit=2)
    total, pages, limit, offset, page = pagination(answer.headers)
    assert isinstance(answer.value, list)
    assert len(answer.value) == min(2, total - 2)
    assert (limit, offset, page, pages) == (2, 2, 2, -(-total // 2))
    assert total >= 3
    beyond = small.get("/v1/discovery_tasks", offset=10**6)
    assert (beyond.value, pagination(beyond.headers)[0]) == ([], total)


def test_the_list_of_tasks_is_newest_first_and_complete_in_parts(small):
    for number in range(3):
        small.create(f"zzqx order {number}", desired_num_results=1)
    whole = small.read("/v1/discovery_tasks", limit=1000)
    parts = [
        task for start in range(0, len(whole), 4) for task in small.read("/v1/discovery_tasks", offset=start, limit=4)
    ]
    assert [task["id"] for task in parts] == [task["id"] for task in whole]
    times = [task["created_at"] for task in whole]
    assert times == sorted(times, reverse=True)


def test_a_limit_over_the_most_is_taken_down_and_not_refused(api, given):
    assert pagination(api.get("/v1/discovery_tasks", limit=10**6).headers)[2] == 250
    answer = api.get("/v1/companies/search", q="payments", limit=10**6)
    assert (len(answer.value["results"]), pagination(answer.headers)[2]) == (250, 250)
    assert len(api.results(given["id"], limit=10**6)["results"]) == given["num_results"]


def test_more_than_a_hundred_tables_at_once_are_400_and_not_taken_down(api):
    assert api.get("/v1/tables", limit=100).status == 200
    answer = api.get("/v1/tables", limit=101)
    assert answer.status == 400
    check_problem(answer)


def test_the_list_of_tables_answers_whoever_tests_a_token(api):
    """As the hosted service's workflow node does: any 200 will do."""
    answer = api.get("/v1/tables")
    assert (answer.status, pagination(answer.headers)[2:]) == (200, (50, 0, 1))


@pytest.mark.parametrize("query", [{"kind": "sheet"}, {"scope": "everyone"}, {"sort": "colour"}])
def test_tables_are_not_listed_by_what_they_do_not_have(api, query):
    answer = api.get("/v1/tables", **query)
    assert answer.status == 422
    check_problem(answer)


def test_every_field_of_the_hosted_task_object_is_there_in_all_answers(api, derived):
    path = f"/v1/discovery_tasks/{derived['id']}"
    for task in (api.read(path), api.results(derived["id"]), api.post(f"{path}/pause").value):
        assert HOSTED_TASK.keys() <= task.keys()
