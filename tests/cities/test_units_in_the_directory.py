from datetime import time

from sqlalchemy import select

from infra.database import Sessions
from infra.directory_tables import Unit
from workflows.contracts.clocks import OfficeHours


async def test_a_unit_has_the_hours_that_the_city_file_gives_it_and_none_without(sessions: Sessions) -> None:
    chosen = select(Unit.unit_id, Unit.office_hours).where(Unit.unit_id.in_(["water_supply", "housing"]))
    async with sessions.begin() as session:
        found = {row.unit_id: row.office_hours for row in await session.execute(chosen)}

    assert found["housing"] is None
    assert OfficeHours.model_validate(found["water_supply"]).stretches == ((time(8), time(18)),)
