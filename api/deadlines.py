"""Why this date? A limit worked out, and the strip of days that it rests on."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice

from pydantic import BaseModel

from api.errors import Problem, not_found
from api.instants import read_instant
from api.snapshots import ClockView, clock_view
from workflows.contracts.clocks import CalendarWindow, Due, Limit, Pause
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import LimitUnit
from workflows.rules.calendar import WorkCalendar, compile_calendar, local_date
from workflows.rules.day_strip import Day, day_strip
from workflows.rules.limits import due, in_order
from workflows.rules.rungs import calendar_of

_MOST_DAYS = 800
_A_DAY = timedelta(days=1)

_LONGEST = 3_653 * _A_DAY
"""Ten years, as in a policy: counting goes day by day, and nobody else is answered meanwhile."""

_AT_LEAST = {
    LimitUnit.SECONDS: timedelta(seconds=1),
    LimitUnit.MINUTES: timedelta(minutes=1),
    LimitUnit.HOURS: timedelta(hours=1),
    LimitUnit.WORKING_DAYS: _A_DAY,
    LimitUnit.CALENDAR_DAYS: _A_DAY,
    LimitUnit.MONTHS: 28 * _A_DAY,
    LimitUnit.YEARS: 365 * _A_DAY,
}
"""How much time one of the unit takes at least, to see beforehand what would be counted for long."""


class Strip(BaseModel):
    """Every local date from the start to the last one, counted, skipped, paused or rolled.

    Only the first 800; `left_out` says how many follow.
    """

    days: list[Day]
    left_out: int = 0


class ClockDays(Strip):
    """The days of a case's clock; none where `explained` is false.

    That is a clock whose due time does not follow from its limit alone: a suspension's end, or a date that a newer
    calendar would have moved into the past.
    """

    case_no: str
    clock: ClockView
    explained: bool


class Deadline(Strip):
    """When a limit ends; `due_date` and `raw_due_date` (before it rolled) are local dates."""

    due_at: datetime
    due_date: date
    raw_due_date: date
    provisional: bool
    calendar_version: int


def clock_days(state: CaseState, clock_id: str) -> ClockDays:
    """The strip of one of the case's clocks, on the calendar and in the office hours that it runs by.

    Raises:
        Problem: 404 if the case has no such clock.
    """
    clock = state.clocks.get(clock_id)
    if clock is None:
        raise not_found("clock")
    counted = (clock.limit, clock.started_at, calendar_of(state, clock.task_no), clock.pauses, clock.extended_by)
    ends = due(*counted)
    explained = (ends.due_at, ends.due_date, ends.raw_due_date) == (clock.due_at, clock.due_date, clock.raw_due_date)
    strip = _cut(day_strip(*counted), clock.started_at, ends) if explained else Strip(days=[])
    return ClockDays(case_no=state.case_no, clock=clock_view(clock), explained=explained, **dict(strip))


def work_out(
    window: CalendarWindow, start: str, limit: str, pauses: Sequence[str] = (), extended_by: int = 0
) -> Deadline:
    """When a limit ends that is given as an address gives it: times with offset, a pause as `A/B`.

    Neither its end (before it rolls) nor a pause may lie more than ten years off its start.

    Raises:
        Problem: 422 `not_a_time`, `offset_missing`, `offset_unreadable`, `limit_not_valid`, `pause_not_valid`,
            `pauses_overlap` or `outside_the_calendar`.
    """
    begin, counted = read_instant("start", start), _limit(limit)
    given = [_pause(f"pause.{place}", text) for place, text in enumerate(pauses)]
    try:
        still = in_order(given)
    except ValueError:
        raise Problem.of_field("pause", "pauses_overlap", "two of the pauses overlap: give each day once") from None
    first, last = _years(window)
    calendar = compile_calendar(window)
    if any(pause.since < begin - _LONGEST or begin + _LONGEST < pause.until for pause in still):
        raise _too_far("pause")
    if _shortest(counted, extended_by, calendar) > _LONGEST:
        raise _too_far("limit")
    asked = (counted, begin, calendar, given, extended_by)
    ends = due(*asked)
    if local_date(begin).year < first or ends.due_date.year > last:
        raise _outside(first, last)
    if ends.raw_due_date - local_date(begin) > _LONGEST:
        raise _too_far("limit")
    strip = _cut(day_strip(*asked), begin, ends)
    return Deadline(calendar_version=window.version, **dict(ends), **dict(strip))


def _cut(days: Iterator[Day], start: datetime, ends: Due) -> Strip:
    in_all = (ends.due_date - local_date(start)).days + 1
    return Strip(days=list(islice(days, _MOST_DAYS)), left_out=max(in_all - _MOST_DAYS, 0))


def _shortest(limit: Limit, extended_by: int, calendar: WorkCalendar) -> timedelta:
    if limit.unit is LimitUnit.WORKING_HOURS:
        longest_day = max(hours.total for hours in calendar.hours.values())
        return (limit.amount + extended_by) * timedelta(hours=1) / longest_day * _A_DAY
    one = _AT_LEAST[limit.unit]
    return limit.amount * one + extended_by * min(one, _A_DAY)


def _limit(text: str) -> Limit:
    try:
        return Limit.parse(text)
    except ValueError as error:
        raise Problem.of_field("limit", "limit_not_valid", str(error)) from None


def _pause(field: str, text: str) -> Pause:
    since, slash, until = text.partition("/")
    if not slash:
        raise Problem.of_field(field, "pause_not_valid", "give a pause as its begin and its end with a / between them")
    begin, end = read_instant(field, since), read_instant(field, until)
    if end < begin:
        raise Problem.of_field(field, "pause_not_valid", "the pause ends before it begins")
    return Pause(since=begin, until=end)


def _years(window: CalendarWindow) -> tuple[int, int]:
    """The first and the last year that the calendar knows the days off of."""
    known = [window.published_through, *window.days_off]
    return min(known).year, max(known).year


def _too_far(field: str) -> Problem:
    return Problem.of_field(field, "outside_the_calendar", "a date is worked out up to ten years from the start")


def _outside(first: int, last: int) -> Problem:
    return Problem.of_field("start", "outside_the_calendar", f"the calendar covers the years {first} to {last}")
