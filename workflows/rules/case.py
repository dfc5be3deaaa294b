"""What may be done with a case, and what follows: from registration to the verified result."""

from hashlib import sha256

from workflows.contracts import commands as c
from workflows.contracts import events as e
from workflows.contracts.clocks import Clock
from workflows.contracts.effects import SignalType
from workflows.contracts.errors import RuleViolation
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import CaseKind, CaseStatus, ClockName, DeclineGround, NoticeKind
from workflows.rules.clock_starts import running, start_case_clock, start_rework_clock
from workflows.rules.clocks import meet, resume_met, resume_what_was_promised, stop_clocks
from workflows.rules.decision import Decision
from workflows.rules.ending import end_case
from workflows.rules.finishing import finish_case
from workflows.rules.following import conclude
from workflows.rules.guards import (
    accept_first,
    open_referral,
    open_task,
    require_open,
    require_outsider,
    require_status,
)
from workflows.rules.ladder import escalate_often_reworked
from workflows.rules.notices import issue


def accept(d: Decision, command: c.Accept) -> None:
    """A registered matter is taken on; from now the centre owes its dispatch.

    Raises:
        RuleViolation: `case_not_registered`.
    """
    require_status(d, CaseStatus.REGISTERED, code="case_not_registered")
    d.record(e.CaseAccepted(note=command.note))
    issue(d, NoticeKind.RECEIPT)
    meet(d, ClockName.ACCEPT)
    meet(d, ClockName.NOTICE)
    start_case_clock(d, ClockName.DISPATCH, event="accepted")


def decline(d: Decision, command: c.Decline) -> None:
    """A registered matter is not taken on, on a listed ground and with the right route named.

    What nobody can make out is not turned down before somebody has asked.

    Raises:
        RuleViolation: `case_not_registered`, `contact_first`.
    """
    require_status(d, CaseStatus.REGISTERED, code="case_not_registered")
    unclear = command.ground is DeclineGround.NO_IDENTIFIABLE_CLAIM
    if unclear and d.state.contacts == 0 and d.state.rules_version >= 3:
        raise RuleViolation("contact_first", "ask the requester what is meant, and put the contact down, before")
    d.record(e.CaseDeclined(ground=command.ground, route=command.route))
    issue(d, NoticeKind.DECLINE)
    meet(d, ClockName.ACCEPT)
    meet(d, ClockName.NOTICE)
    end_case(d)
    conclude(d)


def answer(d: Decision, command: c.Answer) -> None:
    """An inquiry is answered at once and closed.

    Raises:
        RuleViolation: `not_an_inquiry`, `case_not_accepted`.
    """
    if d.state.kind is not CaseKind.INQUIRY:
        raise RuleViolation("not_an_inquiry", "only an inquiry is answered; settle or whistle this one")
    accept_first(d)
    meet(d, ClockName.DISPATCH)
    meet(d, ClockName.CITIZEN)
    meet(d, ClockName.COMMITMENT)
    d.record(e.CaseAnswered(reply=command.reply))
    issue(d, NoticeKind.CLOSING)
    end_case(d)
    conclude(d)


def settle(d: Decision, command: c.Settle) -> None:
    """The matter is resolved where it was raised; a sample is verified, callback follows as for any other.

    Raises:
        RuleViolation: `case_not_accepted`, `evidence_required`.
    """
    accept_first(d)
    if d.state.policy.evidence_required and not command.evidence:
        raise RuleViolation("evidence_required", "this policy asks for evidence with the result")
    d.record(e.CaseSettled(reply=command.reply, evidence=command.evidence))
    meet(d, ClockName.WHISTLE_REQUEST)
    meet(d, ClockName.DISPATCH)
    finish_case(d)
    if not _is_drawn(d.state):
        d.record(e.VerificationWaived())
        stop_clocks(d, ClockName.VERIFY)
        _result_stands(d)


def _is_drawn(state: CaseState) -> bool:
    """Whether this matter is in the sample that is verified: chosen by its number, so that nobody can choose it."""
    drawn = int.from_bytes(sha256(state.case_no.encode()).digest()[:4]) % 100
    return drawn < state.policy.settled_sample


def _result_stands(d: Decision) -> None:
    """Whoever reported the matter is asked about it."""
    meet(d, ClockName.LEVEL)
    start_case_clock(d, ClockName.CALLBACK, event="verified")
    conclude(d)


def verify(d: Decision, command: c.Verify) -> None:
    """Someone outside the handling unit confirms the result, or sends it back to be done again.

    Raises:
        RuleViolation: `case_not_finished`, `verifier_is_handler`, `verifier_judged_before`,
            `evidence_required`.
    """
    require_status(d, CaseStatus.FINISHED, code="case_not_finished")
    require_outsider(d, command.actor, code="verifier_is_handler")
    if command.actor.id in {*d.state.verifiers, *d.state.main_judges}:
        raise RuleViolation("verifier_judged_before", "whoever passed an earlier round does not judge this one")
    if d.state.rules_version >= 3 and d.state.policy.evidence_required and not command.evidence:
        raise RuleViolation("evidence_required", "this policy asks for evidence of what was seen")
    meet(d, ClockName.VERIFY)
    if command.passed:
        d.record(e.VerificationPassed(note=command.note, evidence=command.evidence))
        _result_stands(d)
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
            if not any(_watches(d.state, clock) for clock in running(d.state, ClockName.FINISH, lead.task_no)):
                start_case_clock(d, ClockName.LEVEL, event="reworked")
        else:
            start_rework_clock(d, lead.task_no)
        d.signal(lead, SignalType.CHANGED)
    escalate_often_reworked(d, command.note)


def _watches(state: CaseState, clock: Clock) -> bool:
    """The clock will not fall silent while it is open: its ladder leads on from the level that has the case."""
    started_below = clock.level.rank < state.level.rank and state.rules_version >= 3
    return clock.next_at is not None and not started_below


def urge(d: Decision, command: c.Urge) -> None:
    """A reminder to one task's unit, to one that was asked by referral, or to all at work.

    It is shown to whoever owes the next step.

    Raises:
        RuleViolation: `case_ended`, `unknown_task`, `task_not_open`, `unknown_referral`, `referral_ended`.
    """
    require_open(d)
    open_tasks = d.state.open_tasks
    if command.referral_no is not None:
        open_referral(d, command.referral_no)
        open_tasks = []
    elif command.task_no is not None:
        open_tasks = [open_task(d, command.task_no)]
    d.record(e.Urged(task_no=command.task_no, referral_no=command.referral_no, note=command.note))
    for task in open_tasks:
        d.notify(task, SignalType.URGED)
