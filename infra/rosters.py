"""The roster: who is on duty for a unit on a day, and who stands in where none is entered."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict
from sqlalchemy import and_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra.cities.pack import Presence, RosterDay
from infra.directory_tables import RosterDay as RosterRow
from infra.directory_tables import Unit, User


class OnDuty(BaseModel):
    """Who is on duty for a unit: the person of its roster, with how she takes part at the centre.

    A `fallback` where the roster is silent: the general duty office in the person of the unit's leader, `name` being
    the office's where no leader is known.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    user_id: str | None
    presence: Presence | None
    fallback: bool


@dataclass(frozen=True)
class UnitName:
    """What a unit is called, and who is on duty for it."""

    unit: str
    on_duty: OnDuty


async def unit_names(session: AsyncSession, unit_ids: Collection[str], day: date | None = None) -> dict[str, UnitName]:
    """Names by unit id, with the duty of that local date; without a date it is the fallback's.

    An unknown unit goes by its id.
    """
    names = {
        unit_id: UnitName(unit_id, OnDuty(name=unit_id, user_id=None, presence=None, fallback=True))
        for unit_id in unit_ids
    }
    if not names:
        return names
    entered, leader = aliased(User), aliased(User)
    rows = await session.execute(
        select(Unit.unit_id, Unit.name, Unit.duty_office, RosterRow.presence)
        .add_columns(entered.user_id, entered.name, leader.user_id, leader.name)
        .outerjoin(RosterRow, and_(RosterRow.unit_id == Unit.unit_id, RosterRow.day == day))
        .outerjoin(entered, entered.user_id == RosterRow.user_id)
        .outerjoin(leader, leader.user_id == Unit.leader)
        .where(Unit.unit_id.in_(names))
    )
    for unit_id, unit, office, presence, on_duty, name, leader_id, leader_name in rows:
        if on_duty is not None:
            duty = OnDuty(name=name, user_id=on_duty, presence=presence, fallback=False)
        else:
            duty = OnDuty(name=leader_name or office or unit, user_id=leader_id, presence=None, fallback=True)
        names[unit_id] = UnitName(unit, duty)
    return names


async def units_entered(session: AsyncSession, day: date) -> list[str]:
    """The units whose roster names somebody for that local date, by how they take part and by their ids."""
    order = {presence.value: place for place, presence in enumerate(Presence)}
    rows = await session.execute(select(RosterRow.unit_id, RosterRow.presence).where(RosterRow.day == day))
    return [unit_id for unit_id, _ in sorted(rows, key=lambda row: (order[row.presence], row.unit_id))]


async def enter_roster(session: AsyncSession, roster: Sequence[RosterDay]) -> None:
    """Writes the days down, in the place of what was entered for the same unit and day; other days stay."""
    if not roster:
        return
    entered = insert(RosterRow)
    renewed = {name: entered.excluded[name] for name in ("user_id", "presence")}
    rows = [asdict(duty) | {"presence": duty.presence.value} for duty in roster]
    await session.execute(entered.on_conflict_do_update(index_elements=["unit_id", "day"], set_=renewed), rows)
