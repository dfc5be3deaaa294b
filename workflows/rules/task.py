"""What a unit may do with its part of a whistle."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.effects import SignalType
from workflows.contracts.errors import RuleViolation
from workflows.contracts.state import TaskState
from workflows.contracts.vocabulary import ClockName, TaskRole, TaskStatus
from workflows.rules.clocks import meet_task_steps
from workflows.rules.decision import Decision
from workflows.rules.dispatch import give_task, require_dated, require_not_at_work, require_not_concerned, take_task
from workflows.rules.finishing import finish_case_if_done
from workflows.rules.guards import open_task
from workflows.rules.send_backs import forget_send_back
from workflows.rules.suspensions import end_suspension
from workflows.rules.whistles import require_power_holder


def sign(d: Decision, command: c.Sign) -> None:
    """The unit has seen the task.

    Raises:
        RuleViolation: `unknown_task`, `task_not_open`, `already_signed`.
    """
    task = open_task(d, command.task_no)
    if task.status is not TaskStatus.DISPATCHED:
        raise RuleViolation("already_signed", "the task is signed")
    d.record(e.TaskSigned(task_no=task.task_no))
    meet_task_steps(d, task.task_no, ClockName.SIGN)


def contact(d: Decision, command: c.Contact) -> None:
    """The unit has spoken with the requester; every time counts, the first meets the clock.

    Raises:
        RuleViolation: `unknown_task`, `task_not_open`.
    """
    task = open_task(d, command.task_no)
    d.record(e.TaskContacted(task_no=task.task_no, note=command.note))
    meet_task_steps(d, task.task_no, ClockName.CONTACT)


def report_in(d: Decision, command: c.ReportIn) -> None:
    """The unit takes over. A late report-in is accepted and stays late.

    Raises:
        RuleViolation: `unknown_task`, `task_not_open`, `already_reported_in`.
    """
    task = open_task(d, command.task_no)
    if task.status is TaskStatus.REPORTED_IN:
        raise RuleViolation("already_reported_in", "the unit has reported in")
    d.record(e.TaskReportedIn(task_no=task.task_no, people=command.people))
    meet_task_steps(d, task.task_no, ClockName.REPORT_IN)


def progress(d: Decision, command: c.Progress) -> None:
    """A note on how the work goes; meets no clock.

    Raises:
        RuleViolation: `unknown_task`, `task_not_open`.
    """
    task = open_task(d, command.task_no)
    d.record(e.TaskProgressed(task_no=task.task_no, note=command.note))


def finish(d: Decision, command: c.Finish) -> None:
    """The unit's part is done. The case is finished once the lead and every co-unit are.

    Raises:
        RuleViolation: `unknown_task`, `task_not_open`, `evidence_required`.
    """
    task = open_task(d, command.task_no)
    if d.state.policy.evidence_required and not command.evidence:
        raise RuleViolation("evidence_required", "this policy asks for evidence with the result")
    last_of_all = d.state.open_tasks == [task] and not d.state.is_talked_out
    if last_of_all and d.state.lead_task is not None:
        # Before its clock is met, so that the pause is no longer than it was.
        end_suspension(d)
    forget_send_back(d, task)
    d.record(
        e.TaskFinished(
            task_no=task.task_no, reply=command.reply, internal_note=command.internal_note, evidence=command.evidence
        )
    )
    meet_task_steps(d, task.task_no, ClockName.FINISH)
    d.lapse_notices(task_no=task.task_no)
    _tell_the_lead(d, task)
    finish_case_if_done(d)


def _tell_the_lead(d: Decision, done: TaskState) -> None:
    """A co-unit reports to the lead unit, which says when the case is finished."""
    lead = d.state.lead_task
    if d.state.rules_version >= 3 and done.role is TaskRole.CO and lead is not None and lead.is_open:
        d.signal(lead, SignalType.CHANGED)


def release(d: Decision, command: c.Release) -> None:
    """The dispatcher releases a co-unit whose part is not needed any more.

    Raises:
        RuleViolation: `unknown_task`, `task_not_open`, `lead_cannot_be_released`, `power_holder_missing`.
    """
    task = open_task(d, command.task_no)
    if task.role is TaskRole.LEAD:
        raise RuleViolation("lead_cannot_be_released", "a case has a lead unit while units work on it")
    staying = [one.unit for one in d.state.tasks.values() if one.task_no != task.task_no]
    require_power_holder(d, d.state.power_holder, staying)
    forget_send_back(d, task)
    take_task(d, task, e.TaskCancelled(task_no=task.task_no, reason=command.reason))
    finish_case_if_done(d)


def reassign(d: Decision, command: c.Reassign) -> None:
    """The centre gives the task to another unit, in the same role, with clocks of its own.

    Raises:
        RuleViolation: `unknown_task`, `task_not_open`, `dispute_open`, `designation_stands`, `unit_cannot_be_dated`,
            `unit_twice`, `unit_concerned`, `power_holder_missing`.
    """
    task = open_task(d, command.task_no)
    if d.state.disputed == task.task_no:
        raise RuleViolation("dispute_open", "units dispute about this task: designate one")
    if task.designated:
        raise RuleViolation("designation_stands", "whose it is was decided in a dispute")
    require_dated(command.unit)
    require_not_at_work(d, command.unit)
    require_not_concerned(d, command.unit)
    staying = [one.unit for one in d.state.open_tasks if one.task_no != task.task_no]
    require_power_holder(d, command.power_holder, [command.unit, *staying])
    forget_send_back(d, task)
    reassigned = e.TaskReassigned(task_no=task.task_no, to_unit=command.unit.unit_id, reason=command.reason)
    take_task(d, task, reassigned)
    give_task(d, command.unit, task.role, task.preset)
