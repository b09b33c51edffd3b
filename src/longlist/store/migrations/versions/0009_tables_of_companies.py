"""Tables of companies and people: columns, rows, cells, runs, and the tasks whose results they take in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # the same order as on SQLite
TIME = sa.DateTime(timezone=True)
BIG = sa.BigInteger()
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("task", sa.Column("table_id", TEXT))
    op.create_table(
        "research_table",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("owner_id", TEXT, nullable=False),
        sa.Column("parent_id", TEXT),
        *(sa.Column(name, TEXT, nullable=False) for name in ("kind", "name")),
        sa.Column("description", TEXT),
        sa.Column("tags", JSON),
        *(sa.Column(name, TIME, nullable=False) for name in ("created_at", "updated_at")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("next_seq", "revision")),
        sa.PrimaryKeyConstraint("id", name="pk_research_table"),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name="fk_research_table_owner_id"),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["research_table.id"], name="fk_research_table_parent_id", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_research_table_owner_id_created_at", "research_table", ["owner_id", "created_at"])
    op.create_index("ix_research_table_parent_id", "research_table", ["parent_id"])
    op.create_table(
        "table_column",
        *(sa.Column(name, TEXT, nullable=False) for name in ("id", "table_id")),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("config", JSON, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_table_column"),
        sa.ForeignKeyConstraint(
            ["table_id"], ["research_table.id"], name="fk_table_column_table_id", ondelete="CASCADE"
        ),
        sa.UniqueConstraint("table_id", "key", name="uq_table_column_table_id_key"),
    )
    op.create_table(
        "table_row",
        *(sa.Column(name, TEXT, nullable=False) for name in ("id", "table_id")),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("parent_row_id", TEXT),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("profile_id", TEXT),
        sa.Column("data", JSON, nullable=False),
        sa.Column("metadata", JSON),
        sa.PrimaryKeyConstraint("id", name="pk_table_row"),
        sa.ForeignKeyConstraint(["table_id"], ["research_table.id"], name="fk_table_row_table_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["parent_row_id"], ["table_row.id"], name="fk_table_row_parent_row_id", ondelete="SET NULL"
        ),
        sa.UniqueConstraint("table_id", "seq", name="uq_table_row_table_id_seq"),
    )
    op.create_index("ix_table_row_table_id_key", "table_row", ["table_id", "key"])
    op.create_index("ix_table_row_parent_row_id", "table_row", ["parent_row_id"])
    op.create_table(
        "table_cell",
        *(sa.Column(name, TEXT, nullable=False) for name in ("row_id", "column_id", "table_id")),
        sa.Column("run_id", TEXT),
        *(sa.Column(name, TEXT, nullable=False) for name in ("status", "owner")),
        sa.Column("lease_until", BIG, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("value", JSON),
        sa.Column("error", TEXT, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("row_id", "column_id", name="pk_table_cell"),
        sa.ForeignKeyConstraint(["row_id"], ["table_row.id"], name="fk_table_cell_row_id", ondelete="CASCADE"),
    )
    op.create_index("ix_table_cell_status_table_id", "table_cell", ["status", "table_id"])
    op.create_table(
        "table_run",
        *(sa.Column(name, TEXT, nullable=False) for name in ("id", "table_id")),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("mode", TEXT, nullable=False),
        *(sa.Column(name, JSON) for name in ("row_ids", "column_ids")),
        sa.Column("requested", sa.Integer(), nullable=False),
        sa.Column("freshness", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_table_run"),
        sa.ForeignKeyConstraint(["table_id"], ["research_table.id"], name="fk_table_run_table_id", ondelete="CASCADE"),
    )
    op.create_index("ix_table_run_table_id_created_at", "table_run", ["table_id", "created_at"])
    op.create_table(
        "table_task",
        *(sa.Column(name, TEXT, nullable=False) for name in ("task_id", "table_id")),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("auto_import", "is_run")),
        sa.Column("column_ids", JSON),
        sa.Column("seen_revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("task_id", name="pk_table_task"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_table_task_task_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["table_id"], ["research_table.id"], name="fk_table_task_table_id", ondelete="CASCADE"),
    )
    op.create_index("ix_table_task_table_id", "table_task", ["table_id"])
