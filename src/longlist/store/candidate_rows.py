"""Candidates in SQL: found, profiled, graded."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from longlist.errors import Conflict, InvalidInput, NotFound
from longlist.model.company import Candidate, CompanyProfile
from longlist.model.criterion import Grade, qualifies
from longlist.store.merge_rows import MergeRows
from longlist.store.profile_rows import put_versions
from longlist.store.result_rows import candidate_of, with_pages
from longlist.store.round_rows import RoundRows, put_sightings
from longlist.store.sql import AnyRow, batches, upsert, whole
from longlist.store.store import CandidateState
from longlist.store.tables import candidate as c
from longlist.store.tables import grade as g
from longlist.store.tables import hand_grade as h
from longlist.store.tables import profile
from longlist.store.tables import task as t
from longlist.store.task_rows import touch_as_run
from longlist.store.verdicts import reason_of


class CandidateRows(MergeRows, RoundRows):
    """The part of a TaskStore that fills a task: candidates, their profiles, their grades."""

    @whole
    async def put_candidates(self, task_id: str, candidates: Sequence[Candidate], *, round_no: int = 1) -> int:
        if not candidates:
            return 0
        async with self._database.writing() as connection:
            await touch_as_run(connection, task_id)
            exclusions = select(t.c.exclude_domains, t.c.exclude_keys, t.c.revision).where(t.c.id == task_id)
            *excluded, revision = (await connection.execute(exclusions)).one()
            domains, keys = map(frozenset, excluded)
            known = set(await _rows_by_key(connection, task_id, [found.key for found in candidates]))
            last = (await connection.execute(select(func.max(c.c.seq)).where(c.c.task_id == task_id))).scalar_one()
            seq = 0 if last is None else last + 1
            now = datetime.now(UTC)
            rows: dict[str, dict[str, Any]] = {}
            for found in candidates:
                if found.key in known or found.key in rows:
                    continue
                is_out = found.key in keys or not domains.isdisjoint(_with_parents(found.domain))
                rows[found.key] = {
                    "id": str(uuid4()),
                    "task_id": task_id,
                    "key": found.key,
                    "name": found.name,
                    "domain": found.domain,
                    "source": found.source,
                    "url": found.url,
                    "snippet": found.snippet,
                    "score": found.score,
                    "found_by": found.found_by,
                    "round_no": round_no,
                    "seq": seq + len(rows),
                    "stage": "excluded" if is_out else "found",
                    "reason": f"The task excludes {found.domain or found.key}." if is_out else "",
                    "is_qualified": False,
                    "rev": revision,
                    # A microsecond apart, so that results of equal rank keep the order in which they were found.
                    "created_at": now + timedelta(microseconds=len(rows)),
                }
            if rows:
                await connection.execute(insert(c), list(rows.values()))
            await put_sightings(connection, task_id, candidates)
        return len(rows)

    async def unprofiled(
        self, task_id: str, limit: int | None = None, *, keys: Collection[str] | None = None
    ) -> list[Candidate]:
        await self.task(task_id)
        query = select(c).where(c.c.task_id == task_id, c.c.stage == "found").order_by(c.c.seq).limit(limit)
        if keys is not None:
            query = query.where(c.c.key.in_(sorted(keys)))
        async with self._database.reading() as connection:
            return [candidate_of(row) for row in await connection.execute(query)]

    async def candidates(self, task_id: str) -> list[CandidateState]:
        await self.task(task_id)
        query = select(c).where(c.c.task_id == task_id).order_by(c.c.seq)
        async with self._database.reading() as connection:
            return [_state(row) for row in await connection.execute(query)]

    @whole
    async def put_profiles(self, task_id: str, profiles: Sequence[tuple[str, CompanyProfile]]) -> None:
        if not profiles:
            return
        async with self._database.writing() as connection:
            await touch_as_run(connection, task_id)
            rows = await _existing(connection, task_id, [key for key, _ in profiles])
            versions = await put_versions(connection, [company for _, company in profiles])
            version_of = dict(zip((key for key, _ in profiles), versions, strict=True))
            links = [
                {"of_id": rows[key].id, "its_profile": version, "its_stage": "enriched"}
                for key, version in version_of.items()
                if rows[key].stage not in {"excluded", "evaluated", "merged"}
            ]
            await _update(connection, links, profile_id="its_profile", stage="its_stage", reason=None)

    @whole
    async def put_failures(self, task_id: str, reasons: Sequence[tuple[str, str]]) -> None:
        if not reasons:
            return
        async with self._database.writing() as connection:
            await touch_as_run(connection, task_id)
            rows = await _existing(connection, task_id, [key for key, _ in reasons])
            marks = {
                key: {"of_id": rows[key].id, "its_stage": "failed", "its_reason": why}
                for key, why in reasons
                if rows[key].stage not in {"excluded", "evaluated", "merged"}
            }
            await _update(connection, list(marks.values()), stage="its_stage", reason="its_reason")

    async def profiles(self, task_id: str, *, round_no: int | None = None) -> list[tuple[str, CompanyProfile]]:
        return await self._profiles(task_id, ["enriched", "evaluated"], round_no)

    async def ungraded(self, task_id: str, keys: Collection[str] | None = None) -> list[tuple[str, CompanyProfile]]:
        if keys is None:
            return await self._profiles(task_id, ["enriched"])
        found = [await self._profiles(task_id, ["enriched"], keys=some) for some in batches(sorted(keys))]
        return [one for some in found for one in some]

    async def _profiles(
        self, task_id: str, stages: list[str], round_no: int | None = None, *, keys: list[str] | None = None
    ) -> list[tuple[str, CompanyProfile]]:
        await self.task(task_id)
        query = (
            select(c.c.key, profile.c.data)
            .join(profile, profile.c.id == c.c.profile_id)
            .where(c.c.task_id == task_id, c.c.stage.in_(stages))
            .order_by(c.c.seq)
        )
        if round_no is not None:
            query = query.where(c.c.round_no == round_no)
        if keys is not None:
            query = query.where(c.c.key.in_(keys))
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
            companies = await with_pages(connection, [row.data for row in rows])
        return [(row.key, company) for row, company in zip(rows, companies, strict=True)]

    @whole
    async def put_grades(self, task_id: str, grades: Sequence[tuple[str, float, tuple[Grade, ...]]]) -> None:
        if not grades:
            return
        task = await self.task(task_id)
        wanted = [criterion.key for criterion in task.criteria or ()]
        async with self._database.writing() as connection:
            await touch_as_run(connection, task_id)
            rows = await _existing(connection, task_id, [key for key, _, _ in grades])
            scores: dict[str, dict[str, int | None]] = {}
            ranks: dict[str, float] = {}
            graded: dict[tuple[str, str], dict[str, Any]] = {}
            by_hand: dict[tuple[str, str], int] = {}
            for key, rank_score, given in grades:
                row = rows[key]
                if row.stage in {"excluded", "merged"}:
                    continue
                if row.profile_id is None:
                    raise Conflict(f"{key} cannot be graded before it has a profile.")
                ranks[row.id] = rank_score
                scores.setdefault(row.id, {})
                for one in given:
                    if wanted and one.criterion_key not in wanted:
                        raise InvalidInput(f"The task has no criterion {one.criterion_key!r} to grade {key} on.")
                    scores[row.id][one.criterion_key] = one.score
                    graded[row.id, one.criterion_key] = {
                        "candidate_id": row.id,
                        "criterion_key": one.criterion_key,
                        "score": one.score,
                        "why": one.why,
                        "probability": one.probability,
                        "evidence": one.evidence,
                    }
            await upsert(connection, g, list(graded.values()), ["score", "why", "probability", "evidence"])
            for some in batches(scores):  # what a person said counts
                said = await connection.execute(select(h).where(h.c.candidate_id.in_(some)))
                by_hand.update(((row.candidate_id, row.criterion_key), row.score) for row in said)
            partial = [found for found, given_scores in scores.items() if len(given_scores) < len(wanted)]
            for some in batches(partial):
                before = await connection.execute(
                    select(g.c.candidate_id, g.c.criterion_key, g.c.score).where(g.c.candidate_id.in_(some))
                )
                for row in before:
                    scores[row.candidate_id].setdefault(row.criterion_key, row.score)
            verdicts = [
                {
                    "of_id": found,
                    "its_rank": ranks[found],
                    "its_stage": "evaluated" if given_scores and set(wanted) <= set(given_scores) else "enriched",
                    "its_verdict": qualifies(
                        [by_hand.get((found, key), given_scores.get(key)) for key in wanted or given_scores]
                    ),
                }
                for found, given_scores in scores.items()
            ]
            await _update(
                connection,
                verdicts,
                rank_score="its_rank",
                stage="its_stage",
                is_qualified="its_verdict",
                reason=None,
            )


def _state(row: AnyRow) -> CandidateState:
    return CandidateState(candidate_of(row), row.stage, reason_of(row), row.merged_into or "")


def _with_parents(domain: str) -> list[str]:
    """A domain and those it is a subdomain of: "eu.acme.com", "acme.com", "com"."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]


