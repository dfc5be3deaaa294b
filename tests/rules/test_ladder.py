"""What follows when nobody does what is owed: warned, urged, supervised, one level up, and so on to the top."""

import pytest

from tests.rules.case_builder import (
    CENTRES,
    EMERGENCY,
    POLICY,
    WORDS,
    CaseBuilder,
    kinds,
    local,
    registered,
    signals,
)
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.clocks import Limit
from workflows.contracts.effects import SignalType
from workflows.contracts.policy import CasePolicy, ClockPolicy, Ladder
from workflows.contracts.vocabulary import CaseStatus, ClockName, Level


def _accepting_within(policy: CasePolicy, limit: str, **others: object) -> CasePolicy:
    """The policy with another limit to accept a case."""
    accept = ClockPolicy(limit=Limit.parse(limit), source="[default] test")
    return policy.model_copy(update={"case_limits": policy.case_limits | {ClockName.ACCEPT: accept}, **others})


REHEARSAL = _accepting_within(
    POLICY,
    "80 seconds",
    ladder=Ladder.model_validate(
        {"supervise_after": "3 seconds", "escalate_after": "6 seconds", "top_urge_every": "3 seconds"}
    ),
)


def levels(case: CaseBuilder) -> list[tuple[str | None, Level]]:
    """When the case went up in the last step, and to which level."""
    return [(local(r.at), r.event.to_level) for r in case.news if isinstance(r.event, e.Escalated)]


def repetitions(case: CaseBuilder) -> list[int]:
    """How often each reminder at the top of the last step stands for."""
    return [event.times for event in case.happened if isinstance(event, e.RungReached)]


def test_a_clock_is_warned_of_urged_supervised_and_escalated_in_working_time(given: CaseBuilder) -> None:
    case = given.at("2026-03-05T09:00")
    assert case.rungs == [
        ("03-02T13:42", "accept", "due_soon"),
        ("03-02T14:30", "accept", "urge"),
        ("03-03T17:30", "accept", "supervise"),
        ("03-04T17:30", "accept", "escalate"),
    ]
    assert levels(case) == [("2026-03-04T17:30", Level.TOWNSHIP)]
    assert local(case.clock("accept").warned_at) == "2026-03-02T13:42"
    assert local(case.clock("accept").breached_at) == "2026-03-02T14:30"


def test_weekends_and_holidays_do_not_move_a_case_up() -> None:
    case = registered("2026-04-03T16:00").at("2026-04-09T09:00")
    assert case.rungs[1:] == [
        ("04-07T11:00", "accept", "urge"),
        ("04-08T17:30", "accept", "supervise"),
    ]


def test_an_emergency_climbs_in_minutes_at_all_hours() -> None:
    case = registered("2026-03-07T23:00", policy=EMERGENCY).at("2026-03-07T23:45")
    assert case.rungs == [
        ("03-07T23:08", "accept", "due_soon"),
        ("03-07T23:10", "accept", "urge"),
        ("03-07T23:25", "accept", "supervise"),
        ("03-07T23:40", "accept", "escalate"),
    ]


def test_a_day_limit_that_ends_at_midnight_is_supervised_at_the_end_of_the_next_working_day() -> None:
    case = registered(policy=_accepting_within(POLICY, "3 calendar_days")).at("2026-03-07T00:00")
    assert [rung for rung in case.rungs if rung[1] == "accept"][1:] == [
        ("03-06T00:00", "accept", "urge"),
        ("03-06T17:30", "accept", "supervise"),
    ]


def test_minutes_of_the_ladder_count_from_the_very_due_time_of_a_day_limit() -> None:
    assert registered(policy=_accepting_within(EMERGENCY, "3 calendar_days")).at("2026-03-06T00:30").rungs[-2:] == [
        ("03-06T00:15", "accept", "supervise"),
        ("03-06T00:30", "accept", "escalate"),
    ]


