"""`kill -9` of every part, and of the whole, while reports and commands keep coming: nothing answered is lost."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from api.tokens import Claims, Tokens
from infra.embedded.data_directory import DataDirectory
from tests.driving import until
from workflows.contracts.vocabulary import Role

_PARTS = ("worker", "temporal", "api", "postgres")
_REPORT = {
    "source": "chaos",
    "kind": "help",
    "title": "路灯不亮",
    "description": "巷口的路灯坏了三天",
    "region_code": "990102001001",
}


class Up:
    """A running `yingshao up`, and what it answered with success."""

    def __init__(self, folder: Path) -> None:
        self.directory = DataDirectory(folder / "data")
        self.registered: set[str] = set()
        self.accepted: set[str] = set()
        self._log = folder / "up.log"
        self.process = self.start()
        claims = Claims.model_validate({"sub": "dispatcher-1", "role": Role.DISPATCHER})
        self._token = Tokens(self.directory.token_secret()).issue(claims)

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "cli.main", "up", "--data-dir", str(self.directory.path)]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        return self.process

    async def url(self) -> str:
        """Where the API is, once it is ready."""

        async def published() -> str | None:
            assert self.process.poll() is None, self._log.read_text()
            running = self.directory.running()
            return running.api_url if running and running.pid == self.process.pid else None

        url: str = await until(published, "the installation is ready")
        return url

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        headers = {"authorization": f"Bearer {self._token}"}
        base = f"{await self.url()}/api/v1"
        async with httpx.AsyncClient(base_url=base, headers=headers, timeout=15, trust_env=False) as http:
            yield http

    async def keep_reporting(self) -> None:
        """Reports and accepts without end, and notes only what was answered with success."""
        async with self.client() as http:
            while True:
                try:
                    answer = await http.post("/cases", json=_REPORT)
                    if answer.status_code == httpx.codes.CREATED:
                        case_no = answer.json()["case_no"]
                        self.registered.add(case_no)
                        accepted = await http.post(f"/cases/{case_no}/accept", json={})
                        if accepted.is_success:
                            self.accepted.add(case_no)
                except httpx.HTTPError:
                    await asyncio.sleep(0.05)

    def pid_of(self, part: str) -> int | None:
        try:
            records = json.loads(self.directory.children.read_text())
        except FileNotFoundError:
            return None
        return next((record["pid"] for record in records if record["name"] == part), None)

    async def kill_and_see_it_again(self, part: str) -> None:
        """Kills the part at once and waits until another process has taken its place and work goes on."""
        killed = self.pid_of(part)
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        before = len(self.accepted)

        async def goes_on() -> bool:
            return self.pid_of(part) not in {None, killed} and len(self.accepted) > before + 3

        await until(goes_on, f"work goes on after the {part} was killed")

    def audit(self) -> dict[str, object]:
        command = [sys.executable, "-P", "-m", "cli.main", "audit", "--json", "--data-dir", str(self.directory.path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        report: dict[str, object] = json.loads(done.stdout)
        return {**report, "exit": done.returncode}


@pytest.fixture
def up() -> Iterator[Up]:
    with tempfile.TemporaryDirectory(prefix="yingshao-") as folder:
        installation = Up(Path(folder))
        yield installation
        installation.process.send_signal(signal.SIGTERM)
        installation.process.wait(timeout=60)


async def test_nothing_that_was_answered_is_lost_when_parts_and_then_the_whole_are_killed(up: Up) -> None:
    await up.url()
    reporting = asyncio.create_task(up.keep_reporting())
    for part in _PARTS:
        await up.kill_and_see_it_again(part)
    up.process.kill()
    up.process.wait()
    reporting.cancel()
    await asyncio.wait([reporting])
    up.start()
    async with up.client() as http:

        async def settled() -> dict[str, object] | None:
            report = up.audit()
            return report if report["pending"] == 0 else None

        report = await until(settled, "every report has its workflow")
        assert report["exit"] == 0, report
        faults = ("missing", "unowned", "gaps", "conflicts")
        assert {fault: report[fault] for fault in faults} == {fault: [] for fault in faults}
        for case_no in up.registered:
            answer = await http.get(f"/cases/{case_no}")
            assert answer.status_code == httpx.codes.OK, case_no
            assert answer.json()["status"] == "accepted" or case_no not in up.accepted
