"""The buttons and forms of a page: what stands in each field, and what was typed into one that was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from api.pages.choices import Choice, City, Suggested, choices_of
from api.pages.offers import Offer
from api.pages.refusals import Refusal
from api.pages.steps import Control, Field, Step
from workflows.contracts.state import CaseState


@dataclass(frozen=True)
class Refused:
    """A step that was just refused, with everything that was typed; `target` is its case or task."""

    step: str
    target: str
    typed: FormData
    refusal: Refusal


@dataclass(frozen=True)
class FormField:
    """A field with what stands in it; `earliest` is the first date (ISO) that can be given, where the rules say so."""

    field: Field
    choices: Sequence[Choice]
    values: Sequence[str]
    error: str | None
    earliest: str | None


@dataclass(frozen=True)
class StepForm:
    """A step's button and form. `key` makes sending it twice harmless; `back` names the page to come back to."""

    step: Step
    target: str
    address: str
    key: str
    back: str
    fields: Sequence[FormField]
    reasons: Sequence[str]
    refusal: Refusal | None


@dataclass(frozen=True)
class Forms:
    """Makes the forms of one page for one case. `key` is new on every page; `back` is `case` or a unit's inbox."""

    state: CaseState
    city: City
    unit_names: Mapping[str, str]
    key: str
    back: str
    suggested: Suggested | None = None
    refused: Refused | None = None

    def of(self, offer: Offer) -> StepForm:
        """The form of a step that is offered, filled with what was typed if it was just refused."""
        step, refused = offer.step, self.refused
        target = offer.task_no or self.state.case_no
        if refused is not None and (refused.step, refused.target) != (step.name, target):
            refused = None
        choices = choices_of(offer, self.state, self.city, self.unit_names, self.suggested)
        calls_units = self.suggested is not None and any(field.control is Control.UNIT for field in step.fields)
        # Whether the case did it is not known yet: under the same key it is done once.
        again = refused is not None and refused.refusal.undecided
        return StepForm(
            step=step,
            target=target,
            address=f"/{'tasks' if offer.task_no else 'cases'}/{target}/{step.name}",
            key=str(refused.typed.get("key")) if refused is not None and again else f"{self.key}-{step.name}-{target}",
            back=self.back,
            fields=[
                FormField(
                    field=field,
                    choices=choices.get(field.name, ()),
                    values=self._values(field, offer, refused),
                    error=refused.refusal.fields.get(field.name) if refused else None,
                    earliest=min(offer.options(field.name), default=None) if field.control is Control.DATE else None,
                )
                for field in step.fields
            ],
            reasons=self.suggested.reasons if self.suggested is not None and calls_units else (),
            refusal=refused.refusal if refused else None,
        )

    def _values(self, field: Field, offer: Offer, refused: Refused | None) -> list[str]:
        if refused is not None:
            return [text for text in refused.typed.getlist(field.name) if isinstance(text, str)]
        match field.control:
            case Control.UNIT if field.prefilled and self.suggested is not None and self.suggested.lead is not None:
                return [self.suggested.lead]
            case Control.UNITS if self.suggested is not None:
                return list(self.suggested.co_units)
            case Control.PRESET:
                return [self.state.policy.default_task_preset]
            case Control.DATE if field.prefilled:
                return offer.options(field.name)[:1]
            case _:
                return _only_choice(field, offer)


def _only_choice(field: Field, offer: Offer) -> list[str]:
    """What is meant unless something else is picked: the usual one, or the only one."""
    if field.control is not Control.OFFERED:
        return []
    options, usual = offer.options(field.name), offer.step.body.model_fields[field.name].default
    return [usual] if usual in options else options if len(options) == 1 else []
