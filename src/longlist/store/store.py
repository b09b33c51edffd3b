"""The store's seam: what the engine may ask of it, named by noun and by what is lacking.

Rows are the checkpoints: ask for what lacks something, work, put it, repeat. Every put may be repeated without harm.
Texts with a NUL character or a lone surrogate, times without a zone and numbers that are not finite are InvalidInput;
an unknown task or candidate is NotFound; a database that cannot be used is StoreError. A put that raises wrote nothing.
"""

from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from longlist.model.access import LOCAL_OWNER, Owner, Scope, Token, TokenKind
from longlist.model.call import Answer, Caps
from longlist.model.company import Candidate, CompanyProfile, Facts, Record, SameAs, Sighting
from longlist.model.criterion import Grade, HandGrade
from longlist.model.plan import Plan
from longlist.model.round import Round, Yield
from longlist.model.table import TableLink
from longlist.model.task import Progress, SourceState, StopReason, Task, TaskSpec, TaskStatus
from longlist.store.ledger import CallSubject, CallTotal, Claim, Settlement, Slots, Spend, Written

Control = Literal["run", "pause", "stop"]
Stage = Literal["found", "enriched", "evaluated", "failed", "excluded", "merged"]
Verdict = Literal["wrong", "excluded"]
"""What a person says of a company as a whole: it is none (or another one), or simply unwanted."""


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
    by_hand: tuple[HandGrade, ...] = ()  # beside `grades`, for some of the criteria

    @property
    def relevance(self) -> int:
        """The rank score on the wire's scale, 0-100."""
        return relevance(self.rank_score)


@dataclass(frozen=True, slots=True)
class CandidateState:
    """Where a candidate stands in its task, and why it was excluded, failed or merged: `merged_into` is into which key."""

    candidate: Candidate
    stage: Stage
    reason: str = ""
    merged_into: str = ""


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


@dataclass(frozen=True, slots=True)
class Mark:
    """What tells whether an earlier answer about a task still holds."""

    owner_id: str
    revision: int
    orders: int
    status: TaskStatus


