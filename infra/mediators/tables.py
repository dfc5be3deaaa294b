"""The tables of who mediates and where, and of what is booked when."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Index, String, Text
from sqlalchemy.dialects.postgresql import ARRAY, INT8RANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from infra.tables import Base


class Mediator(Base):
    """A mediator of the register, by her user id; columns as in the city pack's `mediators.csv`."""

    __tablename__ = "mediators"

    mediator_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    unit_id: Mapped[str] = mapped_column(String(64), index=True)
    channels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    region_code: Mapped[str] = mapped_column(String(15), index=True)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    specialities: Mapped[list[str]] = mapped_column(ARRAY(Text))
    studio: Mapped[str | None]
    full_time: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Room(Base):
    """A room to mediate in; columns as in the city pack's `rooms.csv`."""

    __tablename__ = "rooms"

    room_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    unit_id: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str]
    seats: Mapped[int]
    video: Mapped[bool]


class Bookable(Base):
    """The number under which a room or a person is booked; given out at its first booking, for good."""

    __tablename__ = "bookables"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    no: Mapped[int] = mapped_column(Identity(always=True), unique=True)


class Booking(Base):
    """A room or person for a stretch of time, reserved by a command and confirmed once its session is on record.

    `span` is the same stretch in seconds, on a line on which every bookable has a part of its own: so that one index
    keeps all of them from being booked twice, without an extension of the database.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="bookings_take_time"),
        ExcludeConstraint(("span", "&&"), using="gist", name="bookings_once_at_a_time"),
        Index("bookings_by_resource", "resource_no", "starts_at"),
    )

    command_id: Mapped[str] = mapped_column(primary_key=True)
    resource_no: Mapped[int] = mapped_column(ForeignKey("bookables.no"), primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    span: Mapped[Range[int]] = mapped_column(INT8RANGE)
    mediation_no: Mapped[str] = mapped_column(String(32), index=True)
    session_no: Mapped[str | None] = mapped_column(String(48))
    confirmed: Mapped[bool]
    made_at: Mapped[datetime]
