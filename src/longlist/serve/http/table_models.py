"""The wire format of tables as types: contract §3. Column configs are one type for each kind, told apart by `kind`."""

from datetime import datetime
from typing import Annotated, Any, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Discriminator, Field, RootModel, StringConstraints, Tag

from longlist.engine.tables import DEFAULT_NAME, MAX_NAME
from longlist.model.criterion import TEXT_LENGTH
from longlist.model.table import (
    MAX_COLUMNS,
    MAX_LABELS,
    PROMPT_LENGTH,
    Agent,
    AgentType,
    ColumnConfig,
    ColumnKind,
    NewRow,
    OutputFormat,
    PeopleFinder,
    RunMode,
    TableKind,
)
from longlist.model.task import TaskStatus
from longlist.serve.http.models import KEY, NO_NUL, SAYS_SOMETHING, Body, TaskOut, Text

MAX_ROWS_AT_ONCE = 5_000
MAX_DESCRIPTION = 10_000
MAX_TAGS = 50

Name: TypeAlias = Annotated[str, StringConstraints(pattern=SAYS_SOMETHING, max_length=MAX_NAME)]
Description: TypeAlias = Annotated[str, StringConstraints(pattern=NO_NUL, max_length=MAX_DESCRIPTION)]
Word: TypeAlias = Annotated[str, StringConstraints(pattern=SAYS_SOMETHING, max_length=200)]
Tags: TypeAlias = Annotated[list[Word], Field(max_length=MAX_TAGS)]
Key: TypeAlias = Annotated[str, StringConstraints(pattern=KEY, max_length=100)]
Scalars: TypeAlias = dict[str, Any]


class _Config(Body):
    """What every column has."""

    key: Key = Field(description="Names the column in `data` and in prompts: letters, digits, underscores; unique.")
    name: Name

    def part(self) -> dict[str, Any]:
        """What the kind has besides, as parts of a ColumnConfig."""
        return {}


class InputColumnConfig(_Config):
    """A column whose values are put in."""

    kind: Literal["input"] = "input"


class AgentValue(Body):
    """Who answers what in which form."""

    agent_type: AgentType
    prompt: Annotated[
        str, StringConstraints(pattern=SAYS_SOMETHING, min_length=PROMPT_LENGTH[0], max_length=PROMPT_LENGTH[1])
    ] = Field(description="What is asked about each row; {key} stands for the row's value in another column.")
    output_format: OutputFormat
    labels: Annotated[list[Word], Field(max_length=MAX_LABELS)] | None = Field(
        None, description="What to choose from, for select and multiselect."
    )
    output_schema: dict[str, Any] | None = Field(
        None, description="A JSON Schema with an object at its root, for json."
    )
    extra_dependencies: Annotated[list[Key], Field(max_length=MAX_COLUMNS)] | None = Field(
        None, description="Keys of columns that have to be done first, besides those in the prompt."
    )


class AgentColumnConfig(_Config):
    """A column that is researched, or made from the others."""

    kind: Literal["agent"]
    value: AgentValue

    def part(self) -> dict[str, Any]:
        """The agent."""
        given = self.value
        return {
            "agent": Agent(
                given.agent_type,
                given.prompt,
                given.output_format,
                tuple(given.labels or ()),
                given.output_schema,
                tuple(given.extra_dependencies or ()),
            )
        }


class PeopleFinderValue(Body):
    """Whom to find."""

    roles: Annotated[list[Word], Field(min_length=1, max_length=50)]
    provider: Word | None = None
    max_results: Annotated[int, Field(ge=1, le=100)] | None = None


class PeopleFinderColumnConfig(_Config):
    """People of each company; a run puts them into the table's people table."""

    kind: Literal["company_people_finder"]
    value: PeopleFinderValue

    def part(self) -> dict[str, Any]:
        """The finder."""
        return {"finder": PeopleFinder(tuple(self.value.roles), self.value.provider, self.value.max_results)}


class EmailFinderColumnConfig(_Config):
    """A person's e-mail address, from a provider."""

    kind: Literal["email_finder"]


class PhoneFinderColumnConfig(_Config):
    """A person's telephone number, from a provider."""

    kind: Literal["phone_finder"]


class ReverseEmailLookupColumnConfig(_Config):
    """Whose an e-mail address is, from a provider."""

    kind: Literal["reverse_email_lookup"]
    email_column_key: Key

    def part(self) -> dict[str, Any]:
        """The column with the addresses."""
        return {"email_key": self.email_column_key}


