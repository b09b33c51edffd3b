"""Companies in SQL, whichever task found them: the profiles that say more than the catalogue does."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import BindParameter, literal, select, tuple_

from longlist.model.company import CompanyProfile
from longlist.store.result_rows import with_pages
from longlist.store.sql import AnyRow, Database, batches
from longlist.store.store import ProfileVersion
from longlist.store.tables import profile as p

CATALOG_RECORD = "catalog:"  # how the keys of catalogue records begin
READ_BATCH = 500


class CompanyRows:
    """A CompanyStore in SQL."""

    _database: Database

    async def profile_with_id(self, profile_id: str) -> CompanyProfile | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(p.c.data).where(p.c.id == profile_id))).one_or_none()
        return None if row is None else replace(row.data, pages=())

    async def profiles_since(
        self, moment: datetime | None, after: ProfileVersion | None = None, limit: int = 1000
    ) -> list[ProfileVersion]:
        query = select(p.c.id, p.c.key, p.c.created_at).order_by(p.c.created_at, p.c.id).limit(limit)
        if moment is not None:
            query = query.where(p.c.created_at >= moment)
        if after is not None:
            query = query.where(tuple_(p.c.created_at, p.c.id) > tuple_(_time(after.created_at), after.id))
        async with self._database.reading() as connection:
            return [ProfileVersion(row.id, row.key, row.created_at) for row in await connection.execute(query)]

    async def newest_profile(self) -> ProfileVersion | None:
        query = select(p.c.id, p.c.key, p.c.created_at).order_by(p.c.created_at.desc(), p.c.id.desc()).limit(1)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else ProfileVersion(row.id, row.key, row.created_at)

    async def learned_profiles(self, keys: Collection[str], *, with_texts: bool = False) -> dict[str, CompanyProfile]:
        found: dict[str, CompanyProfile] = {}
        async with self._database.reading() as connection:
            for some in batches(dict.fromkeys(keys)):
                query = select(p.c.key, p.c.data).where(p.c.key.in_(some)).order_by(p.c.key, p.c.created_at, p.c.id)
                found.update(_newest((await connection.execute(query)).all()))
            if not with_texts:
                return {key: replace(company, pages=()) for key, company in found.items()}
            whole = await with_pages(connection, list(found.values()))
        return dict(zip(found, whole, strict=True))

    async def learned_companies(self) -> AsyncIterator[list[CompanyProfile]]:
        place = (p.c.key, p.c.created_at, p.c.id)
        query = select(*place, p.c.data).order_by(*place).limit(READ_BATCH)
        after: tuple[str, datetime, str] | None = None
        waiting: dict[str, CompanyProfile] = {}  # the last company of a batch may have more versions in the next
        while True:
            page = query if after is None else query.where(tuple_(*place) > tuple_(after[0], _time(after[1]), after[2]))
            async with self._database.reading() as connection:
                rows = (await connection.execute(page)).all()
                waiting |= _newest(rows)
                done = [company for key, company in waiting.items() if not rows or key != rows[-1].key]
                ready = await with_pages(connection, done)
            if ready:
                yield ready
            if not rows:
                return
            waiting = {key: company for key, company in waiting.items() if key == rows[-1].key}
            after = (rows[-1].key, rows[-1].created_at, rows[-1].id)


def _time(moment: datetime) -> BindParameter[datetime]:
    return literal(moment, p.c.created_at.type)


def _newest(rows: Sequence[AnyRow]) -> dict[str, CompanyProfile]:
    """Of rows in order of time, the last of each company that says more than the catalogue."""
    return {row.key: row.data for row in rows if is_learned(row.data)}


def is_learned(company: CompanyProfile) -> bool:
    """Whether a profile holds a page that is no record of the catalogue."""
    return any(page.record is None or not page.record.startswith(CATALOG_RECORD) for page in company.pages)
