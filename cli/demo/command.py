"""`yingshao demo`: the whole installation, sample appeals, the people who see to them, and simulated departments."""

import asyncio
import base64
import secrets
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import httpx
import typer
import yaml
from rich.console import Console

from api.tokens import Claims, Tokens
from cli.demo.appeals import from_file, sample
from cli.demo.run import Stage, perform
from cli.demo.summary import Summary
from cli.options import DEFAULT_DATA_DIR, DataDir
from cli.simulator.configuration import Behaviour, Configuration, Department
from cli.up import Installation, running, until_signalled
from infra.connectors import Connection, connect_units, disconnect_units
from infra.database import Sessions, database
from infra.embedded.children import Program
from infra.embedded.data_directory import RunningInstance, write_whole
from infra.embedded.ports import HOST, listens, on_a_free_port
from infra.embedded.servers import EmbeddedServers
from infra.embedded.supervisor import Part
from infra.intake import Report
from infra.report_csv import UnreadableFile
from infra.temporal import connect
from workflows.contracts.vocabulary import Role

_DEPARTMENTS = Path(__file__).parent / "departments.yaml"
_USUAL_SIMULATOR_PORT = 8090
_TIMEOUT_SECONDS = 30.0
_BAD_ROWS_SHOWN = 20
_POLICY = "rehearsal"


def register(app: typer.Typer, installation: Installation) -> None:
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
        made = Demo(installation, data_dir, port, _reports(cases, file), as_json=as_json, leave=leave)
        asyncio.run(until_signalled(made.run()))
        return made.exit_code


def _reports(cases: int | None, file: Path | None) -> list[Report]:
    reports = sample(cases)
    if file is not None:
        try:
            more, bad = from_file(file)
        except UnreadableFile as error:
            raise typer.BadParameter(f"--file: {error}") from None
        reports += more
        for row in bad[:_BAD_ROWS_SHOWN]:
            typer.echo(f"{file}:{row.line}: {row.reason}", err=True)
        if len(bad) > _BAD_ROWS_SHOWN:
            typer.echo(f"… and {len(bad) - _BAD_ROWS_SHOWN} more", err=True)
    if not reports:
        raise typer.BadParameter("nothing to report: give --cases or --file")
    return reports


class Demo:
    """One start of the demo. `exit_code`: 0 if nothing is lost and every case has ended, else 1."""

    def __init__(
        self,
        installation: Installation,
        data_dir: Path,
        port: int | None,
        reports: Sequence[Report],
        *,
        as_json: bool,
        leave: bool,
    ) -> None:
        self.exit_code = 1
        self._installation = replace(
            installation, worker=_rehearsing(installation.worker), api=_rehearsing(installation.api)
        )
        self._console = Console(stderr=True)
        self._servers = EmbeddedServers(
            data_dir,
            command="yingshao demo",
            report=partial(typer.echo, err=True),
            search_attributes=installation.search_attributes,
        )
        self._port = port
        self._reports = reports
        self._as_json = as_json
        self._leave = leave

    async def run(self) -> None:
        """Starts everything, has the cases carried to their end, and tells what came of it."""
        self._console.print("正在启动数据库、流程引擎、工作进程与接口 · starting …")
        async with running(self._servers, self._installation, self._port) as instance:
            typer.echo(f"ready {instance.api_url}")
            tokens = Tokens(self._servers.directory.token_secret())
            async with database(instance.database_url) as sessions, self._stage(instance, sessions, tokens) as stage:
                summary = await perform(stage, self._reports, self._console)
                self._tell(summary, instance, tokens)
                if not self._leave:
                    await asyncio.Event().wait()

    @asynccontextmanager
    async def _stage(self, instance: RunningInstance, sessions: Sessions, tokens: Tokens) -> AsyncIterator[Stage]:
        """With the simulator running and the departments connected to it, for as long as the context lasts."""
        api_url = instance.api_url or ""
        departments = _departments(tokens)
        simulator_url = f"http://{HOST}:{await self._start_simulator(api_url, departments)}"
        connections = {
            told.unit_id: Connection(f"{simulator_url}/units/{told.unit_id}/signals", told.secret)
            for told in departments
        }
        async with sessions.begin() as session:
            await connect_units(session, connections)
        client = await connect(instance.temporal_address or "")
        # trust_env would send a request to this very machine through a proxy.
        async with httpx.AsyncClient(base_url=api_url, timeout=_TIMEOUT_SECONDS, trust_env=False) as http:
            try:
                yield Stage(http, sessions, client, tokens, simulator_url, connections.keys())
            finally:
                # Nobody will listen there any more; a later `up` on the directory must not send signals into the void.
                async with sessions.begin() as session:
                    await disconnect_units(session, connections)

    async def _start_simulator(self, api_url: str, departments: tuple[Department, ...]) -> int:
        told = self._servers.directory.path / "simulator.json"
        write_whole(told, Configuration(departments=departments).model_dump_json())

        async def start(port: int) -> None:
            argv = (sys.executable, "-P", "-m", "cli.simulator", "--api", api_url, "--config", str(told))
            program = Program("simulator", (*argv, "--port", str(port)))

            async def prepare() -> Program:
                return program

            async def probe(pid: int) -> bool:
                return listens(pid, port)

            await self._servers.run(Part(prepare, probe))

        return await on_a_free_port(_USUAL_SIMULATOR_PORT, start)

    def _tell(self, summary: Summary, instance: RunningInstance, tokens: Tokens) -> None:
        self.exit_code = 0 if summary.is_whole else 1
        summary.print_to(self._console if self._as_json else Console())
        if not self._leave:
            token = tokens.issue(Claims(sub="demo", role=Role.SUPERVISOR))
            self._console.print(f"案件列表 cases: {instance.api_url}/login?token={token}", soft_wrap=True, markup=False)
            self._console.print("按 Ctrl-C 停止，数据保留 · Ctrl-C stops everything and keeps the data")
        if self._as_json:
            typer.echo(summary.model_dump_json())
            sys.stdout.flush()


def _rehearsing(program: tuple[str, ...]) -> tuple[str, ...]:
    return ("env", f"YINGSHAO_POLICY={_POLICY}", "YINGSHAO_REHEARSAL=true", *program)


def _departments(tokens: Tokens) -> tuple[Department, ...]:
    told: dict[str, dict[str, object]] = yaml.safe_load(_DEPARTMENTS.read_text(encoding="utf-8"))
    return tuple(
        Department(
            unit_id=unit_id,
            secret="whsec_" + base64.b64encode(secrets.token_bytes(24)).decode(),
            token=tokens.issue(Claims(sub=f"system-{unit_id}", role=Role.SYSTEM, unit=unit_id)),
            **Behaviour.model_validate(behaviour).model_dump(),
        )
        for unit_id, behaviour in told.items()
    )
