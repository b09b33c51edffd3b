"""What a call is about (the company and the criteria), and what each task may spend by the wish of whoever made it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # the same order as on SQLite
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("call_ledger", sa.Column("company", TEXT, nullable=False, server_default=""))
    op.add_column("call_ledger", sa.Column("criteria", TEXT, nullable=False, server_default=""))
    op.add_column("task", sa.Column("caps", JSON))
