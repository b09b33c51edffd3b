"""A provider that is set up: sends what its file asks, through the ledger, and reads what comes back.

One request leaves for one call; repeating, limits and budgets are the ledger's.
"""

from dataclasses import dataclass, field
from typing import Any

import httpx2

from longlist.errors import InvalidInput, LonglistError, Unavailable
from longlist.model.call import Answer, Call, Caller
from longlist.model.web import Errand
from longlist.web.client import read_body
from longlist.web.health import Health
from longlist.web.providers.about import About
from longlist.web.providers.request import Request
from longlist.web.providers.verdicts import MOST_BYTES, check, read_json, too_large, unsent


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider with its address and key. `cost_micros` is what a request costs at most, in millionths of a dollar.

    Never shows its key: not in errors, not in the ledger, not when printed.
    """

    about: About
    url: str
    calls: Caller
    client: httpx2.AsyncClient
    key: str = field(default="", repr=False)
    cost_micros: int = 0
    health: Health = field(default_factory=Health)

    async def ask(self, request: Request, errand: Errand) -> Any:
        """The JSON it answers with, None where nothing was found. Unavailable (Refused, NoAnswer, BadAnswer) as `Caller` says, noted in `health`."""
        url = self.url.rstrip("/") if request.path else self.url
        call = Call(
            provider=self.about.name,
            operation=request.operation,
            request=request.identity(url),
            freshness=errand.freshness,
            cost_micros=self.cost_micros * request.units,
            task_id=errand.task_id,
            step=errand.step,
        )

        is_fresh = False  # a recorded answer says nothing about how the provider is now

        async def send(call: Call, idempotency_key: str) -> Answer:
            nonlocal is_fresh
            del idempotency_key  # none of them takes one
            is_fresh = True
            return await self._send(url + request.path, request, call.cost_micros)

        try:
            answer = await self.calls.call(call, send)
            data = read_json(self.about, answer.body, answer.status)
        except Unavailable as error:
            self.health.failed(error)
            raise
        if is_fresh:
            self.health.answered()
        return data

    async def _send(self, url: str, request: Request, cost_micros: int) -> Answer:
        headers = dict(request.headers) | {"Accept": "application/json"}
        if self.key:
            headers[self.about.key_header] = self.about.key_prefix + self.key
        try:
            async with self.client.stream(
                request.method,
                url,
                params=dict(request.params) or None,
                json=request.json,
                data=None if request.form is None else dict(request.form),
                headers=headers,
            ) as response:
                body, is_whole = await read_body(response, MOST_BYTES)
        except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as error:
            raise self._unspoken(unsent(self.about, error, self.url)) from error
        if not is_whole:
            raise too_large(self.about)
        try:
            if response.status_code in request.empty:
                return Answer(b"null", 0, response.status_code)
            check(self.about, response.status_code, response.headers, body)
            data = read_json(self.about, body, response.status_code)
            if request.check:
                request.check(data)
        except LonglistError as error:
            raise self._unspoken(error) from None
        cost = request.cost(data, self.cost_micros) if request.cost else None
        return Answer(body, cost_micros if cost is None else min(cost, cost_micros), response.status_code)

    def _unspoken(self, error: LonglistError) -> LonglistError:
        """The error without the key, should a provider repeat it."""
        if self.key and error.args and self.key in str(error.args[0]):
            error.args = (str(error.args[0]).replace(self.key, "…"), *error.args[1:])
        return error


def usable_key(about: About, key: str) -> str:
    """The key as it can be sent. InvalidInput, not showing it, when it holds what no header may."""
    key = key.strip()
    if not key.isascii() or any(c < " " for c in key):
        raise InvalidInput(f"{about.key_variable} holds characters that no key has.", field=f"{about.name}_key")
    return key
