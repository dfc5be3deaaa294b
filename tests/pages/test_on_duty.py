"""Who is on duty, as the page of a case and the inbox say it."""

from datetime import UTC, datetime, timedelta

from infra.cities.pack import Presence, RosterDay
from infra.database import Sessions
from infra.rosters import enter_roster
from tests.api.calling import Callers
from tests.api.dispatching import dispatched
from tests.pages.visiting import Visitors
from workflows.contracts.vocabulary import Role
from workflows.rules.calendar import local_date


async def test_the_person_on_duty_is_named_with_each_open_task(
    visitors: Visitors, callers: Callers, sessions: Sessions
) -> None:
    today = local_date(datetime.now(UTC))
    # Two days, so that it holds though midnight passes.
    days = [RosterDay("forestry", today + timedelta(days=n), "handler-forestry", Presence.ONLINE) for n in range(2)]
    async with sessions.begin() as session:
        await enter_roster(session, days)
    case_no = await dispatched(callers, "education", lead="forestry")
    case = await visitors.dispatcher.see(f"/cases/{case_no}")
    inbox = await visitors.role(Role.HANDLER, unit="forestry").see("/units/forestry/inbox")
    assert case.text.count("（网络连通）") == 1
    assert case.text.count("（未排班，由总值班室负责）") == 1
    assert "（网络连通）" in inbox.text
