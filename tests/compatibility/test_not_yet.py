"""Calls of the hosted service that are not part of this version: each is refused cleanly, and none by accident.

When a call comes to work, its line moves from here to a test of its own.
"""

import pytest
from contract_shapes import check_problem

ID = "0d8a6b1e-6f3c-4b8e-9a55-0c3f1d2e4b5a"

NOT_YET = {
    "deep research: create": ("POST", "/v1/deep_research_tasks", {"brief": "Breweries in Graz"}),
    "deep research: list": ("GET", "/v1/deep_research_tasks", None),
    "deep research: get": ("GET", f"/v1/deep_research_tasks/{ID}", None),
}


@pytest.mark.parametrize("name", NOT_YET)
def test_a_call_that_is_not_part_of_this_version_is_refused_cleanly(api, name):
    method, path, body = NOT_YET[name]
    answer = api.send(method, path, body)
    assert answer.status in (404, 405)
    check_problem(answer)


@pytest.mark.parametrize("name", NOT_YET)
def test_without_a_token_one_is_asked_for_first(api, name):
    method, path, body = NOT_YET[name]
    answer = type(api)(api.base, None).send(method, path, body)
    assert answer.status == 401
    check_problem(answer)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", f"/v1/discovery_tasks/{ID}"),
        ("POST", f"/v1/discovery_tasks/{ID}/cancel"),
        ("GET", f"/v1/discovery_tasks/{ID}/pause"),
        ("PATCH", f"/v1/discovery_tasks/{ID}"),
        ("GET", "/v1/mcp"),
    ],
)
def test_what_the_hosted_service_does_not_have_either_is_refused_the_same_way(api, method, path):
    answer = api.send(method, path)
    assert answer.status in (404, 405)
    check_problem(answer)
