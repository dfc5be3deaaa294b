"""The published calendar of 2026, written out by hand, so that the rules are tested on days that stay as they are."""

from datetime import date, datetime, time

from workflows.contracts.clocks import CalendarWindow, OfficeHours, Season
from workflows.rules.calendar import LOCAL, compile_calendar

WINDOW_2026 = CalendarWindow(
    published_through=date(2026, 12, 31),
    days_off=(
        *(date(2026, 1, day) for day in (1, 2)),
        *(date(2026, 2, day) for day in (16, 17, 18, 19, 20, 23)),
        date(2026, 4, 6),
        *(date(2026, 5, day) for day in (1, 4, 5)),
        date(2026, 6, 19),
        date(2026, 9, 25),
        *(date(2026, 10, day) for day in (1, 2, 5, 6, 7)),
    ),
    makeup_workdays=(
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ),
)
CALENDAR_2026 = compile_calendar(WINDOW_2026)

SEASONAL_HOURS = OfficeHours(
    seasons=(
        Season(since="06-01", until="09-30", stretches=((time(8), time(12)), (time(14, 30), time(18)))),
        Season(since="11-01", until="02-29", stretches=((time(9), time(12)), (time(13), time(17)))),
    )
)
"""A long noon in summer, and short days in a winter that spans New Year."""
SEASONAL_2026 = compile_calendar(WINDOW_2026, SEASONAL_HOURS)


def at(text: str) -> datetime:
    """A moment by the wall clock in Asia/Shanghai, `2026-02-13T16:40`."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)
