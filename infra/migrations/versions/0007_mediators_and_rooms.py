"""Who mediates, where, and what is booked when."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies it."""
    words: postgresql.ARRAY[str] = postgresql.ARRAY(sa.Text())
    op.create_table(
        "mediators",
        sa.Column("mediator_id", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("channels", words, nullable=False),
        sa.Column("region_code", sa.String(length=15), nullable=False),
        sa.Column("languages", words, nullable=False),
        sa.Column("specialities", words, nullable=False),
        sa.Column("studio", sa.Text(), nullable=True),
        sa.Column("full_time", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("mediator_id"),
    )
    op.create_index("ix_mediators_unit_id", "mediators", ["unit_id"])
    op.create_index("ix_mediators_region_code", "mediators", ["region_code"])
    op.create_table(
        "rooms",
        sa.Column("room_id", sa.String(length=64), nullable=False),
        sa.Column("unit_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("video", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("room_id"),
    )
    op.create_index("ix_rooms_unit_id", "rooms", ["unit_id"])
    op.create_table(
        "bookables",
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("no", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id"),
        sa.UniqueConstraint("no"),
    )
    op.create_table(
        "bookings",
        sa.Column("command_id", sa.Text(), nullable=False),
        sa.Column("resource_no", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("span", postgresql.INT8RANGE(), nullable=False),
        sa.Column("mediation_no", sa.String(length=32), nullable=False),
        sa.Column("session_no", sa.String(length=48), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("command_id", "resource_no"),
        sa.ForeignKeyConstraint(["resource_no"], ["bookables.no"]),
        sa.CheckConstraint("ends_at > starts_at", name="bookings_take_time"),
        postgresql.ExcludeConstraint(("span", "&&"), using="gist", name="bookings_once_at_a_time"),
    )
    op.create_index("ix_bookings_mediation_no", "bookings", ["mediation_no"])
    op.create_index("bookings_by_resource", "bookings", ["resource_no", "starts_at"])
