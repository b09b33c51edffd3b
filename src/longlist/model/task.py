"""Task, its states, its progress."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from longlist.model.criterion import Criterion

TaskStatus = Literal["created", "in_progress", "done", "failed"]
StopReason = Literal["target_met", "exhausted", "budget", "paused", "stopped", "failed"]
SourceOutcome = Literal["ready", "found", "nothing", "unavailable"]
DEFAULT_WANTED = 100
WANTED_RANGE = (1, 250)
MAX_EXCLUSIONS = 1000


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """What the user asked for. `wanted` is 1-250; `criteria` None means: infer them from the query.

    `sources` None means automatic choice. `exclude_domains` are registered domains, sorted and unique.
    """

    query: str
    wanted: int = DEFAULT_WANTED
    criteria: tuple[Criterion, ...] | None = None
    sources: tuple[str, ...] | None = None
    exclude_domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """Counters, always counted from rows: discovered >= enriched >= evaluated >= qualified."""

    discovered: int = 0
    enriched: int = 0
    evaluated: int = 0
    qualified: int = 0


@dataclass(frozen=True, slots=True)
class SourceState:
    """What one source did in a task: how many candidates it gave, or why it gave none."""

    source: str
    outcome: SourceOutcome
    found: int = 0
    reason: str = ""

    def after(self, earlier: "SourceState | None") -> "SourceState":
        """Put a later round on top of the rounds before: counts add up, and one that gave something has given it."""
        if earlier is None:
            return self
        outcome = "found" if self.outcome == "nothing" and earlier.found else self.outcome
        return SourceState(self.source, outcome, earlier.found + self.found, self.reason or earlier.reason)


@dataclass(frozen=True, slots=True)
class Task:
    """A search: its spec, where it stands, and why it ended."""

    id: str
    spec: TaskSpec
    status: TaskStatus
    created_at: datetime
    criteria: tuple[Criterion, ...] | None = None
    is_exhausted: bool = False
    stop_reason: StopReason | None = None
    failure_reason: str | None = None
    source_states: tuple[SourceState, ...] = ()
