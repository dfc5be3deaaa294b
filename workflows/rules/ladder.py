"""What follows from time alone: rung after rung of the ladder, and what ends by itself."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from workflows.contracts import events as e
from workflows.contracts.clocks import Clock
from workflows.contracts.effects import SignalType
from workflows.contracts.ids import TextId
from workflows.contracts.process_state import ProcessState
from workflows.contracts.vocabulary import DANGER_CLOCKS, EXACT_UNITS, TASK_CLOCKS, ClockName, Level, Rung
from workflows.rules.calendar import compile_calendar
from workflows.rules.clock_starts import ENDS_BY_ITSELF, running, start_case_clock
from workflows.rules.decision import Decision
from workflows.rules.limits import due
from workflows.rules.rungs import after, ladder_of
from workflows.rules.send_backs import waiting_on

_LOUDNESS = [Rung.DUE_SOON, Rung.URGE_AGAIN, Rung.URGE, Rung.SUPERVISE, Rung.ESCALATE]
_SIGNALS = {
    Rung.URGE: SignalType.URGED,
    Rung.URGE_AGAIN: SignalType.URGED,
    Rung.SUPERVISE: SignalType.SUPERVISED,
    Rung.ESCALATE: SignalType.SUPERVISED,
}


_REWORK_THAT_ESCALATES = 3


class _Reached(NamedTuple):
    rung: Rung
    at: datetime
    clock_id: str


def earliest(state: ProcessState) -> Clock | None:
    """The clock that runs into its next rung first; None only for an archived case."""
    armed = [clock for clock in state.clocks.values() if clock.next_at is not None]
    return min(armed, key=_armed_for, default=None)


def next_moment(state: ProcessState, now: datetime) -> datetime | None:
    """When time alone brings something next: a rung, or the opening of the offices that a notice waits for."""
    clock = earliest(state)
    moments = [clock.next_at if clock else None, *(pending.waits(now) for pending in state.pending_effects)]
    return min((moment for moment in moments if moment is not None), default=None)


def _armed_for(clock: Clock) -> tuple[datetime, str]:
    return (clock.next_at or clock.due_at, clock.id)


def run_out(d: Decision) -> None:
    """Records every rung that is due by now, in the order of time, each at its own time.

    After an outage all of them come at once; only the highest is signalled to a unit.
    """
    highest: dict[str, _Reached] = {}
    urged_at_the_top = False
    while (clock := earliest(d.state)) is not None and clock.next_at is not None and clock.next_at <= d.now:
        if clock.name is ClockName.ARCHIVE_AFTER:
            _archive(d, clock)
        elif clock.name is ClockName.SUSPENSION:
            # The pauses were reckoned through this very moment, so no due time moves.
            d.record(e.ClockMet(clock_id=clock.id), e.CaseResumed(), at=clock.due_at)
        elif clock.name in ENDS_BY_ITSELF:
            d.record(e.ClockMet(clock_id=clock.id), at=clock.due_at)
        elif clock.name is ClockName.LIMITATION and clock.next_rung is None:
            d.record(e.ClockMet(clock_id=clock.id), e.LimitationRanOut(clock_id=clock.id), at=clock.due_at)
        elif clock.next_rung is not None:
            # A date that came with a merged report, or with a part of another case, may lie before this one began.
            _reach(d, clock, clock.next_rung, max(clock.next_at, d.state.taken_up_at))
            at_the_top = clock.next_rung is Rung.URGE_AGAIN and clock.task_no is None
            urged_at_the_top = urged_at_the_top or (at_the_top and clock.name not in DANGER_CLOCKS)
            if clock.task_no is not None and clock.name in TASK_CLOCKS:
                reached = _Reached(clock.next_rung, clock.next_at, clock.id)
                highest[clock.task_no] = max(highest.get(clock.task_no, reached), reached, key=_loudness)
    for task_no, (rung, at, clock_id) in highest.items():
        if rung in _SIGNALS:
            d.notify(d.state.tasks[task_no], _SIGNALS[rung], at=at, clock_id=clock_id)
    if urged_at_the_top:
        _urge_at_the_top(d, highest.keys())


def _urge_at_the_top(d: Decision, told: Collection[str]) -> None:
    """At the city there is nobody to escalate to: whoever is at work is urged every working day, until it is done."""
    for task in d.state.open_tasks if d.state.rules_version >= 3 else []:
        if task.task_no not in told:
            d.notify(task, SignalType.URGED)


def _archive(d: Decision, clock: Clock) -> None:
    d.record(e.ClockMet(clock_id=clock.id), at=clock.due_at)
    if d.state.goes_on_elsewhere:
        start_case_clock(d, ClockName.ARCHIVE_AFTER, event="ended", at=clock.due_at)
        return
    for other in [known for known in d.state.clocks.values() if known.is_open]:
        d.record(e.ClockStopped(clock_id=other.id), at=clock.due_at)
    d.record(e.CaseArchived(), at=clock.due_at)


def _loudness(reached: _Reached) -> tuple[int, datetime]:
    return _LOUDNESS.index(reached.rung), reached.at


def _reach(d: Decision, clock: Clock, rung: Rung, at: datetime) -> None:
    next_rung, next_at = after(d.state, clock, rung, at)
    times = 1
    if rung is Rung.URGE_AGAIN and next_at is not None and next_at <= d.now:
        # What fell into an outage is one entry that says how often.
        times, next_at = _reminders(d, clock, at, next_at)
    reached = e.RungReached(clock_id=clock.id, rung=rung, times=times, next_rung=next_rung, next_at=next_at)
    d.record(reached, at=at)
    if rung is Rung.URGE and (task := waiting_on(d.state, clock.id)) is not None:
        # The centre was silent: the task stays where it is.
        d.record(e.SendBackLapsed(task_no=task.task_no), e.ClockStopped(clock_id=clock.id), at=at)
        d.signal(task, SignalType.CHANGED)
    above = d.state.level_above(clock.level)
    if rung is Rung.ESCALATE and above is not None and d.state.level.rank < above.rank:
        escalate(d, above, at=at, clock_id=clock.id)


def _reminders(d: Decision, clock: Clock, first: datetime, following: datetime) -> tuple[int, datetime]:
    """How often it was due from `first` by now, if `following` was too; and when it is due next."""
    every = ladder_of(d.state, clock).top_urge_every
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
    for clock in running(d.state, ClockName.LEVEL):
        d.record(e.ClockStopped(clock_id=clock.id), at=at)
    start_case_clock(d, ClockName.LEVEL, event="escalated", at=at)


def escalate_often_reworked(d: Decision, reason: TextId) -> None:
    """What had to be done again for the third time goes one level up [default]."""
    above = d.state.level_above(d.state.level)
    if d.state.rework == _REWORK_THAT_ESCALATES and above is not None:
        escalate(d, above, at=d.at, reason=reason)
