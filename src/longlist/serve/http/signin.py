"""Signing a browser in: a link that works once becomes a session cookie. `/v1` never looks at cookies.

The cookie is HttpOnly (scripts cannot read it) and SameSite=Lax (other sites' forms do not carry it); whatever changes
something must come from a page of this server besides, by its Origin.
"""

from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from longlist.engine.access import SESSION_LIFE, Access
from longlist.model.access import Token
from longlist.serve.http.problems import Forbidden
from longlist.serve.web.shells import HEADERS, html

COOKIE = "longlist_session"

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
async def sign_in(request: Request, code: str = "") -> Response:
    """Trade the code of a sign-in link for a session."""
    made = await _access(request).sign_in(code) if code else None
    if made is None:
        return html(request, "signin.html", None, 403, is_failed=True)
    answer = RedirectResponse("/", 303, HEADERS)
    answer.set_cookie(
        COOKIE,
        made[1],
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.scope["scheme"] == "https",
        path="/",
    )
    return answer


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session of this browser."""
    same_origin(request)
    session = await session_of(request)
    if session is not None:
        await _access(request).sign_out(session)
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return answer


def _access(request: Request) -> Access:
    access: Access = request.app.state.access
    return access


async def session_of(request: Request) -> Token | None:
    """The session of the browser that asks, None when it is not signed in."""
    secret = request.cookies.get(COOKIE)
    return await _access(request).caller(secret, "session") if secret else None


def same_origin(request: Request) -> None:
    """Forbidden unless the request comes from a page of this server; browsers say so with everything but plain links."""
    try:
        origin = urlsplit(request.headers.get("origin", "")).netloc.lower()
    except ValueError:  # such as http://[
        origin = ""
    if not origin or origin != request.headers.get("host", "").lower():
        raise Forbidden("This was asked by a page of another site, or by none; only pages of this server may.")
