"""A change that goes to many open cases, one command each, until none is left without it."""

from datetime import timedelta

from workflows.contracts.model import Frozen

BATCH_WORKFLOW = "BatchWorkflow"


def batch_workflow_id(batch_id: str) -> str:
    """The id of the one workflow that carries the batch; every case knows the batch's command by it too."""
    return f"batch/{batch_id}"


class Batch(Frozen):
    """Names a row of the table of batches, which says what goes to whom.

    `after` is the case number at which the present round has arrived; empty at its beginning. `pause` and `left_before`
    are how long it rested after the round before, and how many cases were left then.
    """

    batch_id: str
    after: str = ""
    pause: timedelta = timedelta(0)
    left_before: int | None = None


class BatchStep(Frozen):
    """How far it got: `left` open cases are without it still; the round goes on `after` a case number, or is over."""

    left: int
    after: str | None
