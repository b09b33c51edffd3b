"""What people say beside the machine: grades by hand, companies set aside; and which change of a task touched a row."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # the same order as on SQLite


def upgrade() -> None:
    op.add_column("task", sa.Column("started_at", sa.DateTime(timezone=True)))
    op.add_column("task", sa.Column("ended_at", sa.DateTime(timezone=True)))
    op.add_column("candidate", sa.Column("rev", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("candidate", sa.Column("verdict", TEXT, nullable=False, server_default=""))
    op.add_column("candidate", sa.Column("stage_before", TEXT))
    op.create_index("ix_candidate_task_id_rev", "candidate", ["task_id", "rev"])
    op.create_table(
        "hand_grade",
        sa.Column("candidate_id", TEXT, nullable=False),
        sa.Column("criterion_key", TEXT, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("candidate_id", "criterion_key", name="pk_hand_grade"),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name="fk_hand_grade_candidate_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="ck_hand_grade_score_range"),
    )
