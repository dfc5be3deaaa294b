"""Who owes the next step of a case: in every status somebody does, until it is archived."""

from typing import assert_never

from workflows.contracts.state import CaseState, Owner
from workflows.contracts.vocabulary import CaseStatus, OwnerRole


def owner(state: CaseState) -> Owner | None:
    """The capacity and the centre or unit that owes the next step; None only for an archived case.

    While units work the lead unit owes it; once the lead is done, the first co-unit that is still at it.
    """
    match state.status:
        case CaseStatus.REGISTERED | CaseStatus.ACCEPTED:
            return Owner(role=OwnerRole.DISPATCHER, unit_id=state.centre)
        case CaseStatus.DISPATCHED | CaseStatus.IN_PROGRESS:
            return _working_unit(state)
        case CaseStatus.FINISHED:
            return Owner(role=OwnerRole.VERIFIER, unit_id=state.centre)
        case CaseStatus.VERIFIED:
            return Owner(role=OwnerRole.CALLBACK_DESK, unit_id=state.centre)
        case CaseStatus.CLOSED | CaseStatus.DECLINED | CaseStatus.WITHDRAWN:
            return Owner(role=OwnerRole.LEADER, unit_id=state.centre)
        case CaseStatus.ARCHIVED:
            return None
        case _:
            assert_never(state.status)


def _working_unit(state: CaseState) -> Owner | None:
    lead = state.lead_task
    if lead is not None and lead.is_open:
        return Owner(role=OwnerRole.LEAD_UNIT, unit_id=lead.unit.unit_id)
    working = state.open_tasks
    return Owner(role=OwnerRole.CO_UNIT, unit_id=working[0].unit.unit_id) if working else None
