"""How many working-day deadlines a core works out, beside a plain loop of date arithmetic in the same run."""

from collections.abc import Callable
from datetime import timedelta
from time import perf_counter

import pytest

from tests.rules.calendar_2026 import CALENDAR_2026, at
from workflows.contracts.clocks import Limit
from workflows.rules.limits import due

_STARTS = [at("2026-01-05T09:00") + timedelta(minutes=67 * i) for i in range(5_000)]
_LIMIT = Limit.parse("10 working_days")


def _per_second(work: Callable[[], None]) -> float:
    begin = perf_counter()
    work()
    return len(_STARTS) / (perf_counter() - begin)


def _deadlines() -> None:
    for start in _STARTS:
        due(_LIMIT, start, CALENDAR_2026)


def _ten_weekdays() -> None:
    """The baseline: walks to the tenth weekday, without holidays, hours or an answer."""
    one_day = timedelta(days=1)
    for start in _STARTS:
        day, left = start.date(), 10
        while left:
            day += one_day
            left -= day.weekday() < 5


@pytest.mark.bench
def test_working_day_deadlines_per_second(capsys: pytest.CaptureFixture[str]) -> None:
    baseline = max(_per_second(_ten_weekdays) for _ in range(3))
    deadlines = max(_per_second(_deadlines) for _ in range(3))
    with capsys.disabled():
        print(f"\nworking-day deadlines: {deadlines:,.0f}/s, {deadlines / baseline:.2f} of a plain weekday loop")  # noqa: T201 - a bench prints
