"""What commands find that work on an installation."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from infra.embedded.data_directory import DataDirectory, RunningInstance


@pytest.fixture
async def running(tmp_path: Path, clone: Callable[[], Awaitable[str]]) -> AsyncIterator[Path]:
    """The data directory of an installation that runs, without Temporal: commands use it and need not start their own.

    Its database is the test's own, on the test process's server.
    """
    directory = DataDirectory(tmp_path / "running")
    async with directory.held("tests"):
        directory.publish(RunningInstance(pid=os.getpid(), database_url=await clone()))
        yield directory.path
