"""Which calendar and policy a case reckons with, whether its due time is provisional, and batches over open cases."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies it."""
    op.add_column("cases", sa.Column("due_provisional", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("cases", sa.Column("calendar_version", sa.Integer(), nullable=True))
    op.add_column("cases", sa.Column("policy_name", sa.String(length=64), nullable=True))
    op.add_column("cases", sa.Column("policy_version", sa.Integer(), nullable=True))
    texts: postgresql.ARRAY[str] = postgresql.ARRAY(sa.Text())
    op.add_column("cases", sa.Column("flags", texts, server_default=sa.text("'{}'"), nullable=False))
    op.add_column("tasks", sa.Column("due_provisional", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("units", sa.Column("office_hours", _json(), nullable=True))
    op.add_column("calendars", sa.Column("file", _json(), nullable=True))
    op.add_column("calendars", sa.Column("published_by", sa.Text(), nullable=True))
    op.add_column("policies", sa.Column("applied_by", sa.Text(), nullable=True))
    op.create_table(
        "batches",
        sa.Column("batch_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("change", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("reached", sa.Integer(), server_default="0", nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("batch_id"),
    )
    op.create_index(
        "batches_one_a_calendar",
        "batches",
        [sa.literal_column("(change->>'version')")],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL AND kind = 'adopt_calendar'"),
    )
    op.create_index(
        "batches_under_way",
        "batches",
        ["requested_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "batch_cases",
        sa.Column("batch_id", sa.String(length=64), nullable=False),
        sa.Column("case_no", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["batches.batch_id"],
        ),
        sa.PrimaryKeyConstraint("batch_id", "case_no"),
    )
    _fill_from_snapshots()
    # Made last: every row was written just now.
    op.create_index(
        "cases_open_by_calendar",
        "cases",
        ["calendar_version", "case_no"],
        unique=False,
        postgresql_where=sa.text("status <> 'archived'"),
    )
    op.create_index("cases_by_flag", "cases", ["flags"], unique=False, postgresql_using="gin")
    op.create_index(
        "cases_due_soon", "cases", ["due_at", "case_no"], unique=False, postgresql_where=sa.text("due_soon")
    )


def _json() -> postgresql.JSONB:
    return postgresql.JSONB(none_as_null=True, astext_type=sa.Text())


def _fill_from_snapshots() -> None:
    # The clock that is shown is the open one with the earliest due time; a case does not show its archive's.
    op.execute("""
        UPDATE cases SET
            calendar_version = (snapshot->'calendar'->>'version')::integer,
            policy_name = snapshot->'policy'->>'name',
            policy_version = (snapshot->'policy'->>'version')::integer,
            due_provisional = EXISTS (
                SELECT 1 FROM jsonb_each(snapshot->'clocks') AS clock
                WHERE (clock.value->>'provisional')::boolean
                    AND clock.value->>'name' <> 'archive_after'
                    AND clock.value->>'met_at' IS NULL
                    AND clock.value->>'stopped_at' IS NULL
                    AND (clock.value->>'due_at')::timestamptz = cases.due_at
            )
        WHERE snapshot IS NOT NULL
    """)
    op.execute("""
        UPDATE cases SET flags = array_remove(ARRAY[
            CASE WHEN needs_operator THEN 'needs_operator' END,
            CASE WHEN (snapshot->>'withdrawal_asked')::boolean THEN 'withdrawal_asked' END,
            CASE WHEN overdue THEN 'overdue' END,
            CASE WHEN due_soon THEN 'due_soon' END,
            CASE WHEN due_provisional THEN 'provisional' END
        ], NULL)
        WHERE snapshot IS NOT NULL
    """)
    op.execute("""
        UPDATE tasks SET due_provisional = true
        FROM cases, jsonb_each(cases.snapshot->'clocks') AS clock
        WHERE cases.case_no = tasks.case_no
            AND clock.value->>'task_no' = tasks.task_no
            AND (clock.value->>'provisional')::boolean
            AND clock.value->>'met_at' IS NULL
            AND clock.value->>'stopped_at' IS NULL
            AND (clock.value->>'due_at')::timestamptz = tasks.due_at
    """)
