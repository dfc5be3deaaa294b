"""How things wanted in the world went, and what an operator may do when they did not."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.effects import EffectStatus
from workflows.contracts.errors import RuleViolation
from workflows.rules.decision import Decision


def retry_effect(d: Decision, command: c.RetryEffect) -> None:
    """A failed effect is tried again, under the same id.

    Raises:
        RuleViolation: `effect_not_failed`.
    """
    _require_failed(d, command.effect_id)
    d.record(e.EffectRetried(effect_id=command.effect_id))


def skip_effect(d: Decision, command: c.SkipEffect) -> None:
    """A failed effect is not needed any more.

    Raises:
        RuleViolation: `effect_not_failed`.
    """
    _require_failed(d, command.effect_id)
    d.record(e.EffectSkipped(effect_id=command.effect_id, reason=command.reason))


def effect_ended(d: Decision, effect_id: str, failure: str | None) -> None:
    """Notes the outcome of a pending effect: `failure` is a class code, None if it was done."""
    if effect_id in d.state.effects:
        d.record(
            e.EffectDone(effect_id=effect_id) if failure is None else e.EffectFailed(effect_id=effect_id, code=failure)
        )


def _require_failed(d: Decision, effect_id: str) -> None:
    effect = d.state.effects.get(effect_id)
    if effect is None or effect.status is not EffectStatus.FAILED:
        raise RuleViolation("effect_not_failed", "only an effect that failed for good waits for an operator")
