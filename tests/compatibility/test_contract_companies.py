"""Instant company search: the newer POST forms, filters, parts."""

import json

import pytest
from contract_shapes import COMPANY, check, check_problem, pagination


def domains(answer):
    return [company["domain"] for company in answer["results"]]


def test_post_and_get_give_the_same(api):
    filters = {"exclude": {"country": ["United States"]}}
    body = {"q": "payments", "filters": filters, "pagination": {"offset": 5, "limit": 7}}
    posted = api.post("/v1/companies/search", body)
    got = api.get("/v1/companies/search", q="payments", filters=json.dumps(filters), offset=5, limit=7)
    assert posted.value == got.value
    assert len(posted.value["results"]) == 7
    assert pagination(posted.headers)[2:] == (7, 5, 1)
    posted = api.post("/v1/companies/stripe.com/similar", {"pagination": {"limit": 3}})
    assert posted.value == api.read("/v1/companies/stripe.com/similar", limit=3)
    assert len(posted.value["results"]) == 3


def test_similar_needs_no_body(api):
    assert api.post("/v1/companies/stripe.com/similar").value == api.read("/v1/companies/stripe.com/similar")


def test_a_company_is_looked_up_by_its_domain_its_id_and_any_address_of_it(api):
    company = api.read("/v1/companies/stripe.com")
    check(company, COMPANY)
    for identifier in (company["id"], "https%3A%2F%2Fstripe.com%2Fx", "https://stripe.com/x", "www.stripe.com"):
        assert api.read(f"/v1/companies/{identifier}") == company
    for method, path in (("GET", ""), ("GET", "/similar"), ("POST", "/similar")):
        unknown = api.send(method, f"/v1/companies/nobody-has-this.example.com{path}")
        assert unknown.status == 404
        check_problem(unknown)


def test_a_result_of_a_task_names_its_company_to_company_search(api, derived):
    result = derived["results"][0]
    company = api.read(f"/v1/companies/{result['company_profile_id']}")
    assert company["domain"] == result["company_website"]


def test_filters_leave_out_what_does_not_pass(api):
    found = api.post("/v1/companies/search", {"q": "payments"}).value
    first = domains(found)[0]
    rest = api.post(
        "/v1/companies/search", {"q": "payments", "filters": {"exclude": {"domains": [f"https://www.{first}/a"]}}}
    )
    assert first not in domains(rest.value)
    assert set(domains(found)[1:10]) <= set(domains(rest.value))
    sized = api.post("/v1/companies/search", {"q": "payments", "filters": {"include": {"size": ["10001+"]}}}).value
    assert sized["results"]
    assert {company["employee_count"] for company in sized["results"]} == {"10001+"}


@pytest.mark.parametrize("country", ["France", "FRANCE", "france"])
def test_countries_are_matched_whatever_their_case(api, country):
    found = api.post("/v1/companies/search", {"q": "payments", "filters": {"include": {"country": [country]}}}).value
    assert {company["hq_country"] for company in found["results"]} == {"France"}


@pytest.mark.parametrize(
    "filters",
    [
        {"include": {"size": ["1-11"]}},
        {"include": {"industry": ["x"]}},
        {"range": {"founded": {"min": "2000"}}},
        {"range": {"staff": {}}},
        {"exclude": {"domains": ["no domain at all"]}},
        {"exclude": {"domains": [f"a{number}.com" for number in range(1001)]}},
        [],
    ],
)
def test_filters_that_cannot_be_are_422_both_ways(api, filters):
    for answer in (
        api.post("/v1/companies/search", {"q": "x", "filters": filters}),
        api.post("/v1/companies/stripe.com/similar", {"filters": filters}),
        *([api.get("/v1/companies/search", q="x", filters=json.dumps(filters))] if len(str(filters)) < 1000 else []),
    ):
        assert answer.status == 422
        check_problem(answer)


def test_a_thousand_domains_can_be_left_out(api):
    many = [f"https://www.a{number}.com/x" for number in range(1000)] * 2
    assert api.post("/v1/companies/search", {"q": "x", "filters": {"exclude": {"domains": many}}}).status == 200


@pytest.mark.parametrize("text", ["{", "x", "null"])
def test_filters_in_the_address_that_are_no_object_are_422(api, text):
    answer = api.get("/v1/companies/search", q="x", filters=text)
    assert answer.status == 422
    check_problem(answer)


@pytest.mark.parametrize("query", [{}, {"q": ""}, {"q": "  "}])
def test_a_search_needs_words(api, query):
    assert api.get("/v1/companies/search", **query).status == 422
    assert api.post("/v1/companies/search", query).status == 422


def test_parts_of_an_answer_follow_one_another_without_repeating(api):
    whole = api.read("/v1/companies/search", q="payments", limit=60)["results"]
    parts = [
        company
        for start in range(0, 60, 20)
        for company in api.read("/v1/companies/search", q="payments", offset=start)["results"]
    ]
    assert parts == whole
    assert len({company["id"] for company in whole}) == 60
    scores = [company["relevance_score"] for company in whole]
    assert scores == sorted(scores, reverse=True)


def test_what_the_catalogue_does_not_hold_is_null(api):
    for company in api.read("/v1/companies/search", q="payments")["results"]:
        unknown = ("use_cases", "target_audience", "other_considerations", "website_authority")
        assert {company[name] for name in unknown} == {None}
        assert company["social_profiles"] == {}


def test_nothing_lies_deeper_than_two_thousand(api):
    answer = api.get("/v1/companies/search", q="software", offset=2000)
    assert answer.value["results"] == []
    assert pagination(answer.headers)[0] <= 2000


def test_facets_are_always_an_empty_list(api):
    assert api.read("/v1/companies/search", q="x")["facet_counts"] == []
    assert api.read("/v1/companies/stripe.com/similar")["facet_counts"] == []
