"""Whom an emergency goes straight to."""

from datetime import UTC, date, datetime

from infra.emergency_lane import lane_of
from infra.succession import succeed
from tests.driving import DISPATCHER
from tests.installation import Installation
from workflows.contracts.vocabulary import Level, Urgency

CATEGORY = "城乡建设/安全生产/安全隐患"
COUNTY = "990102000000"
MONDAY, SUNDAY = date(2026, 3, 2), date(2026, 3, 1)


async def _lane(place: Installation, today: date) -> list[str]:
    async with place.sessions() as session:
        lane = await lane_of(
            session,
            urgency=Urgency.EMERGENCY,
            category=CATEGORY,
            region_code=COUNTY,
            level=Level.COUNTY,
            reporter=DISPATCHER,
            today=today,
            barred=frozenset(),
        )
    return [unit.unit_id for unit in lane]


async def test_a_lead_that_was_succeeded_has_its_successor_called_in(empty: Installation) -> None:
    assert await _lane(empty, MONDAY) == ["emergency_management", "housing-990102"]
    async with empty.sessions.begin() as session:
        now = datetime(2026, 3, 2, 4, tzinfo=UTC)
        await succeed(session, "emergency_management", "transport", on=MONDAY, by="tester", now=now)
    assert await _lane(empty, SUNDAY) == ["emergency_management", "housing-990102"]
    assert await _lane(empty, MONDAY) == ["transport", "housing-990102"]
