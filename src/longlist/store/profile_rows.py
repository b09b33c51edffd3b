"""Versions of profiles and the pages they cite, in SQL: both kept for good, under names made of what they say."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.ext.asyncio import AsyncConnection

from longlist.model.company import CompanyProfile, Page, text_hash
from longlist.store.codec import check_text, encode
from longlist.store.sql import upsert
from longlist.store.tables import page, profile

_ANY_TIME = datetime(1970, 1, 1, tzinfo=UTC)
VERSIONS = UUID("5a9c3a1e-6d1f-4a0e-9a51-0c6f0d3f7b52")  # the namespace in which versions of profiles are named


async def put_versions(connection: AsyncConnection, companies: Sequence[CompanyProfile]) -> list[str]:
    """Keep profiles and their pages; the ids of their versions, in order."""
    now = datetime.now(UTC)
    versions: dict[str, dict[str, Any]] = {}
    named: list[str] = []
    for company in companies:
        texts = [text_hash(check_text(read.text)) for read in company.pages]
        data = replace(
            company,
            pages=tuple(replace(read, text=text) for text, read in zip(texts, company.pages, strict=True)),
        )
        digest = _content_hash(data)
        version = str(uuid5(VERSIONS, f"{company.key} {digest}"))
        named.append(version)
        versions[version] = {
            "id": version,
            "key": company.key,
            "hash": digest,
            "domain": company.domain,
            "name": company.name,
            "data": data,
            "created_at": now,
        }
    await put_pages(connection, [read for company in companies for read in company.pages])
    await upsert(connection, profile, list(versions.values()), [])
    return named


async def put_pages(connection: AsyncConnection, pages: Sequence[Page]) -> None:
    """Keep the texts of pages, by their hash."""
    rows = {
        digest: {"hash": digest, "url": read.url, "record": read.record, "text": read.text, "read_at": read.read_at}
        for read in pages
        if (digest := text_hash(check_text(read.text)))
    }
    await upsert(connection, page, list(rows.values()), [])


def _content_hash(data: CompanyProfile) -> str:
    """SHA-256, in hex, of what a stored profile says, whenever its pages were read."""
    timeless = replace(data, pages=tuple(replace(read, read_at=_ANY_TIME) for read in data.pages))
    return text_hash(encode(CompanyProfile, timeless))
