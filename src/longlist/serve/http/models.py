"""The wire format as types: what requests are checked against, and what the OpenAPI file says of answers.

Requests are strict: no unknown fields, no numbers in quotes, no booleans for integers. Answers are written by
`serve/wire.py`; here they are only described, and a test holds the two together. Field by field: contract §2 and §4.
"""

from datetime import datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from longlist.engine.checks import MAX_QUERY
from longlist.engine.service import DEFAULT_MORE, MAX_EXCLUDED_TASKS
from longlist.model.call import Caps
from longlist.model.company import EMPLOYEE_BUCKETS
from longlist.model.criterion import KEY_PATTERN, MAX_CRITERIA, NAME_LENGTH, TEXT_LENGTH
from longlist.model.task import DEFAULT_WANTED, WANTED_RANGE, SourceOutcome, StopReason, TaskStatus

NO_NUL = r"^[^\u0000]*$"
SAYS_SOMETHING = r"^[^\u0000]*[^\u0000\s][^\u0000]*$"
KEY = f"^{KEY_PATTERN.pattern}$"
MAX_ENTRIES = 5_000  # of a list of domains; what is left after removing duplicates has limits of its own
MAX_ENTRY = 2_000  # characters of an address

Text: TypeAlias = Annotated[str, StringConstraints(pattern=NO_NUL)]
Entry: TypeAlias = Annotated[str, StringConstraints(pattern=NO_NUL, min_length=1, max_length=MAX_ENTRY)]
Bucket: TypeAlias = Literal["1-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10000", "10001+"]
SourceName: TypeAlias = Literal["web_search", "linkedin", "maps", "catalog", "extruct_db"]

assert Bucket.__args__ == tuple(name for _, _, name in EMPLOYEE_BUCKETS)  # type: ignore[attr-defined]


class Body(BaseModel):
    """What every request body has in common."""

    model_config = ConfigDict(strict=True, extra="forbid")


class CriterionDefinition(Body):
    """One statement that companies are graded on, 1-5."""

    key: Annotated[str, StringConstraints(pattern=KEY, max_length=100)] = Field(
        description="Names the criterion in `scores`: letters, digits and underscores, a letter first; unique."
    )
    name: Annotated[
        str, StringConstraints(pattern=SAYS_SOMETHING, min_length=NAME_LENGTH[0], max_length=NAME_LENGTH[1])
    ]
    criterion: Annotated[
        str, StringConstraints(pattern=SAYS_SOMETHING, min_length=TEXT_LENGTH[0], max_length=TEXT_LENGTH[1])
    ] = Field(description="The statement to be graded.")


class TableLink(Body):
    """The table that results go to."""

    id: UUID | None = None
    run: bool = False
    columns: list[UUID] | None = None
    auto_import: bool = False


class Budget(Body):
    """What a task may spend; what is left out has no limit."""

    max_dollars: float | None = Field(None, ge=0, le=1_000_000, description="US dollars.")
    max_calls: int | None = Field(None, ge=0, le=10**9, description="Calls to the outside.")
    max_tokens: int | None = Field(None, ge=0, le=10**12, description="Tokens of language models.")
    max_minutes: int | None = Field(None, ge=1, le=10**6, description="Minutes in which it makes calls.")

    def caps(self) -> Caps:
        """The caps it stands for."""
        micros = None if self.max_dollars is None else int(self.max_dollars * 1_000_000)
        return Caps(micros, self.max_calls, self.max_tokens, self.max_minutes)


