"""Clocks in words: what is due when, how that came about, and the four timed steps of a task."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.pages import moments
from api.pages import words as w
from api.pages.day_cells import Why, why
from api.pages.names import clock_name
from api.snapshots import ClockView
from workflows.contracts.clocks import Limit
from workflows.contracts.process_state import ProcessState
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import EXACT_UNITS, TASK_CLOCKS, ClockName, LimitUnit, TaskStatus
from workflows.rules.calendar import ONE_DAY, WorkCalendar, midnight
from workflows.rules.limits import in_order, paused_dates
from workflows.rules.rungs import calendar_of

_REACHED: Mapping[TaskStatus, int] = {
    TaskStatus.SIGNED: 1,
    TaskStatus.CONTACTED: 2,
    TaskStatus.REPORTED_IN: 3,
    TaskStatus.FINISHED: 4,
}
"""How many of the four timed steps a task of that status has behind it."""


@dataclass(frozen=True)
class ClockLine:
    """A clock in words. `ticks` while it runs; `badge` is 即将超期 or 超期, also of one that was met too late.

    `notes` say what moved it and how else its date can be read; `why` is there where the page explains dates.
    """

    label: str
    due: str
    due_at: datetime
    ticks: bool
    left: str
    office: str | None
    done: str | None
    badge: str | None
    stands_still: bool
    provisional: bool
    limit: str
    notes: Sequence[str]
    why: Why | None


def clock_line(clock: ClockView, now: datetime, state: ProcessState, *, explained: bool = False) -> ClockLine:
    """The clock of the case or mediation in this state, as of `now`; those of cases can be explained."""
    ticks = clock.met_at is None and clock.stopped_at is None
    calendar = calendar_of(state, clock.task_no)
    pauses_ahead = any(pause.until is None or pause.until > now for pause in clock.pauses)
    limit = f"{_limit(clock.limit)}（{_source(clock.source)}）"
    changes = _changes(clock, now)
    return ClockLine(
        label=_label(clock, state),
        due=moments.due(clock.due_at, clock.due_date, to_the_second=clock.limit.unit is LimitUnit.SECONDS),
        due_at=clock.due_at,
        ticks=ticks,
        left=moments.left(clock.due_at, now) if ticks else "",
        office=moments.office_time_left(clock.limit, clock.due_at, now, calendar)
        if ticks and not pauses_ahead
        else None,
        done=_done(clock),
        badge=_badge(clock, now, ticks=ticks),
        stands_still=ticks and any(pause.since <= now < (pause.until or clock.due_at) for pause in clock.pauses),
        provisional=clock.provisional,
        limit=limit,
        notes=[*changes, *_other_readings(clock, calendar, ticks=ticks)],
        why=why(state, clock, "，".join((f"时限{limit}", *changes)))
        if explained and isinstance(state, CaseState) and clock.name is not ClockName.LIMITATION
        else None,
    )


@dataclass(frozen=True)
class TaskStep:
    """One of a task's four timed steps: whether it is done, and its clock if the preset has one."""

    label: str
    done: bool
    clock: ClockLine | None


def task_progress(
    status: TaskStatus, clocks: Sequence[ClockView], now: datetime, state: CaseState, *, explained: bool = False
) -> list[TaskStep]:
    """The four steps in their order; a later step that came first counts for those before it."""
    newest: dict[ClockName, ClockView] = {clock.name: clock for clock in clocks}
    reached = _REACHED.get(status, 0)
    return [
        TaskStep(
            label=w.word(w.CLOCKS, name),
            done=place < reached or (name in newest and newest[name].met_at is not None),
            clock=clock_line(newest[name], now, state, explained=explained) if name in newest else None,
        )
        for place, name in enumerate(TASK_CLOCKS)
    ]


def _label(clock: ClockView, state: ProcessState) -> str:
    if not isinstance(state, CaseState):
        return clock_name(clock.id)
    limitation = state.limitations.get(clock.id)
    own = clock_name(clock.id).rpartition("·")[2]
    return f"{own}：{w.LIMITATIONS[limitation.kind]}" if limitation else own


def _done(clock: ClockView) -> str | None:
    if clock.met_at is not None:
        return f"{moments.moment(clock.met_at)} {'届满' if clock.name is ClockName.LIMITATION else '完成'}"
    return f"{moments.moment(clock.stopped_at)} 停止" if clock.stopped_at is not None else None


def _badge(clock: ClockView, now: datetime, *, ticks: bool) -> str | None:
    if clock.name is ClockName.LIMITATION:
        return "即将届满" if ticks and clock.warned_at is not None else None
    if clock.breached_at is not None or (ticks and clock.due_at < now):
        return "超期" if ticks else "曾超期"
    return "即将超期" if ticks and clock.warned_at is not None else None


def _changes(clock: ClockView, now: datetime) -> list[str]:
    """What people allowed: more time, and stretches that do not count."""
    changes = []
    if clock.extended_by:
        unit = LimitUnit.CALENDAR_DAYS if clock.limit.unit in {LimitUnit.MONTHS, LimitUnit.YEARS} else clock.limit.unit
        changes.append(f"已延期{clock.extended_by}{w.word(w.LIMIT_UNITS, unit)}")
    still = in_order(clock.pauses)
    if still:
        by_moment = clock.limit.unit in EXACT_UNITS or clock.limit.unit is LimitUnit.WORKING_HOURS
        total = sum((until - since for since, until in still), timedelta())
        length = moments.span(total) if by_moment else f"{len(paused_dates(still))}天"
        changes.append(f"{'预计' if still[-1][1] > now else '共'}暂停{length}")
    return changes


def _other_readings(clock: ClockView, calendar: WorkCalendar, *, ticks: bool) -> list[str]:
    readings = []
    if clock.raw_due_date != clock.due_date:
        readings.append(f"内部目标{moments.day(clock.raw_due_date)}")
    at_midnight = clock.due_at == midnight(clock.due_date + ONE_DAY)
    if ticks and at_midnight and calendar.is_working_day(clock.due_date):
        readings.append(f"窗口办理至当日{moments.moment(calendar.close_of_business(clock.due_date))[-5:]}")
    return readings


def _limit(limit: Limit) -> str:
    start = "，非办公时间顺延" if limit.office_start else "，自下一整点起算" if limit.next_hour else ""
    return f"{limit.amount}{w.word(w.LIMIT_UNITS, limit.unit)}{start}"


def _source(written: str) -> str:
    for sort, label in w.SOURCES.items():
        written = written.replace(f"{sort} ", f"{label}：")
    return written
