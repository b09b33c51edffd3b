"""The one way to the outside: every search, page and model call goes through `Calls.call`, so nothing is paid twice.

    recorded? ──► the answer, no call
    room and turn ──► claim, committed ──► send ──► answer and cost, committed ──► the answer
                          ▲                  │
                          └── back off ◄─────┘ a failure that may pass

Knows no provider: what sends a request is handed in.
"""

import asyncio
import logging
import random
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Self

import structlog

from longlist.engine.flights import LOOK_SECONDS, Abandoned, Flight, Orders
from longlist.engine.gates import Gates, Limits
from longlist.engine.ledger import Ledger, key_of
from longlist.errors import BadAnswer, BudgetSpent, Closed, InvalidInput, NoAnswer, Refused, Stopped, Unavailable
from longlist.model.call import Answer, Call, Send
from longlist.store.ledger import Granted, Settlement, Spent
from longlist.store.store import Control

AT_ONCE = 100
POLL_SECONDS, LONGEST_POLL = 0.05, 0.5  # for an answer that another process is at
GRACE_SECONDS = 10.0  # for calls under way when this is closed
REASON_LENGTH = 500
FENCED = "This worker gave no sign of life for too long, so others may be at its calls; none of it leaves."
REFUSED_SECONDS, REMEMBERED = 120.0, 10_000  # for so long a host that refused for good is not asked the same again
CLOSING = "Longlist is being stopped, so no new call leaves."

