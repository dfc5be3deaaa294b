"""What other authorities' systems told."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies it."""
    op.create_table(
        "hooks",
        sa.Column("hook_no", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("connector", sa.String(length=24), nullable=False),
        sa.Column("webhook_id", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("mediation_no", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("command", postgresql.JSONB(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed_tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("try_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("hook_no"),
        sa.UniqueConstraint("connector", "webhook_id"),
    )
    undone, refused = sa.text("done_at IS NULL"), sa.text("code IS NOT NULL AND dismissed_at IS NULL")
    op.create_index("hooks_pending", "hooks", ["mediation_no", "hook_no"], postgresql_where=undone)
    op.create_index("hooks_refused", "hooks", ["case_no"], postgresql_where=refused)
