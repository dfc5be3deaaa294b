import json
import os
import shutil
import signal
import socket
import stat
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from infra.database import database
from infra.embedded.data_directory import DataDirectory
from infra.embedded.errors import DataDirectoryUnusableError
from infra.embedded.ports import HOST
from infra.embedded.servers import EmbeddedServers, attach_or_start
from infra.embedded.temporal import USUAL_PORT, TemporalServer
from infra.embedded.waiting import becomes_true
from tests.embedded.conftest import ProcessesOf


def _servers(
    data_dir: Path, report: Callable[[str], None] = lambda _: None, *, with_temporal: bool = True
) -> EmbeddedServers:
    return EmbeddedServers(
        data_dir,
        command="a test",
        report=report,
        with_temporal=with_temporal,
        search_attributes={"CaseStatus": "Keyword", "Regions": "KeywordList"},
    )


async def _answer(database_url: str, statement: str) -> object:
    async with database(database_url, pool_size=1) as sessions, sessions() as session:
        return await session.scalar(text(statement))


def _socket_folder(servers: EmbeddedServers) -> Path:
    folder = make_url(servers.database_url).query["host"]
    assert isinstance(folder, str)
    return Path(folder)


def _mode(path: Path) -> int | None:
    return stat.S_IMODE(path.stat().st_mode) if path.exists() else None


async def test_both_servers_answer_and_nothing_is_left_when_they_are_stopped(
    data_dir: Path, processes_of: ProcessesOf
) -> None:
    async with _servers(data_dir) as servers:
        assert await _answer(servers.database_url, "select current_database()") == "yingshao"
        assert await _answer(servers.database_url, "show fsync") == "on"
        assert await _answer(servers.database_url, "show listen_addresses") == ""
        client = await Client.connect(servers.temporal_address or "")
        namespace = await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
        assert namespace.config.workflow_execution_retention_ttl.ToTimedelta().days == 90
        known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace="default"))
        assert {"CaseStatus", "Regions"} <= set(known.custom_attributes)
        assert processes_of(data_dir) - {os.getpid()}
    assert processes_of(data_dir) == set()


async def test_a_server_that_is_killed_comes_back_at_the_same_place(data_dir: Path) -> None:
    reports: list[str] = []
    async with _servers(data_dir, reports.append) as servers:
        reports.clear()
        for child in json.loads(servers.directory.children.read_text()):
            os.kill(child["pid"], signal.SIGKILL)
        client = await Client.connect(servers.temporal_address or "", lazy=True)

        async def both_answer() -> bool:
            with suppress(OSError, SQLAlchemyError, RPCError, RuntimeError):
                await _answer(servers.database_url, "select 1")
                await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace="default"))
                return len(reports) == 2
            return False

        assert await becomes_true(both_answer, within=60)
    assert sorted(reports) == [f"{name} ended (code -9); starting it again" for name in ("postgres", "temporal")]


async def test_other_ports_are_found_when_the_usual_one_is_taken(data_dir: Path) -> None:
    with ExitStack() as stack:
        # Taken by whoever came first: us, or something that runs on this machine anyway.
        with suppress(OSError):
            stack.enter_context(socket.create_server((HOST, USUAL_PORT)))
        async with _servers(data_dir) as servers:
            assert servers.temporal_address != f"{HOST}:{USUAL_PORT}"


async def test_a_long_and_unusual_path_is_no_obstacle(data_dir: Path) -> None:
    folder = data_dir / "综治 中心" / ("long" * 30)
    async with _servers(folder) as servers:
        assert await _answer(servers.database_url, "select 1") == 1
        socket_folder = _socket_folder(servers)
        assert not socket_folder.is_relative_to(folder)
        assert _mode(socket_folder) == 0o700
    assert _mode(socket_folder) is None


async def test_a_stale_pid_file_does_not_keep_postgresql_from_starting(data_dir: Path) -> None:
    async with _servers(data_dir, with_temporal=False):
        pass
    # As after kill -9 and a restart of the machine: the number belongs to another program now.
    (data_dir / "postgres" / "postmaster.pid").write_text(f"{os.getppid()}\n{data_dir}\n1\n5432\n\n\n\nready\n")
    async with _servers(data_dir, with_temporal=False) as servers:
        assert await _answer(servers.database_url, "select 1") == 1


async def test_a_half_made_cluster_is_made_anew(data_dir: Path) -> None:
    half_made = data_dir / "postgres.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18")
    async with _servers(data_dir, with_temporal=False) as servers:
        assert await _answer(servers.database_url, "select 1") == 1
    assert not half_made.exists()


async def test_what_people_wrote_does_not_get_into_the_log_of_postgresql(data_dir: Path) -> None:
    async with _servers(data_dir, with_temporal=False) as servers:
        with pytest.raises(SQLAlchemyError):
            await _answer(servers.database_url, "select cast('王阿姨 13800000000' as integer)")
    assert "13800000000" not in (data_dir / "logs" / "postgres.log").read_text()


async def test_the_file_of_another_temporal_version_is_refused(directory: DataDirectory) -> None:
    server = TemporalServer(directory, search_attributes={}, dynamic_config={})
    file = directory.temporal / "temporal.db"
    file.write_text("")
    (directory.temporal / "version").write_text("Temporal Server 1.2.3")
    with pytest.raises(DataDirectoryUnusableError, match=r"Server 1\.2\.3, this is Temporal Server .* move .* away"):
        await server.program(1)
    assert file.exists()


async def test_a_temporal_file_that_was_never_finished_is_made_anew(directory: DataDirectory) -> None:
    file = directory.temporal / "temporal.db"
    file.write_text("half a schema")
    await TemporalServer(directory, search_attributes={}, dynamic_config={}).program(1)
    assert not file.exists()


async def test_a_short_command_uses_what_runs_and_starts_what_does_not(
    data_dir: Path, processes_of: ProcessesOf
) -> None:
    prepared: list[str] = []

    async def prepare(database_url: str) -> None:
        prepared.append(database_url)

    async with attach_or_start(_servers(data_dir, with_temporal=False), prepare) as started:
        assert prepared == [started.database_url]
        assert started.temporal_address is None
        published = started.model_copy(update={"api_url": "http://127.0.0.1:1"})
        DataDirectory(data_dir).publish(published)
        async with attach_or_start(_servers(data_dir), prepare) as attached:
            assert attached == published
        assert await _answer(started.database_url, "select 1") == 1
    assert len(prepared) == 1
    assert processes_of(data_dir) == set()


async def test_a_folder_that_was_deleted_under_it_keeps_nothing_running(data_dir: Path) -> None:
    before = set(psutil.Process().children(recursive=True))
    async with _servers(data_dir):
        children = set(psutil.Process().children(recursive=True)) - before
        shutil.rmtree(data_dir)
    assert children
    assert [child for child in children if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []
