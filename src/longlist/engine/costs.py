"""What a task's outside calls cost: by step, provider and state, and how many may have been paid twice."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from longlist.engine.reader import TaskReader
from longlist.store.ledger import CallSubject, CallTotal
from longlist.store.store import LedgerStore


@dataclass(frozen=True, slots=True)
class Share:
    """What part of a task's cost fell to one company or criterion: the calls about it, and its share of what they cost."""

    name: str
    calls: int
    cost_micros: int
    tokens: int


@dataclass(frozen=True, slots=True)
class TaskCost:
    """The calls of a task; `total` is the sum of all lines."""

    task_id: str
    lines: tuple[CallTotal, ...]
    subjects: tuple[CallSubject, ...] = ()

    def by_company(self) -> list[Share]:
        """What was spent on each company, the dearest first."""
        return _shares((one.company, one, 1.0) for one in self.subjects)

    def by_criterion(self) -> list[Share]:
        """What was spent on each criterion, the dearest first; a call about several is divided evenly among them."""
        return _shares((key, one, 1 / len(one.criteria)) for one in self.subjects for key in one.criteria)

    @property
    def total(self) -> CallTotal:
        """All calls together."""
        lines = self.lines
        return CallTotal(
            step="",
            provider="",
            operation="",
            state="done",
            calls=sum(line.calls for line in lines),
            attempts=sum(line.attempts for line in lines),
            cost_micros=sum(line.cost_micros for line in lines),
            doubtful_micros=sum(line.doubtful_micros for line in lines),
            reserved_micros=sum(line.reserved_micros for line in lines),
            tokens=sum(line.tokens for line in lines),
            paid_twice=sum(line.paid_twice for line in lines),
        )


class Costs:
    """What tasks spent, for reading."""

    def __init__(self, store: LedgerStore, reader: TaskReader) -> None:
        self._store = store
        self._reader = reader

    async def of(self, task: str) -> TaskCost:
        """The cost of the task that is named as `TaskReader.find` takes it."""
        found = await self._reader.find(task)
        subjects = tuple(await self._store.call_subjects(found.id))
        return TaskCost(found.id, tuple(await self._store.call_totals(found.id)), subjects)


def _shares(parts: Iterable[tuple[str, CallSubject, float]]) -> list[Share]:
    calls: Counter[str] = Counter()
    micros: dict[str, float] = {}
    tokens: dict[str, float] = {}
    for name, subject, part in parts:
        calls[name] += subject.calls
        micros[name] = micros.get(name, 0.0) + subject.cost_micros * part
        tokens[name] = tokens.get(name, 0.0) + subject.tokens * part
    found = [Share(name, calls[name], round(micros[name]), round(tokens[name])) for name in calls]
    return sorted(found, key=lambda share: (-share.cost_micros, -share.tokens, share.name))
