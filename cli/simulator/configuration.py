"""What the simulator is told: which departments it plays, how each behaves, and with which secrets."""

from pydantic import BaseModel, ConfigDict, Field


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


class Configuration(_Told):
    """The same `seed` and the same signals lead to the same behaviour."""

    seed: int = 0
    departments: tuple[Department, ...]
