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

OnProgress = Callable[[Progress], None]


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
        stop_reason = await rounds(kit, task, on_progress)
    except LonglistError as error:
        return await kit.store.fail(task_id, str(error))
    exhausted = stop_reason == "exhausted"
    return await kit.store.finish(task_id, stop_reason, is_exhausted=exhausted)


async def make_plan(kit: Kit, task: Task) -> None:
    """Understand the query once; the plan is kept and never made again for this task."""
    if await kit.store.plan(task.id) is None:
        await kit.store.put_plan(task.id, await kit.planner.plan(task.spec.query, task.spec.criteria))


async def rounds(kit: Kit, task: Task, on_progress: OnProgress | None) -> StopReason:
    """Round after round until there is a reason to stop. Rounds done before a crash pass by as table reads."""
    met: set[str] = set()
    barren = 0
    number = 0
    while barren < BARREN_ROUNDS:
        number += 1
        found = await discover_round(kit, task, number)
        await tell(kit, task, on_progress)
        if stop := await wanted_stop(kit, task):
            return stop
        await enrich_missing(kit, task, on_progress)
        await grade_missing(kit, task, on_progress)
        if stop := await wanted_stop(kit, task):
            return stop
        qualified = {result.candidate.key for result in await kit.store.results(task.id)}
        if len(qualified) >= task.spec.wanted:
            return "target_met"
        fresh = found - met
        met |= found
        if not fresh:
            return "exhausted"
        barren = 0 if fresh & qualified else barren + 1
    return "exhausted"


async def discover_round(kit: Kit, task: Task, number: int) -> set[str]:
    """Ask the sources; keep their candidates and what each source did. Returns the keys of this round."""
    plan = await kit.store.plan(task.id)
    assert plan is not None  # make_plan ran before
    finding = await discover(kit.sources(task.spec.sources), Question(plan, round=number, limit=ROUND_SIZE))
    await kit.store.put_candidates(task.id, finding.candidates)
    known = {state.source: state for state in await kit.store.source_states(task.id)} if number > 1 else {}
    for state in finding.states:
        await kit.store.set_source_state(task.id, state.after(known.get(state.source)))
    return {candidate.key for candidate in finding.candidates}


async def enrich_missing(kit: Kit, task: Task, on_progress: OnProgress | None) -> None:
    """Give every candidate that lacks one a profile, or the reason why it has none."""
    while missing := await kit.store.unprofiled(task.id, BATCH):
        profiled = await kit.enricher.enrich(missing)
        await kit.store.put_profiles(task.id, [(key, p) for key, p in profiled if isinstance(p, CompanyProfile)])
        await kit.store.put_failures(task.id, [(key, p) for key, p in profiled if isinstance(p, str)])
        await tell(kit, task, on_progress)


async def grade_missing(kit: Kit, task: Task, on_progress: OnProgress | None) -> None:
    """Grade every profile that lacks grades, measured against the candidates of the first round."""
    plan = await kit.store.plan(task.id)
    missing = await kit.store.ungraded(task.id)
    if plan is None or not missing:
        return
    reference = [profile for _, profile in (await kit.store.profiles(task.id))[:ROUND_SIZE]]
    assessments = await kit.grader.grade(plan, reference, [profile for _, profile in missing])
    rows = [(key, a.rank_score, a.grades) for (key, _), a in zip(missing, assessments, strict=True)]
    for start in range(0, len(rows), BATCH):
        if await wanted_stop(kit, task):
            return
        await kit.store.put_grades(task.id, rows[start : start + BATCH])
        await tell(kit, task, on_progress)


async def wanted_stop(kit: Kit, task: Task) -> StopReason | None:
    """Why the user wants the run to end, if so."""
    control = await kit.store.control(task.id)
    return STOPS.get(control)


async def tell(kit: Kit, task: Task, on_progress: OnProgress | None) -> None:
    """Report the counters, counted from rows, to whoever watches."""
    if on_progress is not None:
        on_progress(await kit.store.progress(task.id))
