"""Why this date? The days that a limit runs over, each with what was done with it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum

from workflows.contracts.clocks import Limit, Pause
from workflows.contracts.model import Frozen
from workflows.contracts.vocabulary import EXACT_UNITS, LimitUnit
from workflows.rules.calendar import ONE_DAY, WorkCalendar, each_day, local_date, midnight
from workflows.rules.limits import begins, due, in_order, paused_dates, running_time, timeline_of


class Verdict(StrEnum):
    """What became of a day; `rolled` are those from the unrolled date on to the day on which the limit ends."""

    COUNTED = "counted"
    SKIPPED = "skipped"
    PAUSED = "paused"
    ROLLED = "rolled"


class Reason(StrEnum):
    """What sort of day it is, as far as the verdict rests on it."""

    START = "start"
    WORKDAY = "workday"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    PAUSE = "pause"


class Day(Frozen):
    """One local date of the strip; `provisional` if its calendar is not published yet."""

    date: date
    verdict: Verdict
    reason: Reason
    provisional: bool = False


def day_strip(
    limit: Limit, start: datetime, calendar: WorkCalendar, pauses: Sequence[Pause] = (), extended_by: int = 0
) -> Iterator[Day]:
    """Every local date from the start to the day on which the limit ends, both included.

    Each is worked out when it is asked for.

    Raises:
        ValueError: as `limits.due`.
    """
    first, ends = local_date(start), due(limit, start, calendar, pauses, extended_by)
    still = in_order(pauses)
    paused = paused_dates(still)
    timeline, begin = timeline_of(limit, calendar), begins(limit, start, calendar)
    by_moment = limit.unit in EXACT_UNITS or limit.unit is LimitUnit.WORKING_HOURS

    def of_day_limit(day: date) -> tuple[Verdict, Reason]:
        if day == first:
            return Verdict.SKIPPED, Reason.START
        if day in paused:
            return Verdict.PAUSED, Reason.PAUSE
        if limit.unit is LimitUnit.WORKING_DAYS and not calendar.is_working_day(day):
            return Verdict.SKIPPED, _kind(day, calendar)
        return Verdict.COUNTED, _kind(day, calendar)

    def of_moments(day: date) -> tuple[Verdict, Reason]:
        opens, closes = max(begin, midnight(day)), min(ends.due_at, midnight(day + ONE_DAY))
        if day == ends.due_date or (opens < closes and running_time(timeline, opens, closes, still)):
            return Verdict.COUNTED, _kind(day, calendar)
        if day in paused:
            return Verdict.PAUSED, Reason.PAUSE
        return Verdict.SKIPPED, Reason.CLOSED if calendar.is_working_day(day) else _kind(day, calendar)

    def one(day: date) -> Day:
        if day > ends.raw_due_date and day not in paused:
            verdict, reason = Verdict.ROLLED, _kind(day, calendar)
        else:
            verdict, reason = of_moments(day) if by_moment else of_day_limit(day)
        return Day(date=day, verdict=verdict, reason=reason, provisional=calendar.is_provisional(day))

    return (one(day) for day in each_day(first, ends.due_date + ONE_DAY))


def _kind(day: date, calendar: WorkCalendar) -> Reason:
    weekend = day.weekday() >= 5
    if calendar.is_working_day(day):
        return Reason.MAKEUP if weekend else Reason.WORKDAY
    return Reason.WEEKEND if weekend else Reason.HOLIDAY
