"""What should catch the eye about a case."""

from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import END_STATUSES, ClockName, Rung
from workflows.rules.reopening import CALLS_TO_THE_SUPERVISOR


def flags(state: CaseState) -> list[str]:
    """Their names, of those that are raised."""
    running = [clock for clock in state.clocks.values() if clock.is_open]
    over = state.is_archived or state.status in END_STATUSES
    raised = {
        "needs_operator": state.needs_operator,
        "withdrawal_asked": state.withdrawal_asked,
        "overdue": any(clock.breached_at for clock in running),
        "due_soon": any(clock.rung is Rung.DUE_SOON for clock in running),
        "suspended": state.suspension is not None,
        "extension_asked": bool(state.extension_requests),
        "send_back_asked": any(clock.name is ClockName.SEND_BACK for clock in running),
        "disputed": state.disputed is not None,
        "supervised": any(clock.name is ClockName.SUPERVISION for clock in running),
        "supervisor_called": not over and state.contacts >= CALLS_TO_THE_SUPERVISOR,
        "reopened": state.round > 1,
        "committed": any(clock.name is ClockName.COMMITMENT for clock in running),
        "provisional": is_provisional(state),
    }
    return [flag for flag, is_raised in raised.items() if is_raised]


def is_provisional(state: CaseState) -> bool:
    """Whether the due time of an open clock rests on a year whose calendar is not published yet."""
    # When a case leaves the archive's reach is nobody's due date.
    return any(c.is_open and c.provisional for c in state.clocks.values() if c.name is not ClockName.ARCHIVE_AFTER)
