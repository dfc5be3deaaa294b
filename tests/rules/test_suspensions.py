"""Clocks stand still on a ground that their own source allows, and run on by themselves with the rest of their time."""

from datetime import date
from typing import Any

import pytest

from tests.rules.case_builder import (
    BY_LAW,
    CASE_NO,
    DISPATCHER,
    POLICY,
    REQUESTER,
    SUPERVISOR,
    WORDS,
    CaseBuilder,
    handler,
    kinds,
    local,
    moved,
    registered,
    signals,
    told,
)
from workflows.contracts import commands as c
from workflows.contracts.clocks import Limit
from workflows.contracts.effects import SignalType
from workflows.contracts.policy import CasePolicy
from workflows.contracts.vocabulary import CaseKind, CaseStatus, ClockName, MoveCause, News, PauseGround

T1, T2 = f"{CASE_NO}-T1", f"{CASE_NO}-T2"
UNTIL = date(2026, 3, 11)
"""Nine days after the case was registered and its units were whistled."""
ENDS = "2026-03-12T00:00"


def suspended(case: CaseBuilder, until: date = UNTIL, **fields: Any) -> CaseBuilder:
    ground = PauseGround.MEDICAL_APPRAISAL
    return case.does(c.Suspend, **{"by": SUPERVISOR, "ground": ground, "until": until, "reason": WORDS, **fields})


def refused(case: CaseBuilder, until: date = UNTIL, **fields: Any) -> str:
    """The code with which a suspension is turned down."""
    about = {"by": SUPERVISOR, "ground": PauseGround.MEDICAL_APPRAISAL, "until": until, "reason": WORDS, **fields}
    return case.refusal(c.Suspend, **about)


def resumed(case: CaseBuilder, **fields: Any) -> CaseBuilder:
    return case.does(c.Resume, **{"by": SUPERVISOR, "reason": WORDS, **fields})


def ledger(case: CaseBuilder) -> list[tuple[str | None, str | None, str | None]]:
    """The pause ledger: since, latest end, resumed."""
    return [(local(entry.since), local(entry.until), local(entry.resumed_at)) for entry in case.state.suspensions]


def counting_hours(limit: str) -> CasePolicy:
    """The policy with another limit for the requester's clock, which may stand still all the same."""
    citizen = POLICY.case_limits[ClockName.CITIZEN].model_copy(update={"limit": Limit.parse(limit)})
    return POLICY.model_copy(update={"case_limits": POLICY.case_limits | {ClockName.CITIZEN: citizen}})


def test_the_clocks_whose_source_allows_the_ground_stand_still_and_no_other(given: CaseBuilder) -> None:
    case = suspended(given.whistled("water", connected=True))
    assert moved(case) == [(clock_id, MoveCause.PAUSE) for clock_id in ("citizen", "T1/finish", "T2/finish")]
    # Through 11 March no day counts, and of five working days none had gone by.
    for clock_id in ("citizen", "T1/finish", "T2/finish"):
        assert local(case.clock(clock_id).due_at) == "2026-03-18T17:30"
    assert local(case.clock("T1/report_in").due_at) == "2026-03-05T17:30"
    assert signals(case.happened) == [("housing", SignalType.CHANGED), ("water", SignalType.CHANGED)]
    assert told(case) == [(News.SUSPENDED, date(2026, 3, 18))]
    assert ledger(case) == [("2026-03-02T09:00", ENDS, None)]
    assert case.state.status is CaseStatus.DISPATCHED


def test_a_ground_that_no_running_clock_allows_is_refused(given: CaseBuilder) -> None:
    for ground in (PauseGround.HEARING, PauseGround.PRE_FILING_APPRAISAL):
        assert refused(given.whistled(), ground=ground) == "ground_not_allowed"
    assert refused(given.finished()) == "ground_not_allowed"


def test_only_the_approver_whom_the_policy_names_suspends(given: CaseBuilder) -> None:
    for by in (DISPATCHER, REQUESTER, handler("housing")):
        assert refused(given.whistled(), by=by) == "not_the_approver"


def test_a_suspension_ends_later_than_today_and_within_the_maximum(given: CaseBuilder) -> None:
    whistled = given.whistled()
    for until in (date(2026, 3, 2), date(2026, 3, 1), date.min):
        assert refused(whistled, until) == "date_not_ahead"
    assert suspended(whistled, date(2026, 5, 1)).state.suspension is not None
    assert refused(whistled, date(2026, 5, 2)) == "beyond_maximum"
    assert refused(whistled, date.max) == "beyond_maximum"


def test_one_suspension_is_in_force_at_a_time(given: CaseBuilder) -> None:
    assert refused(suspended(given.whistled())) == "already_suspended"


