"""Recorded histories still replay, and a rule that decides otherwise than it did is noticed."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import workflows
from tests.histories.replaying import RECORDED, name_of, replay

_PACKAGE = Path(workflows.__file__).parent


@pytest.mark.parametrize("recorded", RECORDED, ids=name_of)
async def test_a_recorded_history_replays(recorded: Path) -> None:
    assert await replay(recorded) is None


async def test_a_changed_rule_fails_the_replay_although_the_commands_stay_the_same(tmp_path: Path) -> None:
    # The acceptance still starts a clock, of the same length; only what the record says of it is another.
    failures = _replay_with(tmp_path, "rules/case.py", 'event="accepted"', 'event="taken on"')
    assert failures["v1/declined"] is None
    assert "RecordsDiffer" in (failures["v1/standard"] or "")
    assert "recorded otherwise" in (failures["v1/standard"] or "")


async def test_changed_clock_arithmetic_fails_the_replay(tmp_path: Path) -> None:
    change = ("return Rung.ESCALATE, due(ladder.escalate_after", "return Rung.ESCALATE, due(ladder.supervise_after")
    failures = _replay_with(tmp_path, "rules/rungs.py", *change)
    assert failures["v1/standard"] is None
    assert failures["v1/escalated"] is not None


def _replay_with(folder: Path, name: str, old: str, new: str) -> dict[str, str | None]:
    """Replays all histories with the workflow's code changed in one place; name → what went wrong."""
    changed = folder / "workflows"
    shutil.copytree(_PACKAGE, changed, ignore=shutil.ignore_patterns("__pycache__"))
    source = (changed / name).read_text()
    assert old in source
    (changed / name).write_text(source.replace(old, new))
    # The changed package lies in the current directory, hence before the installed one.
    replaying = subprocess.run(
        [sys.executable, "-m", "tests.histories.replaying"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(_PACKAGE.parent)},
        check=True,
        capture_output=True,
        text=True,
    )
    # The SDK logs to standard output too.
    failures: dict[str, str | None] = json.loads(replaying.stdout.splitlines()[-1])
    return failures
