"""One run of a command: its event loop, and how Ctrl-C and SIGTERM end it."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

from longlist.errors import LonglistError
from longlist.serve.start import ENDING, INTERRUPTED
from longlist.serve.terminal import err, say

PATIENCE = 5.0  # seconds that a cancelled command has for finishing what it is writing

T = TypeVar("T")


class Interrupted(LonglistError):
    """The user ended the command; the sentence says what is kept and how to go on."""

    exit_code = INTERRUPTED


def go(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end. Ctrl-C and SIGTERM cancel it, a second one ends the process at once: rows outlive both."""
    before = {number: signal.getsignal(number) for number in ENDING}
    try:
        return asyncio.run(_cancellable(work))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def interrupted(sentence: Callable[[], str]) -> Iterator[None]:
    """Turns a cancellation inside the block into Interrupted with this sentence."""
    try:
        yield
    except asyncio.CancelledError:
        raise Interrupted(sentence()) from None


async def _cancellable(work: Coroutine[Any, Any, T]) -> T:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    signals = 0

    def leave() -> None:
        err.show_cursor()
        say("Interrupted. What was saved is kept; `longlist tasks` shows what is unfinished.")
        os._exit(INTERRUPTED)

    def on_signal() -> None:
        nonlocal signals
        signals += 1
        if signals > 1:
            leave()
        task.cancel()
        loop.call_later(PATIENCE, leave)

    with contextlib.suppress(NotImplementedError):  # as on Windows; there the process ends at once, which rows survive
        for number in ENDING:
            loop.add_signal_handler(number, on_signal)
    with interrupted(lambda: "Interrupted."):
        return await work
