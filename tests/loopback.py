"""A small HTTP server on loopback that answers as a test tells it to, and keeps what it was asked.

async with loopback.serving(reply(b"hello")) as server: server.url, server.seen
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Asked:
    """A request as it came in; names of headers in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Server:
    """A running server."""

    url: str = ""
    seen: list[Asked] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Host and port."""
        return self.url.removeprefix("http://")


Handler = Callable[[Asked], bytes]


def reply(body: bytes = b"", *headers: str, status: str = "200 OK") -> bytes:
    """An answer, byte by byte."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@contextlib.asynccontextmanager
async def serving(answer: bytes | Handler) -> AsyncIterator[Server]:
    """Answers every request so; an empty answer cuts the connection, and so does one that closes it."""
    server, talks = Server(), set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(asyncio.current_task())
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            while True:
                asked = await _read(reader)
                server.seen.append(asked)
                said = answer if isinstance(answer, bytes) else answer(asked)
                if not said:
                    break
                writer.write(said)
                await writer.drain()
                if b"connection: close" in said.partition(b"\r\n\r\n")[0].lower():
                    break
        writer.close()

    listening = await asyncio.start_server(talk, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield server
    finally:
        listening.close()
        for task in talks:
            task.cancel()
        await asyncio.gather(*talks, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Asked:
    head, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head.split(" ", 2)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    return Asked(method, target, headers, await reader.readexactly(int(headers.get("content-length", 0))))
