"""Streams that keep pages fresh: one look at the database for all who watch the same thing, a batch for what is new.

A batch says from which state it leads to which, so a stream needs no memory: whoever comes, or comes back, reads what
changed since the revision it knows, then follows the batches. Each batch knows the next one; slow readers keep those
they have not read, nobody else does.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from longlist.errors import LonglistError, NotFound, StoreError
from longlist.store.store import TaskChange
from longlist.wiring.home import Home

LOOK_SECONDS = 0.25
LIST_SECONDS = 1.0
COST_SECONDS = 1.0  # calls are counted without the task being touched
PING_SECONDS = 15.0
TROUBLE_SECONDS = 2.0
RETRY = b"retry: 1000\n\n"
PING = b": here\n\n"

SIGNED_IN_SECONDS = 2.0  # for how long a session that was seen to be valid is taken to be
SIGNED_OUT = b'event: end\ndata: {"status": "signed_out"}\n\n'

log = structlog.get_logger()


def event(name: str, data: Any, rev: int | None = None) -> bytes:
    """One event as it is sent."""
    numbered = "" if rev is None else f"id: {rev}\n"
    return f"{numbered}event: {name}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()


@dataclass(slots=True, eq=False)
class Batch:
    """What leads to the revision `rev`; `is_last` when nothing comes after it."""

    rev: int
    sent: bytes = b""
    is_last: bool = False
    after: "asyncio.Future[Batch]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


Look = Callable[[int], Awaitable[Batch | None]]
"""What is new after a revision, None for nothing. NotFound when what is watched is gone."""


class Watch:
    """One thing that is watched by some. Looks as long as somebody does."""

    def __init__(self, look: Look, every: float) -> None:
        self._look = look
        self._every = every
        self._tip: Batch | None = None
        self._watchers = 0
        self._looking: asyncio.Task[None] | None = None

    @property
    def is_watched(self) -> bool:
        """Whether anybody is there."""
        return self._watchers > 0

    async def stream(self, after: int, look: Look) -> AsyncIterator[bytes]:
        """What changed after a revision, and whatever changes from then on, until it ends; `look` is for the first look."""
        self._watchers += 1
        try:
            batch = self._tip  # before the first look, so that nothing falls between the two
            first = await look(after)
            rev = after if first is None else first.rev
            if batch is None:
                batch = self._begun(rev)
            if first is not None:
                yield first.sent
                if first.is_last:
                    return
            while True:
                try:
                    batch = await asyncio.wait_for(asyncio.shield(batch.after), PING_SECONDS)
                except TimeoutError:
                    yield PING
                    continue
                if batch.rev >= rev or batch.is_last:
                    rev = batch.rev
                    yield batch.sent
                if batch.is_last:
                    return
        finally:
            self._watchers -= 1
            if not self._watchers and self._looking is not None:
                self._looking.cancel()
                self._looking = self._tip = None

    def end(self) -> None:
        """Let all streams end: the server does. Browsers come back to the next one by themselves."""
        if self._tip is not None and not self._tip.after.done():
            if self._looking is not None:
                self._looking.cancel()
            self._tip.after.set_result(Batch(self._tip.rev, is_last=True))

    def _begun(self, rev: int) -> Batch:
        """The newest batch; the looking begins with the first who watches, from what they know."""
        if self._tip is None:
            self._tip = Batch(rev)
            self._looking = asyncio.create_task(self._keep_looking(self._tip))
        return self._tip

    async def _keep_looking(self, tip: Batch) -> None:
        while not tip.is_last:
            await asyncio.sleep(self._every)
            try:
                found = await self._look(tip.rev)
            except NotFound:
                found = Batch(tip.rev, event("end", {"rev": tip.rev, "status": "deleted"}), is_last=True)
            except StoreError as error:  # those who watch keep what they have
                log.warning("not_looked", reason=str(error))
                await asyncio.sleep(TROUBLE_SECONDS)
                continue
            except Exception:  # the edge of a background task: without it pages would stand still, silently
                log.exception("not_looked")
                await asyncio.sleep(TROUBLE_SECONDS)
                continue
            if found is not None:
                tip.after.set_result(found)
                self._tip = tip = found


async def as_long_as(
    is_signed_in: Callable[[], Awaitable[bool]], events: AsyncIterator[bytes], seconds: float = SIGNED_IN_SECONDS
) -> AsyncIterator[bytes]:
    """The events, until the session that asked is over, wherever it was ended: nothing is sent after that.

    Whether it still is valid is asked before something is sent, at most every so many `seconds`.
    """
    asked = time.monotonic()
    async with contextlib.aclosing(events) as all_events:  # type: ignore[type-var]
        async for sent in all_events:
            if time.monotonic() - asked >= seconds:
                try:
                    is_over = not await is_signed_in()
                except StoreError as error:  # not known: nothing is sent, and the browser comes back by itself
                    log.warning("stream_ended", reason=str(error))
                    return
                if is_over:
                    yield SIGNED_OUT
                    return
                asked = time.monotonic()
            yield sent


class Live:
    """All that is watched in one server, by what it is."""

    def __init__(self) -> None:
        self._watches: dict[tuple[str, str], Watch] = {}

    def end(self) -> None:
        """Let all streams end, when the server does."""
        for watch in list(self._watches.values()):
            watch.end()

    async def stream(self, kind: str, of: str, after: int, look: Look, every: float) -> AsyncIterator[bytes]:
        """The events of one thing; `look` is used when nobody watches it yet."""
        key = (kind, of)
        watch = self._watches.setdefault(key, Watch(look, every))
        yield RETRY
        try:
            async with contextlib.aclosing(watch.stream(after, look)) as events:  # type: ignore[type-var]
                async for sent in events:
                    yield sent
        except NotFound:
            yield event("end", {"rev": after, "status": "deleted"})
        except LonglistError as error:  # the browser comes back by itself
            log.warning("stream_ended", reason=str(error))
        finally:
            if not watch.is_watched:
                self._watches.pop(key, None)


def look_at_task(
    home: Home, task_id: str, told: Callable[[TaskChange, Any], Mapping[str, Any]], rows: Callable[[Any], list[Any]]
) -> Look:
    """Looks at a task: its counters, its rows, what it spent."""
    spent: dict[str, Any] = {"spend": None, "at": 0.0}

    async def look(rev: int) -> Batch | None:
        loop = asyncio.get_running_loop()
        mark = await home.store.mark(task_id)
        has_news = mark.revision != rev
        if not has_news and mark.status in {"done", "failed"}:
            return Batch(rev, event("end", {"rev": rev, "status": mark.status}, rev), is_last=True)
        is_due = has_news or (mark.status == "in_progress" and loop.time() - spent["at"] > COST_SECONDS)
        if not is_due:
            return None
        spend = await home.store.spend(task_id)
        is_same = spend == spent["spend"]
        spent.update(spend=spend, at=loop.time())
        if not has_news and is_same:
            return None
        change = await home.store.changes(task_id, rev)
        now = change.task.revision
        sent = [event("task", told(change, spend))]
        if change.rows:
            sent.append(event("rows", {"rev": now, "rows": rows(change.rows)}))
        if change.gone:
            sent.append(event("gone", {"rev": now, "ids": change.gone, "why": "excluded"}))
        is_over = change.task.status in {"done", "failed"}
        if is_over:
            sent.append(event("end", {"rev": now, "status": change.task.status}, now))
        else:
            sent[-1] = f"id: {now}\n".encode() + sent[-1]
        return Batch(now, b"".join(sent), is_last=is_over)

    return look


def look_at_tasks(home: Home, owner_id: str, told: Callable[[Any], Awaitable[list[Any]]]) -> Look:
    """Looks at the list of an owner's tasks: which are new, changed or gone."""
    known: dict[str, int] = {}

    async def look(rev: int) -> Batch | None:
        nonlocal known
        found = await home.store.revisions(owner_id)
        changed = [task_id for task_id, revision in found.items() if known.get(task_id) != revision]
        gone = [task_id for task_id in known if task_id not in found]
        if rev >= 0 and not changed and not gone:
            return None
        now = int(time.time() * 1000)  # what is new is known by what it was before, not by a number
        sent = event("tasks", {"rev": now, "tasks": await told(changed), "gone": gone}, now)
        known = found  # only once it could be told
        return Batch(now, sent)

    return look
