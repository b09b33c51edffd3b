"""The last answer of each web page that can be asked after: only what changed is sent again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0009"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")  # the same order as on SQLite
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "page_seen",
        sa.Column("url_hash", TEXT, nullable=False),
        sa.Column("body_hash", TEXT, nullable=False),
        sa.Column("headers", JSON, nullable=False),
        sa.PrimaryKeyConstraint("url_hash", name="pk_page_seen"),
    )
