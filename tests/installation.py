"""An installation of its own: a database and a Temporal namespace with nothing in them but what the test puts there."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
from google.protobuf.duration_pb2 import Duration
from sqlalchemy import select
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client, WorkflowHandle, WorkflowHistory

from infra.case_gateway import CaseGateway
from infra.case_starts import CaseStarts
from infra.database import Sessions, database
from infra.intake import Intakes
from infra.mediation_gateway import MediationGateway
from infra.tables import PolicyRow, TimelineEvent
from infra.temporal import connect
from tests.driving import Driver, until
from worker.composition import batch_worker, case_worker, department_worker
from workflows.contracts.events import Recorded
from workflows.contracts.ids import workflow_id
from workflows.contracts.search_attributes import REGISTRY

_TYPES = {
    "Keyword": IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    "Bool": IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
}
SHORT_RETRIES = "short_retries"
"""The city's policy, but an effect is tried for twenty seconds only."""


@dataclass(frozen=True)
class Installation:
    """Where it is, and hands to work in it. No relay and no workers run unless a test starts them."""

    database_url: str
    namespace: str
    client: Client
    sessions: Sessions

    def starts(self, *, policy: str = "yunjiang", time_shift: timedelta = timedelta(0)) -> CaseStarts:
        return CaseStarts(self.client, self.sessions, policy=policy, time_shift=time_shift)

    def gateway(self, starts: CaseStarts | None = None) -> CaseGateway:
        return CaseGateway(self.client, self.sessions, starts or self.starts())

    def mediations(self) -> MediationGateway:
        return MediationGateway(self.client, self.sessions)

    def driver(self, *, time_shift: timedelta = timedelta(0)) -> Driver:
        """Registers and drives, but starts nothing."""
        return Driver(self.sessions, self.gateway(), Intakes(lambda: datetime.now(UTC) + time_shift))

    async def case(self, *, policy: str = "yunjiang", registered_at: datetime | None = None, **fields: Any) -> Driver:
        """A registered case whose workflow is started; its clock says `registered_at` at this moment."""
        shift = registered_at - datetime.now(UTC) if registered_at else timedelta(0)
        driver = self.driver(time_shift=shift)
        await driver.register(**fields)
        await self.starts(policy=policy, time_shift=shift).start(driver.case_no)
        return driver

    def handle(self, case_no: str) -> WorkflowHandle[object, object]:
        """The workflow of a case, whichever its present run."""
        return self.client.get_workflow_handle(workflow_id(case_no))

    async def at_rest(self, case_no: str) -> WorkflowHistory:
        """The whole history of the present run, once the workflow waits for nothing but messages and time."""
        handle = self.handle(case_no)

        async def waits() -> bool:
            described = (await handle.describe()).raw_description
            return not described.pending_activities and not described.HasField("pending_workflow_task")

        await until(waits, f"{case_no} is at rest")
        return await handle.fetch_history()

    async def timeline(self, case_no: str) -> list[Recorded]:
        """What is on record of the case, in order."""
        rows = select(TimelineEvent.record).where(TimelineEvent.case_no == case_no).order_by(TimelineEvent.seq)
        async with self.sessions() as session:
            return [Recorded.model_validate(record) for record in await session.scalars(rows)]

    @asynccontextmanager
    async def workers(
        self,
        *,
        max_cached_workflows: int = 2_000,
        signal_timeout_seconds: float = 0.5,
    ) -> AsyncIterator[None]:
        """Carries cases and delivers task signals, as a worker process does."""
        async with (
            httpx.AsyncClient(timeout=signal_timeout_seconds) as http,
            case_worker(self.client, self.sessions, self.gateway(), max_cached_workflows=max_cached_workflows),
            batch_worker(self.client, self.sessions, self.gateway(), lambda: datetime.now(UTC)),
            department_worker(self.client, self.sessions, http, base_url="http://yingshao.test"),
        ):
            yield


@asynccontextmanager
async def new_installation(temporal_address: str, clone: Callable[[], Awaitable[str]]) -> AsyncIterator[Installation]:
    """A clone of the city's database and a fresh namespace."""
    namespace = f"test-{uuid4().hex[:12]}"
    await _make_namespace(await connect(temporal_address), namespace)
    async with AsyncExitStack() as stack:
        database_url = await clone()
        sessions = await stack.enter_async_context(database(database_url))
        await _add_policy_with_short_retries(sessions)
        client = await connect(temporal_address, namespace)
        yield Installation(database_url, namespace, client, sessions)


async def _make_namespace(client: Client, namespace: str) -> None:
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(namespace=namespace, workflow_execution_retention_period=Duration(seconds=86_400))
    )
    attributes = {name: _TYPES[kind] for name, kind in REGISTRY.items()}
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace=namespace, search_attributes=attributes)
    )


async def _add_policy_with_short_retries(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        city = (await session.scalars(select(PolicyRow).where(PolicyRow.name == "yunjiang"))).one()
        data = {**city.data, "name": SHORT_RETRIES, "retry": "rehearsal"}
        session.add(PolicyRow(name=SHORT_RETRIES, version=1, data=data, applied_at=city.applied_at))
