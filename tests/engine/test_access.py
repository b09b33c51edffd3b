# ruff: noqa: ASYNC240 - a test may read a small file
"""Tokens, links and sessions."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from longlist.engine.access import LINK_LIFE, SESSION_LIFE, START_LIFE, Access
from longlist.errors import InvalidInput, NotFound
from longlist.model.access import LOCAL_OWNER
from longlist.store.open import SqlStore


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 5, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def access(store: SqlStore, clock: Clock) -> Access:
    return Access(store, clock)


async def test_a_secret_tells_whose_it_is_and_is_kept_nowhere(access: Access, home: Path):
    token, secret = await access.create("anna", "read")
    found = await access.caller(secret, "token")
    assert found is not None
    assert (found.owner.name, found.scope) == ("anna", "read")
    assert await access.caller(secret + "x", "token") is None
    assert await access.caller("", "token") is None
    assert await access.caller("\udcff", "token") is None
    assert await access.caller(secret, "session") is None
    assert len(secret) > 40
    for file in home.rglob("*"):
        assert secret.encode() not in file.read_bytes()
    assert token.expires_at is None


async def test_scopes_include_one_another(access: Access):
    for scope, may in (("read", ["read"]), ("write", ["read", "write"]), ("admin", ["read", "write", "admin"])):
        token, _ = await access.create("anna", scope)
        assert [reach for reach in ("read", "write", "admin") if token.allows(reach)] == may


async def test_tokens_of_one_name_have_one_owner(access: Access):
    first, second = (await access.create(" anna  smith "))[0], (await access.create("anna smith"))[0]
    assert first.owner == second.owner
    assert (await access.create("local"))[0].owner.id == LOCAL_OWNER


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\0b", "a\x1b[31m", "\udcff"])
async def test_a_name_must_be_one(access: Access, name):
    with pytest.raises(InvalidInput):
        await access.create(name)
    assert await access.tokens() == []


async def test_a_revoked_token_is_worth_nothing_at_once(access: Access):
    token, secret = await access.create("anna")
    _, other = await access.create("anna")
    assert [ended.id for ended in await access.revoke(token.id[:8])] == [token.id]
    assert await access.caller(secret, "token") is None
    assert await access.caller(other, "token") is not None
    assert await access.revoke(token.id) == []
    with pytest.raises(NotFound):
        await access.revoke("nobody")
    with pytest.raises(NotFound):
        await access.revoke("")


async def test_revoking_a_name_ends_all_it_has_its_sessions_too(access: Access):
    session, secret = await access.sign_in(await access.sign_in_link()) or pytest.fail("no session")
    _, token = await access.create("local")
    assert len(await access.revoke("local")) == 2
    assert await access.caller(token, "token") is None
    assert await access.caller(secret, "session") is None
    assert session.owner.id == LOCAL_OWNER


async def test_a_link_signs_in_once_and_only_for_a_while(access: Access, clock: Clock):
    code, late = await access.sign_in_link(), await access.sign_in_link()
    assert await access.caller(code, "token", "start", "session") is None
    made = await access.sign_in(code)
    assert made is not None
    assert await access.sign_in(code) is None
    assert await access.sign_in("rubbish") is None
    clock.time += LINK_LIFE
    assert await access.sign_in(late) is None
    clock.time += SESSION_LIFE - LINK_LIFE - timedelta(seconds=1)
    assert await access.caller(made[1], "session") is not None
    clock.time += timedelta(seconds=1)
    assert await access.caller(made[1], "session") is None


async def test_signing_out_ends_the_session(access: Access):
    session, secret = await access.sign_in(await access.sign_in_link()) or pytest.fail("no session")
    await access.sign_out(session)
    assert await access.caller(secret, "session") is None


async def test_the_token_of_a_start_ends_with_the_next_start_or_after_a_day(access: Access, clock: Clock):
    first = await access.start_token()
    assert await access.caller(first, "start") is not None
    second = await access.start_token()
    assert await access.caller(first, "start") is None
    clock.time += START_LIFE
    assert await access.caller(second, "start") is None
    assert await access.tokens() == []  # nothing that a user would have to look after


async def test_the_last_use_is_noted_to_the_minute(access: Access, clock: Clock):
    _, secret = await access.create("anna")
    first = clock.time
    for _ in range(3):
        await access.caller(secret, "token")
        await access.settled()
        clock.time += timedelta(seconds=15)
    assert [token.used_at for token in await access.tokens()] == [first]
    clock.time += timedelta(minutes=1)
    await asyncio.gather(*(access.caller(secret, "token") for _ in range(20)))
    await access.settled()
    assert [token.used_at for token in await access.tokens()] == [clock.time]
