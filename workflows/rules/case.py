"""What may be done with a case, and what follows: from registration to the archive."""

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.actors import Actor
from workflows.contracts.effects import SignalType
from workflows.contracts.errors import RuleViolation
from workflows.contracts.ids import TextId
from workflows.contracts.vocabulary import (
    CallbackOutcome,
    CaseKind,
    CaseStatus,
    ClockName,
    Role,
    Solved,
    TaskRole,
)
from workflows.rules.clock_starts import running, start_case_clock, start_rework_clock
from workflows.rules.clocks import meet, resume_met, resume_what_was_promised, stop
from workflows.rules.decision import Decision
from workflows.rules.dispatch import give_task, require_dated, require_not_at_work
from workflows.rules.finishing import finish_case
from workflows.rules.guards import require_open, require_status
from workflows.rules.ladder import escalate, escalate_often_reworked
from workflows.rules.suspensions import end_suspension

_FAILED_CALLBACKS_TO_CLOSE = 3


def accept(d: Decision, command: c.Accept) -> None:
    """A registered matter is taken on; from now the centre owes its dispatch.

    Raises:
        RuleViolation: `case_not_registered`.
    """
    require_status(d, CaseStatus.REGISTERED, code="case_not_registered")
    d.record(e.CaseAccepted(note=command.note))
    meet(d, ClockName.ACCEPT)
    meet(d, ClockName.NOTICE)
    start_case_clock(d, ClockName.DISPATCH, event="accepted")


def decline(d: Decision, command: c.Decline) -> None:
    """A registered matter is not taken on, on a listed ground and with the right route named.

    Raises:
        RuleViolation: `case_not_registered`.
    """
    require_status(d, CaseStatus.REGISTERED, code="case_not_registered")
    d.record(e.CaseDeclined(ground=command.ground, route=command.route))
    meet(d, ClockName.ACCEPT)
    meet(d, ClockName.NOTICE)
    _end(d)


def answer(d: Decision, command: c.Answer) -> None:
    """An inquiry is answered at once and closed.

    Raises:
        RuleViolation: `not_an_inquiry`, `case_not_accepted`.
    """
    if d.state.kind is not CaseKind.INQUIRY:
        raise RuleViolation("not_an_inquiry", "only an inquiry is answered; settle or whistle this one")
    _accept_first(d)
    meet(d, ClockName.DISPATCH)
    meet(d, ClockName.CITIZEN)
    meet(d, ClockName.COMMITMENT)
    d.record(e.CaseAnswered(reply=command.reply))
    _end(d)


def settle(d: Decision, command: c.Settle) -> None:
    """The matter is resolved where it was raised; verification and callback follow as for any other.

    Raises:
        RuleViolation: `case_not_accepted`, `evidence_required`.
    """
    _accept_first(d)
    if d.state.policy.evidence_required and not command.evidence:
        raise RuleViolation("evidence_required", "this policy asks for evidence with the result")
    d.record(e.CaseSettled(reply=command.reply, evidence=command.evidence))
    meet(d, ClockName.DISPATCH)
    finish_case(d)


def _accept_first(d: Decision) -> None:
    """Who answers or settles a matter on the spot takes it on by doing so."""
    if d.state.status is CaseStatus.REGISTERED:
        d.record(e.CaseAccepted())
        meet(d, ClockName.ACCEPT)
        meet(d, ClockName.NOTICE)
        return
    require_status(d, CaseStatus.ACCEPTED, code="case_not_accepted")


def whistle(d: Decision, command: c.Whistle) -> None:
    """The centre calls units in: a task each, with clocks of its own.

    Raises:
        RuleViolation: `case_not_accepted`, `unit_cannot_be_dated`, `unit_twice`, `unknown_preset`.
    """
    if d.state.lead_task is not None or not d.state.open_tasks:
        # Else the lead unit is rid of its task while co-units work on: another lead joins them.
        require_status(d, CaseStatus.ACCEPTED, code="case_not_accepted")
    units = (command.lead, *command.co_units)
    if len({unit.unit_id for unit in units}) < len(units):
        raise RuleViolation("unit_twice", "a unit has one part in a whistle")
    for unit in units:
        require_dated(unit)
        require_not_at_work(d, unit)
    preset = command.preset or d.state.policy.default_task_preset
    if preset not in d.state.policy.task_presets:
        known = ", ".join(sorted(d.state.policy.task_presets))
        raise RuleViolation("unknown_preset", f"the case's policy has no such preset; it has {known}")
    d.record(e.Whistled(preset=preset, reason=command.reason))
    meet(d, ClockName.DISPATCH)
    for unit in units:
        give_task(d, unit, TaskRole.LEAD if unit is command.lead else TaskRole.CO, preset)


