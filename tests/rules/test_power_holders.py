"""The unit that holds the legal power over a matter is always among those that are called in, or asked beside them."""

from typing import Any

import pytest

from tests.rules.case_builder import CASE_NO, SUPERVISOR, WORDS, CaseBuilder, department, handler, kinds, registered
from workflows.contracts import commands as c
from workflows.contracts.commands import UnitRef
from workflows.contracts.events import Subject
from workflows.contracts.vocabulary import SubjectType, TaskRole, UnitKind

HOLDER = department("urban")
TAX = UnitRef(unit_id="tax", kind=UnitKind.VERTICAL)
COURT = UnitRef(unit_id="court", kind=UnitKind.JUDICIAL)
CENTRE = UnitRef(unit_id="centre-county", kind=UnitKind.GOVERNANCE_CENTRE)


def unheld(case: CaseBuilder, holder: UnitRef, **fields: Any) -> str:
    """The code with which a whistle without the holder of the power is turned down."""
    return case.refusal(c.Whistle, lead=department("housing"), reason=WORDS, power_holder=holder, **fields)


def asked_beside(case: CaseBuilder) -> list[str]:
    """The units without dates that were asked so far."""
    return [referral.unit.unit_id for referral in case.state.referrals.values()]


def test_a_whistle_without_the_holder_of_the_legal_power_is_turned_down(given: CaseBuilder) -> None:
    case = given.accepted()
    assert unheld(case, HOLDER) == "power_holder_missing"
    assert unheld(case, UnitRef(unit_id="gas-plc", kind=UnitKind.ENTERPRISE)) == "power_holder_missing"


def test_the_holder_leads_or_helps(given: CaseBuilder) -> None:
    assert given.whistled(lead="urban", power_holder=HOLDER).task(1).role is TaskRole.LEAD
    assert given.whistled("urban", power_holder=HOLDER).task(2).role is TaskRole.CO


def test_a_holder_that_is_at_work_already_need_not_be_called_in_again(given: CaseBuilder) -> None:
    led_anew = given.whistled("urban").sent_back().whistled(lead="water", power_holder=HOLDER)
    assert {task.unit.unit_id for task in led_anew.state.open_tasks} == {"urban", "water"}


@pytest.mark.parametrize("holder", [TAX, COURT, UnitRef(unit_id="discipline", kind=UnitKind.DISCIPLINE)])
def test_a_holder_that_can_be_given_no_dates_is_asked_beside_the_units_by_itself(
    given: CaseBuilder, holder: UnitRef
) -> None:
    case = given.whistled("water", power_holder=holder)
    assert kinds(case.happened)[-1] == "referred"
    assert case.state.referrals[f"{CASE_NO}-R1"].unit == holder
    assert [task.unit.unit_id for task in case.state.open_tasks] == ["housing", "water"]


def test_it_is_asked_once_however_often_units_are_called_in(given: CaseBuilder) -> None:
    case = given.whistled(power_holder=TAX).sent_back().whistled(lead="water", power_holder=TAX)
    assert asked_beside(case) == ["tax"]
    known = given.does(c.Refer, unit=TAX, reason=WORDS).whistled(power_holder=TAX)
    assert asked_beside(known) == ["tax"]


def test_a_centre_that_holds_the_power_is_neither_called_in_nor_asked(given: CaseBuilder) -> None:
    assert asked_beside(given.whistled(power_holder=CENTRE)) == []


def test_reassigning_keeps_the_holder_in_the_case(given: CaseBuilder) -> None:
    case = given.whistled(lead="urban", power_holder=HOLDER)
    about: dict[str, Any] = {"task_no": case.task(1).task_no, "unit": department("water"), "reason": WORDS}
    assert case.refusal(c.Reassign, **about, power_holder=HOLDER) == "power_holder_missing"
    assert case.reassigned(to="water").task(2).unit.unit_id == "water"


def test_another_units_task_may_be_reassigned_while_the_holder_works_on(given: CaseBuilder) -> None:
    case = given.whistled("urban", power_holder=HOLDER)
    assert case.reassigned(1, to="water", power_holder=HOLDER).task(3).role is TaskRole.LEAD
    assert case.reassigned(1, to="water", power_holder=TAX).task(3).role is TaskRole.LEAD


@pytest.mark.parametrize("holder", [HOLDER, TAX])
def test_a_holder_that_the_matter_is_about_is_left_out(holder: UnitRef) -> None:
    case = registered(subjects=(Subject(type=SubjectType.UNIT, id=holder.unit_id),))
    whistled = case.whistled(power_holder=holder)
    assert [task.unit.unit_id for task in whistled.state.open_tasks] == ["housing"]
    assert asked_beside(whistled) == []


def test_a_refused_whistle_leaves_the_case_as_it_was(given: CaseBuilder) -> None:
    case = given.accepted()
    unheld(case, HOLDER)
    assert case.state.tasks == {}
    assert "dispatch" in case.armed


def test_the_holder_is_not_released_by_the_back_door(given: CaseBuilder) -> None:
    case = given.whistled("water", power_holder=department("water"))
    refused = case.refusal(c.Release, task_no=case.task(2).task_no, reason=WORDS)
    assert refused == "power_holder_missing"


def test_nor_left_out_of_what_a_consultation_decides(given: CaseBuilder) -> None:
    fields: dict[str, Any] = {"minutes": WORDS, "decisions": (c.Agreed(unit=department("roads"), what=WORDS),)}
    case = given.accepted()
    assert case.refusal(c.Consult, power_holder=department("water"), **fields) == "power_holder_missing"
    assert case.does(c.Consult, power_holder=department("roads"), **fields).task().unit.unit_id == "roads"


def test_an_upheld_objection_does_not_hand_a_departments_duty_down(given: CaseBuilder) -> None:
    town = UnitRef(unit_id="town", kind=UnitKind.TOWNSHIP)
    holder = department("housing")
    disputed = given.whistled(power_holder=holder).sent_back(to="water").whistled(lead="water", power_holder=holder)
    case = disputed.asked_back(2).designated("roads")
    objected = case.does(c.Object, by=handler("roads"), task_no=case.task(3).task_no, reason=WORDS)
    upheld = {"task_no": case.task(3).task_no, "upheld": True, "unit": town, "reason": WORDS}
    assert objected.refusal(c.DecideObjection, by=SUPERVISOR, **upheld) == "duty_not_handed_down"
