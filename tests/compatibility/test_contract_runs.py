"""Running tables (contract §3.6), and searches whose results go to tables (§2.7), against a server whose worker works."""

import json
import time

import pytest
from contract_shapes import CELL, PRODUCED, ROW, RUN, TABLE_STATUS, TASK, check, check_all
from live_api import PATIENCE

QUESTIONS = [
    ("country", "In which country is the headquarters of {company_name}?", "text", {}),
    ("about", "Describe in one sentence what {company_name} does.", "text", {}),
    ("saas", "What is its business model?", "select", {"labels": ["SaaS", "Marketplace", "Agency"]}),
    ("line", "Put into one line: {about}", "text", {}),
]
COLUMNS = [
    {
        "kind": "agent",
        "key": key,
        "name": key.title(),
        "value": {"agent_type": "llm" if key == "line" else "research_pro", "prompt": prompt, "output_format": form}
        | more,
    }
    for key, prompt, form, more in QUESTIONS
]


def at_rest(api, path):
    """The table once nothing is under way; what it came to is right from then on."""
    end = time.monotonic() + PATIENCE
    while (table := api.read(path))["status"]["run_status"] == "running":
        assert table["status"]["num_cells_in_progress"] > 0
        assert time.monotonic() < end, table["status"]
        time.sleep(0.05)
    assert table["status"]["num_cells_in_progress"] == 0
    check(table["status"], TABLE_STATUS)
    return table


@pytest.fixture
def path(api):
    made = api.post("/v1/tables", {"name": "Chat", "column_configs": COLUMNS})
    assert made.status == 200, made.raw
    return f"/v1/tables/{made.value['id']}"


def test_a_row_that_is_added_and_run_is_under_way_when_the_post_is_answered(api, path):
    """What the hosted service's workflow node does: add and run, wait until it is running no more, fetch the row."""
    answer = api.post(f"{path}/rows", {"rows": [{"data": {"input": "https://www.zuora.com/pricing"}}], "run": True})
    row = answer.value[0]
    check(row, ROW)
    assert {cell["status"] for key, cell in row["data"].items() if key != "input"} <= {
        "requested",
        "in_progress",
        "done",
    }
    at_rest(api, path)
    fetched = api.read(f"{path}/rows/{row['id']}")
    assert fetched["status"] == "idle"
    for key, cell in fetched["data"].items():
        check(cell, CELL)
        assert (cell["status"], cell["error"]) == ("done", None), key
        if key not in ("input", "company_profile"):
            check(cell["value"], PRODUCED)
    value = {key: cell["value"] for key, cell in fetched["data"].items()}
    assert value["input"] == "https://www.zuora.com/pricing"
    assert (value["company_name"]["answer"], value["company_website"]["answer"]) == ("Zuora", "zuora.com")
    assert fetched["company_profile_id"] is not None
    assert {"short_description", "founding_year", "hq_country", "social_profiles"} <= value["company_profile"][
        "context"
    ].keys()
    assert value["about"]["answer"]
    assert value["about"]["evidence"][0]["quote"] in value["about"]["answer"]
    assert value["country"]["answer"] == "Not found"


def test_tables_run_and_poll_as_the_command_line_does(cli, api, path):
    table_id = path.rpartition("/")[2]
    api.post(
        f"{path}/rows", {"rows": [{"data": {"input": "zuora.com"}}, {"data": {"input": "nobody-has-this.example"}}]}
    )
    run = cli.value("tables", "run", table_id)
    check(run, RUN)
    assert (run["mode"], run["num_requested_cells"], run["status"]) == ("new", 14, "in_progress")
    polled = cli.value("tables", "poll", table_id)
    assert polled["status"]["num_cells_completed"] == 14
    data = cli.value("tables", "data", table_id)["rows"]
    assert data[1]["data"]["about"]["value"]["answer"] == "Not found"
    assert data[1]["data"]["about"]["value"]["explanation"]
    assert cli.value("tables", "run", table_id)["num_requested_cells"] == 0


def test_a_run_reaches_as_far_as_it_is_told_and_takes_along_what_is_needed(api, path):
    rows = api.post(f"{path}/rows", {"rows": [{"data": {"input": "zuora.com"}}] * 3}).value
    ids = {column["config"]["key"]: column["id"] for column in api.read(path)["columns"]}
    run = api.post(f"{path}/run", {"rows": [rows[0]["id"]], "columns": [ids["country"]]}).value
    assert (run["num_requested_cells"], run["rows"], run["columns"]) == (1, [rows[0]["id"]], [ids["country"]])
    needing = api.post(f"{path}/run", {"rows": [rows[1]["id"]], "columns": [ids["line"]]}).value
    assert needing["num_requested_cells"] == 2
    at_rest(api, path)
    data = api.read(f"{path}/data")["rows"]
    made = [[key for key, cell in row["data"].items() if cell["status"] == "done" and key != "input"] for row in data]
    assert made == [["country"], ["about", "line"], []]
    assert api.post(f"{path}/run", {"mode": "all", "columns": [ids["country"]]}).value["num_requested_cells"] == 3
    at_rest(api, path)


