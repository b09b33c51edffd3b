"""Who calls: every request to `/v1` but the health check carries a token, and is answered 401 before anything is read."""

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from longlist.engine.access import Access
from longlist.errors import StoreError
from longlist.model.access import Scope as Reach
from longlist.model.access import Token
from longlist.serve.http.problems import Forbidden, out_of_reach, unauthorized

OPEN_PATHS = frozenset({"/v1/healthcheck"})
KEY = "longlist.caller"


class BearerOnly:
    """Lets through to `/v1` only callers whose token is known; a plain ASGI wrapper, since it sees every request."""

    def __init__(self, app: ASGIApp, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"].startswith("/v1") and scope["path"] not in OPEN_PATHS:
            try:
                caller = await self._caller(scope)
            except StoreError as error:
                await out_of_reach(error)(scope, receive, send)
                return
            if caller is None:
                await unauthorized()(scope, receive, send)
                return
            scope[KEY] = caller
        await self._app(scope, receive, send)

    async def _caller(self, scope: Scope) -> Token | None:
        secret = bearer(scope)
        return await self._access.caller(secret, "token", "start") if secret else None


def bearer(scope: Scope) -> str:
    """The secret that a request carries as `Authorization: Bearer …`; "" when it carries none, or several."""
    given = [value for name, value in scope["headers"] if name == b"authorization"]
    if len(given) != 1:
        return ""
    scheme, _, secret = given[0].decode("latin-1").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def needs(request: Request, reach: Reach) -> Token:
    """The caller of a request; Forbidden when its token does not reach so far."""
    caller: Token = request.scope[KEY]
    if not caller.allows(reach):
        raise Forbidden(f"This token may only {caller.scope}; what was asked needs the scope {reach}.")
    return caller
