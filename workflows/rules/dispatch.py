"""Giving a task to a unit: by the whistle, or in the place of another unit."""

from workflows.contracts import events as e
from workflows.contracts.commands import UnitRef
from workflows.contracts.effects import SignalType
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import task_no
from workflows.contracts.state import TaskState
from workflows.contracts.vocabulary import DATED_UNIT_KINDS, TaskRole
from workflows.rules.clock_starts import start_task_clocks
from workflows.rules.clocks import stop
from workflows.rules.decision import Decision


def require_dated(unit: UnitRef) -> None:
    """The unit can be given dates.

    Raises:
        RuleViolation: `unit_cannot_be_dated`.
    """
    if unit.kind not in DATED_UNIT_KINDS:
        raise RuleViolation("unit_cannot_be_dated", f"a {unit.kind} unit is asked or referred to, not whistled")


def require_not_at_work(d: Decision, unit: UnitRef) -> None:
    """The unit has no open task of this case.

    Raises:
        RuleViolation: `unit_twice`.
    """
    if unit.unit_id in {task.unit.unit_id for task in d.state.open_tasks}:
        raise RuleViolation("unit_twice", "a unit has one part in a case at a time")


def require_not_concerned(d: Decision, unit: UnitRef) -> None:
    """The matter is not about the unit: whoever is complained about does not handle the complaint (信访工作条例 30).

    Raises:
        RuleViolation: `unit_concerned`.
    """
    if unit.unit_id in d.state.concerned:
        raise RuleViolation("unit_concerned", "the matter is about that unit")


def give_task(d: Decision, unit: UnitRef, role: TaskRole, preset: str) -> TaskState:
    """A task of its own with clocks of its own, and the signal to the unit."""
    number = task_no(d.state.case_no, len(d.state.tasks) + 1)
    d.record(e.TaskDispatched(task_no=number, unit=unit, role=role, preset=preset))
    start_task_clocks(d, number)
    d.signal(d.state.tasks[number], SignalType.DISPATCHED)
    return d.state.tasks[number]


def take_task(d: Decision, task: TaskState, event: e.TaskSentBack | e.TaskReassigned | e.TaskCancelled) -> None:
    """The unit is rid of the task: its clocks stop, and it is told."""
    d.record(event)
    stop(d, task_no=task.task_no)
    d.lapse_notices(task_no=task.task_no)
    d.signal(task, SignalType.CANCELLED)
