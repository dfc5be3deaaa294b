"""How many past matters a core simulates, beside a plain loop of date arithmetic in the same run."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from time import perf_counter

import pytest

from cli.simulation.figures import simulate
from cli.simulation.policies import find_policy
from cli.simulation.reading import Matter
from tests.rules.calendar_2026 import WINDOW_2026, at
from workflows.contracts.vocabulary import Level

_TIMES = 3_000


def _matters() -> list[Matter]:
    """Waits as in real files: half of them over ten days, a tenth over a month, a few over years."""
    chance = Random(893)  # noqa: S311 - a bench, not a secret
    begin = at("2026-01-05T00:00")
    submitted = [begin + timedelta(minutes=chance.randrange(200 * 1_440)) for _ in range(_TIMES)]
    return [
        Matter(
            line=line,
            external_id=None,
            category=chance.choice([None, "a", "b"]),
            level=Level.VILLAGE,
            submitted_at=when,
            ended_at=when + timedelta(days=chance.lognormvariate(2.35, 1)),
            answered=True,
        )
        for line, when in enumerate(submitted, start=2)
    ]


_MATTERS = _matters()


def _per_second(work: Callable[[], None]) -> float:
    begin = perf_counter()
    work()
    return _TIMES / (perf_counter() - begin)


def _simulated() -> None:
    simulate(_MATTERS, 0, [find_policy("hotline_general")], WINDOW_2026, lambda matters, _: matters)


def _weekdays_waited() -> None:
    """The baseline: walks through the weekdays of every wait, without holidays, hours, ladder or an answer."""
    one_day = timedelta(days=1)
    for matter in _MATTERS:
        day, weekdays = matter.submitted_at.date(), 0
        while day < matter.ended_at.date():
            day += one_day
            weekdays += day.weekday() < 5


@pytest.mark.bench
def test_simulated_matters_per_second(capsys: pytest.CaptureFixture[str]) -> None:
    baseline = max(_per_second(_weekdays_waited) for _ in range(3))
    simulated = max(_per_second(_simulated) for _ in range(3))
    with capsys.disabled():
        print(f"\nsimulated matters: {simulated:,.0f}/s, {simulated / baseline:.3f} of a plain weekday loop")  # noqa: T201 - a bench prints
