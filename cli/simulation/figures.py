"""What a simulation comes to: how many matters befell what, in all and class by class, and the longest waits."""

import math
from array import array
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from heapq import nlargest
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from cli.simulation.policies import TrialPolicy
from cli.simulation.reading import Matter
from cli.simulation.running import Outcome, play
from workflows.contracts.clocks import CalendarWindow
from workflows.contracts.vocabulary import Level
from workflows.rules.calendar import LOCAL

_LONGEST_SHOWN = 10
_DECIMALS = 4
_BOUNDS = (0.5, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
"""In multiples of the time allowed. The warning comes at about 0.8, of office time."""


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True)


class Share(_Told):
    """How many waits were longer than `over` and at most `up_to` times what the limit allowed; None: no bound."""

    over: float
    up_to: float | None
    matters: int


class Figures(_Told):
    """How many matters were warned of, overdue and escalated, each of these among those before it.

    `escalated_to` counts the highest level reached. Waits are in days of 24 hours, or in multiples of the time that
    the limit allowed; None without matters.
    """

    matters: int
    due_soon: int
    overdue: int
    escalated: int
    escalated_to: dict[Level, int]
    median_days: float | None
    p90_days: float | None
    median_of_limit: float | None
    p90_of_limit: float | None


class ClassFigures(Figures):
    """The same of one class; None for the matters without."""

    category: str | None = Field(serialization_alias="class")


class PolicyFigures(Figures):
    """The same of all matters under one policy; `limits` counts the limits of the resident's clock as written.

    `spread` is how the waits lie around the limit. `classes` begin with the largest.
    """

    policy: str
    limits: dict[str, int]
    spread: tuple[Share, ...]
    classes: tuple[ClassFigures, ...]


class Climb(_Told):
    """A level that a matter was escalated to, and when."""

    level: Level
    at: datetime


class Story(_Told):
    """What one policy would have done with one matter; times are Asia/Shanghai, None where it did not come to that.

    `reminders`: how often it was urged again once it was at the top.
    """

    policy: str
    due_at: datetime
    due_date: date
    provisional: bool
    due_soon_at: datetime | None
    overdue_since: datetime | None
    escalated: tuple[Climb, ...]
    reminders: int


class LongWait(_Told):
    """A matter that waited long, found again by its id or its line; `replied_at` is None if it waits still."""

    external_id: str | None
    line: int
    category: str | None = Field(serialization_alias="class")
    submitted_at: datetime
    replied_at: datetime | None
    days: float
    policies: tuple[Story, ...]


class Simulation(_Told):
    """Everything that was found. `unanswered` of the matters wait still; `left_out` counts rows that are none."""

    matters: int
    unanswered: int
    left_out: int
    policies: tuple[PolicyFigures, ...]
    longest: tuple[LongWait, ...]


Watch = Callable[[Sequence[Matter], str], Iterable[Matter]]
"""Goes through the matters under the policy of that name, perhaps showing how far it is."""


def simulate(
    matters: Sequence[Matter], left_out: int, policies: Sequence[TrialPolicy], calendar: CalendarWindow, watch: Watch
) -> Simulation:
    """Plays every matter under every policy."""
    longest = nlargest(_LONGEST_SHOWN, matters, key=lambda matter: matter.days)
    stories: dict[int, list[Story]] = {matter.line: [] for matter in longest}
    found: list[PolicyFigures] = []
    for policy in policies:
        in_all, classes = _Tally(), defaultdict[str | None, _Tally](_Tally)
        for matter in watch(matters, policy.name):
            outcome = play(matter, policy, calendar)
            in_all.add(matter, outcome)
            classes[matter.category].add(matter, outcome)
            if matter.line in stories:
                stories[matter.line].append(_story(policy.name, outcome))
        found.append(
            PolicyFigures(
                policy=policy.name,
                limits=dict(in_all.limits.most_common()),
                spread=in_all.spread(),
                classes=tuple(
                    ClassFigures(category=category, **tally.figures())
                    for category, tally in sorted(classes.items(), key=lambda one: (-one[1].matters, one[0] or ""))
                ),
                **in_all.figures(),
            )
        )
    return Simulation(
        matters=len(matters),
        unanswered=sum(not matter.answered for matter in matters),
        left_out=left_out,
        policies=tuple(found),
        longest=tuple(_long_wait(matter, stories[matter.line]) for matter in longest),
    )


class _Tally:
    """Counts as it goes, so that a large file needs two numbers a matter and not all that happened to it."""

    def __init__(self) -> None:
        self.limits: Counter[str] = Counter()
        self._due_soon = 0
        self._overdue = 0
        self._highest: Counter[Level] = Counter()
        self._days = array("d")
        self._of_limit = array("d")

    @property
    def matters(self) -> int:
        return len(self._days)

    def add(self, matter: Matter, outcome: Outcome) -> None:
        self.limits[outcome.limit] += 1
        self._due_soon += outcome.due_soon_at is not None
        self._overdue += outcome.overdue_since is not None
        self._highest.update(level for level, _ in outcome.climbed[-1:])
        self._days.append(matter.days)
        self._of_limit.append((matter.ended_at - matter.submitted_at) / outcome.allowed)

    def figures(self) -> dict[str, Any]:
        """The fields of `Figures`."""
        days, of_limit = sorted(self._days), sorted(self._of_limit)
        return {
            "matters": self.matters,
            "due_soon": self._due_soon,
            "overdue": self._overdue,
            "escalated": self._highest.total(),
            "escalated_to": {level: self._highest[level] for level in Level if self._highest[level]},
            "median_days": _quantile(days, 0.5),
            "p90_days": _quantile(days, 0.9),
            "median_of_limit": _quantile(of_limit, 0.5),
            "p90_of_limit": _quantile(of_limit, 0.9),
        }

    def spread(self) -> tuple[Share, ...]:
        within = Counter(bisect_left(_BOUNDS, one) for one in self._of_limit)
        edges = [0.0, *_BOUNDS, None]
        return tuple(
            Share(over=over or 0.0, up_to=up_to, matters=within[index])
            for index, (over, up_to) in enumerate(pairwise(edges))
        )


def _quantile(ascending: Sequence[float], fraction: float) -> float | None:
    """Between two values it lies on the straight line from one to the other."""
    if not ascending:
        return None
    place = fraction * (len(ascending) - 1)
    below, above = ascending[math.floor(place)], ascending[math.ceil(place)]
    return round(below + (above - below) * (place % 1), _DECIMALS)


def _story(policy: str, outcome: Outcome) -> Story:
    return Story(
        policy=policy,
        due_at=outcome.due_at.astimezone(LOCAL),
        due_date=outcome.due_date,
        provisional=outcome.provisional,
        due_soon_at=outcome.due_soon_at and outcome.due_soon_at.astimezone(LOCAL),
        overdue_since=outcome.overdue_since and outcome.overdue_since.astimezone(LOCAL),
        escalated=tuple(Climb(level=level, at=at.astimezone(LOCAL)) for level, at in outcome.climbed),
        reminders=outcome.reminders,
    )


def _long_wait(matter: Matter, stories: Sequence[Story]) -> LongWait:
    return LongWait(
        external_id=matter.external_id,
        line=matter.line,
        category=matter.category,
        submitted_at=matter.submitted_at.astimezone(LOCAL),
        replied_at=matter.ended_at.astimezone(LOCAL) if matter.answered else None,
        days=round(matter.days, _DECIMALS),
        policies=tuple(stories),
    )
