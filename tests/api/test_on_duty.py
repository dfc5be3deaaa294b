"""A whistle names the person on duty; without a roster the general duty office in the person of its leader."""

from datetime import UTC, datetime, timedelta

from api.app import create_app
from api.server import TemporalProbe
from infra.cities.pack import Presence, RosterDay
from infra.database import Sessions
from infra.rosters import enter_roster
from infra.settings import Settings
from infra.succession import succeed
from tests.api.calling import Callers
from tests.api.dispatching import dispatched
from tests.installation import Installation
from workflows.rules.calendar import local_date

MIDNIGHT_MAY_PASS = 2
"""Days that a roster is entered for, so that it holds whenever the test runs."""


async def test_a_whistle_names_the_person_on_duty_and_how_she_takes_part(at_work: Callers, sessions: Sessions) -> None:
    await _entered(sessions, "veterans", "handler-veterans")
    case_no = await dispatched(at_work, "ethnic_religion", lead="veterans")
    shown = await at_work.dispatcher.get(f"/cases/{case_no}")
    lead, co = (task["on_duty"] for task in shown["tasks"])
    assert (lead["user_id"], lead["presence"], lead["fallback"]) == ("handler-veterans", "rotating", False)
    assert (co["user_id"], co["presence"], co["fallback"]) == ("leader-ethnic_religion", None, True)
    assert (shown["owner"]["user_id"], shown["owner"]["name"]) == ("handler-veterans", lead["name"])
    (listed,) = (await at_work.dispatcher.get("/cases", unit="veterans"))["items"]
    assert listed["owner"]["user_id"] == "handler-veterans"
    (task,) = (await at_work.handler("veterans").get("/tasks"))["items"]
    assert task["on_duty"] == lead


async def test_nobody_is_on_duty_for_a_task_that_is_over(at_work: Callers) -> None:
    case_no = await dispatched(at_work, lead="publicity")
    finished = await at_work.handler("publicity").post(f"/tasks/{case_no}-T1/finish", {"reply": "已办"})
    assert finished["tasks"][0]["on_duty"] is None
    (task,) = (await at_work.handler("publicity").get("/tasks"))["items"]
    assert (task["open"], task["on_duty"]) == (False, None)


async def test_a_unit_that_is_over_is_not_whistled_and_its_successor_is_suggested(
    empty: Installation, settings: Settings
) -> None:
    answers = TemporalProbe(empty.client).answers
    app = create_app(
        settings,
        empty.sessions,
        empty.gateway(),
        empty.mediations(),
        temporal_answers=answers,
        now=lambda: datetime.now(UTC),
    )
    dispatcher = Callers(app).dispatcher
    category, region = "城乡建设/城市建设和市政管理/燃气供应", "990102001001"
    before = await dispatcher.get("/routing", category=category, region=region)
    assert before["items"][0]["unit_id"] == "gas_supply"
    async with empty.sessions.begin() as session:
        now = datetime.now(UTC)
        await succeed(session, "gas_supply", "water_supply", on=local_date(now), by="tester", now=now)
    after = await dispatcher.get("/routing", category=category, region=region)
    assert after["items"][0]["unit_id"] == "water_supply"
    case_no = (await dispatcher.report())["case_no"]
    whistle = {"lead_unit": "gas_supply", "reason": "归燃气"}
    refused = await dispatcher.post(f"/cases/{case_no}/whistle", whistle, 422)
    (error,) = refused["errors"]
    assert (error["code"], error["field"]) == ("unit_not_valid", "lead_unit")
    assert "its successor is water_supply" in error["message"]


async def _entered(sessions: Sessions, unit_id: str, user_id: str) -> None:
    today = local_date(datetime.now(UTC))
    days = [today + timedelta(days=n) for n in range(MIDNIGHT_MAY_PASS)]
    async with sessions.begin() as session:
        await enter_roster(session, [RosterDay(unit_id, day, user_id, Presence.ROTATING) for day in days])
