"""The world changes under a running case: a calendar is published, a policy is chosen, its risk is seen anew."""

from datetime import date
from typing import Any

import pytest

from tests.rules.calendar_2026 import WINDOW_2026
from tests.rules.case_builder import (
    CITY,
    POLICY,
    SUPERVISOR,
    WORDS,
    CaseBuilder,
    kinds,
    local,
    registered,
    signals,
)
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.clocks import CalendarWindow, Limit
from workflows.contracts.effects import SignalType
from workflows.contracts.policy import CasePolicy, ClockPolicy, Ladder
from workflows.contracts.vocabulary import CaseStatus, ClockName, MoveCause, News, PauseGround, RiskLevel, Rung


def published(version: int = 2, *, off: tuple[date, ...] = (), worked: tuple[date, ...] = ()) -> CalendarWindow:
    """The calendar of 2026 with more days off, and more weekend days that are worked."""
    return WINDOW_2026.model_copy(
        update={
            "version": version,
            "days_off": (*WINDOW_2026.days_off, *off),
            "makeup_workdays": (*WINDOW_2026.makeup_workdays, *worked),
        }
    )


SNOW = published(off=(date(2026, 3, 4), date(2026, 3, 5)))
WEEKEND = published(worked=(date(2026, 3, 7), date(2026, 3, 8)))


def adopted(case: CaseBuilder, calendar: CalendarWindow) -> CaseBuilder:
    return case.does(c.AdoptCalendar, by=CITY, calendar=calendar)


def moved(case: CaseBuilder) -> dict[str, tuple[str | None, str | None]]:
    """Which due times moved in the last step, from where to where."""
    events = [event for event in case.happened if isinstance(event, e.ClockMoved)]
    assert {event.cause for event in events} <= {MoveCause.CALENDAR}
    return {event.clock_id: (local(event.was_due_at), local(event.due_at)) for event in events}


def told(case: CaseBuilder) -> list[tuple[News, date, bool]]:
    """What the requester was told in the last step."""
    events = [event for event in case.happened if isinstance(event, e.RequesterTold)]
    return [(event.about, event.due_date, event.provisional) for event in events]


def policy_of(version: int, *, presets: bool = True, **limits: str) -> CasePolicy:
    """Another version of the policy, with other limits of the case, and of `finish`."""
    changed = {
        ClockName(name): ClockPolicy(limit=Limit.parse(limit), source="[default] other")
        for name, limit in limits.items()
    }
    standard = POLICY.task_presets["standard"] | {
        name: limit for name, limit in changed.items() if name is ClockName.FINISH
    }
    return POLICY.model_copy(
        update={
            "version": version,
            "case_limits": POLICY.case_limits | changed,
            "task_presets": POLICY.task_presets | {"standard": standard} if presets else {"other": standard},
            "default_task_preset": "standard" if presets else "other",
        }
    )


def test_days_that_are_now_off_move_every_open_due_time_after_them(given: CaseBuilder) -> None:
    case = adopted(given.whistled("water", connected=True), SNOW)
    assert moved(case) == {
        "T1/finish": ("2026-03-09T17:30", "2026-03-11T17:30"),
        "T1/report_in": ("2026-03-05T17:30", "2026-03-09T17:30"),
        "T2/finish": ("2026-03-09T17:30", "2026-03-11T17:30"),
        "T2/report_in": ("2026-03-05T17:30", "2026-03-09T17:30"),
        "citizen": ("2026-03-09T17:30", "2026-03-11T17:30"),
    }
    assert told(case) == [(News.CALENDAR, date(2026, 3, 11), False)]
    assert signals(case.happened) == [("housing", SignalType.CHANGED), ("water", SignalType.CHANGED)]
    assert case.state.calendar.version == 2
    assert local(case.clock("T1/sign").due_at) == "2026-03-02T11:00"


def test_days_that_are_now_worked_bring_due_times_forward(given: CaseBuilder) -> None:
    case = adopted(given.whistled(), WEEKEND)
    assert moved(case)["citizen"] == ("2026-03-09T17:30", "2026-03-07T17:30")
    assert told(case) == [(News.CALENDAR, date(2026, 3, 7), False)]


