"""Whom to call in: the routing catalogue, resolved to the units that serve a region."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem
from infra.cities.routing import around, find_route, is_in_office, units_for
from infra.directory import UnknownRegionError, centres_for, units_answering
from infra.directory_tables import CityRow, Matter, Route, Unit
from workflows.contracts.ids import region_prefix
from workflows.contracts.vocabulary import DATED_UNIT_KINDS, REFERRED_UNIT_KINDS, Level, TaskRole, UnitKind

_MOST_ALTERNATIVES = 10


class RoutedUnit(BaseModel):
    """A unit and why it is named. `datable`: it can be whistled; `refer`: it is asked or referred to, undated."""

    unit_id: str
    name: str
    kind: UnitKind
    level: Level
    region_code: str
    function: str
    datable: bool
    refer: bool
    reason: str


class Suggestion(RoutedUnit):
    """A unit for a matter of this class, and who else could hold its part."""

    role: TaskRole
    category: str
    clause: str | None
    power_holder: bool
    alternatives: list[RoutedUnit]


async def suggest(session: AsyncSession, category: str, region_code: str | None, today: date) -> list[Suggestion]:
    """The lead first, then the co-units, each as the nearest valid unit upward from the region.

    The route of the deepest class counts; then one for the region before one for the city, and one for the level that
    a case from there starts at before a general one.

    Raises:
        Problem: 422 `unknown_category` or `unknown_region`.
    """
    if await session.get(Matter, category) is None:
        raise Problem.of_field("category", "unknown_category", "the city's classification has no such class")
    try:
        return (await units_by_class(session, [category], region_code, today))[category]
    except UnknownRegionError as error:
        raise Problem.of_field("region", "unknown_region", "the city has no such region") from error


async def units_by_class(
    session: AsyncSession, categories: Collection[str], region_code: str | None, today: date
) -> dict[str, list[Suggestion]]:
    """The same for each of these classes, of any depth, as far as the catalogue knows it.

    Raises:
        UnknownRegionError: if the city has no such region.
    """
    centres = await centres_for(session, region_code)
    place = await place_of(session, region_code)
    start_level = min(centres, key=lambda level: level.rank)
    routes = (await session.scalars(select(Route))).all()
    ways = {category: _way(routes, category, start_level, region_code) for category in categories}
    wanted = {name for way in ways.values() if way for name in way.names}
    units = await units_answering(session, wanted, place, today)
    functions = {unit.function for unit in units.values() if unit.function}
    same = select(Unit).where(Unit.function.in_(functions)).order_by(Unit.region_code)
    peers = [unit for unit in await session.scalars(same) if is_in_office(unit, today)]
    return {category: _by_way(way, units, peers, place) if way else [] for category, way in ways.items()}


@dataclass(frozen=True)
class _Way:
    """The route of a class and that of the class above it."""

    route: Route
    above: Route | None

    @property
    def names(self) -> list[str]:
        return [self.route.lead, *self.route.co, *([self.above.lead] if self.above else [])]


def _way(routes: Sequence[Route], category: str, level: Level, region_code: str | None) -> _Way | None:
    route = find_route(routes, category, level, region_code)
    if route is None:
        return None
    return _Way(route, find_route(routes, route.category.rpartition("/")[0], level, region_code))


def _by_way(way: _Way, units: Mapping[str, Unit], peers: Sequence[Unit], place: str) -> list[Suggestion]:
    route, above = way.route, way.above
    named = [(name, units[name]) for name in (route.lead, *route.co) if name in units]
    taken = {unit.unit_id for _, unit in named}
    suggestions = []
    for name, unit in named:
        others = _of_other_levels(unit, peers, place)
        if name == route.lead and above and above.lead in units:
            others.append((units[above.lead], f"上级分类“{above.category}”由其主办"))
        alternatives = {other.unit_id: _routed(other, why) for other, why in others if other.unit_id not in taken}
        suggestions.append(_suggestion(route, name, unit, list(alternatives.values())[:_MOST_ALTERNATIVES]))
    return suggestions


def _of_other_levels(unit: Unit, peers: Sequence[Unit], place: str) -> list[tuple[Unit, str]]:
    """Units of the same function and why: the next one above, then those of the next level down inside the place."""
    own = len(region_prefix(unit.region_code))
    areas = [
        (len(region_prefix(other.region_code)), other)
        for other in peers
        if other.function == unit.function and other.unit_id != unit.unit_id
    ]
    over = [(size, other) for size, other in areas if place.startswith(region_prefix(other.region_code)) and size < own]
    under = [
        (size, other) for size, other in areas if other.region_code.startswith(region_prefix(place)) and size > own
    ]
    above, below = max((size for size, _ in over), default=0), min((size for size, _ in under), default=0)
    return [
        *((other, "上一级的同职能单位") for size, other in over if size == above),
        *((other, "下一级的同职能单位") for size, other in under if size == below),
    ]


async def serving_units(
    session: AsyncSession, region_code: str | None, today: date, *conditions: ColumnElement[bool]
) -> list[Unit]:
    """The units that exist today and whose area holds the region, or the whole city where none is named."""
    place = await place_of(session, region_code)
    serving = select(Unit).where(Unit.region_code.in_(around(place)), *conditions)
    return units_for(await session.scalars(serving), place, today)


async def place_of(session: AsyncSession, region_code: str | None) -> str:
    """The region, or the whole city where none is named."""
    return region_code or await session.scalar(select(CityRow.code)) or ""


def _suggestion(route: Route, name: str, unit: Unit, alternatives: list[RoutedUnit]) -> Suggestion:
    role = TaskRole.LEAD if name == route.lead else TaskRole.CO
    holds_power = name == route.power_holder
    reasons = [f"“{route.category}”类事项由{unit.name}{'主办' if role is TaskRole.LEAD else '协办'}"]
    if route.region_code is not None:
        reasons.append("本区域的专门规定")
    if holds_power:
        reasons.append("该单位有法定职权")
    if route.clause:
        reasons.append(f"依据:{route.clause}")
    routed = _routed(unit, ";".join(reasons))
    return Suggestion(
        role=role,
        category=route.category,
        clause=route.clause,
        power_holder=holds_power,
        alternatives=alternatives,
        **routed.model_dump(),
    )


def _routed(unit: Unit, reason: str) -> RoutedUnit:
    kind = UnitKind(unit.kind)
    refer = kind in REFERRED_UNIT_KINDS
    return RoutedUnit(
        unit_id=unit.unit_id,
        name=unit.name,
        kind=kind,
        level=Level(unit.level),
        region_code=unit.region_code,
        function=unit.function or "",
        datable=kind in DATED_UNIT_KINDS,
        refer=refer,
        reason=f"{reason};不属可限期派单的单位,只宜商请或移送" if refer else reason,
    )
