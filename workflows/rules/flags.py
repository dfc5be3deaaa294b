"""What should catch the eye about a case: read off its state, decided by nobody."""

from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import END_STATUSES, NO_DUE_DATES, ClockName, Flag, Rung, Solved
from workflows.rules.closing import wants_explanation
from workflows.rules.reopening import CALLS_TO_THE_SUPERVISOR


def flags(state: CaseState) -> list[Flag]:
    """Those that are raised."""
    running = [clock for clock in state.clocks.values() if clock.is_open]
    names = {clock.name for clock in running}
    over = state.is_archived or state.status in END_STATUSES
    dated = [clock for clock in running if clock.name not in NO_DUE_DATES]
    raised = {
        Flag.NEEDS_OPERATOR: state.needs_operator,
        Flag.WITHDRAWAL_ASKED: state.withdrawal_asked,
        Flag.OVERDUE: any(clock.breached_at for clock in running),
        Flag.DUE_SOON: any(clock.rung is Rung.DUE_SOON for clock in dated),
        Flag.SUSPENDED: state.suspension is not None,
        Flag.EXTENSION_ASKED: bool(state.extension_requests),
        Flag.SEND_BACK_ASKED: ClockName.SEND_BACK in names,
        Flag.DISPUTED: state.disputed is not None,
        Flag.SUPERVISED: ClockName.SUPERVISION in names,
        Flag.SUPERVISOR_CALLED: not over and state.contacts >= CALLS_TO_THE_SUPERVISOR,
        Flag.REOPENED: state.round > 1,
        Flag.COMMITTED: ClockName.COMMITMENT in names,
        Flag.WHISTLE_ASKED: not over and state.whistle_asked_by is not None,
        Flag.OBJECTED: ClockName.OBJECTION_DECISION in names,
        Flag.HOST_WANTED: not over and state.host_level is not None,
        Flag.TRANSFER_ASKED: not over and state.transfer_asked,
        Flag.DISSATISFIED: state.solved is Solved.NO,
        Flag.EXPLANATION_UNSIGNED: wants_explanation(state),
        Flag.GROUP: state.policy.group_threshold is not None and (state.headcount or 0) >= state.policy.group_threshold,
        Flag.PENDING_PROCEDURE: state.pending_procedure,
        Flag.COMMON_ISSUE: bool(state.gathered) or state.common_issue is not None,
        Flag.PROVISIONAL: any(clock.provisional for clock in dated),
        Flag.DANGER: not state.is_archived and state.danger is not None,
        Flag.LIMITATION_NEAR: any(c.rung is Rung.DUE_SOON for c in running if c.name is ClockName.LIMITATION),
    }
    return [flag for flag, is_raised in raised.items() if is_raised]
