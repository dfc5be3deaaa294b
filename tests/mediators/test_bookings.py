"""Rooms and people are promised once for any time, whoever asks at the same moment."""

import asyncio
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from infra.database import Sessions
from infra.mediators.bookings import (
    BookableKind,
    DoubleBooked,
    Resource,
    Taken,
    confirm,
    free,
    is_free,
    release,
    reserve,
)
from infra.mediators.tables import Bookable, Booking, Room

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TEN = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MEDIATION = "99010220260302000001-M1"
_numbers = count(1)


def nobody_yet(kind: BookableKind = BookableKind.ROOM) -> Resource:
    return Resource(kind, f"{kind}-{next(_numbers)}")


async def hold(
    session: AsyncSession,
    wanted: Collection[Resource],
    command_id: str,
    *,
    starts_at: datetime = TEN,
    now: datetime = NOW,
) -> None:
    await reserve(session, wanted, starts_at, starts_at + HOUR, mediation_no=MEDIATION, command_id=command_id, now=now)


async def test_what_is_held_is_refused_with_its_name_and_time_and_the_rest_is_not_held(sessions: Sessions) -> None:
    room, mediator = nobody_yet(), nobody_yet(BookableKind.MEDIATOR)
    async with sessions.begin() as session:
        await hold(session, [room], "a")
        await hold(session, [room], "a")
        # One ends when the other begins.
        await hold(session, [room], "b", starts_at=TEN + HOUR)
        with pytest.raises(DoubleBooked) as refused:
            await hold(session, [mediator, room], "c", starts_at=TEN + HOUR / 2)
        assert refused.value.taken == (Taken(room, TEN, TEN + HOUR), Taken(room, TEN + HOUR, TEN + 2 * HOUR))
        await hold(session, [mediator], "d")
        await session.rollback()


async def test_the_database_itself_refuses_a_second_booking(sessions: Sessions) -> None:
    async with sessions() as session:
        room = Bookable(kind="room", id="spare")
        session.add(room)
        await session.flush()
        for command_id in ("one", "two"):
            part = Range(room.no * 2**34, room.no * 2**34 + 1)
            times = {"starts_at": TEN, "ends_at": TEN + HOUR, "span": part, "made_at": NOW}
            names = {"command_id": command_id, "resource_no": room.no, "mediation_no": MEDIATION}
            session.add(Booking(confirmed=True, **names, **times))
        with pytest.raises(IntegrityError, match="bookings_once_at_a_time"):
            await session.flush()


async def test_of_two_at_once_one_gets_the_room_and_the_other_is_told(sessions: Sessions) -> None:
    room, other = nobody_yet(), nobody_yet(BookableKind.PERSON)

    async def ask(command_id: str, wanted: list[Resource]) -> bool:
        try:
            async with sessions.begin() as session:
                await hold(session, wanted, command_id)
                await confirm(session, command_id, "S1")
        except DoubleBooked as refused:
            # Whoever came first may have taken the other one with it.
            return Taken(room, TEN, TEN + HOUR) in refused.taken
        return False

    told = await asyncio.gather(*(ask(f"at-once-{n}", [room, other] if n else [room]) for n in range(4)))
    assert sorted(told) == [False, True, True, True]
    async with sessions.begin() as session:
        await free(session, MEDIATION, "S1")


async def test_what_was_held_for_a_command_that_never_came_gives_way_and_what_is_confirmed_stays(
    sessions: Sessions,
) -> None:
    lost, kept, later = nobody_yet(), nobody_yet(), NOW + timedelta(minutes=5, seconds=1)
    async with sessions.begin() as session:
        await hold(session, [lost], "lost")
        await hold(session, [kept], "kept")
        assert await confirm(session, "kept", "S2") == 1
        with pytest.raises(DoubleBooked):
            await hold(session, [lost], "next", now=NOW + timedelta(minutes=5))
        await hold(session, [lost], "next", now=later)
        with pytest.raises(DoubleBooked):
            await hold(session, [kept], "next", now=later)
        assert await confirm(session, "lost", "S3") == 0
        # A refused command gives up what it held; what is on record is not its to give.
        await release(session, "next")
        await release(session, "kept")
        await hold(session, [lost], "last", now=later)
        with pytest.raises(DoubleBooked):
            await hold(session, [kept], "last", now=later)
        await free(session, MEDIATION, "S2")
        await hold(session, [kept], "last", now=later)
        await session.rollback()


async def test_a_room_is_free_but_for_the_time_that_it_is_booked_for(sessions: Sessions) -> None:
    room = "990102001000-small"

    async def is_offered(session: AsyncSession, starts_at: datetime) -> bool:
        vacant = is_free(BookableKind.ROOM, Room.room_id, starts_at, starts_at + HOUR, NOW)
        return (await session.scalar(select(Room.room_id).where(Room.room_id == room, vacant))) == room

    async with sessions.begin() as session:
        await hold(session, [Resource(BookableKind.ROOM, room)], "x")
        assert [await is_offered(session, TEN + n * HOUR / 2) for n in (-2, -1, 0, 1, 2)] == [
            True,
            False,
            False,
            False,
            True,
        ]
        await session.rollback()
