"""A bare workflow with as many updates and activities as a standard case: what the platform itself costs.

Run as a program it is the worker: `python -m tests.bench.bare ADDRESS`.
"""

import asyncio
import sys
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.worker import Worker

from infra.temporal import connect, workflow_runner

QUEUE = "bare"


@activity.defn
async def nothing() -> None:
    """Touches nothing."""


@workflow.defn
class Bare:
    """An activity for the start and one after each update, until it has had them all."""

    def __init__(self) -> None:
        self._due = 1
        self._done = 0

    @workflow.run
    async def run(self, updates: int) -> None:
        """Ends after that many updates."""
        while self._done <= updates:
            await workflow.wait_condition(lambda: self._due > self._done)
            await workflow.execute_activity(nothing, start_to_close_timeout=timedelta(seconds=30))
            self._done += 1

    @workflow.update
    def touch(self) -> int:
        """Asks for one more activity."""
        self._due += 1
        return self._due


async def main(address: str) -> None:
    """Works until it is ended."""
    client = await connect(address)
    worker = Worker(client, task_queue=QUEUE, workflows=[Bare], activities=[nothing], workflow_runner=workflow_runner())
    await worker.run()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
