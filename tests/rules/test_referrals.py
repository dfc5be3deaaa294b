"""Vertical, judicial and discipline bodies are asked: receipt and outcome are noted, no date and no ladder."""

from typing import Any

import pytest

from tests.rules.case_builder import CASE_NO, DISPATCHER, WORDS, CaseBuilder, department, kinds, registered
from workflows.contracts import commands as c
from workflows.contracts.commands import UnitRef
from workflows.contracts.events import Subject
from workflows.contracts.vocabulary import SubjectType, UnitKind

TAX = UnitRef(unit_id="tax", kind=UnitKind.VERTICAL)
POLICE = UnitRef(unit_id="police", kind=UnitKind.VERTICAL)
R1 = f"{CASE_NO}-R1"


def referred(case: CaseBuilder, unit: UnitRef = TAX) -> CaseBuilder:
    return case.does(c.Refer, unit=unit, reason=WORDS)


def recorded(case: CaseBuilder, **fields: Any) -> CaseBuilder:
    return case.does(c.RecordReferral, referral_no=R1, **fields)


@pytest.mark.parametrize("kind", [UnitKind.VERTICAL, UnitKind.JUDICIAL, UnitKind.DISCIPLINE])
def test_a_body_that_can_be_given_no_dates_is_asked_and_no_clock_starts(given: CaseBuilder, kind: UnitKind) -> None:
    case = referred(given.accepted(), UnitRef(unit_id="body", kind=kind))
    assert kinds(case.happened) == ["referred"]
    assert case.armed == given.accepted().armed


def test_a_unit_that_can_be_given_dates_is_whistled_instead(given: CaseBuilder) -> None:
    for unit in (department("housing"), UnitRef(unit_id="town", kind=UnitKind.TOWNSHIP)):
        assert given.refusal(c.Refer, unit=unit, reason=WORDS) == "unit_can_be_dated"
    centre = UnitRef(unit_id="centre-city", kind=UnitKind.GOVERNANCE_CENTRE)
    assert given.refusal(c.Refer, unit=centre, reason=WORDS) == "unit_can_be_dated"


def test_receipt_and_outcome_are_noted_one_by_one_or_together(given: CaseBuilder) -> None:
    case = recorded(referred(given.whistled()), receipt=WORDS)
    assert (case.state.referrals[R1].received, case.state.referrals[R1].ended) == (True, False)
    ended = recorded(case, outcome=WORDS)
    assert ended.state.referrals[R1].ended
    at_once = recorded(referred(given), receipt=WORDS, outcome=WORDS)
    assert (at_once.state.referrals[R1].received, at_once.state.referrals[R1].ended) == (True, True)


def test_nothing_more_is_noted_once_the_outcome_is_known(given: CaseBuilder) -> None:
    case = recorded(referred(given), outcome=WORDS)
    assert case.refusal(c.RecordReferral, referral_no=R1, receipt=WORDS) == "referral_ended"
    assert case.refusal(c.Urge, referral_no=R1, note=WORDS) == "referral_ended"


def test_what_is_noted_says_something_about_a_referral_of_the_case(given: CaseBuilder) -> None:
    assert referred(given).refusal(c.RecordReferral, referral_no=R1) == "nothing_to_record"
    assert given.refusal(c.RecordReferral, referral_no=R1, receipt=WORDS) == "unknown_referral"
    assert given.refusal(c.Urge, referral_no=R1, note=WORDS) == "unknown_referral"


def test_a_body_is_asked_again_only_once_it_has_answered(given: CaseBuilder) -> None:
    case = referred(given)
    assert case.refusal(c.Refer, unit=TAX, reason=WORDS) == "already_referred"
    again = referred(recorded(case, outcome=WORDS))
    assert list(again.state.referrals) == [R1, f"{CASE_NO}-R2"]
    assert list(referred(case, POLICE).state.referrals) == [R1, f"{CASE_NO}-R2"]


def test_a_body_that_was_asked_is_reminded_and_the_units_at_work_are_not(given: CaseBuilder) -> None:
    case = referred(given.whistled(connected=True))
    assert kinds(case.when(c.Urge, referral_no=R1, note=WORDS)) == ["urged"]


def test_a_case_goes_its_way_whatever_the_body_does(given: CaseBuilder) -> None:
    case = referred(given.whistled()).finished().closed()
    assert not case.state.referrals[R1].ended
    assert case.refusal(c.Refer, unit=POLICE, reason=WORDS) == "case_ended"
    assert recorded(case, outcome=WORDS).state.referrals[R1].ended


def test_a_body_that_the_matter_is_about_is_not_asked() -> None:
    case = registered(subjects=(Subject(type=SubjectType.UNIT, id="tax"),))
    assert case.refusal(c.Refer, by=DISPATCHER, unit=TAX, reason=WORDS) == "unit_concerned"
