"""What a user can do to tasks: create, run, resume. With `reader` this is all that a door calls."""

import re
from collections.abc import Sequence

from longlist.engine.reader import is_task_id
from longlist.engine.search import Kit, OnProgress, run_task
from longlist.errors import Conflict, InvalidInput
from longlist.language.domains import registered_domain
from longlist.model.criterion import KEY_PATTERN, MAX_CRITERIA, NAME_LENGTH, TEXT_LENGTH, Criterion
from longlist.model.plan import Plan
from longlist.model.task import DEFAULT_WANTED, MAX_EXCLUSIONS, WANTED_RANGE, Task, TaskSpec

DEFAULT_MORE = 25
MAX_EXCLUDED_TASKS = 100
MAX_QUERY = 20_000  # characters; a query is a sentence, this stops whole documents


class Service:
    """Tasks, for one user, over the parts of a kit."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit

    async def plan(self, query: str, criteria: Sequence[Criterion] | None = None) -> Plan:
        """What is understood of a query, without searching."""
        return await self._kit.planner.plan(checked_query(query), checked_criteria(criteria))

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
        self._kit.sources(sources)  # raises for a name nobody registered
        spec = TaskSpec(
            query=checked_query(query),
            wanted=checked_wanted(wanted),
            criteria=checked_criteria(criteria),
            sources=tuple(sources) if sources is not None else None,
            exclude_domains=await self._excluded(exclude),
        )
        return await self._kit.store.create(spec)

    async def run(self, task_id: str, on_progress: OnProgress | None = None) -> Task:
        """Work on the task until it has a reason to stop; on a task that was interrupted, go on where it ended."""
        return await run_task(self._kit, task_id, on_progress)

    async def resume(self, task_id: str, more: int = DEFAULT_MORE) -> Task:
        """Make a task ready to go on: an unfinished one as it is, a finished one for `more` further results (0-250).

        The target becomes min(250, results + more) and never falls. Conflict when its sources are exhausted or the
        cap is reached: contract §2.9.
        """
        task = await self._kit.store.task(task_id)
        if not 0 <= more <= WANTED_RANGE[1]:
            raise InvalidInput(
                f"{more} more results cannot be asked for: 0 to {WANTED_RANGE[1]}.", field="desired_new_results"
            )
        if task.is_exhausted:
            raise Conflict(
                "The sources have no more companies for this task. Its results are kept; "
                "widen the query or its criteria in a new search, or import more companies."
            )
        if task.status == "done" and task.spec.wanted >= WANTED_RANGE[1]:
            raise Conflict(f"This task already has the most results a task may have, {WANTED_RANGE[1]}.")
        found = (await self._kit.store.progress(task_id)).qualified
        return await self._kit.store.raise_target(task_id, min(WANTED_RANGE[1], max(task.spec.wanted, found + more)))

    async def _excluded(self, entries: Sequence[str]) -> tuple[str, ...]:
        task_ids = [entry for entry in entries if is_task_id(entry)]
        if len(task_ids) > MAX_EXCLUDED_TASKS:
            raise InvalidInput(f"At most {MAX_EXCLUDED_TASKS} tasks can be excluded.", field="exclude_task_ids")
        for task_id in task_ids:
            if (await self._kit.store.task(task_id)).status != "done":
                raise InvalidInput(
                    f"Task {task_id} is not done, so its companies cannot be excluded yet.", field="exclude_task_ids"
                )
        domains = set(await self._kit.store.qualified_domains(task_ids)) if task_ids else set()
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
        return tuple(sorted(domains))


def checked_query(query: str) -> str:
    """The query, or InvalidInput when it is blank, too long, or holds characters that no text has."""
    if not query.strip():
        raise InvalidInput("The query is empty. Describe the companies you look for in a sentence.", field="query")
    if len(query) > MAX_QUERY:
        raise InvalidInput(f"The query has {len(query):,} characters; at most {MAX_QUERY:,} are read.", field="query")
    if "\0" in query or any("\ud800" <= character <= "\udfff" for character in query):
        raise InvalidInput("The query holds characters that are no text (NUL or half a character).", field="query")
    return query


def checked_wanted(wanted: int) -> int:
    """The number of results wanted, or InvalidInput outside 1-250."""
    low, high = WANTED_RANGE
    if not low <= wanted <= high:
        raise InvalidInput(f"{wanted} results cannot be asked for: {low} to {high}.", field="desired_num_results")
    return wanted


def checked_criteria(criteria: Sequence[Criterion] | None) -> tuple[Criterion, ...] | None:
    """The criteria, None when there are none (they are inferred then), or InvalidInput by the rules of contract §2.1."""
    if not criteria:
        return None
    if len(criteria) > MAX_CRITERIA:
        raise InvalidInput(
            f"{len(criteria)} criteria are too many: at most {MAX_CRITERIA}, about five work best.", field="criteria"
        )
    for criterion in criteria:
        if not re.fullmatch(KEY_PATTERN, criterion.key):
            raise InvalidInput(
                f"The key {criterion.key[:50]!r} must be letters, digits and underscores, a letter first.",
                field="criteria",
            )
        if not NAME_LENGTH[0] <= len(criterion.name) <= NAME_LENGTH[1]:
            raise InvalidInput(
                f"The name of {criterion.key} must have 1 to {NAME_LENGTH[1]} characters.", field="criteria"
            )
        if not TEXT_LENGTH[0] <= len(criterion.text) <= TEXT_LENGTH[1]:
            raise InvalidInput(
                f"The criterion {criterion.text[:50]!r} has {len(criterion.text)} characters; it needs {TEXT_LENGTH[0]} to {TEXT_LENGTH[1]}.",
                field="criteria",
            )
    keys = [criterion.key for criterion in criteria]
    if len(set(keys)) < len(keys):
        raise InvalidInput("Two criteria have the same key.", field="criteria")
    return tuple(criteria)


def criterion_from_text(text: str, taken: Sequence[str] = ()) -> Criterion:
    """A criterion for a bare statement: its name the beginning, its key made of its first words."""
    name = " ".join(text.split())
    words = re.findall(r"[a-z0-9]+", name.lower())[:5]
    key = stem = re.sub(r"^[^a-z]+", "", "_".join(words))[:60] or "criterion"
    number = 2
    while key in taken:
        key, number = f"{stem}_{number}", number + 1
    short = name if len(name) <= 60 else name[:57].rsplit(" ", 1)[0] + "…"
    return Criterion(key, short, name)
