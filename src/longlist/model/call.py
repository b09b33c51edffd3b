"""Outside calls, as whoever makes them sees them: what is asked, what came back, and the one way to ask.

Knows nothing of networks, databases or prices: a provider says what a call may cost, and sends it.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

CallState = Literal["started", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Call:
    """One question to a provider. Equal in `provider`, `operation`, `model`, `request` and `freshness` is the same call.

    `request` is JSON. `freshness` is chosen by the step and kept with its work (a cache window, a run, the number of a
    repair), so that a step done again asks the same call. The most it may cost is reserved before it leaves:
    `cost_micros` (millionths of a dollar) and `tokens`. `is_idempotent`: the provider takes an idempotency key, and
    charges a request that comes twice with the same key once. `host` is whose patience it costs, where that is not the
    provider's own. `task_id` and `step` say who pays; `company` (its key) and `criteria`
    (theirs) what it is about, for the books.
    """

    provider: str
    operation: str
    request: Any
    freshness: str = ""
    model: str = ""
    cost_micros: int = 0
    tokens: int = 0
    host: str = ""
    is_idempotent: bool = False
    task_id: str | None = None
    step: str = ""
    company: str = ""
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and what it cost. A page that is not there (404) is an answer; `headers` are those worth keeping."""

    body: bytes
    cost_micros: int = 0
    status: int | None = None
    tokens: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Caps:
    """What a task may spend in all its runs; None is no limit.

    `calls` are requests that left, repeated ones too. `minutes` are those in which the task made calls: pauses of more
    than a minute between two of them do not count.
    """

    micros: int | None = None
    calls: int | None = None
    tokens: int | None = None
    minutes: int | None = None


Send = Callable[[Call, str], Awaitable[Answer]]
"""Sends one request, once, with this idempotency key, and gives what came back. Written by the provider."""


class Caller(Protocol):
    """The one way to the outside."""

    async def call(self, call: Call, send: Send) -> Answer:
        """The recorded answer, else what `send` brings: recorded before it is given.

        Refused, Unavailable or BadAnswer when the provider would not, could not or did not answer properly, after what
        repeating could do; BudgetSpent before a call that would exceed the task's caps; Stopped when the task was
        paused or stopped.
        """
