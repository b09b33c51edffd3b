"""Who one is, and whether the server is there: contract §5. Nothing here costs anything, so nothing is ever in the way."""

import re

from fastapi import APIRouter, Request
from starlette.responses import Response

from longlist.language.words import fold
from longlist.model.access import Owner
from longlist.serve.http.callers import needs
from longlist.serve.http.models import BillingOut, HealthOut, UserOut
from longlist.serve.http.paging import json_answer
from longlist.serve.http.spec import problems
from longlist.serve.wire import Json

CREDITS = 1_000_000  # clients of the hosted service look for a number

router = APIRouter(prefix="/v1", tags=["user"])


@router.get("/user", response_model=UserOut, responses=problems())
async def get_user(request: Request) -> Response:
    """Whose token this is."""
    return json_answer(user_json(needs(request, "read").owner))


@router.get("/billing", response_model=BillingOut, responses=problems())
async def get_billing(request: Request) -> Response:
    """The same, with a subscription that requires nothing."""
    return json_answer(billing_json(needs(request, "read").owner))


@router.get("/healthcheck", response_model=HealthOut)
async def get_healthcheck() -> Response:
    """That the server answers. Needs no token."""
    return json_answer({"status": "ok"})


def user_json(owner: Owner) -> Json:
    """An owner as a user. There are no organisations, and the address is only a form of the name."""
    name = re.sub(r"[^a-z0-9]+", ".", fold(owner.name)).strip(".") or "user"
    return {
        "user_id": owner.id,
        "email": f"{name}@localhost",
        "available_credits": CREDITS,
        "organization_id": None,
        "organization_name": None,
        "organization_slug": None,
        "organization_is_active": None,
    }


def billing_json(owner: Owner) -> Json:
    """An owner with a subscription that requires nothing."""
    return {"user": user_json(owner), "subscription": {"requires_subscription": False, "plan_tier": "pro"}}
