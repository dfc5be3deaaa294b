"""While there is danger nothing is talked about [人民调解法 25], and nobody's silence counts."""

from workflows.contracts.mediation import commands as c
from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.vocabulary import FailureCause, SessionStatus
from workflows.contracts.vocabulary import ClockName
from workflows.rules.mediation.clocks import start, stop
from workflows.rules.mediation.decision import Hearing
from workflows.rules.mediation.ending import fail_one


def lock(d: Hearing, command: c.LockMediation) -> None:
    """Danger began or was lifted. What the case said before this, and which arrives only now, changes nothing."""
    if command.seq is not None and command.seq <= d.state.locked_seq:
        return
    if command.locked:
        d.record(e.MediationLocked(case_seq=command.seq))
        _adjourn(d)
    else:
        d.record(e.MediationUnlocked(case_seq=command.seq))
        _go_on(d)


def _adjourn(d: Hearing) -> None:
    """Sessions that have not begun are set again once the danger is over."""
    for session in d.state.sessions.values():
        if session.status is SessionStatus.SCHEDULED and session.starts_at > d.at:
            d.record(e.SessionCalledOff(session_no=session.session_no, adjourned=True))
            stop(d, ClockName.SESSION, session.session_no)


def _go_on(d: Hearing) -> None:
    """Who could not answer has the whole time again; a limit that the law makes final, and ran out, ends its talks."""
    for clock in [known for known in d.state.clocks.values() if known.is_open]:
        if clock.name is ClockName.CONSENT:
            stop(d, ClockName.CONSENT, clock.about)
            start(d, ClockName.CONSENT, event="unlocked", about=clock.about)
    for track in d.state.running_tracks:
        limits = [clock for clock in d.state.clocks.values() if (clock.name, clock.about) == _limit(track.tag)]
        ran_out = any(clock.is_open and clock.breached_at is not None for clock in limits)
        if ran_out and d.state.row(track.form).ends_at_limit:
            fail_one(d, track, FailureCause.LIMIT_RAN_OUT)


def _limit(tag: str) -> tuple[ClockName, str]:
    return ClockName.MEDIATION, tag
