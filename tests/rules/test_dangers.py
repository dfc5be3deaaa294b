"""Danger: 110 within minutes by a named person, minors reported without consent, and who said so stays hidden."""

from typing import Any

from tests.rules.calendar_2026 import at
from tests.rules.case_builder import DISPATCHER, POLICY, REQUESTER, SUPERVISOR, VERIFIER, WORDS, CaseBuilder, registered
from tests.rules.case_builder import local as wall
from workflows.contracts import commands as c
from workflows.contracts.danger import DangerKind, ProtectionBody
from workflows.contracts.risk import RiskReason
from workflows.contracts.vocabulary import CaseKind, ClockName, Flag, Level, OwnerRole, RiskLevel
from workflows.rules.flags import flags

VIOLENCE: dict[str, Any] = {"kinds": (DangerKind.VIOLENCE,), "caller": VERIFIER.id, "note": WORDS}
CALLED: dict[str, Any] = {"receipt_no": WORDS, "called_at": at("2026-03-02T09:01")}
TOLD: dict[str, Any] = {"to": ProtectionBody.PUBLIC_SECURITY, "receipt": WORDS}


def on_a_saturday_night() -> CaseBuilder:
    """A family case in which the grid worker finds violence and a child."""
    case = registered("2026-08-15T21:40", kind=CaseKind.DISPUTE).accepted().at("2026-08-15T22:05")
    return case.does(c.ReportDanger, by=VERIFIER, minors=True, **VIOLENCE)


def test_violence_before_a_child_on_a_saturday_night() -> None:
    case = on_a_saturday_night()
    assert case.state.risk is RiskLevel.RED
    assert case.happened[3].by_rules == (RiskReason.DANGER, RiskReason.PROTECTED_PERSON)  # type: ignore[union-attr]
    dues = {name: wall(case.clock(name).due_at) for name in ("danger_call", "protection_report", "duty_leader")}
    assert dues == {
        "danger_call": "2026-08-15T22:10",
        "protection_report": "2026-08-15T23:05",
        "duty_leader": "2026-08-15T23:05",
    }
    assert case.owed == (OwnerRole.LEADER, "centre-village")
    assert Flag.DANGER in flags(case.state)
    called = case.at("2026-08-15T22:09").does(
        c.Record110Call, by=VERIFIER, receipt_no=WORDS, called_at=at("2026-08-15T22:07")
    )
    assert called.clock("danger_call").breached_at is None
    assert called.owed == (OwnerRole.DISPATCHER, "centre-village")
    reported = called.at("2026-08-15T22:30").does(c.ReportProtection, by=VERIFIER, **TOLD)
    assert reported.clock("protection_report").met_at is not None
    there = reported.at("2026-08-15T23:00").does(c.RecordDutyLeader, by=SUPERVISOR, note=WORDS)
    assert there.clock("duty_leader").breached_at is None
    lifted = there.at("2026-08-16T09:00").does(c.LiftDanger, by=SUPERVISOR, reason=WORDS)
    assert (lifted.state.danger, lifted.state.risk) == (None, RiskLevel.RED)


def test_danger_in_a_case_under_older_rules_is_as_urgent() -> None:
    case = registered(rules_version=2).accepted().does(c.ReportDanger, by=VERIFIER, minors=True, **VIOLENCE)
    assert case.armed >= {"danger_call", "protection_report", "duty_leader", "consultation"}


def test_nobody_calls_so_the_case_goes_up_within_the_hour() -> None:
    case = on_a_saturday_night().at("2026-08-15T22:41")
    reached = [(when, rung) for when, clock, rung in case.rungs if clock == "danger_call"]
    assert reached == [
        ("08-15T22:09", "due_soon"),
        ("08-15T22:10", "urge"),
        ("08-15T22:25", "supervise"),
        ("08-15T22:40", "escalate"),
    ]
    assert case.state.level is Level.TOWNSHIP
    assert case.owed == (OwnerRole.LEADER, "centre-township")


def test_only_who_was_named_or_a_dispatcher_records_the_call(given: CaseBuilder) -> None:
    case = given.does(c.ReportDanger, **VIOLENCE)
    assert case.refusal(c.Record110Call, by=SUPERVISOR, **CALLED) == "not_the_caller"
    later = case.at("2026-03-02T09:02")
    assert later.refusal(c.Record110Call, **CALLED | {"called_at": at("2026-03-02T09:03")}) == "called_in_future"
    called = later.does(c.Record110Call, by=DISPATCHER, **CALLED)
    assert called.refusal(c.Record110Call, by=VERIFIER, **CALLED) == "already_called"
    assert given.refusal(c.Record110Call, **CALLED) == "no_danger"


def test_it_is_lifted_by_somebody_else_once_all_is_done(given: CaseBuilder) -> None:
    case = given.does(c.ReportDanger, without_capacity=True, **VIOLENCE).at("2026-03-02T09:02")
    assert case.refusal(c.LiftDanger, by=DISPATCHER, reason=WORDS) == "own_danger_report"
    assert case.refusal(c.LiftDanger, by=SUPERVISOR, reason=WORDS) == "not_called_yet"
    called = case.does(c.Record110Call, **CALLED)
    assert called.refusal(c.LiftDanger, by=SUPERVISOR, reason=WORDS) == "protection_not_reported"
    lowered: dict[str, Any] = {"risk": RiskLevel.BLUE, "reason": WORDS, "policy": POLICY}
    assert called.refusal(c.SetRisk, **lowered) == "danger_stands"
    lifted = called.does(c.ReportProtection, **TOLD).does(c.LiftDanger, by=SUPERVISOR, reason=WORDS)
    assert lifted.does(c.SetRisk, **lowered).state.risk is RiskLevel.BLUE


def test_another_report_adds_to_it_and_asks_for_another_call(given: CaseBuilder) -> None:
    called = given.does(c.ReportDanger, **VIOLENCE).at("2026-03-02T09:02").does(c.Record110Call, **CALLED)
    assert called.refusal(c.ReportProtection, **TOLD) == "nobody_to_protect"
    worse = {**VIOLENCE, "kinds": (DangerKind.WEAPON,), "minors": True}
    again = called.at("2026-03-02T09:30").does(c.ReportDanger, **worse)
    assert again.state.danger is not None
    assert again.state.danger.kinds == (DangerKind.VIOLENCE, DangerKind.WEAPON)
    assert wall(again.clock("danger_call#2").due_at) == "2026-03-02T09:35"
    assert "protection_report" in again.armed


def test_a_withdrawal_ends_the_matter_and_not_what_is_owed_to_the_child() -> None:
    case = on_a_saturday_night().does(c.Withdraw, by=REQUESTER, reason=WORDS)
    assert {"danger_call", "protection_report"} < case.armed
    assert ClockName.DUTY_LEADER not in case.armed
    assert case.owed == (OwnerRole.LEADER, "centre-village")
    late = case.at("2026-08-16T00:30")
    assert "level" in late.armed
    done = late.does(c.Record110Call, receipt_no=WORDS, called_at=late.now).does(c.ReportProtection, **TOLD)
    assert done.armed == {"archive_after"}


def test_a_matter_that_is_over_is_nobodys_to_report_danger_in(given: CaseBuilder) -> None:
    assert given.closed().refusal(c.ReportDanger, **VIOLENCE) == "case_ended"
