"""What happened to one unit's part of a case: one frozen model each."""

from typing import Literal

from workflows.contracts.command import UnitRef
from workflows.contracts.ids import TextId
from workflows.contracts.model import Frozen
from workflows.contracts.vocabulary import TaskRole


class TaskSigned(Frozen):
    kind: Literal["task_signed"] = "task_signed"
    task_no: str


class TaskContacted(Frozen):
    kind: Literal["task_contacted"] = "task_contacted"
    task_no: str
    note: TextId


class TaskReportedIn(Frozen):
    kind: Literal["task_reported_in"] = "task_reported_in"
    task_no: str
    people: tuple[str, ...] = ()


class TaskProgressed(Frozen):
    kind: Literal["task_progressed"] = "task_progressed"
    task_no: str
    note: TextId


class TaskFinished(Frozen):
    kind: Literal["task_finished"] = "task_finished"
    task_no: str
    reply: TextId
    internal_note: TextId | None = None
    evidence: tuple[str, ...] = ()


class TaskCancelled(Frozen):
    """Released by the dispatcher, or ended with its case; `reason` is absent in the second."""

    kind: Literal["task_cancelled"] = "task_cancelled"
    task_no: str
    reason: TextId | None = None


class TaskReopened(Frozen):
    """The result did not stand: the same unit goes on (返工)."""

    kind: Literal["task_reopened"] = "task_reopened"
    task_no: str


class TaskDispatched(Frozen):
    kind: Literal["task_dispatched"] = "task_dispatched"
    task_no: str
    unit: UnitRef
    role: TaskRole
    preset: str


class TaskSentBack(Frozen):
    """The unit is rid of the task: its send-back was approved, or another unit was designated in its place."""

    kind: Literal["task_sent_back"] = "task_sent_back"
    task_no: str
    reason: TextId


class TaskReassigned(Frozen):
    """Another unit goes on, with a task and clocks of its own."""

    kind: Literal["task_reassigned"] = "task_reassigned"
    task_no: str
    to_unit: str
    reason: TextId
