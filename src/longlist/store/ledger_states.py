"""What becomes of a call: the state machine of a row of `call_ledger`, and what it does to its task's budget. Pure.

    (none) ──claim──► started ──answer──► done        never sent again
                       ▲   │
                       │   └──failure──► failed
                       └───── claim ───────┘          also of a `started` one whose owner is gone

Money is never lost sight of: what is reserved for an attempt is either charged, or released because the attempt is known
to have cost nothing, or kept as doubtful because nobody knows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from longlist.store.ledger import Claim, Elsewhere, Granted, Settlement, Spent

Row = dict[str, Any]
IDLE_MS = 60_000  # of a longer pause between two calls of a task, so much counts as time spent


def day_of(moment: datetime) -> str:
    """The purse of all tasks together on the day of a moment, in UTC."""
    return f"day {moment.astimezone(UTC):%Y-%m-%d}"


def new_row(claim: Claim, now_ms: int, now: datetime) -> Row:
    """The row of a call that was never sent before, as it is once the claim is granted."""
    call = claim.call
    return {
        "key": claim.key,
        "provider": call.provider,
        "operation": call.operation,
        "model": call.model,
        "freshness": call.freshness,
        "task_id": call.task_id,
        "step": call.step,
        "company": call.company,
        "criteria": ",".join(call.criteria),
        "state": "started",
        "owner": claim.owner,
        "is_open": True,
        "lease_until": now_ms + claim.lease_ms,
        "attempts": 1,
        "unanswered": 0,
        "idempotency_key": _idempotency_key(claim.key, 0),
        "maybe_paid_twice": False,
        "reserved_micros": call.cost_micros,
        "doubtful_micros": 0,
        "cost_micros": 0,
        "reserved_tokens": call.tokens,
        "tokens": 0,
        "status": None,
        "reason": "",
        "headers": None,
        "answer_hash": None,
        "started_at": now,
        "done_at": None,
    }


@dataclass(slots=True)
class Purse:
    """What a task may spend and has spent: a row of `task_budget`."""

    row: Row
    is_changed: bool = False

    @classmethod
    def new(cls, task_id: str) -> "Purse":
        """The purse of a task without caps."""
        caps = dict.fromkeys(("max_micros", "max_calls", "max_tokens", "max_minutes"))
        used = dict.fromkeys(("used_micros", "used_calls", "used_tokens", "used_ms", "seen_ms"), 0)
        return cls({"task_id": task_id, **caps, **used})

    def tick(self, now_ms: int) -> None:
        """Count the time since the task's last call."""
        row = self.row
        if row["seen_ms"]:
            row["used_ms"] += min(max(0, now_ms - row["seen_ms"]), IDLE_MS)
        row["seen_ms"] = max(row["seen_ms"], now_ms)
        self.is_changed = True

    def add(self, micros: int = 0, tokens: int = 0, calls: int = 0) -> None:
        """Count what was spent or reserved; less than nothing is given back."""
        self.row["used_micros"] += micros
        self.row["used_tokens"] += tokens
        self.row["used_calls"] += calls
        self.is_changed = True

    def refusal(self, claim: Claim) -> Spent | None:
        """Why the task may not make this call, if so."""
        row, call = self.row, claim.call
        after = row["used_micros"] + call.cost_micros
        if row["task_id"] == claim.day and call.cost_micros and _is_over(claim.day_micros, after):
            return Spent(
                f"All tasks together may spend {dollars(claim.day_micros or 0)} a day; {dollars(row['used_micros'])} are "
                f"spent or reserved today, and the next call to {call.provider} may cost {dollars(call.cost_micros)}."
            )
        if _is_over(row["max_micros"], row["used_micros"] + call.cost_micros):
            return Spent(
                f"The task may spend {dollars(row['max_micros'])}; {dollars(row['used_micros'])} are spent or reserved, "
                f"and the next call to {call.provider} may cost {dollars(call.cost_micros)}."
            )
        if _is_over(row["max_calls"], row["used_calls"] + 1):
            return Spent(f"The task may make {row['max_calls']:,} calls, and has made them.")
        if _is_over(row["max_tokens"], row["used_tokens"] + call.tokens):
            return Spent(
                f"The task may use {row['max_tokens']:,} tokens; {row['used_tokens']:,} are used or reserved, and the "
                f"next call to {call.provider} may use {call.tokens:,}."
            )
        if row["max_minutes"] is not None and row["used_ms"] >= row["max_minutes"] * 60_000:
            return Spent(f"The task may make calls for {row['max_minutes']:,} minutes, and has done so.")
        return None


def dollars(micros: int) -> str:
    """An amount for people, to the cent or, below one, exactly."""
    exact = f"{micros // 1_000_000:,}.{micros % 1_000_000:06d}"
    return f"${exact[:-4]}" if micros % 10_000 == 0 else f"${exact.rstrip('0')}"


