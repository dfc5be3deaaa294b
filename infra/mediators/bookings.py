"""Booking rooms and people for sessions: nobody, and no room, is promised twice for the same time.

A session is reserved together with its command and confirmed when the session is on record; a reservation whose command
never came through gives way after five minutes. Whoever calls commits.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil, floor

from sqlalchemy import ColumnElement, delete, exists, or_, select, tuple_, type_coerce, update
from sqlalchemy.dialects.postgresql import INT8RANGE, Range, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from infra.mediators.tables import Bookable, Booking

_HELD_FOR = timedelta(minutes=5)
_KEY = ("command_id", "resource_no")
_SECONDS_EACH = 2**34
"""The part of every bookable on the line of all spans: seconds from 1970 into the 26th century."""


class BookableKind(StrEnum):
    """What is booked: whoever is in the register of mediators is booked as a mediator, never as a person."""

    ROOM = "room"
    MEDIATOR = "mediator"
    PERSON = "person"


@dataclass(frozen=True, slots=True, order=True)
class Resource:
    """A room, mediator or person by its id."""

    kind: BookableKind
    id: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A room or person with the time (UTC) for which it is promised already; by whom is not said."""

    resource: Resource
    starts_at: datetime
    ends_at: datetime


class DoubleBooked(Exception):  # noqa: N818 - it says what the matter is, as the other refusals do
    """Rooms or people are not free; `taken` says which, and when."""

    def __init__(self, taken: Sequence[Taken]) -> None:
        self.taken = tuple(taken)
        said = (f"{one.resource.kind} {one.resource.id} from {one.starts_at} to {one.ends_at}" for one in taken)
        super().__init__(f"already booked: {'; '.join(said)}")


async def reserve(
    session: AsyncSession,
    resources: Collection[Resource],
    starts_at: datetime,
    ends_at: datetime,
    *,
    mediation_no: str,
    command_id: str,
    now: datetime,
) -> None:
    """Holds all of them from `starts_at` until `ends_at` for the session that the command sets; all or nothing.

    The same command again holds what it held. Of two at once, the second waits until the first has committed.

    Raises:
        DoubleBooked: if one of them is promised for a part of that time.
        ValueError: if the time does not end after it begins.
    """
    if ends_at <= starts_at:
        raise ValueError("a session ends after it begins")
    if not resources:
        return
    numbers = await _locked(session, sorted(set(resources)))
    overlap = or_(*(_overlaps(_span(no, starts_at, ends_at)) for no in numbers))
    stale = delete(Booking).where(overlap, ~_holds(now)).execution_options(synchronize_session=False)
    await session.execute(stale)
    in_the_way = (
        select(Booking.resource_no, Booking.starts_at, Booking.ends_at)
        .where(overlap, Booking.command_id != command_id)
        .order_by(Booking.starts_at, Booking.resource_no)
    )
    taken = [Taken(numbers[no], since, until) for no, since, until in await session.execute(in_the_way)]
    if taken:
        raise DoubleBooked(taken)
    rows = [
        {
            "command_id": command_id,
            "resource_no": no,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "span": _span(no, starts_at, ends_at),
            "mediation_no": mediation_no,
            "confirmed": False,
            "made_at": now,
        }
        for no in numbers
    ]
    await session.execute(insert(Booking).on_conflict_do_update(index_elements=_KEY, set_={"made_at": now}), rows)


async def release(session: AsyncSession, command_id: str) -> None:
    """Gives up what a refused command held; what is confirmed stays."""
    await session.execute(delete(Booking).where(Booking.command_id == command_id, ~Booking.confirmed))


async def confirm(session: AsyncSession, command_id: str, session_no: str) -> int:
    """Makes what the command held the session's own, for good; how many bookings that are. Harmless a second time."""
    mine = update(Booking).where(Booking.command_id == command_id)
    done = await session.execute(mine.values(confirmed=True, session_no=session_no).returning(Booking.resource_no))
    return len(done.all())


async def free(session: AsyncSession, mediation_no: str, session_no: str) -> None:
    """Gives back everything of a session that was adjourned, cancelled, or is over before its time."""
    of_session = (Booking.mediation_no == mediation_no, Booking.session_no == session_no)
    await session.execute(delete(Booking).where(*of_session))


def is_free(
    kind: BookableKind, its_id: InstrumentedAttribute[str], starts_at: datetime, ends_at: datetime, now: datetime
) -> ColumnElement[bool]:
    """The condition that what the column names is not promised for any part of that time."""
    return ~exists(
        select(Booking.resource_no)
        .join(Bookable, Bookable.no == Booking.resource_no)
        .where(Bookable.kind == kind.value, Bookable.id == its_id)
        .where(Booking.starts_at < ends_at, Booking.ends_at > starts_at, _holds(now))
    )


async def _locked(session: AsyncSession, resources: Sequence[Resource]) -> dict[int, Resource]:
    """The numbers of these, in their order, which no other transaction books until this one ends."""
    keys = [(resource.kind.value, resource.id) for resource in resources]
    new = insert(Bookable).values([{"kind": kind, "id": its_id} for kind, its_id in keys]).on_conflict_do_nothing()
    await session.execute(new)
    found = (
        select(Bookable.no, Bookable.kind, Bookable.id)
        .where(tuple_(Bookable.kind, Bookable.id).in_(keys))
        .order_by(Bookable.no)
        .with_for_update()
    )
    return {no: Resource(BookableKind(kind), its_id) for no, kind, its_id in await session.execute(found)}


def _holds(now: datetime) -> ColumnElement[bool]:
    return or_(Booking.confirmed, Booking.made_at >= now - _HELD_FOR)


def _overlaps(span: Range[int]) -> ColumnElement[bool]:
    return Booking.span.bool_op("&&")(type_coerce(span, INT8RANGE))


def _span(no: int, starts_at: datetime, ends_at: datetime) -> Range[int]:
    base = no * _SECONDS_EACH
    return Range(base + floor(starts_at.timestamp()), base + ceil(ends_at.timestamp()))
