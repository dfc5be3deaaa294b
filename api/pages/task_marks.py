"""What stands out about a unit's part in a case, by the names of its badges."""

from collections.abc import Sequence
from datetime import datetime

from api.snapshots import ClockView
from workflows.contracts.state import CaseState
from workflows.contracts.vocabulary import ClockName, TaskRole
from workflows.rules.clock_starts import running


def task_marks(state: CaseState, task_no: str, clocks: Sequence[ClockView], now: datetime) -> list[str]:
    """The marks of a task with these clocks, as of `now`.

    `absent`: a co-unit has let its time to report in run out without coming; the other units bear no mark for it.
    """
    task = state.tasks[task_no]
    asked_on = state.clocks.get(task.send_back_clock or "")
    leads = task.is_open and task.role is TaskRole.LEAD
    marks = {
        "designated": task.designated,
        "extension_asked": task_no in state.extension_requests,
        "send_back_asked": asked_on is not None and asked_on.is_open,
        "disputed": state.disputed == task_no,
        "supervised": leads and bool(running(state, ClockName.SUPERVISION)),
        "absent": task.role is TaskRole.CO and any(_missed(clock, now) for clock in clocks),
    }
    return [mark for mark, made in marks.items() if made]


def _missed(clock: ClockView, now: datetime) -> bool:
    if clock.name is not ClockName.REPORT_IN or clock.met_at is not None:
        return False
    return clock.breached_at is not None or (clock.stopped_at is None and clock.due_at < now)
