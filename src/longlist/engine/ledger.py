"""The ledger of one process: claims and ends of calls, committed in groups; leases renewed while calls are under way.

Knows no provider and no limit; `calls` decides what is sent when.
"""

import asyncio
import contextlib
import hashlib
import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import structlog

from longlist.engine.batches import Batches
from longlist.engine.owners import is_gone_here, owner_here
from longlist.errors import InvalidInput, StoreError
from longlist.model.call import Answer, Call
from longlist.store.ledger import Claim, Granted, Rate, Settlement, Slots, Verdict, pack
from longlist.store.ledger_states import day_of
from longlist.store.store import LedgerStore

LEASE_SECONDS = 30.0
RENEWALS = 3  # in the time of a lease
PACK_APART = 100_000  # bytes from which an answer is packed in a thread

_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)

log = structlog.get_logger()
Change = Claim | Settlement | Slots
Outcome = Verdict | tuple[float, ...] | None


def canonical(request: object) -> str:
    """The one way to write a request down: keys sorted, nothing between. InvalidInput when it is no JSON."""
    try:
        return _JSON.encode(request)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"The request of a call has to be JSON: {error}.") from error


def key_of(call: Call) -> str:
    """What is the same call: the SHA-256 of provider, operation, model, request and freshness."""
    parts = [call.provider, call.operation, call.model, call.request, call.freshness]
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


class Ledger:
    """An open ledger over a store. `run` is this run of this process; each of its claims is an owner of its own.

    `day_micros` is what all tasks together may spend in a day (UTC); None is no limit, and then no day is kept.
    """

    def __init__(
        self,
        store: LedgerStore,
        *,
        lease_seconds: float = LEASE_SECONDS,
        run: str | None = None,
        is_gone: Callable[[str], bool] = is_gone_here,
        day_micros: int | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._day_micros = day_micros
        self._now = now
        self._days: dict[str, str] = {}  # by owner: the day on which a call was claimed pays for it
        self._run = run or owner_here()
        self._claims = itertools.count(1)
        self._store = store
        self._lease_ms = round(lease_seconds * 1000)
        self._is_gone_elsewhere = is_gone
        self._held: dict[str, str] = {}  # owner by key
        self._reads: Batches[str, Answer | None] = Batches(self._read)
        self._writes: Batches[Change, Outcome] = Batches(self._write)
        self._renewer: asyncio.Task[None] | None = None

    @property
    def transactions(self) -> int:
        """How many writing transactions there were."""
        return self._writes.transactions

    async def __aenter__(self) -> Self:
        if self._day_micros is not None:
            await self._store.open_day(self._now())
        await self._reads.__aenter__()
        await self._writes.__aenter__()
        self._renewer = asyncio.create_task(self._renew())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Settle what waits, and give up the calls that were not settled: whoever comes next need not wait."""
        assert self._renewer is not None
        self._renewer.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._renewer
        await self._reads.__aexit__(kind, error, where)
        await self._writes.__aexit__(kind, error, where)
        if self._held:
            with contextlib.suppress(StoreError):
                await self._store.release_calls(self._held)

    async def recorded(self, key: str) -> Answer | None:
        """The answer recorded under a key, if there is one."""
        return await self._reads.ask(key)

    async def claim(self, key: str, call: Call) -> Verdict:
        """Ask to send a call. Granted means: committed as started, and held until it is settled or given up."""
        owner = f"{self._run}#{next(self._claims)}"
        self._held[key] = owner  # before it is committed, so that no renewal comes too late
        try:
            day = "" if self._day_micros is None else day_of(self._now())
            verdict = await self._writes.ask(Claim(key, call, owner, self._lease_ms, day, self._day_micros))
        except BaseException:
            self.give_up(key)
            raise
        if not isinstance(verdict, Granted):
            self.give_up(key)
        elif day:
            self._days[owner] = day
        assert not isinstance(verdict, tuple)
        assert verdict is not None
        return verdict

    def give_up(self, key: str) -> None:
        """Hold a call no longer. If it was not settled, nobody knows how it ended, and whoever asks next sends it again."""
        self._held.pop(key, None)

    async def answered(self, key: str, call: Call, owner: str, answer: Answer) -> Answer:
        """Record an answer; returns the recorded one, which is another's when that came first."""
        large = len(answer.body) >= PACK_APART
        blob = await asyncio.to_thread(pack, answer.body) if large else pack(answer.body)
        return await self.settle(Settlement(key, call, owner, answer, blob)) or answer

    async def settle(self, end: Settlement) -> Answer | None:
        """Record how an attempt ended; returns the recorded answer, if there is one."""
        try:
            recorded = await self._writes.ask(replace(end, day=self._days.pop(end.owner, "")))
        finally:
            self.give_up(end.key)
        assert recorded is None or isinstance(recorded, Answer)
        return recorded

    async def turns(self, name: str, rate: Rate, count: int) -> tuple[float, ...]:
        """The next turns under a rate that all workers share, in seconds from now."""
        turns = await self._writes.ask(Slots(name, rate, count))
        assert isinstance(turns, tuple)
        return turns

    async def _read(self, keys: Sequence[str]) -> list[Answer | None]:
        found = await self._store.recorded(set(keys))
        return [found.get(key) for key in keys]

    async def _write(self, changes: Sequence[Change]) -> list[Outcome]:
        claims = [change for change in changes if isinstance(change, Claim)]
        ends = [change for change in changes if isinstance(change, Settlement)]
        slots = [change for change in changes if isinstance(change, Slots)]
        written = await self._store.write_calls(claims, ends, slots, self._is_gone)
        verdicts, settled, turns = iter(written.verdicts), iter(written.settled), iter(written.turns)
        outcomes: list[Outcome] = []
        for change in changes:
            match change:
                case Claim():
                    outcomes.append(next(verdicts))
                case Settlement():
                    outcomes.append(next(settled))
                case Slots():
                    outcomes.append(next(turns))
        return outcomes

    def _is_gone(self, owner: str) -> bool:
        run = owner.partition("#")[0]
        return owner not in self._held.values() if run == self._run else self._is_gone_elsewhere(run)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._lease_ms / 1000 / RENEWALS)
            if self._held:
                try:
                    await self._store.renew_calls(dict(self._held), self._lease_ms)
                except StoreError as error:
                    log.warning("leases_not_renewed", reason=str(error))
