"""The buttons and forms of a mediation's page: what stands in each field, and what was typed if it was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pages.forms import FormField, Refused, StepForm
from api.pages.mediation_choices import TalkChoices
from api.pages.mediation_offers import TalkOffer
from api.pages.steps import Control, Field


@dataclass(frozen=True)
class TalkForms:
    """Makes the forms of one page; `key` is new on every page."""

    number: str
    choices: TalkChoices
    key: str
    refused: Refused | None = None

    def of(self, offer: TalkOffer) -> StepForm:
        """The form of a step that is offered, filled with what was typed if it was just refused."""
        step = offer.step
        refused = self.refused if self.refused is not None and self.refused.step == step.name else None
        values = self.choices.prefilled(step.name)
        # Whether the mediation did it is not known yet: under the same key it is done once.
        again = refused is not None and refused.refusal.undecided
        return StepForm(
            step=step,
            target=self.number,
            address=f"/mediations/{self.number}/{step.name}",
            key=str(refused.typed.get("key")) if refused is not None and again else f"{self.key}-{step.name}",
            back="",
            fields=[self._field(field, offer, refused, values) for field in offer.fields],
            reasons=(),
            refusal=refused.refusal if refused else None,
            safe_contact=None,
        )

    def _field(
        self,
        field: Field,
        offer: TalkOffer,
        refused: Refused | None,
        values: Mapping[str, Sequence[str]],
        within: str = "",
    ) -> FormField:
        name = f"{within}{field.name}"
        choices = self.choices.of(field, offer)
        only = [choices[0].value] if field.control is Control.OFFERED and field.required and len(choices) == 1 else []
        typed = [text for text in refused.typed.getlist(name) if isinstance(text, str)] if refused else None
        return FormField(
            name=name,
            field=field,
            choices=choices,
            # In a row that may stay empty nothing is chosen for anybody.
            values=typed if typed is not None else values.get(name) or (only if not within else []),
            error=refused.refusal.fields.get(name) if refused else None,
            earliest=min(offer.options(name), default=None) if field.control is Control.DATE else None,
            rows=[
                [self._field(part, offer, refused, values, f"{name}.{place}.") for part in field.parts]
                for place in range(field.rows if field.parts else 0)
            ],
        )
