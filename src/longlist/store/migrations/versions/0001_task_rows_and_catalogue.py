"""Task rows and the catalogue."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # the same order as on SQLite
TIME = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("query", TEXT, nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("criteria_given", JSON),
        sa.Column("sources", JSON),
        sa.Column("exclude_domains", JSON, nullable=False),
        sa.Column("exclude_keys", JSON, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("is_exhausted", sa.Boolean(), nullable=False),
        sa.Column("stop_reason", TEXT),
        sa.Column("failure_reason", TEXT),
        sa.Column("plan", JSON),
        sa.Column("run_no", sa.Integer(), nullable=False),
        sa.Column("rounds_settled", sa.Integer(), nullable=False),
        sa.Column("control", TEXT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
    )
    op.create_index("ix_task_created_at", "task", ["created_at"])
    op.create_table(
        "source_state",
        sa.Column("task_id", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("outcome", TEXT, nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("task_id", "source", name="pk_source_state"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_source_state_task_id", ondelete="CASCADE"),
    )
    op.create_table(
        "page",
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("url", TEXT),
        sa.Column("record", TEXT),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("read_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_page"),
    )
    op.create_table(
        "profile",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("domain", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_profile"),
        sa.UniqueConstraint("key", "hash", name="uq_profile_key_hash"),
    )
    op.create_table(
        "candidate",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("task_id", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("domain", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("url", TEXT),
        sa.Column("snippet", TEXT, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("found_by", TEXT, nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("stage", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("profile_id", TEXT),
        sa.Column("rank_score", sa.Float()),
        sa.Column("is_qualified", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_candidate"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_candidate_task_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name="fk_candidate_profile_id"),
        sa.UniqueConstraint("task_id", "key", name="uq_candidate_task_id_key"),
    )
    op.create_index("ix_candidate_task_id_stage_seq", "candidate", ["task_id", "stage", "seq"])
    op.create_index("ix_candidate_profile_id", "candidate", ["profile_id"])
    op.create_table(
        "grade",
        sa.Column("candidate_id", TEXT, nullable=False),
        sa.Column("criterion_key", TEXT, nullable=False),
        sa.Column("score", sa.Integer()),
        sa.Column("why", TEXT, nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.PrimaryKeyConstraint("candidate_id", "criterion_key", name="pk_grade"),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name="fk_grade_candidate_id", ondelete="CASCADE"),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="ck_grade_score_range"),
    )
    op.create_table(
        "record",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("set_name", TEXT, nullable=False),
        sa.Column("company_key", TEXT, nullable=False),
        sa.Column("domain", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("variant_of", TEXT),
        sa.Column("put_id", TEXT, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_record"),
    )
    op.create_index("ix_record_company_key_key", "record", ["company_key", "key"])
    op.create_index("ix_record_set_name", "record", ["set_name"])
    op.create_table(
        "meta",
        sa.Column("key", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
