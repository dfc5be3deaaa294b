"""Meeting, stopping and moving clocks, and what the requester is told of their dates."""

from collections.abc import Sequence

from workflows.contracts import events as e
from workflows.contracts.clocks import Clock, Pause
from workflows.contracts.ids import TextId
from workflows.contracts.state import CaseState, ExtensionRequest
from workflows.contracts.vocabulary import OUTLIVE_THE_CASE, TASK_CLOCKS, ClockName, MoveCause, News, Rung
from workflows.rules.breaches import withdraw_breach_if_in_time
from workflows.rules.clock_starts import ENDS_BY_ITSELF, running
from workflows.rules.decision import Decision
from workflows.rules.limits import due
from workflows.rules.rungs import Armed, after, at_due, before_due, calendar_of

_RECKONING = (
    "limit",
    "source",
    "started_at",
    "due_at",
    "due_date",
    "raw_due_date",
    "provisional",
    "extended_by",
    "pauses",
)
"""What a due time rests on, and what it comes to."""


def meet(d: Decision, name: ClockName, *, task_no: str | None = None) -> None:
    """What the clock was for has happened at the decision's time; a breach that this time undoes is withdrawn."""
    for clock in running(d.state, name, task_no):
        meet_clock(d, clock)


def meet_clock(d: Decision, clock: Clock) -> None:
    """As `meet`, for this clock alone."""
    withdraw_breach_if_in_time(d, clock)
    _let_go(d, clock)
    d.record(e.ClockMet(clock_id=clock.id))


def meet_task_steps(d: Decision, task_no: str, through: ClockName) -> None:
    """A step meets its own clock and those of the steps before it."""
    for name in TASK_CLOCKS[: TASK_CLOCKS.index(through) + 1]:
        meet(d, name, task_no=task_no)


def stop(d: Decision, *, task_no: str | None = None) -> None:
    """Stops every open clock of the task, or of the whole case but for those that outlive it.

    A breach that this time undoes is withdrawn.
    """
    for clock in _of_task_or_case(d.state, task_no):
        withdraw_breach_if_in_time(d, clock)
    for clock in _of_task_or_case(d.state, task_no):
        if d.state.clocks[clock.id].is_open:
            _let_go(d, clock)
            d.record(e.ClockStopped(clock_id=clock.id))


def stop_clocks(d: Decision, name: ClockName) -> None:
    """The open clocks of the case with that name have lost their object."""
    for clock in running(d.state, name):
        withdraw_breach_if_in_time(d, clock)
        _let_go(d, clock)
        d.record(e.ClockStopped(clock_id=clock.id))


def _let_go(d: Decision, clock: Clock) -> None:
    """A clock will be over: nobody has to decide on more time for it, and no notice about it is sent any more."""
    decision = next((request.decision_clock for request in requests_for(d.state, clock)), None)
    if decision is not None and d.state.clocks[decision].is_open:
        d.record(e.ClockStopped(clock_id=decision))
    d.lapse_notices(clock_id=clock.id)


def resume_what_was_promised(d: Decision) -> None:
    """What had met the citizen's clock, or a commitment, does not stand: it runs on, with its old due time.

    An interim reply stands whatever becomes of the work, and so does what was kept before the case was reopened.
    """
    if not d.state.interim_replied:
        resume_met(d, ClockName.CITIZEN)
    resume_met(d, ClockName.COMMITMENT)


def resume_met(d: Decision, name: ClockName, *, task_no: str | None = None) -> None:
    """The latest clock of that name that was met in this round was not: it runs on, with its old due time."""
    clocks = [clock for clock in d.state.clocks.values() if clock.name is name and clock.task_no == task_no]
    met = [clock for clock in clocks if clock.met_at is not None and _of_this_round(d.state, clock)]
    for clock in met[-1:]:
        resume(d, clock)
        pauses = _as_long_as_they_were(d.state, clock)
        if pauses != clock.pauses:
            move(d, d.state.clocks[clock.id], MoveCause.PAUSE, pauses=pauses)


def _of_this_round(state: CaseState, clock: Clock) -> bool:
    # The requester's may have begun before this case did, with the date of a report that was merged into it.
    return clock.round == state.round if clock.name is ClockName.CITIZEN else clock.started_at >= state.round_began


def resume(d: Decision, clock: Clock) -> None:
    """What had met or stopped the clock does not stand: it runs on, with its old due time."""
    armed = before_due(d.state, clock) if clock.rung is None else after(d.state, clock, clock.rung, d.at)
    d.record(e.ClockResumed(clock_id=clock.id, next_rung=armed[0], next_at=armed[1]))


def move_as(d: Decision, clock: Clock, other: Clock, cause: MoveCause) -> None:
    """From here on the clock is reckoned as another one, whose date comes first."""
    taken = {name: getattr(other, name) for name in _RECKONING}
    moved = clock.model_copy(update={**taken, "rung": None})
    next_rung, next_at = before_due(d.state, moved)
    was = clock.due_at
    d.record(
        e.ClockMoved(clock_id=clock.id, cause=cause, was_due_at=was, next_rung=next_rung, next_at=next_at, **taken)
    )


