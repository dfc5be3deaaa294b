"""The one way to Temporal: data converter, sandbox and client, the same for API, workers, tests and replay."""

from collections.abc import Sequence

from temporalio.client import Client, Interceptor, WorkflowExecutionStatus, WorkflowHandle
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import Runtime
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

DATA_CONVERTER = pydantic_data_converter


def workflow_runner() -> SandboxedWorkflowRunner:
    """The sandbox; the process passes through it, so that not every cached case holds the code once more.

    That the process decides the same again rests on what it may import and on the replay of recorded histories.
    """
    passed_through = ("workflows", "pydantic", "pydantic_core", "annotated_types")
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules(*passed_through))


async def connect(
    address: str,
    namespace: str = "default",
    *,
    interceptors: Sequence[Interceptor] = (),
    runtime: Runtime | None = None,
    lazy: bool = False,
) -> Client:
    """A client of the Temporal at `address` (host:port). A lazy one connects with its first call.

    Raises:
        RuntimeError: if it cannot be reached and the client is not lazy.
    """
    return await Client.connect(
        address,
        namespace=namespace,
        data_converter=DATA_CONVERTER,
        interceptors=list(interceptors),
        runtime=runtime,
        lazy=lazy,
    )


async def is_open(client: Client, process: str) -> bool:
    """Whether the workflow of that id is running. Asks for the one workflow: lists lag behind.

    Raises:
        RPCError: if Temporal cannot be asked.
    """
    handle: WorkflowHandle[object, object] = client.get_workflow_handle(process)
    try:
        described = await handle.describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return described.status is WorkflowExecutionStatus.RUNNING
