"""The embedded PostgreSQL: a real server of our own, reached through a private socket only."""

import hashlib
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from signal import SIGINT, SIGQUIT

import psutil
from sqlalchemy import URL, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from infra.embedded.children import Children, Program
from infra.embedded.data_directory import DataDirectory
from infra.embedded.errors import DataDirectoryInUseError, DataDirectoryUnusableError, EmbeddedError, PartFailedError
from infra.embedded.postgres_binaries import (
    BINARIES,
    MAJOR_VERSION,
    ensure_folder_permissions,
    ensure_user_exists,
)
from infra.embedded.waiting import becomes_true

DATABASE = "yingshao"

_SYSTEM_USER = "pgserver"

# macOS allows 103 bytes for a socket's path, Linux 107.
_LONGEST_SOCKET_PATH = 103
_SOCKET = ".s.PGSQL.5432"

_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    # A parallel query gains nothing on two cores and needs shared memory that small containers do not have.
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    # The server's log must not hold what people wrote: no failed statements, no values from error details.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}

_INITDB_WITHIN = 120.0
_OTHERS_GONE_WITHIN = 30.0


class PostgresServer:
    """Prepares the cluster, says how to run it and whether it accepts connections.

    As root it runs as the system user `pgserver`, because PostgreSQL refuses to run as root; the folders above the
    data directory then need to be searchable for that user. `report` is told when one of them had to be opened.
    """

    def __init__(
        self,
        directory: DataDirectory,
        children: Children,
        *,
        settings: Mapping[str, str],
        report: Callable[[str], None],
    ) -> None:
        self._cluster = directory.postgres
        self._children = children
        self._settings = {**_SETTINGS, **settings}
        self._report = report
        self._user = _SYSTEM_USER if os.geteuid() == 0 else None
        self._socket_folder = _socket_folder(self._cluster)

    @property
    def database_url(self) -> str:
        """For SQLAlchemy with asyncpg."""
        return self._url(DATABASE).render_as_string(hide_password=False)

    async def prepare(self) -> Program:
        """Makes the cluster if there is none yet; a half-made one is thrown away.

        Raises:
            DataDirectoryUnusableError: if the cluster is of another major version, or folders cannot be opened.
            DataDirectoryInUseError: if a server that is not ours works on it.
        """
        if self._user:
            _ensure_system_user()
            for folder in (BINARIES, self._cluster):
                self._open_the_way_to(folder)
            if not _others_may(stat.S_IXOTH, BINARIES / "postgres"):
                ensure_folder_permissions(BINARIES.parent, stat.S_IRGRP | stat.S_IROTH)
                ensure_folder_permissions(BINARIES, stat.S_IXGRP | stat.S_IXOTH | stat.S_IRGRP | stat.S_IROTH)
        if not self._cluster.exists():
            await self._make_cluster()
        version = (self._cluster / "PG_VERSION").read_text().strip()
        if version != str(MAJOR_VERSION):
            raise DataDirectoryUnusableError(
                f"{self._cluster} is of PostgreSQL {version}, this is {MAJOR_VERSION}; dump it there and load it here"
            )
        if self._socket_folder != self._cluster:
            self._own_private_folder(self._socket_folder)
        await self._forget_a_dead_server()
        settings = {**self._settings, "unix_socket_directories": str(self._socket_folder)}
        return Program(
            name="postgres",
            argv=(
                str(BINARIES / "postgres"),
                "-D",
                str(self._cluster),
                *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
            ),
            cwd=Path("/"),
            user=self._user,
            # Fast shutdown writes a checkpoint and may take its time; an immediate one is recovered from at the start.
            stop_signals=(SIGINT, SIGQUIT),
            patience=60.0,
        )

    async def accepts_connections(self, pid: int) -> bool:
        """Whether our server (process `pid`) answers, with the database in place; makes it if it is missing."""
        if _postmaster_pid(self._cluster) != pid:
            return False
        engine = create_async_engine(self._url("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        try:
            async with engine.connect() as connection:
                known = await connection.execute(
                    text("select 1 from pg_database where datname = :name"), {"name": DATABASE}
                )
                if known.first() is None:
                    await connection.execute(text(f"create database {DATABASE}"))
        except (OSError, SQLAlchemyError):
            return False
        finally:
            await engine.dispose()
        return True

    def clean_up(self) -> None:
        """Removes the folder of the socket if it lies outside the data directory."""
        if self._socket_folder != self._cluster:
            shutil.rmtree(self._socket_folder, ignore_errors=True)

    def _url(self, database: str) -> URL:
        return URL.create(
            "postgresql+asyncpg", username="postgres", database=database, query={"host": str(self._socket_folder)}
        )

    async def _make_cluster(self) -> None:
        # Made under another name and renamed when whole: initdb can be killed half-way.
        half_made = self._cluster.with_suffix(".new")
        shutil.rmtree(half_made, ignore_errors=True)
        self._own_private_folder(half_made)
        initdb = await self._children.start(
            Program(
                name="initdb",
                argv=(
                    str(BINARIES / "initdb"),
                    "--pgdata",
                    str(half_made),
                    "--username=postgres",
                    "--auth=trust",
                    "--encoding=UTF8",
                    # Sorts the same on every machine, whatever languages it has.
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--locale=C",
                    "--no-instructions",
                ),
                cwd=Path("/"),
                user=self._user,
            )
        )
        try:
            if not await becomes_true(lambda: initdb.has_ended, within=_INITDB_WITHIN):
                raise PartFailedError("initdb", f"did not end within {_INITDB_WITHIN:.0f} seconds", initdb.log)
        finally:
            await self._children.stop(initdb)
        if initdb.process.returncode != 0:
            raise PartFailedError("initdb", f"ended with code {initdb.process.returncode}", initdb.log)
        half_made.rename(self._cluster)

    def _own_private_folder(self, folder: Path) -> None:
        """Makes the folder for the server's user alone; one that somebody else put there is not accepted."""
        owner = pwd.getpwnam(self._user).pw_uid if self._user else os.geteuid()
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {owner, os.geteuid()}:
                raise DataDirectoryUnusableError(f"{folder} belongs to somebody else; remove it") from None
        folder.chmod(0o700)
        os.chown(folder, owner, -1)

    def _open_the_way_to(self, folder: Path) -> None:
        for parent in folder.parents:
            if not _others_may(stat.S_IXOTH, parent):
                try:
                    parent.chmod(parent.stat().st_mode | stat.S_IXOTH)
                except OSError as error:
                    raise DataDirectoryUnusableError(
                        f"user {self._user}, as whom PostgreSQL runs, cannot pass {parent}; choose another --data-dir"
                    ) from error
                self._report(f"made {parent} passable for user {self._user}, as whom PostgreSQL runs")

    async def _forget_a_dead_server(self) -> None:
        """Removes the pid files of a killed server: its number may belong to another program by now.

        The processes of a killed server notice it one by one, and a new one cannot start before the last is gone.
        """
        if not await becomes_true(lambda: not _somebody_works_in(self._cluster), within=_OTHERS_GONE_WITHIN):
            raise DataDirectoryInUseError(f"a PostgreSQL that is not ours works on {self._cluster}; stop it")
        (self._cluster / "postmaster.pid").unlink(missing_ok=True)
        (self._socket_folder / f"{_SOCKET}.lock").unlink(missing_ok=True)


def _socket_folder(cluster: Path) -> Path:
    """The cluster's own folder, or a short private one if the path is too long or unusual for a socket."""
    usual = re.fullmatch(r"[\w./-]+", str(cluster), re.ASCII)
    if usual and len(str(cluster / _SOCKET)) <= _LONGEST_SOCKET_PATH:
        return cluster
    key = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"yingshao-{os.geteuid()}-{key}"


def _postmaster_pid(cluster: Path) -> int | None:
    try:
        return int((cluster / "postmaster.pid").read_text().splitlines()[0])
    except (OSError, ValueError, IndexError):
        return None


def _somebody_works_in(folder: Path) -> bool:
    # Only the server's own processes have its folder as theirs.
    return any(process.info["cwd"] == str(folder) for process in psutil.process_iter(["cwd"]))


def _others_may(permission: int, path: Path) -> bool:
    return bool(path.stat().st_mode & permission)


def _ensure_system_user() -> None:
    try:
        ensure_user_exists(_SYSTEM_USER)
    except (OSError, subprocess.CalledProcessError) as error:
        try:
            # Another installation may have made it in the same moment.
            pwd.getpwnam(_SYSTEM_USER)
        except KeyError:
            raise EmbeddedError(
                f"PostgreSQL does not run as root and the system user {_SYSTEM_USER} cannot be made;"
                f" make it (useradd {_SYSTEM_USER}) or run as another user"
            ) from error
