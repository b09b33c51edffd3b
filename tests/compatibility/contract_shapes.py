"""What every object on the wire has: each key always, nothing else, each of its type."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

Check = Callable[[Any], bool]


def is_text(value: Any) -> bool:
    return isinstance(value, str)


def is_integer(value: Any) -> bool:
    return type(value) is int


def is_boolean(value: Any) -> bool:
    return isinstance(value, bool)


def is_uuid(value: Any) -> bool:
    return isinstance(value, str) and str(UUID(value)) == value


def is_moment(value: Any) -> bool:
    """ISO 8601 in UTC, with a Z."""
    return re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", value) is not None and bool(
        datetime.fromisoformat(value)
    )


def one_of(*values: str) -> Check:
    return lambda value: value in values


def or_null(check: Check) -> Check:
    return lambda value: value is None or check(value)


def each(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(check(item) for item in value)


def like(shape: Mapping[str, Check]) -> Check:
    def matches(value: Any) -> bool:
        check(value, shape)
        return True

    return matches


def check(value: Any, shape: Mapping[str, Check]) -> None:
    """Every key is there, and holds what it should."""
    assert isinstance(value, dict)
    assert value.keys() == shape.keys()
    for key, fits in shape.items():
        assert fits(value[key]), f"{key}: {value[key]!r}"


def check_all(values: Iterable[Any], shape: Mapping[str, Check]) -> None:
    for value in values:
        check(value, shape)


is_bucket = one_of("1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+")

CRITERION = {"key": is_text, "name": is_text, "criterion": is_text}

SOURCE_STATE = {
    "source": one_of("catalog", "web_search", "linkedin", "maps"),
    "state": one_of("ready", "found", "nothing", "unavailable", "left_out"),
    "found": is_integer,
    "reason": or_null(is_text),
}

HOSTED_TASK: Mapping[str, Check] = {
    "id": is_uuid,
    "created_at": is_moment,
    "status": one_of("created", "in_progress", "done", "failed"),
    "query": is_text,
    "desired_num_results": is_integer,
    "is_exhausted": is_boolean,
    "num_results_discovered": is_integer,
    "num_results_enriched": is_integer,
    "num_results_evaluated": is_integer,
    "num_results": is_integer,
    "table_id": or_null(is_uuid),
    "auto_data_sources": is_boolean,
    "data_sources": or_null(each(one_of("web_search", "linkedin", "maps", "catalog"))),
    "criteria": or_null(each(like(CRITERION))),
    "exclude_domains": or_null(each(is_text)),
}

ADDED_TO_TASK: Mapping[str, Check] = {
    "failure_reason": or_null(is_text),
    "stop_reason": or_null(one_of("target_met", "exhausted", "budget", "paused", "stopped", "failed")),
    "source_states": each(like(SOURCE_STATE)),
}

TASK = {**HOSTED_TASK, **ADDED_TO_TASK}

EVIDENCE = {
    "url": or_null(is_text),
    "record": or_null(is_text),
    "quote": is_text,
    "read_at": is_moment,
    "hash": lambda value: re.fullmatch(r"[0-9a-f]{64}", value) is not None,
}

HOSTED_SCORE: Mapping[str, Check] = {
    "grade": lambda value: is_integer(value) and 1 <= value <= 5,
    "explanation": lambda value: is_text(value) and bool(value),
    "sources": each(is_text),
}

ADDED_TO_SCORE: Mapping[str, Check] = {
    "evidence": each(like(EVIDENCE)),
    "no_evidence": is_boolean,
    "by_hand": or_null(like({"grade": is_integer, "note": or_null(is_text)})),
}

SCORE = {**HOSTED_SCORE, **ADDED_TO_SCORE}

RESULT: Mapping[str, Check] = {
    "id": is_uuid,
    "task_id": is_uuid,
    "company_name": is_text,
    "company_description": is_text,
    "company_website": is_text,
    "relevance": lambda value: is_integer(value) and 0 <= value <= 100,
    "created_at": is_moment,
    "company_profile_id": or_null(is_uuid),
    "source": one_of("web_search", "linkedin", "maps", "catalog"),
    "scores": lambda value: isinstance(value, dict) and all(like(SCORE)(score) for score in value.values()),
    "founding_year": or_null(is_integer),
    "employee_count": or_null(is_bucket),
    "hq_country": or_null(is_text),
    "hq_state_province": or_null(is_text),
    "hq_city": or_null(is_text),
    "company_full_description": or_null(is_text),
}

COMPANY: Mapping[str, Check] = {
    "id": is_uuid,
    "domain": is_text,
    "name": is_text,
    "short_description": or_null(is_text),
    "full_description": or_null(is_text),
    "products_services": or_null(is_text),
    "use_cases": or_null(is_text),
    "target_audience": or_null(is_text),
    "other_considerations": or_null(is_text),
    "founding_year": or_null(is_integer),
    "employee_count": or_null(is_bucket),
    "hq_country": or_null(is_text),
    "hq_state_province": or_null(is_text),
    "hq_city": or_null(is_text),
    "hq_full_address": or_null(is_text),
    "social_profiles": lambda value: isinstance(value, dict),
    "website_authority": lambda value: value is None or isinstance(value, dict),
    "relevance_score": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
}

USER: Mapping[str, Check] = {
    "user_id": is_uuid,
    "email": lambda value: is_text(value) and "@" in value,
    "available_credits": is_integer,
    "organization_id": or_null(is_text),
    "organization_name": or_null(is_text),
    "organization_slug": or_null(is_text),
    "organization_is_active": or_null(is_boolean),
}


def is_object(value: Any) -> bool:
    return isinstance(value, dict)


OWNER = {"id": is_uuid, "email": lambda value: is_text(value) and "@" in value}

COLUMN = {"id": is_uuid, "created_at": is_moment, "config": lambda value: {"kind", "key", "name"} <= value.keys()}

RELATION = {"table_id": is_uuid, "relationship_type": one_of("company_people")}

TABLE_HEAD: Mapping[str, Check] = {
    "id": is_uuid,
    "created_at": is_moment,
    "updated_at": is_moment,
    "name": is_text,
    "description": or_null(is_text),
    "tags": or_null(each(is_text)),
    "kind": one_of("generic", "company", "people"),
}

TABLE = {
    **TABLE_HEAD,
    "columns": each(like(COLUMN)),
    "owner": like(OWNER),
    "child_relationships": each(like(RELATION)),
    "parent_relationships": each(like(RELATION)),
}

TABLE_SUMMARY = {
    **TABLE_HEAD,
    "settings": like({"exclude_from_search": is_boolean}),
    "scope": one_of("personal", "organization"),
    "owner": like(OWNER),
    "num_rows": is_integer,
}

TABLE_STATUS = {
    "num_rows": is_integer,
    "num_columns": is_integer,
    "num_input_columns": is_integer,
    "num_output_columns": is_integer,
    "num_cells_completed": is_integer,
    "num_cells_in_progress": is_integer,
    "num_cells_failed": is_integer,  # added
    "run_status": one_of("running", "idle"),
}

TABLE_WITH_STATUS = {**TABLE, "status": like(TABLE_STATUS)}

CELL = {
    "value": lambda _: True,
    "status": or_null(one_of("requested", "in_progress", "done", "failed")),
    "error": or_null(is_text),
}

ROW: Mapping[str, Check] = {
    "id": is_uuid,
    "created_at": is_moment,
    "parent_row_id": or_null(is_uuid),
    "company_profile_id": or_null(is_uuid),
    "data": lambda value: isinstance(value, dict) and all(like(CELL)(cell) for cell in value.values()),
    "metadata": or_null(is_object),
    "parent_data": or_null(is_object),
}

RUN = {
    "id": is_uuid,
    "created_at": is_moment,
    "status": one_of("created", "in_progress", "done", "failed"),
    "rows": or_null(each(is_uuid)),
    "columns": or_null(each(is_uuid)),
    "num_requested_cells": is_integer,
    "mode": one_of("new", "all", "failed"),
}

PRODUCED: Mapping[str, Check] = {
    "answer": lambda _: True,
    "explanation": is_text,
    "sources": each(is_text),
    "evidence": each(like(EVIDENCE)),
}

PAGINATION = tuple(f"x-extruct-pagination-{name}" for name in ("total", "total-pages", "limit", "offset", "page"))


def pagination(headers: Mapping[str, str]) -> tuple[int, ...]:
    """(total, pages, limit, offset, page), all of which must be there."""
    return tuple(int(headers[name]) for name in PAGINATION)


def check_problem(answer: Any) -> None:
    """The one shape that errors have: a sentence, or for 422 a list of what is wrong and where."""
    assert answer.headers["content-type"] == "application/json"
    assert answer.value.keys() == {"detail"}
    detail = answer.value["detail"]
    if answer.status == 422:
        assert detail
        for fault in detail:
            assert fault.keys() >= {"type", "loc", "msg"}
            assert "input" not in fault
            assert fault["loc"][0] in ("body", "query", "path")
    else:
        assert isinstance(detail, str)
        assert detail
