"""Formal notices (告知书): which steps issue which, and what their service starts."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.rules.calendar_2026 import at
from tests.rules.case_builder import (
    CASE_NO,
    DISPATCHER,
    REQUESTER,
    WORDS,
    CaseBuilder,
    handler,
    kinds,
    local,
    notices,
    registered,
)
from workflows.contracts import commands as c
from workflows.contracts.vocabulary import (
    CallbackOutcome,
    CaseKind,
    CaseStatus,
    DeclineGround,
    LegalRoute,
    NoticeKind,
    ServiceMethod,
)

SECOND = f"{CASE_NO}-N2"


def service(number: str, moment: str = "2026-03-02T09:00") -> dict[str, Any]:
    """That notice reached its addressee at that local time."""
    return {"notice_no": number, "how": ServiceMethod.MAIL, "served_at": at(moment).astimezone(UTC)}


def served(case: CaseBuilder, number: str, moment: str = "2026-03-02T09:00") -> CaseBuilder:
    return case.does(c.ServeNotice, **service(number, moment))


def extended(case: CaseBuilder, n: int = 1) -> CaseBuilder:
    """The n-th unit has asked for more time and has it."""
    task = case.task(n)
    asked = case.does(
        c.RequestExtension, by=handler(task.unit.unit_id), task_no=task.task_no, until=date(2026, 3, 16), reason=WORDS
    )
    return asked.does(c.DecideExtension, granted=True, reason=WORDS)


def test_whatever_takes_a_matter_on_issues_the_receipt(given: CaseBuilder) -> None:
    receipt = (NoticeKind.RECEIPT, "case_accepted")
    assert notices(given) == []
    assert notices(given.accepted()) == [receipt]
    assert notices(given.does(c.Settle, reply=WORDS)) == [receipt]
    assert notices(given.does(c.RequestWhistle, reason=WORDS)) == [receipt]
    assert notices(given.accepted().whistled()) == []


def test_declining_names_the_ground_in_a_notice(given: CaseBuilder) -> None:
    case = given.does(c.Decline, ground=DeclineGround.OTHER_AUTHORITY, route=WORDS)
    assert notices(case) == [(NoticeKind.DECLINE, "case_declined")]


def test_only_the_leads_extension_is_told_in_a_notice(given: CaseBuilder) -> None:
    case = given.whistled("water")
    assert notices(extended(case)) == [(NoticeKind.EXTENSION, "extension_granted")]
    assert notices(extended(case, 2)) == []


def test_closing_is_told_however_the_case_is_closed(given: CaseBuilder) -> None:
    closing = (NoticeKind.CLOSING, "case_closed")
    assert notices(given.verified().called(CallbackOutcome.DECLINED)) == [closing]
    assert notices(given.verified().does(c.Rate, by=REQUESTER, rating="satisfied")) == [closing]
    inquiry = registered(kind=CaseKind.INQUIRY).does(c.Answer, reply=WORDS)
    assert notices(inquiry) == [(NoticeKind.RECEIPT, "case_accepted"), (NoticeKind.CLOSING, "case_answered")]
    again = given.closed().reopened().whistled(lead="roads").finished(2)
    verified = again.does(c.Verify, by=DISPATCHER, passed=True, note=WORDS)
    assert notices(verified.called(CallbackOutcome.DECLINED)) == [closing]


def test_what_ends_otherwise_is_told_where_the_law_says_so(given: CaseBuilder) -> None:
    court = given.does(c.TakeLegalRoute, route=LegalRoute.COURT, reason=WORDS)
    assert notices(court) == [(NoticeKind.ROUTE, "legal_route_taken")]
    assert notices(given.does(c.Withdraw, by=REQUESTER, reason=WORDS)) == []


def test_notices_are_numbered_through_the_case(given: CaseBuilder) -> None:
    assert list(given.closed().state.notices) == [f"{CASE_NO}-N1", SECOND]


def test_under_the_rules_before_none_was_issued() -> None:
    case = registered(rules_version=2).closed()
    assert "notice_issued" not in kinds(record.event for record in case.events)
    assert case.refusal(c.ServeNotice, **service(f"{CASE_NO}-N1")) == "unknown_notice"


def test_the_time_to_ask_for_a_review_runs_from_the_service_of_the_closing_and_ends_by_itself(
    given: CaseBuilder,
) -> None:
    case = served(given.closed().at("2026-03-10T09:00"), SECOND, "2026-03-05T15:00")
    assert kinds(case.happened) == ["notice_served", "clock_started"]
    review = case.clock("review")
    assert (local(review.started_at), review.due_date) == ("2026-03-05T15:00", date(2026, 4, 7))
    assert review.raw_due_date == date(2026, 4, 4)
    later = case.at("2026-04-09T09:00")
    assert (local(later.clock("review").met_at), later.clock("review").breached_at) == ("2026-04-08T00:00", None)
    assert (later.rungs, later.state.status) == ([], CaseStatus.CLOSED)


def test_the_other_authority_may_object_for_five_working_days_from_the_service_of_the_transfer(
    given: CaseBuilder,
) -> None:
    transferred = given.does(c.Transfer, city=WORDS, reason=WORDS).does(c.TransferReceipt, number=WORDS)
    case = served(transferred, f"{CASE_NO}-N1")
    assert local(case.clock("objection").due_at) == "2026-03-09T17:30"
    assert local(case.at("2026-03-10T09:00").clock("objection").met_at) == "2026-03-09T17:30"


def test_no_other_notice_starts_a_period(given: CaseBuilder) -> None:
    case = served(given.accepted(), f"{CASE_NO}-N1")
    assert kinds(case.happened) == ["notice_served"]
    assert case.state.notices[f"{CASE_NO}-N1"].served_at == datetime(2026, 3, 2, 1, tzinfo=UTC)


def test_a_service_that_comes_to_be_known_after_its_period_ends_it_at_once(given: CaseBuilder) -> None:
    case = served(given.closed().at("2026-05-06T09:00"), SECOND, "2026-03-05T15:00").noticed()
    assert local(case.clock("review").met_at) == "2026-04-08T00:00"


@pytest.mark.parametrize(
    ("number", "moment", "code"),
    [
        (f"{CASE_NO}-N9", "2026-03-02T09:00", "unknown_notice"),
        (SECOND, "2026-03-02T08:59", "served_before_issued"),
        (SECOND, "2026-03-02T09:01", "served_in_future"),
    ],
)
def test_service_is_of_a_notice_and_after_it_and_in_the_past(
    given: CaseBuilder, number: str, moment: str, code: str
) -> None:
    assert given.closed().refusal(c.ServeNotice, **service(number, moment)) == code


def test_a_notice_is_served_once(given: CaseBuilder) -> None:
    case = served(given.closed(), SECOND)
    assert case.refusal(c.ServeNotice, **service(SECOND)) == "already_served"
