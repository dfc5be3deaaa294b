"""The few moments there are in a walk: time is abstracted to what is before and after them."""

from datetime import UTC, timedelta

from tests.rules.calendar_2026 import at
from workflows.rules.calendar import local_date

NOW = at("2026-06-08T10:00").astimezone(UTC)
"""The moment of every step: a Monday in the middle of a plain year."""
PAST = NOW - timedelta(days=3)
"""Whatever has happened, happened then; a task that was given then may still be sent back."""
RAN_OUT = NOW - timedelta(hours=3)
"""When overdue clocks ran out."""
IN_TIME = NOW - timedelta(hours=2)
"""When a request was received that the rules learn of now, after some clock ran out that it still was in time for."""
RAN_OUT_SINCE = NOW - timedelta(hours=1)
"""When such a clock ran out."""
AHEAD = NOW + timedelta(days=21)
"""When everything is due that is not overdue."""
LAST_DAY = local_date(AHEAD)
