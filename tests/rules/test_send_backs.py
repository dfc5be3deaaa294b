"""A unit says that a task is not its business: within its window, decided on a clock, and silence leaves it there."""

from typing import Any

import pytest

from tests.rules.case_builder import (
    CASE_NO,
    EMERGENCY,
    POLICY,
    REQUESTER,
    SUPERVISOR,
    WORDS,
    CaseBuilder,
    department,
    handler,
    kinds,
    local,
    registered,
    signals,
)
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.clocks import Limit
from workflows.contracts.effects import SignalType
from workflows.contracts.policy import ClockPolicy
from workflows.contracts.vocabulary import CaseStatus, ClockName, Level, OwnerRole, PauseGround, TaskRole, TaskStatus
from workflows.rules.calendar import local_date
from workflows.rules.ownership import owner

T1, T2 = f"{CASE_NO}-T1", f"{CASE_NO}-T2"


def refused_to_send_back(case: CaseBuilder, n: int = 1, **fields: Any) -> str:
    """The code with which the n-th unit's send-back is turned down."""
    task = case.task(n)
    about: dict[str, Any] = {
        "task_no": task.task_no,
        "reason": WORDS,
        "clause": WORDS,
        "suggested_unit": department("gas"),
        **fields,
    }
    return case.refusal(c.SendBack, by=handler(task.unit.unit_id), **about)


def undecidable(case: CaseBuilder, task_no: str = T1, **fields: Any) -> str:
    """The code with which a decision about a send-back is turned down."""
    return case.refusal(c.DecideSendBack, task_no=task_no, approved=True, reason=WORDS, **fields)


def test_a_send_back_is_decided_on_a_clock_and_the_unit_keeps_the_task_meanwhile(given: CaseBuilder) -> None:
    whistled = given.whistled(connected=True)
    case = whistled.asked_back()
    asked, started = case.happened
    assert isinstance(asked, e.SendBackAsked)
    assert (asked.decision_clock, asked.suggested_unit) == ("send_back", "heating")
    assert started.kind == "clock_started"
    assert local(case.clock("send_back").due_at) == "2026-03-02T14:30"
    assert case.task().is_open
    assert case.armed == whistled.armed | {"send_back"}


def test_an_approved_send_back_rids_the_unit_of_its_task_and_the_centre_owes_a_dispatch(given: CaseBuilder) -> None:
    case = given.whistled(connected=True).asked_back().at("2026-03-02T10:00").decided_send_back()
    assert (case.task().status, case.state.status) == (TaskStatus.SENT_BACK, CaseStatus.ACCEPTED)
    assert case.armed == {"citizen", "dispatch#2"}
    assert local(case.clock("dispatch#2").due_at) == "2026-03-02T15:30"
    assert local(case.clock("send_back").met_at) == "2026-03-02T10:00"
    assert signals(case.happened) == [("housing", SignalType.CANCELLED)]
    by = owner(case.state)
    assert by is not None
    assert by.role is OwnerRole.DISPATCHER


def test_the_next_unit_gets_clocks_of_its_own_and_the_requesters_date_stands(given: CaseBuilder) -> None:
    case = given.whistled().at("2026-03-03T11:00").sent_back().at("2026-03-03T15:00").whistled(lead="roads")
    assert (case.task(2).unit.unit_id, case.state.status) == ("roads", CaseStatus.DISPATCHED)
    assert local(case.clock("T2/finish").due_at) == "2026-03-10T17:30"
    assert local(case.clock("citizen").due_at) == "2026-03-09T17:30"
    assert "dispatch#2" not in case.armed


def test_a_refused_send_back_leaves_the_task_and_its_clocks(given: CaseBuilder) -> None:
    whistled = given.whistled()
    case = whistled.asked_back().decided_send_back(approved=False)
    assert kinds(case.happened) == ["send_back_refused", "clock_met"]
    assert case.armed == whistled.armed
    assert undecidable(case) == "no_send_back_asked"