class CriterionValue(Body):
    """What to grade."""

    criterion: Annotated[
        str, StringConstraints(pattern=SAYS_SOMETHING, min_length=TEXT_LENGTH[0], max_length=TEXT_LENGTH[1])
    ]


class CriterionGradeColumnConfig(_Config):
    """A grade, 1-5, of how well each company meets a criterion."""

    kind: Literal["criterion_grade"]
    value: CriterionValue

    def part(self) -> dict[str, Any]:
        """The criterion."""
        return {"criterion": self.value.criterion}


class DiscoveryScoresColumnConfig(_Config):
    """The scores of the task that a row came from."""

    kind: Literal["discovery_scores"]


class CompanyNameColumnConfig(_Config):
    """The company's name."""

    kind: Literal["company_name"]


class CompanyWebsiteColumnConfig(_Config):
    """The company's own domain."""

    kind: Literal["company_website"]


class CompanyProfileColumnConfig(_Config):
    """What is known of the company."""

    kind: Literal["company_profile"]


def _kind(value: Any) -> Any:
    return value.get("kind", "input") if isinstance(value, dict) else getattr(value, "kind", "input")


AnyConfig: TypeAlias = Annotated[
    Annotated[InputColumnConfig, Tag("input")]
    | Annotated[AgentColumnConfig, Tag("agent")]
    | Annotated[CriterionGradeColumnConfig, Tag("criterion_grade")]
    | Annotated[PeopleFinderColumnConfig, Tag("company_people_finder")]
    | Annotated[DiscoveryScoresColumnConfig, Tag("discovery_scores")]
    | Annotated[CompanyNameColumnConfig, Tag("company_name")]
    | Annotated[CompanyWebsiteColumnConfig, Tag("company_website")]
    | Annotated[CompanyProfileColumnConfig, Tag("company_profile")]
    | Annotated[EmailFinderColumnConfig, Tag("email_finder")]
    | Annotated[PhoneFinderColumnConfig, Tag("phone_finder")]
    | Annotated[ReverseEmailLookupColumnConfig, Tag("reverse_email_lookup")],
    Discriminator(_kind),
]


def config_of(given: AnyConfig) -> ColumnConfig:
    """The column that is meant."""
    kind: ColumnKind = given.kind
    return ColumnConfig(kind, given.key, given.name, **given.part())


class NewTableBody(Body):
    """A table to make."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"name": "Cold chain in Iberia", "kind": "company", "tags": ["logistics"]},
                {
                    "name": "Breweries",
                    "column_configs": [
                        {
                            "kind": "agent",
                            "key": "hq_country",
                            "name": "HQ country",
                            "value": {
                                "agent_type": "research_pro",
                                "prompt": "In which country is the headquarters of {company_name}?",
                                "output_format": "text",
                            },
                        }
                    ],
                },
            ]
        }
    )

    name: Name = DEFAULT_NAME
    description: Description | None = None
    tags: Tags | None = None
    kind: TableKind = "company"
    column_configs: Annotated[list[AnyConfig], Field(max_length=MAX_COLUMNS)] | None = None
    num_rows: Annotated[int, Field(ge=0, le=MAX_ROWS_AT_ONCE)] | None = Field(
        None, description="Empty rows to begin with; older clients send it."
    )
    notify: bool | None = Field(None, description="Accepted and ignored.", deprecated=True)
    settings: dict[str, Any] | None = Field(None, description="Accepted and ignored.", deprecated=True)


class TableChange(Body):
    """What to change of a table."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Breweries of Graz"}, {"tags": ["beer"]}]})

    name: Name | None = None
    description: Description | None = None
    tags: Tags | None = None
    columns_order: Annotated[list[Text], Field(max_length=MAX_COLUMNS)] | None = Field(
        None, description="Ids or keys of columns; those not named come after."
    )


class NewColumns(Body):
    """Columns to add."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"column_configs": [{"kind": "input", "key": "owner", "name": "Owner"}], "insert_after": True}]
        }
    )

    column_configs: Annotated[list[AnyConfig], Field(min_length=1, max_length=MAX_COLUMNS)]
    insert_after: bool | Text = Field(
        default=True, description="The id of the column to stand after; true for the end, false for the start."
    )


class RowIn(Body):
    """A row to add."""

    data: dict[str, Any] = Field(description="Plain values by key of the column.")
    metadata: dict[str, Any] | None = None

    def row(self) -> NewRow:
        """The row that is meant."""
        return NewRow(self.data, self.metadata)


class RowChange(RowIn):
    """A row to change, or to add when it has no id."""

    id: UUID | None = None

    def row(self) -> NewRow:
        """The row that is meant."""
        return NewRow(self.data, self.metadata, None if self.id is None else str(self.id))


class NewRows(Body):
    """Rows to add."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"rows": [{"data": {"input": "frostline.example"}}], "run": True}]}
    )

    rows: Annotated[list[RowIn], Field(max_length=MAX_ROWS_AT_ONCE)]
    run: bool = Field(default=False, description="Whether the cells of these rows are made.")


