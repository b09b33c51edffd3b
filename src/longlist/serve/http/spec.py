"""The OpenAPI file: what FastAPI derives from the routes, and what it cannot know."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from longlist.serve.http.models import (
    CompanySearch,
    Invalid,
    NewTask,
    Nothing,
    Problem,
    Resume,
    SearchFilters,
    SimilarSearch,
)
from longlist.serve.http.table_models import (
    ColumnChange,
    NewColumns,
    NewRows,
    NewTableBody,
    RowChanges,
    RowsToDelete,
    RunRequest,
    TableChange,
)

REF = "#/components/schemas/{model}"
BODIES: tuple[type[BaseModel], ...] = (
    NewTask,
    Resume,
    Nothing,
    CompanySearch,
    SimilarSearch,
    SearchFilters,
    NewTableBody,
    TableChange,
    NewColumns,
    ColumnChange,
    NewRows,
    RowChanges,
    RowsToDelete,
    RunRequest,
)
STOCK = ("HTTPValidationError", "ValidationError")  # FastAPI's own, for routes with parameters; texts are never invalid
OPEN = {("/v1/healthcheck", "get")}

WHY: dict[int, str] = {
    400: "The state of the thing forbids this",
    401: "No token, or none that is valid",
    403: "The token does not reach so far",
    404: "There is no such thing, or it is not yours",
    413: "The body is too large",
    422: "The request can never work as it stands",
    503: "A part is out of reach; trying again helps",
}


Answers = dict[int | str, dict[str, Any]]

_HEADERS: dict[int, dict[str, Any]] = {
    401: {"WWW-Authenticate": {"description": "Bearer", "required": True, "schema": {"type": "string"}}},
    503: {"Retry-After": {"description": "Seconds", "required": True, "schema": {"type": "integer"}}},
}
_PAGED: dict[str, Any] = {
    name: {"description": what, "required": True, "schema": {"type": "integer", "minimum": least}}
    for name, what, least in (
        ("x-extruct-pagination-total", "How many there are in all.", 0),
        ("x-extruct-pagination-total-pages", "How many pages of this size they fill.", 0),
        ("x-extruct-pagination-limit", "How many this page has at the most.", 1),
        ("x-extruct-pagination-offset", "How many come before this page.", 0),
        ("x-extruct-pagination-page", "Which page this is, from 1.", 1),
    )
}


def problems(*statuses: int) -> Answers:
    """The error answers of a route, those that every route may give included."""
    return {
        status: {"description": WHY[status], "model": Invalid if status == 422 else Problem}
        | ({"headers": _HEADERS[status]} if status in _HEADERS else {})
        for status in sorted({401, 503, *statuses})
    }


def paged(*statuses: int) -> Answers:
    """The same for a route that gives a part of a list, and the headers which say what part."""
    return {200: {"headers": _PAGED}, **problems(*statuses)}


def body(model: type[BaseModel], *, required: bool = True) -> dict[str, Any]:
    """The request body of a route that reads it itself."""
    content: dict[str, Any] = {"schema": {"$ref": REF.format(model=model.__name__)}}
    examples = model.model_json_schema().get("examples", [])
    if examples:
        content["examples"] = {f"example {number}": {"value": value} for number, value in enumerate(examples, start=1)}
    return {"requestBody": {"required": required, "content": {"application/json": content}}}


def openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the app."""
    document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    _, defined = models_json_schema([(model, "validation") for model in BODIES], ref_template=REF)
    schemas.update(defined["$defs"])
    for unused in STOCK:
        schemas.pop(unused, None)
    document["components"]["schemas"] = dict(sorted(schemas.items()))
    document["components"]["securitySchemes"] = {"HTTPBearer": {"type": "http", "scheme": "bearer"}}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if REF.format(model=STOCK[0]) in str(operation["responses"].get("422")):
                del operation["responses"]["422"]
            if (path, method) not in OPEN:
                operation["security"] = [{"HTTPBearer": []}]
    return document
