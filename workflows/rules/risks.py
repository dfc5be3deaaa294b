"""How likely a case is to get worse (三色预警): what the rules read off the case, and what follows from each level.

The rules only ever raise it, and only for what is new: people raise and lower it with a reason, and stay right.
"""

from collections.abc import Collection, Mapping

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation.vocabulary import MediationStatus
from workflows.contracts.risk import RISK_RULES, RiskReason, RiskRule
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import END_STATUSES, ClockName, RiskLevel
from workflows.rules.clock_starts import running, start_case_clock
from workflows.rules.clocks import meet, stop_clocks
from workflows.rules.decision import Decision

_RANKS: list[RiskLevel | None] = [None, *RiskLevel]
_ASKED_FOR: Mapping[RiskLevel | None, tuple[ClockName, ...]] = {
    RiskLevel.YELLOW: (ClockName.RISK_REVIEW,),
    RiskLevel.RED: (ClockName.DUTY_LEADER, ClockName.CONSULTATION),
}
"""What somebody has to do about a case of that risk, and until when: each has its limit in the policy."""


def facts(state: CaseState) -> dict[RiskReason, int]:
    """What there is of each reason in the case."""
    threshold = state.policy.group_threshold
    failed = [one for one in state.mediations.values() if one.status is MediationStatus.FAILED]
    return {
        RiskReason.DANGER: state.danger is not None,
        RiskReason.PROTECTED_PERSON: state.danger is not None and state.danger.protects,
        RiskReason.CROWD: threshold is not None and (state.headcount or 0) >= threshold,
        RiskReason.FAILED_MEDIATIONS: len(failed),
        RiskReason.DISSATISFIED_AGAIN: state.dissatisfied,
        RiskReason.REWORKED_OFTEN: state.rework,
        RiskReason.CALLED_OFTEN: state.contacts,
    }


def risk_by_rules(found: Mapping[RiskReason, int]) -> frozenset[RiskRule]:
    """The rules that speak for a risk, each with its level and reason."""
    return frozenset(rule for rule in RISK_RULES if found.get(rule.reason, 0) >= rule.at_least)


def met(state: CaseState) -> frozenset[RiskRule]:
    """The rules that the case meets as it is."""
    return risk_by_rules(facts(state))


def raise_by_rules(d: Decision, rules: Collection[RiskRule]) -> None:
    """Raises the risk to what these rules, which are newly met, speak for; never lowers it."""
    highest = max((rule.risk for rule in rules), key=_RANKS.index, default=None)
    was = d.state.risk
    if d.state.status in END_STATUSES or _RANKS.index(highest) <= _RANKS.index(was) or highest is None:
        return
    reasons = tuple(rule.reason for rule in RISK_RULES if rule in rules and rule.risk is highest)
    d.record(e.RiskSet(risk=highest, by_rules=reasons))
    follow(d, was, crowd=RiskReason.CROWD in reasons)


def follow(d: Decision, was: RiskLevel | None, *, crowd: bool = False) -> None:
    """What the level asks for runs from now on, and what only another one asks for stops.

    That a case became red is told to the level above.
    """
    risk = d.state.risk
    for name in (name for names in _ASKED_FOR.values() for name in names if name not in _ASKED_FOR.get(risk, ())):
        stop_clocks(d, name)
    above = d.state.level_above(d.state.level)
    if risk is RiskLevel.RED and was is not RiskLevel.RED and above is not None:
        d.record(e.ReportedUpward(to_level=above, headcount=d.state.headcount if crowd else None))
    call_for(d)


def call_for(d: Decision) -> None:
    """Starts what the case's risk asks for and does not run."""
    for name in _ASKED_FOR.get(d.state.risk, ()):
        if not running(d.state, name):
            start_case_clock(d, name, event="risk_set")


def record_duty_leader(d: Decision, command: c.RecordDutyLeader) -> None:
    """The leader on duty has the red case in hand.

    Raises:
        RuleViolation: `no_duty_leader_called`.
    """
    if not running(d.state, ClockName.DUTY_LEADER):
        raise RuleViolation("no_duty_leader_called", "the duty leader was not called to this case, or has been there")
    d.record(e.DutyLeaderRecorded(note=command.note))
    meet(d, ClockName.DUTY_LEADER)
