"""Owners and their tokens; tasks belong to an owner and may wait for a worker; profiles by time."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # the same order as on SQLite
TIME = sa.DateTime(timezone=True)
LOCAL_OWNER = "6f8a7c52-3e1b-4d7e-8a46-0d5c1f2b9e10"  # as in longlist.model.access; a migration never changes


def upgrade() -> None:
    owner = op.create_table(
        "owner",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_owner"),
        sa.UniqueConstraint("name", name="uq_owner_name"),
    )
    now = datetime.now(UTC)
    if op.get_bind().dialect.name == "sqlite":
        now = now.replace(tzinfo=None)
    op.bulk_insert(owner, [{"id": LOCAL_OWNER, "name": "local", "created_at": now}])
    op.create_table(
        "token",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("owner_id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("hash", TEXT, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME),
        sa.Column("used_at", TIME),
        sa.Column("revoked_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_token"),
        sa.ForeignKeyConstraint(["owner_id"], ["owner.id"], name="fk_token_owner_id"),
        sa.UniqueConstraint("hash", name="uq_token_hash"),
    )
    with op.batch_alter_table("task") as task:
        task.add_column(sa.Column("owner_id", TEXT, nullable=False, server_default=LOCAL_OWNER))
        task.add_column(sa.Column("orders", sa.Integer(), nullable=False, server_default="0"))
        task.add_column(sa.Column("is_queued", sa.Boolean(), nullable=False, server_default=sa.false()))
        task.create_foreign_key("fk_task_owner_id", "owner", ["owner_id"], ["id"])
    op.create_index("ix_task_owner_id_created_at", "task", ["owner_id", "created_at"])
    op.create_index("ix_task_is_queued_status", "task", ["is_queued", "status"])
    op.create_index("ix_profile_created_at", "profile", ["created_at"])
