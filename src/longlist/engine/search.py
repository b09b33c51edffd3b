"""The flow, on one page.

    plan ──► discover ──► enrich ──► grade ──┬──► done
                 ▲                           │
                 └────── another round ◄─────┘

Every step is "do what is not yet done for these rows": a plan that is missing, candidates without a profile, profiles
without grades. Rows are the checkpoints, so going on after a crash is the same call again, and whatever runs these
steps (plain coroutines here, a durable engine elsewhere) need not remember anything.
"""

from dataclasses import dataclass

import structlog

from longlist.engine.enriching import Enriching
from longlist.engine.kit import Kit, OnProgress
from longlist.engine.stages import discover_round, grade_missing, make_plan, tell, wanted_stop
from longlist.errors import BudgetSpent, Closed, LonglistError, Stopped, StoreError
from longlist.model.task import StopReason, Task

BARREN_ROUNDS = 2  # so many rounds in a row without a newly qualified company end the search

WAITS_FOR_LATE = frozenset({"exhausted", "budget"})  # reasons to end for which companies on slow sites are waited for

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a run ended. `is_exhausted` is true only when no source has more: rounds that bring nothing of use end a run
    too, and so do sources that are down, but both leave more to be found.
    """

    reason: StopReason
    is_exhausted: bool = False


async def run_task(
    kit: Kit, task_id: str, on_progress: OnProgress | None = None, *, only_unfinished: bool = False
) -> Task:
    """Work on a task until its target is met, its sources are exhausted, or the user wants otherwise.

    Safe to call again at any time, on a task in any state. A part that fails beyond repair makes the task `failed`
    with the reason; what was found stays readable. A database that cannot be used is StoreError: the task is as
    unfinished as before. NotFound when the task is deleted: nothing of it is left then. `only_unfinished` leaves a task
    alone that has ended meanwhile.
    """
    task = await kit.store.start(task_id, only_unfinished=only_unfinished)
    while task.status not in ("done", "failed"):  # an order that came while a run was ending begins the next
        task = await run_once(kit, task, on_progress)
    return task


async def run_once(kit: Kit, task: Task, on_progress: OnProgress | None) -> Task:
    """One run to its end; the task is not ended by it when an order came meanwhile."""
    try:
        ending = await work(kit, task, on_progress)
    except (StoreError, Closed):  # nothing can be told to the store: the task stays unfinished, its rows as they are
        raise
    except LonglistError as error:
        return await kit.store.fail(task.id, str(error), orders=task.orders)
    except Exception as error:
        await kit.store.mark(task.id)  # NotFound when it was deleted: no fault then
        log.exception("run_failed", task=task.id)
        reason = f"A fault in Longlist ended the run ({type(error).__name__}: {error})."
        return await kit.store.fail(task.id, reason, orders=task.orders)
    return await kit.store.finish(task.id, ending.reason, is_exhausted=ending.is_exhausted, orders=task.orders)


async def work(kit: Kit, task: Task, on_progress: OnProgress | None) -> Ending:
    """Plan, then round after round, until there is a reason to end."""
    try:
        if stop := await wanted_stop(kit, task.id):
            return Ending(stop)
        if (caps := task.spec.caps or kit.caps) is not None:
            await kit.store.set_caps(task.id, caps)
        await make_plan(kit, task)
        return await rounds(kit, task.id, on_progress)
    except BudgetSpent as error:
        log.info("budget_spent", task=task.id, reason=str(error))
        return Ending("budget")
    except Closed:
        raise
    except Stopped:  # what was under way when the user stopped the task is not kept
        return Ending(await wanted_stop(kit, task.id) or "stopped")


async def rounds(kit: Kit, task_id: str, on_progress: OnProgress | None) -> Ending:
    """Round after round until there is a reason to stop. Rounds that were asked before are not asked again.

    Where profiles take calls, those found first are enriched while others are looked for, and a company whose site is
    slow does not hold the rounds up: it is waited for before a search ends with less than was wanted.
    """
    number = 0
    async with Enriching(kit, task_id, on_progress) as enriching:
        while True:
            number += 1
            if stop := await wanted_stop(kit, task_id):
                return Ending(stop)
            spent = await discover_round(kit, task_id, number, enriching.take)
            await tell(kit, task_id, on_progress)
            spent = await enriching.settled(number) or spent
            spent = await grade_missing(kit, task_id, number, on_progress) or spent
            ending = await after_round(kit, task_id, number, is_spent=spent is not None)
            if ending is not None and ending.reason in WAITS_FOR_LATE and enriching.has_late:
                spent = await enriching.settled(number, with_late=True) or spent
                spent = await grade_missing(kit, task_id, number, on_progress) or spent
                ending = await after_round(kit, task_id, number, is_spent=spent is not None)
            if ending is not None:
                return ending


async def after_round(kit: Kit, task_id: str, number: int, *, is_spent: bool) -> Ending | None:
    """Why the run ends with this round, None when another one follows. Decided from rows alone."""
    if stop := await wanted_stop(kit, task_id):
        return Ending(stop)
    task = await kit.store.task(task_id)
    qualified = await kit.store.qualified_keys(task_id)
    if len(qualified) >= task.spec.wanted:
        return Ending("target_met")
    if is_spent:
        return Ending("budget")
    barren, fresh = 0, frozenset[str]()
    for earlier in range(1, number + 1):
        fresh = await kit.store.found_in_round(task_id, earlier)
        barren = 0 if fresh & qualified or earlier <= task.rounds_settled else barren + 1
    if not fresh:
        asked = next((one for one in await kit.store.rounds(task_id) if one.number == number), None)
        return Ending("exhausted", is_exhausted=asked is not None and asked.is_whole)
    return Ending("exhausted") if barren >= BARREN_ROUNDS else None
