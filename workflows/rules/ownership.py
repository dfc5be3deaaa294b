"""Who owes the next step of a case: in every status somebody does, until it is archived."""

from workflows.contracts.policy import EVERY_OWNER
from workflows.contracts.state import CaseState, Owner
from workflows.contracts.vocabulary import CaseStatus, ClockName, OwnerRole
from workflows.rules.clock_starts import running
from workflows.rules.whistles import deciding_level


def owner(state: CaseState) -> Owner | None:
    """The capacity that the policy names for the status, at its centre or unit; None only for an archived case.

    Where that is the lead unit: once it is done, the first co-unit that is still at it; while no unit has its task, its
    send-back waits for a decision, or units dispute whose it is, the dispatcher, who has to decide. Who was asked for
    the whistle, or has to name the host, owes that first; a merged report is the callback desk's once its matter is
    settled.
    """
    asked_level = state.host_level or (deciding_level(state) if state.whistle_asked_by is not None else None)
    if asked_level is not None and state.status in {CaseStatus.REGISTERED, CaseStatus.ACCEPTED}:
        return Owner(role=OwnerRole.DISPATCHER, unit_id=state.centres.get(asked_level, state.centre))
    if state.status is CaseStatus.MERGED and running(state, ClockName.CALLBACK):
        return Owner(role=OwnerRole.CALLBACK_DESK, unit_id=state.centre)
    status = CaseStatus.ACCEPTED if _waits_for_a_lead(state) else state.status
    role = (EVERY_OWNER | state.policy.owners).get(status)
    if role is OwnerRole.LEAD_UNIT:
        return _working_unit(state)
    return Owner(role=role, unit_id=state.centre) if role else None


def _waits_for_a_lead(state: CaseState) -> bool:
    lead = state.lead_task
    asked = lead is not None and running(state, ClockName.SEND_BACK) and lead.send_back_clock is not None
    return state.disputed is not None or bool(asked) or (lead is None and bool(state.open_tasks))


def _working_unit(state: CaseState) -> Owner | None:
    lead = state.lead_task
    if lead is not None and lead.is_open:
        return Owner(role=OwnerRole.LEAD_UNIT, unit_id=lead.unit.unit_id)
    working = state.open_tasks
    return Owner(role=OwnerRole.CO_UNIT, unit_id=working[0].unit.unit_id) if working else None
