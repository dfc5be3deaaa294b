"""A calendar that no package update and no passing year can change."""

from datetime import date

from tests.rules.calendar_2026 import WINDOW_2026
from workflows.contracts.clocks import CalendarWindow


def fixed_calendar(first_year: int, last_year: int | None = None) -> CalendarWindow:
    """The published calendar of 2026, and plain weeks in the years around it, all of them as good as published."""
    return WINDOW_2026.model_copy(update={"published_through": date(2099, 12, 31)})
