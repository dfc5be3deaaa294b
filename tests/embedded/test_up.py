import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psutil
import pytest
from sqlalchemy import text
from temporalio.client import Client

from infra.database import database
from infra.embedded.data_directory import DataDirectory, RunningInstance
from infra.embedded.waiting import becomes_true
from tests.embedded.conftest import ProcessesOf, has_ended

UP = (sys.executable, "-m", "tests.embedded.tiny_installation", "up", "--data-dir")
PATIENCE = 90.0


@asynccontextmanager
async def _up(data_dir: Path, *options: str) -> AsyncIterator[tuple[Process, RunningInstance]]:
    process = await asyncio.create_subprocess_exec(*UP, str(data_dir), *options, stdout=PIPE, stderr=PIPE)
    assert process.stdout is not None
    try:
        line = (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode()
        instance = DataDirectory(data_dir).running()
        assert instance is not None
        assert line == f"ready {instance.api_url}\n"
        yield process, instance
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), PATIENCE)


async def _starts(instance: RunningInstance) -> int:
    async with database(instance.database_url, pool_size=1) as sessions, sessions() as session:
        count: int = (await session.execute(text("select count(*) from starts"))).scalar_one()
    return count


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_all_that_up_started_and_nothing_else(
    data_dir: Path, processes_of: ProcessesOf, stranger: subprocess.Popen[bytes], number: signal.Signals
) -> None:
    async with _up(data_dir) as (process, _):
        assert _children(data_dir).keys() == {"postgres", "temporal", "worker", "api"}
        process.send_signal(number)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    assert processes_of(data_dir) == set()
    assert stranger.poll() is None


async def test_a_second_up_on_the_same_directory_exits_2_with_one_line(data_dir: Path) -> None:
    async with _up(data_dir) as (first, instance):
        second = await asyncio.create_subprocess_exec(*UP, str(data_dir), stdout=PIPE, stderr=PIPE)
        out, error = await asyncio.wait_for(second.communicate(), PATIENCE)
        assert second.returncode == 2
        assert out == b""
        assert error.decode().count("\n") == 1
        assert f"process {first.pid} (yingshao up)" in error.decode()
        assert await _starts(instance) == 1


async def test_after_kill_9_the_next_up_stops_the_left_overs_and_has_everything_still(
    data_dir: Path, processes_of: ProcessesOf
) -> None:
    async with _up(data_dir) as (process, instance):
        client = await Client.connect(instance.temporal_address or "")
        await client.start_workflow("Kept", id="case/kept", task_queue="nobody")
        left_overs = [psutil.Process(pid) for pid in _children(data_dir).values()]
        process.kill()
    assert not any(has_ended(one) for one in left_overs)
    assert DataDirectory(data_dir).running() is None
    # On the port that a left-over still holds.
    async with _up(data_dir, "--port", (instance.api_url or "").rpartition(":")[2]) as (_, instance):
        assert all(has_ended(one) for one in left_overs)
        assert await _starts(instance) == 2
        client = await Client.connect(instance.temporal_address or "")
        assert (await client.get_workflow_handle("case/kept").describe()).workflow_type == "Kept"
    assert processes_of(data_dir) == set()


async def test_every_part_that_is_killed_is_started_again(data_dir: Path) -> None:
    async with _up(data_dir) as (_, instance):
        before = _children(data_dir)
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)

        def all_replaced() -> bool:
            now = _children(data_dir)
            return now.keys() == before.keys() and all(now[name] != before[name] for name in before)

        assert await becomes_true(all_replaced, within=PATIENCE)

        async def api_answers() -> bool:
            try:
                async with httpx.AsyncClient(trust_env=False) as client:
                    return (await client.get(f"{instance.api_url}/ready")).text == instance.temporal_address
            except httpx.HTTPError:
                return False

        assert await becomes_true(api_answers, within=PATIENCE)


async def test_a_port_that_was_asked_for_and_is_taken_is_refused_in_one_line(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = str(stranger.getsockname()[1])
        refused = await asyncio.create_subprocess_exec(*UP, str(data_dir), "--port", port, stdout=PIPE, stderr=PIPE)
        out, error = await asyncio.wait_for(refused.communicate(), PATIENCE)
    assert refused.returncode == 2
    assert out == b""
    assert f"port {port} is taken" in error.decode()
    assert error.decode().count("\n") == 1


def _children(data_dir: Path) -> dict[str, int]:
    records = json.loads(DataDirectory(data_dir).children.read_text())
    return {record["name"]: record["pid"] for record in records}
