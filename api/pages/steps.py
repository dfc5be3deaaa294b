"""What a step is: a button of the pages, and what its form asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from starlette.datastructures import FormData

from api.authorisation import Action
from api.bodies import CommandBody


class Control(StrEnum):
    """How a field is filled in. The choices of `CHOICE` are fixed words; those of the others depend on the case.

    `OFFERED` is one of what the rules take now, `DATE` a local date, `UNIT` a unit that can be given the task, and
    `OTHER_UNIT` any unit but the task's own.
    """

    WORDS = auto()
    DATE = auto()
    OFFERED = auto()
    CHOICE = auto()
    YES_NO = auto()
    UNIT = auto()
    UNITS = auto()
    OTHER_UNIT = auto()
    PRESET = auto()
    RATING = auto()


@dataclass(frozen=True)
class Field:
    """One field of a step's form, by its name in the body; `prefilled` with what is suggested or allowed."""

    name: str
    label: str
    control: Control = Control.WORDS
    required: bool = True
    choices: Mapping[str, str] | None = None
    prefilled: bool = False


@dataclass(frozen=True)
class Step:
    """A step: `name` as in the address, the button's `label`, what the authorisation table calls it, and its body.

    `main` steps carry the case forward and stand in front; the others are exceptions. `at_work` steps are for those
    who work on the case: of a unit, only while it has an open task there.
    """

    name: str
    label: str
    action: Action
    body: type[CommandBody]
    fields: Sequence[Field] = ()
    main: bool = True
    at_work: bool = False


REASON = Field("reason", "理由")
REPLY = Field("reply", "答复（诉求人可见）")


def given(step: Step, form: FormData) -> dict[str, Any]:
    """What the form says for the step's body; what was left empty is left out."""
    values: dict[str, Any] = {}
    for field in step.fields:
        texts = [text for text in form.getlist(field.name) if isinstance(text, str) and text.strip()]
        if not texts:
            continue
        match field.control:
            case Control.UNITS:
                values[field.name] = texts
            case Control.YES_NO:
                values[field.name] = {"true": True, "false": False}.get(texts[0])
            case _:
                values[field.name] = texts[0]
    return values
