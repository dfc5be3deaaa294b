"""How the stories of a run go: by chance, yet the same every time, because it hangs on an appeal's place in the run."""

from pathlib import Path
from random import Random
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from cli.simulator.configuration import Behaviour
from infra.intake import Report
from workflows.contracts.mediation.vocabulary import Channel, MediationForm, Outside, PartyKind, Remedy
from workflows.contracts.vocabulary import CaseKind

_STORY = Path(__file__).parent / "story.yaml"
_SEED = 8
_EVERY = 9
"""Of so many appeals the first result of one does not stand, one is accepted late, and one is withdrawn."""
_BOTCHED, _LATE, _WITHDRAWN = 0, 4, 7
_QUICKEST, _SLOWEST = 0.3, 1.8
_TOO_LATE = 7.0


class Talk(BaseModel):
    """How a dispute is talked out: in which form of which channel, by a mediator of the place or of a `speciality`.

    It ends with a `promise` that is kept, and that a `court` confirms if one is named, or else with a `remedy`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    dispute: dict[str, Any]
    channel: Channel
    form: MediationForm
    speciality: str | None = None
    respondent: str
    respondent_kind: PartyKind = PartyKind.PERSON
    facts: str
    promise: str | None = None
    court: str | None = None
    remedy: Remedy = Remedy.COURT


class Story(BaseModel):
    """`story.yaml`, and what the centre's people and the requesters do of their own accord.

    `systems`: units with a system of their own; `authorities`: other authorities' units with one; `talks`: beginnings
    of the matter classes whose disputes go to joint mediation; `signs`: words of an appeal that point to a unit;
    `words`: what people say.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    systems: dict[str, Behaviour]
    authorities: dict[str, Outside]
    talks: dict[str, Talk]
    signs: dict[str, tuple[str, ...]]
    words: dict[str, str]

    @classmethod
    def read(cls) -> "Story":
        """The one that comes along."""
        return cls.model_validate(yaml.safe_load(_STORY.read_text(encoding="utf-8")))

    def chance(self, place: int, about: str) -> Random:
        """Dice for one decision about one appeal."""
        return Random(f"{_SEED}/{place}/{about}")  # noqa: S311 - a rehearsal, to be repeated exactly

    def reaction_to(self, place: int, status: str) -> float:
        """Seconds until somebody sees to it: a little, or more than the rehearsal's limit of six."""
        if status == "registered" and place % _EVERY == _LATE:
            return _TOO_LATE
        return self.chance(place, status).uniform(_QUICKEST, _SLOWEST)

    def unit_for(self, report: Report) -> str:
        """The unit that a dispatcher would think of on reading an appeal without a class."""
        words = report.title + report.description
        return next(unit for unit, signs in self.signs.items() if any(sign in words for sign in signs))

    def talk_for(self, report: Report) -> Talk | None:
        """How it is talked out; None if the units do their work about it."""
        if report.kind is not CaseKind.DISPUTE or report.category is None:
            return None
        return next((talk for begins, talk in self.talks.items() if report.category.startswith(begins)), None)

    def is_withdrawn(self, place: int) -> bool:
        """Whether the requester takes the matter back."""
        return place % _EVERY == _WITHDRAWN

    def is_botched(self, place: int) -> bool:
        """Whether the first result does not stand."""
        return place % _EVERY == _BOTCHED
