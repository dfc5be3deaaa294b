"""Units sit together about a matter (会商); what the minutes decide becomes tasks with dates."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.effects import SignalType
from workflows.contracts.errors import RuleViolation
from workflows.contracts.link_events import Decided
from workflows.contracts.vocabulary import CaseStatus, ClockName, TaskRole
from workflows.rules.clocks import meet
from workflows.rules.decision import Decision
from workflows.rules.dispatch import give_task, require_dated, require_not_concerned
from workflows.rules.guards import require_status

_AT_WORK = (CaseStatus.ACCEPTED, CaseStatus.DISPATCHED, CaseStatus.IN_PROGRESS)


def consult(d: Decision, command: c.Consult) -> None:
    """The minutes are on record; a unit they name gets a task, or finds it beside the one it has.

    Raises:
        RuleViolation: `case_not_at_work`, `unit_twice`, `unit_cannot_be_dated`, `unit_concerned`.
    """
    require_status(d, *_AT_WORK, code="case_not_at_work")
    units = [decision.unit for decision in command.decisions]
    if len({unit.unit_id for unit in units}) < len(units):
        raise RuleViolation("unit_twice", "what one unit does is one decision")
    for unit in units:
        require_dated(unit)
        require_not_concerned(d, unit)
    decisions = tuple(Decided(unit_id=one.unit.unit_id, what=one.what) for one in command.decisions)
    d.record(e.Consulted(minutes=command.minutes, decisions=decisions))
    if units:
        if d.state.whistle_asked_by is not None:
            d.record(e.WhistleRequestDecided(granted=True))
            meet(d, ClockName.WHISTLE_REQUEST)
        meet(d, ClockName.DISPATCH)
    at_work = {task.unit.unit_id: task for task in d.state.open_tasks}
    for unit in units:
        if unit.unit_id in at_work:
            d.signal(at_work[unit.unit_id], SignalType.CHANGED)
        else:
            role = TaskRole.CO if d.state.lead_task is not None else TaskRole.LEAD
            give_task(d, unit, role, d.state.policy.default_task_preset)
