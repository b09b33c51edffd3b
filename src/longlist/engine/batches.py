"""Group commit: what many coroutines ask for one by one is done together, in few transactions."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from types import TracebackType
from typing import Generic, Self, TypeVar

import structlog

from longlist.errors import LonglistError, StoreError

Asked = TypeVar("Asked")
Given = TypeVar("Given")

MOST = 500  # in one transaction
PATIENCE_SECONDS = 30.0  # for a database that does not answer: a restart of it passes unseen
FIRST_PAUSE, LAST_PAUSE = 0.05, 1.0

log = structlog.get_logger()


class Batches(Generic[Asked, Given]):
    """Does `work` for lists of what is asked, one list at a time; whoever asks waits for its own part of the outcome.

    While one list is worked on the next one gathers. When the store cannot be used the same list is tried again for a
    while: `work` has to be harmless when repeated. Another error is only that of the one who asked for it.
    """

    def __init__(self, work: Callable[[Sequence[Asked]], Awaitable[Sequence[Given]]]) -> None:
        self.transactions = 0
        self._work = work
        self._waiting: list[tuple[Asked, asyncio.Future[Given]]] = []
        self._some = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None
        self._is_closing = False

    async def __aenter__(self) -> Self:
        self._runner = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        """Do what is still waiting, then end; a store that does not answer is waited for no more."""
        assert self._runner is not None
        self._is_closing = True
        self._some.set()
        await self._runner

    async def ask(self, what: Asked) -> Given:
        """The outcome for one."""
        outcome: asyncio.Future[Given] = asyncio.get_running_loop().create_future()
        self._waiting.append((what, outcome))
        self._some.set()
        return await outcome

    async def _run(self) -> None:
        while self._waiting or not self._is_closing:
            await self._some.wait()
            await asyncio.sleep(
                0
            )  # whoever asks in this turn of the loop comes along; a millisecond more cost 0.1 s a run
            some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            if not self._waiting:
                self._some.clear()
            if some:
                await self._do(some)

    async def _do(self, some: list[tuple[Asked, "asyncio.Future[Given]"]]) -> None:
        try:
            given = await self._patiently([what for what, _ in some])
        except Exception as error:  # noqa: BLE001 - it is handed to those who asked
            if isinstance(error, StoreError) or len(some) == 1:
                for _, outcome in some:
                    if not outcome.done():
                        outcome.set_exception(error)
            else:
                for one in some:
                    await self._do([one])
            return
        for (_, outcome), one_given in zip(some, given, strict=True):
            if not outcome.done():
                outcome.set_result(one_given)

    async def _patiently(self, asked: Sequence[Asked]) -> Sequence[Given]:
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + PATIENCE_SECONDS, FIRST_PAUSE
        while True:
            try:
                given = await self._work(asked)
            except StoreError as error:
                if loop.time() > deadline or self._is_closing:
                    raise
                log.warning("ledger_out_of_reach", reason=str(error))
                await asyncio.sleep(pause)
                pause = min(LAST_PAUSE, pause * 2)
            except LonglistError:
                raise
            else:
                self.transactions += 1
                return given
