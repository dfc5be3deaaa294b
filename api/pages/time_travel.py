"""查看当时情形: the moment of the past that a page is asked for."""

from datetime import UTC, datetime

from api.errors import Problem
from api.instants import known_moment
from workflows.rules.calendar import LOCAL


def moment_asked(text: str, registered_at: datetime, now: datetime) -> datetime:
    """The moment (UTC) that a field for date and time holds; without an offset it is local.

    Raises:
        Problem: 422 `not_a_time`, or as `known_moment`.
    """
    try:
        typed = datetime.fromisoformat(text.strip())
    except ValueError:
        typed = None
    if typed is None or not 1900 <= typed.year <= 2200:
        raise Problem.of_field("at", "not_a_time", "write a time like 2026-03-09T10:00")
    at = typed if typed.tzinfo else typed.replace(tzinfo=LOCAL)
    return known_moment(at.astimezone(UTC), registered_at, now)
