"""查看当时情形: the moment of the past that a page is asked for."""

from datetime import UTC, datetime

from api.errors import Problem
from workflows.rules.calendar import LOCAL


def moment_asked(text: str, registered_at: datetime, now: datetime) -> datetime:
    """The moment (UTC) that a field for date and time holds; without an offset it is local.

    Raises:
        Problem: 422 `not_a_time`, `at_in_the_future` or `not_known_yet` (before the case was registered).
    """
    try:
        typed = datetime.fromisoformat(text.strip())
    except ValueError:
        typed = None
    if typed is None or not 1900 <= typed.year <= 2200:
        raise Problem.of_field("at", "not_a_time", "write a time like 2026-03-09T10:00")
    at = (typed if typed.tzinfo else typed.replace(tzinfo=LOCAL)).astimezone(UTC)
    if at > now:
        raise Problem.of_field("at", "at_in_the_future", "nobody knows the case at a time to come")
    if at < registered_at:
        raise Problem.of_field("at", "not_known_yet", "the case was not registered by then")
    return at
