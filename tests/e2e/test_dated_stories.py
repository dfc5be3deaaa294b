"""Stories on the working calendar of 2026, to the minute, as people see them through the interface."""

from datetime import date

import pytest

from tests.e2e.dated_case import DatedCase, clock_of, moment
from tests.installation import Installation
from tests.rules.calendar_2026 import at
from workflows.contracts.vocabulary import Role

WAGES = "劳动和社会保障/工资福利/工资发放"
MEDICAL = "卫生计生/医患纠纷/医疗事故争议"


async def test_a_request_before_the_festival_has_five_working_days(apart: Installation) -> None:
    case = DatedCase(apart, at("2026-02-13T16:40"))
    citizen = clock_of(await case.report(), "citizen")
    assert (citizen["limit"], moment(citizen["due_at"])) == ("5 working_days from registered", at("2026-02-27T17:30"))
    days = await case.days("citizen")
    assert days["counted"] == [date(2026, 2, 14), *(date(2026, 2, day) for day in range(24, 28))]
    await case.whistled()
    await case.callers.handler().post(f"/tasks/{case.task_no}/report-in")
    await case.skip_to(at("2026-02-27T17:29"))
    shown = await case.shown()
    citizen = clock_of(shown, "citizen")
    # Four fifths of its office time were over then, ten minutes before closing.
    assert (moment(citizen["warned_at"]), citizen["breached_at"]) == (at("2026-02-26T17:20"), None)
    assert ("due_soon" in shown["flags"], "overdue" in shown["flags"]) == (True, False)
    await case.skip_to(at("2026-02-27T17:30"))
    shown = await case.shown()
    assert moment(clock_of(shown, "citizen")["breached_at"]) == at("2026-02-27T17:30")
    assert "overdue" in shown["flags"]


async def test_a_missing_manhole_cover_waits_for_no_holiday(apart: Installation) -> None:
    case = DatedCase(apart, at("2026-02-17T21:10"))
    shown = await case.report(kind="hazard", urgency="emergency", title="井盖缺失")
    await case.signed()
    citizen = clock_of(shown, "citizen")
    assert (citizen["limit"], moment(citizen["due_at"])) == ("2 hours from registered", at("2026-02-17T23:10"))
    assert (await case.days("citizen"))["counted"] == [date(2026, 2, 17)]
    await case.skip_to(at("2026-02-17T23:10"))
    overdue = await case.clock("citizen")
    assert (moment(overdue["warned_at"]), moment(overdue["breached_at"])) == (
        at("2026-02-17T22:46"),
        at("2026-02-17T23:10"),
    )
    assert (overdue["next_rung"], moment(overdue["next_at"])) == ("supervise", at("2026-02-17T23:25"))


async def test_a_petition_that_arrives_before_the_festival_is_decided_on_the_day_after_it(apart: Installation) -> None:
    case = DatedCase(apart, at("2026-02-06T10:00"))
    shown = await case.report(source="petition")
    for name in ("notice", "accept"):
        clock = clock_of(shown, name)
        assert (clock["limit"], clock["raw_due_date"]) == ("15 calendar_days from registered", "2026-02-21")
        assert (clock["due_date"], moment(clock["due_at"])) == ("2026-02-24", at("2026-02-25T00:00"))
        days = await case.days(name)
        assert (len(days["counted"]), days["rolled"]) == (15, [date(2026, 2, 22), date(2026, 2, 23), date(2026, 2, 24)])


async def test_a_petition_is_given_thirty_days_more_by_its_approver(apart: Installation) -> None:
    case = DatedCase(apart, at("2026-03-02T09:00"))
    before = await case.report(source="petition")
    finish = clock_of(await case.signed(), "T1/finish")
    assert (finish["limit"], finish["raw_due_date"]) == ("60 calendar_days from accepted", "2026-05-01")
    assert moment(finish["due_at"]) == at("2026-05-07T00:00")
    assert len((await case.days("T1/finish"))["counted"]) == 60

    await case.skip_to(at("2026-03-31T10:00"))
    handler = case.callers.handler()
    body = {"until": "2026-05-31", "reason": "案情复杂"}
    asked = await handler.post(f"/tasks/{case.task_no}/request-extension", body)
    assert [request["approver"] for request in asked["extension_requests"]] == ["supervisor"]
    assert moment(clock_of(asked, "extension")["due_at"]) == at("2026-03-31T15:30")
    decision = {"task_no": case.task_no, "granted": True, "reason": "同意"}
    refused = await case.dispatcher.post(f"/cases/{case.case_no}/extension-decision", decision, 409)
    assert refused["code"] == "not_the_approver"
    granted = await case.callers.role(Role.SUPERVISOR).post(f"/cases/{case.case_no}/extension-decision", decision)

    finish = clock_of(granted, "T1/finish")
    assert (finish["extended_by"], finish["raw_due_date"], finish["due_date"]) == (30, "2026-05-31", "2026-06-01")
    assert moment(finish["due_at"]) == at("2026-06-02T00:00")
    assert len((await case.days("T1/finish"))["counted"]) == 90
    assert clock_of(before, "citizen")["raw_due_date"] == "2026-05-16"
    citizen = clock_of(granted, "citizen")
    assert (citizen["raw_due_date"], citizen["due_date"]) == ("2026-06-15", "2026-06-15")
    assert len((await case.days("citizen"))["counted"]) == 75 + 30
    own = await case.tracked()
    assert own["promise"]["due_date"] == "2026-06-15"
    assert [(told["about"], told["due_date"], moment(told["at"])) for told in own["told"]] == [
        ("extended", "2026-06-15", at("2026-03-31T10:00"))
    ]


