"""What the city's own decisions say of a case that nobody has classed, in a few lines for whoever dispatches it."""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import Problem
from api.snapshots import CaseSnapshot
from api.suggestions import Guessed, suggest_from_words

SomeGuess = TypeVar("SomeGuess", bound=Guessed)

_LEAST = 0.05


async def learnt_lines(session: AsyncSession, case: CaseSnapshot, today: date) -> list[str]:
    """How likely classes and units are, and which words say so; none for a classed case, or before a training."""
    if case.category is not None:
        return []
    try:
        told = await suggest_from_words(session, case.title, case.description, case.region_code, today)
    except Problem:
        # Nothing learnt yet, or a region that has left the directory since.
        return []
    classes = [_line(guess.category, guess) for guess in _worth_a_look(told.classes or told.top_classes)]
    units = [_line(guess.name, guess) for guess in _worth_a_look(told.lead_units)]
    if not classes:
        return []
    return [
        f"未分类。以下从本市{told.decisions}件已办诉求学得，一级分类准确率{told.accuracy:.0%}，仅供参考",
        f"可能的分类：{_joined(classes)}",
        *([f"同类诉求多由这些单位主办：{_joined(units)}"] if units else []),
    ]


def _worth_a_look(guesses: Sequence[SomeGuess]) -> list[SomeGuess]:
    return [guess for guess in guesses if guess.probability >= _LEAST]


def _line(name: str, guess: Guessed) -> str:
    return f"{name} {guess.probability:.0%}（{'、'.join(guess.because)}）"


def _joined(lines: Sequence[str]) -> str:
    return "；".join(lines)
