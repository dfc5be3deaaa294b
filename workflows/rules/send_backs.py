"""A unit says that a task is not its business (退单), and what follows: a decision, a dispute, a designation.

Sources: 潍坊 22 and 24, 北京 17 for disputes and designation; the window is the policy's, preset by preset. The
requester's own clock runs on through all of it.
"""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.clocks import Clock
from workflows.contracts.command import UnitRef
from workflows.contracts.effects import SignalType
from workflows.contracts.errors import RuleViolation
from workflows.contracts.state import CaseState, TaskState
from workflows.contracts.vocabulary import ClockName, TaskRole, UnitKind
from workflows.rules.breaches import withdraw_breach_if_in_time
from workflows.rules.clock_starts import case_limit, id_of_next, running, start_case_clock
from workflows.rules.clocks import meet, meet_clock
from workflows.rules.decision import Decision
from workflows.rules.dispatch import give_task, require_dated, require_not_at_work, require_not_concerned, take_task
from workflows.rules.finishing import finish_case_if_done
from workflows.rules.guards import open_task
from workflows.rules.limits import due
from workflows.rules.rungs import calendar_of


def send_back(d: Decision, command: c.SendBack) -> None:
    """The unit asks to be rid of the task, within the window of its preset, and names the unit whose it is.

    The first time the centre decides; the second time for a case, whoever asks, is a dispatch dispute by itself.

    Raises:
        RuleViolation: `unknown_task`, `task_not_open`, `designated_unit`, `send_back_already_asked`, `dispute_open`,
            `send_back_not_allowed`, `send_back_window_over`, `suggests_itself`.
    """
    task = open_task(d, command.task_no)
    if task.designated:
        raise RuleViolation("designated_unit", "a designated unit may object, but not send the task back")
    if asked_on(d.state, task) is not None:
        raise RuleViolation("send_back_already_asked", "the centre is deciding about it already")
    if d.state.disputed is not None:
        raise RuleViolation("dispute_open", "the centre is about to designate a unit")
    if command.suggested_unit.unit_id == task.unit.unit_id:
        raise RuleViolation("suggests_itself", "name the unit whose business it is")
    _require_window(d, task)
    dispute = d.state.send_backs >= 1
    asked = e.SendBackAsked(
        task_no=task.task_no,
        decision_clock=None if dispute else id_of_next(d.state, ClockName.SEND_BACK),
        reason=command.reason,
        clause=command.clause,
        suggested_unit=command.suggested_unit.unit_id,
    )
    d.record(asked)
    if dispute:
        d.record(e.DispatchDisputeOpened(task_no=task.task_no))
        start_case_clock(d, ClockName.DISPUTE, event="disputed")
    else:
        start_case_clock(d, ClockName.SEND_BACK, event="asked")


def decide_send_back(d: Decision, command: c.DecideSendBack) -> None:
    """The centre takes the task back, or leaves it with the unit. Without a lead unit it owes a new dispatch.

    A decision that was received in time counts, though the request has lapsed when it is applied.

    Raises:
        RuleViolation: `unknown_task`, `task_not_open`, `no_send_back_asked`.
    """
    task = open_task(d, command.task_no)
    clock = d.state.clocks.get(task.send_back_clock or "")
    if clock is None or not (clock.is_open or d.at <= clock.due_at):
        raise RuleViolation("no_send_back_asked", "no send-back of this task waits for a decision")
    if not command.approved:
        d.record(e.SendBackRefused(task_no=task.task_no, reason=command.reason))
        d.signal(task, SignalType.CHANGED)
        meet_clock(d, clock)
        return
    meet_clock(d, clock)
    take_task(d, task, e.TaskSentBack(task_no=task.task_no, reason=command.reason))
    if task.role is TaskRole.LEAD:
        start_case_clock(d, ClockName.DISPATCH, event="sent_back")
    else:
        finish_case_if_done(d)


def designate(d: Decision, command: c.Designate) -> None:
    """The centre says whose it is. The statutory duty of a department is not handed down to a township.

    Raises:
        RuleViolation: `no_dispute`, `unit_cannot_be_dated`, `unit_concerned`, `unit_twice`, `duty_not_handed_down`.
    """
    disputed = d.state.tasks.get(d.state.disputed or "")
    if disputed is None:
        raise RuleViolation("no_dispute", "no units dispute about this case")
    require_dated(command.unit)
    require_not_concerned(d, command.unit)
    _require_no_handing_down(command.unit, command.power_holder)
    stays = command.unit.unit_id == disputed.unit.unit_id
    if not stays:
        require_not_at_work(d, command.unit)
    meet(d, ClockName.DISPUTE)
    if stays:
        task = disputed
        d.signal(task, SignalType.CHANGED)
    else:
        take_task(d, disputed, e.TaskSentBack(task_no=disputed.task_no, reason=command.reason))
        task = give_task(d, command.unit, disputed.role, disputed.preset)
    d.record(e.UnitDesignated(task_no=task.task_no, unit_id=task.unit.unit_id, reason=command.reason))


