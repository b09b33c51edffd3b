"""Whether the process answers, and whether it can do its work: for what watches over it. No token, no secrets, cheap."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from longlist.errors import LonglistError
from longlist.serve.http.parts import Parts, parts_of
from longlist.store.open import ping

FRESH: Mapping[str, str] = {"Cache-Control": "no-store"}

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> Response:
    """That the process answers; nothing else is looked at."""
    return JSONResponse({"status": "ok"}, headers=FRESH)


@router.get("/readyz")
async def readyz(request: Request) -> Response:
    """Each part that is needed and whether it is ready; 503 unless all are. Why one is not, the server's log says."""
    parts = parts_of(request)
    found = {
        "database": "ready" if await _database_answers(parts) else "out of reach",
        "worker": "ready" if parts.has_worker() else "not working",
        "catalogue": "ready" if parts.companies.is_ready else "being made ready",
    }
    is_ready = all(state == "ready" for state in found.values())
    answer = {"status": "ready" if is_ready else "not ready", "parts": found}
    return JSONResponse(answer, 200 if is_ready else 503, FRESH)


async def _database_answers(parts: Parts) -> bool:
    try:
        await ping(parts.home.settings.store_url)
    except LonglistError:
        return False
    return True
