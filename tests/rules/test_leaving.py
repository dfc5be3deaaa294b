"""A matter leaves the city's hands: to another city on its receipt, or to a court or another legal route."""

import pytest

from tests.rules.case_builder import WORDS, CaseBuilder, kinds, local, notices, signals
from workflows.contracts import commands as c
from workflows.contracts.effects import SignalType
from workflows.contracts.vocabulary import CaseStatus, Flag, LegalRoute, NoticeKind, OwnerRole, TaskStatus
from workflows.rules.flags import flags


def asked(case: CaseBuilder) -> CaseBuilder:
    return case.does(c.Transfer, city=WORDS, reason=WORDS)


def routed(case: CaseBuilder) -> CaseBuilder:
    return case.does(c.TakeLegalRoute, route=LegalRoute.ARBITRATION, reason=WORDS)


def test_until_the_other_citys_receipt_the_matter_is_ours_with_every_clock_running(given: CaseBuilder) -> None:
    before = given.whistled()
    case = asked(before)
    assert kinds(case.happened) == ["transfer_asked", "clock_started"]
    assert case.armed == before.armed | {"transfer"}
    assert local(case.clock("transfer").due_at) == "2026-03-03T17:30"
    assert (case.state.status, Flag.TRANSFER_ASKED in flags(case.state)) == (CaseStatus.DISPATCHED, True)
    assert case.finished().state.status is CaseStatus.FINISHED


def test_on_its_receipt_the_matter_is_the_other_citys_and_the_requester_is_told(given: CaseBuilder) -> None:
    case = asked(given.whistled(connected=True)).does(c.TransferReceipt, number=WORDS)
    assert kinds(case.happened)[:3] == ["clock_met", "case_transferred", "notice_issued"]
    assert (case.state.status, case.task().status) == (CaseStatus.TRANSFERRED, TaskStatus.CANCELLED)
    assert notices(case) == [(NoticeKind.TRANSFER, "case_transferred")]
    assert signals(case.happened) == [("housing", SignalType.CANCELLED)]
    assert case.armed == {"archive_after"}
    assert case.owed == (OwnerRole.LEADER, "centre-village")
    assert Flag.TRANSFER_ASKED not in flags(case.state)


def test_a_city_that_does_not_take_it_leaves_it_here_and_another_may_be_asked(given: CaseBuilder) -> None:
    before = given.whistled()
    case = asked(before).does(c.TransferReceipt, taken=False)
    assert kinds(case.happened) == ["clock_met", "transfer_refused"]
    assert (case.armed, notices(case)) == (before.armed, [])
    assert "transfer#2" in asked(case).armed


def test_a_receipt_names_the_other_citys_number_and_answers_what_was_asked(given: CaseBuilder) -> None:
    assert asked(given).refusal(c.TransferReceipt) == "receipt_number_missing"
    assert given.refusal(c.TransferReceipt, number=WORDS) == "no_transfer_asked"
    assert asked(given).refusal(c.Transfer, city=WORDS, reason=WORDS) == "transfer_already_asked"
    ended = asked(given).does(c.Withdraw, reason=WORDS)
    assert ended.refusal(c.TransferReceipt, number=WORDS) == "case_ended"


def test_a_receipt_that_does_not_come_is_urged(given: CaseBuilder) -> None:
    case = asked(given.whistled().reported_in()).at("2026-03-03T17:30")
    assert ("03-03T17:30", "transfer", "urge") in case.rungs


def test_a_matter_for_a_court_or_another_body_ends_here_and_the_requester_is_told_how(given: CaseBuilder) -> None:
    case = routed(given.whistled())
    assert kinds(case.happened)[:2] == ["legal_route_taken", "notice_issued"]
    assert notices(case) == [(NoticeKind.ROUTE, "legal_route_taken")]
    assert (case.state.status, case.task().status) == (CaseStatus.LEGAL_ROUTE, TaskStatus.CANCELLED)
    assert case.armed == {"archive_after", "legal_outcome"}
    assert case.owed == (OwnerRole.LEADER, "centre-village")


def test_after_ninety_days_its_outcome_is_asked_for(given: CaseBuilder) -> None:
    case = routed(given)
    assert (case.clock("legal_outcome").due_date, case.clock("legal_outcome").raw_due_date) == (
        case.clock("legal_outcome").due_date.replace(month=6, day=1),
        case.clock("legal_outcome").raw_due_date.replace(month=5, day=31),
    )
    later = case.at("2026-06-02T09:00")
    assert ("06-02T00:00", "legal_outcome", "urge") in later.rungs
    known = later.does(c.RecordLegalOutcome, outcome=WORDS)
    assert kinds(known.happened) == ["legal_outcome_recorded", "clock_met"]
    assert known.armed == {"archive_after"}


def test_its_outcome_may_be_known_earlier_and_is_recorded_once(given: CaseBuilder) -> None:
    known = routed(given).at("2026-04-01T09:00").does(c.RecordLegalOutcome, outcome=WORDS)
    assert known.refusal(c.RecordLegalOutcome, outcome=WORDS) == "outcome_known"
    assert given.closed().refusal(c.RecordLegalOutcome, outcome=WORDS) == "not_on_a_legal_route"
    assert known.refusal(c.TakeLegalRoute, route=LegalRoute.COURT, reason=WORDS) == "case_ended"


@pytest.mark.parametrize("known", [True, False])
def test_it_is_archived_like_any_other_end(given: CaseBuilder, known: bool) -> None:
    case = routed(given)
    if known:
        case = case.does(c.RecordLegalOutcome, outcome=WORDS)
    archived = case.at("2026-09-01T09:00")
    assert (archived.state.outcome, archived.armed) == (CaseStatus.LEGAL_ROUTE, set())
