"""Working calendars as data: the years that the State Council has published, and an estimate for those after.

Sources: the package `chinesecalendar` for published years (国务院办公厅关于节假日安排的通知); for the estimate the
statutory holidays (全国年节及纪念日放假办法) of the package `holidays`, without make-up workdays.
"""

from collections.abc import Iterator
from datetime import date
from typing import Protocol

import chinese_calendar
from holidays import country_holidays

from workflows.contracts.clocks import CalendarWindow
from workflows.rules.calendar import each_day

FIRST_YEAR: int = min(chinese_calendar.holidays).year
LAST_PUBLISHED_YEAR: int = max(chinese_calendar.holidays).year
LAST_YEAR: int = country_holidays("CN").end_year
_YEARS_AHEAD = 3  # as long as the longest usual limit (the civil limitation period), and still a small window


class CalendarSource(Protocol):
    """Where a calendar window comes from: `published_window`, or a fixed window where the outcome must not change."""

    def __call__(self, first_year: int, last_year: int | None = None) -> CalendarWindow:
        """The window from the first to the last year; without a last one, far enough for a case of the first."""


def published_window(first_year: int, last_year: int | None = None) -> CalendarWindow:
    """The calendar of the years `first_year` to `last_year`, both included.

    Holds only the weekdays that are off and the weekend days that are worked. Without a last year it reaches three
    years beyond the first.

    Raises:
        ValueError: if a year lies outside what the data covers, or the last before the first.
    """
    if last_year is None:
        last_year = min(first_year + _YEARS_AHEAD, LAST_YEAR)
    if not FIRST_YEAR <= first_year <= last_year <= LAST_YEAR:
        raise ValueError(f"the calendar covers the years {FIRST_YEAR} to {LAST_YEAR}, not {first_year} to {last_year}")
    begin, unpublished = date(first_year, 1, 1), max(first_year, LAST_PUBLISHED_YEAR + 1)
    published = list(each_day(begin, date(min(last_year, LAST_PUBLISHED_YEAR) + 1, 1, 1)))
    return CalendarWindow(
        published_through=date(LAST_PUBLISHED_YEAR, 12, 31),
        days_off=(
            *(day for day in published if day.weekday() < 5 and chinese_calendar.is_holiday(day)),
            *_estimated_days_off(unpublished, last_year),
        ),
        makeup_workdays=tuple(day for day in published if day.weekday() >= 5 and chinese_calendar.is_workday(day)),
    )


def _estimated_days_off(first_year: int, last_year: int) -> Iterator[date]:
    statutory = country_holidays("CN", years=range(first_year, last_year + 1))
    return (day for day in sorted(statutory) if day.weekday() < 5 and first_year <= day.year <= last_year)


def from_year(window: CalendarWindow, first_year: int, present_year: int) -> CalendarWindow:
    """The part of a calendar that a case registered in `first_year` carries now.

    It reaches as far ahead of the present as the longest usual limit; what lies beyond is not published for the case.
    """
    begin, end = date(first_year, 1, 1), date(max(first_year, present_year) + _YEARS_AHEAD, 12, 31)
    return window.model_copy(
        update={
            "published_through": min(window.published_through, end),
            "days_off": tuple(day for day in window.days_off if begin <= day <= end),
            "makeup_workdays": tuple(day for day in window.makeup_workdays if begin <= day <= end),
        }
    )
