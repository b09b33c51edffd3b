"""Tables, rows and columns (contract §3): the hosted service's client on them, command by command, and what it would not send."""

import json

import pytest
from contract_shapes import COLUMN, ROW, RUN, TABLE, TABLE_WITH_STATUS, check, check_all, check_problem, pagination

SOME_ID = "0d8a6b1e-6f3c-4b8e-9a55-0c3f1d2e4b5a"
KEYS = ["input", "company_profile", "company_name", "company_website"]


def asks(key, prompt="What does {company_name} make?", agent="llm", form="text", **more):
    value = {"agent_type": agent, "prompt": prompt, "output_format": form} | more
    return {"kind": "agent", "name": key.title(), "key": key, "value": value}


def refused(answer, status, *words):
    assert answer.status == status, answer.raw
    check_problem(answer)
    assert all(word in answer.raw.decode() for word in words), answer.raw
    return answer


@pytest.fixture
def table(api):
    """An empty company table."""
    return api.post("/v1/tables", {"name": "Breweries"}).value


@pytest.fixture
def path(table):
    return f"/v1/tables/{table['id']}"


# -- tables


def test_tables_create_makes_a_table_with_the_columns_of_its_kind(cli):
    for kind, keys in (
        ("company", KEYS),
        ("people", ["input", "full_name", "role", "profile_url"]),
        ("generic", []),
    ):
        made = cli.value("tables", "create", "--payload", json.dumps({"name": "Some", "kind": kind}))
        check(made, TABLE)
        assert ([column["config"]["key"] for column in made["columns"]], made["kind"]) == (keys, kind)


def test_everything_about_a_new_table_is_optional(api):
    made = api.post("/v1/tables", {"notify": True, "settings": {}, "num_rows": 3})
    assert (made.value["name"], made.value["kind"], made.value["tags"]) == ("Untitled Table", "company", None)
    assert api.read(f"/v1/tables/{made.value['id']}")["status"]["num_rows"] == 3
    assert api.post("/v1/tables").status == 200


def test_a_given_column_takes_the_place_of_an_automatic_one_and_is_not_doubled(api):
    given = [{"kind": "input", "name": "Website", "key": "input"}, {"name": "Owner", "key": "owner"}, asks("maker")]
    made = api.post("/v1/tables", {"column_configs": given}).value
    assert [column["config"]["key"] for column in made["columns"]] == [*KEYS, "owner", "maker"]
    assert made["columns"][0]["config"] == given[0]
    assert made["columns"][-2]["config"] == {"kind": "input"} | given[1]
    value = made["columns"][-1]["config"]["value"]
    assert value == given[2]["value"] | {"labels": None, "output_schema": None, "extra_dependencies": None}


def test_tables_update_changes_what_is_given(cli, api, table, path):
    payload = {"name": "Beer", "description": "Of Graz", "tags": ["b"], "columns_order": [table["columns"][2]["id"]]}
    changed = cli.value("tables", "update", table["id"], "--payload", json.dumps(payload))
    check(changed, TABLE)
    assert (changed["name"], changed["description"], changed["tags"]) == ("Beer", "Of Graz", ["b"])
    assert [one["config"]["key"] for one in changed["columns"]] == [KEYS[2], KEYS[0], KEYS[1], KEYS[3]]
    assert api.send("PATCH", path, {"name": "Ale"}).value["description"] == "Of Graz"
    refused(api.send("PATCH", path, {"columns_order": ["nope"]}), 422, "nope")


def test_tables_delete_answers_the_deleted_table(cli, api, table, path):
    assert cli("tables", "delete", table["id"]).error["code"] == "validation"
    assert cli.value("tables", "delete", table["id"], "--yes") == table
    refused(api.get(path), 404)
    refused(api.send("DELETE", path), 404)


