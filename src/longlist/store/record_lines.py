"""Where a record of a set goes: under its own key, or beside one that is there already and must not be lost."""

import hashlib
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from longlist.language.words import fold
from longlist.model.company import Record
from longlist.store.codec import check_text, encode

SHORT_HASH = 8  # hexadecimal digits; it only has to tell apart the few records that would share a key


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept under a key, as far as it decides about others; `put_id` is the put that gave it last."""

    set_name: str
    domain: str
    name: str
    hash: str
    put_id: str


@dataclass(frozen=True, slots=True)
class Line:
    """A record on its way into a set. `hash` is the SHA-256, in hex, of all it says, its key left out."""

    set_name: str
    record: Record
    hash: str
    put_id: str

    @property
    def possible_keys(self) -> tuple[str, ...]:
        """Every key that `place` may choose."""
        return tuple(key for of_company in self._company_keys() for key in (of_company, self._variant(of_company)))

    def place(self, kept: MutableMapping[str, Kept], *, gives_way: bool) -> str:
        """The key to keep the record under, given what is kept under its possible keys; it is entered there.

        `gives_way` says that what earlier puts kept may be replaced whatever company it is.
        """

        def is_free(key: str) -> bool:
            there = kept.get(key)
            return there is None or (gives_way and there.put_id != self.put_id) or self._is_of(there)

        of_company = next(filter(is_free, self._company_keys()), None)
        key = of_company or self._variant(self.record.key)
        there = kept.get(key)
        if there is not None and there.put_id == self.put_id and there.hash != self.hash:
            key = self._variant(key)
        kept[key] = Kept(self.set_name, self.record.domain, self.record.name, self.hash, self.put_id)
        return key

    def row(self, key: str) -> dict[str, Any]:
        """The row under a key; the text lies in a column of its own and is left out of `data`."""
        record = replace(self.record, key=key)
        suffix = self._variant("")
        return {
            "key": key,
            "set_name": self.set_name,
            "company_key": record.company_key,
            "domain": record.domain,
            "name": record.name,
            "data": replace(record, text=""),
            "text": record.text,
            "hash": self.hash,
            "variant_of": key.removesuffix(suffix) if key.endswith(suffix) else None,
            "put_id": self.put_id,
            "updated_at": datetime.now(UTC),
        }

    def _company_keys(self) -> Iterator[str]:
        """The record's key, and the one it has where another company took that."""
        yield self.record.key
        name = fold(self.record.name).strip()
        yield f"{self.record.key}~{self.record.domain or hashlib.sha256(name.encode()).hexdigest()[:SHORT_HASH]}"

    def _variant(self, key: str) -> str:
        """The key of another line about the company of a key."""
        return f"{key}~{self.hash[:SHORT_HASH]}"

    def _is_of(self, there: Kept) -> bool:
        """Whether what is kept is about the same company: one that moved keeps its name, a renamed one its domain."""
        mine = self.record
        return bool(mine.domain and mine.domain == there.domain) or fold(mine.name).strip() == fold(there.name).strip()


def line_of(set_name: str, record: Record, put_id: str) -> Line:
    """The record as a line of the put `put_id`; InvalidInput when a text of it cannot be stored."""
    digest = hashlib.sha256(encode(Record, replace(record, key="", text="")).encode())
    digest.update(check_text(record.text).encode())
    return Line(set_name, record, digest.hexdigest(), put_id)
