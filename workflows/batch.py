"""One workflow per batch: a change to many open cases, carried until none is left without it."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from workflows.contracts.batches import BATCH_WORKFLOW, Batch, BatchStep

_STEP = timedelta(minutes=15)
"""Longer than every case of a step can take by not answering."""
_NOTICED_DEAD = timedelta(seconds=6)
_RETRIES = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
_SHORTEST_PAUSE = timedelta(seconds=1)
_LONGEST_PAUSE = timedelta(minutes=5)


@workflow.defn(name=BATCH_WORKFLOW)
class BatchWorkflow:
    """Endures: goes round over the cases that are left, step by step, until there are none."""

    @workflow.run
    async def run(self, batch: Batch) -> None:
        """Rounds that bring nothing forward come ever more slowly: what is left does not answer now."""
        while True:
            step = await self._step(batch)
            if not step.left:
                return
            if step.after is not None:
                batch = batch.model_copy(update={"after": step.after})
            else:
                pause = min(2 * batch.pause, _LONGEST_PAUSE) if step.left == batch.left_before else _SHORTEST_PAUSE
                batch = Batch(batch_id=batch.batch_id, pause=pause, left_before=step.left)
                await workflow.sleep(pause)
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(batch)

    async def _step(self, batch: Batch) -> BatchStep:
        step: BatchStep = await workflow.execute_activity(
            "advance_batch",
            batch,
            result_type=BatchStep,
            start_to_close_timeout=_STEP,
            heartbeat_timeout=_NOTICED_DEAD,
            retry_policy=_RETRIES,
        )
        return step