def test_what_stands_still_is_not_overdue_and_not_warned_of(given: CaseBuilder) -> None:
    case = suspended(given.whistled().signed().contacted().reported_in()).at("2026-03-11T23:59")
    assert case.rungs == []


def test_it_runs_on_by_itself_exactly_at_its_latest_end(given: CaseBuilder) -> None:
    case = suspended(given.whistled().signed().contacted().reported_in())
    assert case.at("2026-03-11T23:59").happened == []
    after = case.at(ENDS)
    assert kinds(after.happened) == ["clock_met", "case_resumed"]
    assert ledger(after) == [("2026-03-02T09:00", ENDS, ENDS)]
    assert after.state.suspension is None
    assert after.clock("citizen") == case.clock("citizen")


def test_after_an_outage_it_has_run_on_since_its_latest_end_all_the_same(given: CaseBuilder) -> None:
    case = suspended(given.whistled().signed().contacted().reported_in())
    late = case.at("2026-03-19T09:00", outage=True).noticed()
    assert ledger(late) == [("2026-03-02T09:00", ENDS, ENDS)]
    assert [rung for rung in late.rungs if rung[1] == "citizen"] == [
        ("03-17T17:30", "citizen", "due_soon"),
        ("03-18T17:30", "citizen", "urge"),
    ]
    assert [record.at for record in late.news] == sorted(record.at for record in late.news)


def test_it_ends_on_its_day_although_that_is_none_on_which_people_work(given: CaseBuilder) -> None:
    case = suspended(given.whistled(), date(2026, 3, 7))
    assert local(case.clock("suspension").due_at) == "2026-03-08T00:00"
    assert case.at("2026-03-08T00:00").state.suspension is None


def test_resumed_early_the_clocks_get_the_rest_of_their_time(given: CaseBuilder) -> None:
    case = resumed(suspended(given.at("2026-03-04T10:00").whistled("water", connected=True)).at("2026-03-06T15:00"))
    assert kinds(case.happened)[:2] == ["case_resumed", "clock_met"]
    # The 4th, 5th and 6th are touched by the pause; of the requester's five days the 3rd has gone by.
    assert local(case.clock("citizen").due_at) == "2026-03-12T17:30"
    assert local(case.clock("T1/finish").due_at) == "2026-03-13T17:30"
    assert told(case) == [(News.RESUMED, date(2026, 3, 12))]
    assert signals(case.happened) == [("housing", SignalType.CHANGED), ("water", SignalType.CHANGED)]
    assert ledger(case) == [("2026-03-04T10:00", ENDS, "2026-03-06T15:00")]
    assert "suspension" not in case.armed


def test_limits_that_count_hours_stand_still_to_the_second() -> None:
    case = suspended(registered(policy=counting_hours("48 hours from registered")).at("2026-03-02T19:00").whistled())
    assert local(case.clock("citizen").due_at) == "2026-03-13T14:00"
    early = resumed(case.at("2026-03-03T07:20"))
    assert local(early.clock("citizen").due_at) == "2026-03-04T21:20"


def test_the_warning_comes_at_its_part_of_the_time_that_ran(given: CaseBuilder) -> None:
    case = suspended(registered(policy=counting_hours("100 hours from registered"))).at(ENDS)
    assert local(case.clock("citizen").next_at) == "2026-03-15T08:00"


def test_a_clock_that_ran_out_stays_run_out_and_climbs_on(given: CaseBuilder) -> None:
    late = given.at("2026-03-06T09:00").whistled().at("2026-03-09T18:00")
    assert late.clock("citizen").breached_at is not None
    case = suspended(late, date(2026, 3, 20))
    assert moved(case) == [("T1/finish", MoveCause.PAUSE)]
    assert case.state.suspensions[0].clock_ids == ("T1/finish",)
    assert local(case.clock("citizen").breached_at) == "2026-03-09T17:30"
    assert ("03-10T17:30", "citizen", "supervise") in case.at("2026-03-11T09:00").rungs
    everything_late = given.whistled().at("2026-03-09T18:00")
    assert refused(everything_late) == "ground_not_allowed"


def test_a_unit_whose_clocks_run_on_is_told_nothing(given: CaseBuilder) -> None:
    about: dict[str, Any] = {"by": handler("housing"), "task_no": T1, "until": date(2026, 3, 16), "reason": WORDS}
    asked = given.whistled("water", connected=True).does(c.RequestExtension, **about)
    case = suspended(asked.does(c.DecideExtension, granted=True, reason=WORDS).at("2026-03-10T09:00"))
    assert signals(case.happened) == [("housing", SignalType.CHANGED)]


