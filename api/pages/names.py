"""What the pages call units, levels, ratings, regions, clocks and tasks, and how a sentence is made with that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from api.pages import words as w
from api.pages.moments import day
from workflows.contracts.vocabulary import ClockName

Data: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True)
class Names:
    """What the story calls things: units by id, levels and ratings by their code names, regions by their codes."""

    units: Mapping[str, str]
    levels: Mapping[str, str]
    ratings: Mapping[str, str]
    regions: Mapping[str, str] = field(default_factory=dict)

    def unit(self, unit_id: str) -> str:
        """The unit's name, or its id."""
        return self.units.get(unit_id, unit_id)

    def level(self, level: str) -> str:
        """The city's own word for a level, or its code name."""
        return self.levels.get(level, level)


Sentence: TypeAlias = Callable[[Data, Names], str]
"""Tells the data of one kind of event."""


def clock_name(clock_id: str) -> str:
    """`T1/finish` is 任务1·办结, `citizen#2` the second round of 答复诉求人, `limitation#2` the second of 时效.

    Of a mediation `K1P2/consent` is 第1步·当事人2·答复是否同意调解, `S3/session` 第3次会·调解笔录.
    """
    place, _, clock = clock_id.rpartition("/")
    name, _, again = clock.partition("#")
    round_ = again if name == ClockName.LIMITATION else f"（第{again}轮）"
    label = w.word(w.CLOCKS, name) + (round_ if again else "")
    return f"{_place(place)}·{label}" if place else label


def _place(place: str) -> str:
    kind, number = place[0], place[1:]
    if kind == "K":
        track, _, party = number.partition("P")
        return f"第{track}步" + (f"·当事人{party}" if party else "")
    return {"S": f"第{number}次会", "I": f"履行事项{number}"}.get(kind, f"任务{number}")


def task_name(task_no: str) -> str:
    """`…-T1` is 任务1."""
    return f"任务{task_no.rpartition('-T')[2]}"


def referral_name(number: str) -> str:
    """`…-R1` is 移送1."""
    return f"移送{number.rpartition('-R')[2]}"


def local_day(on: str) -> str:
    """An ISO date as people read it."""
    return day(date.fromisoformat(on))


def always(sentence: str) -> Sentence:
    """The same sentence for every event of its kind."""
    return lambda data, names: sentence


def of_task(sentence: str) -> Sentence:
    """A sentence with `{task}` in it."""
    return lambda data, names: sentence.format(task=task_name(data["task_no"]))


def of_clock(sentence: str) -> Sentence:
    """A sentence with `{clock}` in it."""
    return lambda data, names: sentence.format(clock=clock_name(data["clock_id"]))
