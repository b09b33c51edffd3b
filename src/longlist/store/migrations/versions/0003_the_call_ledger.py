"""The call ledger: every outside call, its answer by hash, what tasks may spend, how fast providers may be asked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # the same order as on SQLite
TIME = sa.DateTime(timezone=True)
BIG = sa.BigInteger()
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "blob",
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("codec", TEXT, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_blob"),
    )
    op.create_table(
        "call_ledger",
        sa.Column("key", TEXT, nullable=False),
        *(sa.Column(name, TEXT, nullable=False) for name in ("provider", "operation", "model", "freshness")),
        sa.Column("task_id", TEXT),
        *(sa.Column(name, TEXT, nullable=False) for name in ("step", "state", "owner")),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("lease_until", BIG, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("unanswered", sa.Integer(), nullable=False),
        sa.Column("idempotency_key", TEXT, nullable=False),
        sa.Column("maybe_paid_twice", sa.Boolean(), nullable=False),
        *(sa.Column(name, BIG, nullable=False) for name in ("reserved_micros", "doubtful_micros", "cost_micros")),
        *(sa.Column(name, BIG, nullable=False) for name in ("reserved_tokens", "tokens")),
        sa.Column("status", sa.Integer()),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("headers", JSON),
        sa.Column("answer_hash", TEXT),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("done_at", TIME),
        sa.PrimaryKeyConstraint("key", name="pk_call_ledger"),
        sa.ForeignKeyConstraint(["answer_hash"], ["blob.hash"], name="fk_call_ledger_answer_hash"),
        sa.CheckConstraint("state IN ('started', 'done', 'failed')", name="ck_call_ledger_state"),
    )
    op.create_index("ix_call_ledger_task_id", "call_ledger", ["task_id"])
    op.create_table(
        "task_budget",
        sa.Column("task_id", TEXT, nullable=False),
        *(sa.Column(name, BIG) for name in ("max_micros", "max_calls", "max_tokens", "max_minutes")),
        *(
            sa.Column(name, BIG, nullable=False)
            for name in ("used_micros", "used_calls", "used_tokens", "used_ms", "seen_ms")
        ),
        sa.PrimaryKeyConstraint("task_id", name="pk_task_budget"),
    )
    op.create_table(
        "rate",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("next_us", BIG, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_rate"),
    )
