"""Starting, meeting and running out clocks. A clock's next rung is armed in the state, so nothing is polled."""

from datetime import datetime, timedelta
from typing import assert_never

from workflows.contracts import events as e
from workflows.contracts.clocks import Clock, Limit
from workflows.contracts.effects import SignalType
from workflows.contracts.ids import TextId
from workflows.contracts.policy import ClockPolicy
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import EXACT_UNITS, TASK_CLOCKS, ClockName, Level, LimitUnit, Rung
from workflows.rules.calendar import compile_calendar
from workflows.rules.decision import Decision
from workflows.rules.limits import due, warn_at

_ENDS_AT_MIDNIGHT = frozenset({LimitUnit.CALENDAR_DAYS, LimitUnit.MONTHS, LimitUnit.YEARS})
_LOUDNESS = [Rung.DUE_SOON, Rung.URGE_AGAIN, Rung.URGE, Rung.SUPERVISE, Rung.ESCALATE]
_SIGNALS = {
    Rung.URGE: SignalType.URGED,
    Rung.URGE_AGAIN: SignalType.URGED,
    Rung.SUPERVISE: SignalType.SUPERVISED,
    Rung.ESCALATE: SignalType.SUPERVISED,
}


def earliest(state: CaseState) -> Clock | None:
    """The clock that runs into its next rung first; None only for an archived case."""
    armed = [clock for clock in state.clocks.values() if clock.next_at is not None]
    return min(armed, key=_armed_for, default=None)


def _armed_for(clock: Clock) -> tuple[datetime, str]:
    return (clock.next_at or clock.due_at, clock.id)


def start_case_clock(d: Decision, name: ClockName, *, event: str, at: datetime | None = None) -> None:
    """Starts a clock of the case with the policy's limit; `event` names what starts it."""
    limit = d.state.policy.case_limits.get(name)
    if limit is not None:
        _start(d, name, limit, event=event, at=at or d.at, task_no=None)


def start_task_clocks(d: Decision, task_no: str) -> None:
    """Starts the clocks that the task's preset names."""
    preset = d.state.policy.task_presets[d.state.tasks[task_no].preset]
    for name in TASK_CLOCKS:
        if name in preset:
            _start(d, name, preset[name], event="dispatched", at=d.at, task_no=task_no)


def start_rework_clock(d: Decision, task_no: str) -> None:
    """What has to be done again gets the `finish` limit of the preset again, counted from now on."""
    preset = d.state.policy.task_presets[d.state.tasks[task_no].preset]
    again = preset[ClockName.FINISH]
    from_now_on = again.model_copy(update={"limit": again.limit.model_copy(update={"from_event": None})})
    _start(d, ClockName.FINISH, from_now_on, event="reworked", at=d.at, task_no=task_no)


def _start(d: Decision, name: ClockName, policy: ClockPolicy, *, event: str, at: datetime, task_no: str | None) -> None:
    calendar = compile_calendar(d.state.calendar)
    limit = policy.limit
    begins = {"registered": d.state.registered_at, "accepted": d.state.accepted_at}.get(limit.from_event or "") or at
    ends = due(limit, begins, calendar)
    is_archive = name is ClockName.ARCHIVE_AFTER
    warned = warn_at(limit, begins, ends.due_at, calendar, fraction=d.state.policy.ladder.warn_fraction)
    rounds = [clock.round for clock in d.state.clocks.values() if clock.name is name and clock.task_no == task_no]
    clock = Clock(
        name=name,
        round=max(rounds, default=0) + 1,
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
        next_rung=None if is_archive else Rung.DUE_SOON,
        next_at=ends.due_at if is_archive else warned,
    )
    d.record(e.ClockStarted(clock=clock), at=at)


def meet(d: Decision, name: ClockName, *, task_no: str | None = None) -> None:
    """What the clock was for has happened at the decision's time; a breach that this time undoes is withdrawn."""
    for clock in _open(d.state, name, task_no):
        _withdraw_breach_if_in_time(d, clock)
        d.record(e.ClockMet(clock_id=clock.id))