class NewTask(Body):
    """What to look for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"query": "buy now pay later providers for online shops", "desired_num_results": 25},
                {
                    "query": "regional cold-chain warehouse operators in Iberia",
                    "desired_num_results": 40,
                    "auto_data_sources": False,
                    "data_sources": ["catalog"],
                    "criteria": [
                        {
                            "key": "cold_chain",
                            "name": "Cold chain",
                            "criterion": "Runs temperature-controlled storage as a core service.",
                        }
                    ],
                    "exclude_domains": ["https://www.acme.com/about"],
                },
            ]
        }
    )

    query: Annotated[str, StringConstraints(pattern=SAYS_SOMETHING, max_length=MAX_QUERY)] = Field(
        description="A sentence that describes the wanted companies."
    )
    desired_num_results: int = Field(DEFAULT_WANTED, ge=WANTED_RANGE[0], le=WANTED_RANGE[1])
    table: TableLink | None = None
    auto_data_sources: bool = Field(default=True, description="Whether the sources are chosen for you.")
    data_sources: list[SourceName] | None = Field(
        None,
        max_length=100,
        description="Where to look, when `auto_data_sources` is false. `extruct_db` is another name of `catalog`.",
    )
    criteria: list[CriterionDefinition] | None = Field(
        None, max_length=MAX_CRITERIA, description="What to grade; derived from the query when left out."
    )
    exclude_domains: list[Entry] | None = Field(
        None, max_length=MAX_ENTRIES, description="Domains or addresses; at most 1,000 different domains in all."
    )
    exclude_task_ids: list[UUID] | None = Field(
        None, max_length=MAX_EXCLUDED_TASKS, description="Finished tasks of yours whose results are left out."
    )
    budget: Budget | None = Field(
        None, description="What it may spend, in place of what the server's settings say. An addition of Longlist."
    )
    notify: bool | None = Field(None, description="Accepted and ignored.", deprecated=True)


class Resume(Body):
    """How to go on with a task."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"desired_new_results": 10}, {}]})

    desired_new_results: int = Field(
        DEFAULT_MORE, ge=0, le=WANTED_RANGE[1], description="0 goes on with unfinished work without wanting more."
    )


class Nothing(Body):
    """A body that holds nothing."""


class Names(Body):
    """Which values of a fact are meant."""

    size: list[Bucket] | None = Field(None, max_length=100)
    country: list[Entry] | None = Field(None, max_length=MAX_ENTRIES)
    city: list[Entry] | None = Field(None, max_length=MAX_ENTRIES)


class NamesAndDomains(Names):
    """Which values of a fact, and which companies, are not meant."""

    domains: list[Entry] | None = Field(None, max_length=MAX_ENTRIES)


class Years(Body):
    """Years, both included."""

    min: Annotated[int, Field(ge=0, le=9999)] | None = None
    max: Annotated[int, Field(ge=0, le=9999)] | None = None


class Ranges(Body):
    """Bounds of numbers."""

    founded: Years | None = None


class SearchFilters(Body):
    """Which companies may come up at all; a company that does not state a fact does not pass an `include` on it."""

    include: Names | None = None
    exclude: NamesAndDomains | None = None
    range: Ranges | None = None


class Pagination(Body):
    """Which part of the answer."""

    offset: Annotated[int, Field(ge=0)] | None = None
    limit: Annotated[int, Field(ge=1)] | None = None


class CompanySearch(Body):
    """A search for companies in what is known already."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"q": "subscription billing software", "filters": {"exclude": {"country": ["United States"]}}},
                {"q": "shopify"},
            ]
        }
    )

    q: Annotated[str, StringConstraints(pattern=SAYS_SOMETHING, max_length=MAX_QUERY)] = Field(
        description="A name, a domain, or a description."
    )
    filters: SearchFilters | None = None
    pagination: Pagination | None = None


class SimilarSearch(Body):
    """A search for companies like one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {},
                {"filters": {"include": {"size": ["11-50", "51-200"]}}, "pagination": {"offset": 20, "limit": 20}},
            ]
        }
    )

    filters: SearchFilters | None = None
    pagination: Pagination | None = None


class Problem(BaseModel):
    """What was wrong, in a sentence."""

    detail: str


class Fault(BaseModel):
    """One thing that is wrong with a request, and where in it."""

    type: str
    loc: list[str | int]
    msg: str


class Invalid(BaseModel):
    """All that is wrong with a request."""

    detail: list[Fault]


class CriterionOut(BaseModel):
    """A criterion, given or derived."""

    key: str
    name: str
    criterion: str


class SourceStateOut(BaseModel):
    """What one source did: how many candidates it gave, why it was asked, `unavailable` or `left_out` with the reason."""

    source: str
    state: SourceOutcome
    found: int
    reason: str | None


