"""How a matter ends, for its units and its clocks."""

from workflows.contracts import events as e
from workflows.contracts.effects import SignalType
from workflows.contracts.vocabulary import ClockName
from workflows.rules.clock_starts import start_case_clock
from workflows.rules.clocks import stop
from workflows.rules.decision import Decision
from workflows.rules.mediation_orders import stop_mediation
from workflows.rules.suspensions import end_suspension


def end_case(d: Decision) -> None:
    """The matter is over: units are told, clocks stop, and the case stays within reach until it is archived."""
    end_suspension(d)
    for task in d.state.open_tasks:
        d.record(e.TaskCancelled(task_no=task.task_no))
        d.lapse_notices(task_no=task.task_no)
        d.signal(task, SignalType.CANCELLED)
    stop_mediation(d)
    stop(d)
    start_case_clock(d, ClockName.ARCHIVE_AFTER, event="ended")
