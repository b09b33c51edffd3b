"""The flow, on one page.

    plan ──► discover ──► enrich ──► grade ──┬──► done
                 ▲                           │
                 └────── another round ◄─────┘

Every step is "do what is not yet done for these rows": a plan that is missing, candidates without a profile, profiles
without grades. Rows are the checkpoints, so going on after a crash is the same call again, and whatever runs these
steps (plain coroutines here, a durable engine elsewhere) need not remember anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from longlist.discover.discover import discover
from longlist.discover.source import Question, Source
from longlist.enrich.enrich import Enricher
from longlist.errors import LonglistError
from longlist.grade.grader import Grader
from longlist.model.company import CompanyProfile
from longlist.model.task import Progress, StopReason, Task
from longlist.plan.planner import Planner
from longlist.store.store import TaskStore

ROUND_SIZE = 300  # candidates a source may give in a round; `make eval`: 0.97 of the qualified are within 200
BATCH = 50  # rows worked on between two saves: what a crash can cost
BARREN_ROUNDS = 2  # so many rounds in a row without a newly qualified company end the search

STOPS: Mapping[str, StopReason] = {"pause": "paused", "stop": "stopped"}  # what the user asked for -> why it ended

log = structlog.get_logger()
OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a run ended. `is_exhausted` is true only when no source has more: rounds that bring nothing of use end a run
    too, and so do sources that are down, but both leave more to be found.
    """

    reason: StopReason
    is_exhausted: bool = False


@dataclass(frozen=True, slots=True)
class Kit:
    """The parts the flow is made of; chosen in `wiring`, replaced by doubles in tests."""

    store: TaskStore
    planner: Planner
    sources: Callable[[Sequence[str] | None], Mapping[str, Source]]  # by name; None: all that are of use
    enricher: Enricher
    grader: Grader


async def run_task(kit: Kit, task_id: str, on_progress: OnProgress | None = None) -> Task:
    """Work on a task until its target is met, its sources are exhausted, or the user wants otherwise.

    Safe to call again at any time, on a task in any state. A part that fails beyond repair makes the task `failed`
    with the reason; what was found stays readable.
    """
    task = await kit.store.start(task_id)
    try:
        await make_plan(kit, task)
        ending = await rounds(kit, task_id, on_progress)
    except LonglistError as error:
        return await kit.store.fail(task_id, str(error))
    except Exception as error:
        log.exception("run_failed", task=task_id)
        return await kit.store.fail(task_id, f"A fault in Longlist ended the run ({type(error).__name__}: {error}).")
    return await kit.store.finish(task_id, ending.reason, is_exhausted=ending.is_exhausted)


async def make_plan(kit: Kit, task: Task) -> None:
    """Understand the query once; the plan is kept and never made again for this task."""
    if await kit.store.plan(task.id) is None:
        await kit.store.put_plan(task.id, await kit.planner.plan(task.spec.query, task.spec.criteria))


async def rounds(kit: Kit, task_id: str, on_progress: OnProgress | None) -> Ending:
    """Round after round until there is a reason to stop. Rounds done before a crash pass by as table reads."""
    met: set[str] = set()
    barren = number = 0
    while True:
        number += 1
        if stop := await wanted_stop(kit, task_id):
            return Ending(stop)
        found, is_whole = await discover_round(kit, task_id, number)
        await tell(kit, task_id, on_progress)
        await enrich_missing(kit, task_id, on_progress)
        await grade_missing(kit, task_id, on_progress)
        if stop := await wanted_stop(kit, task_id):
            return Ending(stop)
        task = await kit.store.task(task_id)
        qualified = await kit.store.qualified_keys(task_id)
        if len(qualified) >= task.spec.wanted:
            return Ending("target_met")
        fresh = found - met
        met |= found
        if not fresh:
            return Ending("exhausted", is_exhausted=is_whole)
        barren = 0 if fresh & qualified or number <= task.rounds_settled else barren + 1
        if barren >= BARREN_ROUNDS:
            return Ending("exhausted")


async def discover_round(kit: Kit, task_id: str, number: int) -> tuple[set[str], bool]:
    """Ask the sources; keep their candidates and what each source did.

    Returns the keys of this round, and whether every source could be asked.
    """
    task, plan = await kit.store.task(task_id), await kit.store.plan(task_id)
    assert plan is not None  # make_plan ran before
    finding = await discover(kit.sources(task.spec.sources), Question(plan, round=number, limit=ROUND_SIZE))
    await kit.store.put_candidates(task_id, finding.candidates, round_no=number)
    counts = await kit.store.source_counts(task_id)
    for state in finding.states:
        await kit.store.set_source_state(task_id, state.with_found(counts.get(state.source, 0)))
    is_whole = all(state.outcome != "unavailable" for state in finding.states)
    return {candidate.key for candidate in finding.candidates}, is_whole


async def enrich_missing(kit: Kit, task_id: str, on_progress: OnProgress | None) -> None:
    """Give every candidate that lacks one a profile, or the reason why it has none."""
    while not await wanted_stop(kit, task_id) and (missing := await kit.store.unprofiled(task_id, BATCH)):
        profiled = await kit.enricher.enrich(missing)
        await kit.store.put_profiles(task_id, [(key, p) for key, p in profiled if isinstance(p, CompanyProfile)])
        await kit.store.put_failures(task_id, [(key, p) for key, p in profiled if isinstance(p, str)])
        await tell(kit, task_id, on_progress)


async def grade_missing(kit: Kit, task_id: str, on_progress: OnProgress | None) -> None:
    """Grade every profile that lacks grades, measured against the candidates of the first round."""
    plan = await kit.store.plan(task_id)
    missing = [] if await wanted_stop(kit, task_id) else await kit.store.ungraded(task_id)
    if plan is None or not missing:
        return
    reference = [profile for _, profile in await kit.store.profiles(task_id, round_no=1)]
    assessments = await kit.grader.grade(plan, reference, [profile for _, profile in missing])
    rows = [(key, a.rank_score, a.grades) for (key, _), a in zip(missing, assessments, strict=True)]
    for start in range(0, len(rows), BATCH):
        if await wanted_stop(kit, task_id):
            return
        await kit.store.put_grades(task_id, rows[start : start + BATCH])
        await tell(kit, task_id, on_progress)


async def wanted_stop(kit: Kit, task_id: str) -> StopReason | None:
    """Why the user wants the run to end, if so."""
    return STOPS.get(await kit.store.control(task_id))


async def tell(kit: Kit, task_id: str, on_progress: OnProgress | None) -> None:
    """Report the counters, counted from rows, to whoever watches."""
    if on_progress is not None:
        on_progress(await kit.store.progress(task_id))
