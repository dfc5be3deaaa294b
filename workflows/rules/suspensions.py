"""Clocks stand still (挂起): only on a ground that a clock's own source allows, approved each time, with an end.

Sources: 信访工作条例 36 (hearing for the re-review), 医疗纠纷预防和处理条例 38 (appraisal), and court practice for an
appraisal before filing. Which clock allows what is the policy's to say.
"""

from datetime import datetime

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.clocks import Clock, Pause
from workflows.contracts.effects import SignalType
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import TextId
from workflows.contracts.policy import PausePolicy
from workflows.contracts.state import CaseState, Suspension
from workflows.contracts.vocabulary import ClockName, MoveCause, News, PauseGround
from workflows.rules.breaches import withdraw_breach_if_in_time
from workflows.rules.calendar import ONE_DAY, local_date, midnight
from workflows.rules.clock_starts import policy_of, start_dated_clock
from workflows.rules.clocks import meet, move, requesters_own, tell
from workflows.rules.decision import Decision
from workflows.rules.guards import require_open
from workflows.rules.limits import due
from workflows.rules.rungs import calendar_of


def suspend(d: Decision, command: c.Suspend) -> None:
    """Every running clock whose source allows the ground stands still, through `until` at the latest.

    A clock that had run out by the time of the request stays run out.

    Raises:
        RuleViolation: `case_ended`, `already_suspended`, `ground_not_allowed`, `not_the_approver`, `date_not_ahead`,
            `beyond_maximum`.
    """
    require_open(d)
    if d.state.suspension is not None:
        raise RuleViolation("already_suspended", "the clocks stand still already; resume them first")
    # Received while an earlier one was in force that has ended by itself since: it goes on from there.
    d.at = max([d.at, *(earlier.resumed_at for earlier in d.state.suspensions if earlier.resumed_at)])
    allowed = _that_allow(d, command.ground)
    if not allowed:
        raise RuleViolation("ground_not_allowed", f"no running clock of this case may stand still for {command.ground}")
    if command.until <= local_date(d.at):
        raise RuleViolation("date_not_ahead", "a suspension ends on a later day than today")
    for clock, policy in allowed:
        if command.actor.role is not policy.approver:
            raise RuleViolation("not_the_approver", f"a {policy.approver} decides on this")
        latest = due(policy.at_most, d.at, calendar_of(d.state, clock.task_no)).raw_due_date
        if command.until > latest:
            raise RuleViolation("beyond_maximum", f"{clock.id} may stand still through {latest} at the latest")
    until = midnight(command.until + ONE_DAY)
    ids = tuple(clock.id for clock, _ in allowed)
    d.record(e.CaseSuspended(ground=command.ground, until=until, clock_ids=ids, reason=command.reason))
    start_dated_clock(d, ClockName.SUSPENSION, command.until, event="suspended", source=allowed[0][1].source)
    pause = Pause(since=d.at, until=until, ground=command.ground.value)
    for clock, _ in allowed:
        withdraw_breach_if_in_time(d, clock)
        move(d, d.state.clocks[clock.id], MoveCause.PAUSE, pauses=(*clock.pauses, pause))
    _tell_all(d, News.SUSPENDED, ids)


def resume(d: Decision, command: c.Resume) -> None:
    """What the suspension waited for has come.

    Raises:
        RuleViolation: `case_ended`, `not_suspended`.
    """
    require_open(d)
    suspension = d.state.suspension
    if suspension is None:
        raise RuleViolation("not_suspended", "no clock of this case stands still")
    end_suspension(d, command.reason)
    _tell_all(d, News.RESUMED, suspension.clock_ids)


def end_suspension(d: Decision, reason: TextId | None = None) -> None:
    """The clocks that stand still run on from now, with the rest of their time; nothing if none does."""
    suspension = d.state.suspension
    if suspension is None:
        return
    # A unit's step may count at a time before the suspension, and ends it all the same.
    d.record(e.CaseResumed(reason=reason), at=max(d.at, suspension.since))
    meet(d, ClockName.SUSPENSION)
    for clock in _standing_still(d.state, suspension):
        move(d, clock, MoveCause.PAUSE, pauses=_trimmed(clock, d.at))


def end_idle_suspension(d: Decision) -> None:
    """Nothing is left that stands still: the suspension is over."""
    if d.state.suspension is not None and not _standing_still(d.state, d.state.suspension):
        end_suspension(d)


def _standing_still(state: CaseState, suspension: Suspension) -> list[Clock]:
    """The open clocks that stand still with it, those included that started since."""
    clocks = [clock for clock in state.clocks.values() if clock.is_open and clock.pauses]
    return [clock for clock in clocks if clock.pauses[-1].until == suspension.until]


def _that_allow(d: Decision, ground: PauseGround) -> list[tuple[Clock, PausePolicy]]:
    found = []
    for clock in d.state.clocks.values():
        policy = policy_of(d.state, clock)
        if policy is not None and ground in policy.pauses and clock.is_open and d.at <= clock.due_at:
            found.append((clock, policy.pauses[ground]))
    return found


def _trimmed(clock: Clock, at: datetime) -> tuple[Pause, ...]:
    *before, latest = clock.pauses
    return (*before, latest.model_copy(update={"until": max(latest.since, at)}))


def _tell_all(d: Decision, about: News, clock_ids: tuple[str, ...]) -> None:
    """The units whose tasks moved, and the requester if the date she goes by did."""
    moved = {d.state.clocks[clock_id].task_no for clock_id in clock_ids}
    for task in d.state.open_tasks:
        if task.task_no in moved:
            d.signal(task, SignalType.CHANGED)
    own = requesters_own(d.state)
    if own is not None and own.id in clock_ids:
        tell(d, about)
