"""A part that takes a while to get ready: asking for it waits, and says what is going on when it takes too long."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import structlog

from longlist.errors import LonglistError, Unavailable

WAIT_SECONDS = 20.0  # clients give up after thirty
AGAIN_SECONDS = 5.0  # after it could not be made

T = TypeVar("T")

log = structlog.get_logger()


class Ready(Generic[T]):
    """Makes a part in the background, again and again until it can be made; in use from `async with` on."""

    def __init__(self, make: Callable[[], Awaitable[T]], what: str) -> None:
        self._make = make
        self._what = what
        self._made: asyncio.Future[T] | None = None
        self._fault = ""
        self._making: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Ready[T]":
        self._made = asyncio.get_running_loop().create_future()
        self._making = asyncio.create_task(self._until_made(self._made))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._making is not None
        self._making.cancel()
        await asyncio.gather(self._making, return_exceptions=True)

    @property
    def is_ready(self) -> bool:
        """Whether asking for it waits no more."""
        return self._made is not None and self._made.done()

    async def get(self) -> T:
        """The part; Unavailable when it is not ready in time, with the reason when there is one."""
        assert self._made is not None
        if not self._made.done() and self._fault:
            raise Unavailable(f"{self._what} is not ready: {self._fault}")
        try:
            return await asyncio.wait_for(asyncio.shield(self._made), WAIT_SECONDS)
        except TimeoutError:
            if self._fault:  # it failed meanwhile
                raise Unavailable(f"{self._what} is not ready: {self._fault}") from None
            raise Unavailable(f"{self._what} is still being made ready; try again in a few seconds.") from None

    async def _until_made(self, made: "asyncio.Future[T]") -> None:
        while not made.done():
            try:
                made.set_result(await self._make())
            except LonglistError as error:
                self._fault = str(error)
                log.warning("part_not_ready", part=self._what, reason=self._fault)
                await asyncio.sleep(AGAIN_SECONDS)
            except Exception:  # the edge of a background task: without it the part would never be ready, silently
                self._fault = "a fault in Longlist, which the server's log tells more of."
                log.exception("part_not_ready", part=self._what)
                await asyncio.sleep(AGAIN_SECONDS)
