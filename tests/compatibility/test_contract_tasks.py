"""Tasks: what they may be made of, how they go on, pause and end."""

import time

import pytest
from contract_shapes import TASK, check, check_problem
from live_api import CRITERIA

COUNTERS = ("num_results_discovered", "num_results_enriched", "num_results_evaluated", "num_results")


def refused(answer, status, *where):
    assert answer.status == status, answer.raw
    check_problem(answer)
    if where:
        assert tuple(answer.value["detail"][0]["loc"]) == ("body", *where)


def create(api, **fields):
    return api.post("/v1/discovery_tasks", {"query": "zzqx"} | fields)


def test_what_is_left_out_has_its_default(small):
    task = small.create("zzqx")
    assert (task["desired_num_results"], task["auto_data_sources"], task["data_sources"]) == (100, True, None)
    assert (task["criteria"], task["exclude_domains"], task["table_id"]) == (None, None, None)


@pytest.mark.parametrize(
    "field", ["table", "data_sources", "criteria", "exclude_domains", "exclude_task_ids", "notify"]
)
def test_null_is_the_same_as_left_out(small, field):
    task = small.create("zzqx", **{field: None}, desired_num_results=1)
    check(task, TASK)


@pytest.mark.parametrize("query", ["", "  ", "\n", None, 3, ["x"], "a\0b"])
def test_a_query_is_a_text_that_says_something(api, query):
    refused(create(api, query=query), 422, "query")


def test_a_task_needs_a_query(api):
    refused(api.post("/v1/discovery_tasks", {}), 422, "query")


# -- sources


def test_without_automatic_sources_some_must_be_named(api):
    for given in ({}, {"data_sources": None}, {"data_sources": []}):
        refused(create(api, auto_data_sources=False, **given), 422, "data_sources")


@pytest.mark.parametrize("names", [["newspapers"], ["Maps"], "maps", [1]])
def test_a_source_must_be_known(api, names):
    refused(create(api, auto_data_sources=False, data_sources=names), 422)


def test_extruct_db_is_another_name_of_the_catalogue(small, given):
    task = small.create("zzqx", auto_data_sources=False, data_sources=["extruct_db", "catalog"], desired_num_results=1)
    assert (task["auto_data_sources"], task["data_sources"]) == (False, ["catalog"])
    assert given["data_sources"] == ["catalog"]
    assert {result["source"] for result in given["results"]} == {"catalog"}


def test_named_sources_are_ignored_while_they_are_chosen_automatically(small):
    task = small.create("zzqx", data_sources=["maps"], desired_num_results=1)
    assert (task["auto_data_sources"], task["data_sources"]) == (True, None)


def test_automatic_sources_stay_null_and_the_states_say_which_were_asked(derived):
    assert (derived["auto_data_sources"], derived["data_sources"]) == (True, None)
    states = {state["source"]: state for state in derived["source_states"]}
    catalog = states.pop("catalog")
    assert (catalog["state"], catalog["found"]) == ("found", derived["num_results_discovered"])
    assert {name: state["state"] for name, state in states.items()} == dict.fromkeys(
        ("web_search", "linkedin", "maps"), "left_out"
    )
    assert all(state["reason"] for state in states.values())


@pytest.mark.parametrize("name", ["web_search", "linkedin", "maps"])
def test_a_source_without_a_provider_is_said_to_be_unavailable_and_why(small, name):
    task = small.finished("zzqx", auto_data_sources=False, data_sources=[name])
    assert (task["status"], task["is_exhausted"], task["results"]) == ("done", False, [])
    (state,) = task["source_states"]
    assert (state["source"], state["state"]) == (name, "unavailable")
    assert state["reason"]


# -- criteria


def test_criteria_are_used_as_they_are_given(given):
    assert given["criteria"] == CRITERIA


