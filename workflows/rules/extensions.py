"""More time (延期): asked for before the limit runs out, decided by the named approver, once for a clock.

Source: the hotline rules of several provinces; how much and by whom is the policy's to say, clock by clock.
"""

from datetime import date

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.clocks import Clock
from workflows.contracts.effects import SignalType
from workflows.contracts.errors import RuleViolation
from workflows.contracts.policy import ExtensionPolicy
from workflows.contracts.state import CaseState, ExtensionRequest
from workflows.contracts.vocabulary import ClockName, MoveCause, News, NoticeKind, TaskRole
from workflows.rules.breaches import withdraw_breach
from workflows.rules.clock_starts import id_of_next, policy_of, running, start_case_clock
from workflows.rules.clocks import meet_clock, move, requesters_own, tell
from workflows.rules.decision import Decision
from workflows.rules.guards import open_task
from workflows.rules.limits import units_between
from workflows.rules.notices import issue
from workflows.rules.rungs import calendar_of

_FURTHEST_DAYS = 5 * 366
"""Farther than any extension goes; the days up to a date are counted one by one."""


def request_extension(d: Decision, command: c.RequestExtension) -> None:
    """The unit asks for more time on one of its clocks; the approver decides on a clock of its own.

    Raises:
        RuleViolation: `unknown_task`, `task_not_open`, `clock_not_running`, `extension_not_allowed`,
            `extension_already_asked`, `already_extended`, `limit_run_out`, `date_not_ahead`, `beyond_maximum`.
    """
    task = open_task(d, command.task_no)
    clock = next(iter(running(d.state, command.clock, task.task_no)), None)
    if clock is None:
        raise RuleViolation("clock_not_running", f"no {command.clock} clock of this task is running")
    policy = _policy(d.state, clock)
    if policy is None:
        raise RuleViolation("extension_not_allowed", f"this policy allows no more time for {clock.name}")
    if task.task_no in d.state.extension_requests:
        raise RuleViolation("extension_already_asked", "a request for more time waits for its decision")
    if clock.extended_by:
        raise RuleViolation("already_extended", "a limit is extended once")
    if d.at > clock.due_at:
        raise RuleViolation("limit_run_out", "more time is asked for before the limit runs out")
    _time_more(d.state, clock, command.until, policy)
    asked = e.ExtensionAsked(
        task_no=task.task_no,
        clock_id=clock.id,
        decision_clock=id_of_next(d.state, ClockName.EXTENSION),
        until=command.until,
        reason=command.reason,
    )
    d.record(asked)
    start_case_clock(d, ClockName.EXTENSION, event="asked")


def decide_extension(d: Decision, command: c.DecideExtension) -> None:
    """The approver grants what was asked or less, or refuses; the requester is told if her own date moves.

    A clock that ran out while the approver was silent has not run out if the request is granted. Where a policy that
    the case was moved to allows no more time, the request can only be refused.

    Raises:
        RuleViolation: `no_extension_asked`, `not_the_approver`, `extension_not_allowed`, `date_not_ahead`,
            `beyond_maximum`, `beyond_request`.
    """
    task_no, request = _request(d.state, command)
    clock = d.state.clocks[request.clock_id]
    policy = _policy(d.state, clock)
    if policy is not None and command.actor.role is not policy.approver:
        raise RuleViolation("not_the_approver", f"a {policy.approver} decides on this")
    if not command.granted:
        d.record(e.ExtensionRefused(task_no=task_no, clock_id=clock.id, reason=command.reason))
        _decided(d, request)
        return
    if policy is None:
        raise RuleViolation("extension_not_allowed", f"this policy allows no more time for {clock.name}")
    until = command.until or request.until
    if until > request.until:
        raise RuleViolation("beyond_request", f"the unit asked for {request.until}")
    more = _time_more(d.state, clock, until, policy)
    task = d.state.tasks[task_no]
    d.record(e.ExtensionGranted(task_no=task_no, clock_id=clock.id, until=until, reason=command.reason))
    if task.role is TaskRole.LEAD and clock.name is ClockName.FINISH:
        issue(d, NoticeKind.EXTENSION)
    _decided(d, request)
    withdraw_breach(d, clock)
    move(d, d.state.clocks[clock.id], MoveCause.EXTENSION, extended_by=more)
    if task.role is TaskRole.LEAD and clock.name is ClockName.FINISH:
        _extend_citizen(d, clock, until, request)
        if requesters_own(d.state) == d.state.clocks[clock.id]:
            tell(d, News.EXTENDED)
    d.signal(task, SignalType.CHANGED)


def _decided(d: Decision, request: ExtensionRequest) -> None:
    clock = d.state.clocks.get(request.decision_clock)
    if clock is not None and clock.is_open:
        meet_clock(d, clock)


def _request(state: CaseState, command: c.DecideExtension) -> tuple[str, ExtensionRequest]:
    waiting = {
        task_no: request
        for task_no, request in state.extension_requests.items()
        if command.task_no in {None, task_no} and command.clock in {None, state.clocks[request.clock_id].name}
    }
    if len(waiting) != 1:
        found = "several do: name the task" if waiting else "none does"
        raise RuleViolation("no_extension_asked", f"one request for more time must wait for a decision; {found}")
    return next(iter(waiting.items()))


def _extend_citizen(d: Decision, finish: Clock, until: date, request: ExtensionRequest) -> None:
    """The lead's extension moves the requester's own date by as much, unless that had run out before it was asked."""
    for citizen in running(d.state, ClockName.CITIZEN):
        ran_out = citizen.breached_at is not None and citizen.breached_at < request.asked_at
        if ran_out or citizen.extended_by:
            # Hers is extended once too, however many units have the task after one another.
            continue
        more = units_between(finish.raw_due_date, until, citizen.limit.unit, calendar_of(d.state, finish.task_no))
        if more < 1:
            # A weekend more is nothing for a clock that counts working days.
            continue
        withdraw_breach(d, citizen)
        if move(d, d.state.clocks[citizen.id], MoveCause.EXTENSION, extended_by=more):
            tell(d, News.EXTENDED)


def _policy(state: CaseState, clock: Clock) -> ExtensionPolicy | None:
    policy = policy_of(state, clock)
    return policy.extension if policy else None


def _time_more(state: CaseState, clock: Clock, until: date, policy: ExtensionPolicy) -> int:
    """How many of its units the clock gets if its unrolled date becomes `until`."""
    beyond = RuleViolation("beyond_maximum", f"{policy.at_most} at most ({policy.source})")
    if (until - clock.raw_due_date).days > _FURTHEST_DAYS:
        raise beyond
    more = units_between(clock.raw_due_date, until, clock.limit.unit, calendar_of(state, clock.task_no))
    if more > policy.at_most.amount:
        raise beyond
    if more < 1:
        raise RuleViolation("date_not_ahead", f"the date asked for adds nothing to {clock.raw_due_date}")
    return more