async def _update(connection: AsyncConnection, rows: list[dict[str, Any]], **values: str | None) -> None:
    """Set columns of candidates from the named entries of each row, by `of_id`; None empties a text column."""
    if rows:
        bound: dict[str, Any] = {name: "" if source is None else bindparam(source) for name, source in values.items()}
        bound["rev"] = select(t.c.revision).where(t.c.id == c.c.task_id).scalar_subquery()
        await connection.execute(update(c).where(c.c.id == bindparam("of_id")).values(bound), rows)


async def _rows_by_key(connection: AsyncConnection, task_id: str, keys: Collection[str]) -> dict[str, AnyRow]:
    found: dict[str, AnyRow] = {}
    wanted = select(c.c.id, c.c.key, c.c.stage, c.c.profile_id).where(c.c.task_id == task_id)
    for some in batches(dict.fromkeys(keys)):
        rows = await connection.execute(wanted.where(c.c.key.in_(some)).with_for_update())
        found.update((row.key, row) for row in rows)
    return found


async def _existing(connection: AsyncConnection, task_id: str, keys: Collection[str]) -> dict[str, AnyRow]:
    found = await _rows_by_key(connection, task_id, keys)
    if unknown := [key for key in keys if key not in found]:
        raise NotFound(f"The task has no candidate {unknown[0]!r}; nothing of this batch was kept.")
    return found
