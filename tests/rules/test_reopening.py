"""A closed case does not satisfy: it is taken up again, with new clocks, another verifier, and its results kept."""

from datetime import date
from typing import Any

from tests.rules.case_builder import (
    BY_LAW,
    CASE_NO,
    DISPATCHER,
    POLICY,
    REQUESTER,
    SUPERVISOR,
    VERIFIER,
    WORDS,
    CaseBuilder,
    handler,
    kinds,
    local,
    registered,
)
from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.actors import Actor
from workflows.contracts.clocks import Limit
from workflows.contracts.policy import CasePolicy
from workflows.contracts.vocabulary import (
    CallbackOutcome,
    CaseKind,
    CaseStatus,
    ClockName,
    DeclineGround,
    LegalRoute,
    Level,
    OwnerRole,
    Role,
    Solved,
    TaskStatus,
)
from workflows.rules.ownership import owner

T2 = f"{CASE_NO}-T2"
SECOND_VERIFIER = Actor(id="grid-2", role=Role.GRID_WORKER)


def with_finish(limit: str) -> CasePolicy:
    """The policy with another limit to finish."""
    finish = POLICY.task_presets["standard"][ClockName.FINISH].model_copy(update={"limit": Limit.parse(limit)})
    standard = POLICY.task_presets["standard"] | {ClockName.FINISH: finish}
    return POLICY.model_copy(update={"task_presets": POLICY.task_presets | {"standard": standard}})


def closed_again(case: CaseBuilder, n: int, by: Actor) -> CaseBuilder:
    """The n-th unit finishes, that verifier agrees, and the requester does not want to be asked."""
    return case.finished(n).verified(by=by).called(CallbackOutcome.DECLINED)


def test_a_reopened_case_is_accepted_again_with_clocks_from_that_moment() -> None:
    case = registered("2026-03-02T09:00").whistled().at("2026-03-05T16:00").closed()
    assert local(case.clock("citizen").met_at) == "2026-03-05T16:00"
    again = case.at("2026-03-06T15:00").reopened()
    assert kinds(again.happened) == ["case_reopened", "clock_stopped", "clock_started", "clock_started"]
    assert (again.state.status, again.state.round, again.state.rework) == (CaseStatus.ACCEPTED, 2, 1)
    assert again.armed == {"citizen#2", "dispatch#2"}
    assert local(again.clock("citizen#2").due_at) == "2026-03-13T17:30"
    assert local(again.clock("dispatch#2").due_at) == "2026-03-09T10:00"
    assert again.clock("citizen") == case.clock("citizen")
    by = owner(again.state)
    assert by is not None
    assert by.role is OwnerRole.DISPATCHER


def test_the_result_of_a_reopened_case_is_judged_by_somebody_else() -> None:
    case = registered("2026-03-02T09:00").whistled().at("2026-03-05T16:00").closed().at("2026-03-06T15:00").reopened()
    done = case.whistled(lead="roads").at("2026-03-10T10:00").finished(2)
    verify: dict[str, Any] = {"passed": True, "note": WORDS}
    assert done.refusal(c.Verify, by=VERIFIER, **verify) == "verifier_judged_before"
    assert done.refusal(c.Verify, by=VERIFIER, **{**verify, "passed": False}) == "verifier_judged_before"
    assert done.refusal(c.Verify, by=handler("housing"), **verify) == "verifier_is_handler"
    assert done.verified(by=SECOND_VERIFIER).state.verifiers == (VERIFIER.id, SECOND_VERIFIER.id)
    assert local(done.clock("citizen#2").met_at) == "2026-03-10T10:00"


def test_whoever_found_a_result_wanting_may_judge_the_next_one(given: CaseBuilder) -> None:
    case = given.verified(passed=False).finished().verified(passed=False).finished()
    assert case.verified().state.status is CaseStatus.VERIFIED


def test_only_a_closed_case_is_reopened(given: CaseBuilder) -> None:
    withdrawn = given.does(c.Withdraw, by=REQUESTER, reason=WORDS)
    for case in (given, given.whistled(), given.finished(), given.verified(), withdrawn, given.reopened()):
        assert case.refusal(c.Reopen, by=REQUESTER, reason=WORDS) == "case_not_closed"


