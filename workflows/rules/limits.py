"""When a limit ends, and when to warn of it (期间的计算).

Sources: 民法典 201-204 for days, months and years, 民诉法解释 125 for hours that begin with the next full hour; the
rest (office hours, `office_start`, pauses) is how the cities count. Pure: moments are aware and come back in UTC.
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from operator import add
from typing import NamedTuple

from workflows.contracts.clocks import Due, Limit, Pause
from workflows.contracts.vocabulary import EXACT_UNITS, LimitUnit
from workflows.rules.calendar import ONE_DAY, WorkCalendar, each_day, local_date, midnight

_STEP = {
    LimitUnit.SECONDS: timedelta(seconds=1),
    LimitUnit.MINUTES: timedelta(minutes=1),
    LimitUnit.HOURS: timedelta(hours=1),
    LimitUnit.WORKING_HOURS: timedelta(hours=1),
}
_ONE_HOUR = timedelta(hours=1)
_UNITS_A_DAY = {
    LimitUnit.SECONDS: 24 * 60 * 60,
    LimitUnit.MINUTES: 24 * 60,
    LimitUnit.HOURS: 24,
}
"""What a day more is for a limit that counts something smaller, at all hours."""
_NONE = timedelta()


class Timeline(NamedTuple):
    """A way for time to go by: `after(begin, span)` is the moment, `between(begin, end)` the span."""

    after: Callable[[datetime, timedelta], datetime]
    between: Callable[[datetime, datetime], timedelta]


_ELAPSED = Timeline(add, lambda begin, end: end - begin)


class Stillness(NamedTuple):
    """One or several adjacent pauses: the clock stands still in [since, until)."""

    since: datetime
    until: datetime


def due(
    limit: Limit, start: datetime, calendar: WorkCalendar, pauses: Sequence[Pause] = (), extended_by: int = 0
) -> Due:
    """When the limit that starts at `start` ends.

    Exact units and working hours leave a pause out exactly; for day limits no local date that a pause touches counts,
    and the last day is a working day that no pause touches. `extended_by` lengthens the limit by so many of its units,
    one in months or years by so many calendar days.

    Raises:
        ValueError: if `start` has no offset, pauses overlap or one is still open, the extension is negative, or the end
            lies beyond the year 9999.
    """
    if start.tzinfo is None:
        raise ValueError("a limit starts at a moment with an offset")
    if extended_by < 0:
        raise ValueError(f"an extension never shortens a limit: {extended_by} is less than 0")
    still = in_order(pauses)
    try:
        if limit.unit in _STEP:
            return _due_at_moment(limit, start, calendar, still, extended_by)
        return _due_on_day(limit, start, calendar, still, extended_by)
    except OverflowError:
        raise ValueError("the limit ends beyond the year 9999") from None


def warn_at(
    limit: Limit,
    start: datetime,
    due_at: datetime,
    calendar: WorkCalendar,
    pauses: Sequence[Pause] = (),
    fraction: float = 0.8,
) -> datetime:
    """When that fraction of the time between start and due has gone by (即将超期), never after the due time.

    Exact units count elapsed time, all others office time; without any office time in between, elapsed time too.
    Pauses are left out. `due_at` is the clock's own, which an extension may have moved.
    """
    still = in_order(pauses)
    begin = min(begins(limit, start, calendar), due_at)
    timeline = timeline_of(limit, calendar)
    total = running_time(timeline, begin, due_at, still)
    if not total:
        timeline = _ELAPSED
        total = running_time(timeline, begin, due_at, still)
    return min(_run(timeline, begin, total * fraction, still), due_at)


def begins(limit: Limit, start: datetime, calendar: WorkCalendar) -> datetime:
    """The moment from which the limit runs: `start`, the next full hour, or the next opening of the offices.

    As the day of the start does not count for days, so the hour of the start does not for `next_hour`: what happens on
    the full hour starts the limit an hour later.
    """
    start = start.astimezone(UTC)
    if limit.next_hour:
        start = start.replace(minute=0, second=0, microsecond=0) + _ONE_HOUR
    if limit.office_start:
        start = calendar.next_open(start, closing_counts=False)
    return start


def units_between(last: date, until: date, unit: LimitUnit, calendar: WorkCalendar) -> int:
    """How much of that unit the days after `last` hold, up to the end of `until`."""
    match unit:
        case LimitUnit.WORKING_DAYS:
            return sum(map(calendar.is_working_day, each_day(last + ONE_DAY, until + ONE_DAY)))
        case LimitUnit.WORKING_HOURS:
            return calendar.office_time_between(midnight(last + ONE_DAY), midnight(until + ONE_DAY)) // _ONE_HOUR
        case _:
            return (until - last).days * _UNITS_A_DAY.get(unit, 1)


def timeline_of(limit: Limit, calendar: WorkCalendar) -> Timeline:
    """Elapsed time for exact units, office time for all others."""
    if limit.unit in EXACT_UNITS:
        return _ELAPSED
    return Timeline(calendar.add_office_time, calendar.office_time_between)


def in_order(pauses: Sequence[Pause]) -> list[Stillness]:
    """The pauses by time, adjacent ones as one, empty ones left out.

    Raises:
        ValueError: if pauses overlap or one is still open: nobody can tell when such a limit ends.
    """
    if not pauses:
        return []
    still: list[Stillness] = []
    for pause in sorted(pauses, key=lambda pause: pause.since):
        if pause.until is None:
            raise ValueError("a pause without an end has no due time: give its latest end")
        if pause.since == pause.until:
            continue
        if still and pause.since < still[-1].until:
            raise ValueError(f"pauses overlap: one begins at {pause.since.isoformat()} before another ends")
        if still and pause.since == still[-1].until:
            still[-1] = Stillness(still[-1].since, pause.until)
        else:
            still.append(Stillness(pause.since, pause.until))
    return still


def paused_dates(still: Sequence[Stillness]) -> frozenset[date]:
    """The local dates that a pause touches; one that ends at 00:00 does not touch the day that begins then."""
    return frozenset(
        day
        for since, until in still
        # By ordinals: the day after the last of all dates does not exist.
        for day in map(
            date.fromordinal,
            range(local_date(since).toordinal(), local_date(until - timedelta.resolution).toordinal() + 1),
        )
    )


def running_time(timeline: Timeline, begin: datetime, end: datetime, still: Sequence[Stillness]) -> timedelta:
    """How much of the time between two moments the clock ran."""
    paused = (
        timeline.between(max(since, begin), min(until, end)) for since, until in still if since < end and begin < until
    )
    return timeline.between(begin, end) - sum(paused, _NONE)


def _run(timeline: Timeline, begin: datetime, span: timedelta, still: Sequence[Stillness]) -> datetime:
    """The earliest moment at which the clock has run for `span`; it may run out just as a pause begins."""
    for since, until in still:
        if until <= begin:
            continue
        if timeline.after(begin, span) <= since:
            break
        if begin < since:
            span -= timeline.between(begin, since)
        begin = until
    return timeline.after(begin, span)


def _due_at_moment(
    limit: Limit, start: datetime, calendar: WorkCalendar, still: Sequence[Stillness], extended_by: int
) -> Due:
    begin = begins(limit, start, calendar)
    span = (limit.amount + extended_by) * _STEP[limit.unit]
    raw = end = _run(timeline_of(limit, calendar), begin, span, still)
    if limit.office_start:
        end = calendar.next_open(end, closing_counts=True)
        for since, until in still:
            if since < end < until:
                end = calendar.next_open(until, closing_counts=True)
    last = local_date(end)
    asks_calendar = limit.office_start or limit.unit not in EXACT_UNITS
    return Due(
        due_at=end.astimezone(UTC),
        due_date=last,
        raw_due_date=local_date(raw),
        provisional=asks_calendar and calendar.is_provisional(last),
    )


def _due_on_day(
    limit: Limit, start: datetime, calendar: WorkCalendar, still: Sequence[Stillness], extended_by: int
) -> Due:
    paused = paused_dates(still)
    first = local_date(start)
    if limit.unit is LimitUnit.WORKING_DAYS:
        last = raw = _nth_working_day(first, limit.amount + extended_by, calendar, paused)
        due_at = calendar.close_of_business(last)
    else:
        last = raw = _unrolled(first, limit, paused, extended_by)
        while last in paused or not calendar.is_working_day(last):
            last += ONE_DAY
        due_at = midnight(last + ONE_DAY)
    return Due(due_at=due_at, due_date=last, raw_due_date=raw, provisional=calendar.is_provisional(last))


def _nth_working_day(day: date, amount: int, calendar: WorkCalendar, paused: frozenset[date]) -> date:
    while amount:
        day += ONE_DAY
        if day not in paused and calendar.is_working_day(day):
            amount -= 1
    return day


def _unrolled(first: date, limit: Limit, paused: frozenset[date], extended_by: int) -> date:
    match limit.unit:
        case LimitUnit.MONTHS:
            last = _corresponding_day(first, limit.amount)
        case LimitUnit.YEARS:
            last = _corresponding_day(first, limit.amount * 12)
        case _:
            last = first + timedelta(days=limit.amount)
    last += timedelta(days=extended_by)
    for day in sorted(paused):
        if first < day <= last:
            last += ONE_DAY
    return last


def _corresponding_day(day: date, months: int) -> date:
    """The same day so many months on (对应日), else the last of that month."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))
