"""Reminders and notices of the ladder wait for the unit's offices to open; task signals, and emergencies, do not."""

from datetime import time
from typing import Any

import pytest

from tests.rules.case_builder import (
    CASE_NO,
    EMERGENCY,
    POLICY,
    REQUESTER,
    WORDS,
    CaseBuilder,
    department,
    kinds,
    local,
    registered,
    signals,
)
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.clocks import Limit, OfficeHours
from workflows.contracts.effects import DeliverTask, SignalType
from workflows.contracts.policy import ClockPolicy
from workflows.contracts.vocabulary import TASK_CLOCKS, Urgency
from workflows.rules.ladder import next_moment

EVENING = "2026-03-02T17:25"
"""A unit that is whistled now has ten minutes to sign, an hour to report in and two to finish: all after hours."""
OPENING = "2026-03-03T08:30"

Notice = tuple[SignalType, str | None, str | None]


def at_work(moment: str = EVENING, **fields: Any) -> CaseBuilder:
    """Whistled at that moment with limits in minutes, to a unit with a system of its own."""
    return registered(moment, **fields).whistled(connected=True, preset="emergency")


def notices(case: CaseBuilder) -> list[Notice]:
    """The task signals asked for in the last step: type, clock, and the moment each waits for."""
    effects = [event.effect for event in case.happened if isinstance(event, e.EffectRequested)]
    delivered = [effect for effect in effects if isinstance(effect, DeliverTask)]
    return [(effect.signal, effect.clock_id, local(effect.not_before)) for effect in delivered]


def waiting(case: CaseBuilder) -> list[str | None]:
    """What the pending signals wait for."""
    return [local(waits) for pending in case.state.pending_effects if (waits := pending.waits(case.now))]


def urged(case: CaseBuilder) -> CaseBuilder:
    """A reminder by hand to every unit at work."""
    return case.does(c.Urge, note=WORDS)


def test_a_notice_after_hours_waits_for_the_next_opening() -> None:
    case = at_work().at("2026-03-02T17:35")
    assert notices(case) == [(SignalType.URGED, "T1/sign", OPENING)]
    assert waiting(case) == [OPENING]
    assert waiting(case.at("2026-03-03T08:29")) != []
    assert waiting(case.at(OPENING)) == []


def test_task_signals_go_at_once() -> None:
    assert notices(at_work()) == [(SignalType.DISPATCHED, None, None)]
    case = at_work().at("2026-03-02T20:00").does(c.Withdraw, by=REQUESTER, reason=WORDS)
    assert notices(case) == [(SignalType.CANCELLED, None, None)]
    failed = at_work().at("2026-03-02T20:00").finished().verified(passed=False)
    assert notices(failed) == [(SignalType.CHANGED, None, None)]


def test_a_notice_inside_office_hours_goes_at_once() -> None:
    assert notices(at_work("2026-03-02T09:00").at("2026-03-02T09:10")) == [(SignalType.URGED, "T1/sign", None)]


def test_at_noon_it_waits_for_the_afternoon() -> None:
    case = at_work("2026-03-02T11:55").at("2026-03-02T12:05")
    assert notices(case) == [(SignalType.URGED, "T1/sign", "2026-03-02T13:30")]


def test_over_a_holiday_it_waits_for_the_first_working_day() -> None:
    case = at_work("2026-04-30T17:25").at("2026-04-30T17:35")
    assert notices(case) == [(SignalType.URGED, "T1/sign", "2026-05-06T08:30")]


def test_supervision_and_escalation_wait_as_well() -> None:
    case = at_work(policy=EMERGENCY).at("2026-03-02T17:35")
    assert notices(case.at("2026-03-02T17:50")) == [(SignalType.SUPERVISED, "T1/sign", OPENING)]
    assert notices(case.at("2026-03-02T17:50").at("2026-03-02T18:05")) == [(SignalType.SUPERVISED, "T1/sign", OPENING)]


@pytest.mark.parametrize(
    ("noticed", "not_before"),
    [
        ("2026-03-09T17:30", None),
        ("2026-03-09T17:30:59", None),
        ("2026-03-09T17:31", "2026-03-10T08:30"),
    ],
)
def test_what_is_due_at_closing_time_is_said_at_closing_time(
    given: CaseBuilder, noticed: str, not_before: str | None
) -> None:
    case = given.whistled(connected=True).reported_in().at("2026-03-09T17:29").at(noticed)
    assert notices(case) == [(SignalType.URGED, "T1/finish", not_before)]


def test_a_unit_is_reminded_in_its_own_hours() -> None:
    late = OfficeHours(stretches=((time(10), time(12)), (time(14), time(20))))
    unit = department("night-desk", connected=True).model_copy(update={"office": late})
    accepted = registered("2026-03-02T17:25").accepted()
    case = accepted.does(c.Whistle, lead=unit, preset="emergency", reason=WORDS)
    assert notices(case.at("2026-03-02T17:35")) == [(SignalType.URGED, "T1/sign", None)]
    assert notices(urged(case.at("2026-03-02T20:01"))) == [(SignalType.URGED, None, "2026-03-03T10:00")]


