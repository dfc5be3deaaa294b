"""Verification, rework, callback, rating, closing by hand."""

import pytest

from tests.rules.case_builder import (
    CASE_NO,
    DISPATCHER,
    MONDAY,
    POLICY,
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
from workflows.contracts.clocks import Limit
from workflows.contracts.effects import SignalType
from workflows.contracts.policy import ClockPolicy
from workflows.contracts.vocabulary import CallbackOutcome, CaseKind, CaseStatus, ClockName, Level, Solved, TaskStatus

SATISFIED = {"rating": "satisfied", "solved": Solved.YES}


def reworked(case: CaseBuilder, times: int) -> CaseBuilder:
    for _ in range(times):
        case = case.finished().verified(passed=False)
    return case


def unreachable(case: CaseBuilder, *moments: str) -> CaseBuilder:
    for moment in moments:
        case = case.at(moment).called()
    return case


def test_a_verified_case_waits_for_its_callback(given: CaseBuilder) -> None:
    case = given.verified()
    assert case.state.status is CaseStatus.VERIFIED
    assert case.armed == {"callback"}
    assert case.clock("verify").met_at == case.now


def test_only_a_finished_case_is_verified(given: CaseBuilder) -> None:
    assert given.whistled().refusal(c.Verify, by=VERIFIER, passed=True, note=WORDS) == "case_not_finished"


@pytest.mark.parametrize("unit", ["housing", "water"])
def test_nobody_of_a_handling_unit_verifies_or_calls_back(given: CaseBuilder, unit: str) -> None:
    case = given.whistled("water").finished(1).finished(2)
    assert case.refusal(c.Verify, by=handler(unit), passed=True, note=WORDS) == "verifier_is_handler"
    reached = {"by": handler(unit), "outcome": CallbackOutcome.REACHED}
    assert case.verified().refusal(c.Callback, **reached) == "caller_is_handler"


def test_who_settled_a_matter_does_not_judge_it(given: CaseBuilder) -> None:
    case = given.does(c.Settle, by=VERIFIER, reply=WORDS)
    assert case.refusal(c.Verify, by=VERIFIER, passed=True, note=WORDS) == "verifier_is_handler"
    verified = case.does(c.Verify, by=DISPATCHER, passed=True, note=WORDS)
    assert verified.refusal(c.Callback, by=VERIFIER, outcome=CallbackOutcome.REACHED) == "caller_is_handler"


def test_a_failed_verification_sends_the_lead_unit_back_to_work(given: CaseBuilder) -> None:
    case = given.whistled("water", connected=True).finished(1).finished(2).verified(passed=False)
    assert (case.state.status, case.state.rework) == (CaseStatus.IN_PROGRESS, 1)
    assert case.task(1).status is TaskStatus.REPORTED_IN
    assert case.task(2).status is TaskStatus.FINISHED
    assert case.armed == {"citizen", "T1/finish#2"}
    assert signals(case.happened) == [("housing", SignalType.CHANGED)]


def test_rework_keeps_the_citizens_due_time_and_takes_back_that_it_was_met(given: CaseBuilder) -> None:
    case = given.at("2026-03-04T10:00").finished().at("2026-03-05T10:00").verified(passed=False)
    citizen = case.clock("citizen")
    assert citizen.met_at is None
    assert local(citizen.due_at) == "2026-03-09T17:30"
    assert local(citizen.next_at) == "2026-03-06T16:06"
    assert local(case.clock("T1/finish#2").due_at) == "2026-03-12T17:30"


def test_a_due_time_that_passed_during_verification_is_breached_once_the_result_fails(given: CaseBuilder) -> None:
    case = given.at("2026-03-09T16:00").finished().at("2026-03-11T10:00").verified(passed=False).noticed()
    assert local(case.clock("citizen").breached_at) == "2026-03-09T17:30"
    assert ("03-10T17:30", "citizen", "supervise") in case.rungs


def test_the_ladder_of_a_late_result_that_fails_goes_on_where_it_was(given: CaseBuilder) -> None:
    late = given.whistled().at("2026-03-10T09:00").finished()
    assert local(late.clock("citizen").breached_at) == "2026-03-09T17:30"
    failed = late.at("2026-03-10T10:00").verified(passed=False)
    assert failed.at("2026-03-10T18:00").rungs == [("03-10T17:30", "citizen", "supervise")]


def test_rework_counts_from_the_failed_verification_even_where_the_limit_counts_from_acceptance() -> None:
    standard = POLICY.task_presets["standard"] | {
        ClockName.FINISH: ClockPolicy(limit=Limit.parse("60 calendar_days from accepted"), source="[law] test")
    }
    petition = POLICY.model_copy(update={"task_presets": {"standard": standard}})
    case = registered(policy=petition).finished().at("2026-04-30T10:00").verified(passed=False)
    first, again = case.clock("T1/finish"), case.clock("T1/finish#2")
    assert (first.started_from, local(first.started_at)) == ("accepted", MONDAY)
    assert (again.started_from, local(again.started_at)) == ("reworked", "2026-04-30T10:00")


def test_the_third_rework_takes_the_case_a_level_up(given: CaseBuilder) -> None:
    assert reworked(given, 2).state.level is Level.VILLAGE
    third = reworked(given, 3)
    assert third.state.level is Level.TOWNSHIP
    assert "level" in third.armed
    assert reworked(third, 1).state.level is Level.TOWNSHIP


def test_at_the_top_the_third_rework_has_nowhere_to_go() -> None:
    assert reworked(registered(level=Level.CITY), 3).state.level is Level.CITY


def test_a_finished_callback_closes_the_case(given: CaseBuilder) -> None:
    case = given.verified().called(CallbackOutcome.REACHED, **SATISFIED)
    assert case.state.status is CaseStatus.CLOSED
    assert (case.state.rating, case.state.solved) == ("satisfied", Solved.YES)
    assert case.clock("callback").met_at == case.now
    assert case.armed == {"archive_after"}


@pytest.mark.parametrize(
    "outcome", [CallbackOutcome.REACHED, CallbackOutcome.VISITED, CallbackOutcome.ANONYMOUS, CallbackOutcome.DECLINED]
)
def test_who_gives_no_answer_leaves_the_case_closed_and_unrated(given: CaseBuilder, outcome: CallbackOutcome) -> None:
    case = given.verified().called(outcome)
    assert kinds(case.happened) == ["callback_made", "clock_met", "case_closed", "notice_issued", "clock_started"]
    assert case.state.status is CaseStatus.CLOSED
    assert case.state.rating is None


def test_only_a_verified_case_is_called_back(given: CaseBuilder) -> None:
    assert given.finished().refusal(c.Callback, outcome=CallbackOutcome.REACHED) == "case_not_verified"


@pytest.mark.parametrize("outcome", [CallbackOutcome.UNREACHABLE, CallbackOutcome.ANONYMOUS, CallbackOutcome.DECLINED])
@pytest.mark.parametrize("said", [{"rating": "satisfied"}, {"solved": Solved.YES}])
def test_a_rating_needs_somebody_who_gave_it(
    given: CaseBuilder, outcome: CallbackOutcome, said: dict[str, str]
) -> None:
    assert given.verified().refusal(c.Callback, outcome=outcome, **said) == "rating_without_callback"


def test_a_rating_is_one_of_the_citys_scale(given: CaseBuilder) -> None:
    case = given.verified()
    assert case.refusal(c.Callback, outcome=CallbackOutcome.REACHED, rating="marvellous") == "unknown_rating"
    assert case.refusal(c.Rate, by=REQUESTER, rating="marvellous") == "unknown_rating"


def test_who_cannot_be_reached_leaves_the_callback_owed(given: CaseBuilder) -> None:
    case = given.verified().called()
    assert case.state.status is CaseStatus.VERIFIED
    assert case.armed == {"callback"}


@pytest.mark.parametrize(
    "moments",
    [
        ("2026-03-02T10:00", "2026-03-03T10:00"),
        ("2026-03-02T10:00", "2026-03-02T15:00", "2026-03-02T23:59"),
    ],
    ids=["two attempts", "three on one day"],
)
def test_a_case_is_not_closed_by_hand_before_three_attempts_on_two_days(
    given: CaseBuilder, moments: tuple[str, ...]
) -> None:
    assert unreachable(given.verified(), *moments).refusal(c.Close) == "callback_not_exhausted"


def test_after_three_attempts_on_two_local_days_a_case_is_closed_by_hand(given: CaseBuilder) -> None:
    # The two last attempts fall on one day in UTC.
    case = unreachable(given.verified(), "2026-03-02T10:00", "2026-03-02T23:59", "2026-03-03T00:01").does(c.Close)
    assert case.state.status is CaseStatus.CLOSED
    assert case.state.rating is None


def test_only_a_verified_case_is_closed_by_hand(given: CaseBuilder) -> None:
    assert given.finished().refusal(c.Close) == "case_not_verified"


def test_a_closed_case_may_still_be_called_back_and_what_is_said_then_stands(given: CaseBuilder) -> None:
    closed = given.closed()
    late = closed.at("2026-04-01T10:00").called(CallbackOutcome.REACHED, **SATISFIED)
    assert kinds(late.happened) == ["callback_made", "case_rated"]
    assert late.state.rating == "satisfied"
    assert late.clock("archive_after").due_at == closed.clock("archive_after").due_at
    again = late.called(CallbackOutcome.REACHED, solved=Solved.NO)
    assert (again.state.rating, again.state.solved, again.state.status) == ("satisfied", Solved.NO, CaseStatus.CLOSED)


def test_what_the_requester_rated_herself_is_not_made_better_by_a_call(given: CaseBuilder) -> None:
    own = given.verified().does(c.Rate, by=REQUESTER, rating="dissatisfied", solved=Solved.NO)
    called = own.called(CallbackOutcome.REACHED, **SATISFIED)
    assert (called.state.rating, called.state.solved) == ("dissatisfied", Solved.NO)


def test_a_late_call_that_reaches_nobody_changes_nothing(given: CaseBuilder) -> None:
    case = given.closed().called()
    assert (case.state.status, case.state.rating) == (CaseStatus.CLOSED, None)


def test_a_requester_who_rates_a_verified_case_spares_the_callback(given: CaseBuilder) -> None:
    case = given.verified().does(c.Rate, by=REQUESTER, **SATISFIED)
    assert case.state.status is CaseStatus.CLOSED
    assert case.clock("callback").met_at == case.now


def test_a_requester_may_rate_a_closed_case_once(given: CaseBuilder) -> None:
    case = given.closed().does(c.Rate, by=REQUESTER, rating="dissatisfied")
    assert case.state.rating == "dissatisfied"
    assert case.refusal(c.Rate, by=REQUESTER, rating="satisfied") == "already_rated"


def test_a_requester_who_was_answered_at_once_may_rate_that() -> None:
    answered = registered(kind=CaseKind.INQUIRY).does(c.Answer, reply=WORDS)
    assert answered.does(c.Rate, by=REQUESTER, rating="satisfied").state.rating == "satisfied"


def test_a_result_is_not_rated_before_it_is_verified(given: CaseBuilder) -> None:
    assert given.finished().refusal(c.Rate, by=REQUESTER, rating="satisfied") == "case_not_verified"


def test_the_verifier_of_a_rework_may_be_the_same_as_before(given: CaseBuilder) -> None:
    case = reworked(given, 1).finished().verified()
    assert case.state.status is CaseStatus.VERIFIED
    assert case.clock("verify#2").met_at == case.now
    assert case.task().task_no == f"{CASE_NO}-T1"
