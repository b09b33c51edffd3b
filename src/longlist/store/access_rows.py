"""Owners and tokens in SQL. Of a secret only its hash is here."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, update

from longlist.model.access import Owner, Scope, Token, TokenKind
from longlist.store.sql import AnyRow, Database, upsert, whole
from longlist.store.tables import owner as o
from longlist.store.tables import token as k

_COLUMNS = (k, o.c.name.label("owner_name"))
_BY_HASH = (
    "SELECT token.id, token.owner_id, owner.name, token.kind, token.scope, token.created_at, token.expires_at, "
    "token.used_at, token.revoked_at FROM token JOIN owner ON owner.id = token.owner_id WHERE token.hash = :digest"
)


class SqlAccessStore:
    """An AccessStore in SQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @whole
    async def owner(self, name: str) -> Owner:
        made = {"id": str(uuid4()), "name": name, "created_at": datetime.now(UTC)}
        async with self._database.writing() as connection:
            await upsert(connection, o, [made], [])
            row = (await connection.execute(select(o).where(o.c.name == name))).one()
        return Owner(row.id, row.name)

    @whole
    async def put_token(
        self, owner: Owner, kind: TokenKind, scope: Scope, digest: str, expires_at: datetime | None
    ) -> Token:
        made = Token(str(uuid4()), owner, kind, scope, datetime.now(UTC), expires_at)
        row = {
            "id": made.id,
            "owner_id": owner.id,
            "kind": kind,
            "scope": scope,
            "hash": digest,
            "created_at": made.created_at,
            "expires_at": expires_at,
        }
        async with self._database.writing() as connection:
            await connection.execute(insert(k), row)
        return made

    async def tokens(self, *, kinds: Sequence[TokenKind] = ("token",)) -> list[Token]:
        query = select(*_COLUMNS).join(o, o.c.id == k.c.owner_id).where(k.c.kind.in_(kinds))
        async with self._database.reading() as connection:
            return [_token(row) for row in await connection.execute(query.order_by(k.c.created_at, k.c.id))]

    async def token_of(self, digest: str) -> Token | None:
        row = await self._database.point(_BY_HASH, digest=digest)
        if row is None:
            return None
        token_id, owner_id, name, kind, scope, *times = row
        created_at, expires_at, used_at, revoked_at = map(_moment, times)
        assert created_at is not None
        return Token(token_id, Owner(owner_id, name), kind, scope, created_at, expires_at, used_at, revoked_at)

    @whole
    async def use_link(self, digest: str, now: datetime) -> Token | None:
        unused = (k.c.hash == digest) & (k.c.kind == "link") & k.c.used_at.is_(None) & k.c.revoked_at.is_(None)
        async with self._database.writing() as connection:
            used = await connection.execute(update(k).where(unused, k.c.expires_at > now).values(used_at=now))
            if used.rowcount == 0:
                return None
            query = select(*_COLUMNS).join(o, o.c.id == k.c.owner_id).where(k.c.hash == digest)
            return _token((await connection.execute(query)).one())

    @whole
    async def note_use(self, token_id: str, now: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(update(k).where(k.c.id == token_id).values(used_at=now))

    @whole
    async def revoke(self, token_ids: Collection[str], now: datetime) -> None:
        live = k.c.id.in_(list(token_ids)) & k.c.revoked_at.is_(None)
        async with self._database.writing() as connection:
            await connection.execute(update(k).where(live).values(revoked_at=now))


def _token(row: AnyRow) -> Token:
    return Token(
        id=row.id,
        owner=Owner(row.owner_id, row.owner_name),
        kind=row.kind,
        scope=row.scope,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
    )


def _moment(value: Any) -> datetime | None:
    """A time as the driver gives it: text in UTC from SQLite, else a datetime."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.fromisoformat(value).replace(tzinfo=UTC)