def test_a_calendar_that_touches_no_clock_is_adopted_in_silence(given: CaseBuilder) -> None:
    case = adopted(given.whistled(connected=True), published(off=(date(2026, 3, 20),)))
    assert kinds(case.happened) == ["calendar_adopted"]


def test_only_the_units_whose_dates_moved_are_told(given: CaseBuilder) -> None:
    case = adopted(given.whistled("water", connected=True).finished(2), SNOW)
    assert signals(case.happened) == [("housing", SignalType.CHANGED)]


def test_after_the_requesters_clock_is_met_she_is_told_nothing(given: CaseBuilder) -> None:
    case = adopted(given.finished(), published(off=(date(2026, 3, 3),)))
    assert set(moved(case)) == {"verify"}
    assert told(case) == []


def test_a_warning_that_was_given_stays_given(given: CaseBuilder) -> None:
    warned = given.whistled().at("2026-03-09T09:00")
    case = adopted(warned, published(off=(date(2026, 3, 9), date(2026, 3, 10))))
    citizen = case.clock("citizen")
    assert (citizen.warned_at, citizen.rung) == (warned.clock("citizen").warned_at, Rung.DUE_SOON)
    assert (citizen.next_rung, local(citizen.next_at)) == (Rung.URGE, "2026-03-11T17:30")


def test_a_calendar_brings_no_second_warning(given: CaseBuilder) -> None:
    case = adopted(given.whistled().at("2026-03-09T09:00"), published(off=(date(2026, 3, 5), date(2026, 3, 6))))
    assert moved(case)["citizen"] == ("2026-03-09T17:30", "2026-03-11T17:30")
    assert (case.clock("citizen").next_rung, local(case.clock("citizen").next_at)) == (Rung.URGE, "2026-03-11T17:30")


def test_a_warning_that_would_have_been_due_is_due_with_the_calendar() -> None:
    ahead = registered("2026-03-05T09:00").whistled().at("2026-03-10T12:00")
    assert local(ahead.clock("citizen").next_at) == "2026-03-11T16:06"
    case = adopted(ahead, WEEKEND)
    assert moved(case)["citizen"] == ("2026-03-12T17:30", "2026-03-10T17:30")
    assert ("03-10T12:00", "citizen", "due_soon") in case.noticed().rungs


def test_what_ran_out_stays_run_out_and_only_its_next_rung_moves(given: CaseBuilder) -> None:
    late = given.at("2026-03-02T15:00")
    assert local(late.clock("accept").next_at) == "2026-03-03T17:30"
    case = adopted(late, published(off=(date(2026, 3, 2), date(2026, 3, 3))))
    accept = case.clock("accept")
    assert (local(accept.breached_at), local(accept.due_at)) == ("2026-03-02T14:30", "2026-03-02T14:30")
    assert (accept.next_rung, local(accept.next_at)) == (Rung.SUPERVISE, "2026-03-04T17:30")
    assert ("03-05T17:30", "accept", "escalate") in case.at("2026-03-06T09:00").rungs


def test_a_rung_that_a_calendar_would_put_in_the_past_stays_where_it_was() -> None:
    late = registered("2026-03-06T09:00").at("2026-03-07T18:00")
    assert local(late.clock("accept").next_at) == "2026-03-09T17:30"
    case = adopted(late, WEEKEND)
    assert local(case.clock("accept").next_at) == "2026-03-09T17:30"


def test_nobody_is_made_late_by_a_calendar(given: CaseBuilder) -> None:
    case = adopted(given.whistled().at("2026-03-07T18:00"), WEEKEND)
    assert "citizen" not in moved(case)
    assert local(case.clock("citizen").due_at) == "2026-03-09T17:30"
    assert told(case) == []
    assert case.noticed().clock("citizen").breached_at is None
    assert case.state.calendar == WEEKEND


def test_a_met_and_a_stopped_clock_are_left_alone(given: CaseBuilder) -> None:
    case = given.whistled("water").does(c.Release, task_no=f"{given.state.case_no}-T2", reason=WORDS).finished(1)
    before = case.state.clocks
    after = adopted(case, SNOW).state.clocks
    assert {name for name in before if before[name] != after[name]} <= {"verify"}


