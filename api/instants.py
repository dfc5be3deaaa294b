"""Times in addresses: ISO 8601 with offset, where a `+` easily turns into a blank."""

import re
from datetime import UTC, datetime

from api.errors import Problem

_LOST_PLUS = re.compile(r" \d{2}:?\d{2}$")


def read_instant(field: str, text: str) -> datetime:
    """The moment (UTC) that the parameter `field` gives.

    Raises:
        Problem: 422 `not_a_time`, `offset_missing` or `offset_unreadable`.
    """
    if _LOST_PLUS.search(text):
        hint = "a + in an address reads as a blank: write the offset as %2B08:00, or the time in UTC with Z"
        raise Problem.of_field(field, "offset_unreadable", hint)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Problem.of_field(field, "not_a_time", "write a time like 2026-03-09T10:00:00%2B08:00") from None
    if not 1900 <= moment.year <= 2200:
        raise Problem.of_field(field, "not_a_time", "the year lies outside 1900 to 2200")
    if moment.tzinfo is None:
        hint = "add the offset: Z, or %2B08:00, which is how an address says +08:00"
        raise Problem.of_field(field, "offset_missing", hint)
    return moment.astimezone(UTC)


def known_moment(at: datetime, registered_at: datetime, now: datetime) -> datetime:
    """The moment `at` itself, if a case that was registered at `registered_at` can be shown as it was known then.

    Raises:
        Problem: 422 `at_in_the_future` or `not_known_yet` (before the case was registered).
    """
    if at > now:
        raise Problem.of_field("at", "at_in_the_future", "nobody knows the case at a time to come")
    if at < registered_at:
        raise Problem.of_field("at", "not_known_yet", "the case was not registered by then")
    return at