def test_a_suspension_received_in_time_and_applied_late_undoes_the_breach(given: CaseBuilder) -> None:
    late = given.whistled().at("2026-03-10T09:00")
    case = suspended(late, received="2026-03-09T17:00")
    assert (case.clock("citizen").breached_at, local(case.clock("citizen").due_at)) == (None, "2026-03-12T17:30")
    assert ledger(case) == [("2026-03-09T17:00", ENDS, None)]


def test_a_met_clock_is_left_alone(given: CaseBuilder) -> None:
    case = suspended(given.whistled("water").finished(1))
    assert case.state.suspensions[0].clock_ids == ("citizen", "T2/finish")


def test_units_may_work_and_finish_while_the_clocks_stand_still(given: CaseBuilder) -> None:
    case = suspended(given.whistled("water")).at("2026-03-04T10:00").finished(1)
    assert case.state.suspension is not None
    assert local(case.clock("T1/finish").met_at) == "2026-03-04T10:00"
    done = case.at("2026-03-05T10:00").finished(2)
    assert done.state.status is CaseStatus.FINISHED
    assert ledger(done) == [("2026-03-02T09:00", ENDS, "2026-03-05T10:00")]
    assert done.armed == {"verify"}


def test_a_result_that_does_not_stand_gives_the_requesters_clock_the_rest_of_its_time(given: CaseBuilder) -> None:
    done = suspended(given.whistled()).at("2026-03-04T10:00").finished()
    failed = done.verified(passed=False)
    # The pause touched the 2nd, the 3rd and the 4th.
    assert local(failed.clock("citizen").due_at) == "2026-03-11T17:30"


def test_a_step_that_counts_before_the_suspension_ends_it_at_its_beginning(given: CaseBuilder) -> None:
    case = suspended(given.whistled().at("2026-03-04T10:00")).at("2026-03-04T11:00")
    done = case.finished(received="2026-03-04T09:30")
    assert ledger(done) == [("2026-03-04T10:00", ENDS, "2026-03-04T10:00")]
    assert local(done.clock("citizen").met_at) == "2026-03-04T09:30"


@pytest.mark.parametrize(
    ("kind", "fields"),
    [(c.Withdraw, {"by": REQUESTER, "reason": WORDS}), (c.Settle, {"reply": WORDS}), (c.Answer, {"reply": WORDS})],
)
def test_whatever_ends_the_matter_ends_the_suspension(kind: type[c.AnyCommand], fields: dict[str, Any]) -> None:
    inquiry = suspended(registered(kind=CaseKind.INQUIRY).accepted()).at("2026-03-04T10:00")
    case = inquiry.does(kind, **fields)
    assert ledger(case) == [("2026-03-02T09:00", ENDS, "2026-03-04T10:00")]
    assert case.armed in ({"archive_after"}, {"verify"})
    assert resumed_is_refused(case) in ("case_ended", "not_suspended")


def resumed_is_refused(case: CaseBuilder) -> str:
    return case.refusal(c.Resume, by=SUPERVISOR, reason=WORDS)


def test_only_what_stands_still_is_resumed(given: CaseBuilder) -> None:
    assert resumed_is_refused(given.whistled()) == "not_suspended"
    assert resumed_is_refused(suspended(given.whistled()).at(ENDS)) == "not_suspended"
    assert refused(given.closed()) == "case_ended"
    assert resumed_is_refused(given.closed()) == "case_ended"


def test_two_suspensions_one_after_another_add_up(given: CaseBuilder) -> None:
    first = resumed(suspended(given.whistled()).at("2026-03-04T10:00"))
    assert local(first.clock("citizen").due_at) == "2026-03-11T17:30"
    second = suspended(first.at("2026-03-09T10:00"), date(2026, 3, 10))
    assert local(second.clock("citizen").due_at) == "2026-03-13T17:30"
    ended = second.at("2026-03-11T00:00")
    assert ledger(ended) == [
        ("2026-03-02T09:00", ENDS, "2026-03-04T10:00"),
        ("2026-03-09T10:00", "2026-03-11T00:00", "2026-03-11T00:00"),
    ]
    assert [(local(p.since), local(p.until)) for p in ended.clock("citizen").pauses] == [
        ("2026-03-02T09:00", "2026-03-04T10:00"),
        ("2026-03-09T10:00", "2026-03-11T00:00"),
    ]


def test_a_suspension_received_before_the_one_before_it_ended_by_itself_goes_on_from_there(given: CaseBuilder) -> None:
    first = suspended(given.whistled(), date(2026, 3, 5)).at("2026-03-06T09:00")
    case = suspended(first, date(2026, 3, 10), received="2026-03-05T22:00")
    assert ledger(case)[1] == ("2026-03-06T00:00", "2026-03-11T00:00", None)
    assert local(case.clock("citizen").due_at) == "2026-03-17T17:30"