def test_criteria_left_out_are_derived_while_the_task_runs(small, derived):
    assert derived["criteria"]
    task = small.create("zzqx", criteria=[], desired_num_results=1)
    assert task["criteria"] is None
    assert small.over(task["id"])["criteria"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "1st"},
        {"key": "a-b"},
        {"key": ""},
        {"key": "a\n"},
        {"key": "k" * 101},
        {"name": ""},
        {"name": "n" * 101},
        {"criterion": "too short"},
        {"criterion": "c" * 501},
        {"key": None},
        {"weight": 1},
    ],
)
def test_a_criterion_that_breaks_a_rule_is_422(api, wrong):
    refused(create(api, criteria=[CRITERIA[0] | wrong]), 422, "criteria", 0, *wrong)


@pytest.mark.parametrize("missing", ["key", "name", "criterion"])
def test_a_criterion_has_all_three_parts(api, missing):
    criterion = {name: value for name, value in CRITERIA[0].items() if name != missing}
    refused(create(api, criteria=[criterion]), 422, "criteria", 0, missing)


def test_a_criterion_may_be_as_short_and_as_long_as_the_rules_say(small):
    criteria = [
        {"key": "k", "name": "n", "criterion": "c" * 10},
        {"key": "K" + "9_" * 49 + "z", "name": "n" * 100, "criterion": "c" * 500},
    ]
    assert create(small, criteria=criteria, desired_num_results=1).value["criteria"] == criteria


def test_two_criteria_have_two_keys_and_at_most_twenty_are_taken(small):
    refused(create(small, criteria=[CRITERIA[0], CRITERIA[0]]), 422, "criteria")
    many = [CRITERIA[0] | {"key": f"k{number}"} for number in range(21)]
    refused(create(small, criteria=many), 422, "criteria")
    assert len(create(small, criteria=many[:20], desired_num_results=1).value["criteria"]) == 20


# -- exclusions


def test_excluded_addresses_become_sorted_domains_each_once(api, given):
    top, second = (result["company_website"] for result in given["results"][:2])
    without = api.finished(
        "live chat software",
        desired_num_results=60,
        criteria=CRITERIA,
        exclude_domains=[f"https://www.{top}/about?x=1", top.upper(), "shop.acme.co.uk", "http://Acme.co.uk:80/"],
    )
    assert without["exclude_domains"] == sorted({top, "acme.co.uk"})
    found = [result["company_website"] for result in without["results"]]
    assert top not in found
    assert second in found


def test_the_companies_of_other_tasks_can_be_excluded_and_stay_so(api):
    first = api.finished("buy now pay later providers", desired_num_results=3)
    known = {result["company_website"] for result in first["results"]}
    second = api.finished(
        "buy now pay later providers",
        desired_num_results=3,
        exclude_task_ids=[first["id"], first["id"].upper()],
        exclude_domains=["acme.com"],
    )
    assert second["exclude_domains"] == sorted({*known, "acme.com"})
    assert "exclude_task_ids" not in second
    assert second["num_results"] == 3
    assert known.isdisjoint(result["company_website"] for result in second["results"])

    api.post(f"/v1/discovery_tasks/{first['id']}/resume", {"desired_new_results": 3})
    api.over(first["id"])  # what it found since is not excluded: the set was frozen
    api.post(f"/v1/discovery_tasks/{second['id']}/resume", {"desired_new_results": 3})
    api.over(second["id"])
    later = api.results(second["id"])
    assert later["num_results"] == 6
    assert later["exclude_domains"] == second["exclude_domains"]
    assert known.isdisjoint(result["company_website"] for result in later["results"])


@pytest.mark.parametrize("entry", ["no domain", "acme", "", "http://", "127.0.0.1", "a@b"])
def test_what_is_no_domain_cannot_be_excluded(api, entry):
    answer = create(api, exclude_domains=["acme.com", entry])
    refused(answer, 422)
    assert answer.value["detail"][0]["loc"][:2] == ["body", "exclude_domains"]


def test_a_thousand_domains_are_excluded_and_no_more(small):
    domains = [f"a{number}.com" for number in range(1001)]
    task = create(small, exclude_domains=[*domains[:1000], "https://www.a1.com/x"], desired_num_results=1).value
    assert task["exclude_domains"] == sorted(domains[:1000])
    refused(create(small, exclude_domains=domains), 422, "exclude_domains")


