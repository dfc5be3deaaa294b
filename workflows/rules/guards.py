"""What several rules ask before they allow anything."""

from workflows.contracts.errors import RuleViolation
from workflows.contracts.state import TaskState
from workflows.contracts.vocabulary import END_STATUSES, CaseStatus
from workflows.rules.decision import Decision


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


def open_task(d: Decision, task_no: str) -> TaskState:
    """The task of this number, at which its unit still is.

    Raises:
        RuleViolation: `unknown_task`, `task_not_open`.
    """
    task = d.state.tasks.get(task_no)
    if task is None:
        raise RuleViolation("unknown_task", "the case has no such task")
    if not task.is_open:
        raise RuleViolation("task_not_open", f"the task is {task.status}")
    return task
