"""为何是这个日期: the days behind a clock as a small calendar in which every day says in words what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.deadlines import clock_days
from api.pages import moments
from api.pages import words as w
from api.snapshots import ClockView
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import ClockName, LimitUnit
from workflows.rules.day_strip import Day, Verdict

_WEEK = 7
_NUMBERED = frozenset({LimitUnit.WORKING_DAYS, LimitUnit.CALENDAR_DAYS})
"""Limits that are a number of counted days, so that the days can be counted along."""


@dataclass(frozen=True)
class Cell:
    """A day: `verdict` is its name in code, `word` what became of it, `reason` what sort of day it is."""

    date: str
    weekday: str
    verdict: str
    word: str
    reason: str
    provisional: bool
    last: bool


@dataclass(frozen=True)
class Why:
    """Why a clock is due when it is; no cells if that does not follow from its limit.

    `column` is where the first day stands, 1 for Monday; `left_out` how many more days there are.
    """

    sentence: str
    cells: Sequence[Cell]
    column: int
    left_out: int


def why(state: CaseState, clock: ClockView, rule: str) -> Why:
    """The days of one of the case's clocks; `rule` is its limit in words."""
    found = clock_days(state, clock.id)
    began = f"自{moments.moment(clock.started_at)}起，{rule}"
    if not found.explained:
        return Why(f"{began}。{_not_reckoned(clock)}", (), 1, 0)
    rolled = ""
    if clock.raw_due_date != clock.due_date:
        rolled = f"；期满日{moments.day(clock.raw_due_date)}顺延到{moments.day(clock.due_date)}"
    cells, counted = [], 0
    for place, day in enumerate(found.days):
        counted += day.verdict is Verdict.COUNTED
        last = not found.left_out and place == len(found.days) - 1
        cells.append(_cell(day, counted if clock.limit.unit in _NUMBERED else None, last=last))
    # Few days are read as a row; more of them week by week.
    column = found.days[0].date.isoweekday() if len(cells) > _WEEK else 1
    return Why(f"{began}{rolled}。", cells, column, found.left_out)


def _cell(day: Day, number: int | None, *, last: bool) -> Cell:
    new_year = (day.date.month, day.date.day) == (1, 1)
    counts = day.verdict is Verdict.COUNTED and number is not None
    return Cell(
        date=f"{day.date.year}/{day.date.month}/{day.date.day}" if new_year else f"{day.date.month}/{day.date.day}",
        weekday=moments.weekday(day.date),
        verdict=day.verdict.value,
        word=f"第{number}日" if counts else w.word(w.VERDICTS, day.verdict),
        reason="" if day.verdict is Verdict.PAUSED else w.word(w.DAY_REASONS, day.reason),
        provisional=day.provisional,
        last=last,
    )


def _not_reckoned(clock: ClockView) -> str:
    if clock.name is ClockName.SUSPENSION:
        return "到期日是指定的日期，到当天24:00为止，遇休息日也不顺延。"
    return "按现行工作日历推算的日期在更新时已经过去，因此保留原来的到期时间。"
