"""The city's directory as the process needs it: which centre owns what, and which chain leads up from there."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

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
