"""Who may call: tokens for programs, one-time links and sessions for browsers.

A secret is shown once, when it is made; what is kept is its SHA-256. That is enough for secrets that are random
themselves (256 bits): slow hashing is for passwords, which people choose.
"""

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from longlist.errors import InvalidInput, NotFound, StoreError
from longlist.model.access import LOCAL_OWNER, Owner, Scope, Token, TokenKind
from longlist.store.store import AccessStore

PREFIX = "ll_"  # so that people, and programs that look for leaked secrets, recognise one
MAX_NAME = 100
LINK_LIFE = timedelta(minutes=10)
SESSION_LIFE = timedelta(days=30)
START_LIFE = timedelta(days=1)
NOTE_USE_EVERY = timedelta(minutes=1)  # how exactly the last use of a token is remembered

log = structlog.get_logger()

LOCAL = Owner(LOCAL_OWNER, "local")


class Access:
    """Gives secrets out, takes them back, and says whose a secret is. `now` is the time, UTC."""

    def __init__(self, store: AccessStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._noted: dict[str, datetime] = {}  # by token, as far as this process knows
        self._noting: set[asyncio.Task[None]] = set()

    async def create(self, name: str, scope: Scope = "write") -> tuple[Token, str]:
        """A token for the owner of this name (made when new), and its secret, which nobody can show again."""
        shown = " ".join(name.split())
        if not 1 <= len(shown) <= MAX_NAME or not shown.isprintable():
            raise InvalidInput(f"A name has 1 to {MAX_NAME} printable characters.", field="name")
        return await self._give(await self._store.owner(shown), "token", scope, None)

    async def tokens(self) -> list[Token]:
        """All tokens for programs, oldest first, revoked ones too."""
        return await self._store.tokens()

    async def revoke(self, which: str) -> list[Token]:
        """End a token (by its id, or the beginning of it), or all of an owner (by name), the sessions as well.

        Returns those that were valid until now. NotFound when nothing is called so.
        """
        given = await self._store.tokens(kinds=("token", "start", "link", "session"))
        named = [token for token in given if token.owner.name == which]
        begun = [token for token in given if token.kind == "token" and which and token.id.startswith(which.lower())]
        if len(begun) > 1 and not named:
            raise InvalidInput(f"{len(begun)} tokens begin with {which}; give more of the id.", field="token")
        found = named or begun
        if not found:
            raise NotFound(f"There is no token {which}, and nobody called so; `longlist token list` lists them.")
        now = self._now()
        live = [token for token in found if token.is_valid(now)]
        await self._store.revoke([token.id for token in live], now)
        return live

    async def start_token(self) -> str:
        """A secret of the local owner for the example that a server shows; it ends after a day, or at the next start."""
        earlier = await self._store.tokens(kinds=("start",))
        await self._store.revoke([token.id for token in earlier], self._now())
        return (await self._give(LOCAL, "start", "write", START_LIFE))[1]

    async def sign_in_link(self) -> str:
        """A code of the local owner that signs a browser in: once, within ten minutes."""
        return (await self._give(LOCAL, "link", "admin", LINK_LIFE))[1]

    async def sign_in(self, code: str) -> tuple[Token, str] | None:
        """A session, and its secret, for the code of a link; None when the code is unknown, used or too old."""
        known = await self._store.token_of(_digest(code))
        if known is None or known.kind != "link" or not known.is_valid(self._now()):
            return None  # without a write: anybody may ask
        link = await self._store.use_link(_digest(code), self._now())
        return None if link is None else await self._give(link.owner, "session", link.scope, SESSION_LIFE)

    async def sign_out(self, session: Token) -> None:
        """End a session."""
        await self._store.revoke([session.id], self._now())

    async def caller(self, secret: str, *kinds: TokenKind) -> Token | None:
        """The valid token with this secret, of one of these kinds; None when there is none."""
        token = await self._store.token_of(_digest(secret))
        now = self._now()
        if token is None or token.kind not in kinds or not token.is_valid(now):
            return None
        last = self._noted.get(token.id, token.used_at)
        if last is None or now - last > NOTE_USE_EVERY:
            self._noted[token.id] = now
            noting = asyncio.create_task(self._note_use(token.id, now))
            self._noting.add(noting)
            noting.add_done_callback(self._noting.discard)
        return token

    async def settled(self) -> None:
        """Wait until all uses so far are noted."""
        await asyncio.gather(*self._noting)

    async def _note_use(self, token_id: str, now: datetime) -> None:
        """Remember a use; nobody waits for it, since a database that cannot be written can still be read."""
        try:
            await self._store.note_use(token_id, now)
        except StoreError as error:
            log.warning("use_of_token_not_noted", reason=str(error))

    async def _give(self, owner: Owner, kind: TokenKind, scope: Scope, life: timedelta | None) -> tuple[Token, str]:
        secret = PREFIX + secrets.token_urlsafe(32)
        expires_at = None if life is None else self._now() + life
        return await self._store.put_token(owner, kind, scope, _digest(secret), expires_at), secret


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
