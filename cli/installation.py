"""The embedded installation: what it consists of, how all of it is run, and how a short command gets at it."""

import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import httpx
import typer
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from infra.calendars import published_window
from infra.channel_tables import ChannelTable
from infra.cities.load import YUNJIANG, CityLoader
from infra.cities.pack import CityPack
from infra.cities.reader import read_city
from infra.database import database
from infra.directory_tables import CityRow
from infra.embedded.children import Program
from infra.embedded.data_directory import RunningInstance
from infra.embedded.errors import PortTakenError
from infra.embedded.ports import HOST, any_free_port, is_free, listens, on_a_free_port
from infra.embedded.servers import EmbeddedServers, Prepare, attach_or_start
from infra.embedded.supervisor import Part, Probe
from infra.migrate import migrate
from workflows.contracts.search_attributes import REGISTRY

_USUAL_PORT = 8080
_PROBE_TIMEOUT = 5.0


@dataclass(frozen=True)
class Installation:
    """What there is beside the two servers: command lines of worker and API, and further settings (`env`) of both."""

    prepare: Prepare
    search_attributes: Mapping[str, str]
    worker: tuple[str, ...]
    api: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)

    def servers(self, data_dir: Path, command: str, *, with_temporal: bool = True) -> EmbeddedServers:
        """The servers on this directory, not started yet; what they report goes to stderr."""
        return EmbeddedServers(
            data_dir,
            command=f"yingshao {command}",
            report=partial(typer.echo, err=True),
            with_temporal=with_temporal,
            search_attributes=self.search_attributes,
        )


@asynccontextmanager
async def running(
    servers: EmbeddedServers, installation: Installation, port: int | None = None
) -> AsyncIterator[RunningInstance]:
    """Everything up: servers, database prepared, worker, and the API answering `GET /ready`.

    Worker and API get their settings as `YINGSHAO_…`. Without a `port` the API takes the usual one if it is free,
    else another.

    Raises:
        EmbeddedError: if the directory or the given port is taken, or a part does not come up.
    """
    before = servers.directory.published()
    # What an earlier run left over holds its port until the servers start, which ends it first.
    if port is not None and not is_free(port) and (before is None or before.api_url != f"http://{HOST}:{port}"):
        raise PortTakenError(f"port {port} is taken; choose another --port, or leave it out to have one found")
    async with servers:
        await installation.prepare(servers.database_url)
        metrics_port = any_free_port()

        async def start(api_port: int) -> None:
            env = {
                **installation.env,
                "YINGSHAO_DATABASE_URL": servers.database_url,
                "YINGSHAO_TEMPORAL_ADDRESS": servers.temporal_address or "",
                "YINGSHAO_TOKEN_SECRET": servers.directory.token_secret(),
                "YINGSHAO_PORT": str(api_port),
            }
            worker = Program("worker", installation.worker, {**env, "YINGSHAO_METRICS_PORT": str(metrics_port)})
            api = Program("api", installation.api, env)
            await servers.run(part(worker, _at_once), part(api, partial(_answers_ready, port=api_port)))

        if port is None:
            port = await on_a_free_port(_USUAL_PORT, start)
        else:
            await start(port)
        reached = {"api_url": f"http://{HOST}:{port}", "worker_metrics_url": f"http://{HOST}:{metrics_port}/metrics"}
        instance = servers.instance.model_copy(update=reached)
        servers.directory.publish(instance)
        yield instance


@asynccontextmanager
async def reachable(data_dir: Path, command: str, *, with_temporal: bool) -> AsyncIterator[RunningInstance]:
    """The installation that runs on the directory, or one that is started for this command and stopped after it."""
    servers = INSTALLATION.servers(data_dir, command, with_temporal=with_temporal)
    async with attach_or_start(servers, INSTALLATION.prepare) as instance:
        yield instance


def part(program: Program, probe: Probe) -> Part:
    """A part that is the same program at every start."""

    async def prepare() -> Program:
        return program

    return Part(prepare, probe)


async def _at_once(_pid: int) -> bool:
    return True


async def _answers_ready(pid: int, port: int) -> bool:
    if not listens(pid, port):
        return False
    try:
        # trust_env would send a request to this very machine through a proxy.
        async with httpx.AsyncClient(trust_env=False, timeout=_PROBE_TIMEOUT) as client:
            answer = await client.get(f"http://{HOST}:{port}/ready")
    except httpx.HTTPError:
        return False
    return answer.is_success


async def _prepare(database_url: str) -> None:
    """Migrations, and the city that comes along unless one is loaded."""
    await migrate(database_url)
    async with database(database_url, pool_size=1) as sessions, sessions.begin() as session:
        if await session.scalar(select(CityRow.code)) is None:
            await _load(session, read_city(YUNJIANG))


async def renew_own_city(database_url: str) -> None:
    """Loads the city that comes along again where it is from a version that mediated nothing."""
    async with database(database_url, pool_size=1) as sessions, sessions.begin() as session:
        if await session.scalar(select(ChannelTable.version).limit(1)) is None:
            pack = read_city(YUNJIANG)
            if await session.scalar(select(CityRow.code)) == pack.city.code:
                await _load(session, pack)


async def _load(session: AsyncSession, pack: CityPack) -> None:
    await CityLoader(lambda: datetime.now(UTC), published_window).load(session, pack)


def _program(name: str) -> tuple[str, ...]:
    # -P: a folder named `cli` where the command happens to be started must not take the place of ours.
    return (sys.executable, "-P", "-m", "cli.main", name)


INSTALLATION = Installation(
    prepare=_prepare, search_attributes=REGISTRY, worker=_program("worker"), api=_program("api")
)
