"""Dissatisfied again: more is done, or two persons sign why nothing more is."""

from typing import Any

import pytest

from tests.rules.case_builder import (
    DISPATCHER,
    REQUESTER,
    SUPERVISOR,
    VERIFIER,
    WORDS,
    CaseBuilder,
    handler,
    kinds,
    local,
    notices,
    registered,
)
from workflows.contracts import commands as c
from workflows.contracts.actors import Actor
from workflows.contracts.events import Subject
from workflows.contracts.vocabulary import (
    CallbackOutcome,
    CaseStatus,
    Flag,
    NoticeKind,
    OwnerRole,
    Role,
    Solved,
    SubjectType,
)
from workflows.rules.flags import flags

SECOND_VERIFIER = Actor(id="grid-2", role=Role.GRID_WORKER)
NOT_SOLVED: dict[str, Any] = {"outcome": CallbackOutcome.REACHED, "solved": Solved.NO}


def in_a_second_round(case: CaseBuilder) -> CaseBuilder:
    """Not solved in the first round; of the second the result stands and nobody was asked yet."""
    first = case.verified().does(c.Callback, **NOT_SOLVED)
    return first.reopened().whistled(lead="roads").finished(2).verified(by=SECOND_VERIFIER)


def dissatisfied_again(case: CaseBuilder, **fields: Any) -> CaseBuilder:
    return in_a_second_round(case).does(c.Callback, **NOT_SOLVED, **fields)


def explained(case: CaseBuilder) -> CaseBuilder:
    return dissatisfied_again(case).does(c.Close, note=WORDS).does(c.Close, by=SUPERVISOR, note=WORDS)


def test_the_first_dissatisfaction_closes_the_case_as_any_callback_does(given: CaseBuilder) -> None:
    case = given.verified().does(c.Callback, **NOT_SOLVED)
    assert (case.state.status, case.state.dissatisfied) == (CaseStatus.CLOSED, 1)


@pytest.mark.parametrize("rated_herself", [True, False])
def test_the_second_leaves_it_open_and_the_callback_desk_owes_what_follows(
    given: CaseBuilder, rated_herself: bool
) -> None:
    second = in_a_second_round(given)
    if rated_herself:
        case = second.does(c.Rate, by=REQUESTER, rating="very_dissatisfied", solved=Solved.NO)
    else:
        case = second.does(c.Callback, **NOT_SOLVED)
    assert (case.state.status, case.state.dissatisfied) == (CaseStatus.VERIFIED, 2)
    assert case.owed == (OwnerRole.CALLBACK_DESK, "centre-village")
    assert case.armed == {"callback#2", "risk_review"}
    assert Flag.EXPLANATION_UNSIGNED in flags(case.state)


def test_two_persons_sign_the_explanation_and_the_second_closes_the_case(given: CaseBuilder) -> None:
    first = dissatisfied_again(given).does(c.Close, note=WORDS)
    assert kinds(first.happened) == ["explanation_signed"]
    assert (first.state.status, first.state.explained) == (CaseStatus.VERIFIED, False)
    assert first.refusal(c.Close, note=WORDS) == "second_signature_needed"
    second = first.does(c.Close, by=SUPERVISOR)
    assert kinds(second.happened)[:4] == ["explanation_signed", "clock_met", "case_closed", "notice_issued"]
    assert (second.state.status, second.state.explained) == (CaseStatus.CLOSED, True)
    assert notices(second) == [(NoticeKind.CLOSING, "case_closed")]
    assert Flag.EXPLANATION_UNSIGNED not in flags(second.state)


def test_an_explanation_has_words(given: CaseBuilder) -> None:
    assert dissatisfied_again(given).refusal(c.Close) == "explanation_missing"


def test_nobody_signs_who_handled_the_matter_or_whom_it_is_about(given: CaseBuilder) -> None:
    assert dissatisfied_again(given).refusal(c.Close, by=handler("roads"), note=WORDS) == "caller_is_handler"
    about = registered(subjects=(Subject(type=SubjectType.STAFF, id=SUPERVISOR.id),))
    once = dissatisfied_again(about).does(c.Close, note=WORDS)
    assert once.refusal(c.Close, by=SUPERVISOR, note=WORDS) == "actor_concerned"


