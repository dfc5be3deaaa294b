"""What follows from time alone: warnings, and what a limit that runs out brings with it."""

from datetime import datetime

from workflows.contracts.mediation.clocks import MediationClock
from workflows.contracts.mediation.events import SessionReminded
from workflows.contracts.mediation.vocabulary import FailureCause
from workflows.contracts.time_events import ClockMet, RungReached
from workflows.contracts.vocabulary import ClockName, Rung
from workflows.rules.ladder import earliest
from workflows.rules.mediation.decision import Hearing
from workflows.rules.mediation.ending import fail_one
from workflows.rules.mediation.fulfilment import break_promise
from workflows.rules.mediation.parties import lapse
from workflows.rules.rungs import after


def run_out(d: Hearing, *, through: datetime) -> None:
    """Records everything that is due by `through`, in the order of time, each at its own time."""
    while (first := earliest(d.state)) is not None and first.next_at is not None and first.next_at <= through:
        clock = d.state.clocks[first.id]
        d.at = first.next_at
        # While there is danger nobody's silence counts, and no talks fail for want of time.
        waits = d.state.locked and clock.name in {ClockName.CONSENT, ClockName.MEDIATION}
        if clock.next_rung is Rung.URGE and not waits:
            _due(d, clock)
        else:
            _reach(d, clock)
    d.at = through


def _due(d: Hearing, clock: MediationClock) -> None:
    """At its due time a clock is overdue; some bring what the law or the agreement attaches to that day."""
    about = clock.about or ""
    match clock.name:
        case ClockName.CONFIRMATION | ClockName.ARCHIVE_AFTER:
            # Nobody has to ask for it: the time is over.
            d.record(ClockMet(clock_id=clock.id))
        case ClockName.CONSENT:
            lapse(d, about)
        case ClockName.FULFILMENT:
            d.record(RungReached(clock_id=clock.id, rung=Rung.URGE, next_rung=None, next_at=None))
            break_promise(d, about)
        case ClockName.MEDIATION if d.state.row(d.state.tracks[int(about[1:])].form).ends_at_limit:
            fail_one(d, d.state.tracks[int(about[1:])], FailureCause.LIMIT_RAN_OUT)
        case _:
            _reach(d, clock)


def _reach(d: Hearing, clock: MediationClock) -> None:
    """The next rung; after the last one the case's own clock goes on watching."""
    if clock.next_rung is None or clock.next_at is None:
        return
    next_rung, next_at = after(d.state, clock, clock.next_rung, clock.next_at)
    if next_rung is Rung.URGE_AGAIN:
        next_rung, next_at = None, None
    d.record(RungReached(clock_id=clock.id, rung=clock.next_rung, next_rung=next_rung, next_at=next_at))
    if clock.name is ClockName.SESSION and clock.next_rung is Rung.DUE_SOON and clock.about is not None:
        d.record(SessionReminded(session_no=clock.about))
