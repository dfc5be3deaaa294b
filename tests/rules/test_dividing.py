"""A case that is really several: parts go on as cases of their own, and so does the danger in a withdrawn one."""

from dataclasses import replace
from datetime import UTC

import pytest

from tests.rules.calendar_2026 import at
from tests.rules.case_builder import CASE_NO, REQUESTER, VERIFIER, WORDS, CaseBuilder, kinds, local, registered, sent
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.vocabulary import CaseKind, CaseStatus, Level

PART_NO, NEXT_NO = "990102202603020008", "990102202603020009"


def part(case_no: str = PART_NO, kind: CaseKind = CaseKind.HELP) -> c.Part:
    return c.Part(case_no=case_no, title=WORDS, description=WORDS, case_kind=kind, category="city/noise")


HAZARD = part(kind=CaseKind.HAZARD)


def divided(case: CaseBuilder, *parts: c.Part) -> CaseBuilder:
    return case.does(c.Divide, parts=parts, reason=WORDS)


def test_each_part_is_on_record_and_the_case_goes_on_with_the_rest(given: CaseBuilder) -> None:
    before = given.whistled()
    case = divided(before, part(), part(NEXT_NO))
    assert case.happened == [
        e.CaseDivided(part=part(), reason=WORDS),
        e.CaseDivided(part=part(NEXT_NO), reason=WORDS),
    ]
    assert case.state.children == (PART_NO, NEXT_NO)
    assert (case.state.clocks, case.state.status) == (before.state.clocks, CaseStatus.DISPATCHED)
    assert sent(case) == []


def test_each_part_has_a_number_of_its_own(given: CaseBuilder) -> None:
    assert given.refusal(c.Divide, parts=(part(), part()), reason=WORDS) == "part_twice"
    case = divided(given, part())
    assert case.refusal(c.Divide, parts=(part(),), reason=WORDS) == "part_twice"
    assert divided(case, part(NEXT_NO)).state.children == (PART_NO, NEXT_NO)


def test_a_case_that_is_over_is_not_divided(given: CaseBuilder) -> None:
    assert given.closed().refusal(c.Divide, parts=(part(),), reason=WORDS) == "case_ended"


@pytest.mark.parametrize("through_staff", [False, True])
def test_a_hazard_in_a_withdrawn_matter_goes_on(given: CaseBuilder, through_staff: bool) -> None:
    if through_staff:
        asked = given.whistled().does(c.Withdraw, by=VERIFIER, reason=WORDS)
        case = asked.does(c.ConfirmWithdrawal, confirmed=True, hazard=HAZARD)
    else:
        case = given.whistled().does(c.Withdraw, by=REQUESTER, reason=WORDS, hazard=HAZARD)
    assert e.HazardKept(part=HAZARD) in case.happened
    assert (case.state.status, case.state.children) == (CaseStatus.WITHDRAWN, (PART_NO,))
    assert case.armed == {"archive_after"}


def test_a_withdrawal_that_is_not_meant_keeps_nothing_apart(given: CaseBuilder) -> None:
    asked = given.whistled().does(c.Withdraw, by=VERIFIER, reason=WORDS)
    case = asked.does(c.ConfirmWithdrawal, confirmed=False, hazard=HAZARD)
    assert kinds(case.happened) == ["clock_met", "withdrawal_refuted"]
    assert case.state.children == ()


def test_a_part_does_not_disturb_the_tasks_numbers(given: CaseBuilder) -> None:
    assert divided(given, part()).whistled().task(1).task_no == f"{CASE_NO}-T1"


def test_a_part_is_accepted_from_when_it_became_a_case_and_nothing_ran_out_before_that() -> None:
    divided = at("2026-03-23T09:00").astimezone(UTC)
    part = registered("2026-03-02T09:00", case_no=f"{CASE_NO[:-1]}9", divided_at=divided)
    case = replace(part, now=divided).noticed()
    assert local(case.clock("citizen").due_at) == "2026-03-09T17:30"
    assert local(case.clock("accept").due_at) == "2026-03-23T14:30"
    assert {record.at for record in case.news} == {divided}
    assert case.state.level is Level.TOWNSHIP
    assert local(case.clock("level").started_at) == "2026-03-23T09:00"
