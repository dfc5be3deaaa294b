"""Taking a matter back: at once by the requester or the centre, through others once the centre has asked."""

import pytest

from tests.rules.case_builder import (
    DISPATCHER,
    REQUESTER,
    VERIFIER,
    WORDS,
    CaseBuilder,
    handler,
    kinds,
    local,
    registered,
    signals,
)
from workflows.contracts import commands as c
from workflows.contracts.actors import Actor
from workflows.contracts.effects import SignalType
from workflows.contracts.vocabulary import CallbackOutcome, CaseKind, CaseStatus, DeclineGround, TaskStatus

HANDLER = handler("housing")


def asked(case: CaseBuilder, by: Actor = HANDLER) -> CaseBuilder:
    return case.does(c.Withdraw, by=by, reason=WORDS)


@pytest.mark.parametrize("by", [REQUESTER, DISPATCHER])
def test_a_withdrawal_by_the_requester_or_the_centre_counts_at_once(given: CaseBuilder, by: Actor) -> None:
    case = asked(given.whistled("water", connected=True), by)
    assert case.state.status is CaseStatus.WITHDRAWN
    assert {task.status for task in case.state.tasks.values()} == {TaskStatus.CANCELLED}
    assert signals(case.happened) == [("housing", SignalType.CANCELLED), ("water", SignalType.CANCELLED)]
    assert case.armed == {"archive_after"}


@pytest.mark.parametrize("by", [HANDLER, VERIFIER])
def test_a_withdrawal_through_anyone_else_waits_for_the_centre_on_a_clock(given: CaseBuilder, by: Actor) -> None:
    case = asked(given.whistled(), by)
    assert case.state.status is CaseStatus.DISPATCHED
    assert case.state.withdrawal_asked
    assert local(case.clock("withdrawal").due_at) == "2026-03-02T14:30"
    assert {"citizen", "T1/finish"} <= case.armed


def test_a_withdrawal_is_asked_once_at_a_time(given: CaseBuilder) -> None:
    assert asked(given).refusal(c.Withdraw, by=HANDLER, reason=WORDS) == "withdrawal_already_asked"


def test_a_confirmed_withdrawal_ends_the_case(given: CaseBuilder) -> None:
    case = asked(given.whistled()).does(c.ConfirmWithdrawal, confirmed=True)
    assert case.state.status is CaseStatus.WITHDRAWN
    assert case.clock("withdrawal").met_at == case.now
    assert case.armed == {"archive_after"}


def test_a_withdrawal_that_was_not_meant_changes_nothing_and_may_be_asked_again(given: CaseBuilder) -> None:
    whistled = given.whistled()
    case = asked(whistled).does(c.ConfirmWithdrawal, confirmed=False)
    assert case.armed == whistled.armed
    assert not case.state.withdrawal_asked
    assert "withdrawal#2" in asked(case).armed


def test_only_a_withdrawal_that_was_asked_is_confirmed(given: CaseBuilder) -> None:
    assert given.refusal(c.ConfirmWithdrawal, confirmed=True) == "no_withdrawal_asked"


def test_the_requester_may_withdraw_while_the_centre_is_still_asking(given: CaseBuilder) -> None:
    case = asked(asked(given), REQUESTER)
    assert case.state.status is CaseStatus.WITHDRAWN
    assert case.clock("withdrawal").met_at == case.now


def test_an_ended_case_is_not_withdrawn(given: CaseBuilder) -> None:
    case = given.closed()
    assert case.refusal(c.Withdraw, by=REQUESTER, reason=WORDS) == "case_ended"
    assert case.refusal(c.ConfirmWithdrawal, confirmed=True) == "case_ended"


def test_a_withdrawal_is_no_longer_asked_once_the_case_ended_otherwise(given: CaseBuilder) -> None:
    closed = asked(given.verified()).called(CallbackOutcome.REACHED)
    declined = asked(given).does(c.Decline, ground=DeclineGround.EMERGENCY_LINE, route=WORDS)
    answered = asked(registered(kind=CaseKind.INQUIRY)).does(c.Answer, reply=WORDS)
    for case in (closed, declined, answered):
        assert not case.state.withdrawal_asked
        assert case.clock("withdrawal").stopped_at == case.now


def test_a_withdrawal_that_nobody_confirms_climbs_its_ladder(given: CaseBuilder) -> None:
    case = asked(given.whistled()).at("2026-03-02T14:30")
    assert ("03-02T14:30", "withdrawal", "urge") in case.rungs
    assert "case_withdrawn" not in kinds(case.happened)