def test_a_case_is_reopened_until_it_is_archived(given: CaseBuilder) -> None:
    closed = given.closed()
    assert "citizen#2" in closed.at("2026-08-28T09:00").reopened().armed
    archived = closed.at("2026-09-02T09:00")
    assert archived.refusal(c.Reopen, by=REQUESTER, reason=WORDS) == "case_archived"


def test_a_reopened_case_is_archived_from_its_last_end(given: CaseBuilder) -> None:
    again = given.closed().at("2026-08-28T09:00").reopened()
    assert again.at("2026-10-12T09:00").state.status is CaseStatus.ACCEPTED
    case = closed_again(again.whistled(lead="roads"), 2, SECOND_VERIFIER)
    assert case.armed == {"archive_after#2"}
    assert case.at("2027-03-01T09:00").state.outcome is CaseStatus.CLOSED


def test_what_the_requester_said_of_the_first_result_does_not_stand_for_the_next(given: CaseBuilder) -> None:
    rated = given.verified().called(CallbackOutcome.REACHED, rating="dissatisfied", solved=Solved.NO)
    case = rated.reopened()
    assert (case.state.rating, case.state.solved, case.state.failed_callbacks) == (None, None, ())
    verified = case.whistled(lead="roads").finished(2).verified(by=SECOND_VERIFIER)
    assert verified.does(c.Rate, by=REQUESTER, rating="satisfied").state.rating == "satisfied"


def test_attempts_to_call_are_counted_afresh(given: CaseBuilder) -> None:
    tried = given.verified().called().called().at("2026-03-03T09:00").called().does(c.Close)
    case = tried.reopened().whistled(lead="roads").finished(2).verified(by=SECOND_VERIFIER)
    assert case.refusal(c.Close) == "callback_not_exhausted"


def test_the_unit_of_the_round_before_leads_no_more(given: CaseBuilder) -> None:
    reopened = given.reopened()
    assert reopened.state.lead_task is None
    sent_back = reopened.whistled("water", lead="roads").sent_back(2)
    assert sent_back.state.lead_task is None
    assert "dispatch#3" in sent_back.armed
    case = sent_back.finished(3)
    assert (case.state.status, case.armed) == (CaseStatus.ACCEPTED, {"citizen#2", "dispatch#3"})


def test_the_same_unit_may_be_called_in_again_and_has_to_do_it_again(given: CaseBuilder) -> None:
    case = given.reopened().whistled().finished(2).verified(passed=False, by=SECOND_VERIFIER)
    assert (case.task(1).status, case.task(2).status) == (TaskStatus.FINISHED, TaskStatus.REPORTED_IN)
    assert {"citizen#2", "T2/finish#2", "risk_review"} == case.armed
    assert case.clock("citizen").met_at is not None


def test_a_reopened_case_that_is_settled_and_found_wanting_is_the_centres_again(given: CaseBuilder) -> None:
    settled = given.reopened().at("2026-03-03T10:00").does(c.Settle, reply=WORDS)
    assert local(settled.clock("citizen#2").met_at) == "2026-03-03T10:00"
    case = settled.verified(passed=False, by=SECOND_VERIFIER)
    assert (case.state.status, case.state.rework) == (CaseStatus.ACCEPTED, 2)
    assert case.armed == {"citizen#2", "dispatch#3", "risk_review"}
    assert case.clock("citizen").met_at == given.closed().clock("citizen").met_at
    led = case.whistled(lead="roads").sent_back(2)
    assert (led.state.status, led.state.lead_task) == (CaseStatus.ACCEPTED, None)


def test_an_inquiry_may_be_answered_again() -> None:
    inquiry = registered(kind=CaseKind.INQUIRY).does(c.Answer, reply=WORDS).reopened()
    again = inquiry.does(c.Answer, reply=WORDS)
    assert (again.state.status, again.armed) == (CaseStatus.CLOSED, {"archive_after#2"})
    assert again.clock("citizen#2").met_at == again.now