def meet_task_steps(d: Decision, task_no: str, through: ClockName) -> None:
    """A step meets its own clock and those of the steps before it."""
    for name in TASK_CLOCKS[: TASK_CLOCKS.index(through) + 1]:
        meet(d, name, task_no=task_no)


def stop(d: Decision, *, task_no: str | None = None) -> None:
    """Stops every open clock of the task, or of the whole case; a breach that this time undoes is withdrawn."""
    for clock in _running(d.state, task_no):
        _withdraw_breach_if_in_time(d, clock)
    for clock in _running(d.state, task_no):
        d.record(e.ClockStopped(clock_id=clock.id))


def resume_citizen_clock(d: Decision) -> None:
    """What had met the citizen's clock does not stand: it runs on, with its old due time."""
    met = [c for c in d.state.clocks.values() if c.name is ClockName.CITIZEN and c.met_at is not None]
    for clock in met[-1:]:
        if clock.rung is None:
            calendar = compile_calendar(d.state.calendar)
            fraction = d.state.policy.ladder.warn_fraction
            warned = warn_at(clock.limit, clock.started_at, clock.due_at, calendar, fraction=fraction)
            d.record(e.ClockResumed(clock_id=clock.id, next_rung=Rung.DUE_SOON, next_at=warned))
        else:
            next_rung, next_at = _after(d.state, clock, clock.rung, d.at)
            d.record(e.ClockResumed(clock_id=clock.id, next_rung=next_rung, next_at=next_at))


def run_out(d: Decision) -> None:
    """Records every rung that is due by now, in the order of time, each at its own time.

    After an outage all of them come at once; only the highest is signalled to a unit.
    """
    highest: dict[str, tuple[Rung, datetime]] = {}
    while (clock := earliest(d.state)) is not None and clock.next_at is not None and clock.next_at <= d.now:
        if clock.name is ClockName.ARCHIVE_AFTER:
            d.record(e.ClockMet(clock_id=clock.id), e.CaseArchived(), at=clock.due_at)
        elif clock.next_rung is not None:
            _reach(d, clock, clock.next_rung, clock.next_at)
            if clock.task_no is not None:
                reached = (clock.next_rung, clock.next_at)
                highest[clock.task_no] = max(highest.get(clock.task_no, reached), reached, key=_loudness)
    for task_no, (rung, at) in highest.items():
        if rung in _SIGNALS:
            d.signal(d.state.tasks[task_no], _SIGNALS[rung], at=at)


def _loudness(reached: tuple[Rung, datetime]) -> tuple[int, datetime]:
    rung, at = reached
    return _LOUDNESS.index(rung), at


def _reach(d: Decision, clock: Clock, rung: Rung, at: datetime) -> None:
    next_rung, next_at = _after(d.state, clock, rung, at)
    times = 1
    if rung is Rung.URGE_AGAIN and next_at is not None and next_at <= d.now:
        # What fell into an outage is one entry that says how often.
        times, next_at = _reminders(d, at, next_at)
    reached = e.RungReached(clock_id=clock.id, rung=rung, times=times, next_rung=next_rung, next_at=next_at)
    d.record(reached, at=at)
    above = d.state.level_above(clock.level)
    if rung is Rung.ESCALATE and above is not None and d.state.level.rank < above.rank:
        escalate(d, above, at=at, clock_id=clock.id)


