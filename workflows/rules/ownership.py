"""Who owes the next step of a case: in every status somebody does, until it is archived."""

from workflows.contracts.policy import EVERY_OWNER
from workflows.contracts.state import CaseState, Owner
from workflows.contracts.vocabulary import CaseStatus, ClockName, Level, OwnerRole
from workflows.rules.clock_starts import running
from workflows.rules.send_backs import asked_on
from workflows.rules.whistles import deciding_level

_TALKED_OUT = frozenset({CaseStatus.IN_MEDIATION, CaseStatus.AGREED})
_AT_WORK = frozenset({CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS}) | _TALKED_OUT


def owner(state: CaseState) -> Owner | None:
    """The capacity that the policy names for the status, at its centre or unit; None only for an archived case.

    Where that is the lead unit: once it is done, the first co-unit that is still at it; while somebody waits for a
    decision of the centre, or no unit has its task, the dispatcher who has to decide. Who was asked for the whistle,
    has to name the host or to decide about an objection owes that first, at the level that decides; a merged report is
    the callback desk's once its matter is settled. Until 110 is called about a danger, the leader on duty has it.
    A mediation says itself who owes its next step: its host, or the side that promised something.
    """
    if running(state, ClockName.DANGER_CALL):
        return Owner(role=OwnerRole.LEADER, unit_id=state.centre)
    level = _asked_level(state)
    if level is not None:
        return Owner(role=OwnerRole.DISPATCHER, unit_id=state.centres.get(level, state.centre))
    if state.status is CaseStatus.MERGED and running(state, ClockName.CALLBACK):
        return Owner(role=OwnerRole.CALLBACK_DESK, unit_id=state.centre)
    status = CaseStatus.ACCEPTED if state.status in _AT_WORK and _waits_for_the_centre(state) else state.status
    talks = state.mediations.get(state.running_mediation or "")
    if status in _TALKED_OUT and talks is not None and talks.owner_role is not None and talks.owner_unit is not None:
        return Owner(role=talks.owner_role, unit_id=talks.owner_unit)
    role = (EVERY_OWNER | state.policy.owners).get(status)
    if role is OwnerRole.LEAD_UNIT:
        return _working_unit(state)
    return Owner(role=role, unit_id=state.centre) if role else None


def _asked_level(state: CaseState) -> Level | None:
    """The level that has to decide before the case goes its way; None if no other than its own."""
    objections = [state.clocks.get(task.objection_clock or "") for task in state.open_tasks]
    waiting = [clock for clock in objections if clock is not None and clock.is_open]
    if waiting:
        return max(state.level_above(waiting[0].level) or state.level, state.level, key=lambda level: level.rank)
    if state.status not in {CaseStatus.REGISTERED, CaseStatus.ACCEPTED}:
        return None
    return state.host_level or (deciding_level(state) if state.whistle_asked_by is not None else None)


def _waits_for_the_centre(state: CaseState) -> bool:
    sent_back = any(asked_on(state, task) is not None for task in state.open_tasks)
    asked = state.transfer_asked or state.withdrawal_asked or bool(state.extension_requests)
    leaderless = state.lead_task is None and bool(state.open_tasks)
    barred = any(task.unit.unit_id in state.concerned for task in state.open_tasks)
    return state.disputed is not None or sent_back or asked or leaderless or barred


def _working_unit(state: CaseState) -> Owner | None:
    lead = state.lead_task
    if lead is not None and lead.is_open:
        return Owner(role=OwnerRole.LEAD_UNIT, unit_id=lead.unit.unit_id)
    working = state.open_tasks
    return Owner(role=OwnerRole.CO_UNIT, unit_id=working[0].unit.unit_id) if working else None
