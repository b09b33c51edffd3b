"""Looking at tasks: lists, reports, one company, and the proof. Needs the store alone, no index and no model."""

from dataclasses import dataclass
from uuid import UUID

from longlist.engine.verify import Verification, verify
from longlist.errors import InvalidInput, NotFound
from longlist.language.words import fold
from longlist.model.company import Sighting
from longlist.model.criterion import Criterion
from longlist.model.plan import Plan
from longlist.model.task import Progress, Task
from longlist.store.store import Result, TaskStore

LAST = "last"  # stands for the newest task wherever a task's id is asked for
RECENT = 10_000  # tasks looked through


@dataclass(frozen=True, slots=True)
class Tally:
    """How the evaluated companies of a task did on one criterion: how many passed, how many texts were silent."""

    criterion: Criterion
    passed: int
    silent: int
    evaluated: int


@dataclass(frozen=True, slots=True)
class Report:
    """A task with what it came to; readable at any time, also while the task runs."""

    task: Task
    plan: Plan | None
    progress: Progress
    results: tuple[Result, ...]
    near_misses: tuple[Result, ...]
    tallies: tuple[Tally, ...]


class TaskReader:
    """Tasks, for reading, over a store: those of one owner, or all (None) for whoever may read the data directory."""

    def __init__(self, store: TaskStore, owner_id: str | None = None) -> None:
        self._store = store
        self._owner_id = owner_id

    async def tasks(self, offset: int = 0, limit: int = 20) -> list[tuple[Task, Progress]]:
        """Tasks with their counters, newest first."""
        found = await self._store.tasks(offset, limit, owner_id=self._owner_id)
        counters = await self._store.progress_of([task.id for task in found])
        return [(task, counters[task.id]) for task in found]

    async def find(self, prefix: str) -> Task:
        """The task with this id, the only one whose id begins with it, or the newest for "last".

        NotFound when there is none, InvalidInput when several begin so.
        """
        if is_task_id(prefix):
            try:
                return await own_task(self._store, prefix, self._owner_id)
            except NotFound as error:
                raise NotFound(f"{error} `longlist tasks` lists those there are.") from error
        if prefix == LAST:
            newest = await self._store.tasks(0, 1)
            if not newest:
                raise NotFound("There are no tasks yet.")
            return newest[0]
        if not prefix.strip("-"):
            raise NotFound("A task id is needed; `longlist tasks` lists them.")
        found = [task for task in await self._store.tasks(0, RECENT) if task.id.startswith(prefix.lower())]
        if len(found) > 1:
            raise InvalidInput(f"{len(found)} tasks begin with {prefix}; give more of the id.", field="task")
        if not found:
            raise NotFound(f"There is no task {prefix}; `longlist tasks` lists them.")
        return found[0]

    async def unfinished(self) -> Task:
        """The newest task that has not ended. NotFound when all have."""
        for task in await self._store.tasks(0, RECENT):
            if task.stop_reason in (None, "paused"):
                return task
        raise NotFound("No task is unfinished; `longlist tasks` lists them all.")

    async def report(self, task_id: str, *, near_misses: int = 5) -> Report:
        """The task, its plan, counters, results in order, the nearest misses, and how each criterion fared."""
        store = self._store
        task = await store.task(task_id)
        counts = await store.tallies(task_id)
        return Report(
            task=task,
            plan=await store.plan(task_id),
            progress=await store.progress(task_id),
            results=tuple(await store.results(task_id)),
            near_misses=tuple(await store.near_misses(task_id, near_misses)),
            tallies=tuple(Tally(c, *counts.get(c.key, (0, 0, 0))) for c in task.criteria or ()),
        )

    async def company(self, task_id: str, name_or_domain: str) -> Result:
        """One evaluated company of a task, by domain, name (its beginning, where only one begins so) or key, qualified or not. NotFound when it has none such."""
        asked = (
            fold(name_or_domain)
            .strip()
            .removeprefix("https://")
            .removeprefix("http://")
            .removeprefix("www.")
            .strip("/")
        )
        if found := await self._store.result_named(task_id, asked):
            return found
        raise NotFound(f"{name_or_domain} is not among the companies graded in this task.")

    async def sightings(self, result: Result) -> tuple[Sighting, ...]:
        """How each source came upon a company of a task."""
        return await self._store.sightings(result.task_id, result.candidate.key)

    async def verify(self, task_id: str) -> Verification:
        """Re-check every quotation of the task against the stored texts, offline."""
        await self._store.task(task_id)
        return await verify(self._store, task_id)


async def own_task(store: TaskStore, task_id: str, owner_id: str | None) -> Task:
    """The task; NotFound when there is none, or it is another owner's: whether it exists is none of their business."""
    task = await store.task(task_id.lower() if is_task_id(task_id) else task_id)
    if owner_id is not None and task.owner_id != owner_id:
        raise NotFound(f"There is no task {task_id!r}.")
    return task


def is_task_id(text: str) -> bool:
    """Whether a text has the form of a task id (a UUID)."""
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
