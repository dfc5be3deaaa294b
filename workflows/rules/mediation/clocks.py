"""The clocks of a mediation: started, met, stopped and moved. The same arithmetic as a case's."""

from collections.abc import Sequence
from datetime import datetime

from workflows.contracts.clocks import Limit, Pause
from workflows.contracts.errors import RuleViolation
from workflows.contracts.mediation.clocks import MediationClock
from workflows.contracts.mediation.events import MediationClockStarted
from workflows.contracts.mediation.state import Item, MediationState, Session, Track
from workflows.contracts.policy import ClockPolicy
from workflows.contracts.time_events import BreachWithdrawn, ClockMet, ClockMoved, ClockStopped
from workflows.contracts.vocabulary import ClockName, LimitUnit, MoveCause, Rung
from workflows.rules.calendar import compile_calendar, local_date
from workflows.rules.limits import due
from workflows.rules.mediation.decision import Hearing
from workflows.rules.rungs import before_due


def start(d: Hearing, name: ClockName, *, event: str, about: str | None = None) -> None:
    """Starts the clock of a step, with the policy's limit."""
    _start(d, name, d.state.policy.limits[name], event=event, about=about)


def start_limit(d: Hearing, track: Track, *, event: str) -> None:
    """Starts the limit of the track's channel; a form without one is looked at after the policy's."""
    row = d.state.row(track.form)
    usual = d.state.policy.limits[ClockName.MEDIATION]
    policy = ClockPolicy(limit=row.limit, source=row.sources.get("limit", "")) if row.limit else usual
    _start(d, ClockName.MEDIATION, policy, event=event, about=track.tag)


def start_second_session(d: Hearing, track: Track) -> None:
    """A further session has to follow within the limit that the channel's row sets, if it sets one."""
    row = d.state.row(track.form)
    if row.second_session_within is not None:
        policy = ClockPolicy(limit=row.second_session_within, source=row.sources.get("second_session_within", ""))
        _start(d, ClockName.SECOND_SESSION, policy, event="session", about=track.tag)


def start_promise(d: Hearing, item: Item, *, event: str) -> None:
    """Starts the clock of a promise, through the day that was named, before rolling.

    What was due before everybody had signed is due the day after.
    """
    if item.due is None or d.state.agreement is None:
        return
    limit = Limit(amount=max(1, (item.due - local_date(d.at)).days), unit=LimitUnit.CALENDAR_DAYS)
    source = d.state.row(d.state.tracks[d.state.agreement.track].form).sources.get("effect", "")
    _start(d, ClockName.FULFILMENT, ClockPolicy(limit=limit, source=source), event=event, about=item.item_no)


def start_session(d: Hearing, session: Session) -> None:
    """It is called to mind before it begins, and its record is due some time after it ended."""
    policy = d.state.policy.limits[ClockName.SESSION]
    calendar = compile_calendar(d.state.calendar)
    notice = due(d.state.policy.reminder, d.at, calendar).due_at - d.at
    clock = MediationClock(
        name=ClockName.SESSION,
        about=session.session_no,
        limit=policy.limit,
        started_from="session",
        source=policy.source,
        level=d.state.level,
        started_at=session.ends_at,
        **due(policy.limit, session.ends_at, calendar).model_dump(),
    )
    # One that is set at short notice is called to mind at once.
    armed = {"next_rung": Rung.DUE_SOON, "next_at": max(session.starts_at - notice, d.at)}
    d.record(MediationClockStarted(clock=clock.model_copy(update=armed)))


def _start(d: Hearing, name: ClockName, policy: ClockPolicy, *, event: str, about: str | None) -> None:
    ends = due(policy.limit, d.at, compile_calendar(d.state.calendar))
    rounds = [clock.round for clock in d.state.clocks.values() if (clock.name, clock.about) == (name, about)]
    clock = MediationClock(
        name=name,
        round=max(rounds, default=0) + 1,
        about=about,
        limit=policy.limit,
        started_from=event,
        source=policy.source,
        level=d.state.level,
        started_at=d.at,
        **ends.model_dump(),
    )
    # Nobody owes anything by the archive's clock, so nobody is warned.
    armed = (Rung.URGE, clock.due_at) if name is ClockName.ARCHIVE_AFTER else before_due(d.state, clock)
    update = {"next_rung": armed[0], "next_at": armed[1]}
    d.record(MediationClockStarted(clock=clock.model_copy(update=update)))


def running(state: MediationState, name: ClockName, about: str | None = None) -> list[MediationClock]:
    """The open clocks of that name, for that track, party, session or promise."""
    return [clock for clock in state.clocks.values() if (clock.name, clock.about) == (name, about) and clock.is_open]


def meet(d: Hearing, name: ClockName, about: str | None = None) -> None:
    """What the clock was for has happened; a breach that this time undoes is withdrawn."""
    for clock in running(d.state, name, about):
        if clock.breached_at is not None and d.at <= clock.due_at:
            d.record(BreachWithdrawn(clock_id=clock.id))
        d.record(ClockMet(clock_id=clock.id))


def stop(d: Hearing, name: ClockName, about: str | None = None) -> None:
    """The clock has lost its object."""
    for clock in running(d.state, name, about):
        d.record(ClockStopped(clock_id=clock.id))


def stop_all(d: Hearing, *, about: str | None = None) -> None:
    """Every open clock stops, or those that are about this track, its parties included."""
    for clock in list(d.state.clocks.values()):
        of_it = about is None or clock.about == about or (clock.about or "").startswith(f"{about}P")
        if clock.is_open and of_it:
            d.record(ClockStopped(clock_id=clock.id))


def limit_of(d: Hearing, track: Track) -> MediationClock:
    """The running limit of the track's channel.

    Raises:
        RuleViolation: `limit_not_running`.
    """
    found = running(d.state, ClockName.MEDIATION, track.tag)
    if not found:
        raise RuleViolation("limit_not_running", "the limit of this channel is not running")
    return found[0]


def move(
    d: Hearing,
    clock: MediationClock,
    cause: MoveCause,
    *,
    extended_by: int | None = None,
    pauses: Sequence[Pause] | None = None,
) -> None:
    """Works the due time out again; a clock that ran out does not un-run, no calendar makes one run out."""
    extended_by = clock.extended_by if extended_by is None else extended_by
    pauses = clock.pauses if pauses is None else tuple(pauses)
    ends = due(clock.limit, clock.started_at, compile_calendar(d.state.calendar), pauses, extended_by)
    if cause is MoveCause.CALENDAR and (clock.breached_at is not None or ends.due_at <= d.now):
        return
    update = {**ends.model_dump(), "extended_by": extended_by, "pauses": pauses}
    moved = clock.model_copy(update={**update, "rung": None})
    if moved == clock.model_copy(update={"rung": None}):
        return
    next_rung, next_at = _rearmed(d.state, moved, d.at)
    d.record(
        ClockMoved(
            clock_id=clock.id,
            cause=cause,
            was_due_at=clock.due_at,
            next_rung=next_rung,
            next_at=next_at,
            **update,
        )
    )


def _rearmed(state: MediationState, moved: MediationClock, at: datetime) -> tuple[Rung | None, datetime | None]:
    rung, warning = before_due(state, moved)
    return (rung, warning) if warning is not None and warning > at else (Rung.URGE, moved.due_at)
