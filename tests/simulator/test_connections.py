from sqlalchemy import select

from infra.connectors import Connection, connect_units, disconnect_units
from infra.database import Sessions
from infra.directory_tables import Unit

ENDPOINT = "http://127.0.0.1:1/units/bus/signals"


async def _endpoint(sessions: Sessions) -> str | None:
    async with sessions() as session:
        return await session.scalar(select(Unit.endpoint).where(Unit.unit_id == "bus"))


async def test_a_connected_unit_has_an_address_until_it_is_disconnected(sessions: Sessions) -> None:
    connections = {unit_id: Connection(ENDPOINT, "whsec_c2VjcmV0") for unit_id in ("bus", "no_such_unit")}
    async with sessions.begin() as session:
        await connect_units(session, connections)
    assert await _endpoint(sessions) == ENDPOINT
    async with sessions.begin() as session:
        await disconnect_units(session, connections)
    assert await _endpoint(sessions) is None


def test_a_secret_does_not_show_in_a_representation() -> None:
    assert "c2VjcmV0" not in repr(Connection(ENDPOINT, "whsec_c2VjcmV0"))
