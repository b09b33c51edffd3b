"""Where a vendor's library sends its requests: through the ledger, one row each, recorded as it came over the wire.

What is asked and answered is bytes here; the library reads a recorded answer as it reads a fresh one. Which question is
on whose errand comes along in `carried`, and what went wrong comes back in it, since libraries wrap errors of their own.
"""

import json
import re
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import httpx2

from longlist.errors import BadAnswer, LonglistError, NoAnswer, Refused, TooLong, Unavailable, Unsupported
from longlist.llm.prices import Price, Used, most_used, used_by
from longlist.llm.spec import ModelSpec
from longlist.model.call import Answer, Call, Caller
from longlist.model.web import Errand

SAID_LENGTH = 300
_LONG = ("context length", "context_length", "context window", "context size", "too long", "too large", "maximum context",
         "token limit", "exceeds the available", "exceed", "max_model_len", "prompt is too")  # fmt: skip
_FORMS = re.compile(
    r"response[ _]?(?:format|schema|mime)|json[ _]?(?:schema|object|mode)|structured[ _]outputs?|output[ _](?:format|config|schema)"
    r"|guided|grammar|\btools?\b|tool_\w+|function[ _]?call",
    re.IGNORECASE,
)
_LACKING = re.compile(
    r"\b(?:not|unsupported|unavailable|unknown|unrecogni[sz]ed|unexpected|extra|forbidden|disabled|requires?|must be|only|no endpoints?|invalid schema)\b"
    r"|n't\b|not_|unsupported_",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Carried:
    """A question on its way: on whose errand, how long its answer may be, and the error that ended it."""

    errand: Errand
    most_tokens: int
    error: LonglistError | None = None


carried: ContextVar[Carried] = ContextVar("carried")


class LedgerTransport(httpx2.AsyncBaseTransport):
    """Sends through `calls` over `wire`. Raises what the ledger raises; gives successful answers only."""

    def __init__(self, calls: Caller, wire: httpx2.AsyncBaseTransport, spec: ModelSpec, price: Price) -> None:
        self._calls = calls
        self._wire = wire
        self._spec = spec
        self._price = price

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer, recorded or fresh."""
        question = carried.get()
        content = await request.aread()
        most = most_used(content, question.most_tokens)
        errand = question.errand
        call = Call(
            provider=self._spec.provider,
            operation=request.url.path.rstrip("/").rpartition("/")[2],
            model=self._spec.name,
            request={"path": request.url.path, "body": json.loads(content) if content else None},
            freshness=errand.freshness,
            cost_micros=self._price.micros(most),
            tokens=most.total,
            task_id=errand.task_id,
            step=errand.step,
            company=errand.company,
            criteria=errand.criteria,
        )

        async def send(_call: Call, _idempotency_key: str) -> Answer:
            return await self._sent(request, content, most)

        try:
            answer = await self._calls.call(call, send)
        except LonglistError as error:
            question.error = error
            raise
        return httpx2.Response(200, content=answer.body, headers={"content-type": "application/json"}, request=request)

    async def aclose(self) -> None:
        """The wire is whoever opened it to close."""

    async def _sent(self, request: httpx2.Request, content: bytes, most: Used) -> Answer:
        who = self._spec.provider
        fresh = httpx2.Request(
            request.method, request.url, headers=request.headers, content=content, extensions=request.extensions
        )
        try:
            response = await self._wire.handle_async_request(fresh)
            response.request = fresh
            try:
                body = await response.aread()
            finally:
                await response.aclose()
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError) as error:
            raise Unavailable(f"The model's server {who} cannot be reached ({type(error).__name__}).") from error
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            raise NoAnswer(f"{who} did not answer to the end ({type(error).__name__}).") from error
        if response.status_code != httpx2.codes.OK:
            raise self._fault(response.status_code, response.headers, body)
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise BadAnswer(f"{who} answered with no JSON.", status=200, cost_micros=self._price.micros(most))
        used = used_by(answer) or most  # where nothing is said, the most it may have been
        return Answer(body, self._price.micros(used), 200, used.total)

    def _fault(self, status: int, headers: Mapping[str, str], body: bytes) -> Unavailable:
        who, said = self._spec.provider, _said(body)
        if status == httpx2.codes.TOO_MANY_REQUESTS:
            if b"insufficient_quota" in body:  # what passes is called a quota too, by some
                return Refused(f"{who} says that its quota is spent: {said}", is_final=True, status=status)
            return Refused(f"{who} has too much to do: {said}", retry_after=_seconds(headers), status=status)
        if status in {400, 404, 415, 422, 500, 501} and _names_form(said):
            return Unsupported(f"{who} does not take a question in this form: {said}", status=status)
        if status >= 500:
            if after := _seconds(headers):
                return Refused(f"{who} is out of order for now: {said}", retry_after=after, status=status)
            return Unavailable(f"{who} failed: {said}", status=status)
        if status in {401, 403}:
            return Refused(f"{who} does not accept the key (LONGLIST_LLM_KEY): {said}", is_final=True, status=status)
        if status == httpx2.codes.NOT_FOUND:
            return Refused(f"{who} knows no model {self._spec.name!r} there: {said}", is_final=True, status=status)
        if status in {400, 413, 422} and _says_long(said):
            return TooLong(f"The question is longer than {self._spec.name} can read: {said}", status=status)
        return Refused(f"{who} refused the question: {said}", is_final=True, status=status)


def _names_form(said: str) -> bool:
    """Whether an error says that the server lacks the way the answer's form was asked for, rather than anything else."""
    return bool(_FORMS.search(said) and _LACKING.search(said)) and not _says_long(said)


def _says_long(said: str) -> bool:
    return any(sign in said.lower() for sign in _LONG)


def _said(body: bytes) -> str:
    """What an error's body says, in a line."""
    text = body[:10_000].decode("utf-8", "replace")
    try:
        said: Any = json.loads(text)
    except ValueError:
        said = text
    for key in ("error", "message", "detail"):
        if isinstance(said, dict) and key in said:
            said = said[key]
    return " ".join(str(said).split())[:SAID_LENGTH] or "no reason given"


def _seconds(headers: Mapping[str, str]) -> float | None:
    try:
        return max(0.0, float(headers.get("retry-after", "")))
    except ValueError:
        return None
