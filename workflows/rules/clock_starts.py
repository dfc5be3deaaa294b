"""Starting clocks: each with its first rung armed in the state, so that nothing is polled."""

from datetime import date, datetime

from workflows.contracts import events as e
from workflows.contracts.clocks import Clock, Limit, Pause
from workflows.contracts.limitation import LimitationRule
from workflows.contracts.policy import USUAL_LIMITS, ClockPolicy
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import DANGER_CLOCKS, TASK_CLOCKS, ClockName, LimitUnit, TaskRole
from workflows.rules.calendar import ONE_DAY, local_date, midnight
from workflows.rules.decision import Decision
from workflows.rules.limits import due
from workflows.rules.rungs import before_due, calendar_of

ENDS_BY_ITSELF = frozenset({ClockName.ARCHIVE_AFTER, ClockName.SUSPENSION, ClockName.REVIEW, ClockName.OBJECTION})
"""Nobody owes anything by these: when they are due, what they were for happens, or somebody's time is over."""
_AT_ANY_AGE = DANGER_CLOCKS | {ClockName.CONSULTATION}
"""Danger is reported of cases under older rules too, none of which ever had these clocks before."""


def policy_of(state: CaseState, clock: Clock) -> ClockPolicy | None:
    """What the case's policy says of this clock; None where it does not know it (a date that was promised)."""
    if clock.task_no is None:
        return case_limit(state, clock.name)
    return state.policy.task_presets.get(state.tasks[clock.task_no].preset, {}).get(clock.name)


def case_limit(state: CaseState, name: ClockName) -> ClockPolicy | None:
    """The limit of a clock of the case: the policy's, else the usual one of a step that few cases come to."""
    usual = USUAL_LIMITS.get(name) if state.rules_version >= 3 or name in _AT_ANY_AGE else None
    return state.policy.case_limits.get(name) or usual


def start_case_clock(
    d: Decision, name: ClockName, *, event: str, at: datetime | None = None, since: datetime | None = None
) -> None:
    """Starts a clock of the case if the policy has a limit for it; `event` names what starts it.

    It counts from `since` where that happened before it came to be known.
    """
    limit = case_limit(d.state, name)
    if limit is not None:
        _start(d, name, limit, event=event, at=at or d.at, task_no=None, since=since)


def start_again(d: Decision, name: ClockName, *, event: str, at: datetime | None = None) -> None:
    """A case clock with the policy's limit, counted from now, or `at`, whatever it counts from otherwise."""
    limit = case_limit(d.state, name)
    if limit is not None:
        _start(d, name, _from_now_on(limit), event=event, at=at or d.at, task_no=None)


def start_task_clocks(d: Decision, task_no: str) -> None:
    """Starts the clocks that the task's preset names."""
    preset = d.state.policy.task_presets[d.state.tasks[task_no].preset]
    for name in TASK_CLOCKS:
        if name in preset:
            since = _time_of_the_law(d, task_no) if preset[name].statutory else None
            _start(d, name, preset[name], event="dispatched", at=d.at, task_no=task_no, since=since)


def _time_of_the_law(d: Decision, task_no: str) -> datetime:
    """Since when the time that the law gives runs: for a unit in another's place, since that one had the task."""
    task = d.state.tasks[task_no]
    before = [
        clock.started_at
        for clock in d.state.clocks.values()
        if clock.name is ClockName.FINISH
        and clock.task_no is not None
        and (d.state.tasks[clock.task_no].role, d.state.tasks[clock.task_no].round) == (task.role, task.round)
    ]
    return min([*before, d.at]) if task.role is TaskRole.LEAD else d.at


def start_rework_clock(d: Decision, task_no: str) -> None:
    """What has to be done again gets the `finish` limit of the preset again, counted from now on."""
    preset = d.state.policy.task_presets[d.state.tasks[task_no].preset]
    _start(d, ClockName.FINISH, _from_now_on(preset[ClockName.FINISH]), event="reworked", at=d.at, task_no=task_no)


