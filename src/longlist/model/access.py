"""Owner, Token: whose tasks are whose, and what a caller may do."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

LOCAL_OWNER = "6f8a7c52-3e1b-4d7e-8a46-0d5c1f2b9e10"
"""The owner of what the command line makes: whoever may read the data directory. Named `local`, and always there."""

Scope = Literal["read", "write", "admin"]
TokenKind = Literal["token", "start", "link", "session"]

_REACH: dict[Scope, int] = {"read": 0, "write": 1, "admin": 2}


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody whose tasks nobody else sees; `name` is unique."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Token:
    """A secret that was given out; the secret itself is not kept, only its hash.

    `kind` is "token" for what programs send, "start" for the one a server shows in its example, "link" for a sign-in
    link that works once, "session" for a signed-in browser. `expires_at` None means never.
    """

    id: str
    owner: Owner
    kind: TokenKind
    scope: Scope
    created_at: datetime
    expires_at: datetime | None = None
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    def allows(self, scope: Scope) -> bool:
        """Whether it may do what needs `scope`: admin includes write, write includes read."""
        return _REACH[self.scope] >= _REACH[scope]

    def is_valid(self, now: datetime) -> bool:
        """Whether it is neither revoked nor past its end, nor a link that was used."""
        is_spent = self.kind == "link" and self.used_at is not None
        return not is_spent and self.revoked_at is None and (self.expires_at is None or now < self.expires_at)
