"""Of what is settled where it was raised a sample is verified, drawn by the case's number so that nobody chooses it."""

from tests.rules.case_builder import CASE_NO, POLICY, VERIFIER, WORDS, CaseBuilder, kinds, local, registered
from workflows.contracts import commands as c
from workflows.contracts.vocabulary import CallbackOutcome, CaseStatus, OwnerRole

NUMBERS = [f"9901022026030{day}{n:04d}" for day in (2, 3) for n in range(1, 101)]


def settled(case_no: str = CASE_NO, *, percent: int) -> CaseBuilder:
    policy = POLICY.model_copy(update={"settled_sample": percent})
    return registered(case_no=case_no, policy=policy).does(c.Settle, by=VERIFIER, reply=WORDS)


def test_what_is_drawn_is_verified_like_any_other_result() -> None:
    case = settled(percent=100)
    assert (case.state.status, case.armed) == (CaseStatus.FINISHED, {"verify"})


def test_what_is_not_drawn_goes_straight_to_the_callback() -> None:
    case = settled(percent=0)
    assert kinds(case.happened)[-4:] == ["clock_started", "verification_waived", "clock_stopped", "clock_started"]
    assert (case.state.status, case.armed) == (CaseStatus.VERIFIED, {"callback"})
    assert case.owed == (OwnerRole.CALLBACK_DESK, "centre-village")
    assert local(case.clock("citizen").met_at) == "2026-03-02T09:00"
    assert local(case.clock("callback").due_at) == "2026-03-05T17:30"


def test_the_share_that_is_drawn_is_about_the_policys() -> None:
    drawn = [no for no in NUMBERS if settled(no, percent=20).state.status is CaseStatus.FINISHED]
    assert 0.1 < len(drawn) / len(NUMBERS) < 0.3


def test_a_larger_sample_holds_the_smaller_one() -> None:
    for case_no in NUMBERS[:20]:
        small, large = (settled(case_no, percent=percent).state.status for percent in (20, 60))
        assert small is not CaseStatus.FINISHED or large is CaseStatus.FINISHED


def test_what_was_waived_and_does_not_satisfy_is_taken_up_again() -> None:
    closed = settled(percent=0).called(CallbackOutcome.DECLINED)
    assert closed.state.status is CaseStatus.CLOSED
    case = closed.reopened()
    assert (case.state.status, case.state.settled_by) == (CaseStatus.ACCEPTED, None)


def test_whoever_settled_it_does_not_call_the_requester_back() -> None:
    refused = settled(percent=0).refusal(c.Callback, by=VERIFIER, outcome=CallbackOutcome.DECLINED)
    assert refused == "caller_is_handler"
