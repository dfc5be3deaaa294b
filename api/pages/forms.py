"""The buttons and forms of a page: what stands in each field, and what was typed into one that was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from api.pages.choices import CaseNames, Choice, City, Suggested, choices_of
from api.pages.offers import Offer
from api.pages.refusals import Refusal
from api.pages.steps import Control, Field, Step
from api.requesters import SafeContact
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
    """A field with what stands in it, by its name in the form.

    `earliest` is the first date (ISO) that can be given, where the rules say so. `rows` are the parts of a field that
    has any.
    """

    name: str
    field: Field
    choices: Sequence[Choice]
    values: Sequence[str]
    error: str | None
    earliest: str | None
    rows: Sequence[Sequence["FormField"]] = ()


@dataclass(frozen=True)
class StepForm:
    """A step's button and form. `key` makes sending it twice harmless; `back` names the page to come back to.

    `safe_contact` is there for a step in which the requester is contacted, if she said how that may be done.
    """

    step: Step
    target: str
    address: str
    key: str
    back: str
    fields: Sequence[FormField]
    reasons: Sequence[str]
    refusal: Refusal | None
    safe_contact: SafeContact | None


@dataclass(frozen=True)
class Forms:
    """Makes the forms of one page for one case. `key` is new on every page; `back` is `case` or a unit's inbox."""

    state: CaseState
    city: City
    names: CaseNames
    key: str
    back: str
    suggested: Suggested | None = None
    refused: Refused | None = None
    safe_contact: SafeContact | None = None

    def of(self, offer: Offer) -> StepForm:
        """The form of a step that is offered, filled with what was typed if it was just refused."""
        step, refused = offer.step, self.refused
        target = offer.task_no or self.state.case_no
        if refused is not None and (refused.step, refused.target) != (step.name, target):
            refused = None
        choices = choices_of(offer, self.state, self.city, self.names, self.suggested)
        calls_units = self.suggested is not None and any(field.control is Control.UNIT for field in step.fields)
        # Whether the case did it is not known yet: under the same key it is done once.
        again = refused is not None and refused.refusal.undecided
        return StepForm(
            step=step,
            target=target,
            address=f"/{'tasks' if offer.task_no else 'cases'}/{target}/{step.name}",
            key=str(refused.typed.get("key")) if refused is not None and again else f"{self.key}-{step.name}-{target}",
            back=self.back,
            fields=[self._field(field, offer, choices, refused) for field in offer.fields],
            reasons=self.suggested.reasons if self.suggested is not None and calls_units else (),
            refusal=refused.refusal if refused else None,
            safe_contact=self.safe_contact if step.reaches_out else None,
        )

    def _field(
        self,
        field: Field,
        offer: Offer,
        choices: Mapping[str, Sequence[Choice]],
        refused: Refused | None,
        within: str = "",
    ) -> FormField:
        name = f"{within}{field.name}"
        return FormField(
            name=name,
            field=field,
            choices=choices[field.name],
            values=self._values(field, name, offer, refused),
            error=refused.refusal.fields.get(name) if refused else None,
            earliest=min(offer.options(name), default=None) if field.control is Control.DATE else None,
            rows=[
                [self._field(part, offer, choices, refused, f"{name}.{place}.") for part in field.parts]
                for place in range(field.rows if field.parts else 0)
            ],
        )

    def _values(self, field: Field, name: str, offer: Offer, refused: Refused | None) -> list[str]:
        if refused is not None:
            return [text for text in refused.typed.getlist(name) if isinstance(text, str)]
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
    """What is meant unless something else is picked: the usual one, or the only one unless none is an answer too."""
    if field.control is not Control.OFFERED or not all(field.name in example for example in offer.taken):
        return []
    options, usual = offer.options(field.name), offer.step.body.model_fields[field.name].default
    return [usual] if usual in options else options if len(options) == 1 else []
