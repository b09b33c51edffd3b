"""The catalogue in SQL: records by key, companies by streaming."""

from collections.abc import AsyncIterator, Collection, Iterable, Sequence
from dataclasses import replace
from uuid import uuid4

from sqlalchemy import JSON, delete, distinct, func, select, tuple_, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncConnection

from longlist.model.company import Record
from longlist.store.columns import binary
from longlist.store.record_lines import Kept, line_of
from longlist.store.sql import AnyRow, Database, batches, upsert, whole
from longlist.store.store import CatalogStats, PutCount
from longlist.store.tables import meta
from longlist.store.tables import record as r

PUT_BATCH = 2000
READ_BATCH = 2000
FINGERPRINT = "catalog_fingerprint"
CATALOGUE = "catalogue"  # one writer at a time: where a record goes depends on what is there
FACTS = {
    "founded": ("founded",),
    "employees": ("employees",),
    "country": ("hq", "country"),
    "state": ("hq", "state"),
    "city": ("hq", "city"),
    "status": ("status",),
    "listed": ("listed",),
    "business_models": ("business_models",),
    "funding_stage": ("funding_stage",),
    "funding_amount": ("funding_amount",),
}
"""Facts that `catalog_stats` counts, and where they lie in a stored record; what is not stated is not stored."""


