"""Folds events into the state of a mediation. Applies what was decided and decides nothing."""

from collections.abc import Iterable
from typing import Any

from workflows.contracts.effect_events import (
    EffectDone,
    EffectFailed,
    EffectRequested,
    EffectRetried,
    EffectSkipped,
)
from workflows.contracts.effects import EffectState, EffectStatus, SendCommand
from workflows.contracts.events import RenewalAsked, RulesRenewed
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.of_case import FollowMediation
from workflows.contracts.mediation.state import MediationState, Told
from workflows.contracts.mediation.vocabulary import MediationStatus
from workflows.contracts.state import Owner
from workflows.contracts.time_events import (
    BreachWithdrawn,
    CalendarAdopted,
    ClockMet,
    ClockMoved,
    ClockStopped,
    RungReached,
)
from workflows.contracts.vocabulary import Rung
from workflows.rules.evolve import OF_ANOTHER, remembered
from workflows.rules.mediation.evolve_agreement import agreed
from workflows.rules.mediation.evolve_tracks import tracked


def fold(recorded: Iterable[e.MediationRecorded]) -> MediationState:
    """The state that a mediation's whole list of events leads to.

    Raises:
        ValueError: if the list is empty or does not begin with the opening.
    """
    state: MediationState | None = None
    for record in recorded:
        state = evolve(state, record)
    if state is None:
        raise ValueError("a mediation begins with an event")
    return state


def evolve(state: MediationState | None, record: e.MediationRecorded) -> MediationState:
    """The state after one more event.

    Raises:
        ValueError: if the event is not the next one of this mediation.
    """
    if isinstance(record.event, e.MediationOpened):
        return _opened(record, record.event)
    if state is None or record.seq != state.seq + 1:
        raise ValueError(f"event {record.seq} does not follow {state.seq if state else 0}")
    changes = _changes(state, record)
    changes["seq"] = record.seq
    if record.command_id is not None:
        changes["recent"] = remembered(state.recent, record.command_id, record.seq)
        changes["last_at"] = max(state.last_at, record.at)
    return state.model_copy(update=changes)


def _opened(record: e.MediationRecorded, event: e.MediationOpened) -> MediationState:
    return MediationState(
        mediation_no=event.mediation_no,
        case_no=event.case_no,
        dispute=event.dispute,
        parties={party.party_no: party for party in event.parties},
        region_code=event.region_code,
        level=event.level,
        centres=event.centres,
        policy=event.policy,
        calendar=event.calendar,
        rules_version=event.rules_version,
        risk=event.risk,
        locked=event.locked,
        opened_at=record.at,
        last_at=record.at,
        seq=record.seq,
    )


def _changes(state: MediationState, record: e.MediationRecorded) -> dict[str, Any]:
    return (
        _time(state, record)
        or tracked(state, record)
        or agreed(state, record)
        or _people(state, record)
        or _effects(state, record)
        or _ends(record)
    )


def _time(state: MediationState, record: e.MediationRecorded) -> dict[str, Any]:  # noqa: PLR0911 - one case an event, no logic
    match record.event:
        case e.MediationClockStarted(clock=clock):
            return {"clocks": {**state.clocks, clock.id: clock}}
        case ClockMet(clock_id=clock_id):
            return _clock(state, clock_id, {"met_at": record.at, "next_rung": None, "next_at": None})
        case ClockStopped(clock_id=clock_id):
            return _clock(state, clock_id, {"stopped_at": record.at, "next_rung": None, "next_at": None})
        case ClockMoved(clock_id=clock_id) as event:
            moved = event.model_dump(exclude={"kind", "clock_id", "cause", "was_due_at", "pauses", *OF_ANOTHER})
            again = {"rung": None} if event.next_rung is Rung.DUE_SOON else {}
            return _clock(state, clock_id, {**moved, **again, "pauses": event.pauses})
        case RungReached(clock_id=clock_id) as event:
            changes: dict[str, Any] = {"rung": event.rung, "next_rung": event.next_rung, "next_at": event.next_at}
            if event.rung is Rung.DUE_SOON:
                changes["warned_at"] = record.at
            elif event.rung is Rung.URGE:
                changes["breached_at"] = state.clocks[clock_id].due_at
            return _clock(state, clock_id, changes)
        case BreachWithdrawn(clock_id=clock_id):
            return _clock(state, clock_id, {"breached_at": None, "rung": Rung.DUE_SOON})
        case CalendarAdopted(calendar=calendar):
            return {"calendar": calendar}
        case _:
            return {}