def verify(d: Decision, command: c.Verify) -> None:
    """Someone outside the handling unit confirms the result, or sends it back to be done again.

    Raises:
        RuleViolation: `case_not_finished`, `verifier_is_handler`, `verifier_judged_before`.
    """
    require_status(d, CaseStatus.FINISHED, code="case_not_finished")
    _require_outsider(d, command.actor, code="verifier_is_handler")
    if command.actor.id in d.state.verifiers:
        raise RuleViolation("verifier_judged_before", "whoever passed an earlier round does not judge this one")
    meet(d, ClockName.VERIFY)
    if command.passed:
        d.record(e.VerificationPassed(note=command.note, evidence=command.evidence))
        meet(d, ClockName.LEVEL)
        start_case_clock(d, ClockName.CALLBACK, event="verified")
    else:
        _rework(d, command)


def _rework(d: Decision, command: c.Verify) -> None:
    lead = d.state.lead_task if d.state.settled_by is None else None
    rework = d.state.rework + 1
    d.record(e.VerificationFailed(note=command.note, evidence=command.evidence, rework=rework))
    resume_what_was_promised(d)
    if lead is None:
        start_case_clock(d, ClockName.DISPATCH, event="reworked")
    else:
        d.record(e.TaskReopened(task_no=lead.task_no))
        if d.state.policy.task_presets[lead.preset][ClockName.FINISH].statutory:
            # The law gives its time once; where that and its ladder have run out, the level that has the case is timed.
            resume_met(d, ClockName.FINISH, task_no=lead.task_no)
            if all(clock.next_at is None for clock in running(d.state, ClockName.FINISH, lead.task_no)):
                start_case_clock(d, ClockName.LEVEL, event="reworked")
        else:
            start_rework_clock(d, lead.task_no)
        d.signal(lead, SignalType.CHANGED)
    escalate_often_reworked(d, command.note)


def callback(d: Decision, command: c.Callback) -> None:
    """An attempt to hear from the requester. A finished one closes the case by itself; who was not asked is unrated.

    A closed case may still be called back: what she said before stands, but for a matter that is not solved after all.

    Raises:
        RuleViolation: `case_not_verified`, `caller_is_handler`, `rating_without_callback`, `unknown_rating`.
    """
    late = d.state.status is CaseStatus.CLOSED
    if not late:
        require_status(d, CaseStatus.VERIFIED, code="case_not_verified")
    _require_outsider(d, command.actor, code="caller_is_handler")
    heard = command.outcome in {CallbackOutcome.REACHED, CallbackOutcome.VISITED}
    if not heard and (command.rating or command.solved):
        raise RuleViolation("rating_without_callback", "a rating comes from a requester who was reached or visited")
    _require_scale(d, command.rating)
    d.record(e.CallbackMade(outcome=command.outcome, note=command.note))
    if command.rating or command.solved:
        not_after_all = command.solved is Solved.NO
        solved = Solved.NO if not_after_all else d.state.solved or command.solved
        d.record(e.CaseRated(rating=d.state.rating or command.rating, solved=solved))
    if command.outcome is not CallbackOutcome.UNREACHABLE and not late:
        _close(d)


def rate(d: Decision, command: c.Rate) -> None:
    """The requester rates the result without being called; of a verified case this is the callback.

    Raises:
        RuleViolation: `case_not_verified`, `already_rated`, `unknown_rating`.
    """
    if d.state.rating is not None:
        raise RuleViolation("already_rated", "the case has its rating")
    _require_scale(d, command.rating)
    rated = e.CaseRated(rating=command.rating, solved=command.solved, note=command.note)
    if d.state.status is CaseStatus.CLOSED:
        d.record(rated)
        return
    require_status(d, CaseStatus.VERIFIED, code="case_not_verified")
    d.record(rated)
    _close(d)


