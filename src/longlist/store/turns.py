"""Turns: one writer at a time, also between event loops in several threads of a process, and who is next.

SQLite's own way of waiting is to try again after a while: whoever asks often gets in, and a single write beside a busy
worker waited for up to 1.5 seconds. Here they queue, and what somebody waits for goes before what runs by itself.
"""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import AsyncIterator
from typing import Literal, TypeAlias

Pace: TypeAlias = Literal["usual", "urgent", "patient"]
"""Whether somebody waits for what is written: `urgent` for answers, `patient` for what runs by itself."""

Waiter = tuple[asyncio.AbstractEventLoop, "asyncio.Future[None]"]


class Turns:
    """A lock for coroutines of any loop: first come, first served, the urgent ones first and the patient ones last."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._is_taken = False
        self._urgent: deque[Waiter] = deque()
        self._others: deque[Waiter] = deque()
        self._patient: deque[threading.Event] = deque()

    @contextlib.asynccontextmanager
    async def turn(self, pace: Pace) -> AsyncIterator[None]:
        """Wait for one's turn, and have it until the end of the block.

        Patient ones hold up their whole loop while they wait: were they woken by it, a turn could be theirs for as long
        as the loop computes something else, and nobody could write meanwhile. So no two of one loop may ask at once.
        """
        if pace == "patient":
            self._take_and_hold_up()
        else:
            await self._take(is_urgent=pace == "urgent")
        try:
            yield
        finally:
            self._leave()

    def _take_and_hold_up(self) -> None:
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return
            granted = threading.Event()
            self._patient.append(granted)
        granted.wait()

    async def _take(self, *, is_urgent: bool) -> None:
        loop = asyncio.get_running_loop()
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return
            granted: asyncio.Future[None] = loop.create_future()
            (self._urgent if is_urgent else self._others).append((loop, granted))
        try:
            await granted
        except asyncio.CancelledError:
            if not granted.cancelled():  # it was one's turn just then
                self._leave()
            raise

    def _leave(self) -> None:
        """Give the turn to the next, or to nobody."""
        with self._guard:
            while queue := self._urgent or self._others:
                loop, granted = queue.popleft()
                try:
                    loop.call_soon_threadsafe(self._grant, granted)
                except RuntimeError:  # its loop was closed while it waited
                    continue
                return
            if self._patient:
                self._patient.popleft().set()
            else:
                self._is_taken = False

    def _grant(self, granted: "asyncio.Future[None]") -> None:
        if granted.done():  # cancelled while it waited
            self._leave()
        else:
            granted.set_result(None)
