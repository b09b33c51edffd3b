"""What the ledger's store takes and gives: claims to send a call, how calls ended, turns under a shared rate, totals."""

import hashlib
import zlib
from dataclasses import dataclass
from typing import TypeAlias

from longlist.model.call import Answer, Call, CallState

LARGE = 1024  # bytes from which an answer is compressed


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes under their SHA-256, packed where that saves something."""

    hash: str
    codec: str
    size: int
    data: bytes


def pack(body: bytes) -> Blob:
    """The blob of these bytes. Takes a while for megabytes."""
    name = hashlib.sha256(body).hexdigest()
    if len(body) >= LARGE and len(packed := zlib.compress(body, 6)) < len(body):
        return Blob(name, "zlib", len(body), packed)
    return Blob(name, "plain", len(body), body)


def unpack(codec: str, data: bytes) -> bytes:
    """The bytes that were packed."""
    return zlib.decompress(data) if codec == "zlib" else bytes(data)


@dataclass(frozen=True, slots=True)
class Claim:
    """`owner` wants to send a call, and holds it for so long unless it renews the lease.

    An owner is one claim of one run of a process: no two claims have the same, so one that is met again was committed.
    With `day` all tasks together may spend `day_micros` under that name.
    """

    key: str
    call: Call
    owner: str
    lease_ms: int
    day: str = ""
    day_micros: int | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """It may be sent, with this idempotency key."""

    owner: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Somebody else is at it."""


@dataclass(frozen=True, slots=True)
class Spent:
    """The task may not spend so much; `reason` is a sentence for the user."""

    reason: str


Verdict: TypeAlias = Granted | Elsewhere | Spent | Answer
"""What came of a claim; an Answer when it was recorded already."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an attempt of `owner` ended: with an answer and its blob, or else failed for a reason.

    `is_unanswered`: nobody knows whether it reached the provider, so what was reserved counts as spent. `day` is that of
    its claim.
    """

    key: str
    call: Call
    owner: str
    answer: Answer | None = None
    blob: Blob | None = None
    reason: str = ""
    status: int | None = None
    cost_micros: int = 0
    tokens: int = 0
    is_unanswered: bool = False
    day: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast something may be asked, by all workers of a database together. So many at once after a pause."""

    per_second: float
    burst: int = 1


@dataclass(frozen=True, slots=True)
class Slots:
    """A wish for the next `count` turns under a rate."""

    name: str
    rate: Rate
    count: int = 1


@dataclass(frozen=True, slots=True)
class Written:
    """What came of one transaction, each in the order asked.

    `settled` are the answers recorded for the keys, not necessarily those handed in; None for what failed. `turns` are
    seconds from now, for each wish as many as it asked for.
    """

    verdicts: tuple[Verdict, ...] = ()
    settled: tuple[Answer | None, ...] = ()
    turns: tuple[tuple[float, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Spend:
    """What a task has spent so far, calls under way and calls of unknown end at what was reserved for them."""

    micros: int = 0
    calls: int = 0
    tokens: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class CallSubject:
    """The calls of a task about one company and the same criteria: how many, and what they cost; `cost_micros` with
    what attempts may have cost whose end nobody knows.
    """

    company: str
    criteria: tuple[str, ...]
    calls: int
    attempts: int
    cost_micros: int
    tokens: int


@dataclass(frozen=True, slots=True)
class CallTotal:
    """The calls of one step to one provider in one state.

    `attempts` are the requests that left. `cost_micros` is what was charged, `doubtful_micros` what may have been
    charged by attempts whose end nobody knows, `reserved_micros` what those under way may cost. `paid_twice` counts
    calls that may have been paid twice.
    """

    step: str
    provider: str
    operation: str
    state: CallState
    calls: int
    attempts: int
    cost_micros: int
    doubtful_micros: int
    reserved_micros: int
    tokens: int
    paid_twice: int
