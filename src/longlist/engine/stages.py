"""The stages of the flow: each is "do what is not yet done for these rows", so doing it again is a table read."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace

from longlist.discover.angles import NOTHING, Shared
from longlist.discover.choice import Choice
from longlist.discover.discover import discover
from longlist.discover.shared import shared
from longlist.discover.source import Question
from longlist.engine.kit import Kit, OnProgress
from longlist.engine.shares import in_batches, within_budget
from longlist.enrich.enrich import Profiled
from longlist.errors import BudgetSpent, Stopped
from longlist.model.company import Candidate, CompanyProfile, SameAs
from longlist.model.criterion import Grade
from longlist.model.round import Round
from longlist.model.task import StopReason, Task
from longlist.model.web import Errand

ROUND_SIZE = 300  # candidates a source may give in a round; `make eval`: 0.97 of the qualified are within 200
BATCH = 50  # rows worked on between two saves: what a crash can cost
OUTSIDE_BATCH, OUTSIDE_AT_ONCE = 25, 8  # the same where the outside is asked, and how many of them at once

times = logging.getLogger("longlist.times")  # silent unless LONGLIST_LOG is debug

Take = Callable[[int], Awaitable[None]]  # begins to work on the candidates there are, in the round of this number

STOPS: Mapping[str, StopReason] = {"pause": "paused", "stop": "stopped"}  # what the user asked for -> why it ended


async def make_plan(kit: Kit, task: Task) -> None:
    """Understand the query once; the plan is kept and never made again for this task."""
    if await kit.store.plan(task.id) is None:
        first = await begin_round(kit, task.id, 1)
        errand = Errand(task.id, "plan", first.freshness)
        await kit.store.put_plan(task.id, await kit.planner.plan(task.spec.query, task.spec.criteria, errand))


async def begin_round(kit: Kit, task_id: str, number: int) -> Round:
    """The round of this number as it was begun, or begun now: what it asks is kept before it is asked."""
    known = {one.number: one for one in await kit.store.rounds(task_id)}
    if number in known:
        return known[number]
    begun = Round(number, kit.freshness())
    await kit.store.put_round(task_id, begun)
    return begun


async def discover_round(kit: Kit, task_id: str, number: int, take: Take | None = None) -> BudgetSpent | None:
    """Ask the sources, unless they were asked; keep their candidates and what each source did.

    `take` is called with the number of the round whenever there are more candidates, while others are still looked for.
    Returns why no more could be asked, if so: what was found by then is kept, and the round is not done.
    """
    asked = await begin_round(kit, task_id, number)
    if asked.is_done:
        return None
    times.debug("round_begins task=%s round=%d", task_id, number)
    task, plan = await kit.store.task(task_id), await kit.store.plan(task_id)
    assert plan is not None  # make_plan ran before
    if asked.angles is None:
        earlier = [one for one in await kit.store.yields(task_id) if one.round < number]
        common = await shared_by_qualified(kit, task_id) if number > 1 else NOTHING
        asked = replace(asked, angles=kit.choose_angles(plan, number, earlier, common))
        await kit.store.put_round(task_id, asked)
    errand = Errand(task_id, "discover", asked.freshness)
    known = [await kit.store.found_in_round(task_id, earlier) for earlier in range(1, number)]

    async def early(found: Sequence[Candidate]) -> None:
        if await kit.store.put_candidates(task_id, found, round_no=number) and take is not None:
            await take(number)

    async def is_wanted() -> bool:
        return not await wanted_stop(kit, task_id)

    question = Question(
        plan,
        number,
        ROUND_SIZE,
        errand,
        asked.angles or (),
        frozenset().union(*known),
        early=early,
        is_wanted=is_wanted,
    )
    sources = kit.sources(task.spec.sources)
    choice = kit.choose_sources(plan, sources) if task.spec.sources is None else Choice(sources)
    finding = await discover(choice.sources, question)
    await kit.store.put_candidates(task_id, [*finding.candidates, *finding.again], round_no=number)
    counts = await kit.store.source_counts(task_id)
    for state in choice.states(finding.states):
        await kit.store.set_source_state(task_id, state.with_found(counts.get(state.source, 0)))
    if isinstance(finding.end, Stopped):
        raise finding.end
    if finding.end is None:
        is_whole = all(state.outcome != "unavailable" for state in finding.states)
        await kit.store.put_round(task_id, replace(asked, is_done=True, is_whole=is_whole))
    return finding.end


async def shared_by_qualified(kit: Kit, task_id: str) -> Shared:
    """What the companies that qualify by now have in common."""
    results = await kit.store.results(task_id, qualified_only=False, with_texts=False)
    qualified = [result.profile for result in results if result.is_qualified]
    others = [result.profile for result in results if not result.is_qualified]
    return await asyncio.to_thread(shared, qualified, others)


async def enrich_missing(kit: Kit, task_id: str, number: int, on_progress: OnProgress | None) -> BudgetSpent | None:
    """Give every candidate that lacks one a profile, or the reason why it has none, batch by batch.

    Returns why no more could be asked, if so: those that lack one then keep lacking it.
    """
    while not await wanted_stop(kit, task_id):
        missing = await kit.store.unprofiled(task_id, BATCH)
        spent = await enrich_some(kit, task_id, number, missing, on_progress) if missing else None
        if spent or not missing:
            return spent
    return None


async def enrich_some(
    kit: Kit, task_id: str, number: int, some: Sequence[Candidate], on_progress: OnProgress | None = None
) -> BudgetSpent | None:
    """The same for some candidates, unless the user wants the run to end."""
    if await wanted_stop(kit, task_id):
        return None
    errand, plan = await errand_of(kit, task_id, "enrich", number), await kit.store.plan(task_id)
    profiled, spent = await within_budget(lambda few: kit.enricher.enrich(few, errand, plan), some)
    await put_profiled(kit, task_id, profiled)
    await tell(kit, task_id, on_progress)
    return spent


def shares(size: int, *, is_outside: bool) -> tuple[int, int]:
    """How many go into a batch, and how many batches are worked on at once; `size` where the outside is not asked."""
    return (OUTSIDE_BATCH, OUTSIDE_AT_ONCE) if is_outside else (size, 1)


async def put_profiled(kit: Kit, task_id: str, profiled: Sequence[Profiled]) -> None:
    """Keep what an enricher made of candidates."""
    put = kit.store
    await put.put_profiles(task_id, [(key, one) for key, one in profiled if isinstance(one, CompanyProfile)])
    await put.put_failures(task_id, [(key, one) for key, one in profiled if isinstance(one, str)])
    await put.put_merges(task_id, [(key, one) for key, one in profiled if isinstance(one, SameAs)])


async def complete_missing(kit: Kit, task_id: str, number: int) -> None:
    """Add to the profiles that lack grades what others know about those companies."""
    if kit.completer is None or await wanted_stop(kit, task_id):
        return
    missing = await kit.store.ungraded(task_id)
    completed = await kit.completer.complete(missing, await errand_of(kit, task_id, "enrich", number))
    await kit.store.put_profiles(task_id, completed)


async def grade_missing(kit: Kit, task_id: str, number: int, on_progress: OnProgress | None) -> BudgetSpent | None:
    """Grade every profile that lacks grades, measured against the candidates of the first round.

    Returns why no more could be asked, if so: those that lack grades then keep lacking them.
    """
    await complete_missing(kit, task_id, number)
    missing = [] if await wanted_stop(kit, task_id) else await kit.store.ungraded(task_id)
    if not missing:
        return None
    reference = await reference_of(kit, task_id)
    if kit.cascade is not None:
        return await grade_in_order(kit, task_id, number, missing, reference, on_progress)

    async def work(some: Sequence[tuple[str, CompanyProfile]]) -> BudgetSpent | None:
        return await grade_some(kit, task_id, number, some, reference, on_progress)

    return await in_batches(missing, *shares(len(missing), is_outside=kit.grades_outside), work)


async def reference_of(kit: Kit, task_id: str) -> list[CompanyProfile]:
    """What grades of a task are measured against."""
    return [profile for _, profile in await kit.store.profiles(task_id, round_no=1)]


async def grade_some(
    kit: Kit,
    task_id: str,
    number: int,
    some: Sequence[tuple[str, CompanyProfile]],
    reference: Sequence[CompanyProfile],
    on_progress: OnProgress | None = None,
) -> BudgetSpent | None:
    """Grade some profiles, unless the user wants the run to end."""
    plan = await kit.store.plan(task_id)
    if plan is None or await wanted_stop(kit, task_id):
        return None
    errand = await errand_of(kit, task_id, "grade", number)

    async def graded(some: Sequence[tuple[str, CompanyProfile]]) -> list[tuple[str, float, tuple[Grade, ...]]]:
        found = await kit.grader.grade(plan, reference, [profile for _, profile in some], errand)
        return [(key, one.rank_score, one.grades) for (key, _), one in zip(some, found, strict=True)]

    rows, spent = await within_budget(graded, some)
    for start in range(0, len(rows), BATCH):
        if await wanted_stop(kit, task_id):
            return None
        await kit.store.put_grades(task_id, rows[start : start + BATCH])
        await tell(kit, task_id, on_progress)
    return spent


async def grade_in_order(
    kit: Kit,
    task_id: str,
    number: int,
    missing: Sequence[tuple[str, CompanyProfile]],
    reference: Sequence[CompanyProfile],
    on_progress: OnProgress | None,
) -> BudgetSpent | None:
    """Grade the most promising first, until as many qualify as are wanted; those not reached keep lacking grades.

    Every grade is saved as soon as it is there. Returns why no more could be asked, if so.
    """
    plan, errand = await kit.store.plan(task_id), await errand_of(kit, task_id, "grade", number)
    if plan is None:
        return None
    assert kit.cascade is not None
    task, qualified = await kit.store.task(task_id), await kit.store.qualified_keys(task_id)
    wanted = task.spec.wanted - len(qualified)
    profiles = [profile for _, profile in missing]
    grading = kit.cascade.grades(plan, reference, profiles, wanted, errand, is_later=number > 1)
    try:
        async with contextlib.aclosing(grading) as some:
            async for graded in some:
                if await wanted_stop(kit, task_id):
                    return None
                rows = [(missing[place][0], one.rank_score, one.grades) for place, one in graded]
                await kit.store.put_grades(task_id, rows)
                await tell(kit, task_id, on_progress)
    except BudgetSpent as error:
        return error
    return None


async def errand_of(kit: Kit, task_id: str, step: str, number: int) -> Errand:
    """What goes with the calls of a step in a round."""
    return Errand(task_id, step, (await begin_round(kit, task_id, number)).freshness)


async def wanted_stop(kit: Kit, task_id: str) -> StopReason | None:
    """Why the user wants the run to end, if so."""
    return STOPS.get(await kit.store.control(task_id))


async def tell(kit: Kit, task_id: str, on_progress: OnProgress | None) -> None:
    """Report the counters, counted from rows, to whoever watches."""
    if on_progress is not None:
        on_progress(await kit.store.progress(task_id))
