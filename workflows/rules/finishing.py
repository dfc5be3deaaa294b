"""When a case is done with: by the last of its units, or where it was raised."""

from workflows.contracts import events as e
from workflows.contracts.vocabulary import ClockName
from workflows.rules.clock_starts import start_case_clock
from workflows.rules.clocks import meet
from workflows.rules.decision import Decision
from workflows.rules.suspensions import end_suspension


def finish_case(d: Decision) -> None:
    """Nothing is left to do: the citizen's clock is met, and somebody else looks at the result."""
    end_suspension(d)
    d.record(e.CaseFinished())
    meet(d, ClockName.CITIZEN)
    meet(d, ClockName.COMMITMENT)
    meet(d, ClockName.LEVEL)
    start_case_clock(d, ClockName.VERIFY, event="finished")


def finish_case_if_done(d: Decision) -> None:
    """The lead unit is done, no unit is at work any more and no mediation either; without a lead unit it waits."""
    if not d.state.open_tasks and d.state.lead_task is not None and not d.state.is_talked_out:
        # Units finish in any order: the case is finished with the last of them.
        d.at = max(task.last_at for task in d.state.tasks.values())
        finish_case(d)