def test_a_day_on_which_a_suspension_ended_and_another_began_is_left_out_once(given: CaseBuilder) -> None:
    first = resumed(suspended(given.whistled()).at("2026-03-04T10:00"))
    second = suspended(first, date(2026, 3, 5)).at("2026-03-06T00:00")
    assert local(second.clock("citizen").due_at) == "2026-03-12T17:30"


def test_more_time_may_be_asked_for_and_granted_while_the_clock_stands_still(given: CaseBuilder) -> None:
    case = suspended(given.whistled())
    about: dict[str, Any] = {"by": handler("housing"), "task_no": T1, "until": date(2026, 3, 25), "reason": WORDS}
    more = case.does(c.RequestExtension, **about).does(c.DecideExtension, granted=True, reason=WORDS)
    for clock_id in ("T1/finish", "citizen"):
        clock = more.clock(clock_id)
        assert (local(clock.due_at), clock.extended_by, len(clock.pauses)) == ("2026-03-25T17:30", 5, 1)
    early = resumed(more.at("2026-03-04T10:00"))
    assert local(early.clock("citizen").due_at) == "2026-03-18T17:30"
    assert early.clock("citizen").extended_by == 5


def test_an_extended_clock_may_stand_still(given: CaseBuilder) -> None:
    about: dict[str, Any] = {"by": handler("housing"), "task_no": T1, "until": date(2026, 3, 16), "reason": WORDS}
    more = given.whistled().does(c.RequestExtension, **about).does(c.DecideExtension, granted=True, reason=WORDS)
    case = suspended(more)
    assert (local(case.clock("T1/finish").due_at), case.clock("T1/finish").extended_by) == ("2026-03-25T17:30", 5)


def test_a_case_may_go_up_while_its_clocks_stand_still(given: CaseBuilder) -> None:
    case = suspended(given.whistled()).does(c.Escalate, reason=WORDS)
    assert "level" in case.armed
    assert case.state.suspension is not None
    assert resumed(case.at("2026-03-04T10:00")).state.suspension is None


def test_a_promise_or_a_taking_back_waits_for_nobody_while_the_clocks_stand_still(given: CaseBuilder) -> None:
    case = suspended(given.whistled()).does(c.Commit, measures=WORDS, date=date(2026, 3, 6))
    assert local(case.clock("commitment").due_at) == "2026-03-07T00:00"
    assert case.clock("commitment").pauses == ()


def test_a_clock_that_starts_meanwhile_stands_still_as_well_and_runs_on_with_the_others(given: CaseBuilder) -> None:
    case = suspended(given.accepted()).whistled()
    finish = case.clock("T1/finish")
    assert [(local(pause.since), local(pause.until)) for pause in finish.pauses] == [("2026-03-02T09:00", ENDS)]
    assert finish.due_at == case.clock("citizen").due_at
    early = resumed(case.at("2026-03-04T10:00"))
    assert early.clock("T1/finish").due_at == early.clock("citizen").due_at
    assert local(early.clock("T1/finish").due_at) == "2026-03-11T17:30"


def test_a_suspension_ends_with_the_last_clock_that_stood_still() -> None:
    case = suspended(registered(policy=BY_LAW).whistled("water")).at("2026-03-03T09:00")
    one = case.does(c.Release, task_no=T2, reason=WORDS)
    assert one.state.suspension is not None
    lead = one.does(c.InterimReply, procedure=WORDS, legal_due=one.clock("T1/finish").raw_due_date)
    assert lead.state.suspension is not None
    done = lead.finished()
    assert done.state.suspension is None
    assert not done.clock("suspension").is_open


def test_a_pause_is_no_longer_than_it_was_for_a_result_that_does_not_stand() -> None:
    case = suspended(registered(policy=BY_LAW).whistled()).at("2026-03-03T09:00").finished()
    again = case.verified(passed=False)
    assert again.clock("T1/finish").due_at == again.clock("citizen").due_at
    assert local(again.clock("T1/finish").due_at) == "2026-03-10T17:30"


def test_a_limit_met_while_it_stood_still_resumes_with_the_pause_it_really_had() -> None:
    case = suspended(registered(policy=BY_LAW).whistled("water"))
    done = case.at("2026-03-03T09:00").finished(1).at("2026-03-04T09:00").finished(2)
    assert local(done.clock("T1/finish").due_at) == "2026-03-18T17:30"
    failed = done.verified(passed=False)
    assert local(failed.clock("T1/finish").due_at) == "2026-03-11T17:30"
    assert local(suspended(failed).clock("T1/finish").due_at) == "2026-03-18T17:30"