def test_a_reminder_by_hand_waits_too() -> None:
    case = urged(at_work().reported_in().at("2026-03-02T18:00"))
    assert notices(case) == [(SignalType.URGED, None, OPENING)]
    assert notices(urged(case.at("2026-03-03T09:00"))) == [(SignalType.URGED, None, None)]


def test_an_emergency_knows_no_office_hours() -> None:
    case = at_work(urgency=Urgency.EMERGENCY).at("2026-03-02T17:35")
    assert notices(case) == [(SignalType.URGED, "T1/sign", None)]
    assert notices(urged(case)) == [(SignalType.URGED, None, None)]


def test_limits_in_seconds_know_no_office_hours() -> None:
    seconds = {name: ClockPolicy(limit=Limit.parse("20 seconds"), source="[default] rehearsal") for name in TASK_CLOCKS}
    policy = POLICY.model_copy(update={"task_presets": POLICY.task_presets | {"rehearsal": seconds}})
    case = registered("2026-03-02T21:00", policy=policy).whistled(connected=True, preset="rehearsal")
    overdue = case.at("2026-03-02T21:00:20")
    assert [(signal, waits) for signal, _, waits in notices(overdue)] == [(SignalType.URGED, None)]
    assert notices(urged(overdue)) == [(SignalType.URGED, None, None)]


def test_a_notice_lapses_when_the_step_it_asks_for_is_made() -> None:
    case = at_work().at("2026-03-02T17:35").at("2026-03-02T18:00").signed()
    assert "effect_lapsed" in kinds(case.happened)
    assert waiting(case) == []
    assert case.clock("T1/report_in").is_open


def test_a_notice_about_another_step_does_not_lapse_with_it() -> None:
    case = at_work().at("2026-03-02T17:35").at("2026-03-02T18:25")
    assert waiting(case) == [OPENING, OPENING]
    signed = case.signed()
    (left,) = [pending.effect for pending in signed.state.pending_effects if pending.waits(signed.now)]
    assert isinstance(left, DeliverTask)
    assert left.clock_id == "T1/report_in"


def test_a_reminder_by_hand_lapses_when_the_unit_is_done() -> None:
    case = urged(at_work().at("2026-03-02T18:00")).signed()
    assert waiting(case) == [OPENING]
    assert waiting(case.finished()) == []


def test_what_waits_lapses_with_its_task() -> None:
    case = urged(at_work().at("2026-03-02T18:00"))
    ended = case.does(c.Withdraw, by=REQUESTER, reason=WORDS)
    assert waiting(ended) == []
    assert [effect.effect.id for effect in ended.state.pending_effects] != []
    with_co = registered(EVENING).whistled("water", connected=True, preset="emergency").at("2026-03-02T17:35")
    released = urged(with_co).does(c.Release, task_no=f"{CASE_NO}-T2", reason=WORDS)
    assert kinds(released.happened).count("effect_lapsed") == 2
    assert waiting(released) == [OPENING, OPENING]


def test_a_notice_that_may_be_on_its_way_does_not_lapse() -> None:
    case = at_work().at("2026-03-02T17:35").at(OPENING).signed()
    assert "effect_lapsed" not in kinds(case.happened)


def test_after_an_outage_a_notice_waits_only_if_the_offices_are_closed_then() -> None:
    asleep = at_work()
    in_the_night = asleep.at("2026-03-02T23:00", outage=True).noticed()
    assert [waits for _, _, waits in notices(in_the_night)] == [OPENING]
    in_the_morning = asleep.at("2026-03-03T09:00", outage=True).noticed()
    assert [waits for _, _, waits in notices(in_the_morning)] == [None]


def test_a_case_under_the_first_rules_is_notified_at_once_as_ever() -> None:
    case = at_work(rules_version=1).at("2026-03-02T17:35")
    assert notices(case) == [(SignalType.URGED, None, None)]
    assert notices(urged(case)) == [(SignalType.URGED, None, None)]
    renewed = case.in_a_new_run()
    assert [waits for _, _, waits in notices(renewed.at("2026-03-02T18:25"))] == [OPENING]


def test_the_case_wakes_up_for_a_clock_or_for_an_opening_whichever_is_first(given: CaseBuilder) -> None:
    assert next_moment(given.state, given.now) == given.clock("accept").next_at
    case = at_work().at("2026-03-02T17:35")
    soon = case.clock("T1/report_in").next_at
    assert next_moment(case.state, case.now) == soon
    done = urged(registered(EVENING).whistled(connected=True).reported_in().at("2026-03-02T18:00"))
    assert local(next_moment(done.state, done.now)) == OPENING
    assert local(next_moment(done.state, done.at(OPENING).now)) != OPENING


def test_a_unit_without_a_system_of_its_own_has_nothing_to_wait_for() -> None:
    case = registered(EVENING).whistled(preset="emergency").at("2026-03-02T17:35")
    assert signals(case.happened) == []
    assert case.clock("T1/sign").breached_at is not None
