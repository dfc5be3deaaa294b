"""A unit is merged into another or renamed while it has a part in a case."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.effects import SignalType
from workflows.contracts.errors import RuleViolation
from workflows.rules.decision import Decision


def succeed_unit(d: Decision, command: c.SucceedUnit) -> None:
    """What the old unit had at work here is the new one's, with the same numbers and the same clocks.

    Raises:
        RuleViolation: `no_task_of_unit`.
    """
    tasks = [task for task in d.state.open_tasks if task.unit.unit_id == command.old]
    asked = {referral.unit.unit_id for referral in d.state.referrals.values() if not referral.ended}
    if not tasks and command.old not in {*d.state.centres.values(), *d.state.concerned, *asked}:
        raise RuleViolation("no_task_of_unit", "the unit has no part in this case")
    for task in tasks:
        d.signal(task, SignalType.CANCELLED)
    task_nos = tuple(task.task_no for task in tasks)
    d.record(e.UnitSucceeded(old=command.old, new=command.new, task_nos=task_nos))
    for number in task_nos:
        d.signal(d.state.tasks[number], SignalType.DISPATCHED)
