"""The embedded Temporal server: one file, one port, the `default` namespace."""

import re
import subprocess
import sysconfig
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from infra.embedded.children import Program
from infra.embedded.data_directory import DataDirectory, write_whole
from infra.embedded.errors import DataDirectoryUnusableError
from infra.embedded.ports import HOST, listens

NAMESPACE = "default"
USUAL_PORT = 7233

_RETENTION = timedelta(days=90)
_BINARY = Path(sysconfig.get_path("scripts")) / "temporal"


class TemporalServer:
    """Says how to run the server on its file, and makes the namespace what the process needs.

    `search_attributes` maps names to types as Temporal writes them (`Keyword`, `Int`, `Datetime`, …);
    `dynamic_config` maps names to JSON values.
    """

    def __init__(
        self, directory: DataDirectory, *, search_attributes: Mapping[str, str], dynamic_config: Mapping[str, str]
    ) -> None:
        self._folder = directory.temporal
        self._file = self._folder / "temporal.db"
        self._version_file = self._folder / "version"
        self._search_attributes = search_attributes
        self._dynamic_config = dynamic_config
        self._version = ""

    async def program(self, port: int) -> Program:
        """How to run it on the port, if the file is of this version.

        The server lays out its file only when it is new, so another version's file is refused. A file
        without a version was never finished, hence never used, and is made anew.

        Raises:
            DataDirectoryUnusableError: if the file is of another version.
        """
        self._version = _binary_version()
        try:
            written_by = self._version_file.read_text()
        except FileNotFoundError:
            for unfinished in self._folder.glob(f"{self._file.name}*"):
                unfinished.unlink()
            written_by = self._version
        if written_by != self._version:
            raise DataDirectoryUnusableError(
                f"{self._file} was written by {written_by}, this is {self._version}: move {self._folder} away, start"
                " again, and rebuild the open cases from their records in PostgreSQL (yingshao ops rebuild)"
            )
        # The file is named relative to its folder, which may be called anything.
        return Program(
            name="temporal",
            argv=(
                str(_BINARY),
                *("server", "start-dev", "--headless", "--log-level", "warn", "--namespace", NAMESPACE),
                *("--ip", HOST, "--port", str(port), "--db-filename", self._file.name),
                *("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL"),
                *(
                    word
                    for name, value in self._dynamic_config.items()
                    for word in ("--dynamic-config-value", f"{name}={value}")
                ),
            ),
            cwd=self._folder,
        )

    async def is_ready(self, pid: int, port: int) -> bool:
        """Whether our server (process `pid`) answers, with retention and search attributes set."""
        if not listens(pid, port):
            return False
        try:
            client = await Client.connect(f"{HOST}:{port}", namespace=NAMESPACE)
            await self._set_up(client)
        except (RuntimeError, RPCError):
            # The SDK has no better error than RuntimeError for a connection that cannot be made.
            return False
        write_whole(self._version_file, self._version)
        return True

    async def _set_up(self, client: Client) -> None:
        retention = Duration()
        retention.FromTimedelta(_RETENTION)
        await client.workflow_service.update_namespace(
            UpdateNamespaceRequest(
                namespace=NAMESPACE, config=NamespaceConfig(workflow_execution_retention_ttl=retention)
            )
        )
        # Not by an option of the server: it would heed that for a new file only.
        known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=NAMESPACE))
        missing = {
            name: IndexedValueType.Value(f"INDEXED_VALUE_TYPE_{re.sub('(?<=[a-z])(?=[A-Z])', '_', type_name).upper()}")
            for name, type_name in self._search_attributes.items()
            if name not in known.custom_attributes
        }
        if missing:
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(namespace=NAMESPACE, search_attributes=missing)
            )


def _binary_version() -> str:
    shown = subprocess.run([_BINARY, "--version"], check=True, capture_output=True, text=True)  # noqa: S603 - our own
    server = re.search(r"Server [\d.]+", shown.stdout)
    return f"Temporal {server[0] if server else shown.stdout.strip()}"
