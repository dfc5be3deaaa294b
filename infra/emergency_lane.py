"""Whom an emergency goes straight to, at any hour: what the routing catalogue says, without a dispatcher in between."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.cities.routing import find_route, nearest_unit, units_for
from infra.directory import unit_ref
from infra.directory_tables import Route, Unit
from workflows.contracts.actors import Actor
from workflows.contracts.command import UnitRef
from workflows.contracts.vocabulary import DATED_UNIT_KINDS, Level, Role, UnitKind, Urgency

_TRUSTED = frozenset({Role.GRID_WORKER, Role.DISPATCHER, Role.SYSTEM})
"""Somebody of the city has looked at it; what a resident calls an emergency, a dispatcher looks at first."""


async def lane_of(
    session: AsyncSession,
    *,
    urgency: Urgency,
    category: str | None,
    region_code: str | None,
    level: Level,
    reporter: Actor,
    today: date,
    barred: frozenset[str],
) -> tuple[UnitRef, ...]:
    """The units to call in at once, the lead first; none unless it is an emergency whose class and place are known.

    `barred` are the ids of those that the matter is about. Without a lead that can be given dates there is no lane.
    """
    if urgency is not Urgency.EMERGENCY or reporter.role not in _TRUSTED or category is None or region_code is None:
        return ()
    route = find_route((await session.scalars(select(Route))).all(), category, level, region_code)
    if route is None:
        return ()
    wanted = [route.lead, *route.co]
    known = await session.scalars(select(Unit).where(or_(Unit.function.in_(wanted), Unit.unit_id.in_(wanted))))
    serving = units_for(known, region_code, today)
    named = {name: nearest_unit(serving, name) for name in wanted}
    units = {
        unit.unit_id: unit_ref(unit)
        for unit in named.values()
        if unit is not None and UnitKind(unit.kind) in DATED_UNIT_KINDS and unit.unit_id not in barred
    }
    lead = named[route.lead]
    return tuple(units.values()) if lead is not None and lead.unit_id in units else ()
