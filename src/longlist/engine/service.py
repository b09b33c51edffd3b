"""What a user can do to tasks: create them, pause them, make them go on. With `reader` this is all that a door calls.

Nothing is searched here: that is `search.run_task`, wherever it runs.
"""

import asyncio
from collections.abc import Callable, Sequence

from longlist.engine.checks import checked_criteria, checked_query, checked_wanted
from longlist.engine.reader import own_task
from longlist.errors import Conflict, InvalidInput
from longlist.language.domains import registered_domain
from longlist.model.access import LOCAL_OWNER
from longlist.model.call import Caps
from longlist.model.criterion import Criterion
from longlist.model.table import TableLink
from longlist.model.task import DEFAULT_WANTED, MAX_EXCLUSIONS, WANTED_RANGE, Task, TaskSpec
from longlist.store.store import TaskStore

DEFAULT_MORE = 25
MAX_EXCLUDED_TASKS = 100


class Service:
    """Tasks, for one user. `check_sources` raises InvalidInput for names of sources that nobody registered.

    `owner_id` is whose tasks these are: others' are not found. None is whoever may read the data directory: all tasks,
    new ones belong to the local owner. With `is_queued` what is created or resumed is a worker's to run.
    """

    def __init__(
        self,
        store: TaskStore,
        check_sources: Callable[[Sequence[str] | None], None],
        owner_id: str | None = None,
        *,
        is_queued: bool = False,
    ) -> None:
        self._store = store
        self._check_sources = check_sources
        self._owner_id = owner_id
        self._is_queued = is_queued

    async def create(
        self,
        query: str,
        *,
        wanted: int = DEFAULT_WANTED,
        criteria: Sequence[Criterion] | None = None,
        sources: Sequence[str] | None = None,
        exclude: Sequence[str] = (),
        exclude_tasks: Sequence[str] = (),
        table: TableLink | None = None,
        caps: Caps | None = None,
    ) -> Task:
        """A new task, saved but not started. `exclude` holds domains or web addresses; `exclude_tasks` ids of finished
        tasks, whose results are left out. Results go to `table`, which the caller has checked. `caps` are what it may
        spend, in place of what the settings say.

        Raises InvalidInput, naming the field, when anything is out of range, NotFound for a task to exclude that is not
        there; nothing is saved then.
        """
        self._check_sources(sources)
        domains, keys = await self._excluded(exclude, exclude_tasks)
        spec = TaskSpec(
            query=checked_query(query),
            wanted=checked_wanted(wanted),
            criteria=checked_criteria(criteria),
            sources=tuple(sources) if sources is not None else None,
            exclude_domains=tuple(sorted(domains)),
            exclude_keys=tuple(sorted(keys)),
            caps=caps,
        )
        owner = self._owner_id or LOCAL_OWNER
        return await self._store.create(spec, owner_id=owner, is_queued=self._is_queued, table=table)

    async def take_over(self, task_id: str) -> Task:
        """Run an unfinished task here and not in a worker (or the other way round): whoever runs it goes on as it is."""
        task = await own_task(self._store, task_id, self._owner_id)
        return await self._store.raise_target(task_id, task.spec.wanted, is_queued=self._is_queued)

    async def pause(self, task_id: str) -> Task:
        """Ask a task to pause: no new work starts, what is under way is kept. A finished one stays as it is."""
        await own_task(self._store, task_id, self._owner_id)
        return await self._store.pause(task_id)

    async def resume(self, task_id: str, more: int = DEFAULT_MORE) -> Task:
        """Make a task ready to go on: an unfinished one as it is, a finished one for `more` further results (0-250).

        The target becomes min(250, results + more) and never falls. Conflict when its sources are exhausted or the
        cap is reached: contract §2.9.
        """
        task = await own_task(self._store, task_id, self._owner_id)
        if not 0 <= more <= WANTED_RANGE[1]:
            raise InvalidInput(
                f"{more} more results cannot be asked for: 0 to {WANTED_RANGE[1]}.", field="desired_new_results"
            )
        if task.is_exhausted:
            raise Conflict(
                "The sources have no more companies for this task. Its results are kept; "
                "widen the query or its criteria in a new search, or import more companies."
            )
        is_short = task.stop_reason not in (None, "target_met")  # ended before it had all it wanted
        if task.spec.wanted >= WANTED_RANGE[1] and not is_short and (more > 0 or task.stop_reason):
            raise Conflict(f"This task already asks for the most results a task may have, {WANTED_RANGE[1]}.")
        found = (await self._store.progress(task_id)).qualified
        wanted = min(WANTED_RANGE[1], max(task.spec.wanted, found + more))
        return await self._store.raise_target(task_id, wanted, is_queued=self._is_queued)

    async def _excluded(self, entries: Sequence[str], tasks: Sequence[str]) -> tuple[set[str], set[str]]:
        """The domains to leave out, and the keys of companies that have none."""
        task_ids = list(dict.fromkeys(task_id.lower() for task_id in tasks))
        if len(task_ids) > MAX_EXCLUDED_TASKS:
            raise InvalidInput(f"At most {MAX_EXCLUDED_TASKS} tasks can be excluded.", field="exclude_task_ids")
        for task_id in task_ids:
            if (await own_task(self._store, task_id, self._owner_id)).status != "done":
                raise InvalidInput(
                    f"Task {task_id} is not done, so its companies cannot be excluded yet.", field="exclude_task_ids"
                )
        domains = set(await self._store.qualified_domains(task_ids)) if task_ids else set()
        keys = set(await self._store.qualified_identities(task_ids)) - domains if task_ids else set()
        domains |= await asyncio.to_thread(_domains, entries)  # a list of thousands takes a good part of a second
        if len(domains) > MAX_EXCLUSIONS:
            raise InvalidInput(
                f"{len(domains):,} domains are excluded; at most {MAX_EXCLUSIONS:,} can be.", field="exclude_domains"
            )
        return domains, keys


def _domains(entries: Sequence[str]) -> set[str]:
    """The registered domains of domains and web addresses; InvalidInput for the first that is none."""
    found = {entry: registered_domain(entry) for entry in dict.fromkeys(entries)}
    wrong = next((entry for entry, domain in found.items() if not domain), None)
    if wrong is not None:
        raise InvalidInput(f"{wrong[:100]!r} is neither a domain nor a web address.", field="exclude_domains")
    return set(found.values())
