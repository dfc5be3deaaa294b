"""How a track and how a mediation ends; nobody is left without being told where to go."""

from workflows.contracts.ids import TextId
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.state import Track
from workflows.contracts.mediation.vocabulary import FailureCause, Paper, SessionStatus
from workflows.contracts.vocabulary import ClockName
from workflows.rules.mediation.clocks import start, stop, stop_all
from workflows.rules.mediation.decision import Hearing
from workflows.rules.mediation.steps import begin_next

_End = e.MediationFulfilled | e.MediationFailed | e.MediationRefused | e.MediationStopped


def end(d: Hearing, event: _End) -> None:
    """The mediation is over: sessions are called off, clocks stop, every party learns where it can go.

    Source: 人民调解法 3 and 26: no party is kept from court or arbitration, and is told so.
    """
    for session in [known for known in d.state.sessions.values() if known.status is SessionStatus.SCHEDULED]:
        d.record(e.SessionCalledOff(session_no=session.session_no, adjourned=False))
    d.record(event)
    if not isinstance(event, e.MediationFulfilled):
        d.issue(Paper.ROUTE_NOTICE)
    stop_all(d)
    # Its writings still have to reach people, and help that was asked for has an outcome.
    start(d, ClockName.ARCHIVE_AFTER, event="ended")


def fail_one(d: Hearing, track: Track, cause: FailureCause, reason: TextId | None = None) -> None:
    """This channel came to nothing; the next step of the plan follows, or the plan is decided anew."""
    d.record(e.TrackFailed(track=track.number, cause=cause, reason=reason))
    d.issue(Paper.TERMINATION, track=track.number)
    let_go(d, track)
    begin_next(d)


def drop(d: Hearing, track: Track) -> None:
    """The plan goes on without this track."""
    d.record(e.TrackDropped(track=track.number))
    let_go(d, track)


def let_go(d: Hearing, track: Track) -> None:
    """Nothing is set or counted for this track any more."""
    for session in d.state.sessions.values():
        if session.track == track.number and session.status is SessionStatus.SCHEDULED:
            d.record(e.SessionCalledOff(session_no=session.session_no, adjourned=False))
            stop_all(d, about=session.session_no)
    stop_all(d, about=track.tag)
    if d.state.review_due is None:
        stop(d, ClockName.PLAN_REVIEW)
    if d.state.agreement is None:
        stop(d, ClockName.SIGNATURE)