def test_a_case_that_nobody_touches_climbs_to_the_city_level_by_level(given: CaseBuilder) -> None:
    case = given.at("2026-03-26T09:00")
    assert levels(case) == [
        ("2026-03-04T17:30", Level.TOWNSHIP),
        ("2026-03-11T17:30", Level.COUNTY),
        ("2026-03-18T17:30", Level.CITY),
    ]
    assert case.state.centre == "centre-city"
    assert local(case.clock("level#3").due_at) == "2026-03-23T17:30"
    assert case.armed == {"citizen", "accept", "level#3"}


def test_clocks_that_run_out_at_one_level_take_the_case_up_once(given: CaseBuilder) -> None:
    case = given.whistled(preset="emergency").at("2026-03-05T09:00")
    assert [rung for rung in case.rungs if rung[2] == "escalate"] == [
        ("03-04T17:30", "T1/finish", "escalate"),
        ("03-04T17:30", "T1/report_in", "escalate"),
        ("03-04T17:30", "T1/sign", "escalate"),
    ]
    assert levels(case) == [("2026-03-04T17:30", Level.TOWNSHIP)]


def test_a_level_without_a_centre_is_passed_over() -> None:
    case = registered(
        level=Level.TOWNSHIP, centres={level: CENTRES[level] for level in (Level.TOWNSHIP, Level.CITY)}
    ).at("2026-03-05T09:00")
    assert levels(case) == [("2026-03-04T17:30", Level.CITY)]


def test_at_the_top_the_case_is_urged_again_every_working_day() -> None:
    case = registered(level=Level.CITY).whistled(connected=True, preset="emergency").at("2026-03-04T17:30")
    assert levels(case) == []
    thursday = case.at("2026-03-05T17:30")
    assert ("03-05T17:30", "T1/finish", "urge_again") in thursday.rungs
    assert signals(thursday.happened) == [("housing", SignalType.URGED)]
    monday = thursday.at("2026-03-06T17:30").at("2026-03-09T17:29").at("2026-03-09T17:30")
    assert ("03-09T17:30", "T1/finish", "urge_again") in monday.rungs


def test_reminders_that_fell_into_an_outage_of_weeks_are_one_entry() -> None:
    case = registered(level=Level.CITY).accepted().does(c.Settle, reply=WORDS)
    overdue = case.at("2026-03-06T18:00")
    assert overdue.clock("verify").rung == "escalate"
    back = overdue.at("2026-03-27T12:00")
    assert back.rungs == [("03-09T17:30", "verify", "urge_again")]
    assert repetitions(back) == [14]
    assert local(back.clock("verify").next_at) == "2026-03-27T17:30"


@pytest.mark.parametrize(("until", "times"), [("2026-03-02T09:01:30", 1), ("2026-03-02T09:01:32", 2)])
def test_a_reminder_on_its_very_second_counts(until: str, times: int) -> None:
    case = registered(level=Level.CITY, policy=REHEARSAL).at("2026-03-02T09:01:26").at(until)
    assert repetitions(case) == [times]


def test_months_of_reminders_by_the_second_are_counted_in_no_time() -> None:
    case = registered(level=Level.CITY, policy=REHEARSAL).at("2026-03-02T09:01:26").at("2027-03-02T09:01:26")
    assert repetitions(case)[0] == 365 * 24 * 60 * 20
    assert case.clock("accept").next_at is not None
    assert local(case.clock("accept").next_at) == "2027-03-02T09:01"


def test_an_outage_is_caught_up_with_in_the_order_of_time_and_dated_as_if_there_had_been_none(
    given: CaseBuilder,
) -> None:
    awake = given
    for moment in ("2026-03-02T13:42", "2026-03-03T08:00", "2026-03-04T17:30", "2026-03-12T09:00"):
        awake = awake.at(moment)
    asleep = given.at("2026-03-12T09:00", outage=True).noticed()
    assert [(record.at, record.event) for record in asleep.events] == [
        (record.at, record.event) for record in awake.events
    ]
    assert [record.at for record in asleep.news] == sorted(record.at for record in asleep.news)
    assert {record.recorded_at for record in asleep.news} == {asleep.now}