def mark_of(task: Task) -> Mark:
    """The mark of a task as it was read."""
    return Mark(task.owner_id, task.revision, task.orders, task.status)


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task, its counters and a part of its results, all of one moment; the profiles come without their texts."""

    task: Task
    progress: Progress
    results: tuple[Result, ...]


@dataclass(frozen=True, slots=True)
class ProfileVersion:
    """One version of what was known of a company: its id (the wire's `company_profile_id`), its key, and since when."""

    id: str
    key: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class GridGrade:
    """A grade as a grid shows it: the machine's score, and the one that a person gave beside it."""

    criterion_key: str
    score: int | None
    by_hand: int | None = None


@dataclass(frozen=True, slots=True)
class GridRow:
    """A candidate as a grid shows it: no explanations, no quotations, no pages.

    `rev` is the task's revision at its last change. `facts` is None before it has a profile; `grades` are in the order of
    the criteria, those given so far.
    """

    id: str
    key: str
    rev: int
    stage: Stage
    reason: str
    verdict: str
    name: str
    domain: str
    description: str
    facts: Facts | None
    source: str
    rank_score: float | None
    is_qualified: bool
    created_at: datetime
    grades: tuple[GridGrade, ...]


@dataclass(frozen=True, slots=True)
class TaskChange:
    """A task at one moment, and the rows that changed since an earlier one; `gone` are ids that a grid shows no more."""

    task: Task
    progress: Progress
    rows: tuple[GridRow, ...]
    gone: tuple[str, ...] = ()
    started_at: datetime | None = None
    ended_at: datetime | None = None


class TaskStore(Protocol):
    """Tasks, their candidates, profiles and grades."""

    async def create(
        self,
        spec: TaskSpec,
        *,
        owner_id: str = LOCAL_OWNER,
        is_queued: bool = False,
        table: TableLink | None = None,
    ) -> Task:
        """A new task, status `created`; its exclusions are frozen, sorted and made unique here.

        Its results go to `table`, which has to be there.

        With `is_queued` a worker takes it up, else whoever made it runs it.
        """

    async def task(self, task_id: str) -> Task:
        """The task; its criteria are the plan's, before that the given ones."""

    async def tasks(self, offset: int = 0, limit: int = 20, *, owner_id: str | None = None) -> list[Task]:
        """Tasks, newest first; with `owner_id` those of one owner."""

    async def task_count(self, owner_id: str) -> int:
        """How many tasks an owner has."""

    async def queued(self, limit: int | None = None, *, only_stopping: bool = False) -> list[str]:
        """Ids of the tasks that a worker has to go on with, oldest first; paused ones that were not settled yet too.

        With `only_stopping` those alone that somebody paused or stopped.
        """

    async def progress(self, task_id: str) -> Progress:
        """Counters, counted from rows; `qualified` is at most the number wanted."""

    async def progress_of(self, task_ids: Collection[str]) -> dict[str, Progress]:
        """The counters of several tasks, by id; unknown ids are left out."""

    async def revision(self, task_id: str) -> int:
        """A number that grows with every change to the task or to its rows."""

    async def mark(self, task_id: str) -> Mark:
        """Whose the task is, and how far it is. Fast: asked with every request of whoever polls."""

    async def start(self, task_id: str, *, only_unfinished: bool = False) -> Task:
        """Status `in_progress`, reasons of the last run cleared; with `only_unfinished` a task that ended is left so.

        The control stays as it is: who pauses a task that waits for its turn is heard when it comes.
        """

    async def finish(
        self, task_id: str, stop_reason: StopReason, *, is_exhausted: bool, orders: int | None = None
    ) -> Task:
        """Status `done`, and why.

        With `orders`, the number the run had seen when it came to its end, a task that got another order meanwhile
        (go on, pause) is left as it is: its status then is not `done`, and the run has to look again.
        """

    async def fail(self, task_id: str, reason: str, *, orders: int | None = None) -> Task:
        """Status `failed`, stop reason `failed`; `reason` is a sentence for the user. All rows stay readable.

        `orders` as for `finish`.
        """

    async def control(self, task_id: str) -> Control:
        """What the user wants the run to do."""

    async def set_control(self, task_id: str, control: Control) -> None:
        """Ask a run to go on, pause or stop; one that waits too."""

    async def pause(self, task_id: str) -> Task:
        """Ask an unfinished task to pause, and a worker to see to it in case nobody runs it.

        One that has not begun is paused with that; a finished one stays as it is.
        """

    async def stop(self, task_id: str) -> Task:
        """The same with `stop`: from then on candidates, profiles, grades and states of sources are put no more (Stopped)."""

    async def delete(self, task_id: str) -> None:
        """Remove a task with its candidates, grades and states of sources, all at once.

        Profiles and pages stay: other tasks have them too. A run that is under way meets NotFound and leaves nothing.
        """

    async def raise_target(self, task_id: str, wanted: int, *, is_queued: bool = False) -> Task:
        """Want `wanted` results (1-250, else InvalidInput; never fewer than before), and make the task ready to go on.

        In one and the same change its status becomes `in_progress`, its control `run`, its run one more, and the reasons of the last run
        are cleared, so that a task is seen as unfinished from then on whatever happens before it starts. Rounds in which a
        source could not be asked will be asked again. With `is_queued`
        a worker goes on with it, else the caller does, whoever had it before. The rounds of
        a run that ended of itself (not paused, stopped, failed or for want of budget) count as settled: `Task.rounds_settled`.
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

        A key the task has already is left as it is, its round too; that another source came upon it is kept. One whose domain the task excludes, be it a subdomain of
        an excluded one, or whose key it excludes, is kept as `excluded`.
        """

    async def rounds(self, task_id: str) -> tuple[Round, ...]:
        """The rounds that were begun, by number."""

    async def put_round(self, task_id: str, asked: Round) -> None:
        """Keep a round; the one of its number before is replaced."""

    async def found_in_round(self, task_id: str, number: int) -> frozenset[str]:
        """The keys of the candidates that came up first in this round."""

    async def yields(self, task_id: str) -> tuple[Yield, ...]:
        """What each angle (`found_by` of candidates) brought in each round, by round and angle."""

    async def sightings(self, task_id: str, key: str) -> tuple[Sighting, ...]:
        """How each source came upon a company, by source; of one merged into it as well."""

    async def put_merges(self, task_id: str, merges: Sequence[tuple[str, SameAs]]) -> None:
        """Mark candidates as merged into the company they are: no results of their own, with the reason, both kept.

        Where the task lacks that company it is entered, found as the candidate was. Evaluated candidates stay as they are.
        One that is said to be what is said to be itself, or from which a user keeps it apart, is failed with that reason.
        """

    async def unmerge(self, task_id: str, key: str) -> None:
        """Take a merged candidate apart again, for good: it is found, or enriched if it has a profile.

        Conflict when it was not merged. To have it graded, go on with the task.
        """

    async def unprofiled(
        self, task_id: str, limit: int | None = None, *, keys: Collection[str] | None = None
    ) -> list[Candidate]:
        """Candidates that lack a profile and were not excluded and did not fail, in order of arrival.

        With `keys` only those of them, of which there may be some hundred.
        """

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

    async def ungraded(self, task_id: str, keys: Collection[str] | None = None) -> list[tuple[str, CompanyProfile]]:
        """(candidate key, profile with its pages) of those enriched but not yet graded on every criterion; of these keys."""

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

    async def view(self, task_id: str, offset: int = 0, limit: int | None = None) -> TaskView:
        """The task with the results that `results` gives, as they were at one and the same moment; limit 0 for none."""

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

    async def changes(self, task_id: str, after: int = -1) -> TaskChange:
        """The task, its counters, and the rows that changed after a revision; all of one moment. -1: all there are."""

    async def result_with_id(self, task_id: str, result_id: str) -> Result | None:
        """The candidate with this id and all that is known of it, whatever its stage; None without a profile.

        It has the grades given so far, and rank score 0 before there are any.
        """

    async def revisions(self, owner_id: str, limit: int = 200) -> dict[str, int]:
        """How far the newest tasks of an owner are, by id, newest first."""

    async def put_hand_grade(
        self, task_id: str, result_id: str, criterion_key: str, score: int | None, note: str = ""
    ) -> None:
        """Keep a grade of 1 to 5 by hand beside the machine's; None takes it back. Whether the company qualifies follows."""

    async def put_verdict(self, task_id: str, result_id: str, verdict: Verdict | None) -> None:
        """Set a company aside, as wrong or as unwanted; None takes it back. It is no result then, and stays with its grades."""


class AccessStore(Protocol):
    """Owners, and the hashes of the tokens that were given out."""

    async def owner(self, name: str) -> Owner:
        """The owner of this name, made when there is none."""

    async def put_token(
        self, owner: Owner, kind: TokenKind, scope: Scope, digest: str, expires_at: datetime | None
    ) -> Token:
        """Keep the hash of a new secret."""

    async def tokens(self, *, kinds: Sequence[TokenKind] = ("token",)) -> list[Token]:
        """Tokens of these kinds, oldest first, revoked and ended ones too."""

    async def token_of(self, digest: str) -> Token | None:
        """The token whose secret has this hash, valid or not; None when there is none. Fast: asked with every request."""

    async def use_link(self, digest: str, now: datetime) -> Token | None:
        """The sign-in link with this hash, used up from now on; None when it is unknown, used, revoked or past its end."""

    async def note_use(self, token_id: str, now: datetime) -> None:
        """Remember when a token was last used."""

    async def revoke(self, token_ids: Collection[str], now: datetime) -> None:
        """These tokens are valid no more; revoked ones keep the time at which they were."""


class LedgerStore(Protocol):
    """Every outside call, its answer, and what tasks may spend on them."""

    async def recorded(self, keys: Collection[str]) -> dict[str, Answer]:
        """The answers recorded under these keys; keys without one are left out."""

    async def write_calls(
        self,
        claims: Sequence[Claim] = (),
        ends: Sequence[Settlement] = (),
        slots: Sequence[Slots] = (),
        is_gone: Callable[[str], bool] = lambda _: False,
    ) -> Written:
        """Many changes in one transaction: how calls ended, then claims to send others, then turns under rates.

        A claim is granted when the call has no answer, nobody else is at it (an owner whose lease ended, or that
        `is_gone`, is not) and its task may spend what it may cost; that is reserved from then on. What was sent by an
        owner that is gone counts as spent, and the call as possibly paid twice, unless it is idempotent. Doing all of
        it again, when nobody knows whether it was committed, changes nothing.
        """

    async def renew_calls(self, held: Mapping[str, str], lease_ms: int) -> None:
        """Calls, by key with their owner, are held for so long from now on; those that another took over stay lost."""

    async def release_calls(self, held: Mapping[str, str]) -> None:
        """These calls are given up unsettled: whoever asks next sends them again."""

    async def set_caps(self, task_id: str, caps: Caps) -> None:
        """What a task may spend from now on, what it spent so far included."""

    async def spend(self, task_id: str) -> Spend:
        """What a task has spent so far."""

    async def call_totals(self, task_id: str) -> list[CallTotal]:
        """The calls of a task by step, provider, operation and state."""

    async def open_day(self, now: datetime) -> None:
        """Count for the cap of this day (UTC) what its calls cost so far, or may cost: those made without a cap as well."""

    async def call_subjects(self, task_id: str) -> list[CallSubject]:
        """The calls of a task that are about one company, by company and criteria."""


class WorkerStore(Protocol):
    """The processes that run tasks, and the runs they have to see to."""

    async def beat(self, worker_id: str, *, is_new: bool = False) -> bool:
        """Say that a worker is alive, by the database's clock; False when another took over what it had."""

    async def workers(self) -> dict[str, float]:
        """The workers there are, by id, and how many seconds ago each last said that it is alive."""

    def inheriting(self, worker_id: str, silent_seconds: float) -> AbstractAsyncContextManager[bool]:
        """A block in which one alone takes over what a worker had that was silent for so long; its row is gone after it.

        False inside when another is at it, or it was not silent. Short: a transaction is open meanwhile.
        """

    async def forget_worker(self, worker_id: str) -> None:
        """Remove a worker that ended in order."""

    async def unfinished_runs(self, limit: int | None = None) -> list[tuple[str, int]]:
        """(task, number of its run) that workers have to go on with, oldest task first."""

    async def next_run(self, task_id: str, run_no: int) -> None:
        """Let a task that has not ended be run anew; nothing when that was done for this run already."""


class FlowStore(TaskStore, LedgerStore, Protocol):
    """What a run needs: its task, and what the task may spend."""


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


class CompanyStore(Protocol):
    """Companies at large: what the tasks learned of them, whichever task it was.

    A profile is learned when it holds a page that is no catalogue record; the others say nothing that the catalogue
    does not. Of several versions of a learned profile the newest counts, by time and then by id.
    """

    async def profile_with_id(self, profile_id: str) -> CompanyProfile | None:
        """The profile with this id (as in `Result.profile_id`), without pages; None when there is none."""

    async def profiles_since(
        self, moment: datetime | None, after: ProfileVersion | None = None, limit: int = 1000
    ) -> list[ProfileVersion]:
        """The versions kept from a moment on, learned or not, oldest first; `after` goes on where a batch ended.

        Several processes write: a version may come up some seconds later than its time says.
        """

    async def newest_profile(self) -> ProfileVersion | None:
        """The version kept last."""

    async def learned_profiles(self, keys: Collection[str], *, with_texts: bool = False) -> dict[str, CompanyProfile]:
        """The learned profiles of some companies, by key; others are left out. Without `with_texts` they have no pages."""

    def learned_companies(self) -> AsyncIterator[list[CompanyProfile]]:
        """All learned profiles with their pages, by key, in batches of bounded size."""
