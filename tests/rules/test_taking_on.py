"""From registration to a first decision: accept, decline, answer, settle."""

from typing import Any

import pytest

from tests.rules.case_builder import (
    DISPATCHER,
    POLICY,
    VERIFIER,
    WORDS,
    CaseBuilder,
    kinds,
    local,
    registered,
)
from workflows.contracts import commands as c
from workflows.contracts.vocabulary import CaseKind, CaseStatus, ClockName, DeclineGround

DECLINE: dict[str, Any] = {"ground": DeclineGround.OTHER_AUTHORITY, "route": WORDS}


def test_the_citizens_and_the_acceptance_clock_run_from_registration(given: CaseBuilder) -> None:
    assert given.armed == {"citizen", "accept"}
    assert local(given.clock("citizen").due_at) == "2026-03-09T17:30"
    assert local(given.clock("accept").due_at) == "2026-03-02T14:30"


def test_a_clock_says_what_started_it_and_where_its_limit_comes_from(given: CaseBuilder) -> None:
    clock = given.accepted().clock("dispatch")
    assert (clock.started_from, clock.source, str(clock.limit)) == ("accepted", "[default] test", "4 working_hours")


def test_accepting_meets_its_clock_and_starts_that_of_the_dispatch(given: CaseBuilder) -> None:
    case = given.accepted()
    assert case.state.status is CaseStatus.ACCEPTED
    assert case.armed == {"citizen", "dispatch"}
    assert case.clock("accept").met_at == case.now


def test_a_case_is_accepted_once(given: CaseBuilder) -> None:
    assert given.accepted().refusal(c.Accept) == "case_not_registered"


def test_a_declined_case_has_ended(given: CaseBuilder) -> None:
    case = given.does(c.Decline, **DECLINE)
    assert case.state.status is CaseStatus.DECLINED
    assert case.armed == {"archive_after"}
    assert case.clock("accept").met_at == case.now
    assert case.clock("citizen").stopped_at == case.now


def test_an_accepted_case_is_not_declined(given: CaseBuilder) -> None:
    assert given.accepted().refusal(c.Decline, **DECLINE) == "case_not_registered"


@pytest.mark.parametrize("first_accepted", [False, True])
def test_an_inquiry_answered_at_once_is_closed(first_accepted: bool) -> None:
    case = registered(kind=CaseKind.INQUIRY)
    case = (case.accepted() if first_accepted else case).does(c.Answer, reply=WORDS)
    assert case.state.status is CaseStatus.CLOSED
    assert case.armed == {"archive_after"}
    assert case.clock("citizen").met_at == case.now


def test_only_an_inquiry_is_answered(given: CaseBuilder) -> None:
    assert given.refusal(c.Answer, reply=WORDS) == "not_an_inquiry"


def test_a_dispatched_inquiry_is_not_answered_past_the_units_at_work() -> None:
    assert registered(kind=CaseKind.INQUIRY).whistled().refusal(c.Answer, reply=WORDS) == "case_not_accepted"


def test_a_matter_settled_where_it_was_raised_is_accepted_by_that_and_goes_to_verification(given: CaseBuilder) -> None:
    case = given.does(c.Settle, by=VERIFIER, reply=WORDS)
    assert kinds(case.happened)[0] == "case_accepted"
    assert case.state.status is CaseStatus.FINISHED
    assert case.armed == {"verify"}
    assert case.clock("citizen").met_at == case.now


def test_an_accepted_matter_may_still_be_settled(given: CaseBuilder) -> None:
    case = given.accepted().does(c.Settle, reply=WORDS)
    assert case.clock("dispatch").met_at == case.now


def test_a_whistled_matter_is_not_settled(given: CaseBuilder) -> None:
    assert given.whistled().refusal(c.Settle, reply=WORDS) == "case_not_accepted"


def test_settling_brings_evidence_where_the_policy_asks_for_it() -> None:
    case = registered(policy=POLICY.model_copy(update={"evidence_required": True}))
    assert case.refusal(c.Settle, reply=WORDS) == "evidence_required"
    assert case.does(c.Settle, reply=WORDS, evidence=("photo-1",)).state.status is CaseStatus.FINISHED


def test_what_failed_verification_after_settling_may_be_whistled_or_settled_again(given: CaseBuilder) -> None:
    case = given.does(c.Settle, reply=WORDS).verified(passed=False)
    assert case.state.status is CaseStatus.ACCEPTED
    assert case.armed == {"citizen", "dispatch"}
    assert case.whistled().state.status is CaseStatus.DISPATCHED
    assert case.does(c.Settle, reply=WORDS).state.status is CaseStatus.FINISHED


def test_a_policy_without_a_limit_starts_no_clock() -> None:
    limits = {name: limit for name, limit in POLICY.case_limits.items() if name is not ClockName.DISPATCH}
    case = registered(policy=POLICY.model_copy(update={"case_limits": limits}))
    assert case.accepted().armed == {"citizen"}


def test_a_command_is_remembered_with_its_last_seq(given: CaseBuilder) -> None:
    case = given.does(c.Accept, by=DISPATCHER, command_id="key-1")
    assert case.state.recent == {"key-1": case.state.seq}
    assert case.at("2026-03-04T09:00").state.recent == {"key-1": case.state.seq}


def test_only_the_latest_commands_are_remembered(given: CaseBuilder) -> None:
    case = given.does(c.Accept, command_id="first")
    for n in range(64):
        case = case.does(c.Urge, note=WORDS, command_id=f"urge-{n}")
    assert len(case.state.recent) == 64
    assert "first" not in case.state.recent
    assert "urge-0" in case.state.recent


def test_what_nobody_can_make_out_is_not_turned_down_before_somebody_has_asked(given: CaseBuilder) -> None:
    turned_down: dict[str, Any] = {"ground": DeclineGround.NO_IDENTIFIABLE_CLAIM, "route": WORDS}
    assert given.refusal(c.Decline, **turned_down) == "contact_first"
    asked = given.does(c.AddContact, text=WORDS)
    assert asked.does(c.Decline, **turned_down).state.status is CaseStatus.DECLINED
