"""Browsers that are signed in: who asks, and the door through which their pages use the API.

`/v1` takes tokens only. Under `/ui/v1` the same routes are open to the session cookie of a signed-in browser; whatever
changes something must come from a page of this server besides.
"""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from longlist.errors import InvalidInput, LonglistError, NotFound, StoreError
from longlist.model.access import Token
from longlist.serve.http.callers import KEY, needs
from longlist.serve.http.problems import Forbidden, out_of_reach, problem, unauthorized
from longlist.serve.http.signin import same_origin, session_of
from longlist.serve.web.shells import html

DOOR = "/ui"
SAFE = frozenset({"GET", "HEAD"})
SIGN_IN = "Sign in first: this page was opened without a session, or its session has ended."


class NotSignedIn(LonglistError):
    """Nobody we know."""


class BrowserDoor:
    """Lets signed-in browsers use `/v1` as `/ui/v1`; a plain ASGI wrapper, since it sees every request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"].startswith(f"{DOOR}/v1/"):
            request = Request(scope)
            try:
                session = await session_of(request)
                if request.method not in SAFE:
                    same_origin(request)
            except StoreError as error:
                await out_of_reach(error)(scope, receive, send)
                return
            except Forbidden as error:
                await problem(403, str(error))(scope, receive, send)
                return
            if session is None:
                await unauthorized()(scope, receive, send)
                return
            path = scope["path"][len(DOOR) :]
            scope = {**scope, "path": path, "raw_path": scope.get("raw_path", b"")[len(DOOR) :], KEY: session}
        await self._app(scope, receive, send)


async def signed_in(request: Request) -> Token:
    """The session of the browser that asks; NotSignedIn when it has none. Reads only."""
    session = await session_of(request)
    if session is None:
        raise NotSignedIn(SIGN_IN)
    request.scope[KEY] = session
    return session


async def writes(request: Request) -> Token:
    """The same for what changes something: Forbidden for other sites' pages and for sessions that only read."""
    session = await signed_in(request)
    same_origin(request)
    needs(request, "write")
    return session


class JsonRoute(APIRoute):
    """A route that scripts of pages ask: nobody signed in is answered 401."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own, and what it lacks."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except NotSignedIn:
                return problem(401, SIGN_IN)

        return handled


class PageRoute(APIRoute):
    """A route that people open: errors are pages too."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own, its errors as pages."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except NotSignedIn:
                return html(request, "signin.html", None, 401, is_failed=False)
            except NotFound as error:
                return await _sorry(request, 404, "Nothing is here", str(error))
            except (InvalidInput, RequestValidationError) as error:
                said = str(error) if isinstance(error, InvalidInput) else "A part of this address cannot be read."
                return await _sorry(request, 422, "This address cannot be used", said)
            except LonglistError as error:
                out_of_reach(error)  # for the log
                said = "The database cannot be used at the moment. Nothing was changed; try again in a few seconds."
                return html(request, "error.html", None, 503, title="Out of reach", text=said)

        return handled


async def missing(request: Request) -> Response:
    """The page for an address that there is not; without a session when the database does not say whose it is."""
    try:
        return await _sorry(request, 404, "Nothing is here", "There is no page at this address.")
    except LonglistError:
        return html(request, "error.html", None, 404, title="Nothing is here", text="There is no page at this address.")


async def _sorry(request: Request, status: int, title: str, text: str) -> Response:
    return html(request, "error.html", await session_of(request), status, title=title, text=text)


Handler = Callable[[Request], Awaitable[Response]]
