"""Where department systems take their task signals: addresses and secrets, set while they are there."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from infra.directory_tables import Unit


@dataclass(frozen=True)
class Connection:
    """A unit's own system: the URL it listens at, and the secret (`whsec_…`) that signs what it receives."""

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
