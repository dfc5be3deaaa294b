"""The city's directory as the process needs it: which centre owns what, and which chain leads up from there."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from infra.cities.routing import is_in_office, is_succeeded, nearest_unit, units_answering_for
from infra.directory_tables import Region, Unit
from workflows.contracts.clocks import OfficeHours
from workflows.contracts.command import UnitRef
from workflows.contracts.vocabulary import Level, UnitKind


class UnknownRegionError(LookupError):
    """No such region in the city's directory."""


def unit_ref(unit: Unit) -> UnitRef:
    """The unit as commands name it: what the rules need to know of it."""
    return UnitRef(
        unit_id=unit.unit_id,
        kind=UnitKind(unit.kind),
        connected=unit.endpoint is not None,
        office=OfficeHours.model_validate(unit.office_hours) if unit.office_hours else None,
    )


async def units_answering(
    session: AsyncSession, wanted: Collection[str], region_code: str, on: date
) -> dict[str, Unit]:
    """The unit for each id or function that is wanted: of the region itself, else the nearest above.

    One that is over by that day has its successor in its place. What nobody answers for is left out.
    """
    named = await session.scalars(select(Unit).where(or_(Unit.function.in_(wanted), Unit.unit_id.in_(wanted))))
    answering = units_answering_for(named, region_code, on)
    nearest = {name: nearest_unit(answering, name) for name in wanted}
    over = [unit.unit_id for unit in nearest.values() if unit is not None and is_succeeded(unit, on)]
    later = {unit.unit_id: unit for unit in await with_successors(session, over, on)}

    def present(unit: Unit | None) -> Unit | None:
        while unit is not None and not is_in_office(unit, on):
            unit = later.get(unit.successor or "")
        return unit

    return {name: unit for name, found in nearest.items() if (unit := present(found)) is not None}


async def with_successors(session: AsyncSession, unit_ids: Iterable[str], on: date) -> list[Unit]:
    """These units, by their ids, and all who have taken over from them by that day, one after the other."""
    named = set(unit_ids)
    if not named:
        return []
    line = select(Unit.unit_id).where(Unit.unit_id.in_(named)).cte("line", recursive=True)
    before = aliased(Unit)
    after = select(before.successor).where(before.unit_id == line.c.unit_id, before.valid_to < on)
    line = line.union(after.where(before.successor.is_not(None)))
    return list(await session.scalars(select(Unit).where(Unit.unit_id.in_(select(line.c.unit_id)))))


async def centres_for(session: AsyncSession, region_code: str | None) -> dict[Level, str]:
    """The centre that owes acceptance in a region, and those of the levels above it up to the city.

    Without a region the city's centre alone. A region's centre need not follow its code: the chain goes up from where
    that centre sits.

    Raises:
        UnknownRegionError: if the region, or the city itself, is not in the directory.
    """
    owning = await _owning_centre(session, region_code)
    centres = {Level(owning.level): owning.unit_id}
    region = await session.get(Region, owning.region_code)
    while region is not None and region.parent is not None:
        region = await session.get(Region, region.parent)
        if region is not None:
            centre = await session.get(Unit, region.centre)
            if centre is not None:
                centres.setdefault(Level(centre.level), centre.unit_id)
    return centres


async def _owning_centre(session: AsyncSession, region_code: str | None) -> Unit:
    found = (
        select(Region).where(Region.level == Level.CITY.value)
        if region_code is None
        else select(Region).where(Region.code == region_code)
    )
    region = await session.scalar(found)
    centre = await session.get(Unit, region.centre) if region is not None else None
    if centre is None:
        raise UnknownRegionError(region_code or "city")
    return centre
