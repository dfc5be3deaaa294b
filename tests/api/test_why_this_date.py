"""Why this date? The days behind a clock, and one date worked out."""

from collections import Counter
from typing import Any

import pytest

from tests.api.calling import Callers
from workflows.contracts.vocabulary import Role

FRIDAY = "2026-02-13T16:40:00+08:00"


async def test_a_clock_shows_the_days_that_it_counted(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    case = f"/cases/{(await dispatcher.report())['case_no']}"
    await dispatcher.post(f"{case}/accept")
    shown = await dispatcher.get(f"{case}/days", clock="citizen")
    verdicts = Counter(day["verdict"] for day in shown["days"])
    assert (shown["explained"], shown["left_out"], verdicts["counted"]) == (True, 0, 5)
    assert shown["days"][-1]["date"] == shown["clock"]["due_date"]
    unknown = await dispatcher.get(f"{case}/days", 404, clock="T9/finish")
    assert unknown["code"] == "not_found"
    assert (await dispatcher.get(f"{case}/days", 422))["errors"][0]["field"] == "clock"
    await at_work.handler().get(f"{case}/days", 404, clock="citizen")


@pytest.mark.parametrize("unit", ["housing", "water_supply", "heating"])
async def test_a_task_is_reckoned_in_its_units_own_hours(at_work: Callers, unit: str) -> None:
    dispatcher = at_work.dispatcher
    case = f"/cases/{(await dispatcher.report())['case_no']}"
    await dispatcher.post(f"{case}/accept")
    await dispatcher.post(f"{case}/whistle", {"lead_unit": unit, "reason": "x"})
    for clock in ("T1/sign", "T1/finish"):
        assert (await dispatcher.get(f"{case}/days", clock=clock))["explained"] is True


async def test_a_date_that_was_named_is_not_explained_by_counting(at_work: Callers) -> None:
    dispatcher = at_work.dispatcher
    registered = await dispatcher.report(category="卫生计生/医患纠纷/其他")
    case = f"/cases/{registered['case_no']}"
    await dispatcher.post(f"{case}/accept")
    whistled = await dispatcher.post(f"{case}/whistle", {"lead_unit": "health", "reason": "x"})
    (finish,) = [clock for clock in whistled["clocks"] if clock["id"] == "T1/finish"]
    # The next day off after the limit's own end, so that counting and naming differ.
    days = (await dispatcher.get("/deadline", start=finish["started_at"], limit="60 working_days"))["days"]
    day_off = next(day["date"] for day in days[20:] if day["verdict"] == "skipped")
    body = {"ground": "medical_appraisal", "until": day_off, "reason": "x"}
    await dispatcher.post(f"{case}/suspend", body)
    shown = await dispatcher.get(f"{case}/days", clock="suspension")
    assert (shown["explained"], shown["days"], shown["clock"]["due_date"]) == (False, [], day_off)


@pytest.mark.parametrize(
    ("start", "limit", "due_at", "due_date", "raw_due_date"),
    [
        (FRIDAY, "5 working_days", "2026-02-27T09:30:00Z", "2026-02-27", "2026-02-27"),
        ("2026-02-17T13:10:00Z", "2 hours", "2026-02-17T15:10:00Z", "2026-02-17", "2026-02-17"),
        ("2026-02-06T10:00:00+08:00", "15 calendar_days", "2026-02-24T16:00:00Z", "2026-02-24", "2026-02-21"),
        ("2026-05-15T17:10:00+08:00", "1 hours office_start", "2026-05-18T00:30:00Z", "2026-05-18", "2026-05-15"),
    ],
)
async def test_a_date_is_worked_out_on_the_citys_calendar(
    callers: Callers, start: str, limit: str, due_at: str, due_date: str, raw_due_date: str
) -> None:
    shown = await callers.handler().get("/deadline", start=start, limit=limit)
    assert (shown["due_at"], shown["due_date"], shown["raw_due_date"]) == (due_at, due_date, raw_due_date)
    assert shown["days"][-1]["date"] == due_date
    assert shown["calendar_version"] >= 1


async def test_extension_and_pauses_are_reckoned_in(callers: Callers) -> None:
    reader = callers.role(Role.AUDITOR)
    asked = {"start": "2026-03-02T09:00:00+08:00", "limit": "60 calendar_days"}
    extended = await reader.get("/deadline", **asked, extended_by=30)
    assert (extended["raw_due_date"], extended["due_date"]) == ("2026-05-31", "2026-06-01")
    pauses = ["2026-03-09T10:00:00+08:00/2026-03-10T10:00:00+08:00", "2026-03-12T10:00:00Z/2026-03-12T11:00:00Z"]
    paused = await reader.get("/deadline", **asked, pause=pauses)
    assert [day["date"] for day in paused["days"] if day["verdict"] == "paused"] == [
        "2026-03-09",
        "2026-03-10",
        "2026-03-12",
    ]
    assert paused["raw_due_date"] == "2026-05-04"


async def test_a_long_strip_is_cut_and_says_so(callers: Callers) -> None:
    shown = await callers.dispatcher.get("/deadline", start=FRIDAY, limit="3 years")
    assert (len(shown["days"]), shown["left_out"]) == (800, 297)


async def test_ten_years_are_worked_out_even_if_the_last_day_rolls(callers: Callers) -> None:
    shown = await callers.dispatcher.get("/deadline", start="2026-03-01T08:00:00+08:00", limit="10 years")
    assert (shown["raw_due_date"], shown["due_date"]) == ("2036-03-01", "2036-03-03")


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"start": "2026-02-13T16:40:00"}, "offset_missing", "start"),
        ({"start": "2026-02-13T16:40:00 08:00"}, "offset_unreadable", "start"),
        ({"start": "Friday"}, "not_a_time", "start"),
        ({"start": "1999-12-31T10:00:00Z"}, "outside_the_calendar", "start"),
        ({"start": "2150-01-04T10:00:00Z"}, "outside_the_calendar", "start"),
        ({"limit": "11 years"}, "outside_the_calendar", "limit"),
        ({"limit": "999999 working_days"}, "outside_the_calendar", "limit"),
        ({"limit": "60000 working_hours"}, "outside_the_calendar", "limit"),
        ({"limit": "2600 working_days"}, "outside_the_calendar", "limit"),
        ({"limit": "119 months", "extended_by": 40}, "outside_the_calendar", "limit"),
        ({"limit": "0 working_days"}, "limit_not_valid", "limit"),
        ({"limit": "5 fortnights"}, "limit_not_valid", "limit"),
        ({"pause": "2026-03-02T09:00:00Z"}, "pause_not_valid", "pause.0"),
        ({"pause": "2026-03-02T09:00:00Z/soon"}, "not_a_time", "pause.0"),
        ({"pause": "2026-03-02T09:00:00Z/2026-03-01T09:00:00Z"}, "pause_not_valid", "pause.0"),
        (
            {"pause": ["2026-03-02T09:00:00Z/2026-03-05T09:00:00Z", "2026-03-04T09:00:00Z/2026-03-06T09:00:00Z"]},
            "pauses_overlap",
            "pause",
        ),
        ({"pause": "2026-02-20T09:00:00Z/2199-03-05T09:00:00Z"}, "outside_the_calendar", "pause"),
        ({"pause": "1950-02-20T09:00:00Z/1950-03-05T09:00:00Z"}, "outside_the_calendar", "pause"),
        ({"pause": "2026-02-20T09:00:00Z/2036-02-12T09:00:00Z"}, "outside_the_calendar", "limit"),
        ({"extended_by": -1}, "not_valid", "extended_by"),
    ],
)
async def test_what_cannot_be_worked_out_is_one_clear_line(
    callers: Callers, wrong: dict[str, Any], code: str, field: str
) -> None:
    asked = {"start": FRIDAY, "limit": "5 working_days"} | wrong
    refused = await callers.dispatcher.get("/deadline", 422, **asked)
    assert (refused["code"], refused["errors"][0]["field"]) == (code, field)


async def test_dates_are_worked_out_for_staff(callers: Callers) -> None:
    asked = {"start": FRIDAY, "limit": "5 working_days"}
    await callers.role(Role.REQUESTER).get("/deadline", 403, **asked)
    await callers.nobody().get("/deadline", 401, **asked)
