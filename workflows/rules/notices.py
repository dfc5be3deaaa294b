"""Formal notices (告知书): when one is due, and what its service starts. Their wording is not the process's."""

from datetime import UTC

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import notice_no
from workflows.contracts.vocabulary import ClockName, NoticeKind
from workflows.rules.clock_starts import start_case_clock
from workflows.rules.decision import Decision

_PERIODS = {NoticeKind.CLOSING: ClockName.REVIEW, NoticeKind.TRANSFER: ClockName.OBJECTION}
"""What runs from service: the time to ask for a review, or for the other authority to object (信访工作条例 22, 35)."""


def issue(d: Decision, kind: NoticeKind) -> None:
    """A notice is due about what was recorded last."""
    if d.state.rules_version < 3:
        return
    number = notice_no(d.state.case_no, len(d.state.notices) + 1)
    d.record(e.NoticeIssued(notice_no=number, notice=kind, about_seq=d.state.seq))


def serve_notice(d: Decision, command: c.ServeNotice) -> None:
    """A notice has reached its addressee; periods that run from service begin on that day.

    Raises:
        RuleViolation: `unknown_notice`, `already_served`, `served_before_issued`, `served_in_future`.
    """
    notice = d.state.notices.get(command.notice_no)
    if notice is None:
        raise RuleViolation("unknown_notice", "the case has no such notice")
    if notice.served_at is not None:
        raise RuleViolation("already_served", "its service is on record")
    served_at = command.served_at.astimezone(UTC)
    if served_at < notice.issued_at:
        raise RuleViolation("served_before_issued", "a notice reaches nobody before it was issued")
    if served_at > d.now:
        raise RuleViolation("served_in_future", "service is recorded once it has happened")
    served = e.NoticeServed(notice_no=command.notice_no, how=command.how, served_at=served_at, note=command.note)
    d.record(served)
    period = _PERIODS.get(notice.notice)
    if period is not None:
        start_case_clock(d, period, event="served", since=served_at)
