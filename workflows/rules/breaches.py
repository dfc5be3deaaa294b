"""A breach that a step received in time undoes."""

from workflows.contracts import events as e
from workflows.contracts.clocks import Clock
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import ClockName, Level, Rung
from workflows.rules.clock_starts import running, start_case_clock
from workflows.rules.decision import Decision


def withdraw_breach_if_in_time(d: Decision, clock: Clock) -> None:
    """The step counts at a time before the due time: the breach does not stand."""
    if d.at <= clock.due_at:
        withdraw_breach(d, clock)


def withdraw_breach(d: Decision, clock: Clock) -> None:
    """The breach, if there is one, does not stand, nor does what followed from it: a notice that waits is not sent."""
    if clock.breached_at is None:
        return
    level = _level_without(d.state, clock)
    d.record(e.BreachWithdrawn(clock_id=clock.id, level=level))
    d.lapse_notices(clock_id=clock.id)
    if level is not None:
        for level_clock in running(d.state, ClockName.LEVEL):
            d.record(e.ClockStopped(clock_id=level_clock.id))
        if level is not d.state.origin_level:
            # That level's own clock ended when the case left it.
            start_case_clock(d, ClockName.LEVEL, event="escalated")


def _level_without(state: CaseState, breached: Clock) -> Level | None:
    """The level that the case goes back to if that breach does not count; None if it stays where it is.

    It stays if a person raised it, or if the breach of another clock would have raised it as well.
    """
    by = state.clocks.get(state.escalated_by or "")
    if by is None or by.level is not breached.level or breached.rung is not Rung.ESCALATE:
        return None
    if breached.level not in state.centres:
        # Another region hosts the matter now, and has no centre there.
        return None
    others = [clock for clock in state.clocks.values() if clock.name is not ClockName.LEVEL and clock.id != breached.id]
    raised = [clock for clock in others if breached.level.rank <= clock.level.rank < state.level.rank]
    return None if any(clock.rung is Rung.ESCALATE for clock in raised) else breached.level
