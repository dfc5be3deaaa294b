"""Sweeps through a region, what is on their lists, what was done, and the trouble spots that staff know."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Applies it."""
    op.create_table(
        "sweeps",
        sa.Column("sweep_no", sa.String(20), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("region_code", sa.String(15), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("village_until", sa.Date(), nullable=False),
        sa.Column("township_until", sa.Date(), nullable=False),
        sa.Column("county_until", sa.Date(), nullable=False),
        sa.Column("ordered_by", sa.String(64), nullable=False),
        sa.Column("ordered_at", _MOMENT, nullable=False),
        sa.Column("closed_at", _MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("sweep_no"),
    )
    op.create_index("sweeps_by_order", "sweeps", ["ordered_at", "sweep_no"])
    op.create_index("ix_sweeps_region_code", "sweeps", ["region_code"])
    op.create_table(
        "trouble_spots",
        sa.Column("spot_id", sa.Uuid(), nullable=False),
        sa.Column("region_code", sa.String(15), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("listed_by", sa.String(64), nullable=False),
        sa.Column("listed_at", _MOMENT, nullable=False),
        sa.Column("ended_by", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("spot_id"),
    )
    by_prefix = {"region_code": "text_pattern_ops"}
    op.create_index("trouble_spots_by_region", "trouble_spots", ["region_code", "spot_id"], postgresql_ops=by_prefix)
    _create_lists()


def _create_lists() -> None:
    op.create_table(
        "sweep_items",
        sa.Column("sweep_no", sa.String(20), nullable=False),
        sa.Column("item_no", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("region_code", sa.String(15), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=True),
        sa.Column("spot_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column("cases", sa.Integer(), nullable=True),
        sa.Column("sampled", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("owed", sa.String(8), nullable=True),
        sa.Column("visit", sa.String(16), nullable=True),
        sa.Column("finding", sa.Text(), nullable=True),
        sa.CheckConstraint("num_nonnulls(case_no, spot_id, category) = 1"),
        sa.ForeignKeyConstraint(["sweep_no"], ["sweeps.sweep_no"]),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"]),
        sa.ForeignKeyConstraint(["spot_id"], ["trouble_spots.spot_id"]),
        sa.ForeignKeyConstraint(["finding"], ["cases.case_no"]),
        sa.PrimaryKeyConstraint("sweep_no", "item_no"),
    )
    op.create_table(
        "sweep_log",
        sa.Column("id", sa.BigInteger(), autoincrement=True, nullable=False),
        sa.Column("sweep_no", sa.String(20), nullable=False),
        sa.Column("item_no", sa.Integer(), nullable=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("visit", sa.String(16), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["sweep_no"], ["sweeps.sweep_no"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("sweep_log_by_item", "sweep_log", ["sweep_no", "item_no", "id"])