def test_tables_clone_copies_with_no_body_and_schema_only_from_the_address(cli, api, table, path):
    api.post(f"{path}/rows", {"rows": [{"data": {"input": "a.com", "company_name": "A"}, "metadata": {"n": 1}}]})
    copy = cli.value("tables", "clone", table["id"])
    check(copy, TABLE)
    assert copy["id"] != table["id"]
    (row,) = api.read(f"/v1/tables/{copy['id']}/data")["rows"]
    assert (row["data"]["input"]["value"], row["data"]["company_name"]["value"]["answer"]) == ("a.com", "A")
    assert row["metadata"] == {"n": 1}
    bare = cli.value("tables", "clone", table["id"], "--schema-only")
    assert [one["config"] for one in bare["columns"]] == [one["config"] for one in table["columns"]]
    assert api.read(f"/v1/tables/{bare['id']}/data")["rows"] == []


def test_tables_data_gives_the_table_its_counts_and_its_rows_in_order(cli, api, table, path):
    api.post(f"{path}/rows", {"rows": [{"data": {"input": f"c{n}.com"}} for n in range(60)]})
    data = cli.value("tables", "data", table["id"])
    assert [row["data"]["input"]["value"] for row in data["rows"]] == [f"c{n}.com" for n in range(50)]
    check_all(data["rows"], ROW)
    check({key: value for key, value in data.items() if key not in ("rows", "discovery_tasks")}, TABLE_WITH_STATUS)
    assert data["discovery_tasks"] == []
    assert set(data["rows"][0]["data"]) == set(KEYS)
    assert len(api.read(f"{path}/data")["rows"]) == 60
    part = api.get(f"{path}/data", offset=55, limit=10)
    assert [row["data"]["input"]["value"] for row in part.value["rows"]] == [f"c{n}.com" for n in range(55, 60)]
    assert pagination(part.headers) == (60, 6, 10, 55, 6)


def test_tables_of_others_are_not_found(api, stranger, table, path):
    refused(stranger.get(path), 404)
    refused(stranger.get(f"{path}/data"), 404)
    refused(stranger.post(f"{path}/rows", {"rows": []}), 404)
    refused(stranger.post(f"{path}/clone"), 404)
    refused(stranger.send("DELETE", path), 404)
    assert stranger.read("/v1/tables") == []
    assert api.read(path)["id"] == table["id"]


# -- rows


def test_rows_create_answers_a_bare_list_whose_first_item_has_an_id(cli, table):
    payload = {"rows": [{"data": {"input": "a.com"}, "metadata": {"from": "list"}}, {"data": {}}]}
    made = cli.value("rows", "create", table["id"], "--payload", json.dumps(payload))
    check_all(made, ROW)
    assert made[0]["data"]["input"] == {"value": "a.com", "status": "done", "error": None}
    assert made[0]["data"]["company_name"] == {"value": None, "status": None, "error": None}
    assert (made[0]["metadata"], made[1]["metadata"], made[1]["parent_row_id"]) == ({"from": "list"}, None, None)


def test_rows_get_shows_a_row_with_its_status_and_columns(cli, api, table, path):
    (made,) = api.post(f"{path}/rows", {"rows": [{"data": {"input": "a.com"}}]}).value
    row = cli.value("rows", "get", table["id"], made["id"])
    assert row == made | {"status": "idle", "columns": table["columns"]}
    for wrong in (SOME_ID, "1", "a%20b"):
        refused(api.get(f"{path}/rows/{wrong}"), 404)


def test_rows_update_changes_rows_and_adds_those_without_an_id(cli, api, table, path):
    api.post(f"{path}/columns", {"column_configs": [{"name": "Note", "key": "note"}]})
    (old,) = api.post(f"{path}/rows", {"rows": [{"data": {"input": "a.com", "note": "x"}}]}).value
    payload = {"rows": [{"id": old["id"], "data": {"note": "y"}}, {"data": {"input": "b.com"}}]}
    changed, new = cli.value("rows", "update", table["id"], "--payload", json.dumps(payload))
    assert changed["id"] == old["id"]
    assert [changed["data"][key]["value"] for key in ("input", "note")] == ["a.com", "y"]
    assert [row["id"] for row in api.read(f"{path}/data")["rows"]] == [old["id"], new["id"]]
    refused(api.send("PATCH", f"{path}/rows", {"rows": [{"id": SOME_ID, "data": {}}]}), 404)


