"""The centre gives an open task to another unit: the same role, clocks of its own, the requester's date unmoved."""

from datetime import date
from typing import Any

from tests.rules.case_builder import (
    CASE_NO,
    SUPERVISOR,
    WORDS,
    CaseBuilder,
    department,
    handler,
    kinds,
    local,
    signals,
)
from workflows.contracts import commands as c
from workflows.contracts.commands import UnitRef
from workflows.contracts.effects import SignalType
from workflows.contracts.vocabulary import CaseStatus, Level, PauseGround, TaskRole, TaskStatus, UnitKind

T1, T2 = f"{CASE_NO}-T1", f"{CASE_NO}-T2"


def refused_to_reassign(case: CaseBuilder, unit: UnitRef | None = None, **fields: Any) -> str:
    """The code with which the first task is not given to another unit."""
    return case.refusal(c.Reassign, **{"task_no": T1, "unit": unit or department("gas"), "reason": WORDS, **fields})


def test_another_unit_goes_on_in_the_same_role_with_clocks_of_its_own(given: CaseBuilder) -> None:
    case = given.whistled(connected=True).reported_in().at("2026-03-04T10:00").reassigned(to="water")
    assert (case.task(1).status, case.state.status) == (TaskStatus.REASSIGNED, CaseStatus.DISPATCHED)
    new = case.task(2)
    assert (new.unit.unit_id, new.role, new.preset, new.status) == (
        "water",
        TaskRole.LEAD,
        "standard",
        TaskStatus.DISPATCHED,
    )
    assert local(case.clock("T2/finish").due_at) == "2026-03-11T17:30"
    assert local(case.clock("citizen").due_at) == "2026-03-09T17:30"
    assert case.armed == {"citizen", "T2/sign", "T2/contact", "T2/report_in", "T2/finish"}
    assert signals(case.happened) == [("housing", SignalType.CANCELLED)]
    assert kinds(case.happened)[0] == "task_reassigned"


def test_a_co_unit_is_replaced_while_the_others_work_on(given: CaseBuilder) -> None:
    case = given.whistled("water", "roads").reported_in(1).reassigned(2, to="gas")
    assert [task.unit.unit_id for task in case.state.open_tasks] == ["housing", "roads", "gas"]
    assert (case.task(4).role, case.state.status) == (TaskRole.CO, CaseStatus.IN_PROGRESS)
    assert case.state.lead_task == case.task(1)


def test_the_last_co_unit_is_replaced_after_the_lead_has_finished(given: CaseBuilder) -> None:
    case = given.whistled("water").finished(1).reassigned(2, to="gas")
    assert case.state.status is CaseStatus.IN_PROGRESS
    assert case.finished(3).state.status is CaseStatus.FINISHED


def test_a_limit_that_ran_out_stays_run_out_but_is_not_the_next_units(given: CaseBuilder) -> None:
    overdue = given.whistled().signed().reported_in().at("2026-03-12T09:00")
    assert overdue.state.level is Level.TOWNSHIP
    case = overdue.reassigned()
    assert local(case.clock("T1/finish").breached_at) == "2026-03-09T17:30"
    assert case.clock("T2/finish").breached_at is None
    assert (case.state.level, case.clock("T2/finish").level) == (Level.TOWNSHIP, Level.TOWNSHIP)
    assert "citizen" in case.armed


def test_a_limit_that_had_time_left_when_the_order_was_received_has_not_run_out(given: CaseBuilder) -> None:
    case = given.whistled().signed().reported_in().at("2026-03-10T09:00").reassigned(received="2026-03-09T17:00")
    assert case.clock("T1/finish").breached_at is None
    assert local(case.task(2).dispatched_at) == "2026-03-09T17:00"


def test_a_request_for_more_time_is_dropped_and_the_next_unit_may_make_its_own(given: CaseBuilder) -> None:
    more: dict[str, Any] = {"until": date(2026, 3, 16), "reason": WORDS}
    case = given.whistled().does(c.RequestExtension, by=handler("housing"), task_no=T1, **more).reassigned()
    assert case.state.extension_requests == {}
    assert "extension" not in case.armed
    assert case.refusal(c.DecideExtension, granted=True, reason=WORDS) == "no_extension_asked"
    again = case.does(c.RequestExtension, by=handler("water"), task_no=T2, **more)
    assert "extension#2" in again.armed


def test_the_next_units_clocks_stand_still_with_a_suspension_in_force(given: CaseBuilder) -> None:
    still: dict[str, Any] = {"ground": PauseGround.MEDICAL_APPRAISAL, "until": date(2026, 3, 20), "reason": WORDS}
    case = given.whistled().does(c.Suspend, by=SUPERVISOR, **still).reassigned()
    assert case.state.suspension is not None
    assert local(case.clock("T2/finish").due_at) == local(case.clock("citizen").due_at) == "2026-03-27T17:30"
    resumed = case.at("2026-03-10T09:00").does(c.Resume, by=SUPERVISOR, reason=WORDS)
    assert local(resumed.clock("T2/finish").due_at) == "2026-03-17T17:30"


def test_the_unit_that_was_replaced_can_do_nothing_more_and_may_be_called_in_again(given: CaseBuilder) -> None:
    case = given.whistled().reassigned()
    assert case.refusal(c.Finish, by=handler("housing"), task_no=T1, reply=WORDS) == "task_not_open"
    assert case.reassigned(2, to="housing").state.lead_task == case.reassigned(2, to="housing").task(3)


def test_the_window_to_send_back_is_the_next_units_own(given: CaseBuilder) -> None:
    case = given.whistled().at("2026-03-06T10:00").reassigned()
    assert "send_back" in case.at("2026-03-10T17:30").asked_back(2).armed


def test_what_is_done_again_is_done_by_the_unit_that_took_over(given: CaseBuilder) -> None:
    case = given.whistled().reassigned().finished(2).verified(passed=False)
    assert (case.task(1).status, case.task(2).status) == (TaskStatus.REASSIGNED, TaskStatus.REPORTED_IN)
    assert "T2/finish#2" in case.armed


def test_a_unit_that_was_replaced_does_not_judge_the_result(given: CaseBuilder) -> None:
    case = given.whistled().reassigned().finished(2)
    verify: dict[str, Any] = {"passed": True, "note": WORDS}
    assert case.refusal(c.Verify, by=handler("housing"), **verify) == "verifier_is_handler"


def test_what_cannot_be_reassigned_is_refused(given: CaseBuilder) -> None:
    case = given.whistled("water")
    assert refused_to_reassign(case, task_no="no-such-task") == "unknown_task"
    assert refused_to_reassign(case.finished(1)) == "task_not_open"
    assert refused_to_reassign(case, department("water")) == "unit_twice"
    assert refused_to_reassign(case, department("housing")) == "unit_twice"
    assert refused_to_reassign(case, UnitRef(unit_id="tax", kind=UnitKind.VERTICAL)) == "unit_cannot_be_dated"
    assert refused_to_reassign(given.disputed(), task_no=T2) == "dispute_open"
