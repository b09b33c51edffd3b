"""The store's seam: what the engine may ask of it, named by noun and by what is lacking.

Rows are the checkpoints: ask for what lacks something, work, put it, repeat. Every put may be repeated without harm.
Texts with a NUL character or a lone surrogate, times without a zone and numbers that are not finite are InvalidInput;
an unknown task or candidate is NotFound; a database that cannot be used is StoreError. A put that raises wrote nothing.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from longlist.model.company import Candidate, CompanyProfile, Record
from longlist.model.criterion import Grade
from longlist.model.plan import Plan
from longlist.model.task import Progress, SourceState, StopReason, Task, TaskSpec

Control = Literal["run", "pause", "stop"]
Stage = Literal["found", "enriched", "evaluated", "failed", "excluded"]


def relevance(rank_score: float) -> int:
    """A `rank_score` of 0 to 1 as a whole number 0-100, half up; what lies outside is brought to the nearer end."""
    return int(100 * min(1.0, max(0.0, rank_score)) + 0.5)


@dataclass(frozen=True, slots=True)
class Result:
    """A candidate that was graded on every criterion; `grades` are in the order of the criteria.

    `id` never changes. `profile_id` names the version of the profile that was graded: equal profiles of a company
    share it, also between tasks. `rank_score` orders the results of one task, higher first.
    """

    id: str
    task_id: str
    candidate: Candidate
    profile_id: str
    profile: CompanyProfile
    grades: tuple[Grade, ...]
    rank_score: float
    is_qualified: bool
    created_at: datetime

    @property
    def relevance(self) -> int:
        """The rank score on the wire's scale, 0-100."""
        return relevance(self.rank_score)


@dataclass(frozen=True, slots=True)
class CandidateState:
    """Where a candidate stands in its task, and why it was excluded or failed."""

    candidate: Candidate
    stage: Stage
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PutCount:
    """How many of the given records a put added, changed, and found already there as they are.

    `removed` are records of earlier puts that are no longer given: all of them when the whole set was given, else those
    that were kept beside another line about the same company.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class CatalogStats:
    """What the catalogue holds.

    `companies` counts distinct companies, the rest counts records: `by_set` in all, `with_domain` those with a domain
    of their own, `with_fact` those that state the fact, `top_countries` the ten headquarters countries met most.
    """

    companies: int
    records: int
    with_domain: int
    by_set: Mapping[str, int]
    with_fact: Mapping[str, int]
    top_countries: tuple[tuple[str, int], ...]


class TaskStore(Protocol):
    """Tasks, their candidates, profiles and grades."""

    async def create(self, spec: TaskSpec) -> Task:
        """A new task, status `created`; its exclusions are frozen, sorted and made unique here."""

    async def task(self, task_id: str) -> Task:
        """The task; its criteria are the plan's, before that the given ones."""

    async def tasks(self, offset: int = 0, limit: int = 20) -> list[Task]:
        """Tasks, newest first."""

    async def progress(self, task_id: str) -> Progress:
        """Counters, counted from rows; `qualified` is at most the number wanted."""

    async def revision(self, task_id: str) -> int:
        """A number that grows with every change to the task or to its rows."""

    async def start(self, task_id: str) -> Task:
        """Status `in_progress`, run number one up, reasons of the last run cleared.

        The control stays as it is: who pauses a task that waits for its turn is heard when it comes.
        """

    async def finish(self, task_id: str, stop_reason: StopReason, *, is_exhausted: bool) -> Task:
        """Status `done`, and why."""

    async def fail(self, task_id: str, reason: str) -> Task:
        """Status `failed`, stop reason `failed`; `reason` is a sentence for the user. All rows stay readable."""

    async def control(self, task_id: str) -> Control:
        """What the user wants the run to do."""

    async def set_control(self, task_id: str, control: Control) -> None:
        """Ask a run to go on, pause or stop; one that waits too."""

    async def raise_target(self, task_id: str, wanted: int) -> Task:
        """Want `wanted` results (1-250, else InvalidInput; never fewer than before), and make the task ready to go on.

        In one and the same change its status becomes `in_progress`, its control `run`, and the reasons of the last run
        are cleared, so that a task is seen as unfinished from then on whatever happens before it starts. The rounds of
        a run that ended of itself (not paused, stopped or failed) count as settled: `Task.rounds_settled`.
        """

    async def put_plan(self, task_id: str, plan: Plan) -> None:
        """Keep the plan. The one before is replaced; grades given under other criteria are the caller's affair."""

    async def plan(self, task_id: str) -> Plan | None:
        """The plan, None until there is one."""

    async def set_source_state(self, task_id: str, state: SourceState) -> None:
        """Keep what a source did; one state per source, the last one counts."""

    async def source_states(self, task_id: str) -> tuple[SourceState, ...]:
        """What each source did, by name of the source."""

    async def put_candidates(self, task_id: str, candidates: Sequence[Candidate], *, round_no: int = 1) -> int:
        """Keep candidates in the given order, as found in a round (from 1); returns how many are new to the task.

        A key the task has already is left as it is, its round too. One whose domain the task excludes, be it a subdomain of
        an excluded one, or whose key it excludes, is kept as `excluded`.
        """

    async def unprofiled(self, task_id: str, limit: int | None = None) -> list[Candidate]:
        """Candidates that lack a profile and were not excluded and did not fail, in order of arrival."""

    async def put_profiles(self, task_id: str, profiles: Sequence[tuple[str, CompanyProfile]]) -> None:
        """Keep (candidate key, profile) pairs and the profiles' pages; excluded candidates stay excluded.

        A profile is kept as a version that never changes, so what another task learns later changes nothing here. One
        that says the same as a version already kept is that version, with the times at which its pages were first
        read. A candidate that was graded on every criterion keeps the version it was graded on. Pages are kept for
        good, by their hash.
        """

    async def put_failures(self, task_id: str, reasons: Sequence[tuple[str, str]]) -> None:
        """Mark (candidate key, reason) pairs as failed, so that the flow does not meet them for ever.

        A later profile or grade of theirs clears it; evaluated ones stay evaluated.
        """

    async def candidates(self, task_id: str) -> list[CandidateState]:
        """All candidates of the task with their stage and reason, in order of arrival."""

    async def profiles(self, task_id: str, *, round_no: int | None = None) -> list[tuple[str, CompanyProfile]]:
        """(candidate key, profile with its pages) of all enriched and evaluated candidates, in order of arrival.

        With `round_no` only of those that came in that round.
        """

    async def ungraded(self, task_id: str) -> list[tuple[str, CompanyProfile]]:
        """(candidate key, profile with its pages) of those enriched but not yet graded on every criterion."""

    async def put_grades(self, task_id: str, grades: Sequence[tuple[str, float, tuple[Grade, ...]]]) -> None:
        """Keep (candidate key, rank score, grades), all in one transaction; given again, the last ones count.

        A candidate with a grade for every criterion of the task is evaluated. Conflict when one has no profile yet,
        InvalidInput for a criterion the task does not have.
        """

    async def results(
        self,
        task_id: str,
        offset: int = 0,
        limit: int | None = None,
        *,
        qualified_only: bool = True,
        with_texts: bool = True,
    ) -> list[Result]:
        """Evaluated candidates by rank score downwards, then by time, then by id.

        With `qualified_only` those that qualify, and of them the best `wanted`: as many as `progress` counts. Without
        `with_texts` their profiles have no pages, which costs less the longer the pages are.
        """

    async def near_misses(self, task_id: str, limit: int = 10, *, with_texts: bool = True) -> list[Result]:
        """The best evaluated candidates that do not qualify."""

    async def result_named(self, task_id: str, text: str) -> Result | None:
        """The evaluated candidate with this id, key or domain, else the best one of this name; None when none has it.

        Case and accents do not count.
        """

    async def qualified_keys(self, task_id: str) -> frozenset[str]:
        """The candidate keys of `results`."""

    async def tallies(self, task_id: str) -> dict[str, tuple[int, int, int]]:
        """For each criterion of the task, in order: (passed, silent, evaluated) among its evaluated candidates.

        Passed are grades of 4 and 5; silent are those without a grade, for lack of evidence.
        """

    async def source_counts(self, task_id: str) -> dict[str, int]:
        """How many candidates of the task each source gave, excluded and failed ones too; no entry for none."""

    async def qualified_identities(self, task_ids: Sequence[str]) -> tuple[str, ...]:
        """What identifies the results of these tasks, sorted: domains, and the keys of those that came without one.

        What a later task may exclude: a key of a record has a colon ("catalog:listed:SAP"), a domain never.
        """

    async def page_texts(self, hashes: Collection[str]) -> dict[str, str]:
        """The stored texts by hash; hashes that are not stored are left out."""

    async def qualified_domains(self, task_ids: Sequence[str]) -> tuple[str, ...]:
        """Domains of the results of these tasks, sorted; what a later task may exclude."""