def _as_long_as_they_were(state: CaseState, clock: Clock) -> tuple[Pause, ...]:
    """The clock's pauses, the last of them cut short if the suspension was ended while the clock was met."""
    if not clock.pauses:
        return ()
    *before, latest = clock.pauses
    within = next(entry for entry in reversed(state.suspensions) if entry.since <= latest.since)
    ended = max(latest.since, within.resumed_at or within.until)
    return (*before, latest.model_copy(update={"until": min(latest.until or ended, ended)}))


def move(
    d: Decision,
    clock: Clock,
    cause: MoveCause,
    *,
    extended_by: int | None = None,
    pauses: Sequence[Pause] | None = None,
) -> bool:
    """Works a clock's due time out again; whether what people go by, its time or how sure it is, has changed.

    What it was warned of stays, but more time has a warning of its own. A clock that ran out does not un-run: only its
    next rung may move. No calendar makes a clock run out that had time left, for nobody could have known.
    """
    extended_by = clock.extended_by if extended_by is None else extended_by
    pauses = clock.pauses if pauses is None else tuple(pauses)
    if clock.breached_at is None:
        ends = due(clock.limit, clock.started_at, calendar_of(d.state, clock.task_no), pauses, extended_by)
        if cause is MoveCause.CALENDAR and ends.due_at <= d.now:
            return False
        moved = clock.model_copy(update={**dict(ends), "extended_by": extended_by, "pauses": pauses})
        next_rung, next_at = _rung_before_due(d, moved, cause)
    else:
        still_estimated = clock.provisional and calendar_of(d.state, clock.task_no).is_provisional(clock.due_date)
        moved = clock.model_copy(update={"provisional": still_estimated})
        next_rung, next_at = _rung_after_breach(d, clock)
    moved = moved.model_copy(update={"next_rung": next_rung, "next_at": next_at})
    if moved == clock:
        return False
    d.record(
        e.ClockMoved(
            clock_id=clock.id,
            cause=cause,
            was_due_at=clock.due_at,
            due_at=moved.due_at,
            due_date=moved.due_date,
            raw_due_date=moved.raw_due_date,
            provisional=moved.provisional,
            extended_by=moved.extended_by,
            pauses=moved.pauses,
            next_rung=next_rung,
            next_at=next_at,
        )
    )
    return clock.breached_at is None and (moved.due_at, moved.provisional) != (clock.due_at, clock.provisional)


def _rung_before_due(d: Decision, moved: Clock, cause: MoveCause) -> Armed:
    """What a clock that has not run out waits for once it has moved."""
    if moved.name in ENDS_BY_ITSELF:
        return None, moved.due_at
    if cause is MoveCause.CALENDAR and moved.rung is not None:
        return at_due(moved)
    warning, at = before_due(d.state, moved.model_copy(update={"rung": None}))
    if at is not None and at > d.at:
        return warning, at
    # A warning that would have been due before the move is due with it; one that was given is not given again.
    return (warning, min(d.at, moved.due_at)) if moved.rung is None else at_due(moved)


def _rung_after_breach(d: Decision, clock: Clock) -> Armed:
    """What a clock that ran out waits for on the present calendar; as it was armed where that has gone by."""
    if clock.rung in {Rung.URGE, Rung.SUPERVISE}:
        rung, at = after(d.state, clock, clock.rung, d.at)
        if at is not None and at > d.now:
            return rung, at
    return clock.next_rung, clock.next_at


def requests_for(state: CaseState, clock: Clock) -> list[ExtensionRequest]:
    """The undecided requests for more time on that clock: one at most."""
    return [request for request in state.extension_requests.values() if request.clock_id == clock.id]


def requesters_own(state: CaseState) -> Clock | None:
    """The clock whose date the requester goes by: her own, after an interim reply the one that the law set."""
    own = running(state, ClockName.CITIZEN)
    if not own and state.interim_replied and state.lead_task is not None:
        own = running(state, ClockName.FINISH, state.lead_task.task_no)
    return own[-1] if own else None


def tell(d: Decision, about: News, *, clock: Clock | None = None, text: TextId | None = None) -> None:
    """The requester is told of a date: the clock's, by default that of her own; without one there is none to tell."""
    of = clock or requesters_own(d.state)
    if of is not None:
        d.record(e.RequesterTold(about=about, due_date=of.due_date, provisional=of.provisional, text=text))


def _of_task_or_case(state: CaseState, task_no: str | None) -> list[Clock]:
    running = [clock for clock in state.clocks.values() if clock.is_open and clock.name not in OUTLIVE_THE_CASE]
    return [clock for clock in running if task_no in {None, clock.task_no}]
