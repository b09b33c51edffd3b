"""One request for one page, through the ledger: sent plainly, cut at a size, given up after a time.

What came back is an answer whatever its status, but for faults that may pass (a site's own, too many requests, broken
connections): those raise, and the ledger sends them again. Follows no redirect: each hop is a request, and to be checked.
"""

import asyncio
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

import httpx2

from longlist.errors import NoAnswer, Refused, Unavailable
from longlist.model.call import Answer, Call, Caller
from longlist.model.web import Errand
from longlist.web.client import read_body
from longlist.web.page import LARGEST_PAGE, Reply
from longlist.web.providers.verdicts import pause
from longlist.web.recognise import is_challenge

PROVIDER = "web"
FIRST_BYTE_SECONDS = 15.0
WHOLE_SECONDS = 35.0
LARGEST_NOTICE = 100_000  # bytes of a page that comes with an error
REDIRECTS = frozenset((301, 302, 303, 307, 308))
READ_AT = "read-at"  # kept with the answer: when it came
_KEPT = ("content-type", "location", "retry-after", "etag", "last-modified")
_WANTED = {
    "Accept": "text/html,application/xhtml+xml,text/plain;q=0.8,*/*;q=0.1",
    "Accept-Language": "en,*;q=0.5",
}
_READ = ("application/xhtml+xml", "application/octet-stream")


class Memory(Protocol):
    """Remembers the last answer of each address, so that an unchanged page need not be sent again."""

    async def last_page(self, url: str) -> Answer | None:
        """The last answer that can be asked after (with an ETag or a date), as it was kept."""
        ...

    async def keep_page(self, url: str, answer: Answer) -> None:
        """Keep this as the last answer of an address."""
        ...


class Fetcher:
    """Sends requests for pages. `now` gives the time; `memory` may be None: then every page is sent whole."""

    def __init__(
        self, calls: Caller, client: httpx2.AsyncClient, now: Callable[[], datetime], memory: Memory | None = None
    ) -> None:
        self._calls = calls
        self._client = client
        self._now = now
        self._memory = memory

    async def get(self, url: httpx2.URL, operation: str, freshness: str, errand: Errand) -> Answer:
        """What the address, checked before, answers. Unsafe when it leads to a private one after all; Refused, NoAnswer
        or Unavailable, each with a sentence, when nothing comes of it; Stopped and BudgetSpent as the ledger says.
        """
        call = Call(
            PROVIDER,
            operation,
            {"url": str(url)},
            freshness=freshness,
            host=url.host,
            task_id=errand.task_id,
            step=errand.step,
        )
        return await self._calls.call(call, self._send)

    async def _send(self, call: Call, _idempotency_key: str) -> Answer:
        url = str(call.request["url"])
        last = await self._memory.last_page(url) if self._memory is not None else None
        asked_after = {} if last is None else _conditions(last.headers)
        request = self._client.build_request("GET", url, headers=_WANTED | asked_after)
        host = request.url.host
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                answer = await self._exchange(request, call.operation)
        except TimeoutError as error:
            raise Refused(
                f"{host} takes longer than {WHOLE_SECONDS:g} seconds to send a page.", is_final=True
            ) from error
        except httpx2.TransportError as error:
            raise _failure(host, error) from error
        except httpx2.DecodingError as error:
            raise Refused(f"What {host} sends cannot be unpacked.", is_final=True) from error
        if answer.status == 304 and last is not None:
            return Answer(last.body, status=200, headers={**last.headers, READ_AT: answer.headers[READ_AT]})
        _raise_for(host, answer, self._now())
        if self._memory is not None and answer.status == 200 and _conditions(answer.headers):
            await self._memory.keep_page(url, answer)
        return answer

    async def _exchange(self, request: httpx2.Request, operation: str) -> Answer:
        try:
            async with asyncio.timeout(FIRST_BYTE_SECONDS):
                response = await self._client.send(request, stream=True)
        except TimeoutError as error:
            # Asking again would double what the slowest site of a search takes, and seldom helps.
            host = request.url.host
            raise Refused(f"{host} does not answer within {FIRST_BYTE_SECONDS:g} seconds.", is_final=True) from error
        try:
            body = b""
            if _is_wanted(response, operation):
                most = LARGEST_PAGE if response.is_success else LARGEST_NOTICE
                body, _is_whole = await read_body(response, most)
        finally:
            await response.aclose()
        headers = {name: response.headers[name][:2_000] for name in _KEPT if name in response.headers}
        return Answer(body, status=response.status_code, headers={**headers, READ_AT: self._now().isoformat()})


def reply_of(asked: str, url: str, answer: Answer) -> Reply:
    """An answer as the reader of pages wants it."""
    get = answer.headers.get
    return Reply(asked, url, answer.status or 0, get("content-type", ""), get("retry-after", ""), answer.body)


def _is_wanted(response: httpx2.Response, operation: str) -> bool:
    """Whether the body is worth loading: text, and no redirect; for a part of a page also scripts and data."""
    if response.status_code in REDIRECTS:
        return False
    kind = response.headers.get("content-type", "").split(";")[0].strip().lower()
    is_part = operation == "part" and kind.endswith(("javascript", "json"))
    return not kind or kind.startswith("text/") or kind in _READ or is_part


def _conditions(headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that ask for a page only if it changed."""
    asked = {}
    if etag := headers.get("etag"):
        asked["If-None-Match"] = etag
    if changed := headers.get("last-modified"):
        asked["If-Modified-Since"] = changed
    return asked


def _raise_for(host: str, answer: Answer, now: datetime) -> None:
    """Raise what may pass: too many requests, and the site's own faults unless they are a check for humans."""
    status = answer.status or 0
    if (status != 429 and status < 500) or status == 999:
        return
    start = answer.body[:20_000].decode("utf-8", "replace")
    if is_challenge("", start, start) and len(answer.body) < LARGEST_NOTICE:
        return
    wait = pause(answer.headers, now)
    if status == 429:
        raise Refused(f"{host} is asked too often (it answered 429).", retry_after=wait, status=status)
    what = f"{host} has a fault of its own (it answered {status})."
    raise Refused(what, retry_after=wait, status=status) if wait else Unavailable(what, status=status)


def _failure(host: str, error: httpx2.TransportError) -> Unavailable:
    """What a failed exchange was, in a sentence."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Refused(f"The certificate of {host} is not valid: {_said(cause.verify_message)}.", is_final=True)
        cause = cause.__cause__ or cause.__context__
    match error:
        case httpx2.ProxyError():
            return Unavailable(f"{host} cannot be connected to (the proxy says: {_said(error)}).")
        case httpx2.ConnectTimeout() | httpx2.ConnectError():
            return Unavailable(f"{host} cannot be connected to: {_said(error)}.")
        case httpx2.TimeoutException():
            return NoAnswer(f"{host} does not answer.")
        case httpx2.UnsupportedProtocol() | httpx2.LocalProtocolError():
            return Refused(f"{host} cannot be asked: {_said(error)}.", is_final=True)
        case _:
            return NoAnswer(f"{host} broke off its answer: {_said(error)}.")


def _said(error: object) -> str:
    text = " ".join(str(error).split())[:200].rstrip(".")
    return text or type(error).__name__
