"""Errors on the wire: always `{"detail": …}`; a sentence, or for 422 the list of what is wrong and where.

400 the state of a thing forbids this (a task that is exhausted)       Conflict
401 no token, or none that is valid                                    with WWW-Authenticate: Bearer
403 the token may not do this, or another site asks                    Forbidden
404 nothing of this name, or not yours                                 NotFound
405 not with this method          413 the body is too large
422 the request can never work as it stands                            InvalidInput, ValidationError
500 a fault in Longlist           503 a part is out of reach           StoreError, CatalogError, Unavailable
"""

import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from longlist.errors import Conflict, InvalidInput, LonglistError, NotFound, StoreError, Unavailable
from longlist.model.table import ColumnKind
from longlist.serve.http.models import KEY, NO_NUL, SAYS_SOMETHING

log = structlog.get_logger()

PATTERNS = {
    NO_NUL: "The text holds a NUL character, which cannot be stored",
    SAYS_SOMETHING: "The text is empty, or holds a NUL character, which cannot be stored",
    KEY: "A key consists of letters, digits and underscores, a letter first, at most 100 of them",
}
PLACES = {"domains": ("filters", "exclude", "domains")}  # fields that stand deeper than their name says
MAX_FAULTS = 100  # listed in one answer; a body of 4 MiB can hold a million, and telling them all took twenty seconds
MAX_FAULTS_READ = 25_000  # more than these are only counted
KINDS = frozenset(get_args(ColumnKind))  # pydantic tells them as if they were places: which type of column was read
MAX_NAME = 100  # characters of the name of a field that nobody knows
NEAR = 0.75  # of the letters, in order: so alike is the name of the field that was meant


class Forbidden(LonglistError):
    """The caller is known but may not do this."""


class TooLarge(LonglistError):
    """The body is larger than any that could be meant."""


class InvalidBody(LonglistError):
    """The body, or a part of the address, cannot be what it should be; `faults` says where."""

    def __init__(self, faults: Sequence[dict[str, Any]]) -> None:
        super().__init__("The request cannot be used.")
        self.faults = list(faults)

    @classmethod
    def of(cls, error: ValidationError, *where: str, names: Collection[str] = ()) -> "InvalidBody":
        """The faults pydantic found, `where` put in front of each place; of `names` the one is told that was meant, perhaps."""
        count = error.error_count()
        found = json.loads(error.json(include_url=False, include_input=False)) if count <= MAX_FAULTS_READ else []
        faults = [_with_hint(_spoken(fault, *where), fault["loc"], names) for fault in found[:MAX_FAULTS]]
        if count > len(faults):
            more = f"{count - len(faults):,} {'more ' if faults else ''}things are wrong with it"
            faults.append({"type": "too_many_faults", "loc": list(where), "msg": more})
        return cls(faults)


def problem(status: int, detail: Any, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error answer."""
    return JSONResponse({"detail": detail}, status, headers)


def unauthorized() -> JSONResponse:
    """Nobody we know."""
    return problem(
        401,
        "A valid token is needed: Authorization: Bearer TOKEN. `longlist token create NAME` makes one.",
        {"WWW-Authenticate": "Bearer"},
    )


def out_of_reach(error: LonglistError) -> JSONResponse:
    """The database or the catalogue cannot be used. Why, with folders and addresses, is for the log alone."""
    log.error("request_failed", reason=str(error))
    part = "database" if isinstance(error, StoreError) else "catalogue"
    said = f"The {part} cannot be used at the moment; nothing was changed. Try again; the server's log says more."
    return problem(503, said, {"Retry-After": "5"})


def install(app: FastAPI, routes: Sequence[BaseRoute], missing: Callable[[Request], Awaitable[Response]]) -> None:
    """Make every error of the app one of these; `routes` are all that it has. `missing` is the page for people who open an
    address that there is not.
    """

    @app.exception_handler(RequestValidationError)
    async def invalid(_request: Request, error: RequestValidationError) -> Response:
        return problem(422, [_spoken(fault) for fault in error.errors()])

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404 and _is_for_people(request):
            return await missing(request)
        if error.status_code == 404:
            return problem(404, "There is nothing at this address; /openapi.json lists what there is.")
        if error.status_code == 405:
            methods = _methods(routes, request.scope["path"])
            does = f"{' and '.join(methods)} {'do' if len(methods) > 1 else 'does'}"
            return problem(405, f"{request.method[:20]} does nothing here; {does}.", {"Allow": ", ".join(methods)})
        return problem(error.status_code, error.detail, error.headers)

    @app.exception_handler(ClientDisconnect)
    async def gone(_request: Request, _error: ClientDisconnect) -> Response:
        return problem(400, "The request ended before its body did.")

    @app.exception_handler(LonglistError)
    async def ours(request: Request, error: LonglistError) -> Response:
        match error:
            case InvalidBody():
                return problem(422, error.faults)
            case InvalidInput():
                place = PLACES.get(error.field, (error.field,)) if error.field else ()
                where = ["query" if request.method == "GET" else "body", *place]
                return problem(422, [{"type": "value_error", "loc": where, "msg": str(error)}])
            case NotFound():
                return problem(404, str(error))
            case Conflict():
                return problem(400, str(error))
            case Forbidden():
                return problem(403, str(error))
            case TooLarge():
                return problem(413, str(error))
            case Unavailable():
                return problem(503, str(error), {"Retry-After": "5"})
            case _:
                return out_of_reach(error)

    @app.exception_handler(Exception)
    async def fault(request: Request, error: Exception) -> Response:
        # No traceback here: the server logs it when it is raised again, and structlog's shows variables, tokens among them.
        log.error("request_faulted", path=request.scope["path"], reason=f"{type(error).__name__}: {error}")
        return problem(
            500, "A fault in Longlist ended this request; nothing of it was kept. The server's log says more."
        )


def _spoken(fault: Mapping[str, Any], *where: str) -> dict[str, Any]:
    """A fault, `where` put in front of its place, without the input, which may be anything, even what JSON cannot hold.

    A pattern is no explanation: what is said instead is what it asks for.
    """
    said = PATTERNS.get(fault.get("ctx", {}).get("pattern"), fault["msg"])
    found = fault["loc"]
    place = [
        part[:MAX_NAME] if isinstance(part, str) else part
        for number, part in enumerate(found)
        if not (part in KINDS and (number == 0 or isinstance(found[number - 1], int)))
    ]
    return {"type": fault["type"], "loc": [*where, *place], "msg": said}


def _is_for_people(request: Request) -> bool:
    """Whether a browser opens an address that is none of the API's."""
    is_api = request.scope["path"].startswith(("/v1/", "/ui/"))
    return request.method == "GET" and not is_api and "text/html" in request.headers.get("accept", "")


def _with_hint(fault: dict[str, Any], place: Sequence[Any], names: Collection[str]) -> dict[str, Any]:
    """The fault, with the field that was meant where one is spelt nearly so."""
    if fault["type"] != "extra_forbidden" or len(place) != 1:
        return fault
    name = str(place[0])[:MAX_NAME]
    near = get_close_matches(name, names, 1, NEAR) or [one for one in names if name.startswith(one)]
    return fault | {"msg": f"{fault['msg']}; did you mean {near[0]}?"} if near else fault


def _methods(routes: Sequence[BaseRoute], path: str) -> list[str]:
    """What can be done at a path: each route knows its own methods only, and several may share a path."""
    here = [route for route in routes if isinstance(route, Route) and route.path_regex.match(path)]
    return sorted({method for route in here for method in route.methods or ()})
