"""The tables of mediations: written by `record_mediation_events` alone, the people in them by the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from infra.tables import Base


class Mediation(Base):
    """The read model of a mediation: columns to find it by, and the whole state as of `seq`.

    `form`, `host_unit` and `mediator_ids` are those of the track that seeks the agreement now, or reached it or failed
    last; `unit_ids` are the hosts and the invited of all of them. `taken_up_at` is when a host first took the
    dispute up, `agreed_at` when the agreement took effect.
    """

    __tablename__ = "mediations"
    __table_args__ = (
        Index(
            "mediations_by_region", "region_code", "mediation_no", postgresql_ops={"region_code": "text_pattern_ops"}
        ),
        Index("mediations_by_status", "status", "opened_at"),
        Index("mediations_by_host", "host_unit", "due_at", "mediation_no"),
        Index("mediations_by_mediator", "mediator_ids", postgresql_using="gin"),
        Index("mediations_by_unit", "unit_ids", postgresql_using="gin"),
        Index("mediations_stuck", "case_no", postgresql_where=text("needs_operator")),
    )

    mediation_no: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), index=True)
    dispute_type: Mapped[str] = mapped_column(String(24))
    region_code: Mapped[str | None] = mapped_column(String(15))
    level: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    form: Mapped[str | None] = mapped_column(String(24))
    host_unit: Mapped[str | None] = mapped_column(String(64))
    mediator_ids: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    unit_ids: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    locked: Mapped[bool] = mapped_column(server_default=text("false"))
    owner_role: Mapped[str | None] = mapped_column(String(16))
    owner_unit: Mapped[str | None] = mapped_column(String(64))
    due_at: Mapped[datetime | None]
    due_provisional: Mapped[bool] = mapped_column(server_default=text("false"))
    next_at: Mapped[datetime | None]
    due_soon: Mapped[bool] = mapped_column(server_default=text("false"))
    overdue: Mapped[bool] = mapped_column(server_default=text("false"))
    needs_operator: Mapped[bool] = mapped_column(server_default=text("false"))
    opened_at: Mapped[datetime]
    taken_up_at: Mapped[datetime | None]
    agreed_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    seq: Mapped[int] = mapped_column(server_default="0")
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


NAMING_FILES = ("applied_for", "session_recorded", "agreement_signed", "fulfilment_proven")
"""The kinds of events of a mediation that name attachments."""


class MediationEvent(Base):
    """Append-only: one event of a mediation, with the digest that a second recording must repeat."""

    __tablename__ = "mediation_timeline"
    __table_args__ = (
        CheckConstraint("seq >= 1"),
        Index(
            "mediation_timeline_by_files",
            text("(record->'event') jsonb_path_ops"),
            postgresql_using="gin",
            postgresql_where=text(f"kind IN {NAMING_FILES}"),
        ),
    )

    mediation_no: Mapped[str] = mapped_column(ForeignKey("mediations.mediation_no"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    record: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))


class MediationClockRow(Base):
    """A clock of a mediation, for figures; what it is in full stands in the mediation's snapshot."""

    __tablename__ = "mediation_clocks"
    __table_args__ = (Index("mediation_clocks_breached", "name", postgresql_where=text("breached_at IS NOT NULL")),)

    mediation_no: Mapped[str] = mapped_column(ForeignKey("mediations.mediation_no"), primary_key=True)
    clock_id: Mapped[str] = mapped_column(String(48), primary_key=True)
    name: Mapped[str] = mapped_column(String(32))
    level: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class MediationPerson(Base):
    """Somebody who takes part in the mediations of a case; here alone names are, where they can be masked and erased.

    `role` is what the person does there: a party, guardian, representative or interpreter; `standing` a guardian's
    relation to the party, or whether a representative acts with general or special authority. `is_requester`: it is the
    case's own requester, who follows the mediation by her tracking code.
    """

    __tablename__ = "mediation_people"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), index=True)
    role: Mapped[str] = mapped_column(String(24))
    name: Mapped[str | None]
    phone: Mapped[str | None]
    id_document: Mapped[str | None]
    address: Mapped[str | None]
    language: Mapped[str | None] = mapped_column(String(16))
    standing: Mapped[str | None]
    is_requester: Mapped[bool] = mapped_column(server_default=text("false"))
