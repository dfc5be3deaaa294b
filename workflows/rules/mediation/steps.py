"""The plan's steps, one after the other or together: which begins when."""

from workflows.contracts.mediation import events as e
from workflows.contracts.mediation.state import Track
from workflows.contracts.mediation.vocabulary import Paper, TrackStatus
from workflows.contracts.vocabulary import ClockName
from workflows.rules.mediation.clocks import running, start, start_limit
from workflows.rules.mediation.decision import Hearing


def begin_next(d: Hearing) -> None:
    """Begins the next step once those before it are over, with those that run beside it; without one a plan is owed.

    A fact-finding that stands alone in the plan holds up what comes after it; one beside another step does not.
    """
    waiting = [track for track in d.state.tracks.values() if track.status is TrackStatus.WAITING]
    held_up = any(not (track.fact_finding and track.together) for track in d.state.running_tracks)
    if not held_up and waiting:
        _begin(d, waiting.pop(0))
    for track in waiting:
        if not track.together:
            break
        _begin(d, track)
    agreed = d.state.agreement is not None and d.state.agreement.effective_at is not None
    if d.state.current is None and not agreed and not _waits_for_facts(d) and not running(d.state, ClockName.PLAN):
        start(d, ClockName.PLAN, event="plan_owed")


def _waits_for_facts(d: Hearing) -> bool:
    """Another step follows once a fact-finding before it is done."""
    waiting = any(track.status is TrackStatus.WAITING for track in d.state.tracks.values())
    return waiting and bool(d.state.running_tracks)


def _begin(d: Hearing, track: Track) -> None:
    if track.fact_finding:
        d.record(e.TakenUp(track=track.number))
        start_limit(d, track, event="begun")
        return
    d.record(e.ConsentAsked(track=track.number))
    d.issue(Paper.RIGHTS_NOTICE, track=track.number)
    for party_no in d.state.parties:
        ask_consent(d, track, party_no)


def ask_consent(d: Hearing, track: Track, party_no: str) -> None:
    """The party owes its answer from now on."""
    start(d, ClockName.CONSENT, event="asked", about=f"{track.tag}{party_no}")