def test_rows_delete_sends_a_body_and_gets_the_ids_back(cli, api, table, path):
    made = api.post(f"{path}/rows", {"rows": [{"data": {}}] * 3}).value
    ids = [row["id"] for row in made[:2]]
    assert cli.value("rows", "delete", table["id"], "--yes", "--payload", json.dumps({"rows": ids})) == ids
    assert [row["id"] for row in api.read(f"{path}/data")["rows"]] == [made[2]["id"]]
    refused(api.send("DELETE", f"{path}/rows", {"rows": ["1"]}), 422)
    refused(api.send("DELETE", f"{path}/rows", {}), 422)
    refused(api.send("DELETE", f"{path}/rows"), 422)


def test_values_for_columns_that_are_not_there_are_refused_whole(api, path):
    rows = [{"data": {"input": "a.com"}}, {"data": {"nope": 1}}]
    refused(api.post(f"{path}/rows", {"rows": rows}), 422, "nope", "company_name")
    assert api.read(f"{path}/data")["rows"] == []


# -- columns


def test_columns_list_reads_the_table(cli, table):
    assert cli.value("columns", "list", table["id"])["columns"] == table["columns"]


def test_columns_add_answers_the_new_columns_where_they_were_put(cli, api, table, path):
    def add(key, **where):
        payload = {"column_configs": [{"name": key, "key": key}]} | where
        made = cli.value("columns", "add", table["id"], "--payload", json.dumps(payload))
        check_all(made, COLUMN)
        return made[0]["id"]

    add("last")
    add("first", insert_after=False)
    add("second", insert_after=table["columns"][0]["id"])
    add("end", insert_after=True)
    keys = [column["config"]["key"] for column in api.read(path)["columns"]]
    assert keys == ["first", KEYS[0], "second", *KEYS[1:], "last", "end"]
    for wrong in (1, None, [], SOME_ID):
        body = {"column_configs": [{"name": "X", "key": "x"}], "insert_after": wrong}
        refused(api.post(f"{path}/columns", body), 422)


def test_columns_update_replaces_the_config_and_keeps_the_cells(cli, api, table, path):
    (made,) = api.post(f"{path}/columns", {"column_configs": [asks("maker")]}).value
    (row,) = api.post(f"{path}/rows", {"rows": [{"data": {"maker": "kept"}}]}).value
    new = asks("maker2", "Who owns it?", form="select", labels=["A", "B"])
    changed = cli.value("columns", "update", table["id"], made["id"], "--payload", json.dumps(new))
    assert (changed["id"], changed["config"]["key"]) == (made["id"], "maker2")
    assert changed["config"]["value"]["labels"] == ["A", "B"]
    assert api.read(f"{path}/rows/{row['id']}")["data"]["maker2"]["value"]["answer"] == "kept"
    refused(api.send("PATCH", f"{path}/columns/{SOME_ID}", new), 404)
    refused(api.send("PATCH", f"{path}/columns/{made['id']}", {"name": "X", "key": "x"}), 422, "kind")


def test_columns_delete_answers_the_removed_column(cli, api, table, path):
    (made,) = api.post(f"{path}/columns", {"column_configs": [asks("maker")]}).value
    assert cli.value("columns", "delete", table["id"], made["id"], "--yes") == made
    assert [column["config"]["key"] for column in api.read(path)["columns"]] == KEYS
    refused(api.send("DELETE", f"{path}/columns/{made['id']}"), 404)


def test_a_column_that_others_need_is_not_deleted(api, path):
    a, _ = api.post(f"{path}/columns", {"column_configs": [asks("a"), asks("b", "More of {a}")]}).value
    refused(api.send("DELETE", f"{path}/columns/{a['id']}"), 400, "needed by B")


