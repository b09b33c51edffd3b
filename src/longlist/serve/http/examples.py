"""Examples of answers for the OpenAPI file, made of our own nouns by the code that makes the real ones."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from longlist.engine.companies import Company, CompanyPage
from longlist.model.access import Owner
from longlist.model.company import Candidate, CompanyProfile, Employees, Facts, Place, text_hash
from longlist.model.criterion import Criterion, Evidence, Grade
from longlist.model.task import Progress, SourceState, Task, TaskSpec
from longlist.serve.http.account import billing_json, user_json
from longlist.serve.http.companies import company_json, found_json
from longlist.serve.http.table_examples import table_answers
from longlist.serve.wire import Json, result_json, task_json
from longlist.store.store import Result

_TASK = "0b9d7f4e-5c1a-4f0e-9a53-2f6f4f1f7c11"
_CREATED = datetime(2026, 3, 2, 9, 30, 5, 120000, UTC)
_FOUND = datetime(2026, 3, 2, 9, 30, 6, 480000, UTC)
_QUERY = "regional cold-chain warehouse operators in Iberia"
_CRITERION = Criterion("cold_chain", "Cold chain", "Runs temperature-controlled storage as a core service.")
_QUOTE = "Frostline runs refrigerated warehouses for food producers in Portugal."
_RECORD = "catalog:mine:frostline"


def _profile(key: str, name: str, description: str, city: str, country: str) -> CompanyProfile:
    facts = Facts(founded=2009, employees=Employees(51, 200), hq=Place(country, None, city))
    return CompanyProfile(key, name, key, description, description, ("Cold storage", "Logistics"), facts, ())


_FROSTLINE = _profile("frostline.example", "Frostline", _QUOTE, "Porto", "Portugal")
_FJORDKALT = _profile("fjordkalt.example", "Fjordkalt", "Fjordkalt keeps fish frozen on its way.", "Bergen", "Norway")
_SEED = Company("a3d5c1de-6f0b-5a53-8a5d-0d3a4a0f6c21", _FROSTLINE, 1.0)
_ALIKE = Company("5e0a9b7c-1b7d-5c0c-9d0e-7c8b1f4e2a90", _FJORDKALT, 0.7312)


def _tasks() -> tuple[Json, Json, Json]:
    """A task as it begins, when it is done, and with its results."""
    spec = TaskSpec(_QUERY, 40, (_CRITERION,), exclude_domains=("acme.com",))
    begun = Task(_TASK, spec, "created", _CREATED, (_CRITERION,))
    done = Task(
        _TASK,
        spec,
        "done",
        _CREATED,
        (_CRITERION,),
        is_exhausted=True,
        stop_reason="exhausted",
        source_states=(SourceState("catalog", "found", 212),),
    )
    evidence = Evidence(_QUOTE, text_hash(_QUOTE), _FOUND, record=_RECORD)
    result = Result(
        id="c7a6f0a2-9a65-4f57-8f53-9d1a0b1c2d3e",
        task_id=_TASK,
        candidate=Candidate(_FROSTLINE.key, _FROSTLINE.name, _FROSTLINE.domain, "catalog"),
        profile_id="4f1c2b3a-7d6e-5f80-91a2-b3c4d5e6f708",
        profile=_FROSTLINE,
        grades=(Grade(_CRITERION.key, 5, "Says so of itself.", (evidence,), 0.97),),
        rank_score=0.94,
        is_qualified=True,
        created_at=_FOUND,
    )
    shown = task_json(done, Progress(212, 64, 64, 1))
    return task_json(begun, Progress()), shown, shown | {"results": [result_json(result)]}


def answers() -> dict[str, Any]:
    """An example of the answer of each route, by the name of the route."""
    begun, done, results = _tasks()
    page = CompanyPage((_ALIKE,), 1)
    near = found_json(page, None, None, 0, 20)
    near["request"]["reference_company_id"] = _SEED.id
    near["reference_company"] = company_json(_SEED)
    found = found_json(CompanyPage((_SEED, _ALIKE), 2), "cold storage", None, 0, 20)
    owner = Owner("8d2f5c0e-2c7b-4c55-9a0f-0e1d2c3b4a59", "Ana")
    return {
        "create_discovery_task": begun,
        "list_discovery_tasks": [done],
        "get_discovery_task": done,
        "get_discovery_task_results": results,
        "resume_discovery_task": done | {"status": "in_progress", "is_exhausted": False, "stop_reason": None},
        "pause_discovery_task": done | {"is_exhausted": False, "stop_reason": "paused"},
        "search_companies": found,
        "search_companies_post": found,
        "similar_companies": near,
        "similar_companies_post": near,
        "get_company": company_json(_SEED),
        **table_answers(done),
        "get_user": user_json(owner),
        "get_billing": billing_json(owner),
        "get_healthcheck": {"status": "ok"},
    }


PROBLEMS: dict[str, Any] = {
    "400": "The sources have no more companies for this task. Its results are kept.",
    "401": "A valid token is needed: Authorization: Bearer TOKEN. `longlist token create NAME` makes one.",
    "403": "This token may only read; what was asked needs the scope write.",
    "404": "There is no such thing, or it is not yours.",
    "413": "The body is larger than 4 MiB, the most that is read.",
    "422": [{"type": "missing", "loc": ["body", "query"], "msg": "Field required"}],
    "503": "The database is out of reach.",
}


def put_examples(operations: Iterable[Json]) -> None:
    """Put an example into each answer of these operations of an OpenAPI document."""
    known = answers()
    for operation in operations:
        for status, answer in operation["responses"].items():
            example = known[operation["operationId"]] if status == "200" else {"detail": PROBLEMS[status]}
            answer["content"]["application/json"]["example"] = example
