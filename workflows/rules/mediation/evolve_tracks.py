"""Folds what happened to the plan, its tracks, sessions and writings into the state of a mediation."""

from typing import Any

from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.state import (
    MediationState,
    PaperState,
    Session,
    SupportState,
    Track,
)
from workflows.contracts.mediation.vocabulary import TRACK_ENDS, MediationStatus, SessionStatus, TrackStatus
from workflows.rules.mediation.evolve_agreement import elsewhere


def tracked(state: MediationState, record: e.MediationRecorded) -> dict[str, Any]:
    """The fields that change; empty if the event is about something else."""
    return _of_track(state, record) or _sessions(state, record) or _beside(state, record)


def _of_track(state: MediationState, record: e.MediationRecorded) -> dict[str, Any]:  # noqa: PLR0911 - one case an event, no logic
    match record.event:
        case e.PlanDecided(tracks=planned):
            first = max(state.tracks, default=0) + 1
            begun = {
                number: Track(number=number, **step.model_dump(exclude={"mediator_id"}))
                for number, step in enumerate(planned, start=first)
            }
            rested = {n: t.model_copy(update={"fruitless": 0}) for n, t in state.tracks.items()}
            return {"tracks": {**rested, **begun}, "review_due": None}
        case e.PlanReviewDue(track=number):
            return {"review_due": number}
        case e.ConsentGiven(track=number, party_no=party_no):
            return _track(state, number, consents=(*state.tracks[number].consents, party_no))
        case e.AppliedFor(track=number):
            return _track(state, number, applied_at=record.at)
        case e.MediatorNamed(track=number, mediator_id=mediator_id):
            return _track(state, number, mediators=(*state.tracks[number].mediators, mediator_id))
        case e.PersonObjectedTo(track=None, person_id=person_id):
            left = {language: who for language, who in state.interpreters.items() if who != person_id}
            return {"interpreters": left, "rejected_interpreters": (*state.rejected_interpreters, person_id)}
        case e.PersonObjectedTo(track=int(number), person_id=person_id):
            track = state.tracks[number]
            left_over = tuple(who for who in track.mediators if who != person_id)
            return _track(state, number, mediators=left_over, rejected=(*track.rejected, person_id))
        case e.ReferredOutside(track=number, system=system):
            return _track(state, number, referred_to=system)
        case e.TrackPaused(track=number, until=until):
            return _track(state, number, paused_until=until)
        case e.TrackWentOn(track=number):
            return _track(state, number, paused_until=None)
        case _:
            return _how_far(state, record)


_Step = (
    e.ConsentAsked
    | e.TrackConsented
    | e.TakenUp
    | e.TrackFailed
    | e.TrackDropped
    | e.TrackCompleted
    | e.AgreementEffective
    | e.AgreedElsewhere
)
_STATUS_AFTER: dict[type[_Step], TrackStatus] = {
    e.ConsentAsked: TrackStatus.CONSENT_ASKED,
    e.TrackConsented: TrackStatus.CONSENTED,
    e.TakenUp: TrackStatus.UNDER_WAY,
    e.TrackFailed: TrackStatus.FAILED,
    e.TrackDropped: TrackStatus.DROPPED,
    e.TrackCompleted: TrackStatus.DONE,
    e.AgreementEffective: TrackStatus.AGREED,
    e.AgreedElsewhere: TrackStatus.AGREED,
}


def _how_far(state: MediationState, record: e.MediationRecorded) -> dict[str, Any]:
    event = record.event
    if not isinstance(event, _Step):
        return {}
    status = _STATUS_AFTER[type(event)]
    taken_up = {"taken_up_at": record.at} if status is TrackStatus.UNDER_WAY else {}
    changes = _track(state, event.track, status=status, **taken_up)
    if isinstance(event, e.AgreementEffective | e.AgreedElsewhere):
        written_here = state.agreement if isinstance(event, e.AgreementEffective) else None
        agreement = (written_here or elsewhere(event.track)).model_copy(update={"effective_at": record.at})
        return {**changes, "agreement": agreement, "status": MediationStatus.AGREED}
    if state.agreement is not None and state.agreement.effective_at is not None:
        return changes
    # What one track drew up ends with it.
    if state.agreement is not None and state.agreement.track == event.track and status in TRACK_ENDS:
        changes["agreement"] = None
    if state.review_due == event.track and status in TRACK_ENDS:
        changes["review_due"] = None
    return {**changes, "status": _status(state.model_copy(update=changes))}


def _track(state: MediationState, number: int, **changes: Any) -> dict[str, Any]:
    return {"tracks": {**state.tracks, number: state.tracks[number].model_copy(update=changes)}}


def _status(state: MediationState) -> MediationStatus:
    """Where the mediation is by its tracks, as long as nothing binds yet."""
    if state.agreement is not None:
        return MediationStatus.DRAFTED
    running = {track.status for track in state.running_tracks}
    for status, name in (
        (TrackStatus.UNDER_WAY, MediationStatus.UNDER_WAY),
        (TrackStatus.CONSENTED, MediationStatus.CONSENTED),
        (TrackStatus.CONSENT_ASKED, MediationStatus.PLANNED),
    ):
        if status in running:
            return name
    return MediationStatus.OPENED


def _sessions(state: MediationState, record: e.MediationRecorded) -> dict[str, Any]:
    match record.event:
        case e.SessionScheduled() as event:
            fields = event.model_dump(exclude={"kind", "form"})
            return {"sessions": {**state.sessions, event.session_no: Session(**fields)}}
        case e.SessionReminded(session_no=session_no):
            reminded = state.sessions[session_no].model_copy(update={"reminded": True})
            return {"sessions": {**state.sessions, session_no: reminded}}
        case e.SessionCalledOff(session_no=session_no, adjourned=adjourned):
            return _session(state, session_no, SessionStatus.ADJOURNED if adjourned else SessionStatus.CANCELLED)
        case e.SessionRecorded(session_no=session_no, status=status):
            number = state.sessions[session_no].track
            track = state.tracks[number]
            held = int(status is SessionStatus.HELD)
            counted = _track(state, number, held=track.held + held, fruitless=track.fruitless + held)
            return _session(state, session_no, status) | counted
        case _:
            return {}


def _session(state: MediationState, session_no: str, status: SessionStatus) -> dict[str, Any]:
    changed = state.sessions[session_no].model_copy(update={"status": status})
    return {"sessions": {**state.sessions, session_no: changed}}


def _beside(state: MediationState, record: e.MediationRecorded) -> dict[str, Any]:
    match record.event:
        case e.SupportReferred(support_no=number) as event:
            referred = SupportState(party_no=event.party_no, support=event.support, unit_id=event.unit_id)
            return {"supports": {**state.supports, number: referred}}
        case e.SupportRecorded(support_no=number):
            return {"supports": {**state.supports, number: state.supports[number].model_copy(update={"ended": True})}}
        case e.PaperIssued(paper_no=number) as event:
            issued = PaperState(
                paper=event.paper,
                to=event.to,
                track=event.track,
                issued_at=record.at,
                about_seq=event.about_seq,
            )
            return {"papers": {**state.papers, number: issued}}
        case e.PaperServed(paper_no=number, party_no=party_no):
            paper = state.papers[number]
            served = paper.model_copy(update={"served": (*paper.served, party_no)})
            return {"papers": {**state.papers, number: served}}
        case _:
            return {}