class SqlCatalogStore:
    """A CatalogStore in SQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put_records(self, set_name: str, records: Iterable[Record], *, is_whole: bool = False) -> PutCount:
        put_id = uuid4().hex
        earlier = await self._put_ids(set_name)
        total = PutCount()
        for some in batches(records, PUT_BATCH):
            put = await self._put_batch(set_name, some, put_id, is_whole=is_whole)
            total = PutCount(total.added + put.added, total.changed + put.changed, total.unchanged + put.unchanged)
        return replace(total, removed=await self._remove_stale(set_name, put_id, earlier, is_whole=is_whole))

    async def _put_ids(self, set_name: str) -> list[str]:
        """The puts that gave what a set holds now."""
        async with self._database.reading() as connection:
            found = await connection.execute(select(r.c.put_id).where(r.c.set_name == set_name).distinct())
            return list(found.scalars())

    @whole
    async def _put_batch(self, set_name: str, records: list[Record], put_id: str, *, is_whole: bool) -> PutCount:
        lines = [line_of(set_name, record, put_id) for record in records]
        async with self._database.writing(alone=CATALOGUE) as connection:
            kept: dict[str, Kept] = {}
            for keys in batches(dict.fromkeys(key for line in lines for key in line.possible_keys)):
                columns = (r.c.key, r.c.set_name, r.c.domain, r.c.name, r.c.hash, r.c.put_id)
                for row in await connection.execute(select(*columns).where(r.c.key.in_(keys))):
                    kept[row.key] = Kept(row.set_name, row.domain, row.name, row.hash, row.put_id)
            before = dict(kept)
            placed = {line.place(kept, gives_way=is_whole): line for line in lines}
            differing = [
                line.row(key)
                for key, line in placed.items()
                if key not in before or (before[key].hash, before[key].set_name) != (line.hash, set_name)
            ]
            if differing:
                await upsert(connection, r, differing, [column.name for column in r.columns if column.name != "key"])
                await _changed(connection)
            for keys in batches(placed.keys() - {row["key"] for row in differing}):
                await connection.execute(update(r).where(r.c.key.in_(keys)).values(put_id=put_id))
        added = len(placed.keys() - before.keys())
        return PutCount(added, len(differing) - added, len(lines) - len(differing))

    @whole
    async def _remove_stale(self, set_name: str, put_id: str, earlier: Sequence[str], *, is_whole: bool) -> int:
        """Remove what earlier puts gave and this one did not; what another gave meanwhile is not ours to remove."""
        given = select(r.c.key).where(r.c.set_name == set_name, r.c.put_id == put_id)
        stale = (r.c.set_name == set_name) & r.c.put_id.in_(earlier)
        if not is_whole:
            stale &= r.c.variant_of.in_(given)
        async with self._database.writing(alone=CATALOGUE) as connection:
            removed = (await connection.execute(delete(r).where(stale))).rowcount if earlier else 0
            if removed:
                await _changed(connection)
        return removed

    @whole
    async def remove_set(self, set_name: str) -> int:
        async with self._database.writing(alone=CATALOGUE) as connection:
            removed = (await connection.execute(delete(r).where(r.c.set_name == set_name))).rowcount
            if removed:
                await _changed(connection)
        return removed

    @whole
    async def prune_set(self, set_name: str, keep: Collection[str]) -> int:
        async with self._database.writing(alone=CATALOGUE) as connection:
            known = (await connection.execute(select(r.c.key).where(r.c.set_name == set_name))).scalars().all()
            stale = sorted(set(known).difference(keep))
            for keys in batches(stale):
                await connection.execute(delete(r).where(r.c.key.in_(keys)))
            if stale:
                await _changed(connection)
        return len(stale)

    async def note(self, name: str) -> str:
        async with self._database.reading() as connection:
            found = await connection.execute(select(meta.c.value).where(meta.c.key == f"note:{name}"))
            return found.scalar_one_or_none() or ""

    @whole
    async def put_note(self, name: str, value: str) -> None:
        async with self._database.writing() as connection:
            await upsert(connection, meta, [{"key": f"note:{name}", "value": value}], ["value"])

    async def records_of(self, company_keys: Collection[str]) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        async with self._database.reading() as connection:
            for keys in batches(dict.fromkeys(company_keys)):
                query = select(r.c.company_key, r.c.data, r.c.text).where(r.c.company_key.in_(keys))
                for row in await connection.execute(query.order_by(r.c.company_key, r.c.key)):
                    found.setdefault(row.company_key, []).append(_record(row))
        return found

    async def companies(self, batch: int = 1000) -> AsyncIterator[list[list[Record]]]:
        query = (
            select(r.c.company_key, r.c.key, r.c.data, r.c.text).order_by(r.c.company_key, r.c.key).limit(READ_BATCH)
        )
        after: tuple[str, str] | None = None
        ready: list[list[Record]] = []
        company: list[Record] = []
        while True:
            page = query if after is None else query.where(tuple_(r.c.company_key, r.c.key) > tuple_(*after))
            async with self._database.reading() as connection:
                rows = (await connection.execute(page)).all()
            for row in rows:
                if company and after and row.company_key != after[0]:
                    ready.append(company)
                    company = []
                    if len(ready) >= batch:
                        yield ready
                        ready = []
                company.append(_record(row))
                after = (row.company_key, row.key)
            if len(rows) < READ_BATCH:
                break
        if company:
            ready.append(company)
        if ready:
            yield ready

    async def catalog_fingerprint(self) -> str:
        async with self._database.reading() as connection:
            value = (
                await connection.execute(select(meta.c.value).where(meta.c.key == FINGERPRINT))
            ).scalar_one_or_none()
        return "" if value is None else str(value)

    async def catalog_stats(self) -> CatalogStats:
        facts = {name: type_coerce(r.c.data, JSON)[("facts", *path)].as_string() for name, path in FACTS.items()}
        place = select(facts["country"].label("country")).subquery().c.country
        totals = select(
            func.count(distinct(r.c.company_key)).label("companies"),
            func.count().label("records"),
            func.count(func.nullif(r.c.domain, "")).label("with_domain"),
            *(func.count(fact).label(name) for name, fact in facts.items()),
        )
        sets = select(r.c.set_name, func.count().label("records")).group_by(r.c.set_name).order_by(r.c.set_name)
        countries = (
            select(place, func.count())
            .where(place.is_not(None))
            .group_by(place)
            .order_by(func.count().desc(), binary(place))
            .limit(10)
        )
        async with self._database.reading() as connection:
            total = (await connection.execute(totals)).one()
            by_set = {row.set_name: row.records for row in await connection.execute(sets)}
            top = tuple((name, count) for name, count in await connection.execute(countries))
        return CatalogStats(
            companies=total.companies,
            records=total.records,
            with_domain=total.with_domain,
            by_set=by_set,
            with_fact={name: total._mapping[name] for name in FACTS},  # noqa: SLF001 - the documented way to read by name
            top_countries=top,
        )


async def _changed(connection: AsyncConnection) -> None:
    await upsert(connection, meta, [{"key": FINGERPRINT, "value": uuid4().hex}], ["value"])


def _record(row: AnyRow) -> Record:
    data: Record = row.data
    return replace(data, text=row.text)
