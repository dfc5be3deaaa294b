"""What the tests of the embedded installation share: throw-away data directories and a look at processes."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from infra.embedded.data_directory import DataDirectory

ProcessesOf = Callable[[Path], set[int]]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Not below pytest's own folder: as root, the server's user has to be able to pass, and the path to be short."""
    with tempfile.TemporaryDirectory(prefix="yingshao-test-") as folder:
        yield Path(folder) / "data"


@pytest.fixture
def directory(data_dir: Path) -> DataDirectory:
    made = DataDirectory(data_dir)
    made.create()
    return made


@pytest.fixture
def processes_of() -> ProcessesOf:
    """The processes that work in a data directory or were started for it: all of them inherit one open lock."""

    def look(data_dir: Path) -> set[int]:
        lock = str(DataDirectory(data_dir).children_lock)
        found = set()
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.cwd().startswith(str(data_dir)) or lock in {file.path for file in process.open_files()}:
                    found.add(process.pid)
        return found

    return look


def has_ended(process: psutil.Process) -> bool:
    """Whether the process runs no more; that nobody asked for its exit code yet does not matter."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process that has nothing to do with the installation."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield process
        process.kill()
