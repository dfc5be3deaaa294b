"""A running `yingshao up` whose parts can be killed, and what it answered with success."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from api.tokens import Claims, Tokens
from infra.embedded.data_directory import DataDirectory, RunningInstance
from tests.driving import until
from workflows.contracts.vocabulary import Role

_REPORT = {
    "source": "chaos",
    "kind": "help",
    "title": "路灯不亮",
    "description": "巷口的路灯坏了三天",
    "region_code": "990102001001",
}


class Up:
    """The installation in `folder`; `registered` and `accepted` are the cases for which it answered so."""

    def __init__(self, folder: Path) -> None:
        self.directory = DataDirectory(folder / "data")
        self.registered: set[str] = set()
        self.accepted: set[str] = set()
        self._log = folder / "up.log"
        self.process = self.start()
        claims = Claims.model_validate({"sub": "dispatcher-1", "role": Role.DISPATCHER})
        self._token = Tokens(self.directory.token_secret()).issue(claims)

    def start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(self.command("up"), stdout=log, stderr=log)
        return self.process

    def command(self, *words: str) -> list[str]:
        """A command line that concerns this installation."""
        return [sys.executable, "-P", "-m", "cli.main", *words, "--data-dir", str(self.directory.path)]

    async def ready(self) -> RunningInstance:
        """Where its parts are, once it is ready."""

        async def published() -> RunningInstance | None:
            assert self.process.poll() is None, self._log.read_text()
            running = self.directory.running()
            return running if running and running.pid == self.process.pid and running.api_url else None

        instance: RunningInstance = await until(published, "the installation is ready")
        return instance

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        headers = {"authorization": f"Bearer {self._token}"}
        base = f"{(await self.ready()).api_url}/api/v1"
        async with httpx.AsyncClient(base_url=base, headers=headers, timeout=15, trust_env=False) as http:
            yield http

    async def report(self, http: httpx.AsyncClient) -> str | None:
        """A report; the case's number if it was taken in."""
        answer = await http.post("/cases", json=_REPORT)
        if answer.status_code != httpx.codes.CREATED:
            return None
        case_no: str = answer.json()["case_no"]
        self.registered.add(case_no)
        return case_no

    async def keep_reporting(self) -> None:
        """Reports and accepts without end, and notes only what was answered with success."""
        async with self.client() as http:
            while True:
                try:
                    case_no = await self.report(http)
                    if case_no is not None and (await http.post(f"/cases/{case_no}/accept", json={})).is_success:
                        self.accepted.add(case_no)
                except httpx.HTTPError:
                    await asyncio.sleep(0.05)

    def pid_of(self, part: str) -> int | None:
        try:
            records = json.loads(self.directory.children.read_text())
        except FileNotFoundError:
            return None
        return next((record["pid"] for record in records if record["name"] == part), None)

    def kill(self, part: str) -> int:
        """Kills the part at once; what its process was."""
        killed = self.pid_of(part)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        return killed

    async def kill_and_see_it_again(self, part: str) -> None:
        """Kills the part and waits until another process has taken its place and work goes on."""
        killed = self.kill(part)
        before = len(self.accepted)

        async def goes_on() -> bool:
            return self.pid_of(part) not in {None, killed} and len(self.accepted) > before + 3

        await until(goes_on, f"work goes on after the {part} was killed")

    def audit(self) -> dict[str, object]:
        command = self.command("audit", "--json")
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        report: dict[str, object] = json.loads(done.stdout)
        return {**report, "exit": done.returncode}

    async def settled(self) -> dict[str, object]:
        """What the audit says once every report has its workflow."""

        async def nothing_pending() -> dict[str, object] | None:
            report = self.audit()
            return report if report["pending"] == 0 else None

        report: dict[str, object] = await until(nothing_pending, "every report has its workflow")
        return report

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
