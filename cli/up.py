"""`yingshao up`: the whole installation, embedded, until it is told to stop."""

import asyncio
import signal
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

import httpx
import typer

from cli.options import DEFAULT_DATA_DIR, DataDir
from infra.embedded.children import Program
from infra.embedded.data_directory import RunningInstance
from infra.embedded.errors import PortTakenError
from infra.embedded.ports import HOST, any_free_port, is_free, listens, on_a_free_port
from infra.embedded.servers import EmbeddedServers, Prepare
from infra.embedded.supervisor import Part, Probe

_USUAL_PORT = 8080
_PROBE_TIMEOUT = 5.0


@dataclass(frozen=True)
class Installation:
    """What the embedded installation consists of beside the two servers: command lines of worker and API among it."""

    prepare: Prepare
    search_attributes: Mapping[str, str]
    worker: tuple[str, ...]
    api: tuple[str, ...]


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
    if port is not None and not is_free(port) and servers.directory.running() is None:
        raise PortTakenError(f"port {port} is taken; choose another --port, or leave it out to have one found")
    async with servers:
        await installation.prepare(servers.database_url)
        metrics_port = any_free_port()

        async def start(api_port: int) -> None:
            env = {
                "YINGSHAO_DATABASE_URL": servers.database_url,
                "YINGSHAO_TEMPORAL_ADDRESS": servers.temporal_address or "",
                "YINGSHAO_TOKEN_SECRET": servers.directory.token_secret(),
                "YINGSHAO_PORT": str(api_port),
            }
            await servers.run(
                _part(
                    Program("worker", installation.worker, {**env, "YINGSHAO_METRICS_PORT": str(metrics_port)}),
                    _at_once,
                ),
                _part(Program("api", installation.api, env), partial(_answers_ready, port=api_port)),
            )

        if port is None:
            port = await on_a_free_port(_USUAL_PORT, start)
        else:
            await start(port)
        reached = {"api_url": f"http://{HOST}:{port}", "worker_metrics_url": f"http://{HOST}:{metrics_port}/metrics"}
        instance = servers.instance.model_copy(update=reached)
        servers.directory.publish(instance)
        yield instance


async def until_signalled(work: Coroutine[Any, Any, None]) -> None:
    """Runs `work` to its end, or until the process is told to stop: then cancels it, once, and lets it clean up."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(work)
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Under nohup a closed terminal is no reason to stop.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            loop.add_signal_handler(number, told.set)
    waiting = asyncio.create_task(told.wait())
    await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
    if waiting.done():
        task.cancel()
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await task


def register(app: typer.Typer, installation: Installation) -> None:
    """Adds the command to the application."""

    @app.command()
    def up(
        data_dir: DataDir = DEFAULT_DATA_DIR,
        port: Annotated[
            int | None,
            typer.Option(min=1, max=65535, envvar="YINGSHAO_PORT", help="接口端口,默认 8080 · port of the API"),
        ] = None,
    ) -> None:
        """启动整套系统:数据库、流程引擎、工作进程与接口,直到 Ctrl-C · run everything until told to stop."""
        servers = EmbeddedServers(
            data_dir, command="yingshao up", report=_report, search_attributes=installation.search_attributes
        )
        asyncio.run(until_signalled(_serve(servers, installation, port)))


async def _serve(servers: EmbeddedServers, installation: Installation, port: int | None) -> None:
    async with running(servers, installation, port) as instance:
        typer.echo(f"ready {instance.api_url}")
        await asyncio.Event().wait()


def _report(line: str) -> None:
    typer.echo(line, err=True)


def _part(program: Program, probe: Probe) -> Part:
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
