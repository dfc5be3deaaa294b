"""The processes that an installation starts, and those that an earlier run left behind."""

import asyncio
import os
import pwd
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from pydantic import BaseModel, TypeAdapter, ValidationError

from infra.embedded.data_directory import DataDirectory, take, write_whole
from infra.embedded.errors import DataDirectoryInUseError, DataDirectoryUnusableError, PartFailedError
from infra.embedded.waiting import becomes_true

# The child goes on to its program only when it is told to, after it was recorded. If we are killed in between, it
# reads the end of the file and ends too, so there is never a child that nobody knows of.
_WAIT_TO_BE_RECORDED = ("/bin/sh", "-c", 'read -r recorded && exec "$@" </dev/null', "sh")

# Start times are derived from the system clock, which may be set a little between two readings.
_SAME_START = 2.0

_LEFT_OVER_PATIENCE = 30.0


@dataclass(frozen=True)
class Program:
    """What to run as a child process.

    `env` comes on top of our own environment. `stop_signals` are sent one after the other, `patience` seconds apart,
    until the process has ended; SIGKILL is the last resort. `user` is the system user to run as, None for our own.
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    cwd: Path | None = None
    user: str | None = None
    stop_signals: tuple[signal.Signals, ...] = (signal.SIGTERM,)
    patience: float = 20.0


class ChildRecord(BaseModel, frozen=True):
    """What is kept of a running child: enough to recognise it, and to stop it the right way."""

    name: str
    pid: int
    started: float
    stop_signals: tuple[signal.Signals, ...]
    patience: float


_RECORDS = TypeAdapter(list[ChildRecord])


@dataclass(frozen=True)
class Child:
    """A started program. `log` is where it writes."""

    record: ChildRecord
    process: Process
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def has_ended(self) -> bool:
        return self.process.returncode is not None


class Children:
    """Starts and stops the child processes of the installation whose directory is held."""

    def __init__(self, directory: DataDirectory, lock: int) -> None:
        self._directory = directory
        self._lock = lock
        self._records: list[ChildRecord] = []

    @classmethod
    @asynccontextmanager
    async def of(cls, directory: DataDirectory, *, patience: float = _LEFT_OVER_PATIENCE) -> AsyncIterator["Children"]:
        """Stops what an earlier run left behind; afterwards nothing of it works on the directory any more.

        Every child inherits the lock that is taken here, and with it the proof that it is still there: even one that
        the records do not know keeps a second server away from the same files. Waits `patience` seconds for it to end.

        Raises:
            DataDirectoryInUseError: if some process of an earlier run is still there.
        """
        for record in reversed(_read_records(directory)):
            await _stop(record)
        with directory.children_lock.open("a") as lock:
            if not await becomes_true(lambda: take(lock), within=patience):
                raise DataDirectoryInUseError(
                    f"a process of an earlier run still holds {directory.children_lock}; end it and try again"
                )
            directory.children.unlink(missing_ok=True)
            yield cls(directory, lock.fileno())

    async def start(self, program: Program) -> Child:
        """Starts the program in a session of its own, so that Ctrl-C at the terminal reaches only us.

        Raises:
            PartFailedError: if the system does not let it start.
        """
        log = self._directory.logs / f"{program.name}.log"
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            process = await asyncio.create_subprocess_exec(
                *_WAIT_TO_BE_RECORDED,
                *program.argv,
                stdin=PIPE,
                stdout=descriptor,
                stderr=descriptor,
                env={**os.environ, **program.env},
                cwd=program.cwd,
                pass_fds=(self._lock,),
                start_new_session=True,
                **_as_user(program.user),
            )
        except OSError as error:
            raise PartFailedError(program.name, f"cannot be started ({error.strerror})", log) from error
        finally:
            os.close(descriptor)
        record = ChildRecord(
            name=program.name,
            pid=process.pid,
            started=_started(process.pid),
            stop_signals=program.stop_signals,
            patience=program.patience,
        )
        self._keep([*self._records, record])
        if process.stdin:
            process.stdin.write(b"\n")
            process.stdin.close()
        return Child(record, process, log)

    async def stop(self, child: Child) -> None:
        """Stops the child the way its program asks for, and waits until it has ended."""
        if not child.has_ended:
            await _stop(child.record)
            await child.process.wait()
        # A record that stays is recognised as stale next time; what is left must be stopped all the same.
        with suppress(OSError):
            self._keep([record for record in self._records if record != child.record])

    def _keep(self, records: list[ChildRecord]) -> None:
        self._records = records
        write_whole(self._directory.children, _RECORDS.dump_json(records).decode())


def _started(pid: int) -> float:
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return 0.0


def _read_records(directory: DataDirectory) -> list[ChildRecord]:
    try:
        return _RECORDS.validate_json(directory.children.read_bytes())
    except FileNotFoundError:
        return []
    except ValidationError as error:
        raise DataDirectoryUnusableError(
            f"{directory.children} cannot be read; end what an earlier run left behind and delete the file"
        ) from error


async def _stop(record: ChildRecord) -> None:
    """Sends one signal after the other to the recorded process, if it is still that one, until it has ended."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(record.pid)
        if abs(process.create_time() - record.started) > _SAME_START:
            return
        for number in (*record.stop_signals, signal.SIGKILL):
            process.send_signal(number)
            if await becomes_true(lambda: _has_ended(process), within=record.patience):
                return


def _has_ended(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _as_user(name: str | None) -> dict[str, Any]:
    return {} if name is None else {"user": name, "group": pwd.getpwnam(name).pw_gid, "extra_groups": []}
