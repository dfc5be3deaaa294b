"""Notices to a department's own system: at once while its offices are open, else when they open."""

from tests.activities.fake_department import Department, department
from tests.e2e.dated_case import DatedCase, clock_of, moment
from tests.installation import Installation
from tests.rules.calendar_2026 import at

# Monday the 6th of April is a holiday, so Friday's closing is followed by Tuesday's opening.
FRIDAY = at("2026-04-03T15:30")
FRIDAY_EVENING = at("2026-04-03T20:00")
OPENING = at("2026-04-07T08:30")


async def test_what_runs_out_at_closing_time_is_told_at_once(apart: Installation) -> None:
    async with department(apart.sessions) as unit:
        case = DatedCase(apart, FRIDAY)
        await case.report()
        await case.whistled(unit.unit.unit_id)
        await case.skip_to(at("2026-04-03T17:30"))
        assert moment((await case.clock("T1/sign"))["breached_at"]) == at("2026-04-03T17:30")
        dispatched, urged = await unit.signals(2)
        assert [dispatched.body["type"], urged.body["type"]] == ["task.dispatched", "task.urged"]
        assert urged.body["task_no"] == case.task_no


async def test_a_reminder_of_the_evening_arrives_when_the_offices_open_after_the_holiday(apart: Installation) -> None:
    async with department(apart.sessions) as unit:
        case = await _signed(apart, unit)
        await case.skip_to(FRIDAY_EVENING)
        await case.does("urge", note="请抓紧")
        await case.skip_to(at("2026-04-07T08:29"))
        assert _types(unit) == ["task.dispatched"]
        await case.skip_to(OPENING)
        await unit.signals(2)
        assert _types(unit) == ["task.dispatched", "task.urged"]


async def test_a_task_that_is_finished_before_the_opening_gets_no_notice(apart: Installation) -> None:
    async with department(apart.sessions) as unit:
        case = await _signed(apart, unit)
        await case.skip_to(FRIDAY_EVENING)
        await case.does("urge", note="请抓紧")
        await case.callers.handler(unit.unit.unit_id).post(f"/tasks/{case.task_no}/finish", {"reply": "已修好"})
        assert len(await case.said("effect_lapsed")) == 1
        await case.skip_to(OPENING)
        assert _types(unit) == ["task.dispatched"]


async def test_an_emergency_is_told_at_night(apart: Installation) -> None:
    async with department(apart.sessions) as unit:
        case = DatedCase(apart, FRIDAY_EVENING)
        await case.report(kind="hazard", urgency="emergency")
        sign = clock_of(await case.whistled(unit.unit.unit_id), "T1/sign")
        assert moment(sign["due_at"]) == at("2026-04-03T20:10")
        await case.skip_to(at("2026-04-03T20:10"))
        await unit.signals(2)
        assert _types(unit) == ["task.dispatched", "task.urged"]


async def _signed(apart: Installation, unit: Department) -> DatedCase:
    case = DatedCase(apart, FRIDAY)
    await case.report()
    await case.signed(unit.unit.unit_id)
    await unit.signals(1)
    return case


def _types(unit: Department) -> list[str]:
    return [signal.body["type"] for signal in unit.received]
