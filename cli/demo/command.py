"""`yingshao demo`: the whole installation, sample appeals, the people who see to them, and simulated departments."""

import asyncio
import base64
import secrets
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console

from api.pages.choices import the_city
from api.tokens import Claims, Tokens
from cli import bad_rows
from cli.demo.filing import sample
from cli.demo.run import Stage, perform
from cli.demo.story import Story
from cli.installation import INSTALLATION, part, renew_own_city, running
from cli.options import DEFAULT_DATA_DIR, DataDir
from cli.simulator.configuration import Authority, Configuration, Department
from cli.stopping import until_signalled
from infra.connectors import Connection, connect_units, disconnect_units
from infra.csv_records import BadRow, UnreadableFile
from infra.database import Sessions, database
from infra.embedded.children import Program
from infra.embedded.data_directory import RunningInstance, write_whole
from infra.embedded.ports import HOST, listens, on_a_free_port
from infra.intake import Report
from infra.report_csv import read_reports
from infra.temporal import connect
from workflows.contracts.vocabulary import Role


async def _prepare(database_url: str) -> None:
    await INSTALLATION.prepare(database_url)
    # A directory of an earlier version would leave the disputes of the story without anybody to mediate them.
    await renew_own_city(database_url)


_REHEARSAL = replace(INSTALLATION, prepare=_prepare, env={"YINGSHAO_POLICY": "rehearsal", "YINGSHAO_REHEARSAL": "true"})
_USUAL_SIMULATOR_PORT = 8090
_TIMEOUT_SECONDS = 30.0


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""

    @app.command()
    def demo(
        cases: Annotated[
            int | None, typer.Option(min=0, help="样例诉求件数，默认全部 · how many of the sample appeals; default all")
        ] = None,
        file: Annotated[
            Path | None, typer.Option(help="另加的诉求 CSV · further appeals, as `import` takes them")
        ] = None,
        leave: Annotated[bool, typer.Option("--exit", help="演示结束即退出 · leave when it is over")] = False,
        as_json: Annotated[
            bool, typer.Option("--json", help="末行输出 JSON 汇总 · summary as JSON on the last line")
        ] = False,
        data_dir: DataDir = DEFAULT_DATA_DIR,
        port: Annotated[
            int | None, typer.Option(min=1, max=65535, help="接口端口，默认 8080 · port of the API")
        ] = None,
    ) -> int:
        """演示：样例诉求走完全程，时限以秒计，委办局由模拟程序扮演 · real appeals at a rehearsal's pace."""
        made = Demo(data_dir, sample(cases) + _further(file), as_json=as_json, leave=leave)
        asyncio.run(until_signalled(made.run(port)))
        if made.exit_code is None:
            typer.echo("演示未完即被中断；数据保留，下次演示接着办完 · interrupted before its end", err=True)
            return 1
        return made.exit_code


def _further(file: Path | None) -> list[Report]:
    if file is None:
        return []
    try:
        rows = read_reports(file, "file")
    except UnreadableFile as error:
        raise typer.BadParameter(f"--file: {error}") from None
    bad_rows.tell(file, [row for row in rows if isinstance(row, BadRow)])
    reports = [row for row in rows if isinstance(row, Report)]
    if not reports:
        raise typer.BadParameter(f"--file: {file} has no row that can be reported")
    return reports


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


class Demo:
    """One start of the demo. `exit_code`: 0 if nothing is lost and every case has ended, 1 if not, None before."""

    def __init__(self, data_dir: Path, reports: Sequence[Report], *, as_json: bool, leave: bool) -> None:
        if not reports:
            raise typer.BadParameter("nothing to report: give --cases or --file")
        self.exit_code: int | None = None
        self._console = Console(stderr=True)
        self._servers = _REHEARSAL.servers(data_dir, "demo")
        self._tokens = Tokens(self._servers.directory.token_secret())
        self._story = Story.read()
        self._reports = reports
        self._as_json = as_json
        self._leave = leave

    async def run(self, port: int | None) -> None:
        """Starts everything, has the cases carried to their end, and tells what came of it."""
        self._console.print("正在启动数据库、流程引擎、工作进程与接口 · starting …")
        async with running(self._servers, _REHEARSAL, port) as instance:
            typer.echo(f"ready {instance.api_url}")
            async with database(instance.database_url) as sessions, self._stage(instance, sessions) as stage:
                summary = await perform(stage, self._story, self._reports, self._console)
                self.exit_code = 0 if summary.is_whole else 1
                summary.print_to(self._console if self._as_json else Console(), stage.levels)
                if not self._leave:
                    token = self._tokens.issue(Claims(sub="demo", role=Role.SUPERVISOR))
                    self._tell(f"案件列表 cases: {instance.api_url}/login?token={token}")
                    self._tell("按 Ctrl-C 停止，数据保留 · Ctrl-C stops everything and keeps the data")
                if self._as_json:
                    typer.echo(summary.model_dump_json())
                if not self._leave:
                    await asyncio.Event().wait()

    def _tell(self, line: str) -> None:
        self._console.print(line, soft_wrap=True, markup=False)

    @asynccontextmanager
    async def _stage(self, instance: RunningInstance, sessions: Sessions) -> AsyncIterator[Stage]:
        """With the simulator running and the departments connected to it, for as long as the context lasts."""
        api_url = instance.api_url or ""
        departments = [
            Department(
                unit_id=unit_id,
                secret=_new_secret(),
                token=self._tokens.issue(Claims(sub=f"system-{unit_id}", role=Role.SYSTEM, unit=unit_id)),
                **behaviour.model_dump(),
            )
            for unit_id, behaviour in self._story.systems.items()
        ]
        authorities = [
            Authority(unit_id=unit_id, system=system, secret=_new_secret())
            for unit_id, system in self._story.authorities.items()
        ]
        played = Configuration(departments=tuple(departments), authorities=tuple(authorities))
        told = self._servers.directory.path / "simulator.json"
        write_whole(told, played.model_dump_json())
        try:
            simulator_url = f"http://{HOST}:{await self._start_simulator(api_url, told)}"
            with_secrets = [(one.unit_id, one.secret) for one in departments]
            with_secrets += [(one.unit_id, one.secret) for one in authorities]
            connections = {
                unit_id: Connection(f"{simulator_url}/units/{unit_id}/signals", secret)
                for unit_id, secret in with_secrets
            }
            async with sessions.begin() as session:
                await connect_units(session, connections)
                levels = (await the_city(session)).levels
            client = await connect(instance.temporal_address or "")
            # trust_env would send a request to this very machine through a proxy.
            async with httpx.AsyncClient(base_url=api_url, timeout=_TIMEOUT_SECONDS, trust_env=False) as http:
                yield Stage(http, sessions, client, self._tokens, simulator_url, self._story.systems.keys(), levels)
        finally:
            told.unlink(missing_ok=True)
            # Nobody will listen there any more; a later `up` on the directory must not send signals into the void.
            async with sessions.begin() as session:
                await disconnect_units(session, [*self._story.systems, *self._story.authorities])

    async def _start_simulator(self, api_url: str, told: Path) -> int:
        async def start(port: int) -> None:
            async def probe(pid: int) -> bool:
                return listens(pid, port)

            argv = (sys.executable, "-P", "-m", "cli.simulator", "--api", api_url, "--config", str(told))
            await self._servers.run(part(Program("simulator", (*argv, "--port", str(port))), probe))

        return await on_a_free_port(_USUAL_SIMULATOR_PORT, start)