log = structlog.get_logger()
times = logging.getLogger("longlist.times")  # silent unless LONGLIST_LOG is debug


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a call that failed in passing is sent, and how long to wait in between.

    The wait doubles from `first_seconds`, with chance in it so that many do not come back together; a provider that
    says when to come again is obeyed, unless that is more than `longest_seconds` away: then the call fails at once.
    """

    attempts: int = 4
    first_seconds: float = 0.5
    longest_seconds: float = 60.0

    def pause(self, attempt: int, error: Unavailable, chance: float, attempts: int | None = None) -> float | None:
        """How long to wait after this attempt (from 1); None when sending it again is no use. `attempts` of a provider
        go before its own.
        """
        if attempt >= (attempts or self.attempts) or isinstance(error, BadAnswer):
            return None
        if isinstance(error, Refused):
            if error.is_final:
                return None
            if error.retry_after is not None:
                return error.retry_after if error.retry_after <= self.longest_seconds else None
        backoff: float = min(self.longest_seconds, self.first_seconds * 2.0 ** (attempt - 1))
        return backoff * (0.5 + chance / 2)


class Calls:
    """Outside calls of a process; to be opened. A `longlist.model.call.Caller`.

    `control` says what the user wants of a task, as the store does; `may_call`, whether this process may call at all.
    `clock`, `sleep` and `chance` are for tests.
    """

    def __init__(
        self,
        ledger: Ledger,
        control: Callable[[str], Awaitable[Control]],
        *,
        at_once: int = AT_ONCE,
        providers: Mapping[str, Limits] | None = None,
        others: Limits | None = None,
        retries: Retries | None = None,
        clock: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        may_call: Callable[[], bool] = lambda: True,
    ) -> None:
        self._ledger = ledger
        self._control = control
        self._retries = retries or Retries()
        self._clock = clock or asyncio.get_running_loop().time
        self._sleep = sleep
        self._chance = chance
        self._gates = Gates(ledger, at_once, providers or {}, others or Limits(), self._clock)
        self._flights: dict[str, Flight] = {}
        self._refused: OrderedDict[str, tuple[float, Refused]] = OrderedDict()  # until when, on the clock
        self._orders = Orders(control, self._clock)
        self._may_call = may_call
        self._is_open = False

    async def __aenter__(self) -> Self:
        await self._ledger.__aenter__()
        self._is_open = True
        return self

    async def __aexit__(self, *_error: object) -> None:
        """No new call leaves; those under way may settle for a while, then they are given up."""
        self._is_open = False
        works = [flight.work for flight in self._flights.values()]
        for flight in self._flights.values():
            if not flight.has_left:
                flight.work.cancel()
        if works:
            _settled, late = await asyncio.wait(works, timeout=GRACE_SECONDS)
            for work in late:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)
        await self._ledger.__aexit__(None, None, None)

    async def call(self, call: Call, send: Send) -> Answer:
        """See `longlist.model.call.Caller`. A caller that is cancelled does not break off what has left."""
        if call.cost_micros < 0 or call.tokens < 0:
            raise InvalidInput("A call cannot cost less than nothing.")
        key = key_of(call)
        while True:
            flight = self._flights.get(key)
            is_first = flight is None
            if flight is None:
                flight = Flight(call.task_id)
                flight.work = asyncio.create_task(self._fly(flight, key, call, send))
                self._flights[key] = flight
                flight.work.add_done_callback(partial(self._landed, key))
            try:
                return await flight.joined()
            except (BudgetSpent, Stopped):
                if is_first or flight.task_id == call.task_id:
                    raise  # else it was the other's task that may not go on
            except Abandoned:
                if not self._is_open:
                    raise Closed(CLOSING) from None

    def _landed(self, key: str, work: "asyncio.Task[Answer]") -> None:
        if not work.cancelled():
            work.exception()  # whoever waited has it; nobody may have waited
        if key in self._flights and self._flights[key].work is work:
            del self._flights[key]

    async def _fly(self, flight: Flight, key: str, call: Call, send: Send) -> Answer:
        attempt, poll = 0, POLL_SECONDS
        wait = partial(self._wait, call)
        while True:
            if recorded := await self._ledger.recorded(key):
                return recorded
            if attempt == 0 and (refused := self._still_refused(key)):
                raise refused
            async with self._gates.passage(call, wait):
                await self._heed(call)
                flight.has_left = True
                verdict = await self._ledger.claim(key, call)
                outcome: object = await self._send(call, verdict, send) if isinstance(verdict, Granted) else verdict
            if isinstance(verdict, Granted):
                attempt += 1
                outcome = await self._recorded(key, call, verdict, outcome)
            match outcome:
                case Answer():
                    return outcome
                case Spent():
                    raise BudgetSpent(outcome.reason)
                case Unavailable():
                    attempts = self._gates.limits(call.provider).attempts
                    pause = self._retries.pause(attempt, outcome, self._chance(), attempts)
                    if pause is None:
                        self._remember(key, call, outcome)
                        raise outcome
                    if isinstance(outcome, Refused) and outcome.retry_after:
                        self._gates.hold(call, outcome.retry_after)
                case Exception():
                    raise outcome
                case _:  # another process is at it
                    pause, poll = poll, min(LONGEST_POLL, poll * 2)
            flight.has_left = False
            await wait(pause)

    def _remember(self, key: str, call: Call, error: Unavailable) -> None:
        """Remember a host's refusal that is final: who had no patience to hear it is told when asking again."""
        if call.host and isinstance(error, Refused) and error.is_final:
            self._refused[key] = self._clock() + REFUSED_SECONDS, error
            if len(self._refused) > REMEMBERED:
                self._refused.popitem(last=False)

    def _still_refused(self, key: str) -> Refused | None:
        until, error = self._refused.get(key, (0.0, None))
        return None if error is None or self._clock() >= until else copy(error)

    async def _send(self, call: Call, granted: Granted, send: Send) -> Answer | Exception:
        """Send once: what came back, or what went wrong."""
        timeout, began = self._gates.limits(call.provider).timeout_seconds, self._clock()
        outcome: Answer | Exception | None = None
        try:
            async with asyncio.timeout(timeout):
                outcome = await send(call, granted.idempotency_key)
        except TimeoutError:
            outcome = NoAnswer(f"{call.provider} did not answer within {timeout:g} seconds.")
        except Exception as error:  # noqa: BLE001 - it is recorded, then raised or retried
            outcome = error
        finally:
            self._log_time(call, began, "Cancelled" if outcome is None else type(outcome).__name__)
        return outcome

    def _log_time(self, call: Call, began: float, outcome: str) -> None:
        told = "call_ended task=%s step=%s provider=%s operation=%s host=%s seconds=%.3f outcome=%s"
        seconds = self._clock() - began
        times.debug(told, call.task_id, call.step, call.provider, call.operation, call.host, seconds, outcome)

    async def _recorded(self, key: str, call: Call, granted: Granted, outcome: object) -> object:
        """Record how an attempt ended; returns the recorded answer, which may be another's, or the error."""
        if isinstance(outcome, Answer):
            return await self._ledger.answered(key, call, granted.owner, outcome)
        if not isinstance(outcome, Unavailable):
            log.error("provider_failed", provider=call.provider, operation=call.operation, error=repr(outcome))
        is_known = isinstance(outcome, Unavailable) and not isinstance(outcome, NoAnswer)
        charged = outcome if isinstance(outcome, BadAnswer) else None
        end = Settlement(
            key,
            call,
            granted.owner,
            reason=_storable(str(outcome) if isinstance(outcome, Unavailable) else repr(outcome)),
            status=outcome.status if isinstance(outcome, Unavailable) else None,
            cost_micros=charged.cost_micros if charged else 0,
            tokens=charged.tokens if charged else 0,
            is_unanswered=not is_known,
        )
        return await self._ledger.settle(end) or outcome

    async def _wait(self, call: Call, seconds: float) -> None:
        """Wait, but not longer than the task is meant to go on."""
        end = self._clock() + seconds
        while (left := end - self._clock()) > 0:
            await self._sleep(min(left, LOOK_SECONDS))
            await self._heed(call)

    async def _heed(self, call: Call) -> None:
        if not self._is_open:
            raise Closed(CLOSING)
        if not self._may_call():
            raise Closed(FENCED)
        if call.task_id is not None:
            await self._orders.heed(call.task_id)


def _storable(reason: str) -> str:
    return reason[:REASON_LENGTH].replace("\0", "").encode(errors="replace").decode()
