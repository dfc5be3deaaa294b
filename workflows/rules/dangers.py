"""Danger in a matter (人民调解法 25, 未成年人保护法 11, 反家庭暴力法 14): 110 first, and who cannot act is reported."""

from datetime import UTC, timedelta

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.danger import Danger
from workflows.contracts.errors import RuleViolation
from workflows.contracts.risk import RiskReason
from workflows.contracts.vocabulary import END_STATUSES, ClockName, Role
from workflows.rules import risks
from workflows.rules.clock_starts import running, start_case_clock
from workflows.rules.clocks import meet
from workflows.rules.decision import Decision
from workflows.rules.guards import require_open
from workflows.rules.mediation_orders import lock_mediation

_ONE_DAY = timedelta(days=1)
_OWED_AFTER_THE_END = (
    ClockName.DANGER_CALL,
    ClockName.PROTECTION_REPORT,
    ClockName.LEGAL_OUTCOME,
    ClockName.CALLBACK,
)
"""While one of these runs, the level that an ended case was raised to has something to see to."""


def report_danger(d: Decision, command: c.ReportDanger) -> None:
    """The case is red, and a named person calls 110 at once; of minors and the like is reported without any consent.

    Another report while the danger stands adds to it, and asks for another call.

    Raises:
        RuleViolation: `case_ended`.
    """
    require_open(d)
    reported = e.DangerReported(
        kinds=command.kinds,
        minors=command.minors,
        without_capacity=command.without_capacity,
        caller=command.caller,
        note=command.note,
    )
    d.record(reported)
    owed = [ClockName.DANGER_CALL]
    if command.minors or command.without_capacity:
        owed.append(ClockName.PROTECTION_REPORT)
    for name in owed:
        if not running(d.state, name):
            start_case_clock(d, name, event="danger_reported")
    found = risks.facts(d.state)
    about_it = {reason: found[reason] for reason in (RiskReason.DANGER, RiskReason.PROTECTED_PERSON)}
    risks.raise_by_rules(d, risks.risk_by_rules(about_it))
    # A red case whose leader came for something else is one to come for again.
    risks.call_for(d)
    lock_mediation(d, locked=True)


def record_110_call(d: Decision, command: c.Record110Call) -> None:
    """110 was called by the person who was named, or somebody of the centre has its number.

    Raises:
        RuleViolation: `no_danger`, `already_called`, `not_the_caller`, `called_in_future`,
            `called_about_something_else`.
    """
    danger = _standing(d)
    if danger.called:
        raise RuleViolation("already_called", "the call is on record")
    if command.actor.id != danger.caller and command.actor.role is not Role.DISPATCHER:
        raise RuleViolation("not_the_caller", "whoever was named calls and records it, or a dispatcher does")
    called_at = command.called_at.astimezone(UTC)
    if called_at > d.now:
        raise RuleViolation("called_in_future", "the call is recorded once it was made")
    if danger.since - called_at > _ONE_DAY:
        raise RuleViolation("called_about_something_else", "that was long before the danger was reported")
    d.record(e.PoliceCalled(receipt_no=command.receipt_no, called_at=called_at))
    meet(d, ClockName.DANGER_CALL)
    _let_the_level_go(d)


def report_protection(d: Decision, command: c.ReportProtection) -> None:
    """The report for minors or persons without full capacity was made (强制报告); a further body may be told as well.

    Raises:
        RuleViolation: `no_danger`, `nobody_to_protect`.
    """
    if not _standing(d).protects:
        raise RuleViolation("nobody_to_protect", "report the danger again and say who is in it that cannot act")
    d.record(e.ProtectionReported(to=command.to, receipt=command.receipt, note=command.note))
    meet(d, ClockName.PROTECTION_REPORT)
    _let_the_level_go(d)


def lift_danger(d: Decision, command: c.LiftDanger) -> None:
    """Somebody else than who reported it says that the danger is over, once everything that it asks for was done.

    Raises:
        RuleViolation: `no_danger`, `own_danger_report`, `not_called_yet`, `protection_not_reported`.
    """
    danger = _standing(d)
    if command.actor.id == danger.reported_by:
        raise RuleViolation("own_danger_report", "somebody else than who reported the danger lifts it")
    if not danger.called:
        raise RuleViolation("not_called_yet", "110 is called first")
    if danger.protects and not danger.protection_reported:
        raise RuleViolation("protection_not_reported", "the report for those who cannot act comes first")
    d.record(e.DangerLifted(reason=command.reason))
    lock_mediation(d, locked=False)


def _standing(d: Decision) -> Danger:
    if d.state.danger is None:
        raise RuleViolation("no_danger", "no danger is reported, or it was lifted")
    return d.state.danger


def _let_the_level_go(d: Decision) -> None:
    """Of a matter that is over the level that was called has nothing more to do."""
    if d.state.status in END_STATUSES and not any(running(d.state, name) for name in _OWED_AFTER_THE_END):
        meet(d, ClockName.LEVEL)
