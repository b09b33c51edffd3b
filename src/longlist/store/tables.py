"""The tables and their constraints, as they are after the newest migration (a test compares the two).

Texts that evidence quotes from are stored once, in `page`, by their hash; a profile and a catalogue record refer to
them or carry their own. A row of `profile` is one version of what was known of a company and never changes. All counters are counted from `candidate`.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
)

from longlist.model.company import CompanyProfile, Record
from longlist.model.criterion import Criterion, Evidence
from longlist.model.plan import Plan
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

task = Table(
    "task",
    metadata,
    Column("id", CleanText, primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("query", CleanText, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("criteria_given", Document(tuple[Criterion, ...])),
    Column("sources", Document(tuple[str, ...])),
    Column("exclude_domains", Document(tuple[str, ...]), nullable=False),
    Column("exclude_keys", Document(tuple[str, ...]), nullable=False),
    Column("status", CleanText, nullable=False),
    Column("is_exhausted", Boolean, nullable=False),
    Column("stop_reason", CleanText),
    Column("failure_reason", CleanText),
    Column("plan", Document(Plan)),
    Column("run_no", Integer, nullable=False),
    Column("rounds_settled", Integer, nullable=False),
    Column("control", CleanText, nullable=False),
    Column("revision", Integer, nullable=False),
    Index(None, "created_at"),
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
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("task_id", "key"),
    Index(None, "task_id", "stage", "seq"),
    Index(None, "profile_id"),
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
