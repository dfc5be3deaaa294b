"""Who owes the next step of a case: in every status somebody does, until it is archived."""

from workflows.contracts.policy import OWNERS
from workflows.contracts.state import CaseState, Owner
from workflows.contracts.vocabulary import CaseStatus, OwnerRole


def owner(state: CaseState) -> Owner | None:
    """The capacity that the policy names for the status, at its centre or unit; None only for an archived case.

    Where that is the lead unit: once it is done, the first co-unit that is still at it; while no unit has its task, or
    units dispute whose it is, the dispatcher, who has to find one.
    """
    waits_for_a_lead = state.disputed is not None or (state.lead_task is None and bool(state.open_tasks))
    role = (OWNERS | state.policy.owners).get(CaseStatus.ACCEPTED if waits_for_a_lead else state.status)
    if role is OwnerRole.LEAD_UNIT:
        return _working_unit(state)
    return Owner(role=role, unit_id=state.centre) if role else None


def _working_unit(state: CaseState) -> Owner | None:
    lead = state.lead_task
    if lead is not None and lead.is_open:
        return Owner(role=OwnerRole.LEAD_UNIT, unit_id=lead.unit.unit_id)
    working = state.open_tasks
    return Owner(role=OwnerRole.CO_UNIT, unit_id=working[0].unit.unit_id) if working else None