async def test_a_whistle_at_closing_time_is_to_be_signed_at_the_next_opening(apart: Installation) -> None:
    case = DatedCase(apart, at("2026-05-15T17:10"))
    await case.report()
    sign = clock_of(await case.whistled(preset="whistle_standard"), "T1/sign")
    assert (sign["limit"], sign["raw_due_date"]) == ("1 hours office_start from dispatched", "2026-05-15")
    assert moment(sign["due_at"]) == at("2026-05-18T08:30")
    assert (await case.days("T1/sign"))["rolled"] == [date(2026, 5, day) for day in (16, 17, 18)]


@pytest.mark.parametrize(
    ("unit", "dispatched", "sign_due", "finish_due"),
    [
        ("heating", "2026-03-06T18:30", "2026-03-09T08:00", "2026-03-13T20:00"),
        ("housing", "2026-03-06T18:30", "2026-03-09T10:30", "2026-03-13T17:30"),
        ("heating", "2026-04-17T16:30", "2026-04-20T09:30", "2026-04-24T17:30"),
    ],
)
async def test_a_unit_works_by_its_own_hours_and_seasons(
    apart: Installation, unit: str, dispatched: str, sign_due: str, finish_due: str
) -> None:
    case = DatedCase(apart, at(dispatched))
    await case.report()
    shown = await case.whistled(unit)
    assert moment(clock_of(shown, "T1/sign")["due_at"]) == at(sign_due)
    assert moment(clock_of(shown, "T1/finish")["due_at"]) == at(finish_due)


async def test_a_suspension_that_nobody_ends_ends_by_itself(apart: Installation) -> None:
    case = DatedCase(apart, at("2026-03-02T10:00"))
    await case.report(category=MEDICAL)
    finish = clock_of(await case.signed("health"), "T1/finish")
    # Thirty working days from 2 March, with 6 April off.
    assert (finish["limit"], moment(finish["due_at"])) == ("30 working_days", at("2026-04-14T17:30"))

    await case.skip_to(at("2026-03-03T10:00"))
    suspended = await case.does("suspend", ground="medical_appraisal", until="2026-03-08", reason="等鉴定结论")
    assert "suspended" in suspended["flags"]
    assert moment(clock_of(suspended, "T1/finish")["due_at"]) == at("2026-04-20T17:30")
    assert (await case.tracked())["suspended"] is True

    # A Sunday is over like any other day.
    await case.skip_to(at("2026-03-09T00:00"))
    resumed = await case.shown()
    assert "suspended" not in resumed["flags"]
    (entry,) = resumed["pauses"]["entries"]
    assert (entry["ground"], entry["clocks"]) == ("medical_appraisal", ["T1/finish"])
    assert moment(entry["since"]) == at("2026-03-03T10:00")
    assert moment(entry["until"]) == moment(entry["resumed_at"]) == at("2026-03-09T00:00")
    assert entry["days"] == resumed["pauses"]["total_days"] == 6
    assert moment(clock_of(resumed, "T1/finish")["due_at"]) == at("2026-04-20T17:30")
    assert (await case.days("T1/finish"))["paused"] == [date(2026, 3, day) for day in range(3, 9)]
    assert [moment(s["at"]) for s in await case.said("case_resumed")] == [at("2026-03-09T00:00")]
    assert (await case.tracked())["suspended"] is False


async def test_a_promise_that_is_not_kept_is_overdue_at_its_date(apart: Installation) -> None:
    case = DatedCase(apart, at("2026-03-02T10:00"))
    await case.report()
    await case.signed()
    body = {"measures": "本周更换整条线路", "date": "2026-03-06"}
    committed = await case.callers.handler().post(f"/cases/{case.case_no}/commit", body)
    assert moment(clock_of(committed, "commitment")["due_at"]) == at("2026-03-07T00:00")
    # No clock stops for a promise.
    assert moment(clock_of(committed, "citizen")["due_at"]) == at("2026-03-09T17:30")
    own = await case.tracked()
    assert [(told["about"], told["due_date"], told["text"]) for told in own["told"]] == [
        ("committed", "2026-03-06", "本周更换整条线路")
    ]
    await case.skip_to(at("2026-03-07T00:00"))
    commitment = await case.clock("commitment")
    assert moment(commitment["breached_at"]) == at("2026-03-07T00:00")


async def test_an_interim_reply_meets_the_requesters_clock_and_the_statutory_one_runs_on(apart: Installation) -> None:
    case = DatedCase(apart, at("2026-03-02T10:00"))
    await case.report(category=WAGES)
    finish = clock_of(await case.signed("human_resources"), "T1/finish")
    # Sixty working days from 2 March: 6 April and 1, 4 and 5 May are off, 9 May is worked.
    assert (finish["limit"], moment(finish["due_at"])) == ("60 working_days", at("2026-05-28T17:30"))
    await case.skip_to(at("2026-03-05T10:00"))
    body = {"procedure": "劳动监察立案调查", "legal_due": "2026-05-28"}
    handler = case.callers.handler("human_resources")
    replied = await handler.post(f"/cases/{case.case_no}/interim-reply", body)
    assert moment(clock_of(replied, "citizen")["met_at"]) == at("2026-03-05T10:00")
    assert moment(clock_of(replied, "T1/finish")["due_at"]) == at("2026-05-28T17:30")
    (told,) = (await case.tracked())["told"]
    assert (told["about"], told["due_date"], told["text"]) == ("interim_reply", "2026-05-28", "劳动监察立案调查")
    await case.skip_to(at("2026-05-28T17:30"))
    shown = await case.shown()
    assert moment(clock_of(shown, "T1/finish")["breached_at"]) == at("2026-05-28T17:30")
    assert clock_of(shown, "citizen")["breached_at"] is None
