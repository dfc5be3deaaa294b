"""Sessions: set, called off, put on record. After so many without agreement the plan is looked at again."""

from datetime import UTC, timedelta

from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.state import Session, Track
from workflows.contracts.mediation.vocabulary import Paper, SessionStatus, Side
from workflows.contracts.vocabulary import ClockName
from workflows.rules.mediation.clocks import meet, running, start, start_second_session, start_session, stop
from workflows.rules.mediation.decision import Hearing
from workflows.rules.mediation.guards import acting, known_party, require_nothing_agreed, track_at_work
from workflows.rules.mediation.parties import all_consent

_LONGEST = timedelta(hours=12)
_FARTHEST = timedelta(days=366)


def schedule_session(d: Hearing, command: c.ScheduleSession) -> None:
    """A session is set and the parties are invited; rooms and people are reserved before this is asked.

    Raises:
        RuleViolation: `agreement_reached`, `unknown_track`, `track_ended`, `not_under_way`, `referral_only`,
            `consent_missing`, `plan_review_due`, `no_more_sessions`, `mediator_missing`, `party_missing`,
            `unknown_party`, `guardian_missing`, `interpreter_missing`, `session_in_the_past`, `session_too_long`,
            `session_too_far`, `sessions_overlap`.
    """
    require_nothing_agreed(d)
    track = track_at_work(d, command.track)
    _require_talks_allowed(d, track)
    if not track.mediators:
        raise RuleViolation("mediator_missing", "name a mediator first")
    starts_at, ends_at = command.starts_at.astimezone(UTC), command.ends_at.astimezone(UTC)
    if starts_at <= d.at:
        raise RuleViolation("session_in_the_past", "a session is set for later than now")
    if not timedelta(0) < ends_at - starts_at <= _LONGEST:
        raise RuleViolation("session_too_long", "a session ends after it begins, twelve hours later at most")
    if starts_at - d.at > _FARTHEST:
        raise RuleViolation("session_too_far", "a session is set within a year")
    if not command.parties:
        raise RuleViolation("party_missing", "name the parties that are asked to come")
    for party_no in command.parties:
        party = acting(d.state, party_no)
        if party.language is not None and party.language not in d.state.interpreters:
            raise RuleViolation("interpreter_missing", f"appoint an interpreter for {party.language} first")
    for other in _scheduled(d):
        if other.starts_at < ends_at and starts_at < other.ends_at:
            raise RuleViolation("sessions_overlap", f"{other.session_no} is set for that time")
    scheduled = e.SessionScheduled(
        session_no=f"S{len(d.state.sessions) + 1}",
        track=track.number,
        form=command.form,
        room=command.room,
        starts_at=starts_at,
        ends_at=ends_at,
        parties=command.parties,
        invited=command.invited,
        mediators=track.mediators,
    )
    d.record(scheduled)
    d.issue(Paper.INVITATION, command.parties, track=track.number)
    start_session(d, d.state.sessions[scheduled.session_no])


def _require_talks_allowed(d: Hearing, track: Track) -> None:
    most = d.state.row(track.form).most_sessions
    if not track.fact_finding and not all_consent(d, track.number):
        raise RuleViolation("consent_missing", "a party that was drawn in has not agreed to this channel yet")
    if d.state.review_due is not None:
        raise RuleViolation("plan_review_due", "decide on the plan again before another session")
    if most is not None and track.held + len(_scheduled(d, track)) >= most:
        raise RuleViolation("no_more_sessions", f"this channel has {most} sessions at most")


def call_off_session(d: Hearing, command: c.CallOffSession) -> None:
    """It does not take place; an adjourned one is set again by the host.

    Raises:
        RuleViolation: `unknown_session`, `session_over`.
    """
    session = _open_session(d, command.session_no)
    called_off = e.SessionCalledOff(session_no=session.session_no, adjourned=command.adjourned, reason=command.reason)
    d.record(called_off)
    stop(d, ClockName.SESSION, session.session_no)


def record_session(d: Hearing, command: c.RecordSession) -> None:
    """What a session brought: who came, which facts are agreed, what stays open.

    Sides may be asked one by one (背对背); where one that was asked did not come nobody talked.

    Raises:
        RuleViolation: `unknown_session`, `session_over`, `session_not_begun`, `unknown_party`, `was_not_there`.
    """
    session = _open_session(d, command.session_no)
    if d.at < session.starts_at:
        raise RuleViolation("session_not_begun", "it is put on record once it has begun")
    came = {known_party(d.state, party_no).side for party_no in command.present}
    asked = {d.state.parties[party_no].side for party_no in session.parties} - {Side.THIRD}
    if any(concession.party_no not in command.present for concession in command.concessions):
        raise RuleViolation("was_not_there", "who was not there conceded nothing")
    track = d.state.tracks[session.track]
    talked = bool(came) and (track.fact_finding or asked <= came)
    d.record(
        e.SessionRecorded(
            session_no=session.session_no,
            status=SessionStatus.HELD if talked else SessionStatus.NO_SHOW,
            present=command.present,
            absent=tuple(party_no for party_no in session.parties if party_no not in command.present),
            facts=command.facts,
            open_points=command.open_points,
            concessions=command.concessions,
            attachments=command.attachments,
        )
    )
    d.issue(Paper.SESSION_RECORD, command.present or session.parties, track=track.number)
    meet(d, ClockName.SESSION, session.session_no)
    if talked:
        _count(d, track.number)


def _count(d: Hearing, number: int) -> None:
    track = d.state.tracks[number]
    meet(d, ClockName.SECOND_SESSION, track.tag)
    if track.fact_finding or d.state.agreement is not None:
        return
    if track.held == 1:
        start_second_session(d, track)
    if track.fruitless >= d.state.policy.sessions_before_review and d.state.review_due is None:
        d.record(e.PlanReviewDue(track=number, sessions=track.fruitless))
        if not running(d.state, ClockName.PLAN_REVIEW):
            start(d, ClockName.PLAN_REVIEW, event="sessions")


def _open_session(d: Hearing, session_no: str) -> Session:
    session = d.state.sessions.get(session_no)
    if session is None:
        raise RuleViolation("unknown_session", "the mediation has no such session")
    if session.status is not SessionStatus.SCHEDULED:
        raise RuleViolation("session_over", f"the session is {session.status}")
    return session


def _scheduled(d: Hearing, track: Track | None = None) -> list[Session]:
    """The sessions that are set, of that track or of all."""
    ahead = [session for session in d.state.sessions.values() if session.status is SessionStatus.SCHEDULED]
    return [session for session in ahead if track is None or session.track == track.number]
