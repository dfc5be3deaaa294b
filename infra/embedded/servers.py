"""The embedded servers as one thing: started together, watched over, stopped in order."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from infra.embedded.children import Children
from infra.embedded.data_directory import DataDirectory, RunningInstance
from infra.embedded.errors import DataDirectoryInUseError
from infra.embedded.ports import HOST, on_a_free_port
from infra.embedded.postgres import PostgresServer
from infra.embedded.supervisor import Part, Supervisor
from infra.embedded.temporal import USUAL_PORT, TemporalServer

Report = Callable[[str], None]
"""Is told in one line what happened to a part."""

Prepare = Callable[[str], Awaitable[None]]
"""Brings the database at the given URL up to date."""

_NONE: Mapping[str, str] = MappingProxyType({})

_ATTACH_WITHIN = 60.0


class EmbeddedServers:
    """PostgreSQL and, unless it is not wanted, Temporal on one data directory, for as long as the context lasts.

    `command` is what another process on the same directory is told about us. `search_attributes` maps names to
    Temporal's types (`Keyword`, `Datetime`, …), `dynamic_config` Temporal's settings to JSON values,
    `postgres_settings` PostgreSQL's to theirs.

    Entering raises:
        EmbeddedError: `data_directory_in_use`, `data_directory_unusable` or `part_failed`; nothing is left running.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        command: str,
        report: Report,
        with_temporal: bool = True,
        search_attributes: Mapping[str, str] = _NONE,
        dynamic_config: Mapping[str, str] = _NONE,
        postgres_settings: Mapping[str, str] = _NONE,
    ) -> None:
        self.directory = DataDirectory(data_dir)
        self._command = command
        self._report = report
        self._temporal = (
            TemporalServer(self.directory, search_attributes=search_attributes, dynamic_config=dynamic_config)
            if with_temporal
            else None
        )
        self._postgres_settings = postgres_settings

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.directory.held(self._command))
            children = await stack.enter_async_context(Children.of(self.directory))
            postgres = PostgresServer(self.directory, children, settings=self._postgres_settings, report=self._report)
            stack.callback(postgres.clean_up)
            self._supervisor = Supervisor(children, self._report)
            stack.push_async_callback(self._supervisor.stop)
            await self.run(Part(postgres.prepare, postgres.accepts_connections))
            self.database_url = postgres.database_url
            self.temporal_address = await self._start_temporal(self._temporal) if self._temporal else None
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    @property
    def instance(self) -> RunningInstance:
        """Where the servers are reached."""
        return RunningInstance(pid=os.getpid(), database_url=self.database_url, temporal_address=self.temporal_address)

    async def run(self, *parts: Part) -> None:
        """Runs further parts until the end, each started again whenever it dies; returns when all are ready.

        Raises:
            PartFailedError: if one does not get ready; then none of them runs.
        """
        await self._supervisor.start(*parts)

    async def _start_temporal(self, server: TemporalServer) -> str:
        async def start(port: int) -> None:
            await self.run(Part(partial(server.program, port), partial(server.is_ready, port=port)))

        return f"{HOST}:{await on_a_free_port(USUAL_PORT, start)}"


@asynccontextmanager
async def attach_or_start(servers: EmbeddedServers, prepare: Prepare) -> AsyncIterator[RunningInstance]:
    """For a short-lived command: the installation that runs on the directory, else these servers, started for it.

    Waits a minute for an installation that is just starting, or for another short-lived command to end.

    Raises:
        EmbeddedError: as entering `EmbeddedServers` does.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _ATTACH_WITHIN
    async with AsyncExitStack() as stack:
        while (instance := servers.directory.running()) is None:
            try:
                await stack.enter_async_context(servers)
            except DataDirectoryInUseError:
                if loop.time() > deadline:
                    raise
                await asyncio.sleep(0.2)
            else:
                await prepare(servers.database_url)
                instance = servers.instance
                break
        yield instance
