"""Who may not know of a case, its regions, what is kept of a case that was divided off, and longer names of clocks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies it."""
    nobody: postgresql.ARRAY[str] = postgresql.ARRAY(sa.Text())
    for name in ("hidden_from", "concerned", "regions"):
        op.add_column("cases", sa.Column(name, nobody, server_default=sa.text("'{}'"), nullable=False))
    several = sa.text("cardinality(regions) > 0")
    op.create_index("cases_of_several_regions", "cases", ["case_no"], postgresql_where=several)
    _fill_from_reports()
    op.add_column("intake", sa.Column("parent", sa.Text(), nullable=True))
    op.add_column("intake", sa.Column("parent_seq", sa.Integer(), nullable=True))
    op.add_column("intake", sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True))
    op.create_unique_constraint("intake_parent_parent_seq_key", "intake", ["parent", "parent_seq"])
    op.drop_constraint("intake_tracking_code_key", "intake", type_="unique")
    op.create_index("ix_intake_tracking_code", "intake", ["tracking_code"])
    op.alter_column("clocks", "name", type_=sa.String(32))


def _fill_from_reports() -> None:
    # Where such a case opened and who already works on it stays as it is; from now on it is told to nobody else.
    op.execute("""
        UPDATE cases SET concerned = named.ids FROM (
            SELECT intake.id, array_agg(DISTINCT about.id) AS ids
            FROM intake
            CROSS JOIN jsonb_path_query(intake.details, '$.subjects[*]') AS subject
            LEFT JOIN users ON subject->>'type' = 'staff' AND users.user_id = subject->>'id'
            CROSS JOIN LATERAL (VALUES (subject->>'id'), (users.unit_id)) AS about (id)
            WHERE subject->>'type' IN ('unit', 'staff') AND about.id IS NOT NULL
            GROUP BY intake.id
        ) AS named
        WHERE named.id = cases.intake_id AND cases.kind IN ('complaint', 'tip_off', 'dispute')
    """)
    # What is about a centre or its people is kept from its part of the city, the city's own centre excepted.
    op.execute("""
        UPDATE cases SET hidden_from = around.prefixes FROM (
            SELECT cases.case_no, array_agg(DISTINCT CASE
                WHEN length(units.region_code) = 15 THEN units.region_code
                WHEN substr(units.region_code, 7) ~ '^0+$' THEN left(units.region_code, 6)
                WHEN substr(units.region_code, 10) ~ '^0+$' THEN left(units.region_code, 9)
                ELSE units.region_code
            END) AS prefixes
            FROM cases JOIN units ON units.unit_id = ANY (cases.concerned)
            WHERE units.kind = 'governance_centre' AND units.level <> 'city' AND cases.kind IN ('complaint', 'tip_off')
            GROUP BY cases.case_no
        ) AS around
        WHERE around.case_no = cases.case_no
    """)