def test_a_promise_that_was_kept_in_an_earlier_round_stays_kept(given: CaseBuilder) -> None:
    promised = given.whistled().does(c.Commit, measures=WORDS, date=date(2026, 3, 20))
    kept = promised.at("2026-03-03T09:00").reopened().clock("commitment").met_at
    again = promised.at("2026-03-03T09:00").reopened().at("2026-03-04T09:00").whistled(lead="roads")
    case = again.finished(2).verified(passed=False, by=SECOND_VERIFIER)
    assert case.clock("commitment").met_at == kept
    assert case.armed == {"citizen#2", "T2/finish#2", "risk_review"}
    twice = again.does(c.Commit, measures=WORDS, date=date(2026, 3, 20)).finished(2)
    failed = twice.verified(passed=False, by=SECOND_VERIFIER)
    assert "commitment#2" in failed.armed
    assert failed.clock("commitment").met_at == kept


def test_an_interim_reply_of_an_earlier_round_answers_nothing_in_the_next() -> None:
    whistled = registered(policy=BY_LAW).whistled()
    replied = whistled.does(c.InterimReply, procedure=WORDS, legal_due=date(2026, 3, 9))
    again = replied.reopened().whistled(lead="roads")
    assert not again.state.interim_replied
    failed = again.finished(2).verified(passed=False, by=SECOND_VERIFIER)
    assert "citizen#2" in failed.armed
    twice = again.does(c.InterimReply, procedure=WORDS, legal_due=date(2026, 3, 9))
    assert twice.clock("citizen#2").met_at == twice.now


def test_limits_from_acceptance_or_registration_count_from_the_reopening() -> None:
    for limit in ("5 working_days from accepted", "5 working_days from registered"):
        closed = registered(policy=with_finish(limit)).closed()
        reopened = closed.at("2026-06-01T09:00").reopened()
        case = reopened.at("2026-06-02T09:00").whistled(lead="roads")
        assert local(case.clock("T2/finish").due_at) == "2026-06-08T17:30"


def test_the_second_reopening_is_the_third_round_and_the_third_rework_goes_up(given: CaseBuilder) -> None:
    second = closed_again(given.reopened().whistled(lead="roads"), 2, SECOND_VERIFIER).reopened()
    assert {"citizen#3", "dispatch#3", "risk_review"} == second.armed
    assert second.state.level is Level.VILLAGE
    third = closed_again(second.whistled(lead="roads"), 3, SUPERVISOR).reopened()
    assert (third.state.rework, third.state.level) == (3, Level.TOWNSHIP)
    assert any(isinstance(event, e.Escalated) for event in third.happened)
    assert {"citizen#4", "dispatch#4", "level"} == third.armed


def test_a_case_that_had_gone_up_is_reopened_where_it_is(given: CaseBuilder) -> None:
    up = given.does(c.Escalate, reason=WORDS).reopened()
    assert up.state.level is Level.TOWNSHIP
    assert up.clock("citizen#2").level is Level.TOWNSHIP


def test_what_units_disagreed_about_in_an_earlier_round_still_counts(given: CaseBuilder) -> None:
    case = given.designated().finished(3).reopened().whistled(lead="gas").asked_back(4)
    assert case.state.disputed == f"{CASE_NO}-T4"


def test_the_requester_reopens_it_and_whoever_handled_it_may_whistle_again(given: CaseBuilder) -> None:
    case = given.reopened().whistled(by=DISPATCHER)
    assert case.task(2).round == 2
    assert case.state.lead_task == case.task(2)


def test_staff_take_up_every_end_again_and_the_requester_only_a_closed_case(given: CaseBuilder) -> None:
    declined = given.does(c.Decline, ground=DeclineGround.OTHER_AUTHORITY, route=WORDS)
    court = given.does(c.TakeLegalRoute, route=LegalRoute.COURT, reason=WORDS)
    for case in (declined, court):
        assert case.refusal(c.Reopen, by=REQUESTER, reason=WORDS) == "case_not_closed"
        assert case.does(c.Reopen, reason=WORDS).armed == {"citizen#2", "dispatch"}