def test_the_second_send_back_of_a_case_is_a_dispute_by_itself_with_an_exact_date() -> None:
    monday = registered("2026-05-11T09:20").whistled()
    tuesday = monday.at("2026-05-12T11:00").sent_back(to="water").whistled(lead="water")
    case = tuesday.at("2026-05-13T10:30").asked_back(2, to="housing")
    assert kinds(case.happened) == ["send_back_asked", "dispatch_dispute_opened", "clock_started"]
    assert case.state.disputed == T2
    assert case.task(2).send_back_clock is None
    assert local(case.clock("dispute").due_at) == "2026-05-14T17:30"
    assert local(case.clock("citizen").due_at) == "2026-05-18T17:30"
    assert undecidable(case, T2) == "no_send_back_asked"
    ended = case.at("2026-05-14T17:30").designated("water")
    assert ended.clock("dispute").breached_at is None
    assert refused_to_send_back(ended, 2) == "designated_unit"
    assert local(ended.clock("citizen").due_at) == "2026-05-18T17:30"


def test_the_same_unit_that_asks_again_after_a_refusal_opens_the_dispute(given: CaseBuilder) -> None:
    case = given.whistled().asked_back().decided_send_back(approved=False).asked_back()
    assert case.state.disputed == T1
    assert "dispute" in case.armed


def test_a_co_unit_that_asks_second_disputes_about_its_own_task(given: CaseBuilder) -> None:
    case = given.whistled("water").asked_back().asked_back(2)
    assert case.state.disputed == T2
    assert {"send_back", "dispute"} <= case.armed
    assert case.designated("gas").task(3).role is TaskRole.CO


def test_silence_of_the_centre_leaves_the_task_at_the_very_due_time(given: CaseBuilder) -> None:
    whistled = given.whistled()
    asked = whistled.asked_back()
    before = asked.at("2026-03-02T14:29")
    assert "send_back" in before.armed
    case = before.at("2026-03-02T14:30")
    assert kinds(case.happened) == ["rung_reached", "send_back_lapsed", "clock_stopped"]
    assert {local(record.at) for record in case.news} == {"2026-03-02T14:30"}
    clock = case.clock("send_back")
    assert local(clock.breached_at) == local(clock.stopped_at) == "2026-03-02T14:30"
    assert case.task().is_open
    late = case.at("2026-03-03T09:00")
    assert undecidable(late) == "no_send_back_asked"
    assert late.asked_back().state.disputed == T1


def test_a_lapse_climbs_no_ladder_even_in_an_outage(given: CaseBuilder) -> None:
    case = given.whistled().signed().reported_in().asked_back().at("2026-03-06T09:00")
    assert [rung for _, clock_id, rung in case.rungs if clock_id == "send_back"] == ["due_soon", "urge"]
    assert case.state.level is Level.VILLAGE
    assert local(next(record.at for record in case.news if record.event.kind == "send_back_lapsed")) == (
        "2026-03-02T14:30"
    )


@pytest.mark.parametrize("received", ["2026-03-02T14:00", "2026-03-02T14:30"])
def test_a_decision_received_in_time_counts_although_the_request_has_lapsed(given: CaseBuilder, received: str) -> None:
    case = given.whistled().asked_back().at("2026-03-02T16:00").decided_send_back(received=received)
    assert case.task().status is TaskStatus.SENT_BACK
    clock = case.clock("send_back")
    assert (clock.breached_at, local(clock.met_at)) == (None, received)
    refused = given.whistled().asked_back().at("2026-03-02T16:00").decided_send_back(approved=False, received=received)
    assert "send_back_refused" in kinds(refused.happened)
    assert undecidable(refused, received=received) == "no_send_back_asked"


def test_a_decision_that_was_late_by_its_receipt_changes_nothing(given: CaseBuilder) -> None:
    case = given.whistled().asked_back().at("2026-03-02T16:00")
    assert undecidable(case, received="2026-03-02T14:31") == "no_send_back_asked"
    urged = given.whistled().asked_back().at("2026-03-02T15:00").does(c.Urge, note=WORDS)
    assert undecidable(urged, received="2026-03-02T14:00") == "no_send_back_asked"


def test_at_the_very_due_time_the_centre_may_still_decide(given: CaseBuilder) -> None:
    case = given.whistled().asked_back().at("2026-03-02T14:30").decided_send_back()
    assert case.task().status is TaskStatus.SENT_BACK
    assert case.clock("send_back").breached_at is None


def test_a_decision_received_in_time_does_not_undo_the_dispute_that_came_meanwhile(given: CaseBuilder) -> None:
    case = given.whistled().asked_back().at("2026-03-02T15:00").asked_back()
    assert undecidable(case, received="2026-03-02T14:00") == "no_send_back_asked"


