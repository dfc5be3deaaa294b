"""Where the systems of units take what is sent to them: addresses and secrets, set while they are there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from infra.directory_tables import Unit
from workflows.contracts.mediation.vocabulary import Outside

OUTSIDE_FUNCTIONS: Mapping[Outside, str] = {
    Outside.COURT: "court",
    Outside.PETITION_OFFICE: "petition",
    Outside.POLICE: "public_security",
    Outside.PROCURATORATE: "procuratorate",
}
"""By the authority whose system it is: the function that its units have in the directory."""


@dataclass(frozen=True)
class Connection:
    """A unit's own system: the URL it listens at, and the secret (`whsec_…`) that signs what it receives and tells."""

    endpoint: str
    secret: str = field(repr=False)


async def connect_units(session: AsyncSession, connections: Mapping[str, Connection]) -> None:
    """From now on these units, by their ids, get task signals; a unit that the city does not have is left out."""
    for unit_id, connection in connections.items():
        known = update(Unit).where(Unit.unit_id == unit_id)
        await session.execute(known.values(endpoint=connection.endpoint, secret=connection.secret))


async def disconnect_units(session: AsyncSession, unit_ids: Collection[str]) -> None:
    """From now on these units read their inbox only."""
    await session.execute(update(Unit).where(Unit.unit_id.in_(unit_ids)).values(endpoint=None, secret=None))


async def secrets_of(session: AsyncSession, system: Outside) -> dict[str, str]:
    """The secrets of an authority's connected units by their ids: each signs what it tells with its own."""
    connected = select(Unit).where(Unit.function == OUTSIDE_FUNCTIONS[system], Unit.endpoint.is_not(None))
    units = await session.scalars(connected.order_by(Unit.unit_id))
    return {unit.unit_id: unit.secret for unit in units if unit.secret is not None}