def test_only_finished_tasks_of_ones_own_can_be_excluded(api, stranger, derived):
    unknown = "0d8a6b1e-6f3c-4b8e-9a55-0c3f1d2e4b5a"
    refused(create(api, exclude_task_ids=[unknown]), 404)
    refused(create(stranger, exclude_task_ids=[derived["id"]]), 404)
    refused(create(api, exclude_task_ids=["1"]), 422, "exclude_task_ids", 0)
    refused(create(api, exclude_task_ids=[unknown] * 101), 422, "exclude_task_ids")
    running = api.create("software", desired_num_results=250)["id"]
    refused(create(api, exclude_task_ids=[running]), 422, "exclude_task_ids")
    api.post(f"/v1/discovery_tasks/{running}/pause")


# -- tables


def test_a_table_that_is_not_there_is_404(api):
    unknown = "0d8a6b1e-6f3c-4b8e-9a55-0c3f1d2e4b5a"
    refused(create(api, table={"id": unknown, "run": True, "auto_import": True, "columns": [unknown]}), 404)
    refused(create(api, table={"id": "1"}), 422, "table", "id")


# -- the course of a task


@pytest.fixture(scope="module")
def seen(api):
    """A task and all its results, read again and again until it is done: one that wants the most a task may."""
    task_id = api.create("software", desired_num_results=250)["id"]
    end = time.monotonic() + 30
    looks = [api.results(task_id)]
    while looks[-1]["status"] != "done":
        assert time.monotonic() < end, "the task does not end"
        time.sleep(0.05)
        looks.append(api.results(task_id))
    return looks


def test_counters_and_results_can_be_read_while_a_task_runs(seen):
    order = ["created", "in_progress", "done"]
    places = [order.index(state["status"]) for state in seen]
    assert places == sorted(places)
    running = [state for state in seen if state["status"] == "in_progress"]
    assert any(state["results"] for state in running)
    for state in seen:
        discovered, enriched, evaluated, qualified = (state[name] for name in COUNTERS)
        assert discovered >= enriched >= evaluated >= qualified
        assert qualified == len(state["results"]) <= 250
        assert state["stop_reason"] is None or state["status"] == "done"
        if state["is_exhausted"]:
            assert discovered == enriched
    for name in COUNTERS:
        values = [state[name] for state in seen]
        assert values == sorted(values), name
    assert len({state["num_results_evaluated"] for state in seen}) > 2  # what users watch
    assert (seen[-1]["num_results"], seen[-1]["stop_reason"]) == (250, "target_met")


def test_a_task_that_meets_its_target_has_no_more_results_than_that(derived):
    assert derived["num_results"] == len(derived["results"]) == derived["desired_num_results"] == 30
    assert (derived["is_exhausted"], derived["stop_reason"], derived["failure_reason"]) == (False, "target_met", None)


def test_a_task_may_end_without_a_result(api):
    task = api.finished("zzqx")
    assert (task["status"], task["num_results"], task["results"]) == ("done", 0, [])
    assert (task["stop_reason"], task["is_exhausted"]) == ("exhausted", False)  # the catalogue holds more, of no use
    assert resume(api, task["id"], {"desired_new_results": 0}).status == 200


# -- resume


def resume(api, task_id, body=None):
    return api.post(f"/v1/discovery_tasks/{task_id}/resume", body)


@pytest.mark.parametrize("body", [None, b"", {}])
def test_resuming_without_a_number_looks_for_25_more(api, body):
    task = api.finished("software", desired_num_results=4)
    before = {result["id"] for result in task["results"]}
    resumed = resume(api, task["id"], body).value
    assert (resumed["status"], resumed["desired_num_results"]) == ("in_progress", 29)
    assert (resumed["stop_reason"], resumed["criteria"]) == (None, task["criteria"])
    assert api.over(task["id"])["num_results"] == 29
    assert before <= {result["id"] for result in api.results(task["id"])["results"]}