def test_a_date_in_a_year_that_is_published_now_is_no_longer_provisional() -> None:
    unpublished = WINDOW_2026.model_copy(update={"published_through": date(2026, 3, 6)})
    case = registered(calendar=unpublished).whistled(connected=True)
    assert case.clock("citizen").provisional
    assert not case.clock("T1/report_in").provisional
    known = adopted(case, published())
    assert moved(known)["citizen"] == ("2026-03-09T17:30", "2026-03-09T17:30")
    assert not known.clock("citizen").provisional
    assert told(known) == [(News.CALENDAR, date(2026, 3, 9), False)]
    assert signals(known.happened) == [("housing", SignalType.CHANGED)]


def test_a_date_that_ran_out_is_no_longer_provisional_either() -> None:
    unpublished = WINDOW_2026.model_copy(update={"published_through": date(2026, 3, 6)})
    late = registered(calendar=unpublished).whistled().at("2026-03-10T09:00")
    known = adopted(late, published(off=(date(2026, 3, 9),)))
    citizen = known.clock("citizen")
    assert (local(citizen.breached_at), local(citizen.due_at)) == ("2026-03-09T17:30", "2026-03-09T17:30")
    assert not citizen.provisional
    assert told(known) == []


def test_a_date_over_new_year_moves_when_that_year_is_published() -> None:
    case = registered("2026-12-30T09:00").whistled()
    citizen = case.clock("citizen")
    assert (local(citizen.due_at), citizen.provisional) == ("2027-01-06T17:30", True)
    real = published(off=(date(2027, 1, 1),)).model_copy(update={"published_through": date(2027, 12, 31)})
    known = adopted(case, real)
    assert told(known) == [(News.CALENDAR, date(2027, 1, 7), False)]


def test_only_a_newer_calendar_is_adopted(given: CaseBuilder) -> None:
    case = adopted(given, published(3))
    for version in (1, 2, 3):
        assert case.refusal(c.AdoptCalendar, by=CITY, calendar=published(version)) == "calendar_not_newer"


def test_a_suspension_keeps_the_day_that_was_named(given: CaseBuilder) -> None:
    ground = PauseGround.MEDICAL_APPRAISAL
    day = date(2026, 3, 6)
    case = given.whistled().does(c.Suspend, by=SUPERVISOR, ground=ground, until=day, reason=WORDS)
    after = adopted(case, published(off=(day,)))
    assert after.clock("suspension") == case.clock("suspension")
    assert local(after.clock("suspension").due_at) == "2026-03-07T00:00"


def test_a_clock_that_stands_still_is_worked_out_with_its_pause(given: CaseBuilder) -> None:
    ground = PauseGround.MEDICAL_APPRAISAL
    case = given.whistled().does(c.Suspend, by=SUPERVISOR, ground=ground, until=date(2026, 3, 11), reason=WORDS)
    assert adopted(case, SNOW).clock("citizen") == case.clock("citizen")
    assert moved(adopted(case, published(off=(date(2026, 3, 12),))))["citizen"][1] == "2026-03-19T17:30"


def test_an_extension_is_worked_out_again_too(given: CaseBuilder) -> None:
    whistled = given.whistled()
    about: dict[str, Any] = {"by": SUPERVISOR, "task_no": f"{given.state.case_no}-T1", "reason": WORDS}
    asked = whistled.does(c.RequestExtension, until=date(2026, 3, 16), **about)
    case = adopted(asked.does(c.DecideExtension, granted=True, reason=WORDS), SNOW)
    assert moved(case)["T1/finish"] == moved(case)["citizen"] == ("2026-03-16T17:30", "2026-03-18T17:30")


