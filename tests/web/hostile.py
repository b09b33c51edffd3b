"""Servers on loopback that do as they please, and readers that think that loopback is the Internet."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime

import loopback
from longlist.model.call import Caller
from longlist.model.network import DIRECT, Network
from longlist.testing import FakeCalls
from longlist.web.fetch import Memory
from longlist.web.guard import GuardedBackend
from longlist.web.page import Reading, Reply, read_reply
from longlist.web.reader import HttpReader, Reads, open_reader

Talk = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
PROSE = "<p>" + "We bake bread for the whole valley, every night since 1911, and bring it to your door. " * 3 + "</p>"


@contextlib.asynccontextmanager
async def serving(talk: Talk, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server that answers the head of every request as `talk` does, then closes; its port. robots.txt is missing."""
    talks: set[asyncio.Task[None] | None] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = await reader.readuntil(b"\r\n\r\n")
            if b"/robots.txt" in head.split(b"\r\n")[0]:
                writer.write(loopback.reply(b"", "Connection: close", status="404 Not Found"))
            else:
                await talk(head, writer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in talks:
            if task is not None:
                task.cancel()
        await asyncio.gather(*(task for task in talks if task), return_exceptions=True)


class Names:
    """A name service: each look-up of a name gives the next of its answers, the last one again and again."""

    def __init__(self, names: Mapping[str, Sequence[Sequence[str]]] | None = None) -> None:
        self.asked: list[str] = []
        self._names = {name: list(answers) for name, answers in (names or {}).items()}

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        answers = self._names.get(host, [["127.0.0.1"]])
        return answers.pop(0) if len(answers) > 1 else answers[0]


class Here:
    """Reads replies in this process: quicker for pages that are harmless."""

    async def read(self, reply: Reply) -> Reading:
        return read_reply(reply)


@contextlib.asynccontextmanager
async def reading(
    network: Network = DIRECT,
    *,
    calls: Caller | None = None,
    names: Names | None = None,
    memory: Memory | None = None,
    is_strict: bool = False,
    reads: Reads | None = None,
    chromium: str = "",
) -> AsyncIterator[HttpReader]:
    """A reader for which every name leads to this machine, and this machine is the Internet unless it `is_strict`."""
    names = names or Names()
    backend = GuardedBackend(names) if is_strict else GuardedBackend(names, lambda _: True)
    caller = calls if calls is not None else FakeCalls()
    reads = reads or Here()
    async with open_reader(
        caller, lambda: NOW, network, backend=backend, memory=memory, reads=reads, chromium=chromium
    ) as reader:
        yield reader
