"""Finding mediations: filters and pages of the list, which shows figures and nothing that was said."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, Text, and_, cast, or_, select, tuple_
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from api.fields import Identifier
from api.paging import Cursor, cut, read_cursor
from api.scope import not_kept_from, visible
from api.snapshots import OwnerView, owner_view
from api.tokens import UNIT_BOUND, Caller
from infra.directory_tables import Region, User
from infra.mediation_tables import Mediation
from infra.rosters import unit_names
from infra.tables import Case
from workflows.contracts.ids import RegionCode, UnitId, region_prefix
from workflows.contracts.mediation.vocabulary import Channel, DisputeType, MediationForm, MediationStatus
from workflows.contracts.state import Owner
from workflows.contracts.vocabulary import Level, OwnerRole, Role

_ORDER = "-opened_at"
CHANNEL: ColumnElement[str] = (
    Mediation.snapshot["policy"]["channels"]
    .op("->")(Mediation.form)
    .op("->>", return_type=Text())("channel")
    .label("channel")
)
"""The channel that a mediation is in, by its own channel table; null before one was chosen."""


class MediationFilter(BaseModel):
    """What is asked for; `region` is a subtree, `mediator` a user's id, `host` the unit that hosts it now."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    status: MediationStatus | None = None
    channel: Channel | None = None
    host: UnitId | None = None
    mediator: Identifier | None = None
    region: RegionCode | None = None
    overdue: bool | None = None


Filter = Annotated[MediationFilter, Query()]


class StaffName(BaseModel):
    """A member of staff; `name` if the directory knows the id."""

    user_id: str
    name: str | None


class HostView(BaseModel):
    unit_id: str
    name: str


class MediationItem(BaseModel):
    """A mediation in a list. `form`, `host` and `mediators` are those of the step that seeks the agreement now, or
    reached it or failed last; `due_at` is when the earliest of its open clocks ends, `provisional` if that may move.
    """

    mediation_no: str
    case_no: str
    dispute_type: DisputeType
    status: MediationStatus
    channel: Channel | None
    form: MediationForm | None
    region_code: str | None
    region_name: str | None
    level: Level
    host: HostView | None
    mediators: list[StaffName]
    locked: bool
    owner: OwnerView | None
    due_at: datetime | None
    provisional: bool
    overdue: bool
    opened_at: datetime
    taken_up_at: datetime | None
    agreed_at: datetime | None
    ended_at: datetime | None
    seq: int


def in_reach(caller: Caller) -> ColumnElement[bool]:
    """The condition on `mediations` with their `cases`: what the caller sees of cases, or what she takes part in."""
    if caller.role is not Role.MEDIATOR and caller.role not in UNIT_BOUND:
        return visible(caller)
    mine: list[ColumnElement[bool]] = []
    if caller.unit is not None:
        mine.append(_contains(Mediation.unit_ids, caller.unit))
    if caller.role is Role.MEDIATOR:
        mine.append(_contains(Mediation.mediator_ids, caller.id))
    return and_(not_kept_from(caller), or_(*mine))


async def find_mediations(
    session: AsyncSession, caller: Caller, asked: MediationFilter, cursor_text: str | None, limit: int, today: date
) -> tuple[list[MediationItem], str | None]:
    """A page of the mediations that the caller may know of, the newest first, and its next cursor.

    `today` is the local date whose duty is shown.

    Raises:
        Problem: 422 `bad_cursor`.
    """
    cursor = read_cursor(cursor_text, _ORDER)
    conditions = _conditions(asked)
    if cursor is not None:
        conditions.append(tuple_(Mediation.opened_at, Mediation.mediation_no) < (cursor.value, cursor.key))
    rows = await _rows(session, in_reach(caller), *conditions, limit=limit + 1)
    page, following = cut(
        rows, limit, lambda row: Cursor(order=_ORDER, key=row[0].mediation_no, value=row[0].opened_at)
    )
    return await _items(session, page, today), following


async def mediations_of(session: AsyncSession, case_no: str, today: date) -> list[MediationItem]:
    """All mediations of a case, the newest first."""
    return await _items(session, await _rows(session, Mediation.case_no == case_no), today)


async def _rows(session: AsyncSession, *conditions: ColumnElement[bool], limit: int | None = None) -> Sequence[Any]:
    found = (
        select(Mediation, CHANNEL, Region.name)
        .join(Case, Case.case_no == Mediation.case_no)
        .outerjoin(Region, Region.code == Mediation.region_code)
        .where(*conditions)
        .order_by(Mediation.opened_at.desc(), Mediation.mediation_no.desc())
        .limit(limit)
        .options(defer(Mediation.snapshot, raiseload=True))
    )
    return (await session.execute(found)).all()


def _conditions(asked: MediationFilter) -> list[ColumnElement[bool]]:
    exact: dict[Any, Any] = {
        Mediation.status: asked.status,
        Mediation.host_unit: asked.host,
        Mediation.overdue: asked.overdue,
        CHANNEL: asked.channel,
    }
    conditions = [column == value for column, value in exact.items() if value is not None]
    if asked.mediator is not None:
        conditions.append(_contains(Mediation.mediator_ids, asked.mediator))
    if asked.region is not None:
        conditions.append(Mediation.region_code.startswith(region_prefix(asked.region)))
    return conditions


def _contains(ids: Any, one: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = ids.bool_op("@>")(array([cast(one, Text)]))
    return found


async def _items(session: AsyncSession, rows: Sequence[Any], today: date) -> list[MediationItem]:
    mediations = [mediation for mediation, _, _ in rows]
    units = {unit for one in mediations for unit in (one.host_unit, one.owner_unit) if unit is not None}
    names = await unit_names(session, units, today)
    people = await staff_names(session, {person for one in mediations for person in one.mediator_ids})
    return [
        MediationItem(
            mediation_no=mediation.mediation_no,
            case_no=mediation.case_no,
            dispute_type=DisputeType(mediation.dispute_type),
            status=MediationStatus(mediation.status),
            channel=Channel(channel) if channel else None,
            form=MediationForm(mediation.form) if mediation.form else None,
            region_code=mediation.region_code,
            region_name=region_name,
            level=Level(mediation.level),
            host=HostView(unit_id=mediation.host_unit, name=names[mediation.host_unit].unit)
            if mediation.host_unit
            else None,
            mediators=[StaffName(user_id=who, name=people.get(who)) for who in mediation.mediator_ids],
            locked=mediation.locked,
            owner=owner_view(_owner(mediation), names),
            due_at=mediation.due_at,
            provisional=mediation.due_provisional,
            overdue=mediation.overdue,
            opened_at=mediation.opened_at,
            taken_up_at=mediation.taken_up_at,
            agreed_at=mediation.agreed_at,
            ended_at=mediation.ended_at,
            seq=mediation.seq,
        )
        for mediation, channel, region_name in rows
    ]


async def staff_names(session: AsyncSession, user_ids: set[str]) -> dict[str, str]:
    """Names by the ids that the directory knows."""
    found = select(User.user_id, User.name).where(User.user_id.in_(user_ids))
    return dict((await session.execute(found)).all()) if user_ids else {}


def _owner(mediation: Mediation) -> Owner | None:
    if mediation.owner_role is None or mediation.owner_unit is None:
        return None
    return Owner(role=OwnerRole(mediation.owner_role), unit_id=mediation.owner_unit)