class RowChanges(Body):
    """Rows to change."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rows": [{"data": {"input": "frostline.example"}}]}]})

    rows: Annotated[list[RowChange], Field(max_length=MAX_ROWS_AT_ONCE)]
    run: bool = Field(default=False, description="Whether the cells of these rows that have no value are made.")


class RowsToDelete(Body):
    """Rows to delete."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"rows": ["0b9d7f4e-5c1a-4f0e-9a53-2f6f4f1f7c11"]}]})

    rows: Annotated[list[UUID], Field(max_length=MAX_ROWS_AT_ONCE)]


class RunRequest(Body):
    """Which cells to make."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}, {"mode": "failed"}]})

    mode: RunMode = "new"
    rows: Annotated[list[UUID], Field(max_length=MAX_ROWS_AT_ONCE)] | None = None
    columns: Annotated[list[UUID], Field(max_length=MAX_COLUMNS)] | None = None


class ColumnChange(RootModel[AnyConfig]):
    """A whole column config, in the place of the one before; of the same kind."""

    model_config = ConfigDict(
        strict=True, json_schema_extra={"examples": [{"kind": "input", "key": "owner", "name": "Account owner"}]}
    )


class OwnerOut(BaseModel):
    """Whose a table is."""

    id: str
    email: str


class ColumnOut(BaseModel):
    """A column."""

    id: str
    created_at: datetime
    config: AnyConfig


class RelationOut(BaseModel):
    """Another table that belongs to this one, or that it belongs to."""

    table_id: str
    relationship_type: Literal["company_people"]


class SettingsOut(BaseModel):
    """Settings that the hosted service has."""

    exclude_from_search: bool


class TableSummaryOut(BaseModel):
    """A table in a list."""

    id: str
    created_at: datetime
    updated_at: datetime
    name: str
    description: str | None
    tags: list[str] | None
    kind: TableKind
    settings: SettingsOut
    scope: Literal["personal", "organization"]
    owner: OwnerOut
    num_rows: int


class TableOut(BaseModel):
    """A table and its columns, in the order in which they are shown."""

    id: str
    created_at: datetime
    updated_at: datetime
    name: str
    description: str | None
    tags: list[str] | None
    kind: TableKind
    columns: list[ColumnOut]
    owner: OwnerOut
    child_relationships: list[RelationOut]
    parent_relationships: list[RelationOut]


class TableStatusOut(BaseModel):
    """Counts of a table; cells are those of columns that are no input."""

    num_rows: int
    num_columns: int
    num_input_columns: int
    num_output_columns: int
    num_cells_completed: int
    num_cells_in_progress: int
    num_cells_failed: int = Field(description="Ours, added.")
    run_status: Literal["running", "idle"]


class TableWithStatus(TableOut):
    """A table with its counts. It is at rest when `run_status` is idle and `num_cells_in_progress` is 0."""

    status: TableStatusOut


class CellOut(BaseModel):
    """A cell: `value` is what was put in, or an object with `answer`, `explanation`, `sources` and `evidence`."""

    value: Any
    status: Literal["requested", "in_progress", "done", "failed"] | None = Field(
        description="Null while nobody asked for it."
    )
    error: str | None


class RowOut(BaseModel):
    """A row; `data` holds a cell for each column."""

    id: str
    created_at: datetime
    parent_row_id: str | None
    company_profile_id: str | None
    data: dict[str, CellOut]
    metadata: dict[str, Any] | None
    parent_data: dict[str, Any] | None


class RowWithColumns(RowOut):
    """A row, whether it is being worked on, and the columns of its table."""

    status: Literal["running", "idle"]
    columns: list[ColumnOut]


class TableData(TableWithStatus):
    """A table with its rows, and the tasks whose results go to it."""

    rows: list[RowOut]
    discovery_tasks: list[TaskOut] | None


class RunOut(BaseModel):
    """A run, and how many cells it asked for."""

    id: str
    created_at: datetime
    status: TaskStatus
    rows: list[str] | None
    columns: list[str] | None
    num_requested_cells: int
    mode: RunMode
