"""Owners and the hashes of tokens."""

import asyncio
from datetime import UTC, datetime, timedelta

from longlist.model.access import LOCAL_OWNER
from longlist.store import SqlStore

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


async def test_an_owner_is_made_once_and_the_local_one_is_always_there(store: SqlStore):
    made = await asyncio.gather(*(store.owner("anna") for _ in range(5)))
    assert len({owner.id for owner in made}) == 1
    assert (await store.owner("local")).id == LOCAL_OWNER


async def test_a_token_is_found_by_its_hash_with_all_that_is_known_of_it(store: SqlStore):
    anna = await store.owner("anna")
    given = await store.put_token(anna, "token", "read", "hash one", None)
    ending = await store.put_token(anna, "session", "admin", "hash two", NOW)
    assert await store.token_of("hash one") == given
    assert await store.token_of("hash two") == ending
    assert await store.token_of("hash three") is None
    assert await store.tokens() == [given]
    assert await store.tokens(kinds=("token", "session")) == [given, ending]


async def test_a_revoked_token_keeps_the_time_at_which_it_was(store: SqlStore):
    token = await store.put_token(await store.owner("anna"), "token", "write", "h", None)
    await store.revoke([token.id], NOW)
    await store.revoke([token.id], NOW + timedelta(days=1))
    found = await store.token_of("h")
    assert found is not None
    assert found.revoked_at == NOW
    assert not found.is_valid(NOW)


async def test_the_last_use_is_remembered(store: SqlStore):
    token = await store.put_token(await store.owner("anna"), "token", "write", "h", None)
    await store.note_use(token.id, NOW)
    assert [token.used_at for token in await store.tokens()] == [NOW]


async def test_a_link_works_once_until_its_end_however_many_try_at_once(store: SqlStore):
    anna = await store.owner("anna")
    await store.put_token(anna, "link", "admin", "fresh", NOW + timedelta(minutes=1))
    await store.put_token(anna, "link", "admin", "old", NOW)
    await store.put_token(anna, "token", "admin", "no link", NOW + timedelta(minutes=1))
    used = await asyncio.gather(*(store.use_link("fresh", NOW) for _ in range(5)))
    assert [token.owner for token in used if token] == [anna]
    for digest in ("old", "no link", "unknown"):
        assert await store.use_link(digest, NOW) is None