@pytest.mark.parametrize("signed", [True, False])
def test_it_may_be_taken_up_again_instead_even_after_one_has_signed(given: CaseBuilder, signed: bool) -> None:
    case = dissatisfied_again(given)
    if signed:
        case = case.does(c.Close, note=WORDS)
    again = case.at("2026-03-06T15:00").does(c.Reopen, by=REQUESTER, reason=WORDS)
    assert (again.state.status, again.state.round, again.state.explanation_signed_by) == (CaseStatus.ACCEPTED, 3, None)
    assert again.armed == {"citizen#3", "dispatch#3", "risk_review"}
    assert local(again.clock("citizen#3").due_at) == "2026-03-13T17:30"


def test_what_two_persons_explained_the_requester_does_not_reopen_but_staff_may(given: CaseBuilder) -> None:
    case = explained(given)
    assert case.refusal(c.Reopen, by=REQUESTER, reason=WORDS) == "closed_with_explanation"
    assert case.does(c.Reopen, by=DISPATCHER, reason=WORDS).state.round == 3


def test_a_requester_who_is_content_or_cannot_be_asked_the_second_time_needs_no_explanation(given: CaseBuilder) -> None:
    second = in_a_second_round(given)
    for fields in ({"outcome": CallbackOutcome.REACHED, "solved": Solved.YES}, {"outcome": CallbackOutcome.DECLINED}):
        assert second.does(c.Callback, **fields).state.status is CaseStatus.CLOSED
    assert second.refusal(c.Close, note=WORDS) == "callback_not_exhausted"


def test_a_dissatisfaction_that_comes_after_the_closing_counts_as_well(given: CaseBuilder) -> None:
    late = given.closed().does(c.Callback, **NOT_SOLVED)
    assert late.state.dissatisfied == 1
    verified = late.reopened().whistled(lead="roads").finished(2).verified(by=SECOND_VERIFIER)
    assert verified.does(c.Callback, **NOT_SOLVED).state.status is CaseStatus.VERIFIED


def test_a_requester_who_is_won_over_by_a_visit_needs_no_explanation(given: CaseBuilder) -> None:
    case = dissatisfied_again(given, rating="dissatisfied")
    visited = case.does(c.Callback, outcome=CallbackOutcome.VISITED, solved=Solved.YES, rating="basically_satisfied")
    assert (visited.state.status, visited.state.solved) == (CaseStatus.CLOSED, Solved.YES)
    assert visited.state.rating == "basically_satisfied"


def test_saying_it_twice_in_one_round_is_one_dissatisfaction(given: CaseBuilder) -> None:
    case = given.verified().does(c.Callback, **NOT_SOLVED).does(c.Callback, **NOT_SOLVED)
    assert case.state.dissatisfied == 1


def test_under_the_rules_before_the_callback_closed_it_all_the_same() -> None:
    case = dissatisfied_again(registered(rules_version=2))
    assert (case.state.status, case.state.dissatisfied) == (CaseStatus.CLOSED, 2)


def test_a_case_that_nobody_explains_is_urged_like_any_callback(given: CaseBuilder) -> None:
    case = dissatisfied_again(given).at("2026-03-05T18:00")
    assert ("03-05T17:30", "callback#2", "urge") in case.rungs
    assert VERIFIER.id in case.state.verifiers


def test_whoever_asked_for_it_to_be_taken_up_again_has_said_once_that_it_is_not_solved(given: CaseBuilder) -> None:
    again = given.closed().reopened().whistled(lead="roads").finished(2)
    verified = again.does(c.Verify, by=Actor(id="grid-2", role=Role.GRID_WORKER), passed=True, note=WORDS)
    case = verified.called(CallbackOutcome.REACHED, solved=Solved.NO)
    assert case.state.status is CaseStatus.VERIFIED
    assert Flag.EXPLANATION_UNSIGNED in flags(case.state)
