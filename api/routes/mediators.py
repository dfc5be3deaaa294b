"""Who mediates, and where."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy import select

from api.authorisation import Action, may
from api.errors import Problem, problems
from api.fields import Identifier, Language
from api.instants import read_instant
from api.paging import Cursor, CursorText, Limit, Page, cut, read_key
from api.services import App
from api.tokens import Caller
from infra.directory_tables import Unit, User
from infra.mediators.bookings import BookableKind, is_free
from infra.mediators.tables import Mediator, Room
from workflows.contracts.ids import RegionCode, region_prefix
from workflows.contracts.mediation.vocabulary import Channel, DisputeType

router = APIRouter(prefix="/api/v1", tags=["directory"])
Reader = Annotated[Caller, may(Action.READ_DIRECTORY)]


class MediatorItem(BaseModel):
    """A mediator; `languages` are those beside Chinese, `studio` a named one of her own, `valid_to` the last day."""

    mediator_id: str
    name: str
    unit_id: str
    unit: str
    channels: list[Channel]
    region_code: str
    languages: list[str]
    specialities: list[DisputeType]
    studio: str | None
    full_time: bool
    valid_from: date
    valid_to: date | None


class RoomItem(BaseModel):
    """A room to mediate in; `video` if people can join from elsewhere."""

    room_id: str
    unit_id: str
    name: str
    seats: int
    video: bool


@router.get("/mediators", responses=problems(401, 403))
async def list_mediators(
    by: Reader,
    app: App,
    channel: Channel | None = None,
    region: RegionCode | None = None,
    language: Annotated[Language | None, Query()] = None,
    speciality: DisputeType | None = None,
    cursor: CursorText = None,
    limit: Limit = 50,
) -> Page[MediatorItem]:
    """调解员名册: mediators of a channel, a region's subtree, who speak a language or know such disputes best."""
    query = (
        select(Mediator, User.name, Unit.name)
        .join(User, User.user_id == Mediator.mediator_id)
        .join(Unit, Unit.unit_id == Mediator.unit_id)
        .where(Mediator.mediator_id > read_key(cursor, "mediator_id"))
    )
    if channel is not None:
        query = query.where(Mediator.channels.contains([channel.value]))
    if region is not None:
        query = query.where(Mediator.region_code.startswith(region_prefix(region)))
    if language is not None:
        query = query.where(Mediator.languages.contains([language]))
    if speciality is not None:
        query = query.where(Mediator.specialities.contains([speciality.value]))
    async with app.sessions() as session:
        rows = (await session.execute(query.order_by(Mediator.mediator_id).limit(limit + 1))).all()
    page, following = cut(rows, limit, lambda row: Cursor(order="mediator_id", key=row[0].mediator_id))
    return Page(items=[_mediator(*row) for row in page], next_cursor=following)


@router.get("/rooms", responses=problems(401, 403))
async def list_rooms(
    by: Reader,
    app: App,
    unit: Annotated[Identifier | None, Query()] = None,
    free_from: Annotated[str | None, Query(max_length=40)] = None,
    free_until: Annotated[str | None, Query(max_length=40)] = None,
    cursor: CursorText = None,
    limit: Limit = 50,
) -> Page[RoomItem]:
    """调解室: rooms of a unit; with both times, those that nobody has booked for any part of the time between."""
    query = select(Room).where(Room.room_id > read_key(cursor, "room_id"))
    if unit is not None:
        query = query.where(Room.unit_id == unit)
    if free_from is not None or free_until is not None:
        since, until = (
            read_instant(*given) for given in (("free_from", free_from or ""), ("free_until", free_until or ""))
        )
        if until <= since:
            raise Problem.of_field("free_until", "not_after_its_beginning", "give a time after free_from")
        query = query.where(is_free(BookableKind.ROOM, Room.room_id, since, until, app.now()))
    async with app.sessions() as session:
        rows = (await session.scalars(query.order_by(Room.room_id).limit(limit + 1))).all()
    page, following = cut(rows, limit, lambda room: Cursor(order="room_id", key=room.room_id))
    return Page(items=[_room(room) for room in page], next_cursor=following)


def _mediator(mediator: Mediator, name: str, unit: str) -> MediatorItem:
    return MediatorItem(
        mediator_id=mediator.mediator_id,
        name=name,
        unit_id=mediator.unit_id,
        unit=unit,
        channels=[Channel(channel) for channel in mediator.channels],
        region_code=mediator.region_code,
        languages=mediator.languages,
        specialities=[DisputeType(dispute) for dispute in mediator.specialities],
        studio=mediator.studio,
        full_time=mediator.full_time,
        valid_from=mediator.valid_from,
        valid_to=mediator.valid_to,
    )


def _room(room: Room) -> RoomItem:
    return RoomItem(room_id=room.room_id, unit_id=room.unit_id, name=room.name, seats=room.seats, video=room.video)
