"""Whoever a matter is about neither handles it nor judges it (信访工作条例 30)."""

from typing import Any

import pytest

from tests.rules.case_builder import (
    CASE_NO,
    DISPATCHER,
    VERIFIER,
    WORDS,
    CaseBuilder,
    department,
    handler,
    registered,
)
from workflows.contracts import commands as c
from workflows.contracts.actors import Actor
from workflows.contracts.commands import Agreed, AnyCommand
from workflows.contracts.events import Subject
from workflows.contracts.vocabulary import CallbackOutcome, CaseKind, CaseStatus, Role, SubjectType

URBAN = department("urban")
BY_NAME_ONLY = Subject(type=SubjectType.COMPANY)


def about(*subjects: Subject) -> CaseBuilder:
    return registered(kind=CaseKind.COMPLAINT, subjects=subjects)


def about_unit() -> CaseBuilder:
    return about(Subject(type=SubjectType.UNIT, id="urban"), BY_NAME_ONLY)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (c.Whistle, {"lead": URBAN}),
        (c.Whistle, {"lead": department("housing"), "co_units": (URBAN,)}),
        (c.Consult, {"minutes": WORDS, "decisions": (Agreed(unit=URBAN, what=WORDS),)}),
    ],
)
def test_a_unit_that_is_complained_about_is_not_called_in(kind: type[AnyCommand], fields: dict[str, Any]) -> None:
    if kind is c.Whistle:
        fields = fields | {"reason": WORDS}
    assert about_unit().accepted().refusal(kind, **fields) == "unit_concerned"


def test_nor_does_it_come_to_the_task_in_the_place_of_another() -> None:
    case = about_unit().whistled()
    reassign = {"task_no": f"{CASE_NO}-T1", "unit": URBAN, "reason": WORDS}
    assert case.refusal(c.Reassign, **reassign) == "unit_concerned"
    disputed = about_unit().disputed()
    assert disputed.refusal(c.Designate, unit=URBAN, reason=WORDS) == "unit_concerned"
    roads = disputed.designated("roads")
    objected = roads.does(c.Object, by=handler("roads"), task_no=f"{CASE_NO}-T3", reason=WORDS)
    upheld: dict[str, Any] = {"task_no": f"{CASE_NO}-T3", "upheld": True, "unit": URBAN, "reason": WORDS}
    assert objected.refusal(c.DecideObjection, **upheld) == "unit_concerned"


def test_a_unit_may_name_it_as_the_one_whose_business_it_is_and_the_centre_chooses() -> None:
    case = about_unit().whistled().asked_back(to="urban")
    assert case.decided_send_back().state.status is CaseStatus.ACCEPTED


@pytest.mark.parametrize("by_unit", [True, False])
def test_nobody_judges_a_matter_about_themselves_or_their_unit(by_unit: bool) -> None:
    clerk = Actor(id="clerk-1", role=Role.DISPATCHER, unit_id="urban")
    staff = Subject(type=SubjectType.STAFF, id="clerk-1")
    case = about_unit() if by_unit else about(staff)
    done = case.finished()
    assert done.refusal(c.Verify, by=clerk, passed=True, note=WORDS) == "actor_concerned"
    verified = done.verified()
    assert verified.refusal(c.Callback, by=clerk, outcome=CallbackOutcome.DECLINED) == "actor_concerned"


def test_a_subject_that_is_known_by_name_only_keeps_nobody_out() -> None:
    nobody = Actor(id="clerk-2", role=Role.DISPATCHER)
    case = about(BY_NAME_ONLY).finished().verified(by=VERIFIER)
    assert case.does(c.Callback, by=nobody, outcome=CallbackOutcome.DECLINED).state.status is CaseStatus.CLOSED


def test_whoever_it_is_not_about_decides_as_ever() -> None:
    assert about_unit().whistled(by=DISPATCHER).state.status is CaseStatus.DISPATCHED
