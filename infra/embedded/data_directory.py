"""The folder that holds one embedded installation, used by one process at a time."""

import fcntl
import os
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TextIO

from pydantic import BaseModel, ValidationError

from infra.embedded.errors import DataDirectoryInUseError, DataDirectoryUnusableError
from infra.embedded.waiting import becomes_true

# Looking whether the lock is held means taking it for a moment; a holder-to-be outwaits such a look.
_LOCK_PATIENCE = 0.5


class RunningInstance(BaseModel, frozen=True):
    """Where the running installation is reached. `temporal_address` is host:port, `api_url` has no slash at its end.

    `worker_metrics_url` shows the metrics of Temporal's SDK for Prometheus.
    """

    pid: int
    database_url: str
    temporal_address: str | None = None
    api_url: str | None = None
    worker_metrics_url: str | None = None


class Holder(BaseModel, frozen=True):
    """Who holds the lock: the process and the command it runs."""

    pid: int
    command: str


class DataDirectory:
    """Names the files of one installation, locks it, and tells others where it is reached."""

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        self.postgres = self.path / "postgres"
        self.temporal = self.path / "temporal"
        self.logs = self.path / "logs"
        self.children = self.path / "children.json"
        self.children_lock = self.path / "children.lock"
        self._lock = self.path / "lock"
        self._running = self.path / "running.json"
        self._token_secret = self.path / "token-secret"

    def create(self) -> None:
        """Makes the folder, which others may pass but not read, and the parts of it that are for us alone.

        Raises:
            DataDirectoryUnusableError: if that is not possible, for example because a file is in the way.
        """
        try:
            self.path.mkdir(mode=0o711, parents=True, exist_ok=True)
            if self.path.stat().st_uid != os.geteuid():
                # Root could, and would leave files behind that the owner cannot read any more.
                raise DataDirectoryUnusableError(f"{self.path} belongs to another user; choose another --data-dir")
            for folder in (self.temporal, self.logs):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise DataDirectoryUnusableError(
                f"cannot make {self.path} ({error.strerror}); choose another --data-dir"
            ) from error

    @asynccontextmanager
    async def held(self, command: str) -> AsyncIterator[None]:
        """Keeps the directory for this process; `command` is what others are told.

        Raises:
            DataDirectoryInUseError: if another process has it.
            DataDirectoryUnusableError: if it cannot be made or written.
        """
        self.create()
        with self._open_lock() as lock:
            if not await becomes_true(lambda: take(lock), within=_LOCK_PATIENCE):
                raise DataDirectoryInUseError(self._in_use())
            lock.truncate(0)
            lock.write(Holder(pid=os.getpid(), command=command).model_dump_json())
            lock.flush()
            self._running.unlink(missing_ok=True)
            try:
                yield
            finally:
                self._running.unlink(missing_ok=True)

    def publish(self, instance: RunningInstance) -> None:
        """Tells other commands on the same directory where the installation is reached. The holder calls it."""
        write_whole(self._running, instance.model_dump_json())

    def running(self) -> RunningInstance | None:
        """The installation that runs on this directory now; None if none does or it is not ready yet."""
        try:
            with self._lock.open() as lock:
                if take(lock, fcntl.LOCK_SH):
                    return None
        except OSError:
            return None
        instance, holder = self.published(), self._holder()
        return instance if instance and holder and holder.pid == instance.pid else None

    def published(self) -> RunningInstance | None:
        """What was published last; of a run that was killed too, which had no time to take it back."""
        try:
            return RunningInstance.model_validate_json(self._running.read_bytes())
        except (OSError, ValidationError):
            return None

    def token_secret(self) -> str:
        """The key that signs this installation's tokens: 32 random bytes in hex, made once."""
        if not self._token_secret.exists():
            self.create()
            with tempfile.NamedTemporaryFile("w", dir=self.path) as fresh:
                fresh.write(secrets.token_hex(32))
                fresh.flush()
                os.fsync(fresh.fileno())
                # A link appears whole or not at all, and never replaces the one that somebody made first.
                with suppress(FileExistsError):
                    self._token_secret.hardlink_to(fresh.name)
        return self._token_secret.read_text()

    def _open_lock(self) -> TextIO:
        try:
            return os.fdopen(os.open(self._lock, os.O_WRONLY | os.O_CREAT, 0o600), "w")
        except OSError as error:
            raise DataDirectoryUnusableError(
                f"cannot write to {self.path} ({error.strerror}); choose another --data-dir"
            ) from error

    def _holder(self) -> Holder | None:
        try:
            return Holder.model_validate_json(self._lock.read_bytes())
        except (OSError, ValidationError):
            return None

    def _in_use(self) -> str:
        holder = self._holder()
        who = f"process {holder.pid} ({holder.command})" if holder else "another process"
        return f"{self.path} is already in use by {who}; stop it or choose another --data-dir"


def take(lock: TextIO, kind: int = fcntl.LOCK_EX) -> bool:
    """Tries to lock the open file without waiting. The lock lasts until it is closed everywhere."""
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def write_whole(path: Path, text: str) -> None:
    """Replaces a file, readable by its owner only, so that a reader never sees half of it."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    fresh.touch(mode=0o600)
    fresh.write_text(text)
    fresh.replace(path)
