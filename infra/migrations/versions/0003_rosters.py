"""Who is on duty for a unit on a day; a succession has one batch under way."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies it."""
    op.create_table(
        "rosters",
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("user_id", sa.String(length=64), nullable=False),
        sa.Column("presence", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "day"),
    )
    op.create_index(
        "batches_one_a_succession",
        "batches",
        [sa.literal_column("(change->>'old')"), sa.literal_column("(change->>'new')")],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL AND kind = 'succeed_unit'"),
    )