def test_a_task_is_sent_back_within_its_window(given: CaseBuilder) -> None:
    whistled = given.whistled()
    assert "send_back" in whistled.at("2026-03-04T17:30").asked_back().armed
    late = whistled.at("2026-03-04T17:31")
    assert refused_to_send_back(late) == "send_back_window_over"
    assert "send_back" in late.asked_back(received="2026-03-04T17:30").state.clocks


def test_the_window_of_another_units_task_begins_with_its_own_dispatch(given: CaseBuilder) -> None:
    case = given.whistled().at("2026-03-04T10:00").sent_back().whistled(lead="roads").at("2026-03-06T17:30")
    assert case.asked_back(2, to="gas").state.disputed == T2


def test_without_a_window_in_the_policy_a_task_stays(given: CaseBuilder) -> None:
    assert refused_to_send_back(given.whistled(preset="emergency")) == "send_back_not_allowed"
    assert refused_to_send_back(registered(policy=EMERGENCY).whistled(preset="emergency")) == "send_back_not_allowed"


def test_what_is_not_to_be_sent_back_is_refused(given: CaseBuilder) -> None:
    case = given.whistled("water")
    assert refused_to_send_back(case, task_no="no-such-task") == "unknown_task"
    assert refused_to_send_back(case.finished(2), 2) == "task_not_open"
    assert refused_to_send_back(case.sent_back(), 1) == "task_not_open"
    assert refused_to_send_back(case.asked_back()) == "send_back_already_asked"
    assert refused_to_send_back(case, suggested_unit=department("housing")) == "suggests_itself"
    disputed = case.asked_back(2).decided_send_back(2, approved=False).asked_back(2)
    assert refused_to_send_back(disputed, 1) == refused_to_send_back(disputed, 2) == "dispute_open"


def test_only_a_send_back_that_was_asked_is_decided(given: CaseBuilder) -> None:
    case = given.whistled("water").asked_back(2)
    assert undecidable(case, "no-such-task") == "unknown_task"
    assert undecidable(case, T1) == "no_send_back_asked"
    assert undecidable(case.decided_send_back(2), T2) == "task_not_open"


def test_co_units_work_on_without_a_lead_and_another_lead_joins_them(given: CaseBuilder) -> None:
    case = given.whistled("water").reported_in(2).sent_back()
    assert case.state.status is CaseStatus.IN_PROGRESS
    assert "dispatch#2" in case.armed
    by = owner(case.state)
    assert by is not None
    assert (by.role, by.unit_id) == (OwnerRole.DISPATCHER, "centre-village")
    assert case.refusal(c.Whistle, lead=department("water"), reason=WORDS) == "unit_twice"
    led = case.whistled("gas", lead="roads")
    assert {task.unit.unit_id: task.role.value for task in led.state.open_tasks} == {
        "water": "co",
        "roads": "lead",
        "gas": "co",
    }
    assert "dispatch#2" not in led.armed
    assert led.refusal(c.Whistle, lead=department("heating"), reason=WORDS) == "case_not_accepted"
    done = led.finished(2).finished(3).finished(4)
    assert done.state.status is CaseStatus.FINISHED


@pytest.mark.parametrize("reports_in", [True, False])
def test_a_co_unit_that_finishes_last_without_a_lead_leaves_the_case_to_the_centre(
    given: CaseBuilder, reports_in: bool
) -> None:
    whistled = given.whistled("water")
    case = (whistled.reported_in(2) if reports_in else whistled).sent_back().finished(2)
    assert case.state.status is CaseStatus.ACCEPTED
    assert case.armed == {"citizen", "dispatch#2"}
    done = case.whistled(lead="roads").finished(3)
    assert done.state.status is CaseStatus.FINISHED


def test_a_co_unit_released_last_without_a_lead_leaves_the_case_to_the_centre(given: CaseBuilder) -> None:
    case = given.whistled("water").sent_back().does(c.Release, task_no=T2, reason=WORDS)
    assert case.state.status is CaseStatus.ACCEPTED
    assert case.armed == {"citizen", "dispatch#2"}


def test_a_dispute_about_a_co_units_task_goes_on_while_the_lead_is_rid_of_its_own(given: CaseBuilder) -> None:
    case = given.whistled("water").asked_back(1).asked_back(2).decided_send_back(1)
    assert {"dispatch#2", "dispute"} <= case.armed
    designated = case.designated("water")
    assert designated.armed == case.armed - {"dispute"}
    assert designated.state.lead_task is None


