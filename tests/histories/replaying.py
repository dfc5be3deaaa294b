"""Replays every recorded history; as a program it prints what each came to, as JSON.

`python -m tests.histories.replaying`: name → class of the failure, or null.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from infra.temporal import DATA_CONVERTER, workflow_runner
from workflows.batch import BatchWorkflow
from workflows.case import CaseWorkflow
from workflows.mediation import MediationWorkflow

_FOLDER = Path(__file__).parent
RECORDED = sorted(_FOLDER.glob("v*/*.json"))
"""By the version of the rules that they were recorded with."""


def name_of(recorded: Path) -> str:
    """Version and story, for example `v1/standard`."""
    return recorded.relative_to(_FOLDER).with_suffix("").as_posix()


def history(recorded: Path) -> WorkflowHistory:
    """As it was recorded; its name stands for the workflow's id."""
    return WorkflowHistory.from_json(name_of(recorded), recorded.read_text())


async def replay(recorded: Path) -> Exception | None:
    """What the replay failed with, if it did."""
    replayer = Replayer(
        workflows=[CaseWorkflow, MediationWorkflow, BatchWorkflow],
        workflow_runner=workflow_runner(),
        data_converter=DATA_CONVERTER,
    )
    result = await replayer.replay_workflow(history(recorded), raise_on_replay_failure=False)
    return result.replay_failure


async def _all() -> dict[str, str | None]:
    failures = {name_of(recorded): await replay(recorded) for recorded in RECORDED}
    return {name: None if failure is None else str(failure) for name, failure in failures.items()}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_all())))  # noqa: T201 - its result
    sys.stdout.flush()
    # A process that used the Temporal client may abort while the interpreter finalizes.
    os._exit(0)
