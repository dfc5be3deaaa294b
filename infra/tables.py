"""The tables. Process tables are written by intake and `record_events` alone; everything is read by the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Times are UTC with offset, JSON is binary."""

    type_annotation_map = {datetime: DateTime(timezone=True), dict[str, Any]: JSONB, str: Text}  # noqa: RUF012


class Intake(Base):
    """A report as it came in: durable before it is anything else.

    A case that went on from another names that as its `parent`, by the seq of the event that asked for it, and keeps
    the tracking code; `registered_at` is when the matter was first registered, null where that is `received_at`.
    """

    __tablename__ = "intake"
    __table_args__ = (
        UniqueConstraint("source", "external_id"),
        UniqueConstraint("parent", "parent_seq"),
        Index("intake_pending", "received_at", postgresql_where=text("started_at IS NULL")),
        Index("intake_faulty", "case_no", postgresql_where=text("fault IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    case_no: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str] = mapped_column(String(32))
    external_id: Mapped[str | None] = mapped_column(String(128))
    tracking_code: Mapped[str] = mapped_column(String(32), index=True)
    pin_hash: Mapped[str]
    pin_failures: Mapped[int] = mapped_column(server_default="0")
    pin_failed_at: Mapped[datetime | None]
    actor: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    details: Mapped[dict[str, Any]]
    trace_parent: Mapped[str | None]
    parent: Mapped[str | None]
    parent_seq: Mapped[int | None]
    registered_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    failed_starts: Mapped[int] = mapped_column(server_default="0")
    try_after: Mapped[datetime | None]
    fault: Mapped[str | None]


class CaseNumber(Base):
    """The last sequence given out for a region and day."""

    __tablename__ = "case_numbers"

    prefix: Mapped[str] = mapped_column(String(14), primary_key=True)
    last: Mapped[int]


class Case(Base):
    """The read model of a case: columns to find it by, and the whole state as of `seq`.

    `due_provisional` if the `due_at` that is shown rests on a year whose calendar is not published yet. Calendar and
    policy are those that the case reckons with now; null until its registration is recorded. `hidden_from` are the
    prefixes of the regions whose staff may not know of it, `concerned` the units and staff that it is about. `regions`
    are those that it concerns beside its own.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("cases_by_region", "region_code", "case_no", postgresql_ops={"region_code": "text_pattern_ops"}),
        Index("cases_by_status", "status", "registered_at"),
        Index("cases_by_registration", "registered_at", "case_no"),
        Index("cases_by_due", "due_at", "case_no"),
        Index("cases_overdue", "due_at", "case_no", postgresql_where=text("overdue")),
        Index("cases_due_soon", "due_at", "case_no", postgresql_where=text("due_soon")),
        Index("cases_by_flag", "flags", postgresql_using="gin"),
        Index("cases_stuck", "case_no", postgresql_where=text("needs_operator")),
        Index("cases_of_several_regions", "case_no", postgresql_where=text("cardinality(regions) > 0")),
        Index("cases_open_by_calendar", "calendar_version", "case_no", postgresql_where=text("status <> 'archived'")),
    )

    case_no: Mapped[str] = mapped_column(primary_key=True)
    intake_id: Mapped[UUID] = mapped_column(ForeignKey("intake.id"), unique=True)
    tracking_code: Mapped[str] = mapped_column(String(32), index=True)
    title: Mapped[str]
    description: Mapped[str]
    location: Mapped[dict[str, Any] | None]
    requester_id: Mapped[UUID | None] = mapped_column(ForeignKey("requesters.id"))
    kind: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(32))
    urgency: Mapped[str] = mapped_column(String(16))
    category: Mapped[str | None]
    region_code: Mapped[str | None] = mapped_column(String(15))
    level: Mapped[str] = mapped_column(String(16))
    risk: Mapped[str | None] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(16))
    owner_role: Mapped[str | None] = mapped_column(String(16))
    owner_unit: Mapped[str | None] = mapped_column(String(64))
    registered_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    due_provisional: Mapped[bool] = mapped_column(server_default=text("false"))
    next_at: Mapped[datetime | None]
    due_soon: Mapped[bool] = mapped_column(server_default=text("false"))
    overdue: Mapped[bool] = mapped_column(server_default=text("false"))
    needs_operator: Mapped[bool] = mapped_column(server_default=text("false"))
    flags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    ended_at: Mapped[datetime | None]
    rating: Mapped[str | None] = mapped_column(String(32))
    solved: Mapped[str | None] = mapped_column(String(8))
    calendar_version: Mapped[int | None]
    policy_name: Mapped[str | None] = mapped_column(String(64))
    policy_version: Mapped[int | None]
    seq: Mapped[int] = mapped_column(server_default="0")
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    hidden_from: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    concerned: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    regions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))


class CaseWords(Base):
    """What a case is found by. A table of its own, so that its index is not written with every step of the case."""

    __tablename__ = "case_words"
    __table_args__ = (Index("cases_by_words", "grams", postgresql_using="gin"),)

    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), primary_key=True)
    grams: Mapped[list[str]] = mapped_column(ARRAY(String(4)))


class Task(Base):
    """One unit's part of a whistle, for inboxes."""

    __tablename__ = "tasks"
    __table_args__ = (Index("tasks_by_unit", "unit_id", "due_at", "task_no"),)

    task_no: Mapped[str] = mapped_column(primary_key=True)
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), index=True)
    unit_id: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(16))
    dispatched_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    due_provisional: Mapped[bool] = mapped_column(server_default=text("false"))
    due_soon: Mapped[bool] = mapped_column(server_default=text("false"))
    overdue: Mapped[bool] = mapped_column(server_default=text("false"))


