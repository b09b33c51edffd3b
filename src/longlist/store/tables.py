"""The tables and their constraints, as they are after the newest migration (a test compares the two).

Texts that evidence quotes from are stored once, in `page`, by their hash; a profile and a catalogue record refer to
them or carry their own. A row of `profile` is one version of what was known of a company and never changes. All counters are counted from `candidate`.

A `research_table` (the word table is SQL's own) has columns, rows and cells; input values lie in the row, by id of the column, and
only cells that were asked for have a row in `table_cell`.

A row of `call_ledger` is one outside call; it outlives its task, as does `task_budget`, since what was spent was spent.
A row of `worker` is a process that runs tasks. Money is in millionths of a dollar; leases, beats and rates are in milliseconds and microseconds of the database's own clock.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
)

from longlist.model.call import Caps
from longlist.model.company import CompanyProfile, Record
from longlist.model.criterion import Criterion, Evidence
from longlist.model.plan import Angle, Plan
from longlist.model.table import CellValue, ColumnConfig
from longlist.store.columns import CleanText, Document, FiniteFloat, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

owner = Table(
    "owner",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("name", CleanText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("name"),
)

token = Table(
    "token",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("owner_id", CleanText, ForeignKey("owner.id"), nullable=False),
    Column("kind", CleanText, nullable=False),
    Column("scope", CleanText, nullable=False),
    Column("hash", CleanText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    UniqueConstraint("hash"),
)

task = Table(
    "task",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("owner_id", CleanText, ForeignKey("owner.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("query", CleanText, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("criteria_given", Document(tuple[Criterion, ...])),
    Column("sources", Document(tuple[str, ...])),
    Column("exclude_domains", Document(tuple[str, ...]), nullable=False),
    Column("exclude_keys", Document(tuple[str, ...]), nullable=False),
    Column("caps", Document(Caps)),  # what it may spend, where its maker said so
    Column("status", CleanText, nullable=False),
    Column("is_exhausted", Boolean, nullable=False),
    Column("stop_reason", CleanText),
    Column("failure_reason", CleanText),
    Column("plan", Document(Plan)),
    Column("run_no", Integer, nullable=False),
    Column("rounds_settled", Integer, nullable=False),
    Column("control", CleanText, nullable=False),
    Column("orders", Integer, nullable=False),
    Column("is_queued", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("table_id", CleanText),
    Column("started_at", UtcDateTime),  # when the last run began
    Column("ended_at", UtcDateTime),  # when it ended
    Index(None, "created_at"),
    Index(None, "owner_id", "created_at"),
    Index(None, "is_queued", "status"),
)

source_state = Table(
    "source_state",
    metadata,
    Column("task_id", CleanText, ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
    Column("source", CleanText, primary_key=True),
    Column("outcome", CleanText, nullable=False),
    Column("found", Integer, nullable=False),
    Column("reason", CleanText, nullable=False),
)

page = Table(
    "page",
    metadata,
    Column("hash", CleanText, primary_key=True),
    Column("url", CleanText),
    Column("record", CleanText),
    Column("text", CleanText, nullable=False),
    Column("read_at", UtcDateTime, nullable=False),
)

profile = Table(
    "profile",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("key", CleanText, nullable=False),
    Column("hash", CleanText, nullable=False),
    Column("domain", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("data", Document(CompanyProfile), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("key", "hash"),
    Index(None, "created_at"),
)

candidate = Table(
    "candidate",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("task_id", CleanText, ForeignKey("task.id", ondelete="CASCADE"), nullable=False),
    Column("key", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("domain", CleanText, nullable=False),
    Column("source", CleanText, nullable=False),
    Column("url", CleanText),
    Column("snippet", CleanText, nullable=False),
    Column("score", FiniteFloat, nullable=False),
    Column("found_by", CleanText, nullable=False),
    Column("round_no", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("stage", CleanText, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("profile_id", CleanText, ForeignKey("profile.id")),
    Column("rank_score", FiniteFloat),
    Column("is_qualified", Boolean, nullable=False),
    Column("merged_into", CleanText),  # the key of the candidate that is the same company, with stage "merged"
    Column("apart_from", Document(tuple[str, ...])),
    Column("created_at", UtcDateTime, nullable=False),
    Column("rev", Integer, nullable=False, server_default="0"),  # the task's revision at the row's last change
    Column("verdict", CleanText, nullable=False, server_default=""),  # the user's: "wrong", "excluded" or none
    Column("stage_before", CleanText),  # what `stage` was before the verdict set the company aside
    UniqueConstraint("task_id", "key"),
    Index(None, "task_id", "stage", "seq"),
    Index(None, "task_id", "rev"),
    Index(None, "profile_id"),
)

round_ = Table(
    "round",
    metadata,
    Column("task_id", CleanText, ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("freshness", CleanText, nullable=False),
    Column("angles", Document(tuple[Angle, ...])),
    Column("is_done", Boolean, nullable=False),
    Column("is_whole", Boolean, nullable=False),
)

sighting = Table(
    "sighting",
    metadata,
    Column("task_id", CleanText, ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
    Column("key", CleanText, primary_key=True),
    Column("source", CleanText, primary_key=True),
    Column("found_by", CleanText, nullable=False),
    Column("path", Document(tuple[str, ...]), nullable=False),
)

grade = Table(
    "grade",
    metadata,
    Column("candidate_id", CleanText, ForeignKey("candidate.id", ondelete="CASCADE"), primary_key=True),
    Column("criterion_key", CleanText, primary_key=True),
    Column("score", Integer, CheckConstraint("score BETWEEN 1 AND 5", name="score_range")),
    Column("why", CleanText, nullable=False),
    Column("probability", FiniteFloat, nullable=False),
    Column("evidence", Document(tuple[Evidence, ...]), nullable=False),
)

hand_grade = Table(
    "hand_grade",
    metadata,
    Column("candidate_id", CleanText, ForeignKey("candidate.id", ondelete="CASCADE"), primary_key=True),
    Column("criterion_key", CleanText, primary_key=True),
    Column("score", Integer, CheckConstraint("score BETWEEN 1 AND 5", name="score_range"), nullable=False),
    Column("note", CleanText, nullable=False),
    Column("given_at", UtcDateTime, nullable=False),
)

record = Table(
    "record",
    metadata,
    Column("key", CleanText, primary_key=True),
    Column("set_name", CleanText, nullable=False),
    Column("company_key", CleanText, nullable=False),
    Column("domain", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("data", Document(Record), nullable=False),
    Column("text", CleanText, nullable=False),
    Column("hash", CleanText, nullable=False),
    Column("variant_of", CleanText),
    Column("put_id", CleanText, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index(None, "company_key", "key"),
    Index(None, "set_name"),
)

meta = Table(
    "meta",
    metadata,
    Column("key", CleanText, primary_key=True),
    Column("value", CleanText, nullable=False),
)

call_ledger = Table(
    "call_ledger",
    metadata,
    Column("key", CleanText, primary_key=True),
    Column("provider", CleanText, nullable=False),
    Column("operation", CleanText, nullable=False),
    Column("model", CleanText, nullable=False),
    Column("freshness", CleanText, nullable=False),
    Column("task_id", CleanText),
    Column("step", CleanText, nullable=False),
    Column("company", CleanText, nullable=False, server_default=""),  # whom it is about, by key
    Column(
        "criteria", CleanText, nullable=False, server_default=""
    ),  # and which criteria, with commas between the keys
    Column("state", CleanText, CheckConstraint("state IN ('started', 'done', 'failed')", name="state"), nullable=False),
    Column("owner", CleanText, nullable=False),
    Column("is_open", Boolean, nullable=False),  # what the owner sent has not been settled
    Column("lease_until", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("unanswered", Integer, nullable=False),  # attempts whose end nobody knows
    Column("idempotency_key", CleanText, nullable=False),
    Column("maybe_paid_twice", Boolean, nullable=False),
    Column("reserved_micros", BigInteger, nullable=False),  # of the attempt under way
    Column("doubtful_micros", BigInteger, nullable=False),  # of attempts whose end nobody knows
    Column("cost_micros", BigInteger, nullable=False),
    Column("reserved_tokens", BigInteger, nullable=False),
    Column("tokens", BigInteger, nullable=False),
    Column("status", Integer),
    Column("reason", CleanText, nullable=False),
    Column("headers", Document(Mapping[str, str])),
    Column("answer_hash", CleanText, ForeignKey("blob.hash")),
    Column("started_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime),
    Index(None, "task_id"),
)

blob = Table(
    "blob",
    metadata,
    Column("hash", CleanText, primary_key=True),
    Column("codec", CleanText, nullable=False),
    Column("size", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

page_seen = Table(
    "page_seen",
    metadata,
    Column("url_hash", CleanText, primary_key=True),
    Column("body_hash", CleanText, nullable=False),  # of a blob, which may come a moment later
    Column("headers", Document(Mapping[str, str]), nullable=False),
)

task_budget = Table(
    "task_budget",
    metadata,
    Column("task_id", CleanText, primary_key=True),
    Column("max_micros", BigInteger),
    Column("max_calls", BigInteger),
    Column("max_tokens", BigInteger),
    Column("max_minutes", BigInteger),
    Column("used_micros", BigInteger, nullable=False),
    Column("used_calls", BigInteger, nullable=False),
    Column("used_tokens", BigInteger, nullable=False),
    Column("used_ms", BigInteger, nullable=False),
    Column("seen_ms", BigInteger, nullable=False),
)

worker = Table(
    "worker",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("started_ms", BigInteger, nullable=False),
    Column("beat_ms", BigInteger, nullable=False),
)

rate = Table(
    "rate",
    metadata,
    Column("name", CleanText, primary_key=True),
    Column("next_us", BigInteger, nullable=False),
)

research_table = Table(
    "research_table",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("owner_id", CleanText, ForeignKey("owner.id"), nullable=False),
    Column("parent_id", CleanText, ForeignKey("research_table.id", ondelete="CASCADE")),
    Column("kind", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("description", CleanText),
    Column("tags", Document(tuple[str, ...])),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("next_seq", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Index(None, "owner_id", "created_at"),
    Index(None, "parent_id"),
)

table_column = Table(
    "table_column",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("table_id", CleanText, ForeignKey("research_table.id", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("key", CleanText, nullable=False),
    Column("config", Document(ColumnConfig), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("table_id", "key"),
)

table_row = Table(
    "table_row",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("table_id", CleanText, ForeignKey("research_table.id", ondelete="CASCADE"), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("parent_row_id", CleanText, ForeignKey("table_row.id", ondelete="SET NULL")),
    Column("key", CleanText, nullable=False),
    Column("profile_id", CleanText),
    Column("data", Document(Mapping[str, Any]), nullable=False),  # by id of the column
    Column("metadata", Document(Mapping[str, Any])),
    UniqueConstraint("table_id", "seq"),
    Index(None, "table_id", "key"),
    Index(None, "parent_row_id"),
)

table_cell = Table(
    "table_cell",
    metadata,
    Column("row_id", CleanText, ForeignKey("table_row.id", ondelete="CASCADE"), primary_key=True),
    Column("column_id", CleanText, primary_key=True),  # no foreign key: it would cost an index; see delete_column
    Column("table_id", CleanText, nullable=False),
    Column("run_id", CleanText),
    Column("status", CleanText, nullable=False),
    Column("owner", CleanText, nullable=False),
    Column("lease_until", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("value", Document(CellValue)),
    Column("error", CleanText, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index(None, "status", "table_id"),
)

table_run = Table(
    "table_run",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("table_id", CleanText, ForeignKey("research_table.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("mode", CleanText, nullable=False),
    Column("row_ids", Document(tuple[str, ...])),
    Column("column_ids", Document(tuple[str, ...])),
    Column("requested", Integer, nullable=False),
    Column("freshness", CleanText, nullable=False),
    Index(None, "table_id", "created_at"),
)

table_task = Table(
    "table_task",
    metadata,
    Column("task_id", CleanText, ForeignKey("task.id", ondelete="CASCADE"), primary_key=True),
    Column("table_id", CleanText, ForeignKey("research_table.id", ondelete="CASCADE"), nullable=False),
    Column("auto_import", Boolean, nullable=False),
    Column("is_run", Boolean, nullable=False),
    Column("column_ids", Document(tuple[str, ...])),
    Column("seen_revision", Integer, nullable=False),
    Index(None, "table_id"),
)
