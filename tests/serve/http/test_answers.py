"""What the routes answer is what their models and the OpenAPI file say, no key more and none less."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError

from longlist.serve.http import account, companies, models, table_columns, table_rows, tables, tasks
from longlist.serve.http.app import describe
from longlist.serve.http.spec import BODIES

ROOT = Path(__file__).parents[3]
DOCUMENT: dict[str, Any] = describe()
OPERATIONS = {op["operationId"]: op for path in DOCUMENT["paths"].values() for op in path.values()}
ROUTES = {
    route.name: route
    for part in (tasks, companies, tables, table_rows, table_columns, account)
    for route in part.router.routes
    if isinstance(route, APIRoute)
}
BODY_OF = {model.__name__: model for model in BODIES}


def fits(name: str, answer: Any) -> None:
    """That an answer of a route is what it declares: types as they are, every key of its model and no other."""
    declared = TypeAdapter(ROUTES[name].response_model)
    read = declared.validate_json(json.dumps(answer), strict=True)
    assert declared.dump_python(read, mode="json", exclude_unset=True) == answer


def test_a_key_too_many_or_too_few_does_not_fit() -> None:
    fits("get_healthcheck", {"status": "ok"})
    for wrong in ({}, {"status": "ok", "more": 1}, {"status": "fine"}):
        with pytest.raises((AssertionError, ValidationError)):
            fits("get_healthcheck", wrong)


async def test_tasks_are_what_they_are_declared_to_be(api) -> None:
    criterion = {"key": "bnpl", "name": "Pay later", "criterion": "Offers buy now pay later to shops."}
    given = {"criteria": [criterion], "exclude_domains": ["https://www.acme.com/about"], "desired_num_results": 5}
    for fields in ({}, given, {"auto_data_sources": False, "data_sources": ["extruct_db", "maps"]}):
        made = (await api.ask("POST", "/v1/discovery_tasks", json={"query": "pay later providers", **fields})).json()
        fits("create_discovery_task", made)
        path = f"/v1/discovery_tasks/{made['id']}"
        assert (await api.ask("GET", path)).json() == made
        await api.run(made["id"])
        done = (await api.ask("GET", path)).json()
        fits("get_discovery_task", done)
        results = (await api.ask("GET", f"{path}/results")).json()
        fits("get_discovery_task_results", results)
        assert results == done | {"results": results["results"]}
        assert len(results["results"]) == done["num_results"]
        assert results["results"]
    fits("resume_discovery_task", (await api.ask("POST", f"{path}/resume")).json())
    fits("pause_discovery_task", (await api.ask("POST", f"{path}/pause")).json())
    fits("list_discovery_tasks", (await api.ask("GET", "/v1/discovery_tasks")).json())


async def test_companies_are_what_they_are_declared_to_be(api) -> None:
    filters = {
        "include": {"country": ["United States"]},
        "exclude": {"domains": ["zuora.com"]},
        "range": {"founded": {"min": 1990}},
    }
    for asked in ({"q": "billing"}, {"q": "billing software", "filters": filters, "pagination": {"limit": 3}}):
        found = (await api.ask("POST", "/v1/companies/search", json=asked)).json()
        fits("search_companies_post", found)
        assert found["results"]
        assert found["request"]["filters"] == asked.get("filters")
        params = {"q": asked["q"]} | ({"filters": json.dumps(filters), "limit": "3"} if "filters" in asked else {})
        again = (await api.ask("GET", "/v1/companies/search", params=params)).json()
        fits("search_companies", again)
        assert again == found
    for method, name in (("GET", "similar_companies"), ("POST", "similar_companies_post")):
        near = (await api.ask(method, "/v1/companies/zuora.com/similar")).json()
        fits(name, near)
        assert near["reference_company"]["id"] == near["request"]["reference_company_id"]
        assert near["results"]
    one = (await api.ask("GET", "/v1/companies/https%3A%2F%2Fwww.zuora.com%2Fpricing")).json()
    fits("get_company", one)
    assert one["domain"] == "zuora.com"


async def test_accounts_are_what_they_are_declared_to_be(api) -> None:
    fits("get_user", (await api.ask("GET", "/v1/user")).json())
    fits("get_billing", (await api.ask("GET", "/v1/billing")).json())
    fits("get_healthcheck", (await api.ask("GET", "/v1/healthcheck", None)).json())


async def test_tables_are_what_they_are_declared_to_be(api) -> None:
    task_id = await api.task(table={})
    path = f"/v1/tables/{(await api.ask('GET', f'/v1/discovery_tasks/{task_id}')).json()['table_id']}"
    agent = {"agent_type": "llm", "prompt": "{company_name}?", "output_format": "select", "labels": ["a"]}
    config = {"kind": "agent", "key": "a", "name": "A", "value": agent}
    made = (await api.ask("POST", f"{path}/columns", json={"column_configs": [config]})).json()
    fits("add_columns", made)
    column = f"{path}/columns/{made[0]['id']}"
    fits("replace_column", (await api.ask("PATCH", column, json=config)).json())
    rows = (
        await api.ask("POST", f"{path}/rows", json={"rows": [{"data": {"input": "a.com"}}] * 2, "run": True})
    ).json()
    fits("add_rows", rows)
    fits("change_rows", (await api.ask("PATCH", f"{path}/rows", json={"rows": [{"data": {"a": 1}}]})).json())
    fits("get_row", (await api.ask("GET", f"{path}/rows/{rows[0]['id']}")).json())
    fits("delete_rows", (await api.ask("DELETE", f"{path}/rows", json={"rows": [rows[1]["id"]]})).json())
    fits("run_table", (await api.ask("POST", f"{path}/run")).json())
    fits("get_table_data", (await api.ask("GET", f"{path}/data")).json())
    fits("delete_column", (await api.ask("DELETE", column)).json())
    fits("update_table", (await api.ask("PATCH", path, json={"tags": ["x"]})).json())
    for method, name, part in (
        ("GET", "get_table", ""),
        ("POST", "clone_table", "/clone"),
        ("DELETE", "delete_table", ""),
    ):
        fits(name, (await api.ask(method, path + part)).json())
    fits("create_table", (await api.ask("POST", "/v1/tables")).json())
    fits("list_tables", (await api.ask("GET", "/v1/tables")).json())


async def test_the_document_is_served_to_everybody(api) -> None:
    answer = await api.ask("GET", "/openapi.json", None)
    assert answer.json() == json.loads(json.dumps(DOCUMENT))


def test_every_reference_in_the_document_leads_somewhere() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    text = json.dumps(DOCUMENT)
    used = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert used == set(schemas)


def test_every_answer_has_an_example_that_its_model_takes() -> None:
    assert set(OPERATIONS) == set(ROUTES)
    for name, operation in OPERATIONS.items():
        for status, answer in operation["responses"].items():
            example = answer["content"]["application/json"]["example"]
            if status == "200":
                fits(name, example)
            else:
                shape = models.Invalid if status == "422" else models.Problem
                shape.model_validate(example, extra="forbid")


def test_every_body_with_something_in_it_has_examples_that_its_model_takes() -> None:
    shown = 0
    for operation in OPERATIONS.values():
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        model = BODY_OF[content["schema"]["$ref"].rsplit("/", 1)[1]]
        assert bool(content.get("examples")) == bool(model.model_fields), model
        for example in content.get("examples", {}).values():
            model.model_validate_json(json.dumps(example["value"]))
            shown += 1
    assert shown > 5


@pytest.fixture(scope="module")
def build_docs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_docs", ROOT / "scripts" / "build_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_document_in_docs_is_the_one_that_is_served(build_docs: ModuleType) -> None:
    file = ROOT / "docs" / "openapi.json"
    text = file.read_text(encoding="utf-8")
    assert json.loads(text) == json.loads(json.dumps(DOCUMENT)), "run `make docs`"
    assert text == json.dumps(DOCUMENT, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    assert file in build_docs.FILES
    assert file not in build_docs.stale()
