"""The world changes under a running case: a calendar is published, a policy is chosen, its risk is seen anew."""

from datetime import date

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.clocks import Clock
from workflows.contracts.effects import SignalType
from workflows.contracts.errors import RuleViolation
from workflows.contracts.vocabulary import ClockName, MoveCause, News, RiskLevel
from workflows.rules import risks
from workflows.rules.clock_starts import running
from workflows.rules.clocks import meet, move, requesters_own, tell
from workflows.rules.decision import Decision
from workflows.rules.guards import require_open
from workflows.rules.mediation_orders import pass_on_calendar


def adopt_calendar(d: Decision, command: c.AdoptCalendar) -> None:
    """Works out every running clock again on the newer calendar; units and requester learn which of theirs moved.

    What was warned of stays warned of, and what ran out stays run out.

    Raises:
        RuleViolation: `calendar_not_newer`.
    """
    if command.calendar.version <= d.state.calendar.version:
        raise RuleViolation("calendar_not_newer", f"the case has version {d.state.calendar.version}")
    before = requesters_own(d.state)
    d.record(e.CalendarAdopted(calendar=command.calendar))
    # Sorted, because a state that was stored has lost its own order.
    still_open = [clock for _, clock in sorted(d.state.clocks.items()) if clock.is_open]
    movable = [clock for clock in still_open if clock.name is not ClockName.SUSPENSION]
    moved = [clock for clock in movable if move(d, clock, MoveCause.CALENDAR)]
    for task in d.state.open_tasks:
        if task.task_no in {clock.task_no for clock in moved}:
            d.signal(task, SignalType.CHANGED)
    pass_on_calendar(d, command.calendar)
    own = requesters_own(d.state)
    if own and before and own.breached_at is None and _shown(own) != _shown(before):
        tell(d, News.CALENDAR)


def _shown(clock: Clock) -> tuple[date, bool]:
    return clock.due_date, clock.provisional


def adopt_policy(d: Decision, command: c.AdoptPolicy) -> None:
    """Clocks that start from here on, and the ladder, follow another policy; running clocks keep their limits.

    Else a migration could move the requester's date, which nothing but an extension, a pause or a calendar may do.

    Raises:
        RuleViolation: `policy_unchanged`, `preset_missing`.
    """
    if command.policy == d.state.policy:
        raise RuleViolation("policy_unchanged", "the case has this policy")
    missing = sorted({task.preset for task in d.state.tasks.values()} - set(command.policy.task_presets))
    if missing:
        raise RuleViolation("preset_missing", f"tasks of this case have the preset {missing[0]}, which it lacks")
    d.record(e.PolicyAdopted(policy=command.policy))


def set_risk(d: Decision, command: c.SetRisk) -> None:
    """How likely the case is to get worse (三色预警); limits by risk apply to clocks that start from here on.

    A yellow case may be found yellow again: then its next review is due.

    Raises:
        RuleViolation: `case_ended`, `risk_unchanged`, `danger_stands`, `wrong_policy`.
    """
    require_open(d)
    was = d.state.risk
    if command.risk is was and not running(d.state, ClockName.RISK_REVIEW):
        raise RuleViolation("risk_unchanged", f"the case is {command.risk} already")
    if d.state.danger is not None and command.risk is not RiskLevel.RED:
        raise RuleViolation("danger_stands", "lift the danger first: while it stands the case is red")
    own, given = d.state.policy, command.policy
    if (own.name, own.version) != (given.name, given.version):
        raise RuleViolation("wrong_policy", "a risk does not move a case to another policy or version")
    d.record(e.RiskSet(risk=command.risk, reason=command.reason))
    if given != own:
        d.record(e.PolicyAdopted(policy=given))
    if d.state.rules_version >= 4:
        meet(d, ClockName.RISK_REVIEW)
        risks.follow(d, was)
