"""What the simulator is told: which systems it plays, how each behaves, and with which secrets."""

from collections import Counter
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from workflows.contracts.mediation.vocabulary import Outside


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Behaviour(_Told):
    """How a department and its system behave.

    `pace`: when a step is taken, as a part of the time to its due time; above 1 is late. `first_answers`: HTTP statuses
    that the first task signals get before the system works at all. `refused_classes`: beginnings of matter classes that
    its software has no place for, refused every time. `waits_for_the_city`: nothing is done about a task until the
    case has gone up to the city and the department is reminded there.
    """

    pace: float = Field(default=0.5, ge=0, le=5)
    first_answers: tuple[int, ...] = ()
    refused_classes: tuple[str, ...] = ()
    waits_for_the_city: bool = False


class Department(Behaviour):
    """A department to be played: `secret` signs what it receives, `token` is its system's for the public interface."""

    unit_id: str
    secret: str = Field(repr=False)
    token: str = Field(repr=False)


class Authority(_Told):
    """Another authority to be played: the system of the unit `unit_id`. `secret` signs both ways.

    `delay`: seconds before each of its answers; `agree`: the part of what is referred to it that ends in agreement;
    `times`: how often it tells each answer; `first_answers`: as of a department.
    """

    unit_id: str
    system: Outside
    secret: str = Field(repr=False)
    delay: float = Field(default=1.0, ge=0, le=3600)
    agree: float = Field(default=0.7, ge=0, le=1)
    times: int = Field(default=1, ge=1, le=5)
    first_answers: tuple[int, ...] = ()


class Configuration(_Told):
    """The same `seed` and the same messages lead to the same behaviour. A unit has one system."""

    seed: int = 0
    departments: tuple[Department, ...] = ()
    authorities: tuple[Authority, ...] = ()

    @model_validator(mode="after")
    def _each_unit_once(self) -> Self:
        played = Counter([one.unit_id for one in self.departments] + [one.unit_id for one in self.authorities])
        if twice := [unit_id for unit_id, times in played.items() if times > 1]:
            raise ValueError(f"played twice: {', '.join(twice)}")
        return self