class TaskOut(BaseModel):
    """A task and its counters: discovered >= enriched >= evaluated >= num_results. It is over when `status` is done or failed."""

    id: str
    created_at: datetime
    status: TaskStatus
    query: str
    desired_num_results: int
    is_exhausted: bool
    num_results_discovered: int
    num_results_enriched: int
    num_results_evaluated: int
    num_results: int
    table_id: str | None
    auto_data_sources: bool
    data_sources: list[str] | None
    criteria: list[CriterionOut] | None
    exclude_domains: list[str] | None
    failure_reason: str | None = Field(description="Ours, added: why the run failed.")
    stop_reason: StopReason | None = Field(description="Ours, added: why the run ended; null while it runs.")
    source_states: list[SourceStateOut] = Field(description="Ours, added: what each source did.")


class EvidenceOut(BaseModel):
    """A quotation, word for word, and where it stands: a page (`url`) or a catalogue record (`record`)."""

    url: str | None
    record: str | None
    quote: str
    read_at: datetime
    hash: str = Field(description="SHA-256 of the stored text that holds the quotation.")


class HandGradeOut(BaseModel):
    """What a person said beside the machine."""

    grade: int = Field(ge=1, le=5)
    note: str | None = None


class ScoreOut(BaseModel):
    """How well a company meets one criterion, 1 (clearly not) to 5 (clearly)."""

    grade: int = Field(ge=1, le=5)
    explanation: str
    sources: list[str] = Field(description="Addresses that were read.")
    evidence: list[EvidenceOut] = Field(description="Ours, added: never empty for a 4 or 5.")
    no_evidence: bool = Field(description="Ours, added: nothing known speaks of the criterion; the grade is then 3.")
    by_hand: HandGradeOut | None = Field(
        description="Ours, added: a grade given by hand. It decides whether the company qualifies; `grade` stays the machine's."
    )


class ResultOut(BaseModel):
    """A company that qualifies: at least 75 % of the criteria are graded 4 or 5."""

    id: str
    task_id: str
    company_name: str
    company_description: str
    company_website: str = Field(description="The company's own domain, empty when it has none.")
    relevance: int = Field(ge=0, le=100)
    created_at: datetime
    company_profile_id: str | None
    source: str
    scores: dict[str, ScoreOut]
    founding_year: int | None
    employee_count: Bucket | None
    hq_country: str | None
    hq_state_province: str | None
    hq_city: str | None
    company_full_description: str | None


class TaskWithResults(TaskOut):
    """A task with its results, best first."""

    results: list[ResultOut]


class CompanyOut(BaseModel):
    """What is known about a company."""

    id: str
    domain: str
    name: str
    short_description: str | None
    full_description: str | None
    products_services: str | None
    use_cases: str | None
    target_audience: str | None
    other_considerations: str | None
    founding_year: int | None
    employee_count: Bucket | None
    hq_country: str | None
    hq_state_province: str | None
    hq_city: str | None
    hq_full_address: str | None
    social_profiles: dict[str, str]
    website_authority: dict[str, int | str] | None
    relevance_score: float


class SearchRequestOut(BaseModel):
    """What was asked for, as it was understood."""

    offset: int
    limit: int
    query: str | None
    filters: SearchFilters | None
    reference_company_id: str | None = None


class CompaniesOut(BaseModel):
    """Companies, best first."""

    results: list[CompanyOut]
    request: SearchRequestOut
    facet_counts: list[str] = Field(description="Always empty; older clients look for it.")


class SimilarOut(CompaniesOut):
    """Companies like one, best first; itself not among them."""

    reference_company: CompanyOut


class UserOut(BaseModel):
    """Whose token it is."""

    user_id: str
    email: str
    available_credits: int
    organization_id: str | None
    organization_name: str | None
    organization_slug: str | None
    organization_is_active: bool | None


class SubscriptionOut(BaseModel):
    """What the hosted service's clients check before they work."""

    requires_subscription: bool
    plan_tier: str


class BillingOut(BaseModel):
    """The user, and a subscription that never stands in the way."""

    user: UserOut
    subscription: SubscriptionOut


class HealthOut(BaseModel):
    """That the server answers."""

    status: Literal["ok"]
