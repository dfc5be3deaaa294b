import os
import signal
import subprocess
import sys

import psutil
import pytest

from infra.embedded.children import ChildRecord, Children, Program
from infra.embedded.data_directory import DataDirectory
from infra.embedded.errors import DataDirectoryInUseError
from infra.embedded.waiting import becomes_true
from tests.embedded.conftest import has_ended

SLEEPER = Program("sleeper", (sys.executable, "-c", "import time; time.sleep(600)"))
STUBBORN = Program(
    "stubborn",
    (
        sys.executable,
        "-uc",
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(600)",
    ),
    patience=0.2,
)


async def _abandoned(directory: DataDirectory) -> psutil.Process:
    async with Children.of(directory) as children:
        return psutil.Process((await children.start(SLEEPER)).pid)


async def test_what_an_earlier_run_left_behind_is_stopped(directory: DataDirectory) -> None:
    left_over = await _abandoned(directory)
    assert left_over.is_running()
    async with Children.of(directory):
        assert has_ended(left_over)


async def test_a_process_that_only_has_the_number_of_a_left_over_is_not_touched(
    directory: DataDirectory, stranger: subprocess.Popen[bytes]
) -> None:
    record = ChildRecord(
        name="worker",
        pid=stranger.pid,
        started=psutil.Process(stranger.pid).create_time() - 60,
        stop_signals=(signal.SIGTERM,),
        patience=20,
    )
    directory.children.write_text(f"[{record.model_dump_json()}]")
    async with Children.of(directory):
        assert stranger.poll() is None


async def test_a_left_over_that_no_record_knows_keeps_a_new_run_away(directory: DataDirectory) -> None:
    left_over = await _abandoned(directory)
    directory.children.unlink()
    with pytest.raises(DataDirectoryInUseError, match="earlier run"):
        async with Children.of(directory, patience=0.2):
            pass
    left_over.kill()
    async with Children.of(directory):
        assert has_ended(left_over)


async def test_a_child_that_does_not_listen_is_killed_in_the_end(directory: DataDirectory) -> None:
    async with Children.of(directory) as children:
        child = await children.start(STUBBORN)
        assert await becomes_true(lambda: child.log.read_text() == "deaf\n", within=30)
        await children.stop(child)
        assert child.process.returncode == -signal.SIGKILL


async def test_a_child_lives_in_its_own_session_and_is_forgotten_when_stopped(directory: DataDirectory) -> None:
    async with Children.of(directory) as children:
        child = await children.start(SLEEPER)
        assert f'"pid":{child.pid}' in directory.children.read_text()
        assert os.getsid(child.pid) == child.pid
        await children.stop(child)
        assert directory.children.read_text() == "[]"