def test_the_archives_date_moves_as_well(given: CaseBuilder) -> None:
    closed = given.closed()
    assert local(closed.clock("archive_after").due_at) == "2026-09-01T00:00"
    case = adopted(closed, published(off=(date(2026, 8, 31),)))
    assert moved(case) == {"archive_after": ("2026-09-01T00:00", "2026-09-02T00:00")}
    assert told(case) == []
    assert case.at("2026-09-01T00:00").state.status is CaseStatus.CLOSED
    assert case.at("2026-09-02T00:00").state.status is CaseStatus.ARCHIVED


def test_running_clocks_keep_their_limits_under_another_policy(given: CaseBuilder) -> None:
    whistled = given.whistled()
    case = whistled.does(c.AdoptPolicy, by=CITY, policy=policy_of(2, citizen="1 working_days", finish="1 working_days"))
    assert kinds(case.happened) == ["policy_adopted"]
    assert case.state.clocks == whistled.state.clocks
    assert case.state.policy.version == 2


def test_clocks_that_start_later_take_the_limits_of_the_policy_then(given: CaseBuilder) -> None:
    policy = policy_of(2, finish="1 working_days", verify="1 working_days")
    case = given.whistled().does(c.AdoptPolicy, by=CITY, policy=policy).finished()
    assert local(case.clock("verify").due_at) == "2026-03-03T17:30"
    again = case.verified(passed=False).clock("T1/finish#2")
    assert (local(again.due_at), again.source) == ("2026-03-03T17:30", "[default] other")


def test_the_ladder_of_the_policy_then_governs_running_clocks(given: CaseBuilder) -> None:
    ladder = Ladder(supervise_after=Limit.parse("1 hours"))
    policy = policy_of(2).model_copy(update={"ladder": ladder})
    case = given.does(c.AdoptPolicy, by=CITY, policy=policy).at("2026-03-02T16:00")
    assert case.rungs[-1] == ("03-02T15:30", "accept", "supervise")


def test_a_policy_without_the_presets_of_the_cases_tasks_is_refused(given: CaseBuilder) -> None:
    other = policy_of(2, presets=False)
    assert given.whistled().refusal(c.AdoptPolicy, by=CITY, policy=other) == "preset_missing"
    assert given.finished().refusal(c.AdoptPolicy, by=CITY, policy=other) == "preset_missing"
    assert given.accepted().does(c.AdoptPolicy, by=CITY, policy=other).state.policy == other


def test_the_policy_that_a_case_has_is_not_adopted_again(given: CaseBuilder) -> None:
    assert given.refusal(c.AdoptPolicy, by=CITY, policy=POLICY) == "policy_unchanged"


def test_a_risk_brings_its_own_limits_for_what_starts_later(given: CaseBuilder) -> None:
    red = policy_of(1, verify="1 working_days")
    whistled = given.whistled()
    case = whistled.does(c.SetRisk, risk=RiskLevel.RED, reason=WORDS, policy=red)
    assert kinds(case.happened)[:2] == ["risk_set", "policy_adopted"]
    assert case.state.risk is RiskLevel.RED
    assert whistled.state.clocks.items() <= case.state.clocks.items()
    assert local(case.finished().clock("verify").due_at) == "2026-03-03T17:30"


def test_a_risk_without_limits_of_its_own_is_noted_alone(given: CaseBuilder) -> None:
    case = given.does(c.SetRisk, risk=RiskLevel.YELLOW, reason=WORDS, policy=POLICY)
    assert kinds(case.happened) == ["risk_set", "clock_started"]


@pytest.mark.parametrize(("name", "version"), [("test", 2), ("other", 1)])
def test_a_risk_moves_no_case_to_another_policy(given: CaseBuilder, name: str, version: int) -> None:
    policy = policy_of(version).model_copy(update={"name": name})
    assert given.refusal(c.SetRisk, risk=RiskLevel.RED, reason=WORDS, policy=policy) == "wrong_policy"


def test_a_risk_is_set_once_and_of_an_open_case(given: CaseBuilder) -> None:
    red: dict[str, Any] = {"risk": RiskLevel.RED, "reason": WORDS, "policy": POLICY}
    assert given.does(c.SetRisk, **red).refusal(c.SetRisk, **red) == "risk_unchanged"
    assert given.closed().refusal(c.SetRisk, **red) == "case_ended"