def test_a_co_units_approved_send_back_finishes_what_the_lead_had_finished(given: CaseBuilder) -> None:
    lead_done = given.whistled("water").asked_back(2).at("2026-03-02T10:00").finished(1)
    case = lead_done.at("2026-03-02T11:00").decided_send_back(2)
    assert case.state.status is CaseStatus.FINISHED
    assert local(case.clock("citizen").met_at) == "2026-03-02T11:00"
    assert case.armed == {"verify"}


def test_a_case_whose_lead_is_rid_of_it_may_be_settled_by_the_centre(given: CaseBuilder) -> None:
    case = given.whistled().sent_back().does(c.Settle, reply=WORDS)
    assert case.state.status is CaseStatus.FINISHED
    failed = case.verified(passed=False)
    assert (failed.state.status, failed.state.lead_task) == (CaseStatus.ACCEPTED, None)
    assert "dispatch#3" in failed.armed


def test_a_request_is_dropped_when_the_unit_finishes_after_all(given: CaseBuilder) -> None:
    case = given.whistled("water").asked_back().at("2026-03-02T10:00").finished(1)
    assert local(case.clock("send_back").stopped_at) == "2026-03-02T10:00"
    later = case.at("2026-03-02T18:00")
    assert (later.clock("send_back").breached_at, later.task(1).send_back_clock) == (None, None)


def test_a_request_is_dropped_when_the_unit_is_released_or_another_takes_over(given: CaseBuilder) -> None:
    released = given.whistled("water").asked_back(2).does(c.Release, task_no=T2, reason=WORDS)
    reassigned = given.whistled().asked_back().reassigned()
    for case in (released, reassigned):
        assert "send_back" not in case.armed
        assert "send_back_lapsed" not in kinds(case.at("2026-03-02T18:00").happened)


def test_a_request_is_dropped_when_the_case_is_taken_back(given: CaseBuilder) -> None:
    case = given.whistled().asked_back().does(c.Withdraw, by=REQUESTER, reason=WORDS)
    assert case.armed == {"archive_after"}
    assert case.task().send_back_clock is None


def test_a_request_for_more_time_goes_with_the_task(given: CaseBuilder) -> None:
    more: dict[str, Any] = {"task_no": T1, "until": local_date(given.now).replace(day=16), "reason": WORDS}
    case = given.whistled().does(c.RequestExtension, by=handler("housing"), **more).sent_back()
    assert case.state.extension_requests == {}
    assert case.armed == {"citizen", "dispatch#2"}


def test_the_requesters_clock_stands_still_through_a_send_back(given: CaseBuilder) -> None:
    until = local_date(given.now).replace(day=20)
    ground = PauseGround.MEDICAL_APPRAISAL
    still = given.whistled("water").does(c.Suspend, by=SUPERVISOR, ground=ground, until=until, reason=WORDS)
    due_at = still.clock("citizen").due_at
    case = still.sent_back().finished(2)
    assert case.state.suspension is not None
    assert case.clock("citizen").due_at == due_at
    led = case.whistled(lead="roads")
    assert led.clock("T3/finish").pauses
    assert led.at("2026-03-21T09:00").state.suspension is None


def test_clocks_that_ran_out_stay_run_out_when_the_task_goes(given: CaseBuilder) -> None:
    case = given.whistled().at("2026-03-02T12:00").sent_back()
    assert local(case.clock("T1/sign").breached_at) == "2026-03-02T11:00"
    assert case.clock("T1/sign").stopped_at == case.now


def test_a_unit_that_had_finished_in_time_by_its_receipt_leaves_no_overdue_dispute() -> None:
    disputes = ClockPolicy(limit=Limit.parse("1 hours"), source="[default] test")
    policy = POLICY.model_copy(update={"case_limits": POLICY.case_limits | {ClockName.DISPUTE: disputes}})
    case = registered(policy=policy).whistled().asked_back().decided_send_back(approved=False).asked_back()
    late = case.at("2026-03-02T11:00")
    assert late.clock("dispute").breached_at is not None
    done = late.finished(received="2026-03-02T09:30")
    assert done.clock("dispute").breached_at is None
    assert done.state.disputed is None
    assert "dispute" not in done.armed
