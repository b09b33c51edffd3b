"""Who may send now: so many calls at once in all, to a provider, to a host; and no faster than a provider allows."""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from longlist.engine.ledger import Ledger
from longlist.model.call import Call
from longlist.store.ledger import Rate

AHEAD_SECONDS = 0.25  # turns under a shared rate are taken for so long ahead, in one go

Wait = Callable[[float], Awaitable[None]]
"""Waits for so many seconds; raises Stopped when the task is paused or stopped meanwhile."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a provider can bear. `rate` is shared by all workers of a database, the rest is for one process.

    `host_at_once` and `host_gap_seconds` (between two beginnings) are for the host that a call names. `attempts` is how
    often a call that failed in passing is sent in all; None: as `Retries` says.
    """

    at_once: int = 20
    timeout_seconds: float = 60.0
    rate: Rate | None = None
    host_at_once: int = 2
    host_gap_seconds: float = 0.0
    attempts: int | None = None


class Gates:
    """All limits of a process; made in the loop that uses it. `total` is the one number for all calls together."""

    def __init__(
        self, ledger: Ledger, total: int, providers: Mapping[str, Limits], others: Limits, clock: Callable[[], float]
    ) -> None:
        self._ledger = ledger
        self._total = asyncio.Semaphore(total)
        self._providers = providers
        self._others = others
        self._clock = clock
        self._gates: dict[str, _Gate] = {}
        self._hosts: dict[tuple[str, str], _Gate] = {}

    def limits(self, provider: str) -> Limits:
        """The limits of a provider."""
        return self._providers.get(provider, self._others)

    def hold(self, call: Call, seconds: float) -> None:
        """Nothing more for so long to the host that the call names, else to its provider: it said so."""
        name = (call.provider, call.host)
        gate = self._hosts.setdefault(name, self._new_host(call)) if call.host else self._gate(call.provider)
        gate.free_at = max(gate.free_at, self._clock() + seconds)

    @contextlib.asynccontextmanager
    async def passage(self, call: Call, wait: Wait) -> AsyncIterator[None]:
        """Room for a call, and its turn. Narrow gates first: who waits for a host or a provider keeps no other waiting."""
        gate = self._gate(call.provider)
        async with self._host(call, wait), gate.room:
            await self._turn(call.provider, gate, wait)
            try:
                yield
            finally:
                self._total.release()

    def _new_host(self, call: Call) -> "_Gate":
        return _Gate(asyncio.Semaphore(self.limits(call.provider).host_at_once))

    def _gate(self, provider: str) -> "_Gate":
        if provider not in self._gates:
            self._gates[provider] = _Gate(asyncio.Semaphore(self.limits(provider).at_once))
        return self._gates[provider]

    async def _turn(self, provider: str, gate: "_Gate", wait: Wait) -> None:
        """Wait for a turn with the provider, then for room among all calls: in this order, but one by one where there is
        a rate, so that turns do not heap up before that room.
        """
        while (seconds := gate.free_at - self._clock()) > 0:
            await wait(seconds)
        rate = self.limits(provider).rate
        if rate is None:
            await self._total.acquire()
            return
        async with gate.queue:
            while gate.turns and gate.turns[0] < self._clock() - AHEAD_SECONDS:
                gate.turns.popleft()  # nobody came for it, and it is too late to use it
            if not gate.turns:
                count = max(1, int(rate.per_second * AHEAD_SECONDS))
                turns, now = await self._ledger.turns(provider, rate, count), self._clock()
                gate.turns.extend(now + seconds for seconds in turns)
            turn = gate.turns.popleft()
            if (seconds := turn - self._clock()) > 0:
                await wait(seconds)
            await self._total.acquire()

    @contextlib.asynccontextmanager
    async def _host(self, call: Call, wait: Wait) -> AsyncIterator[None]:
        if not call.host:
            yield
            return
        limits, name = self.limits(call.provider), (call.provider, call.host)
        gate = self._hosts.setdefault(name, self._new_host(call))
        gate.users += 1
        try:
            async with gate.room:
                async with gate.queue:
                    while (seconds := gate.free_at - self._clock()) > 0:
                        await wait(seconds)
                    gate.free_at = self._clock() + limits.host_gap_seconds
                yield
        finally:
            gate.users -= 1
            if not gate.users and gate.free_at <= self._clock():
                self._hosts.pop(name, None)


@dataclass(slots=True)
class _Gate:
    room: asyncio.Semaphore
    free_at: float = 0.0
    turns: deque[float] = field(default_factory=deque)
    queue: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
