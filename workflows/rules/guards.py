"""What several rules ask before they allow anything."""

from workflows.contracts import events as e
from workflows.contracts.actors import Actor
from workflows.contracts.errors import RuleViolation
from workflows.contracts.state import Referral, TaskState
from workflows.contracts.vocabulary import END_STATUSES, CaseStatus, ClockName, NoticeKind
from workflows.rules.clocks import meet
from workflows.rules.decision import Decision
from workflows.rules.notices import issue


def require_status(d: Decision, *statuses: CaseStatus, code: str) -> None:
    """The case is in one of these statuses.

    Raises:
        RuleViolation: with that code, if not.
    """
    if d.state.status not in statuses:
        wanted = " or ".join(statuses)
        raise RuleViolation(code, f"the case is {d.state.status}, and this needs it to be {wanted}")


def require_open(d: Decision) -> None:
    """The matter is not over.

    Raises:
        RuleViolation: `case_ended`.
    """
    if d.state.status in END_STATUSES:
        raise RuleViolation("case_ended", f"the case is {d.state.status}")


def require_no_agreement(d: Decision) -> None:
    """No agreement of a mediation binds the parties.

    Raises:
        RuleViolation: `agreement_binds`.
    """
    if d.state.status is CaseStatus.AGREED:
        raise RuleViolation("agreement_binds", "an agreement binds: it is kept, forgone or taken to a remedy")


def accept_first(d: Decision) -> None:
    """Who answers, settles or asks about a matter on the spot takes it on by doing so.

    Raises:
        RuleViolation: `case_not_accepted`.
    """
    if d.state.status is CaseStatus.REGISTERED:
        take_on(d)
        return
    require_status(d, CaseStatus.ACCEPTED, code="case_not_accepted")


def take_on(d: Decision) -> None:
    """A registered matter is taken on, by what is done with it."""
    d.record(e.CaseAccepted())
    issue(d, NoticeKind.RECEIPT)
    meet(d, ClockName.ACCEPT)
    meet(d, ClockName.NOTICE)


def require_outsider(d: Decision, actor: Actor, *, code: str) -> None:
    """The actor had no part in handling the matter.

    Raises:
        RuleViolation: with that code, if so.
    """
    units = {*(task.unit.unit_id for task in d.state.tasks.values()), *d.state.main_units}
    if actor.unit_id in units or actor.id in {d.state.settled_by, *d.state.main_units}:
        raise RuleViolation(code, "whoever handled the matter does not judge the result")


def known_task(d: Decision, task_no: str) -> TaskState:
    """The task of this number, whatever became of it.

    Raises:
        RuleViolation: `unknown_task`.
    """
    task = d.state.tasks.get(task_no)
    if task is None:
        raise RuleViolation("unknown_task", "the case has no such task")
    return task


def open_task(d: Decision, task_no: str) -> TaskState:
    """The task of this number, at which its unit still is.

    Raises:
        RuleViolation: `unknown_task`, `task_not_open`.
    """
    task = known_task(d, task_no)
    if not task.is_open:
        raise RuleViolation("task_not_open", f"the task is {task.status}")
    return task


def open_referral(d: Decision, number: str) -> Referral:
    """The referral of this number, whose outcome is not known yet.

    Raises:
        RuleViolation: `unknown_referral`, `referral_ended`.
    """
    referral = d.state.referrals.get(number)
    if referral is None:
        raise RuleViolation("unknown_referral", "the case has no such referral")
    if referral.ended:
        raise RuleViolation("referral_ended", "its outcome is on record")
    return referral
