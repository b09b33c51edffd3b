"""Rounds as rows, how each source came upon a company, companies that are the same, and the processes that run tasks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # the same order as on SQLite
BIG = sa.BigInteger()
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "round",
        sa.Column("task_id", TEXT, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("freshness", TEXT, nullable=False),
        sa.Column("angles", JSON),
        sa.Column("is_done", sa.Boolean(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", "number", name="pk_round"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_round_task_id", ondelete="CASCADE"),
    )
    op.create_table(
        "sighting",
        *(sa.Column(name, TEXT, nullable=False) for name in ("task_id", "key", "source", "found_by")),
        sa.Column("path", JSON, nullable=False),
        sa.PrimaryKeyConstraint("task_id", "key", "source", name="pk_sighting"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_sighting_task_id", ondelete="CASCADE"),
    )
    op.create_table(
        "worker",
        sa.Column("id", TEXT, nullable=False),
        *(sa.Column(name, BIG, nullable=False) for name in ("started_ms", "beat_ms")),
        sa.PrimaryKeyConstraint("id", name="pk_worker"),
    )
    op.add_column("candidate", sa.Column("merged_into", TEXT))
    op.add_column("candidate", sa.Column("apart_from", JSON))
