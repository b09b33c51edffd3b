"""What pages say of a task: its phase, and a sentence for each."""

from collections.abc import Sequence

from longlist.model.call import Caps
from longlist.model.criterion import Criterion, passes_needed
from longlist.model.task import Progress, Task
from longlist.store.ledger import Spend
from longlist.store.store import TaskChange

MOST = 250


def phase(task: Task, progress: Progress) -> str:
    """Where a task stands, in one word: the wire's status has four, people need nine."""
    if task.status == "created":
        return "queued"
    if task.status == "failed":
        return "failed"
    if task.status == "in_progress":
        return "finishing" if task.is_exhausted else "running"
    if task.stop_reason in {"stopped", "paused", "budget"}:
        return str(task.stop_reason)
    if progress.qualified >= task.spec.wanted:
        return "done"
    return "exhausted"


def sentence(task: Task, progress: Progress, *, has_worker: bool = True) -> str:
    """The state of a task in a sentence."""
    found, wanted = progress.qualified, task.spec.wanted
    of = f"{found:,} of {wanted:,}"
    left = progress.enriched - progress.evaluated
    match phase(task, progress):
        case "queued":
            return "Waiting for a worker." if has_worker else "No worker runs here. Start one with `longlist serve`."
        case "running" if not has_worker:
            return "Waiting: no worker runs here. Start one with `longlist serve`."
        case "running":
            return f"Running: {of} found so far."
        case "finishing":
            return f"Sources exhausted, {left:,} left to grade."
        case "done":
            return f"Done, {found:,} qualified."
        case "exhausted":
            why = (
                "the sources have no more"
                if task.is_exhausted
                else "the last rounds brought nothing new that qualifies"
            )
            return f"{of}: {why}."
        case "budget":
            return f"{of}: the budget is spent. Everything found is kept."
        case "paused":
            return f"Paused at {of}."
        case "stopped":
            return f"Stopped at {of}. Everything found is kept."
        case _:
            return f"Failed: {task.failure_reason or 'the reason is in the log.'} What was found is kept."


def hardest(criteria: tuple[Criterion, ...], tallies: dict[str, tuple[int, int, int]]) -> str:
    """Which criterion keeps most companies from qualifying, in a sentence; "" where nothing was graded."""
    graded = [(c, *tallies.get(c.key, (0, 0, 0))) for c in criteria]
    graded = [one for one in graded if one[3]]
    if not graded:
        return ""
    criterion, passed, silent, evaluated = min(graded, key=lambda one: one[1])
    says = f" For {silent:,} nothing known speaks of it." if silent else ""
    return f"“{criterion.name}” removed most: {passed:,} of {evaluated:,} pass.{says}"


def needed(criteria: int) -> str:
    """What it takes to qualify."""
    return f"A company qualifies with {passes_needed(criteria)} of {criteria} criteria graded 4 or 5."


def forecast_sentence(took: Sequence[tuple[TaskChange, Spend]], wanted: int) -> str:
    """What a search for so many will take, from what earlier ones took per company wanted; a guess, and said to be one."""
    timed = [
        ((one.ended_at - one.started_at).total_seconds() / one.task.spec.wanted, spend, one.task.spec.wanted)
        for one, spend in took
        if one.started_at and one.ended_at
    ]
    if not timed:
        return "The catalogue alone takes seconds and costs nothing."
    times = sorted(per_company * wanted for per_company, _, _ in timed)
    calls = sum(spend.calls / of for _, spend, of in timed) / len(timed) * wanted
    micros = sum(spend.micros / of for _, spend, of in timed) / len(timed) * wanted
    cost = f", some {calls:,.0f} calls" if calls >= 1 else ", no paid calls"
    money = f", ~${micros / 1e6:,.2f}" if micros else ""
    return f"By your last searches: {_span(times[0], times[-1])}{cost}{money}."


def _span(least: float, most: float) -> str:
    if most < 90:
        return f"up to {max(1, round(most))} s"
    low, high = max(1, round(least / 60)), max(1, round(most / 60))
    return f"{low} min" if low == high else f"{low}–{high} min"


def cap_sentence(caps: Caps) -> str:
    """What a run may spend at most, in a sentence."""
    limits = [
        f"${caps.micros / 1_000_000:,.2f}" if caps.micros is not None else "",
        *(
            f"{most:,} {name}"
            for most, name in ((caps.calls, "calls"), (caps.tokens, "tokens"), (caps.minutes, "minutes"))
            if most is not None
        ),
    ]
    said = " or ".join(filter(None, limits))
    return (
        f"A run ends at {said} at the latest."
        if said
        else "No limit is set for a run (LONGLIST_TASK_DOLLARS sets one)."
    )
