"""What a user can do to tasks: create them, and make them go on. With `reader` this is all that a door calls.

Nothing is searched here: that is `search.run_task`, wherever it runs.
"""

from collections.abc import Callable, Sequence

from longlist.engine.checks import checked_criteria, checked_query, checked_wanted
from longlist.engine.reader import is_task_id
from longlist.errors import Conflict, InvalidInput
from longlist.language.domains import registered_domain
from longlist.model.criterion import Criterion
from longlist.model.task import DEFAULT_WANTED, MAX_EXCLUSIONS, WANTED_RANGE, Task, TaskSpec
from longlist.store.store import TaskStore

DEFAULT_MORE = 25
MAX_EXCLUDED_TASKS = 100


class Service:
    """Tasks, for one user. `check_sources` raises InvalidInput for names of sources that nobody registered."""

    def __init__(self, store: TaskStore, check_sources: Callable[[Sequence[str] | None], None]) -> None:
        self._store = store
        self._check_sources = check_sources

    async def create(
        self,
        query: str,
        *,
        wanted: int = DEFAULT_WANTED,
        criteria: Sequence[Criterion] | None = None,
        sources: Sequence[str] | None = None,
        exclude: Sequence[str] = (),
    ) -> Task:
        """A new task, saved but not started. `exclude` holds domains, web addresses, or ids of finished tasks.

        Raises InvalidInput, naming the field, when anything is out of range; nothing is saved then.
        """
        self._check_sources(sources)
        domains, keys = await self._excluded(exclude)
        spec = TaskSpec(
            query=checked_query(query),
            wanted=checked_wanted(wanted),
            criteria=checked_criteria(criteria),
            sources=tuple(sources) if sources is not None else None,
            exclude_domains=tuple(sorted(domains)),
            exclude_keys=tuple(sorted(keys)),
        )
        return await self._store.create(spec)

    async def resume(self, task_id: str, more: int = DEFAULT_MORE) -> Task:
        """Make a task ready to go on: an unfinished one as it is, a finished one for `more` further results (0-250).

        The target becomes min(250, results + more) and never falls. Conflict when its sources are exhausted or the
        cap is reached: contract §2.9.
        """
        task = await self._store.task(task_id)
        if not 0 <= more <= WANTED_RANGE[1]:
            raise InvalidInput(
                f"{more} more results cannot be asked for: 0 to {WANTED_RANGE[1]}.", field="desired_new_results"
            )
        if task.is_exhausted:
            raise Conflict(
                "The sources have no more companies for this task. Its results are kept; "
                "widen the query or its criteria in a new search, or import more companies."
            )
        if task.stop_reason == "target_met" and task.spec.wanted >= WANTED_RANGE[1]:
            raise Conflict(f"This task already has the most results a task may have, {WANTED_RANGE[1]}.")
        found = (await self._store.progress(task_id)).qualified
        return await self._store.raise_target(task_id, min(WANTED_RANGE[1], max(task.spec.wanted, found + more)))

    async def _excluded(self, entries: Sequence[str]) -> tuple[set[str], set[str]]:
        """The domains to leave out, and the keys of companies that have none."""
        task_ids = [entry.lower() for entry in entries if is_task_id(entry)]
        if len(task_ids) > MAX_EXCLUDED_TASKS:
            raise InvalidInput(f"At most {MAX_EXCLUDED_TASKS} tasks can be excluded.", field="exclude_task_ids")
        for task_id in task_ids:
            if (await self._store.task(task_id)).status != "done":
                raise InvalidInput(
                    f"Task {task_id} is not done, so its companies cannot be excluded yet.", field="exclude_task_ids"
                )
        domains = set(await self._store.qualified_domains(task_ids)) if task_ids else set()
        keys = set(await self._store.qualified_identities(task_ids)) - domains if task_ids else set()
        for entry in entries:
            if is_task_id(entry):
                continue
            domain = registered_domain(entry)
            if not domain:
                raise InvalidInput(
                    f"{entry[:100]!r} is neither a domain, a web address, nor a task id.", field="exclude_domains"
                )
            domains.add(domain)
        if len(domains) > MAX_EXCLUSIONS:
            raise InvalidInput(
                f"{len(domains):,} domains are excluded; at most {MAX_EXCLUSIONS:,} can be.", field="exclude_domains"
            )
        return domains, keys