def _clock(state: MediationState, clock_id: str, changes: dict[str, Any]) -> dict[str, Any]:
    return {"clocks": {**state.clocks, clock_id: state.clocks[clock_id].model_copy(update=changes)}}


def _people(state: MediationState, record: e.MediationRecorded) -> dict[str, Any]:
    match record.event:
        case e.PartyAdded(party=party):
            return {"parties": {**state.parties, party.party_no: party}}
        case e.PartyChanged(party_no=party_no) as event:
            who = {"guardian": event.guardian, "representatives": event.representatives}
            return {"parties": {**state.parties, party_no: state.parties[party_no].model_copy(update=who)}}
        case e.InterpreterAppointed(interpreter_id=interpreter_id, language=language):
            return {"interpreters": {**state.interpreters, language: interpreter_id}}
        case _:
            return {}


def _effects(state: MediationState, record: e.MediationRecorded) -> dict[str, Any]:
    match record.event:
        case EffectRequested(effect=effect):
            effects = {**state.effects, effect.id: EffectState(effect=effect, requested_at=record.at)}
            told = (
                {"told": _told(effect.command)}
                if isinstance(effect, SendCommand) and isinstance(effect.command, FollowMediation)
                else {}
            )
            return {"effects": effects, **told}
        case EffectDone(effect_id=effect_id) | EffectSkipped(effect_id=effect_id):
            return {"effects": {known: effect for known, effect in state.effects.items() if known != effect_id}}
        case EffectFailed(effect_id=effect_id, code=code):
            return _effect(state, effect_id, {"status": EffectStatus.FAILED, "code": code})
        case EffectRetried(effect_id=effect_id):
            return _effect(state, effect_id, {"status": EffectStatus.PENDING, "code": None})
        case _:
            return {}


def _told(follow: FollowMediation) -> Told:
    owner = (
        Owner(role=follow.owner_role, unit_id=follow.owner_unit) if follow.owner_role and follow.owner_unit else None
    )
    return Told(status=follow.status, owner=owner, due=follow.due, applied=follow.applied)


def _effect(state: MediationState, effect_id: str, changes: dict[str, Any]) -> dict[str, Any]:
    known = state.effects[effect_id]
    attempts = known.attempts + (changes["status"] is EffectStatus.FAILED)
    return {"effects": {**state.effects, effect_id: known.model_copy(update={**changes, "attempts": attempts})}}


def _ends(record: e.MediationRecorded) -> dict[str, Any]:  # noqa: PLR0911 - one case an event, no logic
    match record.event:
        case e.MediationFulfilled():
            return {"status": MediationStatus.FULFILLED}
        case e.MediationFailed(remedy=remedy):
            return {"status": MediationStatus.FAILED, "remedy": remedy}
        case e.MediationRefused():
            return {"status": MediationStatus.REFUSED}
        case e.MediationStopped(withdrawn=withdrawn):
            return {"status": MediationStatus.WITHDRAWN if withdrawn else MediationStatus.STOPPED}
        case e.MediationLocked(case_seq=seq):
            return {"locked": True} | ({"locked_seq": seq} if seq is not None else {})
        case e.MediationUnlocked(case_seq=seq):
            return {"locked": False} | ({"locked_seq": seq} if seq is not None else {})
        case RenewalAsked():
            return {"renewal_asked": True}
        case RulesRenewed(rules_version=version):
            return {"rules_version": version, "renewal_asked": False}
        case _:
            return {}
