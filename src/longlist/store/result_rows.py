"""What a task came to, in SQL: results, and counts that are cheaper than results."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from longlist.language.words import fold
from longlist.model.company import Candidate, CompanyProfile
from longlist.model.criterion import PASSING_SCORE, Grade, HandGrade
from longlist.model.task import Task
from longlist.store.sql import AnyRow, batches
from longlist.store.store import Result, TaskView
from longlist.store.tables import candidate as c
from longlist.store.tables import grade as g
from longlist.store.tables import hand_grade as h
from longlist.store.tables import page, profile
from longlist.store.task_rows import TaskRows, count_of, progress_of


class ResultRows(TaskRows):
    """The part of a TaskStore that reads what a task came to."""

    async def results(
        self,
        task_id: str,
        offset: int = 0,
        limit: int | None = None,
        *,
        qualified_only: bool = True,
        with_texts: bool = True,
    ) -> list[Result]:
        async with self._database.reading() as connection:
            task = await self._task(connection, task_id)
            query = _ranked(task_id, c, profile.c.data)
            if qualified_only:
                query, limit = query.where(c.c.is_qualified), _visible(task, offset, limit)
            query = query.offset(offset).limit(limit)
            return await self._results(connection, task, query, with_texts=with_texts)

    async def view(self, task_id: str, offset: int = 0, limit: int | None = None) -> TaskView:
        async with self._database.reading() as connection:
            task = await self._task(connection, task_id)
            progress = (await progress_of(connection, [task_id]))[task_id]
            query = _ranked(task_id, c, profile.c.data).where(c.c.is_qualified)
            query = query.offset(offset).limit(_visible(task, offset, limit))
            results = await self._results(connection, task, query, with_texts=False) if limit != 0 else []
        return TaskView(task, progress, tuple(results))

    async def near_misses(self, task_id: str, limit: int = 10, *, with_texts: bool = True) -> list[Result]:
        query = _ranked(task_id, c, profile.c.data).where(~c.c.is_qualified).limit(limit)
        async with self._database.reading() as connection:
            task = await self._task(connection, task_id)
            return await self._results(connection, task, query, with_texts=with_texts)

    async def result_named(self, task_id: str, text: str) -> Result | None:
        asked = fold(text).strip()
        query = _ranked(task_id, c.c.id, c.c.key, profile.c.domain, profile.c.name)
        async with self._database.reading() as connection:
            task = await self._task(connection, task_id)
            rows = (await connection.execute(query)).all()
            named = [row for row in rows if asked in {row.id, fold(row.key), row.domain}]
            named += [row for row in rows if asked == fold(row.name).strip()]
            if not named and asked:  # "Chubb" is Chubb Limited, unless others begin so too
                begun = [row for row in rows if fold(row.name).startswith(f"{asked} ")]
                named = begun if len(begun) == 1 else []
            found = next(iter(named), None)
            if found is None or not asked:
                return None
            whole = _ranked(task_id, c, profile.c.data).where(c.c.id == found.id)
            return next(iter(await self._results(connection, task, whole, with_texts=True)), None)

    async def results_with_ids(self, task_id: str, result_ids: Collection[str]) -> dict[str, Result]:
        found: dict[str, Result] = {}
        async with self._database.reading() as connection:
            task = await self._task(connection, task_id)
            for some in batches(dict.fromkeys(result_ids)):
                query = _ranked(task_id, c, profile.c.data).where(c.c.id.in_(some))
                results = await self._results(connection, task, query, with_texts=False)
                found |= {result.id: result for result in results}
        return found

    async def _results(
        self, connection: AsyncConnection, task: Task, query: Select[Any], *, with_texts: bool
    ) -> list[Result]:
        place = {criterion.key: number for number, criterion in enumerate(task.criteria or ())}
        rows = (await connection.execute(query)).all()
        if with_texts:
            companies = await with_pages(connection, [row.data for row in rows])
        else:
            companies = [replace(row.data, pages=()) for row in rows]
        grades: dict[str, list[Grade]] = {row.id: [] for row in rows}
        by_hand: dict[str, list[HandGrade]] = {}
        for ids in batches(grades):
            for row in await connection.execute(select(g).where(g.c.candidate_id.in_(ids))):
                given = Grade(row.criterion_key, row.score, row.why, row.evidence, row.probability)
                grades[row.candidate_id].append(given)
            for row in await connection.execute(select(h).where(h.c.candidate_id.in_(ids))):
                said = HandGrade(row.criterion_key, row.score, row.note, row.given_at)
                by_hand.setdefault(row.candidate_id, []).append(said)
        for some in grades.values():
            some.sort(key=lambda one: (place.get(one.criterion_key, len(place)), one.criterion_key))
        return [
            Result(
                id=row.id,
                task_id=task.id,
                candidate=candidate_of(row),
                profile_id=row.profile_id,
                profile=company,
                grades=tuple(grades[row.id]),
                rank_score=row.rank_score or 0.0,
                is_qualified=row.is_qualified,
                created_at=row.created_at,
                by_hand=tuple(sorted(by_hand.get(row.id, ()), key=lambda one: one.criterion_key)),
            )
            for row, company in zip(rows, companies, strict=True)
        ]

    async def qualified_keys(self, task_id: str) -> frozenset[str]:
        return frozenset(row.key for row in await self._visible(task_id, c.c.key))

    async def tallies(self, task_id: str) -> dict[str, tuple[int, int, int]]:
        task = await self.task(task_id)
        query = (
            select(
                g.c.criterion_key,
                count_of(g.c.score >= PASSING_SCORE).label("passed"),
                count_of(g.c.score.is_(None)).label("silent"),
                func.count().label("evaluated"),
            )
            .join(c, c.c.id == g.c.candidate_id)
            .where(c.c.task_id == task_id, c.c.stage == "evaluated")
            .group_by(g.c.criterion_key)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        counted = {row.criterion_key: (row.passed, row.silent, row.evaluated) for row in rows}
        return {criterion.key: counted.get(criterion.key, (0, 0, 0)) for criterion in task.criteria or ()}

    async def source_counts(self, task_id: str) -> dict[str, int]:
        await self.task(task_id)
        query = select(c.c.source, func.count().label("found")).where(c.c.task_id == task_id).group_by(c.c.source)
        async with self._database.reading() as connection:
            return {row.source: row.found for row in await connection.execute(query.order_by(c.c.source))}

    async def page_texts(self, hashes: Collection[str]) -> dict[str, str]:
        async with self._database.reading() as connection:
            return await _texts(connection, hashes)

    async def qualified_domains(self, task_ids: Sequence[str]) -> tuple[str, ...]:
        domains: set[str] = set()
        for task_id in task_ids:
            rows = await self._visible(task_id, c.c.domain, profile.c.domain.label("own_domain"))
            domains.update(row.own_domain or row.domain for row in rows)
        return tuple(sorted(domains - {""}))

    async def qualified_identities(self, task_ids: Sequence[str]) -> tuple[str, ...]:
        found: set[str] = set()
        for task_id in task_ids:
            for row in await self._visible(task_id, c.c.key, c.c.domain, profile.c.domain.label("own_domain")):
                found |= {row.key, row.domain, row.own_domain}
        return tuple(sorted(found - {""}))

    async def _visible(self, task_id: str, *columns: Any) -> Sequence[AnyRow]:
        """Columns of the results that `results` returns, in their order."""
        task = await self.task(task_id)
        query = _ranked(task_id, *columns).where(c.c.is_qualified).limit(task.spec.wanted)
        async with self._database.reading() as connection:
            rows: Sequence[AnyRow] = (await connection.execute(query)).all()
        return rows


def _ranked(task_id: str, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(c.join(profile, profile.c.id == c.c.profile_id))
        .where(c.c.task_id == task_id, c.c.stage == "evaluated")
        .order_by(c.c.rank_score.desc(), c.c.created_at, c.c.id)
    )


def _visible(task: Task, offset: int, limit: int | None) -> int:
    """How many qualified ones may be shown from `offset` on: in all as many as were wanted, the best ones."""
    left = max(0, task.spec.wanted - offset)
    return left if limit is None else min(limit, left)


def candidate_of(row: AnyRow) -> Candidate:
    """The candidate behind a row that has all its columns."""
    return Candidate(
        row.key,
        row.name,
        row.domain,
        row.source,
        row.score,
        row.url,
        row.snippet,
        row.found_by,
        apart_from=row.apart_from or (),
    )


async def _texts(connection: AsyncConnection, hashes: Collection[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for some in batches(dict.fromkeys(hashes)):
        rows = await connection.execute(select(page.c.hash, page.c.text).where(page.c.hash.in_(some)))
        texts.update((row.hash, row.text) for row in rows)
    return texts


async def with_pages(connection: AsyncConnection, profiles: Sequence[CompanyProfile]) -> list[CompanyProfile]:
    """The profiles with the texts of their pages: in a stored profile a page's `text` is the hash of its text.

    A page whose text is no longer stored is left out; `verify` names what cannot be proven without it.
    """
    texts = await _texts(connection, [read.text for company in profiles for read in company.pages])
    return [
        replace(
            company, pages=tuple(replace(read, text=texts[read.text]) for read in company.pages if read.text in texts)
        )
        for company in profiles
    ]