def _after(state: CaseState, clock: Clock, rung: Rung, at: datetime) -> tuple[Rung | None, datetime | None]:
    """The rung that follows, and when: counted from the due time, at the top from the reminder before it."""
    calendar = compile_calendar(state.calendar)
    ladder = state.policy.ladder
    match rung:
        case Rung.DUE_SOON:
            return Rung.URGE, clock.due_at
        case Rung.URGE:
            return Rung.SUPERVISE, due(ladder.supervise_after, _breach(clock, ladder.supervise_after), calendar).due_at
        case Rung.SUPERVISE:
            return Rung.ESCALATE, due(ladder.escalate_after, _breach(clock, ladder.escalate_after), calendar).due_at
        case Rung.ESCALATE | Rung.URGE_AGAIN:
            # Below the top the case is now a level up, where the level's own clock watches it.
            at_the_top = state.level_above(clock.level) is None
            return (Rung.URGE_AGAIN, due(ladder.top_urge_every, at, calendar).due_at) if at_the_top else (None, None)
        case _:
            assert_never(rung)


def _breach(clock: Clock, step: Limit) -> datetime:
    """The moment from which a step of the ladder counts: the due time."""
    # A day that ends at 24:00 is the day of the breach, not the one that begins at that moment.
    counts_days = step.unit not in EXACT_UNITS
    by_midnight = counts_days and clock.limit.unit in _ENDS_AT_MIDNIGHT
    return clock.due_at - timedelta(seconds=1) if by_midnight else clock.due_at


def _reminders(d: Decision, first: datetime, following: datetime) -> tuple[int, datetime]:
    """How often it was due from `first` by now, if `following` was too; and when it is due next."""
    every = d.state.policy.ladder.top_urge_every
    if every.unit in EXACT_UNITS and not every.office_start and not every.next_hour:
        # Seconds over months are millions of steps, and a workflow task has two seconds for all it does.
        missed = (d.now - first) // (following - first)
        return missed + 1, first + (missed + 1) * (following - first)
    calendar = compile_calendar(d.state.calendar)
    times = 1
    while following <= d.now:
        times += 1
        following = due(every, following, calendar).due_at
    return times, following


def escalate(
    d: Decision, to_level: Level, *, at: datetime, reason: TextId | None = None, clock_id: str | None = None
) -> None:
    """The case goes up to `to_level`, whose own clock begins; the clock of the level it leaves is over."""
    d.record(e.Escalated(from_level=d.state.level, to_level=to_level, reason=reason, clock_id=clock_id), at=at)
    for clock in _open(d.state, ClockName.LEVEL, None):
        d.record(e.ClockStopped(clock_id=clock.id), at=at)
    start_case_clock(d, ClockName.LEVEL, event="escalated", at=at)


def _withdraw_breach_if_in_time(d: Decision, clock: Clock) -> None:
    if clock.breached_at is None or d.at > clock.due_at:
        return
    level = _level_without(d.state, clock)
    d.record(e.BreachWithdrawn(clock_id=clock.id, level=level))
    if level is not None:
        for level_clock in _open(d.state, ClockName.LEVEL, None):
            d.record(e.ClockStopped(clock_id=level_clock.id))
        if level is not d.state.origin_level:
            # That level's own clock ended when the case left it.
            start_case_clock(d, ClockName.LEVEL, event="escalated")


def _level_without(state: CaseState, breached: Clock) -> Level | None:
    """The level that the case goes back to if that breach does not count; None if it stays where it is.

    It stays if a person raised it, or if the breach of another clock would have raised it as well.
    """
    by = state.clocks.get(state.escalated_by or "")
    if by is None or by.level is not breached.level or breached.rung is not Rung.ESCALATE:
        return None
    others = [clock for clock in state.clocks.values() if clock.name is not ClockName.LEVEL and clock.id != breached.id]
    raised = [clock for clock in others if breached.level.rank <= clock.level.rank < state.level.rank]
    return None if any(clock.rung is Rung.ESCALATE for clock in raised) else breached.level


def _running(state: CaseState, task_no: str | None) -> list[Clock]:
    """The open clocks of the task, or of the whole case."""
    return [clock for clock in state.clocks.values() if clock.is_open and task_no in {None, clock.task_no}]


def _open(state: CaseState, name: ClockName, task_no: str | None) -> list[Clock]:
    return [c for c in state.clocks.values() if c.name is name and c.task_no == task_no and c.is_open]