def test_after_an_outage_a_unit_gets_the_highest_notice_only(given: CaseBuilder) -> None:
    case = given.whistled("water", connected=True).contacted(2).at("2026-03-05T09:00", outage=True)
    assert signals(case.noticed().happened) == [("housing", SignalType.SUPERVISED)]


def test_a_later_warning_does_not_hide_a_supervision(given: CaseBuilder) -> None:
    case = given.whistled(connected=True).at("2026-03-05T15:00", outage=True).noticed()
    assert case.rungs[-1] == ("03-05T10:06", "T1/report_in", "due_soon")
    assert signals(case.happened) == [("housing", SignalType.SUPERVISED)]


def test_a_warning_alone_is_no_notice(given: CaseBuilder) -> None:
    case = given.whistled(connected=True).at("2026-03-02T10:40")
    assert kinds(case.happened) == ["rung_reached"]


def test_a_unit_without_a_system_of_its_own_gets_no_notice(given: CaseBuilder) -> None:
    assert signals(given.whistled().at("2026-03-05T09:00").happened) == []


def test_a_met_clock_has_no_further_rungs(given: CaseBuilder) -> None:
    assert given.accepted().does(c.Settle, reply=WORDS).at("2026-03-03T09:00").rungs == []


def test_a_late_step_meets_its_clock_late_and_leaves_the_breach(given: CaseBuilder) -> None:
    case = given.at("2026-03-02T15:00").accepted()
    accept = case.clock("accept")
    assert local(accept.met_at) == "2026-03-02T15:00"
    assert local(accept.breached_at) == "2026-03-02T14:30"
    assert accept.next_at is None


def test_a_command_finds_every_clock_run_out_that_was_due_before_it(given: CaseBuilder) -> None:
    case = given.at("2026-03-02T15:00", outage=True).accepted()
    accepted = ["case_accepted", "notice_issued", "clock_met", "clock_started"]
    assert kinds(case.happened) == ["rung_reached", "rung_reached", *accepted]
    assert kinds(case.happened) == ["rung_reached", "rung_reached", *accepted]


def test_escalation_by_hand_goes_one_level_up_and_starts_that_levels_clock(given: CaseBuilder) -> None:
    case = given.does(c.Escalate, reason=WORDS)
    assert case.state.level is Level.TOWNSHIP
    assert local(case.clock("level").due_at) == "2026-03-05T17:30"
    again = case.at("2026-03-03T09:00").does(c.Escalate, reason=WORDS)
    assert again.state.level is Level.COUNTY
    assert again.armed == {"citizen", "accept", "level#2"}


def test_at_the_top_nobody_escalates_by_hand() -> None:
    assert registered(level=Level.CITY).refusal(c.Escalate, reason=WORDS) == "at_the_top"


def test_an_ended_case_is_not_escalated(given: CaseBuilder) -> None:
    assert given.closed().refusal(c.Escalate, reason=WORDS) == "case_ended"


def test_the_levels_clock_is_met_when_the_case_is_finished_or_verified(given: CaseBuilder) -> None:
    finished = given.whistled().does(c.Escalate, reason=WORDS).finished()
    assert finished.clock("level").met_at == finished.now
    verified = given.finished().does(c.Escalate, reason=WORDS).verified()
    assert verified.clock("level").met_at == verified.now
    assert verified.state.status is CaseStatus.VERIFIED


def test_passing_a_case_on_does_not_meet_the_levels_limit(given: CaseBuilder) -> None:
    case = given.does(c.Escalate, reason=WORDS).does(c.Escalate, reason=WORDS)
    first, second = case.clock("level"), case.clock("level#2")
    assert (first.met_at, first.stopped_at) == (None, case.now)
    assert second.is_open


def test_a_clock_started_after_an_escalation_belongs_to_the_higher_level(given: CaseBuilder) -> None:
    case = given.does(c.Escalate, reason=WORDS).accepted()
    assert (case.clock("citizen").level, case.clock("dispatch").level) == (Level.VILLAGE, Level.TOWNSHIP)
