"""The last answers of web pages in SQL, by address: what a page is compared with when it is asked for again.

The bodies are the ledger's own blobs. An answer that is kept before the ledger has its body is not found until then.
"""

import hashlib
from collections.abc import Mapping

from longlist.model.call import Answer
from longlist.store.codec import decode
from longlist.store.ledger import unpack
from longlist.store.sql import Database, upsert, whole
from longlist.store.tables import page_seen as s

_LAST = (
    "SELECT CAST(page_seen.headers AS TEXT), blob.codec, blob.data FROM page_seen "
    "JOIN blob ON blob.hash = page_seen.body_hash WHERE page_seen.url_hash = :hash"
)


class SeenRows:
    """A `longlist.web.fetch.Memory` in SQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_page(self, url: str) -> Answer | None:
        row = await self._database.point(_LAST, hash=_hash(url.encode()))
        if row is None:
            return None
        headers, codec, data = row
        return Answer(unpack(codec, data), status=200, headers=decode(Mapping[str, str], headers))

    @whole
    async def keep_page(self, url: str, answer: Answer) -> None:
        row = {"url_hash": _hash(url.encode()), "body_hash": _hash(answer.body), "headers": dict(answer.headers)}
        async with self._database.writing() as connection:
            await upsert(connection, s, [row], ["body_hash", "headers"])


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
