"""Units sit together about a matter (会商); what the minutes decide becomes tasks with dates."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.effects import SignalType
from workflows.contracts.errors import RuleViolation
from workflows.contracts.link_events import Decided
from workflows.contracts.vocabulary import CaseStatus, ClockName, TaskRole
from workflows.rules.clock_starts import running
from workflows.rules.clocks import meet
from workflows.rules.decision import Decision
from workflows.rules.dispatch import give_task, require_dated, require_not_concerned
from workflows.rules.guards import require_open, require_status
from workflows.rules.whistles import grant_what_was_asked, require_power_holder

_AT_WORK = (
    CaseStatus.ACCEPTED,
    CaseStatus.DISPATCHED,
    CaseStatus.IN_PROGRESS,
    CaseStatus.IN_MEDIATION,
    CaseStatus.AGREED,
)


def consult(d: Decision, command: c.Consult) -> None:
    """The minutes are on record; a unit they name gets a task, or finds it beside the one it has.

    A red case is talked about in every status before its end.

    Raises:
        RuleViolation: `case_ended`, `case_not_at_work`, `unit_twice`, `unit_cannot_be_dated`, `unit_concerned`,
            `power_holder_missing`.
    """
    if command.decisions or not running(d.state, ClockName.CONSULTATION):
        require_status(d, *_AT_WORK, code="case_not_at_work")
    require_open(d)
    units = [decision.unit for decision in command.decisions]
    if len({unit.unit_id for unit in units}) < len(units):
        raise RuleViolation("unit_twice", "what one unit does is one decision")
    for unit in units:
        require_dated(unit)
        require_not_concerned(d, unit)
    if units:
        at_work = [task.unit for task in d.state.open_tasks]
        require_power_holder(d, command.power_holder or d.state.power_holder, [*units, *at_work])
    decisions = tuple(Decided(unit_id=one.unit.unit_id, what=one.what) for one in command.decisions)
    d.record(e.Consulted(minutes=command.minutes, decisions=decisions))
    meet(d, ClockName.CONSULTATION)
    if units:
        grant_what_was_asked(d)
        meet(d, ClockName.DISPATCH)
    tasks = {task.unit.unit_id: task for task in d.state.open_tasks}
    for unit in units:
        if unit.unit_id in tasks:
            d.signal(tasks[unit.unit_id], SignalType.CHANGED)
        else:
            role = TaskRole.CO if d.state.lead_task is not None else TaskRole.LEAD
            give_task(d, unit, role, d.state.policy.default_task_preset)
