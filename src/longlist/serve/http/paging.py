"""Parts of lists: `offset` and `limit`, and the five headers that say where in the whole a part lies."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeAlias

from fastapi import Query
from pydantic_core import to_json
from starlette.responses import Response

FAR = 2**31 - 1  # an offset beyond this is behind the end of any list

Offset: TypeAlias = Annotated[int | None, Query(ge=0, description="How many to pass over; 0 when left out.")]
Limit: TypeAlias = Annotated[int | None, Query(ge=1, description="How many to give at the most.")]


def json_answer(value: Any, headers: Mapping[str, str] | None = None) -> Response:
    """200, with a value as JSON."""
    return Response(to_json(value), 200, headers, "application/json")


def page_headers(total: int, offset: int, limit: int) -> dict[str, str]:
    """Where a part of at most `limit` lies in a list of `total`; pages count from 1."""
    limit = max(1, limit)
    return {
        "x-extruct-pagination-total": str(total),
        "x-extruct-pagination-total-pages": str(-(-total // limit)),
        "x-extruct-pagination-limit": str(limit),
        "x-extruct-pagination-offset": str(offset),
        "x-extruct-pagination-page": str(offset // limit + 1),
    }
