"""Whom an emergency goes straight to, at any hour: what the routing catalogue says, without a dispatcher in between."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.cities.routing import find_route
from infra.directory import unit_ref, units_answering
from infra.directory_tables import Route
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
    named = await units_answering(session, wanted, region_code, today)
    units = {
        unit.unit_id: unit_ref(unit)
        for unit in named.values()
        if UnitKind(unit.kind) in DATED_UNIT_KINDS and unit.unit_id not in barred
    }
    lead = named.get(route.lead)
    return tuple(units.values()) if lead is not None and lead.unit_id in units else ()
