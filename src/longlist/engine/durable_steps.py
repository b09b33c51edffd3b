"""The stages of the flow as steps of a durable run: what goes in and comes out is JSON, and small.

Nothing here knows what remembers the outcomes. A step that is done again reads rows, and does what they lack.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeAlias

import structlog

from longlist.engine.enriching import Enriching
from longlist.engine.kit import Kit
from longlist.engine.search import after_round
from longlist.engine.shares import in_batches
from longlist.engine.stages import (
    OUTSIDE_BATCH,
    complete_missing,
    discover_round,
    enrich_some,
    grade_missing,
    grade_some,
    make_plan,
    reference_of,
    wanted_stop,
)
from longlist.errors import BudgetSpent, Closed, LonglistError, NotFound, Stopped, StoreError
from longlist.model.company import Candidate, CompanyProfile
from longlist.store.sql import batches

STAGES = ("enrich", "grade")
SIDE_BY_SIDE = 2
PART = SIDE_BY_SIDE * OUTSIDE_BATCH
"""Companies in a batch that any worker may take up; their rows are kept as soon as `OUTSIDE_BATCH` of them are there."""

REFERENCES = 8  # kept in memory: what grades are measured against is the same for all batches of a task

log = structlog.get_logger()
Row: TypeAlias = dict[str, Any]
Step: TypeAlias = Callable[..., Coroutine[Any, Any, Row]]
Stage: TypeAlias = Callable[..., Awaitable[Row]]


class Steps:
    """The steps; `kit` gives the parts, anew for each, so that a changed catalogue is heeded.

    `is_alone`: there is no other worker to share the work of a stage with.
    """

    def __init__(self, kit: Callable[[], Awaitable[Kit]], *, is_alone: bool) -> None:
        self._kit = kit
        self._is_alone = is_alone
        self._references: dict[str, asyncio.Task[list[CompanyProfile]]] = {}

    def guarded(self, name: str, work: Stage) -> Step:
        """A stage as a step of a workflow: what ends the run is its outcome; only what may pass is an error."""

        async def step(task_id: str, *args: Any) -> Row:
            kit = await self._kit()
            try:
                return await work(kit, task_id, *args)
            except (StoreError, Closed) as error:  # the run is broken off, and begun anew later
                log.warning("run_broken_off", task=task_id, step=name, reason=str(error))
                raise
            except BudgetSpent:
                return row(end=end_("budget"))
            except Stopped:  # what was under way when the user stopped the task is not kept
                return row(end=end_(await wanted_stop(kit, task_id) or "stopped"))
            except NotFound:
                return row(end=end_("deleted"))
            except LonglistError as error:
                return row(end=end_("failed", why=str(error)))
            except Exception as error:
                log.exception("run_failed", task=task_id)
                why = f"A fault in Longlist ended the run ({type(error).__name__}: {error})."
                return row(end=end_("failed", why=why))

        step.__qualname__ = name
        return step

    async def begin(self, kit: Kit, task_id: str) -> Row:
        """Start the task and plan it."""
        task = await kit.store.start(task_id, only_unfinished=True)
        orders = {"orders": task.orders}
        if task.status in ("done", "failed"):  # somebody ended it while it waited
            return row(end=end_("ended")) | orders
        try:
            if stop := await wanted_stop(kit, task_id):
                return row(end=end_(stop)) | orders
            if (caps := task.spec.caps or kit.caps) is not None:
                await kit.store.set_caps(task_id, caps)
            await make_plan(kit, task)
        except BudgetSpent:
            return row(end=end_("budget")) | orders
        return row() | orders

    async def ask(self, kit: Kit, task_id: str, number: int) -> Row:
        """Ask the sources; companies found first are enriched meanwhile, and what is under way at the end is left to batches."""
        if stop := await wanted_stop(kit, task_id):
            return row(end=end_(stop))
        async with Enriching(kit, task_id, None) as enriching:
            spent = await discover_round(kit, task_id, number, enriching.take)
            enriching.check()
        return row(spent=spent is not None)

    async def open(self, kit: Kit, task_id: str, stage: str, number: int) -> Row:
        """What there is to do in a stage, in batches.

        A stage is done here and now that goes through all in order, asks nothing outside, or is shared with nobody: each
        batch as a workflow of its own costs what ten transactions cost.
        """
        is_outside = kit.asks_outside if stage == "enrich" else kit.grades_outside and kit.cascade is None
        is_shared = is_outside and not self._is_alone
        if stage == "grade" and is_shared:
            await complete_missing(kit, task_id, number)
        spent = await self._all(kit, task_id, stage, number) if not is_shared else None
        if stop := await wanted_stop(kit, task_id):
            return row(end=end_(stop))
        if not is_shared:
            return row(spent=spent is not None)
        lacking = "found" if stage == "enrich" else "enriched"
        keys = [one.candidate.key for one in await kit.store.candidates(task_id) if one.stage == lacking]
        return row() | {"parts": list(batches(keys, PART))}

    async def _all(self, kit: Kit, task_id: str, stage: str, number: int) -> BudgetSpent | None:
        """Do a stage for all companies; those on slow sites are waited for."""
        if stage == "grade":
            return await grade_missing(kit, task_id, number, None)
        async with Enriching(kit, task_id, None) as enriching:
            return await enriching.settled(number, with_late=True)

    async def work(self, kit: Kit, task_id: str, stage: str, number: int, batch: str, keys: list[str]) -> Row:
        """Do a stage for the companies of a batch."""
        if stage == "enrich":

            async def enrich(some: Sequence[Candidate]) -> BudgetSpent | None:
                return await enrich_some(kit, task_id, number, some)

            unprofiled = await kit.store.unprofiled(task_id, keys=keys)
            return row(spent=await in_batches(unprofiled, OUTSIDE_BATCH, SIDE_BY_SIDE, enrich) is not None)
        ungraded = await kit.store.ungraded(task_id, keys)
        if not ungraded:
            return row()
        reference = await self._reference(kit, task_id, batch)

        async def grade(some: Sequence[tuple[str, CompanyProfile]]) -> BudgetSpent | None:
            return await grade_some(kit, task_id, number, some, reference)

        return row(spent=await in_batches(ungraded, OUTSIDE_BATCH, SIDE_BY_SIDE, grade) is not None)

    async def decide(self, kit: Kit, task_id: str, number: int, is_spent: bool) -> Row:
        """Whether the run ends with this round."""
        ending = await after_round(kit, task_id, number, is_spent=is_spent)
        return row(end=None if ending is None else end_(ending.reason, is_exhausted=ending.is_exhausted))

    async def finish(self, kit: Kit, task_id: str, orders: int, end: Row) -> Row:
        """End the task, unless an order came meanwhile."""
        if end["reason"] in ("deleted", "ended"):
            return {"is_ended": True}
        if end["reason"] == "failed":
            task = await kit.store.fail(task_id, end["why"], orders=orders)
        else:
            task = await kit.store.finish(task_id, end["reason"], is_exhausted=end["is_exhausted"], orders=orders)
        return {"is_ended": task.status in ("done", "failed")}

    async def _reference(self, kit: Kit, task_id: str, batch: str) -> list[CompanyProfile]:
        """What grades are measured against, read once for all batches that were opened together."""
        if batch not in self._references:
            while len(self._references) >= REFERENCES:
                self._references.pop(next(iter(self._references)))
            self._references[batch] = asyncio.create_task(reference_of(kit, task_id))
        try:
            return await asyncio.shield(self._references[batch])
        except BaseException:  # whatever it was, the next batch tries anew
            self._references.pop(batch, None)
            raise


def row(*, end: Row | None = None, spent: bool = False) -> Row:
    """The outcome of a step: why the run ends with it, if so, and whether the budget was spent."""
    return {"end": end, "spent": spent, "orders": 0, "parts": []}


def end_(reason: str, *, is_exhausted: bool = False, why: str = "") -> Row:
    """Why a run ends: a stop reason, "deleted" or "ended"; `why` is the sentence of a failure."""
    return {"reason": reason, "is_exhausted": is_exhausted, "why": why}
