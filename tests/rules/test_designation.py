"""Two units say that it is not their business: the centre designates one, which may object but not send it back."""

from typing import Any

import pytest

from tests.rules.case_builder import (
    CASE_NO,
    REQUESTER,
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
from workflows.contracts.commands import UnitRef
from workflows.contracts.effects import SignalType
from workflows.contracts.vocabulary import CaseStatus, Level, OwnerRole, TaskRole, TaskStatus, UnitKind
from workflows.rules.ownership import owner

T1, T2, T3 = (f"{CASE_NO}-T{n}" for n in (1, 2, 3))
TOWNSHIP = UnitRef(unit_id="town", kind=UnitKind.TOWNSHIP)


def undesignated(case: CaseBuilder, unit: UnitRef, **fields: Any) -> str:
    """The code with which a designation is turned down."""
    return case.refusal(c.Designate, unit=unit, reason=WORDS, **fields)


def objected(case: CaseBuilder, n: int) -> CaseBuilder:
    task = case.task(n)
    return case.does(c.Object, by=handler(task.unit.unit_id), task_no=task.task_no, reason=WORDS)


def unobjectionable(case: CaseBuilder, task_no: str) -> str:
    """The code with which an objection is turned down."""
    return case.refusal(c.Object, by=handler("roads"), task_no=task_no, reason=WORDS)


def test_another_unit_is_designated_in_the_place_of_the_one_that_disputes(given: CaseBuilder) -> None:
    case = given.disputed().designated("roads")
    assert (case.task(2).status, case.task(2).designated) == (TaskStatus.SENT_BACK, False)
    assert (case.task(3).unit.unit_id, case.task(3).role, case.task(3).designated) == ("roads", TaskRole.LEAD, True)
    assert (case.state.disputed, case.state.status) == (None, CaseStatus.DISPATCHED)
    assert case.armed == {"citizen", "T3/sign", "T3/contact", "T3/report_in", "T3/finish"}


def test_the_unit_that_disputes_may_be_designated_itself_and_its_clocks_run_on(given: CaseBuilder) -> None:
    disputed = given.disputed()
    case = disputed.designated("water")
    assert kinds(case.happened) == ["clock_met", "unit_designated"]
    assert case.armed == disputed.armed - {"dispute"}
    assert case.task(2).designated
    assert case.task(2).status is disputed.task(2).status


def test_a_unit_that_was_rid_of_it_earlier_may_be_designated(given: CaseBuilder) -> None:
    case = given.disputed().designated("housing")
    assert (case.task(3).unit.unit_id, case.task(3).designated) == ("housing", True)


def test_the_units_are_told(given: CaseBuilder) -> None:
    connected = given.whistled(connected=True).asked_back().decided_send_back(approved=False).asked_back()
    roads = department("roads", connected=True)
    case = connected.designated(roads)
    assert signals(case.happened) == [("housing", SignalType.CANCELLED), ("roads", SignalType.DISPATCHED)]


def test_designation_moves_no_date_of_the_requester() -> None:
    wednesday = registered("2026-05-11T09:20").whistled().at("2026-05-12T11:00").sent_back().whistled(lead="water")
    disputed = wednesday.at("2026-05-13T10:30").asked_back(2)
    assert local(disputed.clock("dispute").due_at) == "2026-05-14T17:30"
    case = disputed.at("2026-05-14T17:00").designated("roads")
    assert local(case.clock("citizen").due_at) == "2026-05-18T17:30"
    assert local(case.clock("T3/finish").due_at) == "2026-05-21T17:30"
    assert local(case.clock("dispute").met_at) == "2026-05-14T17:00"


def test_a_designated_unit_may_not_send_the_task_back(given: CaseBuilder) -> None:
    case = given.designated()
    about = {"task_no": T3, "reason": WORDS, "clause": WORDS, "suggested_unit": department("gas")}
    assert case.refusal(c.SendBack, by=handler("roads"), **about) == "designated_unit"
    reworked = case.finished(3).verified(passed=False)
    assert reworked.refusal(c.SendBack, by=handler("roads"), **about) == "designated_unit"


def test_a_designated_unit_objects_and_works_on(given: CaseBuilder) -> None:
    designated = given.designated()
    case = objected(designated, 3)
    assert kinds(case.happened) == ["objected", "clock_started"]
    assert case.armed == designated.armed | {"objection_decision"}
    assert case.reported_in(3).finished(3).state.status is CaseStatus.FINISHED


def test_only_the_designated_unit_objects_and_only_while_it_is_at_it(given: CaseBuilder) -> None:
    case = given.designated()
    assert unobjectionable(case, "no-such-task") == "unknown_task"
    assert unobjectionable(case, T2) == "task_not_open"
    assert unobjectionable(case.finished(3), T3) == "task_not_open"
    assert unobjectionable(given.disputed(), T2) == "not_designated"


def test_the_centre_designates_only_while_units_dispute(given: CaseBuilder) -> None:
    roads = department("roads")
    assert undesignated(given, roads) == "no_dispute"
    assert undesignated(given.whistled().asked_back(), roads) == "no_dispute"
    assert undesignated(given.designated(), roads) == "no_dispute"


@pytest.mark.parametrize("kind", [UnitKind.VERTICAL, UnitKind.JUDICIAL, UnitKind.DISCIPLINE])
def test_only_a_unit_that_can_be_given_dates_is_designated(given: CaseBuilder, kind: UnitKind) -> None:
    assert undesignated(given.disputed(), UnitRef(unit_id="tax", kind=kind)) == "unit_cannot_be_dated"


def test_a_unit_that_is_at_work_on_the_case_is_not_designated_for_another_part(given: CaseBuilder) -> None:
    case = given.whistled("water").sent_back().whistled(lead="roads").asked_back(3)
    assert undesignated(case, department("water")) == "unit_twice"


def test_a_departments_statutory_duty_is_not_handed_down_to_a_township(given: CaseBuilder) -> None:
    case = given.disputed()
    assert undesignated(case, TOWNSHIP, power_holder=department("housing")) == "duty_not_handed_down"
    for holder in (None, TOWNSHIP, UnitRef(unit_id="gas-plc", kind=UnitKind.ENTERPRISE)):
        assert case.designated(TOWNSHIP, power_holder=holder).task(3).unit == TOWNSHIP
    assert case.designated("roads", power_holder=department("housing")).task(3).designated


def test_the_silence_of_the_centre_in_a_dispute_climbs_the_ladder_and_the_unit_keeps_the_task(
    given: CaseBuilder,
) -> None:
    case = given.disputed().signed(2).reported_in(2).at("2026-03-06T09:00")
    assert [rung for rung in case.rungs if rung[1] == "dispute"] == [
        ("03-03T14:36", "dispute", "due_soon"),
        ("03-03T17:30", "dispute", "urge"),
        ("03-04T17:30", "dispute", "supervise"),
        ("03-05T17:30", "dispute", "escalate"),
    ]
    assert case.state.level is Level.TOWNSHIP
    assert case.task(2).is_open
    assert case.designated("roads").task(3).designated


def test_a_designation_received_in_time_undoes_the_breach_and_what_followed(given: CaseBuilder) -> None:
    late = given.disputed().signed(2).reported_in(2).at("2026-03-06T09:00")
    case = late.designated("roads", received="2026-03-03T17:30")
    assert case.clock("dispute").breached_at is None
    assert case.state.level is Level.VILLAGE
    assert local(case.task(3).dispatched_at) == "2026-03-03T17:30"


@pytest.mark.parametrize("lead", [True, False])
def test_a_dispute_is_over_when_the_unit_finishes_after_all(given: CaseBuilder, lead: bool) -> None:
    n = 1 if lead else 2
    case = given.whistled("water").asked_back(n).decided_send_back(n, approved=False).asked_back(n)
    done = case.finished(n)
    assert done.state.disputed is None
    assert "dispute" not in done.armed
    assert undesignated(done, department("roads")) == "no_dispute"
    assert "dispute" not in {clock_id for _, clock_id, _ in done.at("2026-03-09T09:00").rungs}


def test_a_dispute_is_over_when_the_unit_is_released_or_the_case_taken_back(given: CaseBuilder) -> None:
    case = given.whistled("water").asked_back(2).decided_send_back(2, approved=False).asked_back(2)
    released = case.does(c.Release, task_no=T2, reason=WORDS)
    assert (released.state.disputed, released.task(1).is_open) == (None, True)
    assert released.armed == case.armed - {"dispute", "T2/sign", "T2/contact", "T2/report_in", "T2/finish"}
    withdrawn = case.does(c.Withdraw, by=REQUESTER, reason=WORDS)
    assert withdrawn.state.disputed is None
    assert withdrawn.armed == {"archive_after"}


def test_after_a_designation_another_unit_that_sends_back_opens_the_next_dispute(given: CaseBuilder) -> None:
    case = given.whistled("gas").asked_back().decided_send_back(approved=False).asked_back().designated("roads")
    again = case.asked_back(2)
    assert again.state.disputed == T2
    assert "dispute#2" in again.armed


def test_a_designation_is_not_undone_by_reassigning(given: CaseBuilder) -> None:
    case = given.designated()
    about: dict[str, Any] = {"task_no": f"{CASE_NO}-T3", "unit": department("gas"), "reason": WORDS}
    assert case.refusal(c.Reassign, **about) == "designation_stands"


def test_a_designation_does_not_make_the_units_own_earlier_step_late(given: CaseBuilder) -> None:
    case = given.disputed().at("2026-03-02T09:30").designated("water").at("2026-03-02T09:40")
    done = case.does(c.Finish, by=handler("water"), task_no=f"{CASE_NO}-T2", reply=WORDS, received="2026-03-02T09:20")
    assert local(done.clock("T2/finish").met_at) == "2026-03-02T09:20"


def test_a_lead_that_is_designated_after_the_co_units_are_done_finishes_the_case(given: CaseBuilder) -> None:
    case = given.whistled("water").asked_back().decided_send_back(approved=False).asked_back().reported_in(2)
    designated = case.finished(2).designated("roads")
    assert designated.state.status is CaseStatus.DISPATCHED
    assert designated.state.lead_task == designated.task(3)
    assert designated.finished(3).state.status is CaseStatus.FINISHED


def test_while_units_dispute_the_centre_owes_the_next_step(given: CaseBuilder) -> None:
    case = given.disputed()
    by = owner(case.state)
    assert by is not None
    assert (by.role, by.unit_id) == (OwnerRole.DISPATCHER, case.state.centre)