def close(d: Decision, command: c.Close) -> None:
    """Closes a verified case whose requester could not be reached: three attempts, on two days at least.

    Raises:
        RuleViolation: `case_not_verified`, `callback_not_exhausted`.
    """
    require_status(d, CaseStatus.VERIFIED, code="case_not_verified")
    attempts = d.state.failed_callbacks
    if len(attempts) < _FAILED_CALLBACKS_TO_CLOSE or len(set(attempts)) < 2:
        raise RuleViolation(
            "callback_not_exhausted", "three attempts on two different days come before closing by hand"
        )
    _close(d, command.note)


def _close(d: Decision, note: TextId | None = None) -> None:
    meet(d, ClockName.CALLBACK)
    d.record(e.CaseClosed(note=note))
    _end(d)


def withdraw(d: Decision, command: c.Withdraw) -> None:
    """The requester takes the matter back. Through anyone but the centre it waits for the centre's confirmation.

    Raises:
        RuleViolation: `case_ended`, `withdrawal_already_asked`.
    """
    require_open(d)
    if command.actor.role in {Role.REQUESTER, Role.DISPATCHER}:
        d.record(e.CaseWithdrawn(reason=command.reason))
        meet(d, ClockName.WITHDRAWAL)
        _end(d)
        return
    if d.state.withdrawal_asked:
        raise RuleViolation("withdrawal_already_asked", "the centre is asking the requester already")
    d.record(e.WithdrawalAsked(reason=command.reason))
    start_case_clock(d, ClockName.WITHDRAWAL, event="asked")


def confirm_withdrawal(d: Decision, command: c.ConfirmWithdrawal) -> None:
    """The centre has asked the requester whether the withdrawal is meant.

    Raises:
        RuleViolation: `case_ended`, `no_withdrawal_asked`.
    """
    require_open(d)
    if not d.state.withdrawal_asked:
        raise RuleViolation("no_withdrawal_asked", "there is no withdrawal to confirm")
    meet(d, ClockName.WITHDRAWAL)
    if command.confirmed:
        d.record(e.CaseWithdrawn(reason=command.note))
        _end(d)
    else:
        d.record(e.WithdrawalRefuted(note=command.note))


def urge(d: Decision, command: c.Urge) -> None:
    """A reminder to one task's unit, or to all at work; it is shown to whoever owes the next step.

    Raises:
        RuleViolation: `case_ended`, `unknown_task`, `task_not_open`.
    """
    require_open(d)
    open_tasks = d.state.open_tasks
    if command.task_no is not None:
        if command.task_no not in d.state.tasks:
            raise RuleViolation("unknown_task", "the case has no such task")
        open_tasks = [task for task in open_tasks if task.task_no == command.task_no]
        if not open_tasks:
            raise RuleViolation("task_not_open", "the task is finished or cancelled")
    d.record(e.Urged(task_no=command.task_no, note=command.note))
    for task in open_tasks:
        d.notify(task, SignalType.URGED)


def escalate_by_hand(d: Decision, command: c.Escalate) -> None:
    """The case goes one level up, with a reason.

    Raises:
        RuleViolation: `case_ended`, `at_the_top`.
    """
    require_open(d)
    above = d.state.level_above(d.state.level)
    if above is None:
        raise RuleViolation("at_the_top", "the case is at the top already")
    escalate(d, above, at=d.at, reason=command.reason)


def _end(d: Decision) -> None:
    """The matter is over: units are told, clocks stop, and the case stays within reach until it is archived."""
    end_suspension(d)
    for task in d.state.open_tasks:
        d.record(e.TaskCancelled(task_no=task.task_no))
        d.lapse_notices(task_no=task.task_no)
        d.signal(task, SignalType.CANCELLED)
    stop(d)
    start_case_clock(d, ClockName.ARCHIVE_AFTER, event="ended")


def _require_outsider(d: Decision, actor: Actor, *, code: str) -> None:
    units = {task.unit.unit_id for task in d.state.tasks.values()}
    if actor.unit_id in units or actor.id == d.state.settled_by:
        raise RuleViolation(code, "whoever handled the matter does not judge the result")


def _require_scale(d: Decision, rating: str | None) -> None:
    scale = d.state.policy.rating_scale
    if rating is not None and rating not in scale:
        raise RuleViolation("unknown_rating", f"the scale is {', '.join(scale)}")