def test_a_column_without_its_provider_fails_and_says_so_and_what_needs_it_says_which(api):
    finder = {"kind": "email_finder", "name": "Mail", "key": "mail"}
    value = {"agent_type": "llm", "prompt": "Greet {mail}", "output_format": "text"}
    body = {"kind": "people", "column_configs": [{"name": "Site", "key": "company_website"}, finder]}
    body["column_configs"].append({"kind": "agent", "name": "Greeting", "key": "greeting", "value": value})
    path = f"/v1/tables/{api.post('/v1/tables', body).value['id']}"
    rows = [{"data": {"input": "Jane Doe, CEO at Acme, linkedin.com/in/janedoe", "company_website": "acme.com"}}]
    api.post(f"{path}/rows", {"rows": rows, "run": True})
    at_rest(api, path)
    cells = api.read(f"{path}/data")["rows"][0]["data"]
    assert [cells[key]["value"]["answer"] for key in ("full_name", "role", "profile_url")] == [
        "Jane Doe",
        "CEO",
        "https://linkedin.com/in/janedoe",
    ]
    assert (cells["mail"]["status"], cells["greeting"]["status"]) == ("failed", "failed")
    assert "set up" in cells["mail"]["error"]
    assert "'Mail', which failed" in cells["greeting"]["error"]
    assert api.post(f"{path}/run", {"mode": "failed"}).value["num_requested_cells"] == 2
    at_rest(api, path)


def test_people_that_no_page_names_are_not_found_and_make_no_table(api):
    finder = {"kind": "company_people_finder", "name": "Chiefs", "key": "chiefs", "value": {"roles": ["CEO"]}}
    path = f"/v1/tables/{api.post('/v1/tables', {'name': 'Listed', 'column_configs': [finder]}).value['id']}"
    api.post(f"{path}/rows", {"rows": [{"data": {"input": "zuora.com"}}], "run": True})
    assert at_rest(api, path)["child_relationships"] == []
    cell = api.read(f"{path}/data")["rows"][0]["data"]["chiefs"]["value"]
    assert (cell["answer"], "CEO" in cell["explanation"]) == ("Not found", True)


def test_results_of_a_search_become_rows_while_it_runs_each_company_once(small):
    config = {"kind": "discovery_scores", "name": "Scores", "key": "scores"}
    made = small.post("/v1/tables", {"name": "Found", "column_configs": [config, COLUMNS[1]]}).value
    path = f"/v1/tables/{made['id']}"
    small.post(f"{path}/rows", {"rows": [{"data": {"input": "brauwerk.at"}}]})
    about = made["columns"][-1]["id"]
    link = {"id": made["id"], "run": True, "auto_import": True, "columns": [about]}
    task = small.create("craft beer breweries", desired_num_results=3, table=link)
    assert task["table_id"] == made["id"]
    results = small.results(small.over(task["id"])["id"])["results"]
    end = time.monotonic() + PATIENCE
    while len(small.read(f"{path}/data")["rows"]) < len({r["company_website"] for r in results} | {"brauwerk.at"}):
        assert time.monotonic() < end
        time.sleep(0.05)
    while any(row["data"]["about"]["status"] is None for row in small.read(f"{path}/data")["rows"] if row["metadata"]):
        assert time.monotonic() < end + PATIENCE  # rows that came last are run last
        time.sleep(0.05)
    at_rest(small, path)
    data = small.read(f"{path}/data")
    inputs = [row["data"]["input"]["value"] for row in data["rows"]]
    assert len(inputs) == len(set(inputs))
    assert set(inputs) >= {result["company_website"] for result in results if result["company_website"]}
    check_all(data["discovery_tasks"], TASK)
    assert [one["id"] for one in data["discovery_tasks"]] == [task["id"]]
    by_id = {result["id"]: result for result in results}
    imported = [row for row in data["rows"] if row["metadata"]]
    for row in imported:
        result = by_id[row["metadata"]["result_id"]]
        assert row["metadata"]["task_id"] == task["id"]
        assert row["company_profile_id"] == result["company_profile_id"]
        scores = row["data"]["scores"]["value"]["answer"]
        assert {key: score["grade"] for key, score in scores.items()} == {
            key: score["grade"] for key, score in result["scores"].items()
        }
        assert row["data"]["about"]["status"] == "done"
        assert row["data"]["company_name"]["status"] is None  # not among the columns to run
    again = small.create("craft beer breweries", desired_num_results=3, table={"id": made["id"], "auto_import": True})
    small.over(again["id"])
    time.sleep(1.0)
    assert [row["id"] for row in small.read(f"{path}/data")["rows"]] == [row["id"] for row in data["rows"]]
    assert len(small.read(f"{path}/data")["discovery_tasks"]) == 2


def test_a_search_makes_a_table_of_its_own_when_none_is_named(api):
    task = api.create("zzqx  brewers", desired_num_results=1, table={})
    table = api.read(f"/v1/tables/{task['table_id']}")
    assert (table["name"], table["kind"]) == ("zzqx brewers", "company")
    assert [one["id"] for one in api.read(f"/v1/tables/{table['id']}/data")["discovery_tasks"]] == [task["id"]]
    before = len(api.read("/v1/tables", limit=100))
    wrong = api.post("/v1/discovery_tasks", {"query": "x", "table": {}, "exclude_domains": ["no domain"]})
    assert wrong.status == 422
    people = api.post("/v1/tables", {"kind": "people"}).value["id"]
    assert api.post("/v1/discovery_tasks", {"query": "x", "table": {"id": people}}).status == 422
    some = {"id": table["id"], "columns": [people], "auto_import": True, "run": True}
    assert api.post("/v1/discovery_tasks", {"query": "x", "table": some}).status == 422
    assert len(api.read("/v1/tables", limit=100)) == before + 1
    assert json.dumps(api.task(task["id"])["table_id"]) == json.dumps(table["id"])
