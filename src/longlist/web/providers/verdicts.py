"""What an answer over HTTP means, the same for all providers: fine, refused, unavailable, none at all.

The sentences say what was wrong and what to do; they never hold a key.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any

import httpx2

from longlist.errors import BadAnswer, LonglistError, NoAnswer, Refused, Unavailable
from longlist.web.providers.about import About

MOST_BYTES = 16_000_000
LONGEST_DETAIL = 200
NOT_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError)
OVER_LIMIT = {402, 432, 433}  # the last two are Tavily's: the plan's limit, the limit set for pay as you go
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)>|<[^>]*>", re.IGNORECASE | re.DOTALL)


def check(about: About, status: int, headers: Mapping[str, str], body: bytes, now: datetime | None = None) -> None:
    """Returns for an answer that can be read; raises what it means otherwise."""
    if 200 <= status < 300:
        return
    detail = said(body)
    shown = f" It said: {detail}" if detail else ""
    lowered = detail.lower()
    if status in about.hints:
        raise Refused(f"{about.title} {about.hints[status]}", is_final=True, status=status)
    if 300 <= status < 400:
        where = headers.get("location", "elsewhere")[:LONGEST_DETAIL]
        raise Refused(
            f"{about.title} is not where it was asked: it sends on to {where}. Set {about.url_variable} to its address.",
            is_final=True,
            status=status,
        )
    if status in OVER_LIMIT or (status in (400, 403) and "credit" in lowered):
        raise Refused(
            f"{about.title} has no credit left for this key, or a limit set there is reached.{shown}",
            is_final=True,
            status=status,
        )
    wait = pause(headers, now)
    if status == 429 or status in about.too_often or (status == 503 and wait is not None):
        raise Refused(f"{about.title} is asked too often ({status}).{shown}", retry_after=wait, status=status)
    if status in (401, 403) or any(word.lower() in lowered for word in about.key_faults):
        raise Refused(
            f"{about.title} refused the key ({status}): set {about.key_variable} to one that is valid.{shown}",
            is_final=True,
            status=status,
        )
    if status >= 500 or status == 408:
        raise Unavailable(f"{about.title} has a fault or is overloaded ({status}).{shown}", status=status)
    raise Refused(f"{about.title} did not take the request ({status}).{shown}", is_final=True, status=status)


def read_json(about: About, body: bytes, status: int | None = 200) -> Any:
    """The JSON of an answer. NoAnswer when it is none: something on the way answered, or broke off."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        shown = said(body)
        raise NoAnswer(
            f"{about.title} gave a page or a fragment in place of an answer{f': {shown}' if shown else '.'}",
            status=status,
        ) from None


def unsent(about: About, error: Exception, url: str) -> LonglistError:
    """What went wrong on the way to a provider."""
    if isinstance(error, (httpx2.UnsupportedProtocol, httpx2.InvalidURL, httpx2.LocalProtocolError)):
        return Refused(f"{about.title} has no usable address: set {about.url_variable} to a URL.", is_final=True)
    if isinstance(error, NOT_SENT):
        return Unavailable(f"{about.title} could not be reached at {httpx2.URL(url).host}: {reason(error)}.")
    if isinstance(error, httpx2.TimeoutException):
        return NoAnswer(f"{about.title} did not answer in time.")
    return NoAnswer(f"{about.title} broke off its answer: {reason(error)}.")


def reason(error: Exception) -> str:
    """A short reason of a fault in the network, without the programme's own words."""
    text = str(error) or type(error).__name__
    text = re.sub(r"^\[(?:Errno|SSL:) ?[^\]]*\]\s*", "", text)
    return " ".join(text.split())[:LONGEST_DETAIL].rstrip(".")


def too_large(about: About) -> BadAnswer:
    """An answer beyond what is read."""
    return BadAnswer(f"{about.title} gave more than {MOST_BYTES // 1_000_000} MB in one answer.")


def misshapen(about: About, what: str) -> BadAnswer:
    """An answer in JSON that is not what the provider's documentation says."""
    return BadAnswer(f"{about.title} answered in a form that is not known: {what}.")


def pause(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """How many seconds to wait by the headers of an answer, None when they do not say. From 0."""
    after = headers.get("retry-after", "").strip()
    if after:
        try:
            return max(0.0, float(after))
        except ValueError:
            pass
        try:
            at = parsedate_to_datetime(after)
        except ValueError:
            return None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        return max(0.0, (at - (now or datetime.now(UTC))).total_seconds())
    if "x-ratelimit-reset" in headers and "x-ratelimit-remaining" in headers:  # Brave: one number for each limit
        return _reset(headers["x-ratelimit-remaining"], headers["x-ratelimit-reset"])
    return None


def _reset(remaining: str, reset: str) -> float | None:
    try:
        pairs = zip(map(float, remaining.split(",")), map(float, reset.split(",")), strict=True)
        waits = [seconds for left, seconds in pairs if left <= 0]
    except ValueError:
        return None
    return max(waits) if waits and 0 <= max(waits) < 40 * 86_400 else None


def said(body: bytes) -> str:
    """What an error body says, in a line: the message of a JSON error in any provider's form, or the words of a page."""
    text = body[:20_000].decode("utf-8", "replace")
    try:
        found = _message(json.loads(body)) if len(body) < 20_000 else ""
    except (ValueError, RecursionError):
        found = ""
    if not found:
        if text.lstrip()[:1] in ("{", "["):
            return ""
        found = unescape(_TAG.sub(" ", text))
    return " ".join(found.replace("\0", "").split())[:LONGEST_DETAIL]


def _message(value: object, depth: int = 0) -> str:
    if depth > 4:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return _message(value[0], depth + 1) if value else ""
    if isinstance(value, dict):
        parts = [_message(value[name], depth + 1) for name in ("error", "detail", "message", "errors") if name in value]
        codes = [value[name] for name in ("code", "tag", "reason", "details", "meta") if name in value]
        more = [c if isinstance(c, str) else _code(c) for c in codes]
        return " ".join(dict.fromkeys(part for part in (*parts, *more) if part))
    return ""


def _code(value: object) -> str:
    """The machine's word for an error, such as Google's reason, where it stands deeper."""
    items = value if isinstance(value, list) else [value]
    return " ".join(str(i["reason"]) for i in items if isinstance(i, dict) and isinstance(i.get("reason"), str))
