"""The call ledger in SQL: many claims and ends of calls in one transaction, under locks taken in one order."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, Table, bindparam, case, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from longlist.model.call import Answer, Caps
from longlist.store.ledger import (
    CallSubject,
    CallTotal,
    Claim,
    Elsewhere,
    Granted,
    Settlement,
    Slots,
    Spend,
    Spent,
    Verdict,
    Written,
    unpack,
)
from longlist.store.ledger_states import Purse, Row, claimed, day_of, new_row, payers, refusal, reserve, settled
from longlist.store.sql import AnyRow, Database, batches, upsert, whole
from longlist.store.tables import blob as b
from longlist.store.tables import call_ledger as c
from longlist.store.tables import rate as r
from longlist.store.tables import task_budget as p

_FIXED = {"key", "provider", "operation", "model", "freshness", "company", "criteria", "started_at"}
_CHANGING = [column.name for column in c.columns if column.name not in _FIXED]
_SET_CALL = update(c).where(c.c.key == bindparam("at")).values({name: bindparam(name) for name in _CHANGING})
_USED = ("used_micros", "used_calls", "used_tokens", "used_ms", "seen_ms")
_SET_PURSE = update(p).where(p.c.task_id == bindparam("at")).values({name: bindparam(name) for name in _USED})
_KEYS: Any = bindparam("keys", expanding=True)
_ANSWERS = (
    select(c.c.key, c.c.status, c.c.headers, c.c.tokens, c.c.cost_micros, b.c.codec, b.c.data)
    .join(b, b.c.hash == c.c.answer_hash)
    .where(c.c.state == "done", c.c.key.in_(_KEYS))
)
_CALLS_LOCKED = (
    select(c.c.key, c.c.started_at, *(c.c[name] for name in _CHANGING))
    .where(c.c.key.in_(_KEYS))
    .order_by(c.c.key)
    .with_for_update()
)
_PURSES_LOCKED = select(p).where(p.c.task_id.in_(_KEYS)).order_by(p.c.task_id).with_for_update()
_RATE_LOCKED = select(r).where(r.c.name.in_(_KEYS)).with_for_update()


class clock_ms(FunctionElement[int]):  # noqa: N801 - reads as the SQL function it is
    """The database's own clock, in milliseconds since 1970: one clock for all workers, so leases mean the same to each."""

    type = BigInteger()
    inherit_cache = True


@compiles(clock_ms, "sqlite")
def _sqlite_clock(*_: Any, **__: Any) -> str:
    return "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)"


@compiles(clock_ms, "postgresql")
def _postgresql_clock(*_: Any, **__: Any) -> str:
    return "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"


