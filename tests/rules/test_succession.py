"""A unit is merged into another or renamed: what it had at work is the other's, with the same numbers and clocks."""

from typing import Any

from tests.rules.case_builder import (
    CASE_NO,
    CITY,
    WORDS,
    CaseBuilder,
    department,
    handler,
    kinds,
    registered,
    signals,
)
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.commands import UnitRef
from workflows.contracts.effects import SignalType
from workflows.contracts.events import Subject
from workflows.contracts.vocabulary import CaseStatus, OwnerRole, SubjectType, TaskStatus, UnitKind

T1 = f"{CASE_NO}-T1"


def succeeded(case: CaseBuilder, old: str = "housing", new: str = "construction", **fields: Any) -> CaseBuilder:
    return case.does(c.SucceedUnit, by=CITY, old=old, new=department(new, **fields))


def test_the_new_unit_has_the_open_task_where_it_stood(given: CaseBuilder) -> None:
    before = given.whistled("water").signed()
    case = succeeded(before)
    assert case.happened == [e.UnitSucceeded(old="housing", new=department("construction"), task_nos=(T1,))]
    assert (case.task().unit.unit_id, case.task().status) == ("construction", TaskStatus.SIGNED)
    assert case.state.clocks == before.state.clocks
    assert case.owed == (OwnerRole.LEAD_UNIT, "construction")
    assert case.does(c.Finish, by=handler("construction"), task_no=T1, reply=WORDS).task().status is TaskStatus.FINISHED


def test_both_units_are_told(given: CaseBuilder) -> None:
    case = succeeded(given.whistled(connected=True), connected=True)
    assert signals(case.happened) == [
        ("housing", SignalType.CANCELLED),
        ("construction", SignalType.DISPATCHED),
    ]


def test_what_the_old_unit_had_finished_stays_its_own(given: CaseBuilder) -> None:
    case = given.whistled("water").finished(2)
    assert case.refusal(c.SucceedUnit, by=CITY, old="water", new=department("rivers")) == "no_task_of_unit"


def test_a_designation_stays_with_the_task(given: CaseBuilder) -> None:
    case = succeeded(given.designated("roads"), old="roads")
    assert case.task(3).designated
    about = {"task_no": f"{CASE_NO}-T3", "reason": WORDS, "clause": WORDS, "suggested_unit": department("gas")}
    assert case.refusal(c.SendBack, by=handler("construction"), **about) == "designated_unit"


def test_a_centre_that_is_replaced_owes_what_the_old_one_owed(given: CaseBuilder) -> None:
    centre = UnitRef(unit_id="centre-new", kind=UnitKind.GOVERNANCE_CENTRE)
    case = given.does(c.SucceedUnit, by=CITY, old="centre-village", new=centre)
    assert case.owed == (OwnerRole.DISPATCHER, "centre-new")
    closed = given.closed().does(c.SucceedUnit, by=CITY, old="centre-village", new=centre)
    assert closed.owed == (OwnerRole.LEADER, "centre-new")


def test_a_matter_about_the_old_unit_is_about_the_new_one() -> None:
    about = registered(subjects=(Subject(type=SubjectType.UNIT, id="housing"),))
    case = succeeded(about).accepted()
    assert case.refusal(c.Whistle, lead=department("construction"), reason=WORDS) == "unit_concerned"


def test_a_unit_without_a_part_in_the_case_has_no_successor_there(given: CaseBuilder) -> None:
    case = given.whistled()
    assert case.refusal(c.SucceedUnit, by=CITY, old="gas", new=department("heating")) == "no_task_of_unit"


def test_a_unit_that_had_a_part_already_has_both(given: CaseBuilder) -> None:
    case = succeeded(given.whistled("water"), new="water")
    assert [task.unit.unit_id for task in case.state.open_tasks] == ["water", "water"]
    assert case.finished(1).finished(2).state.status is CaseStatus.FINISHED


def test_whoever_handled_it_for_the_new_unit_does_not_judge_it(given: CaseBuilder) -> None:
    case = succeeded(given.whistled()).finished()
    refused = case.refusal(c.Verify, by=handler("construction"), passed=True, note=WORDS)
    assert (refused, kinds(case.happened)[-1]) == ("verifier_is_handler", "clock_started")


def test_a_unit_that_was_only_asked_is_asked_in_its_successor(given: CaseBuilder) -> None:
    tax, revenue = (UnitRef(unit_id=name, kind=UnitKind.VERTICAL) for name in ("tax", "revenue"))
    case = given.whistled().does(c.Refer, unit=tax, reason=WORDS)
    after = case.does(c.SucceedUnit, by=CITY, old="tax", new=revenue)
    assert [referral.unit.unit_id for referral in after.state.referrals.values()] == ["revenue"]
