"""The commands of the hosted service's client, one test each, sent by our own reproduction of it to a real server."""

import json

import pytest
from contract_shapes import COMPANY, RESULT, TABLE_SUMMARY, TABLE_WITH_STATUS, TASK, USER, check, check_all


def test_auth_user_passes_the_preflight(cli):
    account = cli.value("auth", "user")
    assert account.keys() == {"user", "subscription"}
    check(account["user"], USER)
    assert account["subscription"] == {"requires_subscription": False, "plan_tier": "pro"}
    assert account["user"]["organization_id"] is None
    assert account["user"]["organization_is_active"] is None


def test_healthcheck_needs_no_token(cli):
    cli_without_token = type(cli)(cli._base, "")
    assert cli_without_token.value("healthcheck") == {"status": "ok"}


def test_companies_search_gives_companies_that_similar_takes(cli):
    found = cli.value("companies", "search", "--query", "live chat software")
    assert found.keys() == {"results", "request", "facet_counts"}
    assert found["request"] == {"offset": 0, "limit": 20, "query": "live chat software", "filters": None}
    assert len(found["results"]) == 20
    check_all(found["results"], COMPANY)
    first = found["results"][0]
    for identifier in (first["domain"], first["id"]):
        alike = cli.value("companies", "similar", "--company-identifier", identifier, "--limit", "3")
        assert alike["reference_company"]["id"] == first["id"]


def test_companies_search_takes_filters_as_compact_json_text(cli):
    filters = {"include": {"country": ["france"]}, "range": {"founded": {"min": 1900, "max": 2020}}}
    found = cli.value("companies", "search", "--query", "payments", "--filters", json.dumps(filters), "--limit", "5")
    assert found["request"]["filters"] == filters
    assert found["results"]
    assert {company["hq_country"] for company in found["results"]} == {"France"}
    assert all(1900 <= company["founding_year"] <= 2020 for company in found["results"])


@pytest.mark.parametrize(
    "identifier", ["stripe.com", "https://stripe.com/x", "https://www.stripe.com/a/b?c=d#e", "STRIPE.COM"]
)
def test_companies_similar_takes_a_domain_or_a_pasted_address(cli, identifier):
    found = cli.value("companies", "similar", "--company-identifier", identifier)
    assert found.keys() == {"results", "request", "facet_counts", "reference_company"}
    assert found["reference_company"]["domain"] == "stripe.com"
    assert found["request"] == {
        "offset": 0,
        "limit": 20,
        "query": None,
        "filters": None,
        "reference_company_id": found["reference_company"]["id"],
    }
    check_all([*found["results"], found["reference_company"]], COMPANY)
    assert len(found["results"]) == 20
    assert "stripe.com" not in {company["domain"] for company in found["results"]}


def test_companies_similar_knows_no_company_that_is_not_indexed(cli):
    ran = cli("companies", "similar", "--company-identifier", "https://nobody-has-this.example.com/")
    assert (ran.code, ran.error["status_code"]) == (1, 404)
    assert "nobody-has-this.example.com" in ran.error["details"]["detail"]


def test_tables_list_finds_tables_by_what_is_asked_of_them(cli, api):
    made = api.post("/v1/tables", {"name": "Breweries of Graz", "tags": ["beer"]}).value
    listed = cli.value("tables", "list")
    assert listed[0]["id"] == made["id"]
    check_all(listed, TABLE_SUMMARY)
    options = ("--kind", "company", "--scope", "personal", "--search", "GRAZ", "--tags", "a", "--tags", "beer")
    assert [one["id"] for one in cli.value("tables", "list", *options, "--sort=-created_at")] == [made["id"]]
    assert cli.value("tables", "list", "--kind", "people", "--search", "graz") == []


def test_tables_get_shows_a_table(cli, api):
    made = api.post("/v1/tables", {"name": "Breweries"}).value
    shown = cli.value("tables", "get", made["id"])
    check(shown, TABLE_WITH_STATUS)
    assert {key: value for key, value in shown.items() if key != "status"} == made


def test_tables_get_finds_no_table(cli):
    ran = cli("tables", "get", "0d8a6b1e-6f3c-4b8e-9a55-0c3f1d2e4b5a")
    assert (ran.code, ran.error["status_code"], ran.error["method"]) == (1, 404, "GET")
    assert "no table" in ran.error["details"]["detail"]


def test_deep_search_list_shows_the_newest_tasks_first(cli, api):
    old, new = (api.create(f"zzqx {number}", desired_num_results=1)["id"] for number in (1, 2))
    listed = cli.value("deep-search", "list")
    assert [task["id"] for task in listed[:2]] == [new, old]
    check_all(listed, TASK)
    assert cli.value("deep-search", "list", "--offset", "1", "--limit", "1")[0]["id"] == old


def test_deep_search_create_answers_at_once_with_a_task_that_has_not_begun(cli):
    payload = {"query": "buy now pay later providers", "desired_num_results": 3, "notify": True}
    task = cli.value("deep-search", "create", "--payload", json.dumps(payload))
    check(task, TASK)
    assert (task["status"], task["desired_num_results"], task["is_exhausted"]) == ("created", 3, False)
    assert (task["query"], task["criteria"], task["data_sources"]) == (payload["query"], None, None)
    counters = "num_results_discovered", "num_results_enriched", "num_results_evaluated", "num_results"
    assert [task[name] for name in counters] == [0, 0, 0, 0]


def test_deep_search_get_shows_a_task(cli, derived):
    task = cli.value("deep-search", "get", derived["id"])
    check(task, TASK)
    assert task == {key: value for key, value in derived.items() if key != "results"}


def test_deep_search_results_gives_fifty_at_the_most_unless_told_otherwise(cli, given):
    found = cli.value("deep-search", "results", given["id"])
    check(found, {**TASK, "results": lambda results: isinstance(results, list)})
    check_all(found["results"], RESULT)
    assert found["results"] == given["results"][:50]
    part = cli.value("deep-search", "results", given["id"], "--offset", "2", "--limit", "3")
    assert part["results"] == given["results"][2:5]


def test_deep_search_resume_looks_for_more(cli, api):
    task_id = api.finished("buy now pay later providers", desired_num_results=2)["id"]
    resumed = cli.value("deep-search", "resume", task_id, "--payload", '{"desired_new_results": 4}')
    check(resumed, TASK)
    assert (resumed["status"], resumed["desired_num_results"], resumed["stop_reason"]) == ("in_progress", 6, None)
    assert api.over(task_id)["num_results"] == 6


def test_deep_search_poll_ends_with_the_task(cli, api):
    task_id = api.create("live chat software", desired_num_results=5)["id"]
    polled = cli.value("deep-search", "poll", task_id)
    assert (polled["status"], polled["num_results"]) == ("done", 5)
    assert polled == api.task(task_id)
