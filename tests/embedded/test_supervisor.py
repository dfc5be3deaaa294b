import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from infra.embedded.children import Children, Program
from infra.embedded.data_directory import DataDirectory
from infra.embedded.errors import PartFailedError
from infra.embedded.supervisor import Part, Supervisor
from infra.embedded.waiting import becomes_true

# Writes a line when it is ready and one when it was told to stop.
STORYTELLER = """
import signal, sys, threading
name, story = sys.argv[1:]
def tell(what):
    with open(story, "a") as file:
        file.write(f"{name} {what}\\n")
told = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: told.set())
tell("up")
told.wait()
tell("down")
"""


class Stage:
    """A supervisor with parts whose story can be read."""

    def __init__(self, supervisor: Supervisor, story: Path, reports: list[str]) -> None:
        self.supervisor = supervisor
        self.reports = reports
        self._story = story

    @property
    def lines(self) -> list[str]:
        return self._story.read_text().splitlines() if self._story.exists() else []

    def part(self, name: str, pids: list[int]) -> Part:
        seen = len(self.lines)

        async def prepare() -> Program:
            nonlocal seen
            seen = len(self.lines)
            return Program(name, (sys.executable, "-c", STORYTELLER, name, str(self._story)))

        async def probe(pid: int) -> bool:
            if f"{name} up" not in self.lines[seen:]:
                return False
            pids.append(pid)
            return True

        return Part(prepare, probe)


@pytest.fixture
async def stage(directory: DataDirectory) -> AsyncIterator[Stage]:
    reports: list[str] = []
    async with Children.of(directory) as children:
        supervisor = Supervisor(children, reports.append)
        yield Stage(supervisor, directory.path / "story", reports)
        await supervisor.stop()


async def test_parts_are_stopped_in_reverse_order(stage: Stage) -> None:
    await stage.supervisor.start(stage.part("first", []))
    await stage.supervisor.start(stage.part("second", []))
    await stage.supervisor.stop()
    assert stage.lines == ["first up", "second up", "second down", "first down"]
    assert stage.reports == []


async def test_a_part_that_dies_is_started_again_and_reported_in_one_line(stage: Stage) -> None:
    pids: list[int] = []
    await stage.supervisor.start(stage.part("worker", pids))
    os.kill(pids[0], signal.SIGKILL)
    assert await becomes_true(lambda: len(pids) == 2, within=30)
    assert stage.reports == ["worker ended (code -9); starting it again"]
    await stage.supervisor.stop()
    assert stage.lines == ["worker up", "worker up", "worker down"]


async def test_if_one_of_several_parts_fails_none_of_them_stays(stage: Stage) -> None:
    async def prepare() -> Program:
        return Program("api", (sys.executable, "-c", "raise SystemExit(3)"))

    async def never(_pid: int) -> bool:
        return False

    with pytest.raises(PartFailedError, match="api ended with code 3"):
        await stage.supervisor.start(stage.part("worker", []), Part(prepare, never))
    assert stage.lines == ["worker up", "worker down"]
