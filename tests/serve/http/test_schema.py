"""Schemathesis holds the API to its OpenAPI document, and the document to the API."""

import shutil
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import positive_data_acceptance

from longlist.engine import control
from longlist.serve.http.app import describe


class Served:
    """The API over a data directory, opened and closed by whoever runs it, in the event loop that it is run in."""

    def __init__(self) -> None:
        self.open_api: Any = None
        self.api: Any = None
        self.task_id = ""
        self.tables: list[dict[str, str]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await self.api.app(scope, receive, send)
            return
        async with self.open_api() as self.api:
            await receive()
            self.task_id = await self.api.task()
            await self.api.run(self.task_id)
            await self._make_tables()
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _make_tables(self) -> None:
        """One that stays, with a row and a column, and others to be deleted."""
        for number in range(8):
            config = {"key": "note", "name": "Note"}
            made = await self.api.ask("POST", "/v1/tables", json={"name": f"T{number}", "column_configs": [config]})
            path = f"/v1/tables/{made.json()['id']}"
            row = (await self.api.ask("POST", f"{path}/rows", json={"rows": [{"data": {"input": "a.com"}}]})).json()[0]
            self.tables.append(
                {
                    "table_id": made.json()["id"],
                    "row_id": row["id"],
                    "column_id": made.json()["columns"][-1]["id"],
                }
            )


APP = Served()
CONFIG = schemathesis.Config.from_dict(
    {
        "seed": 20260302,
        "generation": {
            "max-examples": 25,
            "deterministic": True,
            "database": "none",
            "with-security-parameters": False,
        },
        "operations": [{"include-tag": "tables", "generation": {"max-examples": 8}}],
        # More than fits into a body is refused as that, before anything is looked at.
        "checks": {"negative_data_rejection": {"expected-statuses": [400, 401, 403, 404, 405, 413, 422]}},
    }
)
schema = schemathesis.openapi.from_dict(describe(), config=CONFIG)
schema.app = APP
SEEN: dict[str, Counter[int]] = {}


@pytest.fixture(scope="module", autouse=True)
def served(built_home: Path, tmp_path_factory: pytest.TempPathFactory, api_over: Any) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("schema") / "home"
    shutil.copytree(built_home, folder)
    APP.open_api = lambda: api_over(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(control, "PATIENCE_SECONDS", 0.0)  # no worker runs here that a pause could wait for
        asgi.get_client(APP).__enter__()
        yield
        asgi.shutdown_lifespans()


@schema.parametrize()
def test_the_api_does_what_its_document_says(case: Any) -> None:
    if "task_id" in case.path_parameters and zlib.crc32(repr(case).encode()) % 4:
        case.path_parameters["task_id"] = APP.task_id  # mostly one that is there
    if "company_identifier" in case.path_parameters and zlib.crc32(repr(case).encode()) % 4:
        case.path_parameters["company_identifier"] = "zuora.com"
    if "table_id" in case.path_parameters:
        put_ids(case)
    headers = APP.api.bearer("ann")
    response = case.call(headers=headers)
    excluded = [positive_data_acceptance] if breaks_an_unwritten_rule(response, case.body) else []
    case.validate_response(
        response, excluded_checks=excluded, headers=headers, transport_kwargs={"headers": dict(headers)}
    )
    SEEN.setdefault(case.operation.label, Counter())[response.status_code] += 1


def put_ids(case: Any) -> None:
    """Mostly ids of what is there: what is deleted is another one each time."""
    chance = zlib.crc32(repr(case).encode())
    if chance % 4:
        is_deleting = case.operation.method.upper() == "DELETE"
        known = APP.tables[chance // 4 % 7 + 1 if is_deleting else 0]
        case.path_parameters.update({name: known[name] for name in case.path_parameters})
        if (
            isinstance(case.body, dict)
            and case.operation.path.endswith("/rows")
            and isinstance(case.body.get("rows"), list)
        ):
            if is_deleting and chance % 3:
                case.body["rows"] = [known["row_id"]]
            for row in case.body["rows"]:
                if isinstance(row, dict) and isinstance(row.get("data"), dict):
                    row["data"] = dict.fromkeys(("note",), next(iter(row["data"].values()), None))
                if isinstance(row, dict) and len(str(row.get("id"))) == 36 and chance % 3:
                    row["id"] = known["row_id"]


def breaks_an_unwritten_rule(response: Any, body: Any) -> bool:
    """Whether a call was refused for what JSON Schema does not say; then that its schema allows it proves nothing."""
    if response.status_code == 400:  # the state of the task
        return True
    if response.status_code != 422:
        return False
    faults = response.json()["detail"]
    # Rules of ours (InvalidInput): texts that are no domain, keys that are there twice, a choice of no source.
    ours = [fault for fault in faults if fault["type"] == "value_error"]
    # 1.0 is an integer to JSON Schema; we read the types as they are written.
    written = [fault for fault in faults if fault["type"] == "int_type" and is_whole_float(body, fault["loc"][1:])]
    # Filters in an address are JSON in a text; what a text has to hold is an annotation (contentSchema), not a rule.
    held = [fault for fault in faults if fault["loc"][:2] == ["query", "filters"]]
    return len(ours) + len(written) + len(held) >= len(faults)


def is_whole_float(body: Any, place: list[Any]) -> bool:
    for part in place:
        body = body[part]
    return isinstance(body, float) and body.is_integer()


def test_every_route_was_asked_and_gave_what_it_is_for() -> None:
    if set(SEEN) != {operation.ok().label for operation in schema.get_all_operations()}:
        pytest.skip("only some of the tests above ran")
    for label, statuses in SEEN.items():
        assert 200 in statuses, label
