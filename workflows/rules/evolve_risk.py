"""Folds dangers and limitation periods into the state of a case. Decides nothing."""

from typing import Any

from workflows.contracts import events as e
from workflows.contracts.danger import Danger
from workflows.contracts.events import Recorded
from workflows.contracts.limitation import Limitation
from workflows.contracts.state import CaseState


def at_risk(state: CaseState, record: Recorded) -> dict[str, Any]:  # noqa: PLR0911 - one case an event, no logic
    """What changes with an event about a danger or a limitation period; nothing for any other."""
    match record.event:
        case e.DangerReported() as event:
            return {"danger": _reported(state.danger, event, record)}
        case e.PoliceCalled():
            return _danger(state, called=True)
        case e.ProtectionReported():
            return _danger(state, protection_reported=True)
        case e.DangerLifted():
            return {"danger": None}
        case e.LimitationRecorded() as event:
            return _limitation(state, event.clock_id, Limitation(kind=event.limitation, began_on=event.began_on))
        case e.LimitationInterrupted(clock_id=clock_id):
            known = state.limitations[clock_id]
            return _limitation(state, clock_id, known.model_copy(update={"interrupted_at": record.at}))
        case e.LimitationRestarted() as event:
            anew = Limitation(kind=event.limitation, began_on=event.began_on, restarted_from=event.after)
            return _limitation(state, event.clock_id, anew)
        case e.LimitationForgotten(clock_id=clock_id):
            return {"limitations": {known: one for known, one in state.limitations.items() if known != clock_id}}
        case _:
            return {}


def _reported(before: Danger | None, event: e.DangerReported, record: Recorded) -> Danger:
    """A further report of a danger that stands adds to it, and asks for another call."""
    to_protect = event.minors or event.without_capacity
    return Danger(
        since=before.since if before else record.at,
        kinds=tuple(dict.fromkeys((*(before.kinds if before else ()), *event.kinds))),
        reported_by=record.actor.id,
        caller=event.caller,
        protects=to_protect or (before is not None and before.protects),
        protection_reported=before is not None and before.protection_reported and not to_protect,
    )


def _danger(state: CaseState, **changes: bool) -> dict[str, Any]:
    return {"danger": state.danger.model_copy(update=changes)} if state.danger else {}


def _limitation(state: CaseState, clock_id: str, limitation: Limitation) -> dict[str, Any]:
    return {"limitations": {**state.limitations, clock_id: limitation}}