class CatalogStore(Protocol):
    """The catalogue: records of companies, in sets."""

    async def put_records(self, set_name: str, records: Iterable[Record], *, is_whole: bool = False) -> PutCount:
        """Keep the records under a set's name, by key, in batches of bounded size; each batch is one transaction.

        A record replaces the one that an earlier put kept under its key. Nothing else is lost:

        - A key that recurs within this put with other content is another line about the company, and kept beside the
          first under a key of its own ("catalog:mine:acme.com~1f3b9a02"). The next put that ends well and gives the
          key, but no longer this content, removes it again.
        - A key under which an earlier put, or an earlier line, kept another company (neither domain nor name is the
          same, as in two files that number their lines from 1) is kept beside it as well ("catalog:mine:1~acme.com").

        So the same records put again change nothing, and a company that is no longer given stays. Not so when the
        records are the whole set (`is_whole`): what earlier puts kept then gives way to them, whatever company it is,
        and what they do not give is removed at the end. What was put before an error stays; putting the same records
        again goes on where it ended.
        """

    async def remove_set(self, set_name: str) -> int:
        """Remove the set's records; returns how many there were. Stored pages and results stay."""

    async def prune_set(self, set_name: str, keep: Collection[str]) -> int:
        """Remove the set's records whose keys are not among `keep`; returns how many there were."""

    async def note(self, name: str) -> str:
        """A small text kept beside the catalogue under a name; "" when there is none."""

    async def put_note(self, name: str, value: str) -> None:
        """Keep a small text under a name; the one before is replaced."""

    async def records_of(self, company_keys: Collection[str]) -> dict[str, list[Record]]:
        """The records of each of these companies, by key of the record; unknown companies are left out."""

    def companies(self, batch: int = 1000) -> AsyncIterator[list[list[Record]]]:
        """All companies in order of their key, about `batch` at a time; each inner list is one company, whole."""

    async def catalog_fingerprint(self) -> str:
        """A text that differs after every change to the records, and is "" when there never were any."""

    async def catalog_stats(self) -> CatalogStats:
        """What the catalogue holds."""
