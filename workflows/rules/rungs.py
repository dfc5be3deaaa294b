"""Which rung of its ladder a clock waits for, and when: counted on the calendar that the clock runs on."""

from datetime import datetime, timedelta
from typing import assert_never

from workflows.contracts.clocks import Clock, Limit
from workflows.contracts.limitation import WARN_DAYS
from workflows.contracts.policy import EMERGENCY_LADDER, Ladder
from workflows.contracts.process_state import ProcessState
from workflows.contracts.vocabulary import DANGER_CLOCKS, EXACT_UNITS, ClockName, LimitUnit, Rung
from workflows.rules.calendar import WorkCalendar, compile_calendar
from workflows.rules.limits import due, warn_at

_ENDS_AT_MIDNIGHT = frozenset({LimitUnit.CALENDAR_DAYS, LimitUnit.MONTHS, LimitUnit.YEARS})

Armed = tuple[Rung | None, datetime | None]
"""The rung that comes next and when; neither if none does."""


def calendar_of(state: ProcessState, task_no: str | None) -> WorkCalendar:
    """The calendar that a clock runs on: the process's, with the hours of the unit that has the task."""
    return compile_calendar(state.calendar, state.office_hours(task_no))


def before_due(state: ProcessState, clock: Clock) -> Armed:
    """What a clock that has not run out waits for: the warning (即将超期), or once it was given the due time."""
    if clock.rung is not None:
        return at_due(clock)
    if clock.name is ClockName.LIMITATION:
        return Rung.DUE_SOON, clock.due_at - timedelta(days=WARN_DAYS[clock.source])
    calendar = calendar_of(state, clock.task_no)
    fraction = state.policy.ladder.warn_fraction
    return Rung.DUE_SOON, warn_at(clock.limit, clock.started_at, clock.due_at, calendar, clock.pauses, fraction)


def at_due(clock: Clock) -> Armed:
    """What a clock that has warned waits for: its due time, at which a limitation period is over and nobody is late."""
    return None if clock.name is ClockName.LIMITATION else Rung.URGE, clock.due_at


def ladder_of(state: ProcessState, clock: Clock) -> Ladder:
    """The policy's ladder; what endangers people has its own."""
    return EMERGENCY_LADDER if clock.name in DANGER_CLOCKS else state.policy.ladder


def after(state: ProcessState, clock: Clock, rung: Rung, at: datetime) -> Armed:
    """The rung that follows, and when: counted from the due time, at the top from the reminder before it."""
    calendar = calendar_of(state, clock.task_no)
    ladder = ladder_of(state, clock)
    match rung:
        case Rung.DUE_SOON:
            return at_due(clock)
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