class ClockRow(Base):
    """A clock, for figures; what it is in full stands in the case's snapshot."""

    __tablename__ = "clocks"
    __table_args__ = (Index("clocks_breached", "name", postgresql_where=text("breached_at IS NOT NULL")),)

    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), primary_key=True)
    clock_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(32))
    task_no: Mapped[str | None]
    level: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    due_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class TimelineEvent(Base):
    """Append-only: one event of a case, with the digest that a second recording must repeat."""

    __tablename__ = "timeline"
    __table_args__ = (
        CheckConstraint("seq >= 1"),
        Index("timeline_by_evidence", text("((record->'event')->'evidence') jsonb_path_ops"), postgresql_using="gin"),
    )

    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    record: Mapped[dict[str, Any]]
    digest: Mapped[str] = mapped_column(String(64))


class Wording(Base):
    """Words that people wrote, where they can be masked and erased; events carry only the id."""

    __tablename__ = "texts"

    text_id: Mapped[str] = mapped_column(String(96), primary_key=True)
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), index=True)
    author: Mapped[str]
    body: Mapped[str]
    written_at: Mapped[datetime]


class Requester(Base):
    """Who it concerns, and how that person may be reached."""

    __tablename__ = "requesters"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    phone: Mapped[str | None]
    anonymous: Mapped[bool] = mapped_column(server_default=text("false"))
    language: Mapped[str | None] = mapped_column(String(16))
    safe_contact: Mapped[dict[str, Any] | None]
    reported_by: Mapped[dict[str, Any] | None]


class EffectRow(Base):
    """What a case, or the mediation that is named, wanted done in the world, and how it went."""

    __tablename__ = "effects"
    __table_args__ = (Index("effects_failed", "case_no", postgresql_where=text("status = 'failed'")),)

    effect_id: Mapped[str] = mapped_column(primary_key=True)
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), index=True)
    mediation_no: Mapped[str | None] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(32))
    task_no: Mapped[str | None]
    unit_id: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    code: Mapped[str | None] = mapped_column(String(64))
    requested_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Attachment(Base):
    """A file given as evidence; `uploaded_for` is the unit that the uploader acted for."""

    __tablename__ = "attachments"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    media_type: Mapped[str] = mapped_column(String(128))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    uploaded_by: Mapped[str]
    uploaded_for: Mapped[str | None] = mapped_column(String(64))
    uploaded_at: Mapped[datetime]


class Idempotency(Base):
    """A key that a request was sent under; kept for seven days.

    `answer` is null until the request has succeeded, then what is needed to make the answer again: numbers and ids.
    """

    __tablename__ = "idempotency"

    actor: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(index=True)


class AuditEntry(Base):
    """Looks at personal data and actions outside a case's own timeline.

    What an operator asks for is `asked` until it is `done` or `refused`; asked again under one key it is one entry.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("audit_by_command", "command_id", unique=True, postgresql_where=text("outcome <> 'refused'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(String(64))
    case_no: Mapped[str | None] = mapped_column(index=True)
    command_id: Mapped[str | None]
    outcome: Mapped[str | None] = mapped_column(String(64))
    detail: Mapped[dict[str, Any]]


class Fault(Base):
    """Something about a case or a mediation, by its number, that only a person can put right; found by the process."""

    __tablename__ = "faults"

    case_no: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, server_default="0")
    found_at: Mapped[datetime]


class PolicyRow(Base):
    """A policy file as it was applied; the highest version of a name is used for new cases."""

    __tablename__ = "policies"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[dict[str, Any]]
    applied_at: Mapped[datetime]
    applied_by: Mapped[str | None]


class CalendarRow(Base):
    """A working calendar; the highest version is used.

    `data` is the whole of it, `file` the year or exception whose publication made this version; null where the city
    itself brought it.
    """

    __tablename__ = "calendars"

    version: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[dict[str, Any]]
    file: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    published_at: Mapped[datetime]
    published_by: Mapped[str | None]


class BatchRow(Base):
    """A change that goes to many open cases; counts of cases, of which `batch_cases` says what became of each.

    `total` = `reached` + `left` + those that refused it + those gone: archived, or a later migration's, before it came.
    `ended_at` is null until no open case is left without it. A calendar, and a succession of units, has one batch
    under way at most.
    """

    __tablename__ = "batches"
    __table_args__ = (
        Index("batches_under_way", "requested_at", postgresql_where=text("ended_at IS NULL")),
        Index(
            "batches_one_a_calendar",
            text("(change->>'version')"),
            unique=True,
            postgresql_where=text("ended_at IS NULL AND kind = 'adopt_calendar'"),
        ),
        Index(
            "batches_one_a_succession",
            text("(change->>'old')"),
            text("(change->>'new')"),
            unique=True,
            postgresql_where=text("ended_at IS NULL AND kind = 'succeed_unit'"),
        ),
    )

    batch_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    change: Mapped[dict[str, Any]]
    requested_by: Mapped[str]
    requested_at: Mapped[datetime]
    total: Mapped[int]
    reached: Mapped[int] = mapped_column(server_default="0")
    left: Mapped[int]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class BatchCase(Base):
    """A case that a batch is for: those that were chosen when it was asked for, and those that answered it.

    `outcome` is null until the case has answered, then `reached` or the code of the rule that forbids the change. The
    number has no foreign key: it would have whoever asks for a batch wait for every case that is being written.
    """

    __tablename__ = "batch_cases"

    batch_id: Mapped[str] = mapped_column(ForeignKey("batches.batch_id"), primary_key=True)
    case_no: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str | None] = mapped_column(String(64))
