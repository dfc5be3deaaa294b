"""Units that are merged or renamed: the directory says who takes over and when; from that day all of it passes on."""

from datetime import date, datetime, timedelta

from sqlalchemy import Text, and_, exists, func, or_, select, type_coerce, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from infra.batches import SucceedUnitChange, request_batch, request_if_missing
from infra.cities.routing import is_in_office
from infra.directory_tables import Region, Unit, User
from infra.tables import AuditEntry, BatchRow, Case, Task
from workflows.contracts.vocabulary import DATED_UNIT_KINDS, TASK_ENDS, UnitKind
from workflows.rules.calendar import local_date

_CENTRE = UnitKind.GOVERNANCE_CENTRE.value


class CannotSucceed(ValueError):  # noqa: N818 - says what it is
    """One unit cannot take over from another; one line that says why."""


async def succeed(
    session: AsyncSession, old_id: str, new_id: str, *, on: date, by: str, now: datetime
) -> BatchRow | None:
    """Has the new unit take over from the old one, whose last day is the one before `on`, a local date.

    Returns the batch that brings it to the open cases; None while the day is to come, when `pass_on` will ask for it.

    Raises:
        CannotSucceed: if the directory, or what the old unit is at work on, does not allow it.
    """
    change = await _agreed(session, old_id, new_id, on)
    detail = {"old": old_id, "new": new_id, "on": on.isoformat()}
    session.add(AuditEntry(at=now, actor=by, action="succeed_unit", outcome="done", detail=detail))
    await session.flush()
    if on > local_date(now):
        return None
    batch = await request_batch(session, change, by=by, now=now)
    await pass_on(session, now)
    return batch


async def pass_on(session: AsyncSession, now: datetime) -> None:
    """Gives the successors of units that are over by now what these still have: staff, regions and open cases.

    The cases get batches. It is done over and over, for a task may still be on its way to a unit on its last day.
    """
    over = and_(Unit.successor.is_not(None), Unit.valid_to < local_date(now))
    moves = (
        update(User).where(User.unit_id == Unit.unit_id, over).values(unit_id=Unit.successor),
        update(Region).where(Region.centre == Unit.unit_id, over).values(centre=Unit.successor),
    )
    moved: set[str] = set()
    for move in moves:
        # Nothing of what it changes is looked at again through the session.
        unseen = move.returning(Unit.unit_id).execution_options(synchronize_session=False)
        moved.update(await session.scalars(unseen))
    at_work = exists().where(Task.unit_id == Unit.unit_id, Task.status.not_in(TASK_ENDS))
    for unit in await session.scalars(select(Unit).where(over, or_(at_work, Unit.unit_id.in_(moved)))):
        if unit.unit_id in moved:
            # Whoever may not know of a complaint about the old unit works for the new one now.
            about = type_coerce(Case.concerned, ARRAY(Text)).contains([unit.unit_id])
            theirs = update(Case).where(about).values(concerned=func.array_append(Case.concerned, unit.successor))
            await session.execute(theirs, execution_options={"synchronize_session": False})
        await request_if_missing(session, _change(unit), now)


async def _agreed(session: AsyncSession, old_id: str, new_id: str, on: date) -> SucceedUnitChange:
    """The succession, written down in the directory."""
    if old_id == new_id:
        raise CannotSucceed(f"{old_id} cannot succeed itself")
    both = select(Unit).where(Unit.unit_id.in_([old_id, new_id])).order_by(Unit.unit_id).with_for_update()
    units = {unit.unit_id: unit for unit in await session.scalars(both)}
    for unit_id in (old_id, new_id):
        if unit_id not in units:
            raise CannotSucceed(f"the city has no unit {unit_id}")
    old, new = units[old_id], units[new_id]
    if old.valid_to is not None:
        raise CannotSucceed(f"{old_id} was succeeded by {old.successor} already; its last day is {old.valid_to}")
    last_day = on - timedelta(days=1)
    if not is_in_office(old, last_day):
        raise CannotSucceed(f"{old_id} is in office only from {old.valid_from} on; choose a later --on")
    if not is_in_office(new, on):
        raise CannotSucceed(f"{new_id} is not in office on {on}")
    await _require_no_circle(session, old, new)
    await _require_fitting_kinds(session, old, new)
    old.valid_to, old.successor = last_day, new_id
    return _change(old)


async def _require_no_circle(session: AsyncSession, old: Unit, new: Unit) -> None:
    following: Unit | None = new
    while following is not None and following.successor is not None:
        if following.successor == old.unit_id:
            raise CannotSucceed(f"{new.unit_id} is itself to be succeeded by {old.unit_id}: that would be a circle")
        following = await session.get(Unit, following.successor)


async def _require_fitting_kinds(session: AsyncSession, old: Unit, new: Unit) -> None:
    if (old.kind == _CENTRE) != (new.kind == _CENTRE):
        raise CannotSucceed(
            f"{old.unit_id} and {new.unit_id}: a governance centre is succeeded by one, and no other is"
        )
    if old.kind == _CENTRE and old.level != new.level:
        raise CannotSucceed(f"{old.unit_id} is a centre of level {old.level}, {new.unit_id} of level {new.level}")
    if new.kind not in DATED_UNIT_KINDS:
        open_tasks = exists().where(Task.unit_id == old.unit_id, Task.status.not_in(TASK_ENDS))
        if await session.scalar(select(open_tasks)):
            raise CannotSucceed(f"{old.unit_id} has open tasks, and a unit of kind {new.kind} cannot be given dates")


def _change(old: Unit) -> SucceedUnitChange:
    stated = {"old": old.unit_id, "new": old.successor, "is_centre": old.kind == _CENTRE}
    return SucceedUnitChange.model_validate(stated)
