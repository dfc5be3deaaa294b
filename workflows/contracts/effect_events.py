"""What came of the effects that a case asked for: one frozen model each."""

from typing import Literal

from workflows.contracts.effects import Effect
from workflows.contracts.ids import TextId
from workflows.contracts.model import Frozen


class EffectRequested(Frozen):
    """Something is to be done in the world; it is outstanding until one of the events below ends that."""

    kind: Literal["effect_requested"] = "effect_requested"
    effect: Effect


class EffectDone(Frozen):
    """It took effect."""

    kind: Literal["effect_done"] = "effect_done"
    effect_id: str


class EffectFailed(Frozen):
    """Its retries are used up, or it was refused; an operator is needed. `code` is a class, never wording."""

    kind: Literal["effect_failed"] = "effect_failed"
    effect_id: str
    code: str


class EffectRetried(Frozen):
    """An operator has it tried again."""

    kind: Literal["effect_retried"] = "effect_retried"
    effect_id: str


class EffectSkipped(Frozen):
    """An operator gives it up, for a reason."""

    kind: Literal["effect_skipped"] = "effect_skipped"
    effect_id: str
    reason: TextId


class EffectLapsed(Frozen):
    """A notice that waited for the unit's offices to open, and what it was about is over."""

    kind: Literal["effect_lapsed"] = "effect_lapsed"
    effect_id: str