@pytest.mark.parametrize(
    "body",
    [
        {"desired_new_results": 251},
        {"desired_new_results": -1},
        {"desired_new_results": True},
        {"desired_new_results": "5"},
        {"desired_new_results": 1.5},
        {"desired_new_results": None},
    ],
)
def test_resuming_for_what_is_no_number_from_0_to_250_is_422(api, derived, body):
    refused(resume(api, derived["id"], body), 422, "desired_new_results")


@pytest.mark.parametrize("body", [{"more": 3}, [], b"{", b"null"])
def test_resuming_with_another_body_is_422(api, derived, body):
    refused(resume(api, derived["id"], body), 422)


def test_resuming_a_running_task_raises_its_target(api):
    task_id = api.create("software", desired_num_results=100)["id"]
    before = api.task(task_id)["num_results"]
    resumed = resume(api, task_id, {"desired_new_results": 200})
    assert (resumed.status, resumed.value["status"]) == (200, "in_progress")
    counted_since = resumed.value["num_results"]
    assert min(250, before + 200) <= resumed.value["desired_num_results"] <= min(250, counted_since + 200)
    pause(api, task_id)


def test_a_target_never_falls_and_never_passes_250(api):
    task = api.finished("software", desired_num_results=10)
    assert resume(api, task["id"], {"desired_new_results": 0}).value["desired_num_results"] == 10
    api.over(task["id"])
    assert resume(api, task["id"], {"desired_new_results": 250}).value["desired_num_results"] == 250
    refused(resume(api, task["id"], {"desired_new_results": 1}), 400)
    assert resume(api, task["id"], {"desired_new_results": 0}).value["desired_num_results"] == 250
    pause(api, task["id"])
    api.over(task["id"])
    again = resume(api, task["id"], {"desired_new_results": 1}).value  # what was paused may always go on
    assert (again["status"], again["desired_num_results"]) == ("in_progress", 250)
    pause(api, task["id"])


def test_a_task_that_has_its_250_results_cannot_be_resumed(api, seen):
    refused(resume(api, seen[-1]["id"], {"desired_new_results": 1}), 400)
    assert api.results(seen[-1]["id"]) == seen[-1]


def test_a_task_whose_sources_have_no_more_is_exhausted_and_cannot_be_resumed(small):
    task = small.finished("craft beer breweries")
    assert (task["status"], task["is_exhausted"], task["stop_reason"]) == ("done", True, "exhausted")
    assert task["num_results_discovered"] == task["num_results_enriched"] == task["num_results_evaluated"]
    assert 1 <= task["num_results"] <= 3
    for body in (None, {}, {"desired_new_results": 0}, {"desired_new_results": 10}):
        refused(resume(small, task["id"], body), 400)
    assert small.results(task["id"]) == task


# -- pause


def pause(api, task_id, body=None):
    return api.post(f"/v1/discovery_tasks/{task_id}/pause", body)


def test_a_paused_task_is_done_and_goes_on_when_it_is_resumed(api):
    task_id = api.create("software", desired_num_results=120)["id"]
    api.until(task_id, "in_progress", "done")
    answer = pause(api, task_id)
    assert answer.status == 200
    check(answer.value, TASK)
    paused = api.over(task_id)
    assert (paused["status"], paused["stop_reason"], paused["is_exhausted"]) == ("done", "paused", False)
    kept = {result["id"] for result in api.results(task_id)["results"]}
    assert len(kept) == paused["num_results"] < 120
    resumed = resume(api, task_id, {"desired_new_results": 0}).value
    assert (resumed["status"], resumed["desired_num_results"]) == ("in_progress", 120)
    assert (api.over(task_id)["num_results"], api.task(task_id)["stop_reason"]) == (120, "target_met")


@pytest.mark.parametrize("body", [None, {}, b""])
def test_pausing_a_finished_task_changes_nothing(api, derived, body):
    answer = pause(api, derived["id"], body)
    assert (answer.status, answer.value) == (200, {k: v for k, v in derived.items() if k != "results"})
    assert api.results(derived["id"]) == derived


def test_a_pause_takes_no_fields(api, derived):
    refused(pause(api, derived["id"], {"now": True}), 422, "now")
