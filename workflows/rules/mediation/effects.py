"""What an operator may do about things wanted in the world that a mediation asked for in vain."""

from workflows.contracts.effect_events import EffectRetried, EffectSkipped
from workflows.contracts.effects import EffectStatus
from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation import commands as c
from workflows.rules.mediation.decision import Hearing


def retry_effect(d: Hearing, command: c.RetryMediationEffect) -> None:
    """A failed effect is tried again, under the same id.

    Raises:
        RuleViolation: `effect_not_failed`.
    """
    _require_failed(d, command.effect_id)
    d.record(EffectRetried(effect_id=command.effect_id))


def skip_effect(d: Hearing, command: c.SkipMediationEffect) -> None:
    """A failed effect is not needed any more.

    Raises:
        RuleViolation: `effect_not_failed`.
    """
    _require_failed(d, command.effect_id)
    d.record(EffectSkipped(effect_id=command.effect_id, reason=command.reason))


def _require_failed(d: Hearing, effect_id: str) -> None:
    effect = d.state.effects.get(effect_id)
    if effect is None or effect.status is not EffectStatus.FAILED:
        raise RuleViolation("effect_not_failed", "only an effect that failed for good waits for an operator")
