"""Mediations with their timelines, clocks and people, and which of a case's effects are a mediation's."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_MOMENT = sa.DateTime(timezone=True)
_NO = sa.text("false")


def upgrade() -> None:
    """Applies it."""
    _create_mediations()
    op.create_table(
        "mediation_timeline",
        sa.Column("mediation_no", sa.String(32), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("recorded_at", _MOMENT, nullable=False),
        sa.Column("record", postgresql.JSONB(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.CheckConstraint("seq >= 1"),
        sa.ForeignKeyConstraint(["mediation_no"], ["mediations.mediation_no"]),
        sa.PrimaryKeyConstraint("mediation_no", "seq"),
    )
    op.create_index(
        "mediation_timeline_by_files",
        "mediation_timeline",
        [sa.literal_column("(record->'event') jsonb_path_ops")],
        postgresql_using="gin",
        postgresql_where=sa.text(
            "kind IN ('applied_for', 'session_recorded', 'agreement_signed', 'fulfilment_proven')"
        ),
    )
    op.create_table(
        "mediation_clocks",
        sa.Column("mediation_no", sa.String(32), nullable=False),
        sa.Column("clock_id", sa.String(48), nullable=False),
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("met_at", _MOMENT, nullable=True),
        sa.Column("breached_at", _MOMENT, nullable=True),
        sa.Column("stopped_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["mediation_no"], ["mediations.mediation_no"]),
        sa.PrimaryKeyConstraint("mediation_no", "clock_id"),
    )
    ran_out = sa.text("breached_at IS NOT NULL")
    op.create_index("mediation_clocks_breached", "mediation_clocks", ["name"], postgresql_where=ran_out)
    op.create_table(
        "mediation_people",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("id_document", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("language", sa.String(16), nullable=True),
        sa.Column("standing", sa.Text(), nullable=True),
        sa.Column("is_requester", sa.Boolean(), server_default=_NO, nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"]),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_index("ix_mediation_people_case_no", "mediation_people", ["case_no"])
    op.add_column("effects", sa.Column("mediation_no", sa.String(32), nullable=True))


def _create_mediations() -> None:
    nobody: postgresql.ARRAY[str] = postgresql.ARRAY(sa.Text())
    op.create_table(
        "mediations",
        sa.Column("mediation_no", sa.String(32), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("dispute_type", sa.String(24), nullable=False),
        sa.Column("region_code", sa.String(15), nullable=True),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("form", sa.String(24), nullable=True),
        sa.Column("host_unit", sa.String(64), nullable=True),
        sa.Column("mediator_ids", nobody, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("unit_ids", nobody, server_default=sa.text("'{}'"), nullable=False),
        sa.Column("locked", sa.Boolean(), server_default=_NO, nullable=False),
        sa.Column("owner_role", sa.String(16), nullable=True),
        sa.Column("owner_unit", sa.String(64), nullable=True),
        sa.Column("due_at", _MOMENT, nullable=True),
        sa.Column("due_provisional", sa.Boolean(), server_default=_NO, nullable=False),
        sa.Column("next_at", _MOMENT, nullable=True),
        sa.Column("due_soon", sa.Boolean(), server_default=_NO, nullable=False),
        sa.Column("overdue", sa.Boolean(), server_default=_NO, nullable=False),
        sa.Column("needs_operator", sa.Boolean(), server_default=_NO, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("taken_up_at", _MOMENT, nullable=True),
        sa.Column("agreed_at", _MOMENT, nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        sa.Column("seq", sa.Integer(), server_default="0", nullable=False),
        sa.Column("snapshot", postgresql.JSONB(), nullable=True),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"]),
        sa.PrimaryKeyConstraint("mediation_no"),
    )
    op.create_index("ix_mediations_case_no", "mediations", ["case_no"])
    by_prefix = {"region_code": "text_pattern_ops"}
    op.create_index("mediations_by_region", "mediations", ["region_code", "mediation_no"], postgresql_ops=by_prefix)
    op.create_index("mediations_by_status", "mediations", ["status", "opened_at"])
    op.create_index("mediations_by_host", "mediations", ["host_unit", "due_at", "mediation_no"])
    op.create_index("mediations_by_mediator", "mediations", ["mediator_ids"], postgresql_using="gin")
    op.create_index("mediations_by_unit", "mediations", ["unit_ids"], postgresql_using="gin")
    op.create_index("mediations_stuck", "mediations", ["case_no"], postgresql_where=sa.text("needs_operator"))
