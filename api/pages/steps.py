"""What a step is: a button of the pages, and what its form asks for."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from starlette.datastructures import FormData

from api.authorisation import Action
from api.bodies import CommandBody


class Control(StrEnum):
    """How a field is filled in. The choices of `CHOICE`, and of `CHOICES` (several), are fixed words; those of the
    others depend on the case.

    `LINE` are a few words, `CLASS` a class of the city's, `CASES` case numbers, `SCORE` a choice that is a number.
    `TICK` is true or left out. `OFFERED` is one of what the rules take now, `DATE` a local date ahead, `PAST_DATE` one
    that is not, `MOMENT` a local date and time, `UNIT` a unit that can be given the task, `DATED_UNIT` one that has a
    part already or can be given one, `REFERRED_UNIT` one that is asked without a date, and `OTHER_UNIT` any unit but
    the task's own.
    `REPORTS` are some of those that go on in the case, `SOME` are of what a mediation has: where it has to be said,
    none is an answer too. `FILES` are kept as attachments, `FILE` is one. `ROWS` and `GROUP` have `parts`: so many
    rows of them, each of which may stay empty, or them once.
    """

    WORDS = auto()
    LINE = auto()
    CLASS = auto()
    CASES = auto()
    SCORE = auto()
    DATE = auto()
    PAST_DATE = auto()
    MOMENT = auto()
    OFFERED = auto()
    CHOICE = auto()
    CHOICES = auto()
    YES_NO = auto()
    TICK = auto()
    UNIT = auto()
    UNITS = auto()
    DATED_UNIT = auto()
    REFERRED_UNIT = auto()
    OTHER_UNIT = auto()
    REPORTS = auto()
    SOME = auto()
    FILES = auto()
    FILE = auto()
    PRESET = auto()
    RATING = auto()
    ROWS = auto()
    GROUP = auto()


class Section(StrEnum):
    """Where on the page of a case or a mediation a step has its place: beside what it is about."""

    NEXT = auto()
    TASKS = auto()
    REFERRALS = auto()
    TIES = auto()
    NOTICES = auto()
    MEDIATIONS = auto()
    PLAN = auto()
    PARTIES = auto()
    MEDIATORS = auto()
    SESSIONS = auto()
    AGREEMENT = auto()
    PAPERS = auto()
    SUPPORTS = auto()


@dataclass(frozen=True)
class Field:
    """One field of a step's form, by its name in the body; `prefilled` with what is suggested or allowed."""

    name: str
    label: str
    control: Control = Control.WORDS
    required: bool = True
    choices: Mapping[str, str] | None = None
    prefilled: bool = False
    parts: Sequence["Field"] = ()
    rows: int = 1


@dataclass(frozen=True)
class Step:
    """A step: `name` as in the address, the button's `label`, what the authorisation table calls it, and its body.

    `main` steps carry the case forward and stand in front; the others are exceptions. `at_work` steps are for those
    who work on the case: of a unit, only while it has an open task there. For a step that `reaches_out` somebody speaks
    with the requester.
    """

    name: str
    label: str
    action: Action
    body: type[CommandBody]
    fields: Sequence[Field] = ()
    main: bool = True
    at_work: bool = False
    reaches_out: bool = False
    section: Section = Section.NEXT

    @property
    def takes_files(self) -> bool:
        """Whether files can be sent with its form."""
        return any(field.control in {Control.FILES, Control.FILE} for field in self.fields)

    @property
    def all_fields(self) -> list[Field]:
        """Its fields, and those that are parts of them."""
        return [*self.fields, *(part for field in self.fields for part in field.parts)]


REASON = Field("reason", "理由")
REPLY = Field("reply", "答复（诉求人可见）")
EVIDENCE = Field("evidence", "佐证材料（照片或文件，可多选，按规定须附的必填）", Control.FILES, required=False)


def given(step: Step, form: FormData) -> dict[str, Any]:
    """What the form says for the step's body; what was left empty is left out."""
    return _given(step.fields, form, "")


def _given(fields: Sequence[Field], form: FormData, within: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in fields:
        path = f"{within}{field.name}"
        if field.control is Control.ROWS:
            rows = (_given(field.parts, form, f"{path}.{place}.") for place in range(field.rows))
            values |= {field.name: filled} if (filled := [row for row in rows if row]) else {}
        elif field.control is Control.GROUP:
            values |= {field.name: group} if (group := _given(field.parts, form, f"{path}.0.")) else {}
        texts = [text for text in form.getlist(path) if isinstance(text, str) and text.strip()]
        if not texts:
            values |= {field.name: []} if field.control is Control.SOME and field.required else {}
            continue
        match field.control:
            case Control.UNITS | Control.REPORTS | Control.SOME | Control.FILES | Control.CHOICES:
                values[field.name] = texts
            case Control.CASES:
                values[field.name] = re.split(r"[\s,，、;；]+", texts[0].strip())
            case Control.SCORE:
                values[field.name] = int(texts[0]) if texts[0].isdecimal() else texts[0]
            case Control.MOMENT:
                values[field.name] = f"{texts[0]}+08:00"
            case Control.YES_NO:
                values[field.name] = {"true": True, "false": False}.get(texts[0])
            case Control.TICK:
                values[field.name] = True
            case _:
                values[field.name] = texts[0]
    return values
