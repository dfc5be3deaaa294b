"""Whom to call in: the routing catalogue, resolved to the units that serve a region."""

from datetime import date

from pydantic import BaseModel
from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem
from infra.cities.routing import find_route, nearest_unit, units_for
from infra.directory import UnknownRegionError, centres_for
from infra.directory_tables import CityRow, Matter, Route, Unit
from workflows.contracts.vocabulary import DATED_UNIT_KINDS, Level, TaskRole, UnitKind


class Suggestion(BaseModel):
    """A unit for a matter. `datable`: it can be whistled; otherwise it is asked or referred to, without a date."""

    role: TaskRole
    unit_id: str
    name: str
    kind: UnitKind
    level: Level
    region_code: str
    function: str
    category: str
    clause: str | None
    power_holder: bool
    datable: bool
    reason: str


async def suggest(session: AsyncSession, category: str, region_code: str | None, today: date) -> list[Suggestion]:
    """The lead first, then the co-units, each as the nearest valid unit upward from the region.

    The route of the deepest class counts, and one for the level that a case from there starts at before a general one.

    Raises:
        Problem: 422 `unknown_category` or `unknown_region`.
    """
    if await session.get(Matter, category) is None:
        raise Problem.of_field("category", "unknown_category", "the city's classification has no such class")
    try:
        centres = await centres_for(session, region_code)
    except UnknownRegionError as error:
        raise Problem.of_field("region", "unknown_region", "the city has no such region") from error
    start_level = min(centres, key=lambda level: level.rank)
    route = find_route(await session.scalars(select(Route)), category, start_level)
    if route is None:
        return []
    wanted = [route.lead, *route.co]
    serving = await serving_units(session, region_code, today, or_(Unit.function.in_(wanted), Unit.unit_id.in_(wanted)))
    found = [(name, nearest_unit(serving, name)) for name in wanted]
    return [_suggestion(route, name, unit) for name, unit in found if unit is not None]


async def serving_units(
    session: AsyncSession, region_code: str | None, today: date, *conditions: ColumnElement[bool]
) -> list[Unit]:
    """The units that exist today and whose area holds the region, or the whole city where none is named."""
    place = region_code or await session.scalar(select(CityRow.code)) or ""
    return units_for(await session.scalars(select(Unit).where(*conditions)), place, today)


def _suggestion(route: Route, name: str, unit: Unit) -> Suggestion:
    role = TaskRole.LEAD if name == route.lead else TaskRole.CO
    holds_power = name == route.power_holder
    reasons = [f"“{route.category}”类事项由{unit.name}{'主办' if role is TaskRole.LEAD else '协办'}"]
    if holds_power:
        reasons.append("该单位有法定职权")
    if route.clause:
        reasons.append(f"依据:{route.clause}")
    kind = UnitKind(unit.kind)
    if kind not in DATED_UNIT_KINDS:
        reasons.append("不属可限期派单的单位,只宜商请或移送")
    return Suggestion(
        role=role,
        unit_id=unit.unit_id,
        name=unit.name,
        kind=kind,
        level=Level(unit.level),
        region_code=unit.region_code,
        function=unit.function or "",
        category=route.category,
        clause=route.clause,
        power_holder=holds_power,
        datable=kind in DATED_UNIT_KINDS,
        reason=";".join(reasons),
    )