COLUMNS = {
    "an unknown key in a prompt": ([asks("a", "What of {nope}?")], "nope"),
    "an unknown key to wait for": ([asks("a", extra_dependencies=["nope"])], "nope"),
    "a circle": ([asks("a", "{b}"), asks("b", "{c}"), asks("c", "{a}")], "circle"),
    "itself": ([asks("a", "{a}")], "circle"),
    "two of a key": ([asks("a"), asks("a")], "two columns"),
    "a key that is there": ([asks("input")], "two columns"),
    "select without labels": ([asks("a", form="select")], "labels"),
    "label without labels": ([asks("a", form="label")], "labels"),
    "multiselect with none": ([asks("a", form="multiselect", labels=[])], "labels"),
    "labels twice": ([asks("a", form="select", labels=["X", " x "])], "labels"),
    "json without a schema": ([asks("a", form="json")], "output_schema"),
    "a schema that is none": ([asks("a", form="json", output_schema={"type": "array"})], "output_schema"),
    "a schema that is not understood": ([asks("a", form="json", output_schema={"$ref": "#"})], "output_schema"),
    "a prompt of a megabyte": ([asks("a", "x" * 1_000_000)], "20000"),
    "an empty prompt": ([asks("a", " \n")], "empty"),
    "an agent nobody knows": ([asks("a", agent="oracle")], "llm"),
    "a format nobody knows": ([asks("a", form="poem")], "text"),
    "a kind nobody knows": ([{"kind": "magic", "name": "A", "key": "a"}], "criterion_grade"),
    "two hundred columns": ([asks(f"a{n}") for n in range(200)], "100"),
    "a field nobody knows": ([asks("a") | {"colour": 1}], "colour"),
    "e-mail addresses of companies": ([{"kind": "email_finder", "name": "A", "key": "a"}], "full_name"),
    "whose an address of no column is": (
        [{"kind": "reverse_email_lookup", "name": "A", "key": "a", "email_column_key": "nope"}],
        "nope",
    ),
    "nobody's roles": ([{"kind": "company_people_finder", "name": "A", "key": "a", "value": {"roles": []}}], "roles"),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_a_column_that_cannot_be_is_refused_and_the_table_is_as_it_was(api, table, path, name):
    configs, word = COLUMNS[name]
    answer = refused(api.post(f"{path}/columns", {"column_configs": configs}), 422)
    assert word.lower() in answer.raw.decode().lower()
    assert len(answer.raw) < 30_000
    assert api.read(path)["columns"] == table["columns"]
    if name != "a key that is there":  # which takes the place of the automatic one
        refused(api.post("/v1/tables", {"column_configs": configs}), 422)


def test_people_tables_have_no_research_pro_and_no_people_finder(api):
    path = f"/v1/tables/{api.post('/v1/tables', {'kind': 'people'}).value['id']}/columns"
    refused(api.post(path, {"column_configs": [asks("a", "{full_name}?", "research_pro")]}), 422, "research_pro")
    finder = {"kind": "company_people_finder", "name": "A", "key": "a", "value": {"roles": ["CEO"]}}
    refused(api.post(path, {"column_configs": [finder]}), 422, "company")
    assert api.post(path, {"column_configs": [asks("a", "{full_name}, {role}?", "research_reasoning")]}).status == 200


def test_older_names_of_formats_and_agents_are_taken(api, path):
    configs = [asks("a", agent="research", form="number"), asks("b", form="label", labels=["x"])]
    made = api.post(f"{path}/columns", {"column_configs": configs}).value
    assert [one["config"]["value"]["output_format"] for one in made] == ["number", "label"]


def test_a_run_of_what_is_not_there_is_refused(api, table, path):
    for body in ({"rows": [SOME_ID]}, {"columns": [SOME_ID]}, {"rows": ["1"]}, {"mode": "some"}, {"more": 1}):
        refused(api.post(f"{path}/run", body), 422)
    refused(api.post(f"/v1/tables/{SOME_ID}/run"), 404)
    run = api.post(f"{path}/run").value
    check(run, RUN)
    assert (run["num_requested_cells"], run["mode"], run["status"]) == (0, "new", "done")
