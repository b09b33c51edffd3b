"""Task, its states, its progress."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from longlist.model.access import LOCAL_OWNER
from longlist.model.call import Caps
from longlist.model.criterion import Criterion

TaskStatus = Literal["created", "in_progress", "done", "failed"]
StopReason = Literal["target_met", "exhausted", "budget", "paused", "stopped", "failed"]
SourceOutcome = Literal["ready", "found", "nothing", "unavailable", "left_out"]
DEFAULT_WANTED = 100
WANTED_RANGE = (1, 250)
MAX_EXCLUSIONS = 1000


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """What the user asked for. `wanted` is 1-250; `criteria` None means: infer them from the query.

    `sources` None means automatic choice. `exclude_domains` are registered domains, `exclude_keys` are keys of companies
    that have none; both sorted and unique. `caps` are what it may spend, in place of what the settings say.
    """

    query: str
    wanted: int = DEFAULT_WANTED
    criteria: tuple[Criterion, ...] | None = None
    sources: tuple[str, ...] | None = None
    exclude_domains: tuple[str, ...] = ()
    exclude_keys: tuple[str, ...] = ()
    caps: Caps | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Counters, always counted from rows: discovered >= enriched >= evaluated >= qualified."""

    discovered: int = 0
    enriched: int = 0
    evaluated: int = 0
    qualified: int = 0


@dataclass(frozen=True, slots=True)
class SourceState:
    """What one source did in a task: how many candidates it gave, or why it gave none; `left_out`: why it was not asked."""

    source: str
    outcome: SourceOutcome
    found: int = 0
    reason: str = ""

    def with_found(self, found: int) -> "SourceState":
        """The state with the count over all rounds; a source that gave something earlier has not given nothing."""
        outcome = "found" if self.outcome == "nothing" and found else self.outcome
        return SourceState(self.source, outcome, found, self.reason)


@dataclass(frozen=True, slots=True)
class Task:
    """A search: its spec, where it stands, and why it ended.

    `rounds_settled` is how many rounds were done when a finished task was asked for more: they are not held against it.
    `owner_id` says whose it is. `is_queued`: a worker goes on with it by itself; else the command that made it does.
    `orders` counts what the user asked for since (pause, stop, go on): a run that ends looks whether one came meanwhile.
    `revision` grows with every change to the task or its rows. `table_id` names the table its results go to.
    """

    id: str
    spec: TaskSpec
    status: TaskStatus
    created_at: datetime
    criteria: tuple[Criterion, ...] | None = None
    is_exhausted: bool = False
    stop_reason: StopReason | None = None
    failure_reason: str | None = None
    source_states: tuple[SourceState, ...] = ()
    rounds_settled: int = 0
    owner_id: str = LOCAL_OWNER
    is_queued: bool = False
    orders: int = 0
    revision: int = 0
    table_id: str | None = None