def _from_now_on(policy: ClockPolicy) -> ClockPolicy:
    return policy.model_copy(update={"limit": policy.limit.model_copy(update={"from_event": None})})


def start_dated_clock(d: Decision, name: ClockName, through: date, *, event: str, source: str) -> None:
    """Starts a clock of the case that somebody gave a local date before rolling, later than today's."""
    limit = Limit(amount=(through - local_date(d.at)).days, unit=LimitUnit.CALENDAR_DAYS)
    _start(d, name, ClockPolicy(limit=limit, source=source), event=event, at=d.at, task_no=None)


def start_limitation_clock(d: Decision, rule: LimitationRule, began_on: date, *, event: str) -> None:
    """Starts the clock of a limitation period that began on a local date."""
    policy = ClockPolicy(limit=rule.limit, source=rule.source)
    _start(d, ClockName.LIMITATION, policy, event=event, at=d.at, task_no=None, since=midnight(began_on))


def _start(
    d: Decision,
    name: ClockName,
    policy: ClockPolicy,
    *,
    event: str,
    at: datetime,
    task_no: str | None,
    since: datetime | None = None,
) -> None:
    """Starts the clock at `at`; it counts from what its limit names, else from `since`, else from now."""
    limit = policy.limit
    named = {"registered": d.state.round_began, "accepted": d.state.accepted_at}.get(limit.from_event or "")
    begins = named or since or at
    pauses = _stands_still_already(d, policy, begins)
    ends = due(limit, begins, calendar_of(d.state, task_no), pauses)
    clock = Clock(
        name=name,
        round=next_round(d.state, name, task_no),
        task_no=task_no,
        limit=limit,
        started_from=limit.from_event or event,
        source=policy.source,
        level=d.state.level,
        started_at=begins,
        due_at=ends.due_at,
        due_date=ends.due_date,
        raw_due_date=ends.raw_due_date,
        provisional=ends.provisional,
        pauses=pauses,
    )
    if name is ClockName.SUSPENSION:
        # The latest day was named: it is that day, working day or not, whatever calendar is published.
        last = ends.raw_due_date
        clock = clock.model_copy(update={"due_at": midnight(last + ONE_DAY), "due_date": last, "provisional": False})
    next_rung, next_at = (None, clock.due_at) if name in ENDS_BY_ITSELF else before_due(d.state, clock)
    if name is ClockName.LIMITATION and next_at is not None:
        # The time to warn may have gone by before anybody knew of the period.
        next_at = max(next_at, at)
    d.record(e.ClockStarted(clock=clock.model_copy(update={"next_rung": next_rung, "next_at": next_at})), at=at)


def _stands_still_already(d: Decision, policy: ClockPolicy, begins: datetime) -> tuple[Pause, ...]:
    """The rest of a suspension in force, if the new clock's source allows its ground as well."""
    suspension = d.state.suspension
    if suspension is None or suspension.ground not in policy.pauses or suspension.until <= begins:
        return ()
    since = max(begins, suspension.since)
    return (Pause(since=since, until=suspension.until, ground=suspension.ground.value),)


def next_round(state: CaseState, name: ClockName, task_no: str | None) -> int:
    """The round of the next clock of that name: 1 for the first."""
    rounds = [clock.round for clock in state.clocks.values() if clock.name is name and clock.task_no == task_no]
    return max(rounds, default=0) + 1


def id_of_next(state: CaseState, name: ClockName) -> str:
    """The id that the next clock of the case with that name will have."""
    number = next_round(state, name, None)
    return name.value if number == 1 else f"{name.value}#{number}"


def running(state: CaseState, name: ClockName, task_no: str | None = None) -> list[Clock]:
    """The open clocks of that name, of the task or of the case itself."""
    return [c for c in state.clocks.values() if c.name is name and c.task_no == task_no and c.is_open]
