"""Streams to pages end with the server, which would wait for them otherwise, and with the session that asked."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from longlist.errors import StoreError
from longlist.serve.web.live import RETRY, SIGNED_OUT, Live, as_long_as


async def no_news(_rev: int) -> None:
    return None


async def test_a_server_that_leaves_ends_the_streams_of_all_who_watch():
    live, got = Live(), []

    async def watch(of: str) -> None:
        async with contextlib.aclosing(live.stream("task", of, 0, no_news, 60.0)) as events:
            async for sent in events:
                got.append(sent)  # noqa: PERF401 - looked at meanwhile

    watching = [asyncio.create_task(watch(of)) for of in ("a", "a", "b")]
    while len(got) < 3:  # noqa: ASYNC110 - until each of them watches
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.01)
    live.end()
    await asyncio.wait_for(asyncio.gather(*watching), 5)
    assert [sent for sent in got if sent] == [RETRY] * 3


def test_a_server_that_nobody_watches_can_leave():
    Live().end()


async def test_nothing_is_sent_once_the_session_is_over_and_the_page_is_told():
    asked: list[str] = []
    closed: list[bool] = []

    async def events() -> AsyncIterator[bytes]:
        try:
            for sent in (b"1", b"2", b"3", b"4"):
                yield sent
        finally:
            closed.append(True)

    async def is_signed_in() -> bool:
        asked.append("")
        return len(asked) < 3

    assert [sent async for sent in as_long_as(is_signed_in, events(), 0.0)] == [b"1", b"2", SIGNED_OUT]
    assert closed == [True]

    async def not_known() -> bool:
        raise StoreError("The database is locked.")

    assert [sent async for sent in as_long_as(not_known, events(), 0.0)] == []
    assert [sent async for sent in as_long_as(not_known, events(), 60.0)] == [b"1", b"2", b"3", b"4"]