class LedgerRows:
    """A LedgerStore in SQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recorded(self, keys: Collection[str]) -> dict[str, Answer]:
        async with self._database.reading() as connection:
            return await _answers(connection, keys)

    @whole
    async def write_calls(
        self,
        claims: Sequence[Claim] = (),
        ends: Sequence[Settlement] = (),
        slots: Sequence[Slots] = (),
        is_gone: Callable[[str], bool] = lambda _: False,
    ) -> Written:
        at = datetime.now(UTC)
        async with self._database.writing() as connection:
            now_ms = (await connection.execute(select(clock_ms()))).scalar_one()
            work = _Work(connection, now_ms, at)
            await work.open(claims, ends)
            for end in ends:
                if end.key in work.rows:
                    settled(work.rows[end.key], end, at, work.purse)
                    work.changed.add(end.key)
            verdicts = [work.verdict(claim, is_gone) for claim in claims]
            answers = work.handed_in(ends)
            done = {key for key, row in work.rows.items() if row["state"] == "done"}
            await work.save(ends)
            answers |= await _answers(connection, done - set(answers))
            turns = tuple([await _turns(connection, wish, now_ms * 1000) for wish in sorted_slots(slots)])
        order = {id(wish): number for number, wish in enumerate(sorted_slots(slots))}
        return Written(
            tuple(answers.get(claim.key, verdict) for claim, verdict in zip(claims, verdicts, strict=True)),
            tuple(answers.get(end.key) for end in ends),
            tuple(turns[order[id(wish)]] for wish in slots),
        )

    async def renew_calls(self, held: Mapping[str, str], lease_ms: int) -> None:
        await self._lease(held, clock_ms() + lease_ms)

    async def release_calls(self, held: Mapping[str, str]) -> None:
        await self._lease(held, 0)

    async def set_caps(self, task_id: str, caps: Caps) -> None:
        limits = {
            "max_micros": caps.micros,
            "max_calls": caps.calls,
            "max_tokens": caps.tokens,
            "max_minutes": caps.minutes,
        }
        async with self._database.writing() as connection:
            await upsert(connection, p, [Purse.new(task_id).row | limits], list(limits))

    async def spend(self, task_id: str) -> Spend:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(p).where(p.c.task_id == task_id))).one_or_none()
        if row is None:
            return Spend()
        return Spend(row.used_micros, row.used_calls, row.used_tokens, row.used_ms / 1000)

    async def call_totals(self, task_id: str) -> list[CallTotal]:
        kinds = (c.c.step, c.c.provider, c.c.operation, c.c.state)
        sums = (c.c.attempts, c.c.cost_micros, c.c.doubtful_micros, c.c.reserved_micros, c.c.tokens)
        query = (
            select(
                *kinds,
                func.count(),
                *(cast(func.sum(column), BigInteger) for column in sums),
                func.sum(cast(c.c.maybe_paid_twice, Integer)),
            )
            .where(c.c.task_id == task_id)
            .group_by(*kinds)
            .order_by(*kinds)
        )
        async with self._database.reading() as connection:
            return [CallTotal(*row) for row in await connection.execute(query)]

    @whole
    async def open_day(self, now: datetime) -> None:
        name = day_of(now)
        midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        open_ones = case((c.c.is_open, c.c.reserved_micros), else_=0)
        total = func.coalesce(func.sum(c.c.cost_micros + c.c.doubtful_micros + open_ones), 0)
        async with self._database.writing() as connection:
            await _inserted(connection, p, [Purse.new(name).row], p.c.task_id)
            (row,) = await _locked(connection, _PURSES_LOCKED, {name})
            spent = await connection.execute(select(cast(total, BigInteger)).where(c.c.started_at >= midnight))
            more = int(spent.scalar_one()) - row.used_micros
            if more > 0:
                purse = Purse(dict(row._mapping))  # noqa: SLF001 - the public name of this attribute
                purse.add(more)
                await connection.execute(_SET_PURSE, {"at": name, **{used: purse.row[used] for used in _USED}})

    async def call_subjects(self, task_id: str) -> list[CallSubject]:
        sums = (c.c.attempts, c.c.cost_micros + c.c.doubtful_micros, c.c.tokens)
        query = (
            select(c.c.company, c.c.criteria, func.count(), *(cast(func.sum(one), BigInteger) for one in sums))
            .where(c.c.task_id == task_id, c.c.company != "")
            .group_by(c.c.company, c.c.criteria)
            .order_by(c.c.company, c.c.criteria)
        )
        async with self._database.reading() as connection:
            rows = await connection.execute(query)
            return [CallSubject(row[0], tuple(filter(None, row[1].split(","))), *row[2:]) for row in rows]

    @whole
    async def _lease(self, held: Mapping[str, str], until: Any) -> None:
        async with self._database.writing() as connection:
            for some in batches(sorted(held)):
                owners = [held[key] for key in some]
                theirs = c.c.key.in_(some) & c.c.owner.in_(owners) & c.c.is_open
                await connection.execute(update(c).where(theirs).values(lease_until=until))


class _Work:
    """The rows of one transaction, read under lock, changed in memory, saved together.

    Locks are taken in one order by all (new keys, keys, budgets, rates; each sorted), so no two transactions wait for
    each other.
    """

    def __init__(self, connection: AsyncConnection, now_ms: int, at: datetime) -> None:
        self._connection = connection
        self._now_ms = now_ms
        self._at = at
        self.rows: dict[str, Row] = {}
        self.changed: set[str] = set()
        self._fresh: set[str] = set()
        self._refused: set[str] = set()
        self._purses: dict[str, Purse] = {}

    async def open(self, claims: Sequence[Claim], ends: Sequence[Settlement]) -> None:
        """Enter the claimed calls that have no row yet; lock and read all others, and the budgets."""
        new = {claim.key: new_row(claim, self._now_ms, self._at) for claim in claims}
        self._fresh = set(await _inserted(self._connection, c, [new[key] for key in sorted(new)], c.c.key))
        self.rows = {key: new[key] for key in self._fresh}
        there = {key for key in (*new, *(end.key for end in ends)) if key not in self._fresh}
        for row in await _locked(self._connection, _CALLS_LOCKED, there):
            self.rows[row.key] = dict(row._mapping)  # noqa: SLF001 - the public name of this attribute
        tasks = {row["task_id"] for row in self.rows.values()} - {None}
        changes: list[Claim | Settlement] = [*claims, *ends]
        tasks |= {name for asked in changes for name in payers(asked)}
        budgets = await _locked(self._connection, _PURSES_LOCKED, tasks)
        self._purses = {row.task_id: Purse(dict(row._mapping)) for row in budgets}  # noqa: SLF001
        if missing := sorted(tasks - set(self._purses)):
            made = await _inserted(self._connection, p, [Purse.new(task).row for task in missing], p.c.task_id)
            self._purses |= {task: Purse.new(task) for task in made}
            if others := set(missing) - set(made):
                budgets = await _locked(self._connection, _PURSES_LOCKED, others)
                self._purses |= {row.task_id: Purse(dict(row._mapping)) for row in budgets}  # noqa: SLF001
        for purse in self._purses.values():
            purse.tick(self._now_ms)

    def purse(self, task_id: str) -> Purse:
        """The purse of a task that takes part in this transaction."""
        return self._purses[task_id]

    def verdict(self, claim: Claim, is_gone: Callable[[str], bool]) -> Verdict:
        """Decide on a claim; one whose answer is there is answered by the caller."""
        row = self.rows[claim.key]
        if row["state"] == "done":
            return Elsewhere()
        if claim.key not in self._fresh:
            verdict = claimed(row, claim, self._now_ms, is_gone, self.purse)
            if isinstance(verdict, Granted):
                self.changed.add(claim.key)
            return verdict
        self._fresh.discard(claim.key)
        spent: Spent | None = None
        if spent := refusal(claim, self.purse):
            self._refused.add(claim.key)
            return spent
        reserve(claim, self.purse)
        return Granted(claim.owner, row["idempotency_key"])

    def handed_in(self, ends: Sequence[Settlement]) -> dict[str, Answer]:
        """The answers that are recorded just now: no need to read them back."""
        return {
            end.key: end.answer
            for end in ends
            if end.answer and end.blob and self.rows.get(end.key, {}).get("answer_hash") == end.blob.hash
        }

    async def save(self, ends: Sequence[Settlement]) -> None:
        """Write what was changed; blobs first, since rows refer to them."""
        execute = self._connection.execute
        blobs = {end.blob.hash: end.blob for end in ends if end.blob}
        await upsert(
            self._connection,
            b,
            [
                {"hash": name, "codec": one.codec, "size": one.size, "data": one.data}
                for name, one in sorted(blobs.items())
            ],
            [],
        )
        changed = sorted(self.changed - self._refused)
        if changed:
            await execute(
                _SET_CALL, [{"at": key, **{name: self.rows[key][name] for name in _CHANGING}} for key in changed]
            )
        if self._refused:
            await execute(delete(c).where(c.c.key.in_(self._refused)))
        purses = [purse.row for _, purse in sorted(self._purses.items()) if purse.is_changed]
        if purses:
            await execute(_SET_PURSE, [{"at": row["task_id"], **{name: row[name] for name in _USED}} for row in purses])


def sorted_slots(slots: Iterable[Slots]) -> list[Slots]:
    """Wishes in the order in which all lock them."""
    return sorted(slots, key=lambda wish: wish.name)


async def _answers(connection: AsyncConnection, keys: Collection[str]) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for some in batches(keys):
        for row in await connection.execute(_ANSWERS, {"keys": some}):
            body = unpack(row.codec, row.data)
            found[row.key] = Answer(body, row.cost_micros, row.status, row.tokens, row.headers or {})
    return found


async def _turns(connection: AsyncConnection, wish: Slots, now_us: int) -> tuple[float, ...]:
    """The next turns under a rate: evenly spaced, `burst` of them at once after a pause."""
    await upsert(connection, r, [{"name": wish.name, "next_us": 0}], [])
    (row,) = await _locked(connection, _RATE_LOCKED, [wish.name])
    apart = round(1_000_000 / wish.rate.per_second)
    first = max(row.next_us, now_us - (wish.rate.burst - 1) * apart)
    await connection.execute(update(r).where(r.c.name == wish.name).values(next_us=first + wish.count * apart))
    return tuple(max(0, first + number * apart - now_us) / 1_000_000 for number in range(wish.count))


async def _inserted(connection: AsyncConnection, table: Table, rows: list[Row], name: Any) -> list[Any]:
    """Insert rows whose key is not there yet; returns the keys of those."""
    if not rows:
        return []
    insert: Any = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}[connection.dialect.name]
    statement = insert(table).on_conflict_do_nothing().returning(name)
    return list((await connection.execute(statement, rows)).scalars())


async def _locked(connection: AsyncConnection, query: Select[Any], keys: Collection[str]) -> Sequence[AnyRow]:
    """Rows by key, locked in the order of their keys until the transaction ends."""
    found: list[AnyRow] = []
    for some in batches(sorted(keys)):
        found += (await connection.execute(query, {"keys": some})).all()
    return found