def _require_no_handing_down(unit: UnitRef, holder: UnitRef | None) -> None:
    if unit.kind is UnitKind.TOWNSHIP and holder is not None and holder.kind is UnitKind.DEPARTMENT:
        raise RuleViolation("duty_not_handed_down", f"the legal power lies with {holder.unit_id}")


def object_to(d: Decision, command: c.Object) -> None:
    """A designated unit objects to the common superior, once; it works on, and no clock of its own stops.

    Raises:
        RuleViolation: `unknown_task`, `task_not_open`, `not_designated`, `already_objected`.
    """
    task = open_task(d, command.task_no)
    if not task.designated:
        raise RuleViolation("not_designated", "a unit that was not designated sends the task back instead")
    if task.objection_clock is not None:
        raise RuleViolation("already_objected", "the common superior has the objection, or has decided about it")
    decided = case_limit(d.state, ClockName.OBJECTION_DECISION) is not None
    clock_id = id_of_next(d.state, ClockName.OBJECTION_DECISION) if decided else None
    d.record(e.Objected(task_no=task.task_no, decision_clock=clock_id, reason=command.reason))
    start_case_clock(d, ClockName.OBJECTION_DECISION, event="objected")


def decide_objection(d: Decision, command: c.DecideObjection) -> None:
    """The common superior upholds the objection and names another unit, or the designation stands; that is final.

    Raises:
        RuleViolation: `unknown_task`, `task_not_open`, `no_objection`, `decided_a_level_up`, `unit_missing`,
            `unit_cannot_be_dated`, `unit_twice`, `unit_concerned`, `duty_not_handed_down`.
    """
    task = open_task(d, command.task_no)
    clock = d.state.clocks.get(task.objection_clock or "")
    if clock is None or not clock.is_open:
        raise RuleViolation("no_objection", "no objection of this unit waits for a decision")
    own = d.state.level_of_centre(command.actor.unit_id)
    if own is not None and own.rank <= clock.level.rank and d.state.level_above(clock.level) is not None:
        raise RuleViolation("decided_a_level_up", f"a centre above the {clock.level} decides about the objection")
    if command.upheld and command.unit is None:
        raise RuleViolation("unit_missing", "name the unit that takes the task")
    if command.upheld and command.unit is not None:
        require_dated(command.unit)
        require_not_at_work(d, command.unit)
        require_not_concerned(d, command.unit)
        _require_no_handing_down(command.unit, d.state.power_holder)
    d.record(e.ObjectionDecided(task_no=task.task_no, upheld=command.upheld, reason=command.reason))
    meet_clock(d, clock)
    if command.upheld and command.unit is not None:
        take_task(d, task, e.TaskSentBack(task_no=task.task_no, reason=command.reason))
        given = give_task(d, command.unit, task.role, task.preset)
        d.record(e.UnitDesignated(task_no=given.task_no, unit_id=given.unit.unit_id, reason=command.reason))
    else:
        d.signal(task, SignalType.CHANGED)


def forget_send_back(d: Decision, task: TaskState) -> None:
    """The task is over: nobody has to decide any more whether it goes back, whose it is, or about an objection."""
    waiting = [d.state.clocks.get(name or "") for name in (task.send_back_clock, task.objection_clock)]
    disputes = running(d.state, ClockName.DISPUTE) if d.state.disputed == task.task_no else []
    for clock in [*(clock for clock in waiting if clock is not None and clock.is_open), *disputes]:
        withdraw_breach_if_in_time(d, clock)
        d.record(e.ClockStopped(clock_id=clock.id))


def waiting_on(state: CaseState, clock_id: str) -> TaskState | None:
    """The task about whose send-back is decided on that clock."""
    return next((task for task in state.tasks.values() if task.send_back_clock == clock_id), None)


def asked_on(state: CaseState, task: TaskState) -> Clock | None:
    """The clock on which the centre decides about the task's send-back; None if nobody waits for that."""
    clock = state.clocks.get(task.send_back_clock or "")
    return clock if clock is not None and clock.is_open else None


def _require_window(d: Decision, task: TaskState) -> None:
    window = d.state.policy.send_back_windows.get(task.preset)
    decided = {ClockName.SEND_BACK, ClockName.DISPUTE} <= d.state.policy.case_limits.keys()
    if window is None or not decided:
        raise RuleViolation("send_back_not_allowed", f"tasks of the preset {task.preset} are not sent back")
    ends = due(window.limit, task.dispatched_at or task.last_at, calendar_of(d.state, task.task_no))
    if d.at > ends.due_at:
        raise RuleViolation("send_back_window_over", f"it was open for {window.limit} ({window.source})")