def claimed(
    row: Row, claim: Claim, now_ms: int, is_gone: Callable[[str], bool], purse: Callable[[str], Purse]
) -> Granted | Elsewhere | Spent:
    """Whether a call that has a row and no answer may be sent now; if so the row and the purses are changed.

    `is_gone` says of another owner that it is known to be dead before its lease ends.
    """
    call = claim.call
    if row["is_open"] and row["owner"] == claim.owner:  # committed before, though the database did not get to say so
        return Granted(claim.owner, row["idempotency_key"])
    if row["is_open"] and row["lease_until"] > now_ms and not is_gone(row["owner"]):
        return Elsewhere()
    if spent := refusal(claim, purse):
        return spent
    if row["is_open"]:
        row["unanswered"] += 1
        row["doubtful_micros"] += row["reserved_micros"]
        row["tokens"] += row["reserved_tokens"]
    if call.is_idempotent:
        _give_back(row, claim, purse)
    elif row["unanswered"]:
        row["maybe_paid_twice"] = True
    row.update(
        state="started",
        owner=claim.owner,
        is_open=True,
        lease_until=now_ms + claim.lease_ms,
        attempts=row["attempts"] + 1,
        reserved_micros=call.cost_micros,
        reserved_tokens=call.tokens,
        task_id=call.task_id,
        step=call.step,
        reason="",
        done_at=None,
    )
    reserve(claim, purse)
    return Granted(claim.owner, row["idempotency_key"])


def reserve(claim: Claim, purse: Callable[[str], Purse]) -> None:
    """Take what a call may cost out of its task's purse, and the day's."""
    for name in payers(claim):
        purse(name).add(claim.call.cost_micros, claim.call.tokens, 1)


def refusal(claim: Claim, purse: Callable[[str], Purse]) -> Spent | None:
    """Why a call may not be made for want of budget, if so: its task's, or the day's."""
    spent = (purse(name).refusal(claim) for name in payers(claim))
    return next((one for one in spent if one is not None), None)


def payers(asked: Claim | Settlement) -> list[str]:
    """Whose purses a call is paid from: its task's, and the day's where there is a cap for all."""
    return [name for name in (asked.call.task_id, asked.day) if name]


def settled(row: Row, end: Settlement, now: datetime, purse: Callable[[str], Purse]) -> None:
    """Enter how an attempt ended. The first answer stays; of an owner that lost its lease the cost counts all the same."""
    is_mine = row["owner"] == end.owner
    if is_mine and not row["is_open"]:
        return  # entered before, though the database did not get to say so
    micros, tokens = _released(row, end, is_mine=is_mine)
    paid, used = (end.answer.cost_micros, end.answer.tokens) if end.answer else (end.cost_micros, end.tokens)
    if end.call.is_idempotent and row["state"] == "done":
        paid = 0  # the same payment as that of the recorded answer
    if not end.is_unanswered:
        row["cost_micros"] += paid
        row["tokens"] += used
        for name in payers(end):
            purse(name).add(paid - micros, used - tokens)
    if row["state"] == "started" and end.answer is not None:
        answer = end.answer
        row.update(state="done", status=answer.status, headers=dict(answer.headers) or None, reason="", done_at=now)
        row["answer_hash"] = end.blob.hash if end.blob else None
    elif row["state"] == "started" and is_mine:
        row.update(state="failed", status=end.status, reason=end.reason, done_at=now)
        if not end.is_unanswered and not row["unanswered"]:
            row["idempotency_key"] = _idempotency_key(row["key"], row["attempts"])


def _released(row: Row, end: Settlement, *, is_mine: bool) -> tuple[int, int]:
    """What was held for an attempt, in micro-dollars and tokens, taken off the row; kept where its end is unknown."""
    if is_mine:
        micros, tokens = row["reserved_micros"], row["reserved_tokens"]
        row.update(is_open=False, reserved_micros=0, reserved_tokens=0)
        if end.is_unanswered:
            row["unanswered"] += 1
            row["doubtful_micros"] += micros
            row["tokens"] += tokens
        return micros, tokens
    if end.is_unanswered or end.call.is_idempotent:  # an idempotent one was given back when another took it over
        return 0, 0
    micros, tokens = min(row["doubtful_micros"], end.call.cost_micros), min(row["tokens"], end.call.tokens)
    row["doubtful_micros"] -= micros
    row["tokens"] -= tokens
    return micros, tokens


def _give_back(row: Row, claim: Claim, purse: Callable[[str], Purse]) -> None:
    """A provider that knows the idempotency key charges once, so what earlier attempts may have cost is free again.

    To a day it is given back only where all of it was taken from that day.
    """
    if row["task_id"] is not None:
        purse(row["task_id"]).add(-row["doubtful_micros"])
    if claim.day and claim.day == day_of(row["started_at"]):
        purse(claim.day).add(-row["doubtful_micros"])
    row["doubtful_micros"] = 0


def _is_over(most: int | None, used: int) -> bool:
    return most is not None and used > most


def _idempotency_key(key: str, failures: int) -> str:
    """Another one after a failure that is known for one: some providers repeat a recorded failure for the same key."""
    return f"{key[:32]}-{failures}"
