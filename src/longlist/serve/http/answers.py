"""Answers kept until what they show has changed: whoever polls is mostly told what was told before.

An answer about a finished task is never older than its task. One about a running task may be `BREATH_SECONDS` old, and
`MOST_SECONDS` where it is asked for so often that the next one is being made already; but never older than the last
order given to the task (pause, resume) or than its end. So what follows from one's own call, and that a task is done,
is seen at once, and a hundred pollers cost as much as one.
"""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass

from starlette.responses import Response

from longlist.store.store import Mark

BREATH_SECONDS = 0.5
MOST_SECONDS = 1.5
MAX_BYTES = 32 * 2**20
MAX_ANSWERS = 2_000

Made = tuple[Mark, Response]


@dataclass(frozen=True, slots=True)
class _Kept:
    mark: Mark
    made_at: float
    answer: Response

    def life(self, now: Mark) -> float:
        """How many seconds old the answer may be when the task is as `now` says; 0 for not at all."""
        if self.mark.revision == now.revision:
            return math.inf
        is_under_way = now.status == "in_progress" and (self.mark.orders, self.mark.status) == (now.orders, now.status)
        return MOST_SECONDS if is_under_way else 0.0


class Answers:
    """The newest answers, the least used forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._bytes = 0
        self._making: dict[Hashable, asyncio.Task[Response]] = {}
        self._one_at_a_time = asyncio.Lock()  # so that what is known already is answered in between

    async def get(self, asked: Hashable, now: Mark, make: Callable[[], Awaitable[Made]]) -> Response:
        """The answer to `asked` about a task that is as `now` says: a kept one that holds, else one made now.

        However many ask at once, it is made once. `make` says of which state of the task its answer is.
        """
        known = self._kept.get(asked)
        if known is not None:
            age, life = time.monotonic() - known.made_at, known.life(now)
            if age < life:
                self._kept.move_to_end(asked)
                if life == MOST_SECONDS and age > BREATH_SECONDS:
                    self._start(asked, now, make)
                return known.answer
        return await asyncio.shield(self._start(asked, now, make))

    def _start(self, asked: Hashable, now: Mark, make: Callable[[], Awaitable[Made]]) -> asyncio.Task[Response]:
        """The making of an answer: the one that is under way for this state of the task, or a new one."""
        state = (asked, now.orders, now.status, now.status == "in_progress" or now.revision)
        being_made = self._making.get(state)
        if being_made is None:
            being_made = asyncio.create_task(self._make(asked, make))
            self._making[state] = being_made
            being_made.add_done_callback(lambda made: self._made(state, made))
        return being_made

    def _made(self, state: Hashable, made: asyncio.Task[Response]) -> None:
        self._making.pop(state)
        if not made.cancelled():
            made.exception()  # whoever waits for it hears of it; nobody may

    async def _make(self, asked: Hashable, make: Callable[[], Awaitable[Made]]) -> Response:
        async with self._one_at_a_time:
            mark, answer = await make()
        old = self._kept.pop(asked, None)
        self._bytes += len(answer.body) - (len(old.answer.body) if old else 0)
        self._kept[asked] = _Kept(mark, time.monotonic(), answer)
        while self._bytes > MAX_BYTES or len(self._kept) > MAX_ANSWERS:
            _, forgotten = self._kept.popitem(last=False)
            self._bytes -= len(forgotten.answer.body)
        return answer
